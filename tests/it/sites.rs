//! A second configuration beside production: kept apart, compared, promoted, removed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::described::{Described, said, text};
use crate::lab::{Demo, Lab, Server};

/// A server's root on which production has a wiki, and perhaps a site.
struct Root(TempDir);

impl Root {
    fn new() -> Self {
        let root = Self(tempfile::tempdir().expect("a folder can be made"));
        root.done(&[
            "set",
            "conteneur1_name=wiki",
            "conteneur1_url=school/wiki",
            "conteneur1_tag=1",
            "conteneur1_port_in+=80",
            "conteneur1_port_out+=8081",
            "conteneur1_mountpoint_in+=/data",
            "conteneur1_mountpoint_out+=/srv/wiki",
            "conteneur1_environnement_nom+=TOKEN",
            "conteneur1_environnement_valeur+=hush",
        ]);
        root
    }

    /// The same, with a site.
    fn with_site() -> Self {
        let root = Self::new();
        root.done(&["site", "add", "preprod"]);
        root
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path(path)).ok()
    }

    fn galerne(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        command
            .args(["--lang", "en", "--root"])
            .arg(self.0.path())
            .args(args)
            .output()
            .expect("the program starts")
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.galerne(args);
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    fn failed(&self, code: i32, args: &[&str]) -> Vec<String> {
        said(&self.galerne(&[&["--format", "json"], args].concat()), code).0
    }

    fn json(&self, args: &[&str]) -> Json {
        serde_json::from_str(&self.done(&[&["--format", "json"], args].concat())).expect("the result is JSON")
    }

    /// The names of the variables that differ: those that would be promoted, and those that are kept apart.
    fn diff(&self) -> [Vec<String>; 2] {
        let found = self.json(&["--site", "preprod", "diff"]);
        let all = found["differences"].as_array().expect("it is a list");
        [false, true].map(|apart| {
            let of = all.iter().filter(|difference| difference["apart"] == apart);
            of.map(|difference| difference["variable"].as_str().unwrap_or_default().to_owned()).collect()
        })
    }
}

const APART: [&str; 3] = ["conteneur1_name", "conteneur1_mountpoint_out", "conteneur1_port_out"];

#[test]
fn a_site_is_production_but_for_its_own_and_for_what_is_kept_apart() {
    let root = Root::new();
    assert_eq!(root.done(&["site"]), "there is no site beside production\n");
    assert_eq!(root.failed(1, &["--site", "preprod", "set", "conteneur1_tag=2"]), ["site::unknown"]);
    root.done(&["site", "add", "preprod"]);
    assert_eq!(root.failed(1, &["site", "add", "preprod"]), ["site::exists"]);
    root.done(&["set", "conteneur1_name=wiki-qa"]);
    assert_eq!(root.failed(1, &["site", "add", "qa"]), ["site::marked"]);
    root.done(&["set", "conteneur1_name=wiki"]);
    assert_eq!(root.done(&["site", "list"]), "preprod  wiki-preprod\n");
    let [promoted, apart] = root.diff();
    assert!(promoted.is_empty(), "{promoted:?}");
    assert_eq!(apart, APART);
    let names = ["conteneur1_name", "conteneur1_port_out", "conteneur1_mountpoint_out", "conteneur1_tag"];
    let get: Vec<&str> = ["--site", "preprod", "get"].into_iter().chain(names).collect();
    let values = "conteneur1_name=wiki-preprod\nconteneur1_port_out[0]=18081\n\
                  conteneur1_mountpoint_out[0]=/srv/wiki-preprod\nconteneur1_tag=1\n";
    assert_eq!(root.done(&get), values);
    root.done(&["--site", "preprod", "set", "conteneur1_tag=2"]);
    assert_eq!(root.diff()[0], ["conteneur1_tag"]);
    assert_eq!(root.done(&["get", "conteneur1_tag"]), "1\n");
    let values = root.json(&["--site", "preprod", "values"]);
    assert_eq!(values["variables"]["conteneur1_url"]["owner"], "production");
    assert_eq!(values["variables"]["conteneur1_name"]["owner"], "site");
    assert_eq!(values["variables"]["conteneur1_tag"]["owner"], "creoleset");
    root.done(&["set", "conteneur1_url=school/wiki2"]);
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur1_url"]), "school/wiki2\n");
    root.done(&["--site", "preprod", "set", "--default", "conteneur1_tag"]);
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur1_tag"]), "1\n");
    assert!(root.diff()[0].is_empty());
}

#[test]
fn names_of_sites_are_words() {
    let root = Root::with_site();
    for bad in ["../up", "a/b", "Preprod", "pre-prod", "production", ""] {
        assert_eq!(root.galerne(&["--site", bad, "get"]).status.code(), Some(2), "{bad}");
        assert_eq!(root.galerne(&["site", "add", bad]).status.code(), Some(2), "{bad}");
    }
    assert_eq!(root.failed(2, &["diff"]), ["site::wrong_site"]);
    assert_eq!(root.failed(2, &["--site", "preprod", "promote", "preprod"]), ["site::wrong_site"]);
    assert_eq!(root.failed(2, &["site", "remove"]), ["site::wrong_site"]);
    assert_eq!(root.failed(1, &["--site", "preprob", "check"]), ["site::unknown"]);
    for name in ["b2", "b3", "b4", "b5"] {
        root.done(&["site", "add", name]);
    }
    assert_eq!(root.failed(1, &["site", "add", "b6"]), ["site::too_many"]);
    fs::write(root.path("etc/eole/sites/preprod/number"), "many").expect("it can be written");
    assert_eq!(root.failed(1, &["--site", "preprod", "get"]), ["site::unreadable"]);
}

#[test]
fn what_two_sites_cannot_share_is_refused() {
    let root = Root::with_site();
    let refused = |value: &str| root.failed(1, &["--site", "preprod", "set", value]);
    assert_eq!(refused("conteneur1_name=other"), ["site::not_marked"]);
    assert_eq!(refused("conteneur1_port_out[0]=8081"), ["site::port_taken"]);
    assert_eq!(refused("conteneur1_mountpoint_out[0]=/srv/wiki/below"), ["site::folder_shared"]);
    assert_eq!(refused("conteneur_protocole=https"), ["site::productions"]);
    assert_eq!(root.failed(1, &["set", "conteneur1_name=other-preprod"]), ["site::marked"]);
    assert_eq!(
        root.failed(
            1,
            &[
                "set",
                "conteneur1_port_out[0]=8081",
                "nombre_conteneur=2",
                "conteneur2_name=b2",
                "conteneur2_url=b",
                "conteneur2_port_in+=80",
                "conteneur2_port_out+=18081"
            ]
        ),
        ["site::port_taken"]
    );
    // A link to production's data is production's data.
    fs::create_dir_all(root.path("srv/wiki")).expect("it can be made");
    std::os::unix::fs::symlink("wiki", root.path("srv/link")).expect("it can be made");
    assert_eq!(refused("conteneur1_mountpoint_out[0]=/srv/link/x"), ["site::folder_shared"]);
    root.done(&["--site", "preprod", "set", "conteneur1_mountpoint_out[0]=/srv/elsewhere"]);
}

#[test]
fn the_files_of_a_site_are_its_own_and_go_with_it() {
    let root = Root::with_site();
    root.done(&["reconfigure"]);
    let before = root.read("etc/nginx/sites-available/conteneur.conf");
    root.done(&["--site", "preprod", "reconfigure"]);
    assert_eq!(root.done(&["--site", "preprod", "reconfigure"]), "nothing to do\n");
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(root.read("etc/nginx/sites-available/conteneur.conf"), before);
    let location = root.read("etc/nginx/conteneur.d/wiki-preprod.conf").expect("it is there");
    assert!(location.contains("127.0.0.1:18081") && location.contains("/wiki-preprod/"), "{location}");
    let variables = root.read("etc/eole/sites/preprod/conteneur-vars.conf").expect("it is there");
    assert!(variables.contains("wiki-preprod"), "{variables}");
    assert!(!root.read("etc/eole/conteneur-vars.conf").expect("it is there").contains("preprod"));
    root.done(&["--site", "preprod", "set", "conteneur1_tag=2"]);
    root.done(&["--site", "preprod", "reconfigure"]);
    root.done(&["--site", "preprod", "rollback", "1"]);
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur1_tag"]), "1\n");
    assert_eq!(root.done(&["rollback", "--list"]).lines().count(), 1);
    let log = root.read("var/log/galerne/galerne.log").expect("there is a log");
    assert!(log.contains("reconfigure --site preprod["), "{log}");
    root.done(&["site", "remove", "preprod"]);
    for gone in
        ["etc/eole/sites/preprod", "var/lib/galerne/sites/preprod", "etc/nginx/conteneur.d/wiki-preprod.conf"]
    {
        assert!(!root.path(gone).exists(), "{gone}");
    }
    assert_eq!(root.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(root.failed(1, &["site", "remove", "preprod"]), ["site::unknown"]);
}

#[test]
fn what_is_promoted_is_saved_at_once_and_nothing_that_is_kept_apart() {
    let root = Root::with_site();
    root.done(&["reconfigure"]);
    assert_eq!(root.done(&["promote", "preprod"]), "nothing to promote\n");
    root.done(&[
        "--site",
        "preprod",
        "set",
        "conteneur1_tag=2",
        "conteneur1_environnement_valeur[0]=secret",
        "conteneur1_port_out[0]=9999",
    ]);
    let shown = root.done(&["--site", "preprod", "diff"]);
    assert!(
        shown.contains("conteneur1_tag: 1 → 2") && !shown.contains("secret") && !shown.contains("hush"),
        "{shown}"
    );
    assert_eq!(root.galerne(&["--site", "preprod", "diff", "--check"]).status.code(), Some(1));
    let before = root.read("etc/eole/config.eol");
    root.done(&["promote", "preprod", "--dry-run"]);
    assert_eq!(root.read("etc/eole/config.eol"), before);
    let told = root.done(&["promote", "preprod", "conteneur1_tag"]);
    assert!(told.ends_with("saved; galerne reconfigure applies it\n") && !told.contains("secret"), "{told}");
    assert_eq!(root.done(&["get", "conteneur1_tag"]), "2\n");
    assert_eq!(root.diff()[0], ["conteneur1_environnement_valeur"]);
    let told = root.done(&["promote", "preprod", "--apply"]);
    assert!(told.contains("saved for production: 1 values"), "{told}");
    assert_eq!(root.done(&["get", "--secrets", "conteneur1_environnement_valeur"]), "secret\n");
    assert_eq!(root.done(&["get", "conteneur1_port_out"]), "8081\n");
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur1_port_out"]), "9999\n");
    assert!(root.diff()[0].is_empty());
    root.done(&["rollback", "1"]);
    assert_eq!(root.read("etc/eole/config.eol"), before, "a promotion is undone as every change");
}

#[test]
fn a_promotion_that_would_undo_another_change_or_break_something_is_refused() {
    let root = Root::with_site();
    root.done(&["--site", "preprod", "set", "conteneur1_tag=2"]);
    root.done(&["set", "conteneur1_tag=1.1"]);
    assert_eq!(root.failed(1, &["promote", "preprod"]), ["site::conflict"]);
    assert_eq!(root.done(&["get", "conteneur1_tag"]), "1.1\n");
    root.done(&["promote", "preprod", "--force"]);
    assert_eq!(root.done(&["get", "conteneur1_tag"]), "2\n");
    // A new application of the site has a port of its own, and production is to have one too.
    root.done(&[
        "--site",
        "preprod",
        "set",
        "nombre_conteneur=2",
        "conteneur2_name=shop-preprod",
        "conteneur2_url=shop",
        "conteneur2_port_in+=80",
        "conteneur2_port_out+=8082",
    ]);
    assert_eq!(root.failed(1, &["promote", "preprod"]), ["site::no_value"]);
    root.done(&["--site", "preprod", "set", "conteneur2_port_out[0]=18082"]);
    root.done(&["promote", "preprod"]);
    assert_eq!(
        root.done(&["get", "conteneur2_name", "conteneur2_port_out"]),
        "conteneur2_name=shop\nconteneur2_port_out[0]=8082\n"
    );
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur2_name"]), "shop-preprod\n");
    assert_eq!(root.failed(1, &["promote", "preprod", "conteneur9_tag"]), ["command::unknown_variable"]);
    // What is not whole in the site is not promoted.
    root.done(&["--site", "preprod", "set", "conteneur2_tag="]);
    let before = root.read("etc/eole/config.eol");
    assert!(!root.failed(1, &["promote", "preprod"]).is_empty());
    assert_eq!(root.read("etc/eole/config.eol"), before);
}

#[test]
fn the_editor_shows_and_saves_what_a_site_has() {
    let root = Root::with_site();
    let script = root.path("script");
    let orders = "goto conteneur1_url\nscreen\ngoto conteneur1_name\nscreen\ngoto conteneur1_tag\nenter\ntype 2\nenter\nsave\nyes\nquit\n";
    fs::write(&script, orders).expect("it can be written");
    let shown = root.done(&["--site", "preprod", "edit", "--script", &script.to_string_lossy()]);
    assert!(shown.contains("conteneur1_url  string  mandatory  production"), "{shown}");
    assert!(shown.contains("conteneur1_name  string  site"), "{shown}");
    assert_eq!(root.done(&["--site", "preprod", "get", "conteneur1_tag"]), "2\n");
    assert_eq!(root.done(&["get", "conteneur1_tag"]), "1\n");
    let own = root.read("etc/eole/sites/preprod/config.eol").expect("it is there");
    assert!(own.contains("conteneur1_tag") && !own.contains("conteneur1_url"), "{own}");
}

/// When the container `name` was made.
fn made(described: &Described, name: &str) -> String {
    described.server.engine().docker(&["inspect", "--format", "{{.Id}} {{.State.StartedAt}}", name])
}

#[test]
fn two_sites_run_side_by_side_and_one_is_promoted_and_removed() {
    let Some(lab) = Lab::open() else { return };
    let image = "galerne/demo-of-sites";
    let described = Described::serving(lab, image, "1");
    described.registry.put(image, "2", Demo::Serves);
    described.done(&["site", "add", "preprod"]);
    // Tests share the machine's ports.
    let port = format!("conteneur1_port_out[0]={}", Server::free_port());
    described.done(&["--site", "preprod", "set", "conteneur1_tag=2", &port]);
    let production = made(&described, "demo");
    described.done(&["--site", "preprod", "instance"]);
    described.expect("demo", "1");
    described.expect("demo-preprod", "2");
    assert_eq!(described.containers(), ["demo", "demo-preprod"]);
    assert_eq!(made(&described, "demo"), production, "production goes on");
    described.expect_settled();
    assert_eq!(described.done(&["--site", "preprod", "plan"]), "nothing to do\n");
    let status = described.done(&["status"]);
    assert!(!status.contains("preprod"), "{status}");
    assert!(described.done(&["--site", "preprod", "status"]).contains("demo-preprod"));
    let preprod = made(&described, "demo-preprod");
    described.done(&["promote", "preprod", "--apply"]);
    described.expect("demo", "2");
    assert_ne!(made(&described, "demo"), production);
    assert_eq!(made(&described, "demo-preprod"), preprod, "the site goes on");
    assert_eq!(described.done(&["--site", "preprod", "plan"]), "nothing to do\n");
    let production = made(&described, "demo");
    described.done(&["site", "remove", "preprod"]);
    assert_eq!(described.containers(), ["demo"]);
    assert_eq!(made(&described, "demo"), production);
    described.expect("demo", "2");
    described.expect_settled();
}
