//! A swarm of one or two nodes, each with a Docker engine and a network of its own (see the script `nodes`).

use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::Command;

use super::leash::{self, Leash};
use super::{Engine, Lab, run};

/// The network that a server on a node has in place of the machine's.
#[derive(Debug)]
pub(crate) struct Nodes {
    folder: PathBuf,
    /// The process that holds the first node's network.
    holder: u32,
    /// Where the machine reaches the first node.
    address: IpAddr,
}

impl Nodes {
    /// Starts a swarm of `count` nodes. The engine is that of the first, which manages it.
    pub(super) fn start(lab: Lab, count: usize) -> (Engine, Self) {
        let folder = leash::scratch();
        let registry = lab.registry().address();
        let port = registry.rsplit(':').next().expect("an address has a port");
        let mut command = Command::new("sh");
        command.arg(leash::script("nodes")).arg(&folder).arg(count.to_string()).arg(port);
        let engine = Engine::on(Leash::start(&mut command, folder.clone()).await_ready());
        let said = |name: &str| fs::read_to_string(folder.join(name)).expect("the script wrote it");
        let holder = said("1/holder").trim().parse().expect("it is a process");
        let address = said("address").trim().parse().expect("it is an address");
        (engine, Self { folder, holder, address })
    }

    /// Where the machine reaches the first node.
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    /// The first node's network, as `nsenter` wants it.
    pub(super) fn network(&self) -> String {
        format!("--net=/proc/{}/ns/net", self.holder)
    }

    /// The address of node `number` as `DOCKER_HOST` says it.
    pub(crate) fn host(&self, number: usize) -> String {
        format!("unix://{}", self.folder.join(number.to_string()).join("docker.sock").display())
    }

    /// What `docker ARGUMENTS` prints on node `number`.
    pub(crate) fn docker(&self, number: usize, arguments: &[&str]) -> String {
        run(Command::new("docker").arg("--host").arg(self.host(number)).args(arguments))
    }

    /// The process in whose view of the file system the engine of node `number` is.
    pub(super) fn daemon(&self, number: usize) -> u32 {
        let pid = fs::read_to_string(self.folder.join(number.to_string()).join("daemon"));
        pid.expect("the script wrote it").trim().parse().expect("it is a process")
    }

    /// Ends the engine of node `number` and all that it runs, as when its power is cut.
    pub(crate) fn kill(&self, number: usize) {
        let pid = fs::read_to_string(self.folder.join(number.to_string()).join("daemon"));
        run(Command::new("kill").arg("-KILL").arg(pid.expect("the script wrote it").trim()));
    }
}
