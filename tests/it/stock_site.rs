//! The site that nginx is delivered with: it goes when ours takes its place, and only then.

use crate::described::Described;
use crate::lab::Lab;

/// Debian's own site without its comments.
const STOCK: &str = "server {\n listen 80 default_server;\n listen [::]:80 default_server;\n root /var/www/html;\n\
    index index.html index.htm index.nginx-debian.html;\n server_name _;\n\
    location / {\n  try_files $uri $uri/ =404;\n }\n}\n";

/// A server on which the site `text` is enabled as Debian enables its own.
fn with_site(lab: Lab, text: &str) -> Described {
    let described = Described::start(lab);
    described.server.write("/etc/nginx/sites-available/default", text);
    let link = ["-s", "/etc/nginx/sites-available/default", "/etc/nginx/sites-enabled/default"];
    assert!(described.server.command("ln").args(link).status().expect("ln starts").success());
    described
}

fn removes_it(described: &Described) -> bool {
    described.done(&["plan"]).contains("remove /etc/nginx/sites-enabled/default")
}

#[test]
fn the_stock_site_goes_only_when_ours_takes_its_place() {
    let Some(lab) = Lab::open() else { return };
    let described = with_site(lab, STOCK);
    assert!(!removes_it(&described), "ours listens on another port");
    described.done(&["set", "conteneur_port_http=80"]);
    assert!(removes_it(&described));
    described.done(&["set", "conteneur_site_par_defaut=non"]);
    assert!(!removes_it(&described), "ours answers to its own names only");
}

#[test]
fn a_site_that_somebody_changed_stays() {
    let Some(lab) = Lab::open() else { return };
    let described = with_site(lab, &STOCK.replace("/var/www/html", "/srv/www"));
    described.done(&["set", "conteneur_port_http=80"]);
    assert!(!removes_it(&described));
}
