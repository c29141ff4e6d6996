//! Traefik as the front door: a real one takes what is written for it, in the place of nginx and back.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::described::{Described, text};
use crate::lab::{Demo, Lab, Server};

/// Where the certificate is that galerne makes.
const CERTIFICATE: &str = "/var/lib/galerne/tls/certificate.pem";

/// The program, where `./check` puts it; a line says where it is missing.
fn program() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/traefik/traefik");
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var("GALERNE_LAB").as_deref() != Ok("required"), "{} is missing", path.display());
    let _ = writeln!(std::io::stderr(), "skipped: {} is missing", path.display());
    None
}

/// Puts Traefik on this server alone, as an administrator does.
fn install(server: &Server, program: &Path) {
    let folder = "/usr/local/sbin";
    for call in [
        &["mount", "-t", "tmpfs", "tmpfs", folder][..],
        &["ln", "-s", &program.display().to_string(), "/usr/local/sbin/traefik"],
    ] {
        let output = server.command(call[0]).args(&call[1..]).output().expect("the program starts");
        assert!(output.status.success(), "{call:?}: {}", text(&output.stderr));
    }
}

/// Variables for ports that nobody has.
fn control() -> String {
    format!("proxy_port={}", Server::free_port())
}

fn curl(described: &Described, arguments: &[&str]) -> String {
    let output = described.server.command("curl").args(["-sS", "-i"]).args(arguments).output();
    let output = output.expect("curl starts");
    text(&output.stdout) + &text(&output.stderr)
}

impl Described {
    fn reach(&self, assignments: &[&str]) -> String {
        self.done(&[&["set"], assignments].concat());
        self.done(&["reconfigure"])
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.server.http_port())
    }

    fn is_served_by_traefik(&self) {
        let home = self.server.get("/").expect("it answers");
        assert_eq!((home.status, home.body.as_str()), (200, "OK"), "{}", home.head);
    }
}

#[test]
fn traefik_takes_the_place_of_nginx_and_gives_it_back() {
    let (Some(lab), Some(program)) = (Lab::open(), program()) else { return };
    let described = Described::serving(lab, "traefik/front", "1");
    described.done(&["set", "proxy=traefik", &control()]);
    let examined = text(&described.server.galerne(&["diagnose"]).stdout);
    assert!(examined.contains("✗ traefik    Traefik is not installed"), "{examined}");
    assert!(!examined.contains("nginx  "), "{examined}");
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["proxy::traefik_absent"], "{said}");
    described.expect("demo", "1");

    install(&described.server, &program);
    assert!(described.done(&["diagnose"]).contains("✓ traefik    it does not run"));
    let told = described.done(&["reconfigure"]);
    assert!(told.contains("start Traefik"), "{told}");
    assert!(described.done(&["diagnose"]).contains("✓ traefik    it runs"));
    described.expect("demo", "1");
    described.is_served_by_traefik();
    described.expect_settled();
    assert_eq!(described.done(&["reconfigure"]), "nothing to do\n");
    let slash = described.server.get("/demo?a=b").expect("it answers");
    assert_eq!(slash.status, 301);
    assert!(slash.head.contains("/demo/?a=b"), "{}", slash.head);

    // The container is replaced while requests come: they are held.
    described.registry.put("traefik/front", "2", Demo::Serves);
    let load = described.server.load("/demo/");
    described.reach(&["conteneur1_tag=2"]);
    let tally = load.stop();
    assert!(tally.total() > 20 && tally.failed() == 0, "{:?} {:?}", tally.statuses, tally.failures);
    described.expect("demo", "2");

    refusals(&described);
    doors(&described);

    // Another port is another Traefik; one that somebody stopped is started again.
    described.reach(&[&control()]);
    described.expect("demo", "2");
    let pid = described.server.read("/run/galerne-traefik.pid").expect("it is noted");
    assert!(described.server.command("kill").arg(pid.trim()).status().expect("kill starts").success());
    let stopped = Instant::now();
    while !described.done(&["plan"]).contains("start Traefik") {
        assert!(stopped.elapsed() < Duration::from_secs(10), "it ends");
    }
    described.done(&["reconfigure"]);
    described.expect("demo", "2");

    let told = described.reach(&["--default", "proxy"]);
    assert!(told.contains("stop Traefik"), "{told}");
    described.expect("demo", "2");
    let home = described.server.get("/").expect("nginx answers");
    assert!(home.body.contains("<html"), "{}", home.body);
    described.expect_settled();
    assert_eq!(described.server.read("/etc/traefik/galerne.yml"), None);
}

/// What Traefik refuses stays out of the Traefik that serves.
fn refusals(described: &Described) {
    let own = "/etc/traefik/galerne.d/own.yml";
    described.server.write(own, "http: {routers: {own: {rule: 'PathRegexp(`(`)', service: demo}}}\n");
    described.done(&["set", "conteneur1_taille_max=1"]);
    let before = described.server.read("/etc/traefik/galerne.d/demo.yml");
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["proxy::traefik_refused"], "{said}");
    assert!(said.contains("own@file"), "{said}");
    assert_eq!(described.server.read("/etc/traefik/galerne.d/demo.yml"), before);
    described.expect("demo", "2");
    described.server.command("rm").arg(own).status().expect("rm starts");

    // Somebody has its port: the Traefik that was there comes back.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("it has an address").port();
    described.done(&["set", &format!("conteneur_port_http={port}")]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["proxy::traefik_not_started"], "{said}");
    described.expect("demo", "2");
    described.reach(&[&format!("conteneur_port_http={}", described.server.http_port())]);
    described.expect_settled();
}

/// Who may come in, how much may be sent, and over what.
fn doors(described: &Described) {
    described.reach(&[
        "conteneur1_taille_max=1",
        "conteneur1_utilisateur_nom[0]=alice",
        "conteneur1_utilisateur_mot_de_passe[0]=correct horse",
    ]);
    let url = described.url("/demo/");
    assert!(curl(described, &[&url]).starts_with("HTTP/1.1 401"));
    let with = |user: &str, more: &[&str]| curl(described, &[&["-u", user], more, &[&url]].concat());
    assert!(with("alice:wrong", &[]).starts_with("HTTP/1.1 401"));
    let answer = with("alice:correct horse", &[]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let large = described.server.folder("large");
    std::fs::create_dir_all(large.parent().expect("it has one")).expect("it can be made");
    std::fs::write(&large, vec![b'a'; (1 << 20) + 1]).expect("it can be written");
    let file = format!("@{}", large.display());
    let answer = with("alice:correct horse", &["-H", "Expect:", "--data-binary", &file]);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let hashes = described.server.read("/etc/traefik/galerne.d/demo.users").expect("it is there");
    assert!(hashes.contains("alice:$2b$") && !hashes.contains("horse"), "{hashes}");
    // Another password is another place that says that it was read.
    described.reach(&["conteneur1_utilisateur_mot_de_passe[0]=other horse"]);
    assert!(with("alice:correct horse", &[]).starts_with("HTTP/1.1 401"));
    assert!(with("alice:other horse", &[]).starts_with("HTTP/1.1 200"));
    described.expect_settled();

    let clear =
        ["--default", "conteneur1_utilisateur_nom", "--default", "conteneur1_utilisateur_mot_de_passe"];
    described.done(&[&["set"], &clear[..]].concat());
    described.reach(&["conteneur1_acces+=192.0.2.0/24"]);
    assert!(curl(described, &[&url]).starts_with("HTTP/1.1 403"));
    described.reach(&["--default", "conteneur1_acces", "conteneur1_debit=1", "conteneur1_debit_rafale=1"]);
    let many: Vec<String> = (0..6).map(|_| curl(described, &[&url])).collect();
    assert!(many.iter().any(|answer| answer.starts_with("HTTP/1.1 429")), "{many:?}");
    described.reach(&["--default", "conteneur1_debit", "--default", "conteneur1_debit_rafale"]);

    let port = Server::free_port();
    described.reach(&[
        "conteneur_protocole=redirection",
        &format!("conteneur_port_https={port}"),
        "conteneur_hsts=600",
        "conteneur_hsts_autosigne=oui",
    ]);
    let answer = curl(described, &[&url]);
    assert!(answer.contains(&format!("Location: https://127.0.0.1:{port}/demo/")), "{answer}");
    let url = format!("https://127.0.0.1:{port}/demo/");
    let answer = curl(described, &["--http2", "--cacert", CERTIFICATE, &url]);
    assert!(answer.starts_with("HTTP/2 200") && answer.contains("max-age=600"), "{answer}");
    let old = curl(described, &["--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0", "-k", &url]);
    assert!(!old.contains("HTTP/"), "{old}");
    described.expect_settled();
    described.reach(&["--default", "conteneur_protocole"]);
}

#[test]
fn copies_on_a_swarm_are_handed_requests_by_traefik() {
    let (Some(lab), Some(program)) = (Lab::open(), program()) else { return };
    let described = Described::on(lab, Server::on_nodes(lab, 1));
    install(&described.server, &program);
    described.registry.put("traefik/copies", "1", Demo::Serves);
    described.describe(1, "demo", "traefik/copies", "1");
    described.done(&["set", "conteneur1_type=swarm", "conteneur1_repliques=2"]);
    described.done(&["instance"]);
    described.reach(&["proxy=traefik", &control()]);
    let copies = |count: usize| {
        let file = described.server.read("/etc/traefik/galerne.d/_demo.balance.yml").expect("it is there");
        assert_eq!(file.matches("- url:").count(), count, "{file}");
        for _ in 0..2 * count {
            described.expect("demo", "1");
        }
    };
    copies(2);
    described.is_served_by_traefik();
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.balance"), None);
    described.expect_settled();
    described.reach(&["conteneur1_repliques=3"]);
    copies(3);
    assert_eq!(described.done(&["follow"]), "nothing to do\n");
    described.expect_settled();
    described.reach(&["--default", "proxy"]);
    described.expect("demo", "1");
    assert_eq!(described.server.read("/etc/traefik/galerne.d/_demo.balance.yml"), None);
    described.expect_settled();
}

/// The text of a golden file, for a Traefik whose folder this is and whose ports are any.
fn moved(text: &str, root: &str) -> String {
    let folders = ["/etc/traefik/", "/var/lib/galerne/"];
    let text =
        folders.iter().fold(text.to_owned(), |text, folder| text.replace(folder, &format!("{root}{folder}")));
    ["18399", "18443", "18398", "8099"]
        .iter()
        .fold(text, |text, port| text.replace(&format!(":{port}"), ":0"))
}

/// Puts the files of a golden folder below `root`, with what they name.
fn lay_out(case: &Path, root: &Path) {
    let shown = root.display().to_string();
    let folders = ["etc/traefik/galerne.d", "var/lib/galerne/tls"].map(|folder| root.join(folder));
    for folder in &folders {
        std::fs::create_dir_all(folder).expect("it can be made");
    }
    let golden = case.join("expected/etc/traefik");
    let files = std::fs::read_dir(golden.join("galerne.d"))
        .expect("it is there")
        .map(|entry| entry.expect("it is").path());
    for file in files.chain([golden.join("galerne.yml")]) {
        let text = std::fs::read_to_string(&file).expect("it can be read");
        let place = root.join("etc/traefik").join(file.strip_prefix(&golden).expect("it is below"));
        std::fs::write(place, moved(&text, &shown)).expect("it can be written");
    }
    std::fs::write(folders[0].join("wiki.users"), "alice:$2b$08$abcdefghijklmnopqrstuv\n")
        .expect("it can be written");
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=localhost",
        ])
        .arg("-keyout")
        .arg(folders[1].join("key.pem"))
        .arg("-out")
        .arg(folders[1].join("certificate.pem"))
        .output()
        .expect("openssl starts");
    assert!(made.status.success(), "{}", text(&made.stderr));
}

#[test]
fn traefik_reads_every_golden_file_without_a_complaint() {
    let Some(program) = program() else { return };
    for case in ["traefik", "traefik-http"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render").join(case);
        let root = tempfile::tempdir().expect("a folder can be made");
        lay_out(&folder, root.path());
        let said = |broken: bool| {
            if broken {
                let own = root.path().join("etc/traefik/galerne.d/own.yml");
                std::fs::write(own, "http: {routers: {own: {rule: 'Nothing(`a`)', service: wiki}}}\n")
                    .expect("it can be written");
            }
            let output = std::process::Command::new("timeout")
                .args(["--signal=TERM", "3"])
                .arg(&program)
                .arg(format!("--configFile={}", root.path().join("etc/traefik/galerne.yml").display()))
                .env_clear()
                .output()
                .expect("Traefik starts");
            text(&output.stdout) + &text(&output.stderr)
        };
        let whole = said(false);
        assert!(!whole.contains("ERR") && !whole.contains("rror"), "{case}: {whole}");
        assert!(said(true).contains("own@file"), "what is wrong is said");
    }
}

/// Ends with it.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_traefik_that_asks_docker_takes_the_labels() {
    let (Some(lab), Some(program)) = (Lab::open(), program()) else { return };
    let described = Described::serving(lab, "traefik/labels", "1");
    install(&described.server, &program);
    described.reach(&["proxy=traefik", "proxy_etiquettes=oui", "conteneur1_acces+=127.0.0.0/8", &control()]);
    let (api, web) = (Server::free_port(), Server::free_port());
    let mut command = described.server.command("/usr/local/sbin/traefik");
    command.args([
        format!("--entryPoints.traefik.address=127.0.0.1:{api}"),
        format!("--entryPoints.web.address=127.0.0.1:{web}"),
        "--api.insecure=true".to_owned(),
        "--providers.docker.exposedByDefault=false".to_owned(),
        format!("--providers.docker.endpoint={}", described.server.engine().host()),
        "--log.level=ERROR".to_owned(),
    ]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _traefik = Ended(command.spawn().expect("Traefik starts"));
    let url = format!("http://127.0.0.1:{api}/api/http/routers");
    let began = Instant::now();
    let router = loop {
        let output = described.server.command("curl").args(["-s", &url]).output().expect("curl starts");
        let routers: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let routers = routers.as_array().cloned().unwrap_or_default();
        if let Some(found) = routers.into_iter().find(|router| router["name"] == "galerne-demo@docker") {
            break found;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the router comes");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(router["status"], "enabled", "{router}");
    assert_eq!(router["rule"], "PathPrefix(`/demo/`)", "{router}");
    let answer = curl(&described, &[&format!("http://127.0.0.1:{web}/demo/")]);
    assert!(answer.contains("Served by version 1."), "{answer}");
}
