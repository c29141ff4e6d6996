//! The ground on which the real program meets real engines and a real web server.
//!
//! In: nothing but Debian's packages. Out: [`Lab`], from which a test takes a registry, demo images and simulated
//! servers. The invariant: nothing outside the scratch folders changes, and nothing outlives the test binary,
//! however it ends (every process hangs on a pipe that the kernel closes, see `leash`). Where the machine cannot
//! do it, a test is skipped with a line that says why; with `GALERNE_LAB=required`, as `./check` sets, it fails.

use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

mod demo;
mod documented;
mod engine;
pub(crate) mod http;
mod image_server;
mod kubernetes;
mod leash;
mod load;
mod nodes;
mod lxc;
mod podman;
mod ports;
mod qemu;
mod registry;
mod repository;
mod root;
mod server;
mod snapd;
mod vagrant;

pub(crate) use demo::Demo;
pub(crate) use documented::Documented;
pub(crate) use engine::Engine;
pub(crate) use http::Response;
pub(crate) use image_server::ImageServer;
pub(crate) use kubernetes::Kubernetes;
pub(crate) use load::{Load, Tally};
pub(crate) use lxc::Lxc;
pub(crate) use nodes::Nodes;
pub(crate) use podman::Podman;
pub(crate) use qemu::Qemu;
pub(crate) use registry::Registry;
pub(crate) use repository::Repository;
pub(crate) use root::Root;
pub(crate) use server::Server;
pub(crate) use snapd::Snapd;
pub(crate) use vagrant::{Hosts, machines};

/// The programs that the lab runs, each with the Debian package that brings it.
const NEEDED: [(&str, &str); 32] = [
    ("dockerd", "docker.io"),
    ("docker", "docker.io"),
    ("docker-proxy", "docker.io"),
    ("podman", "podman"),
    ("lxc-start", "lxc"),
    ("tar", "tar"),
    ("vagrant", "vagrant"),
    // No program, but a plugin of one.
    ("/usr/share/doc/vagrant-libvirt", "vagrant-libvirt"),
    ("ansible-playbook", "ansible-core"),
    ("ansible-lint", "ansible-lint"),
    ("cloud-init", "cloud-init"),
    ("wget", "wget"),
    ("xz", "xz-utils"),
    ("python3", "python3"),
    ("git", "git"),
    ("docker-registry", "docker-registry"),
    ("nginx", "nginx"),
    ("htpasswd", "apache2-utils"),
    ("busybox", "busybox-static"),
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
    ("nsenter", "util-linux"),
    ("strace", "strace"),
    ("curl", "curl"),
    ("openssl", "openssl"),
    ("debootstrap", "debootstrap"),
    ("mksquashfs", "squashfs-tools"),
    ("snap", "snapd"),
    ("taskset", "util-linux"),
    ("etcd", "etcd-server"),
    ("iptables", "iptables"),
    ("conntrack", "conntrack"),
];

/// Where the lab takes programs from, whatever the one who runs the tests has in front.
pub(crate) const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// Proof that the lab can stand on this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lab(());

impl Lab {
    /// Opens the lab, or says on standard error why the calling test is skipped.
    ///
    /// # Panics
    /// When something is missing and `GALERNE_LAB` is `required`.
    pub(crate) fn open() -> Option<Self> {
        Self::without(&missing())
    }

    /// The same for a test that starts a cluster of Kubernetes, whose programs take minutes to make.
    ///
    /// # Panics
    /// When something is missing and `GALERNE_LAB` is `required`.
    pub(crate) fn open_with_kubernetes() -> Option<Self> {
        let mut missing = missing();
        if !kubernetes::programs().join("recipe").exists() {
            missing.push("the programs of Kubernetes (tests/it/lab/kubernetes-build)".to_owned());
        }
        Self::without(&missing)
    }

    /// Opens the lab if nothing is `missing`.
    fn without(missing: &[String]) -> Option<Self> {
        if missing.is_empty() {
            return Some(Self(()));
        }
        let why = format!("the lab needs {}", missing.join(", "));
        assert!(
            env::var("GALERNE_LAB").as_deref() != Ok("required"),
            "{why}; ./check installs what is missing"
        );
        // Not `eprintln`: the test harness would keep the line to itself.
        let _ = writeln!(io::stderr(), "skipped: {why}");
        None
    }

    /// The registry that all tests of the binary share; anyone may pull and push.
    pub(crate) fn registry(self) -> &'static Registry {
        static SHARED: OnceLock<Registry> = OnceLock::new();
        SHARED.get_or_init(|| Registry::start(self))
    }

    /// The machine with snapd that all tests of the binary share.
    pub(crate) fn snapd(self) -> &'static Snapd {
        static SHARED: OnceLock<Snapd> = OnceLock::new();
        SHARED.get_or_init(|| Snapd::start(self))
    }

    /// The cluster of one node that all tests of the binary share, each in a namespace of its own.
    pub(crate) fn kubernetes(self) -> &'static Kubernetes {
        static SHARED: OnceLock<Kubernetes> = OnceLock::new();
        SHARED.get_or_init(|| Kubernetes::start(self, 1))
    }

    /// The engine on which images are made, away from those of the servers: each of these has to pull.
    pub(crate) fn builder(self) -> &'static Engine {
        static SHARED: OnceLock<Engine> = OnceLock::new();
        SHARED.get_or_init(|| Engine::start(self))
    }
}

/// What keeps the lab from standing here.
fn missing() -> Vec<String> {
    let mut missing: Vec<String> = NEEDED
        .iter()
        .filter(|(program, _)| !PATH.split(':').any(|folder| Path::new(folder).join(program).exists()))
        .map(|(program, package)| format!("{program} (package {package})"))
        .collect();
    if !nix::unistd::geteuid().is_root() {
        missing.push("root".to_owned());
    }
    missing
}

/// What `command` printed on standard output; it takes programs from [`PATH`].
///
/// # Panics
/// When it fails, with all that it said.
pub(crate) fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.env("PATH", PATH).output().unwrap_or_else(|problem| panic!("{command:?}: {problem}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}{stderr}");
    stdout.into_owned()
}
