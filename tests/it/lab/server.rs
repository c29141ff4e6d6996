//! One simulated server: the real program at its real paths, beside others, without touching the machine.
//!
//! It has its own view of the file system (see the script `namespace`), in which `/etc/nginx`, `/etc/eole`,
//! `/var/lib/galerne`, `/usr/share/galerne`, `/usr/share/eole`, `/var/lib/nginx`, `/var/log/nginx` and `/run` are
//! scratch folders; its own Docker engine; its own nginx, once started. Only the network is the machine's: its
//! HTTP port and the host ports of its containers are to be taken from here. The engine sees the machine's file
//! system, so a folder that is mounted into a container must not lie below those paths: take one from
//! [`Server::folder`].
//!
//! What a test mounts with [`Server::command`] is mounted on this server alone: `/dev/null` over `/usr/sbin/nginx`
//! takes nginx away, a small tmpfs over `/var/lib/galerne` is a disk that is soon full.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use super::leash::{self, Leash};
use super::load::Load;
use super::{Engine, Lab, Lxc, Nodes, PATH, Podman, Qemu, Registry, Response, Snapd, http, ports, run};

/// A simulated server.
#[derive(Debug)]
pub(crate) struct Server {
    lab: Lab,
    engine: Engine,
    podman: OnceLock<Podman>,
    lxc: OnceLock<Lxc>,
    qemu: OnceLock<Qemu>,
    snapd: OnceLock<&'static Snapd>,
    kubeconfig: OnceLock<PathBuf>,
    namespace: Leash,
    http_port: u16,
    nodes: Option<Nodes>,
}

impl Server {
    /// Sets up a server as Debian leaves it: nginx is installed and not started, galerne has never run.
    pub(crate) fn start(lab: Lab) -> Self {
        Self::with(lab, Engine::start(lab), None)
    }

    /// The same, on the first of so many nodes of a swarm, with that node's network in place of the machine's.
    pub(crate) fn on_nodes(lab: Lab, count: usize) -> Self {
        let (engine, nodes) = Nodes::start(lab, count);
        Self::with(lab, engine, Some(nodes))
    }

    fn with(lab: Lab, engine: Engine, nodes: Option<Nodes>) -> Self {
        let folder = leash::scratch();
        let nginx = folder.join("root/etc/nginx");
        for made in ["conf.d", "modules-enabled", "sites-available", "sites-enabled", "snippets"] {
            fs::create_dir_all(nginx.join(made)).expect("the scratch folder can be written");
        }
        fs::write(nginx.join("nginx.conf"), include_str!("nginx.conf"))
            .expect("the scratch folder can be written");
        fs::copy("/etc/nginx/mime.types", nginx.join("mime.types")).expect("nginx is installed");
        fs::create_dir(folder.join("home")).expect("the scratch folder can be written");
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private", "--", "sh"])
            .arg(leash::script("namespace"))
            .arg(&folder);
        Self {
            lab,
            engine,
            nodes,
            podman: OnceLock::new(),
            lxc: OnceLock::new(),
            qemu: OnceLock::new(),
            snapd: OnceLock::new(),
            kubeconfig: OnceLock::new(),
            namespace: Leash::start(&mut command, folder).await_ready(),
            http_port: ports::take(),
        }
    }

    /// The process whose view of the file system it has.
    pub(crate) fn pid(&self) -> u32 {
        self.namespace.pid()
    }

    /// Its Docker engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The nodes of its swarm.
    pub(crate) fn nodes(&self) -> &Nodes {
        self.nodes.as_ref().expect("it is on a node")
    }

    /// Its podman, which it has from the first call on.
    pub(crate) fn podman(&self) -> &Podman {
        self.podman.get_or_init(|| Podman::start(self.lab))
    }

    /// Its place for containers of LXC, which it has from the first call on.
    pub(crate) fn lxc(&self) -> &Lxc {
        self.lxc.get_or_init(|| Lxc::start(self.lab))
    }

    /// Its place for machines of QEMU, which it has from the first call on.
    pub(crate) fn qemu(&self) -> &Qemu {
        self.qemu.get_or_init(|| Qemu::start(self.lab))
    }

    /// The snapd that it asks, from the first call on; its notes there are its own.
    pub(crate) fn snapd(&self) -> &'static Snapd {
        self.snapd.get_or_init(|| self.lab.snapd())
    }

    /// From now on galerne reaches the cluster that `kubeconfig` names.
    pub(crate) fn use_kubernetes(&self, kubeconfig: PathBuf) {
        self.kubeconfig.set(kubeconfig).expect("a server uses one cluster");
    }

    /// The port for `conteneur_port_http`.
    pub(crate) fn http_port(&self) -> u16 {
        self.http_port
    }

    /// A port for `conteneurX_port_out` that nobody has.
    pub(crate) fn free_port() -> u16 {
        ports::take()
    }

    /// A folder that the server and its engine both see, to be mounted into a container. It is not made.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.namespace.folder().join("shared").join(name)
    }

    /// Runs galerne and waits for its end.
    pub(crate) fn galerne(&self, arguments: &[&str]) -> Output {
        self.galerne_command(arguments).output().expect("galerne starts")
    }

    /// Starts galerne with its output in pipes; the child's process id is galerne's own.
    pub(crate) fn spawn_galerne(&self, arguments: &[&str]) -> Child {
        self.galerne_command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("galerne starts")
    }

    /// The command that runs galerne on this server, for tests that change its environment.
    pub(crate) fn galerne_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_galerne"));
        command.args(arguments);
        command
    }

    /// A command that runs `program` on this server, with nothing of the machine's environment.
    pub(crate) fn command(&self, program: &str) -> Command {
        // `nsenter` replaces itself with the program as long as it enters no process namespace.
        let mut command = Command::new("/usr/bin/nsenter");
        command
            .arg(format!("--mount=/proc/{}/ns/mnt", self.namespace.pid()))
            .args(self.nodes.as_ref().map(Nodes::network))
            .args(["--", program])
            .env_clear()
            .env("PATH", PATH)
            .env("LANG", "C.UTF-8")
            .env("HOME", self.home())
            .env("DOCKER_HOST", self.engine.host())
            // Not that of the machine: this server's own `/run` has none.
            .env(
                "CONTAINER_HOST",
                self.podman.get().map_or("unix:///run/podman/podman.sock".into(), Podman::host),
            );
        if let Some(lxc) = self.lxc.get() {
            command.env("GALERNE_LXC_PATH", lxc.path()).env("GALERNE_LXC_BRIDGE", lxc.bridge());
        }
        if let Some(qemu) = self.qemu.get() {
            command.env("GALERNE_QEMU_PATH", qemu.path());
        }
        if let Some(kubeconfig) = self.kubeconfig.get() {
            command.env("KUBECONFIG", kubeconfig);
        }
        if let Some(snapd) = self.snapd.get() {
            let name = self.namespace.folder().file_name().unwrap_or_default().to_string_lossy();
            command
                .env("GALERNE_SNAPD_SOCKET", snapd.socket())
                .env("GALERNE_SNAPD_MACHINE", snapd.machine().to_string())
                .env("GALERNE_SNAP_PATH", format!("/var/lib/{name}"));
        }
        command
    }

    /// Gives root of this server the credentials for `registry`.
    pub(crate) fn log_in(&self, registry: &Registry) {
        registry.log_in(&self.home().join(".docker"));
    }

    /// What the file `path` of this server says, links followed as the server would; nothing if it is not there.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        let output = self.command("cat").args(["--", path]).output().expect("cat starts");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes a file of this server, and the folders to it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let seen = PathBuf::from(format!("/proc/{}/root{path}", self.namespace.pid()));
        fs::create_dir_all(seen.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(seen, text).expect("the file can be written");
    }

    /// Starts nginx with the configuration that is there.
    ///
    /// # Panics
    /// When nginx refuses, with what it said.
    pub(crate) fn start_nginx(&self) {
        // A file, not a pipe: the workers keep it open.
        let said = self.namespace.folder().join("nginx.log");
        let log = fs::File::create(&said).expect("the scratch folder can be written");
        let status = self
            .command("nginx")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .status()
            .expect("nginx starts");
        let said = fs::read_to_string(said).unwrap_or_default();
        assert!(status.success(), "nginx: {said}");
    }

    /// Makes nginx read its configuration again.
    pub(crate) fn reload_nginx(&self) {
        run(self.command("nginx").args(["-s", "reload"]));
    }

    /// Gets `path` from this server's web server.
    ///
    /// # Errors
    /// When there is no answer.
    pub(crate) fn get(&self, path: &str) -> io::Result<Response> {
        http::get_from(self.web_address(), path)
    }

    /// Starts a steady load on `path` of this server's web server.
    pub(crate) fn load(&self, path: &str) -> Load {
        Load::start(self.web_address(), path)
    }

    /// Where its web server is reached.
    fn web_address(&self) -> SocketAddr {
        let address = self.nodes.as_ref().map_or(Ipv4Addr::LOCALHOST.into(), Nodes::address);
        SocketAddr::new(address, self.http_port)
    }

    /// The home folder of root on this server.
    fn home(&self) -> PathBuf {
        self.namespace.folder().join("home")
    }
}
