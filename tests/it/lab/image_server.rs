//! An image server on 127.0.0.1 that speaks the protocol of images.linuxcontainers.org, with a certificate of its own.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::leash::{self, Leash};
use super::{Demo, Lab, lxc, ports, run};

/// A running image server.
#[derive(Debug)]
pub(crate) struct ImageServer {
    leash: Leash,
    port: u16,
}

impl ImageServer {
    /// Serves the demo as `lab/1`, and `archive` as `/archives/demo.tar.gz`.
    pub(crate) fn start(_: Lab, archive: &Path) -> Self {
        let folder = &leash::scratch();
        let port = ports::take();
        let build = "images/lab/1/amd64/default/20260101_00:00";
        fs::create_dir_all(folder.join("www/meta/1.0")).expect("it can be made");
        fs::create_dir_all(folder.join("www").join(build)).expect("it can be made");
        let index = format!("lab;1;amd64;default;20260101_00:00;/{build}/\n");
        fs::write(folder.join("www/meta/1.0/index-system"), index).expect("it can be written");
        let root = folder.join("root");
        lxc::lay_out(&root, "1", Demo::Serves);
        let meta = folder.join("meta");
        fs::create_dir_all(&meta).expect("it can be made");
        for name in ["config", "config-user", "create-message", "expiry", "excludes-user", "templates"] {
            let text = if name == "expiry" { "4000000000" } else { "" };
            fs::write(meta.join(name), text).expect("it can be written");
        }
        for (name, from) in [("rootfs", &root), ("meta", &meta)] {
            let file = folder.join("www").join(build).join(format!("{name}.tar.xz"));
            run(Command::new("tar").arg("-cJf").arg(file).arg("-C").arg(from).arg("."));
        }
        fs::create_dir_all(folder.join("www/archives")).expect("it can be made");
        fs::copy(archive, folder.join("www/archives/demo.tar.gz")).expect("it can be copied");
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab"])
            .args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key", "-out", "certificate"])
            .current_dir(folder));
        let configuration = format!(
            "daemon off; pid {0}/pid; error_log stderr; events {{}} http {{ access_log off;\n\
             client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3;\n\
             uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5; server {{ listen 127.0.0.1:{port} ssl; root {0}/www;\n\
             ssl_certificate {0}/certificate; ssl_certificate_key {0}/key; }} }} user root;\n",
            folder.display()
        );
        fs::write(folder.join("nginx.conf"), configuration).expect("it can be written");
        let mut command = Command::new("sh");
        command.arg(leash::script("leash")).arg(folder).args(["nginx", "-c"]).arg(folder.join("nginx.conf"));
        let server = Self { leash: Leash::start(&mut command, folder.clone()), port };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(10), "no image server: {log}");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The environment of those who trust its certificate.
    pub(crate) fn trust(&self) -> Vec<(String, String)> {
        let file = |name: &str| self.leash.folder().join(name).display().to_string();
        fs::write(file("wgetrc"), format!("ca_certificate = {}\n", file("certificate")))
            .expect("it can be written");
        vec![("CURL_CA_BUNDLE".to_owned(), file("certificate")), ("WGETRC".to_owned(), file("wgetrc"))]
    }
}
