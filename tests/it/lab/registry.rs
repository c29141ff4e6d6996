//! An image registry on 127.0.0.1, with or without a login, and the demo images in it.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::leash::{self, Leash};
use super::{Demo, Lab, ports, run};

/// Who may pull and push where a login is asked.
pub(crate) const USER: &str = "lab";
/// That user's password.
pub(crate) const PASSWORD: &str = "a-password-of-the-lab";

/// A running registry.
#[derive(Debug)]
pub(crate) struct Registry {
    lab: Lab,
    port: u16,
    leash: Leash,
}

impl Registry {
    /// Starts an empty registry that anyone may use.
    pub(crate) fn start(lab: Lab) -> Self {
        Self::serve(lab, "")
    }

    /// Starts an empty registry that only [`USER`] with [`PASSWORD`] may use.
    pub(crate) fn with_login(lab: Lab) -> Self {
        let registry = Self::serve(lab, "auth: {htpasswd: {realm: lab, path: FOLDER/users}}\n");
        registry.log_in(&registry.leash.folder().join("client"));
        registry
    }

    /// Starts a registry with the additional configuration `auth`.
    fn serve(lab: Lab, auth: &str) -> Self {
        let (folder, port) = (leash::scratch(), ports::take());
        let users = run(Command::new("htpasswd").args(["-Bbn", USER, PASSWORD]));
        fs::write(folder.join("users"), users).expect("the scratch folder can be written");
        let configuration = format!(
            "version: 0.1\nlog: {{accesslog: {{disabled: true}}, level: warn}}\n\
             storage: {{filesystem: {{rootdirectory: FOLDER/images}}}}\nhttp: {{addr: 127.0.0.1:{port}}}\n{auth}"
        )
        .replace("FOLDER", &folder.display().to_string());
        let file = folder.join("registry.yml");
        fs::write(&file, configuration).expect("the scratch folder can be written");
        let mut command = Command::new("sh");
        command.arg(leash::script("leash")).arg(&folder).args(["docker-registry", "serve"]).arg(&file);
        let leash = Leash::start(&mut command, folder);
        let registry = Self { lab, port, leash };
        registry.await_listening();
        registry
    }

    /// Its address as `conteneurX_repository` says it.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The port on which it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Builds the demo image with `behaviour` and keeps it as `image`, which has no registry in it, under `tag`.
    pub(crate) fn put(&self, image: &str, tag: &str, behaviour: Demo) {
        let name = format!("{}/{image}:{tag}", self.address());
        let builder = self.lab.builder();
        let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/build");
        run(builder.command("sh").arg(build).args([&name, &behaviour.behaviour()]));
        run(builder
            .command("docker")
            .arg("--config")
            .arg(self.leash.folder().join("client"))
            .args(["push", "--quiet", &name]));
    }

    /// Writes the credentials of [`USER`] into the Docker client's folder `client`.
    pub(super) fn log_in(&self, client: &Path) {
        run(self
            .lab
            .builder()
            .command("docker")
            .arg("--config")
            .arg(client)
            .args(["login", "--username", USER, "--password", PASSWORD])
            .arg(self.address()));
    }

    /// Waits until it listens.
    fn await_listening(&self) {
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = fs::read_to_string(self.leash.folder().join("log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(30), "no registry: {log}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
