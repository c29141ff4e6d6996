//! The front door on a real nginx: HTTPS, its certificate, who gets in, how often, and what is said while nobody answers.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::described::{Described, text};
use crate::lab::{Demo, Lab, Server};

/// A name that only `--resolve` knows.
const NAME: &str = "www.example.org";
/// Where the certificate is that galerne makes.
const CERTIFICATE: &str = "/var/lib/galerne/tls/certificate.pem";
/// Its key.
const KEY: &str = "/var/lib/galerne/tls/key.pem";

/// What a program on the server writes, on both of its outputs.
fn said(server: &Server, program: &str, arguments: &[&str]) -> String {
    let output = server.command(program).args(arguments).output().expect("the program starts");
    text(&output.stdout) + &text(&output.stderr)
}

/// A server that serves the demo over HTTPS under [`NAME`], and the port of HTTPS.
fn with_https(lab: Lab, image: &str, more: &[&str]) -> (Described, u16) {
    let described = Described::start(lab);
    described.registry.put(image, "1", Demo::Serves);
    described.describe(1, "demo", image, "1");
    let port = Server::free_port();
    let (https, name) = (format!("conteneur_port_https={port}"), format!("conteneur_nom_serveur+={NAME}"));
    described.done(&[&["set", "conteneur_protocole=redirection", &https, &name], more].concat());
    described.done(&["instance"]);
    (described, port)
}

/// What curl says of `path`, which it gets from [`NAME`] over HTTPS, trusting `certificate` alone.
fn https(described: &Described, port: u16, certificate: &str, path: &str) -> String {
    let resolve = format!("{NAME}:{port}:127.0.0.1");
    let url = format!("https://{NAME}:{port}{path}");
    let arguments = ["-sS", "-i", "--http2", "--cacert", certificate, "--resolve", &resolve, &url];
    said(&described.server, "curl", &arguments)
}

/// The same, of a form that is sent while nobody listens where the application is published.
///
/// A server that listens at once takes its place after a second: the engine's own proxy takes connections before the
/// application listens, and what it then loses of a form is not sent twice.
fn https_meanwhile(described: &Described, port: u16, path: &str) -> String {
    let engine = described.server.engine();
    let published = engine.docker(&["port", "demo", "80/tcp"]);
    engine.docker(&["stop", "--time", "1", "demo"]);
    let resolve = format!("{NAME}:{port}:127.0.0.1");
    let url = format!("https://{NAME}:{port}{path}");
    let arguments = ["-sS", "-i", "--data", "a=b", "--cacert", CERTIFICATE, "--resolve", &resolve, &url];
    let mut curl = described.server.command("curl");
    let child = curl.args(arguments).stdout(Stdio::piped()).spawn().expect("the program starts");
    std::thread::sleep(Duration::from_secs(1));
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo/www");
    let mut httpd = described.server.command("busybox");
    let mut httpd =
        httpd.args(["httpd", "-f", "-p", published.trim(), "-h", pages]).spawn().expect("it starts");
    let answer = text(&child.wait_with_output().expect("it ends").stdout);
    httpd.kill().expect("it runs");
    httpd.wait().expect("it ends");
    engine.docker(&["start", "demo"]);
    answer
}

/// What openssl says of a handshake with `port`.
fn handshake(described: &Described, port: u16, arguments: &[&str]) -> String {
    let address = format!("127.0.0.1:{port}");
    said(&described.server, "openssl", &[&["s_client", "-connect", &address], arguments].concat())
}

fn mode(described: &Described, path: &str) -> String {
    said(&described.server, "stat", &["--format", "%a %U:%G", path])
}

#[test]
fn https_answers_with_its_own_certificate_and_http_leads_there() {
    let Some(lab) = Lab::open() else { return };
    let hsts = ["conteneur_hsts=86400", "conteneur_hsts_autosigne=oui"];
    let (described, port) = with_https(lab, "front/https", &hsts);
    let answer = https(&described, port, CERTIFICATE, "/demo/");
    assert!(answer.starts_with("HTTP/2 200"), "{answer}");
    assert!(answer.contains("Served by version 1."), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=86400"), "{answer}");
    let held = https_meanwhile(&described, port, "/demo/cgi-bin/request");
    assert!(held.starts_with("HTTP/2 200"), "{held}");
    let other = https(&described, port, "/etc/ssl/certs/ca-certificates.crt", "/demo/");
    assert!(!other.contains("HTTP/2"), "nobody else vouches for it: {other}");

    let request = described.server.get("/demo/?a=b").expect("the web server answers");
    assert_eq!(request.status, 308);
    assert!(
        request.head.contains(&format!("Location: https://127.0.0.1:{port}/demo/?a=b")),
        "{}",
        request.head
    );

    assert_eq!(mode(&described, KEY), "600 root:root\n");
    assert_eq!(mode(&described, CERTIFICATE), "644 root:root\n");
    let certificate = described.server.read(CERTIFICATE);
    described.expect_settled();
    assert_eq!(described.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(described.server.read(CERTIFICATE), certificate);

    described.done(&["set", "conteneur_nom_serveur+=other.example.org"]);
    let told = described.done(&["reconfigure"]);
    assert!(told.contains(&format!("the self-signed certificate {CERTIFICATE} is valid until 2")), "{told}");
    let shown =
        said(&described.server, "openssl", &["x509", "-in", CERTIFICATE, "-noout", "-ext", "subjectAltName"]);
    assert!(shown.contains("DNS:www.example.org, DNS:other.example.org"), "{shown}");
    assert!(https(&described, port, CERTIFICATE, "/demo/").starts_with("HTTP/2 200"));
}

#[test]
fn old_protocols_and_weak_ciphers_are_refused() {
    let Some(lab) = Lab::open() else { return };
    let (described, port) = with_https(lab, "front/ciphers", &[]);
    for version in ["-tls1", "-tls1_1"] {
        let refused = handshake(&described, port, &[version, "-cipher", "ALL:@SECLEVEL=0"]);
        assert!(refused.contains("alert protocol version"), "{version}: {refused}");
    }
    let best = handshake(&described, port, &["-tls1_3"]);
    assert!(best.contains("TLSv1.3, Cipher is TLS_"), "{best}");
    let good = handshake(&described, port, &["-tls1_2"]);
    for said in ["Compression: NONE", "Secure Renegotiation IS supported", "Server Temp Key: X25519"] {
        assert!(good.contains(said), "{said}: {good}");
    }
    assert_eq!(taken(&described, port), SUITES.map(|suite| format!("ECDHE-ECDSA-{suite}")));
    let answer = https(&described, port, CERTIFICATE, "/demo/");
    assert!(answer.starts_with("HTTP/2 200") && !answer.contains("strict-transport"), "{answer}");

    make_certificate(&described, "rsa:2048", &[]);
    use_certificate(&described, OWN, OWN_KEY);
    described.done(&["reconfigure"]);
    assert_eq!(taken(&described, port), SUITES.map(|suite| format!("ECDHE-RSA-{suite}")));
}

/// The suites of TLS 1.2 that are both forward-secret and authenticated as a whole, without the kind of the key.
const SUITES: [&str; 3] = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"];

/// Those of all the suites that openssl knows, null ones and anonymous ones too, with which `port` speaks TLS 1.2.
fn taken(described: &Described, port: u16) -> Vec<String> {
    let all =
        said(&described.server, "openssl", &["ciphers", "-tls1_2", "-s", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]);
    let all: Vec<&str> = all.trim().split(':').collect();
    assert!(all.len() > 60 && all.contains(&"NULL-SHA256") && all.contains(&"AECDH-AES128-SHA"), "{all:?}");
    let speaks = |suite: &&&str| {
        let offered = format!("{suite}:@SECLEVEL=0");
        let answer = handshake(described, port, &["-tls1_2", "-cipher", &offered]);
        let refused = answer.contains("alert handshake failure");
        assert!(refused || answer.contains(&format!("Cipher is {suite}\n")), "{suite}: {answer}");
        !refused
    };
    let mut taken: Vec<String> = all.iter().filter(speaks).map(|suite| (*suite).to_owned()).collect();
    taken.sort();
    taken
}

/// A certificate that an administrator has put there, and its key.
const OWN: &str = "/etc/eole/site.pem";
/// Its key.
const OWN_KEY: &str = "/etc/eole/site.key";

/// Makes a certificate for [`NAME`] with a key of the kind that openssl calls `kind`.
fn make_certificate(described: &Described, kind: &str, more: &[&str]) {
    let (subject, names) = (format!("/CN={NAME}"), format!("subjectAltName=DNS:{NAME}"));
    let request = ["req", "-x509", "-newkey", kind, "-nodes", "-subj", &subject, "-addext", &names];
    let files = ["-keyout", OWN_KEY, "-out", OWN];
    said(&described.server, "openssl", &[&request[..], &files, more].concat());
}

fn use_certificate(described: &Described, certificate: &str, key: &str) {
    let file = format!("conteneur_certificat_fichier={certificate}");
    let key = format!("conteneur_certificat_cle={key}");
    described.done(&["set", "conteneur_certificat=manuel", &file, &key]);
}

#[test]
fn a_certificate_of_one_s_own_serves_and_a_wrong_one_is_refused_first() {
    let Some(lab) = Lab::open() else { return };
    let (described, port) = with_https(lab, "front/own", &[]);
    make_certificate(&described, "ec", &["-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "10"]);
    for (certificate, key, code) in [
        ("/etc/eole/missing.pem", OWN_KEY, "credentials::unreadable"),
        (OWN, "/etc/eole/missing.key", "credentials::unreadable"),
        (OWN, OWN, "credentials::unreadable"),
        (OWN, KEY, "credentials::key_mismatch"),
    ] {
        use_certificate(&described, certificate, key);
        let (codes, told) = described.failed(1, &["reconfigure"]);
        // That it soon ends may be told too.
        assert_eq!(codes[0], code, "{told}");
        assert!(!told.contains("PRIVATE KEY"), "{told}");
        assert!(https(&described, port, CERTIFICATE, "/demo/").starts_with("HTTP/2 200"));
    }

    use_certificate(&described, OWN, OWN_KEY);
    let output = described.server.galerne(&["reconfigure"]);
    let told = text(&output.stderr);
    assert!(output.status.success() && told.contains("credentials::expires"), "{told}");
    assert!(https(&described, port, OWN, "/demo/").starts_with("HTTP/2 200"));
    assert_eq!(described.server.read(KEY), None);

    described.done(&["set", "conteneur_protocole=http"]);
    described.done(&["reconfigure"]);
    described.expect("demo", "1");
    let closed = https(&described, port, OWN, "/demo/");
    assert!(!closed.contains("HTTP/2"), "{closed}");
}

/// Where the users of the application `secret` are.
const USERS: &str = "/etc/nginx/conteneur.d/secret.users";

/// What curl gets from `path` of the server over HTTP, with the words `more`.
fn http(described: &Described, path: &str, more: &[&str]) -> String {
    let url = format!("http://127.0.0.1:{}{path}", described.server.http_port());
    said(&described.server, "curl", &[&["-sS", "-i"], more, &[&url]].concat())
}

#[test]
fn who_may_not_come_in_stays_outside() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "front/access", "1");
    for (number, name) in [(2, "closed"), (3, "secret"), (4, "slow")] {
        described.describe(number, name, "front/access", "1");
    }
    described.done(&[
        "set",
        "conteneur1_libelle=Le <wiki> & \"co\"",
        "conteneur1_acces[0]=127.0.0.0/8",
        "conteneur2_acces[0]=192.0.2.0/24",
        "conteneur2_dans_accueil=non",
        "conteneur3_utilisateur_nom[0]=alice",
        "conteneur3_utilisateur_mot_de_passe[0]=correct horse",
        "conteneur4_debit=1",
        "conteneur4_debit_rafale=2",
    ]);
    let shown = ["plan", "reconfigure", "status"].map(|command| described.done(&[command])).concat();
    assert!(!shown.contains("correct horse") && !shown.contains("$6$"), "{shown}");
    let users = described.server.read(USERS).expect("it is there");
    assert!(users.contains("alice:$6$") && !users.contains("correct horse"), "only a hash is kept");
    let page = http(&described, "/", &[]);
    assert!(page.contains("200 OK") && page.contains("text/html; charset=utf-8"), "{page}");
    assert!(page.contains("<a href=\"/demo/\">Le &lt;wiki&gt; &amp; &quot;co&quot;</a>"), "{page}");
    assert!(page.contains("<a href=\"/secret/\">secret</a>") && !page.contains("closed"), "{page}");

    described.expect("demo", "1");
    assert!(http(&described, "/closed/", &[]).contains("403 Forbidden"));
    assert!(http(&described, "/closed", &["-L"]).contains("403 Forbidden"));

    assert!(http(&described, "/secret/", &[]).contains("401 Unauthorized"));
    assert!(http(&described, "/secret/", &["-u", "alice:wrong"]).contains("401 Unauthorized"));
    let inside = http(&described, "/secret/cgi-bin/request", &["-u", "alice:correct horse"]);
    assert!(inside.contains("200 OK") && !inside.to_lowercase().contains("authorization"), "{inside}");
    let passed_on = http(&described, "/demo/cgi-bin/request", &["-u", "somebody:else"]);
    assert!(passed_on.contains("200 OK"), "{passed_on}");
    assert_eq!(mode(&described, USERS), "640 root:www-data\n");

    let codes: String =
        (0..6).map(|_| http(&described, "/slow/", &["-o", "/dev/null", "-w", "%{http_code} "])).collect();
    assert!(codes.starts_with("200 200 200 ") && codes.contains("429"), "{codes}");

    described.expect_settled();
    assert_eq!(described.done(&["reconfigure"]), "nothing to do\n");
    described.done(&["set", "conteneur3_utilisateur_mot_de_passe[0]=battery staple"]);
    described.done(&["reconfigure"]);
    assert!(http(&described, "/secret/", &["-u", "alice:correct horse"]).contains("401 Unauthorized"));
    assert!(http(&described, "/secret/", &["-u", "alice:battery staple"]).contains("200 OK"));

    described.done(&["set", "conteneur_accueil_application=demo", "--default", "conteneur4_debit"]);
    described.done(&["reconfigure"]);
    let home = http(&described, "/", &[]);
    assert!(home.contains("302 Moved") && home.contains("Location: /demo/"), "{home}");
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/slow.rate"), None);
}

#[test]
fn a_page_tells_to_wait_while_an_application_is_down() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "front/waits", "1");
    described.done(&["set", "conteneur_maintenance_texte=Revenez <demain>.", "conteneur1_delai_max=2"]);
    described.done(&["reconfigure"]);
    described.server.engine().docker(&["stop", "demo"]);
    let began = Instant::now();
    let page = http(&described, "/demo/", &[]);
    assert!(page.contains("503 Service") && page.contains("Retry-After: 30"), "{page}");
    assert!(page.contains("<p>Revenez &lt;demain&gt;.</p>"), "{page}");
    assert!(began.elapsed() > Duration::from_secs(8), "it was held and tried again: {:?}", began.elapsed());
    let posted = http(&described, "/demo/", &["--data", "a=b"]);
    assert!(posted.contains("503 Service") && posted.contains("Revenez"), "{posted}");
    let hidden = http(&described, "/.galerne/maintenance", &[]);
    assert!(hidden.contains("404 Not Found"), "{hidden}");

    described.server.engine().docker(&["start", "demo"]);
    described.expect("demo", "1");
    described.server.engine().docker(&["pause", "demo"]);
    let late = http(&described, "/demo/", &[]);
    assert!(late.contains("503 Service") && late.contains("Retry-After: 30"), "{late}");
    described.server.engine().docker(&["unpause", "demo"]);
    described.done(&["set", "conteneur_maintenance=non"]);
    described.done(&["reconfigure"]);
    described.expect("demo", "1");
    described.expect_settled();
}
