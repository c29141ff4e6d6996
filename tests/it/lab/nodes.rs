//! A swarm of one or more nodes, each with a Docker engine and a network of its own (see the script `nodes`).

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::leash::{self, Leash};
use super::{Engine, Lab, run};
use crate::described::await_that;

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

    /// Lets the web server on the machine's port `port` be reached from the nodes, each at its own 127.0.0.1 once [`Nodes::reaches`] says so.
    pub(crate) fn open(&self, port: u16) {
        self.forward(&[], &self.machine(), "127.0.0.1", port);
    }

    /// Lets node `number` reach a port that the machine has opened.
    pub(crate) fn reaches(&self, number: usize, port: u16) {
        let holder = fs::read_to_string(self.folder.join(number.to_string()).join("holder"));
        let holder = holder.expect("the script wrote it");
        let network = format!("--net=/proc/{}/ns/net", holder.trim());
        self.forward(&["nsenter", &network, "--"], "127.0.0.1", &self.machine(), port);
    }

    /// The machine's own address on the link to the nodes, of which the first has the eleventh.
    fn machine(&self) -> String {
        let first = self.address.to_string();
        first.strip_suffix('1').expect("it is the eleventh").to_owned()
    }

    /// Has `port` of the address `from`, where `within` leads a program, lead to that of `to`.
    fn forward(&self, within: &[&str], from: &str, to: &str, port: u16) {
        let port = port.to_string();
        // The forwarder tells its third file once it listens.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$@\" 3>/dev/null", "sh"]).args(within);
        command.args(["docker-proxy", "-proto", "tcp", "-host-ip", from, "-host-port", &port]);
        command.args(["-container-ip", to, "-container-port", &port]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        // The script ends it with the rest.
        let file = fs::File::options().append(true).open(self.folder.join("forwarders"));
        writeln!(file.expect("the script wrote it"), "{}", child.expect("it starts").id())
            .expect("it can be written");
        let knock = || {
            let url = format!("http://{from}:{port}/");
            let knock = [within, &["curl", "--silent", "--output", "/dev/null", &url]].concat();
            Command::new(knock[0]).args(&knock[1..]).status().is_ok_and(|status| status.success())
        };
        await_that("the forwarder listens", 10, knock);
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
