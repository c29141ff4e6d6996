//! The server that the README and the book speak of: its ports are its own, so that it listens on 80, and what it mounts is
//! below a `/srv` of its own. The lab's registry is at 127.0.0.1:5000 there.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::leash::{self, Leash};
use super::{Demo, Lab, Server, run};

/// Where the examples have their registry.
const REGISTRY_PORT: &str = "5000";
/// Debian's own site without its comments.
const STOCK: &str = "server {\n listen 80 default_server;\n listen [::]:80 default_server;\n root /var/www/html;\n\
    index index.html index.htm index.nginx-debian.html;\n server_name _;\n\
    location / {\n  try_files $uri $uri/ =404;\n }\n}\n";
/// Back to a server on which galerne never ran; `$1` is the folder that is its `/srv`.
const RESET: &str = "
    docker service ls --quiet | xargs --no-run-if-empty docker service rm >/dev/null
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null
    docker images --quiet | sort -u | xargs --no-run-if-empty docker rmi --force >/dev/null
    rm -rf /etc/eole/* /etc/eole/.config* /var/lib/galerne/* /usr/share/eole/* /usr/share/galerne/* /srv/* \"$HOME\"/*
    rm -rf /etc/nginx/conteneur.d /etc/nginx/sites-available/* /etc/nginx/sites-enabled/*
    cp \"$HOME/../stock-site\" /etc/nginx/sites-available/default
    ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
    [ ! -s /run/nginx.pid ] || nginx -s reload";

/// That server.
#[derive(Debug)]
pub(crate) struct Documented {
    server: Server,
    _registry: Leash,
}

impl Documented {
    /// Starts it, with versions 1 and 2 of `galerne/demo` in the registry.
    pub(crate) fn start(lab: Lab) -> Self {
        let server = Server::on_nodes(lab, 1);
        for tag in ["1", "2"] {
            lab.registry().put("galerne/demo", tag, Demo::Serves);
        }
        let shared = server.folder("srv");
        fs::create_dir_all(&shared).expect("the scratch folder can be written");
        let bind = ["mount", "--bind", &shared.to_string_lossy(), "/srv"].map(str::to_owned);
        run(server.command(&bind[0]).args(&bind[1..]));
        let engine = format!("--mount=/proc/{}/ns/mnt", server.nodes().daemon(1));
        run(Command::new("nsenter").args([&engine, "--"]).args(&bind));

        let registry = lab.registry().address();
        let port = registry.rsplit(':').next().expect("an address has a port");
        let folder = leash::scratch();
        let forward = format!(
            "exec docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port {REGISTRY_PORT} \
             -container-ip 127.0.0.1 -container-port {port} 3>/dev/null"
        );
        let mut command = server.command("sh");
        command.arg(leash::script("leash")).arg(&folder).args(["sh", "-c", &forward]);
        let documented = Self { _registry: Leash::start(&mut command, folder), server };
        let home = run(documented.server.command("sh").args(["-c", "echo $HOME"]));
        fs::write(Path::new(home.trim()).with_file_name("stock-site"), STOCK)
            .expect("the scratch folder can be written");
        documented.reset();
        documented.server.start_nginx();
        documented
    }

    /// Takes all away that an example did.
    pub(crate) fn reset(&self) {
        run(self.server.command("sh").args(["-c", RESET]));
    }

    /// What the shell says to `line` in a language, on both outputs, and whether it succeeded.
    pub(crate) fn say(&self, line: &str, language: &str) -> (String, bool) {
        let program = Path::new(env!("CARGO_BIN_EXE_galerne"));
        let folder = program.parent().expect("it is in a folder").display();
        let output = self
            .server
            .command("sh")
            .args(["-c", &format!("cd && exec 2>&1\n{line}")])
            .env("PATH", format!("{folder}:{}", super::PATH))
            .env("LANG", language)
            .output()
            .expect("the shell starts");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }
}
