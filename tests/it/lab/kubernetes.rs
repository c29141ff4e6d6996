//! A Kubernetes cluster of one or two nodes, on which pods really run (see the scripts `kubernetes` and `kubernetes-node`).
//!
//! It stands in some seconds, has a network of its own that the machine reaches, and pulls from the lab's registry. Two nodes are
//! for tests that kill or empty one; the others can share [`Lab::kubernetes`] and keep to a namespace of their own.

use std::env;
use std::fs::{self, File};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::leash::{self, Leash};
use super::{Lab, PATH, run};

/// A running cluster.
#[derive(Debug)]
pub(crate) struct Kubernetes {
    leash: Leash,
}

impl Kubernetes {
    /// Starts a cluster of `count` nodes, `node1` and `node2`.
    pub(crate) fn start(lab: Lab, count: usize) -> Self {
        let folder = leash::scratch();
        let registry = lab.registry().address();
        let port = registry.rsplit(':').next().expect("an address has a port");
        let mut command = Command::new("sh");
        command
            .arg(leash::script("kubernetes"))
            .arg(&folder)
            .arg(count.to_string())
            .arg(port)
            .arg(programs());
        Self { leash: Leash::start(&mut command, folder).await_ready() }
    }

    /// The file, as `KUBECONFIG` says it, of one who may do all; it has a client's certificate in it.
    pub(crate) fn admin(&self) -> PathBuf {
        self.leash.folder().join("admin.kubeconfig")
    }

    /// The same of one whom the cluster knows, by a token, and allows nothing.
    pub(crate) fn nobody(&self) -> PathBuf {
        self.leash.folder().join("nobody.kubeconfig")
    }

    /// A command that runs `kubectl ARGUMENTS` for who may do all.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(programs().join("kubectl"));
        command
            .env("PATH", PATH)
            .arg("--kubeconfig")
            .arg(self.admin())
            .arg("--cache-dir")
            .arg(self.leash.folder().join("cache"))
            .args(arguments);
        command
    }

    /// What `kubectl ARGUMENTS` prints.
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        run(&mut self.command(arguments))
    }

    /// What `kubectl apply --filename - ARGUMENTS` prints for `manifest`.
    pub(crate) fn apply(&self, manifest: &str, arguments: &[&str]) -> String {
        let file = tempfile::NamedTempFile::new().expect("a scratch file can be made");
        fs::write(file.path(), manifest).expect("the scratch file can be written");
        let opened = File::open(file.path()).expect("it can be read");
        run(self.command(&["apply", "--filename", "-"]).args(arguments).stdin(Stdio::from(opened)))
    }

    /// Where the machine reaches node `number`: its ports of services, and on the first the server of the cluster.
    pub(crate) fn address(&self, number: u8) -> IpAddr {
        let first = fs::read_to_string(self.leash.folder().join("address")).expect("the script wrote it");
        let [a, b, c, d] = first.trim().parse::<Ipv4Addr>().expect("it is an address").octets();
        Ipv4Addr::new(a, b, c, d + number - 1).into()
    }

    /// What `docker ARGUMENTS` prints on node `number`.
    pub(crate) fn docker(&self, number: u8, arguments: &[&str]) -> String {
        let socket = self.leash.folder().join(number.to_string()).join("docker.sock");
        run(Command::new("docker").arg("--host").arg(format!("unix://{}", socket.display())).args(arguments))
    }

    /// Ends kubelet and all that runs on node `number`, as when its power is cut. The server of the cluster stays.
    pub(crate) fn kill(&self, number: u8) {
        let pid = fs::read_to_string(self.leash.folder().join(number.to_string()).join("node"));
        run(Command::new("kill").arg("-KILL").arg(pid.expect("the script wrote it").trim()));
    }
}

/// Where the script `kubernetes-build` was told to put the programs.
pub(super) fn programs() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cache");
    let caches =
        env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map_or_else(home, PathBuf::from);
    caches.join("galerne-lab/kubernetes-1.20.2")
}
