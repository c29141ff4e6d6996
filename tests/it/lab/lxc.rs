//! A place for containers of classic LXC (see the script `lxc`), and the demo as an archive of a root file system.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::leash::{self, Leash};
use super::{Demo, Lab, PATH, run};

/// A folder of containers and a bridge that they hang on.
#[derive(Debug)]
pub(crate) struct Lxc {
    leash: Leash,
}

impl Lxc {
    /// Makes one without containers.
    pub(crate) fn start(_: Lab) -> Self {
        let folder = leash::scratch();
        let mut command = Command::new("sh");
        command.arg(leash::script("lxc")).arg(&folder);
        Self { leash: Leash::start(&mut command, folder).await_ready() }
    }

    /// The folder of containers, as `GALERNE_LXC_PATH` says it.
    pub(crate) fn path(&self) -> PathBuf {
        self.leash.folder().join("containers")
    }

    /// The bridge, as `GALERNE_LXC_BRIDGE` says it.
    pub(crate) fn bridge(&self) -> String {
        let bridge = fs::read_to_string(self.leash.folder().join("bridge")).expect("the script wrote it");
        bridge.trim().to_owned()
    }

    /// What `PROGRAM -P FOLDER ARGUMENTS` prints.
    pub(crate) fn lxc(&self, program: &str, arguments: &[&str]) -> String {
        run(Command::new(program).env("PATH", PATH).arg("-P").arg(self.path()).args(arguments))
    }

    /// The names of galerne's containers.
    pub(crate) fn containers(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("the folder is there");
        let folders = entries.map(|entry| entry.expect("it can be read").path());
        let notes = folders.filter_map(|folder| fs::read_to_string(folder.join("galerne.json")).ok());
        let names = notes.map(|note| {
            let note: serde_json::Value = serde_json::from_str(&note).expect("it is JSON");
            note["name"].as_str().expect("it is a text").to_owned()
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// The environment of the first process of the only container that runs.
    pub(crate) fn environment(&self) -> String {
        let running = self.lxc("lxc-ls", &["--running", "-1"]);
        let pid = self.lxc("lxc-info", &["-p", "-H", "-n", running.trim()]);
        let environment = fs::read(format!("/proc/{}/environ", pid.trim())).expect("it runs");
        String::from_utf8_lossy(&environment).replace('\0', "\n")
    }

    /// Starts the demo as a container that somebody wrote by hand, and gives its address.
    pub(crate) fn start_stranger(&self, name: &str) -> Ipv4Addr {
        let folder = self.path().join(name);
        let root = folder.join("rootfs");
        lay_out(&root, "hand", Demo::Serves);
        let bridge = self.bridge();
        let number: u8 = bridge.trim_start_matches("gall").parse().expect("the script numbers them");
        let address = Ipv4Addr::new(10, 233, number, 250);
        let configuration = format!(
            "lxc.rootfs.path = dir:{}\nlxc.net.0.type = veth\nlxc.net.0.link = {bridge}\nlxc.net.0.flags = up\n\
             lxc.net.0.ipv4.address = {address}/24\nlxc.apparmor.profile = unconfined\n",
            root.display()
        );
        fs::write(folder.join("config"), configuration).expect("it can be written");
        self.lxc("lxc-start", &["-n", name]);
        let began = Instant::now();
        while TcpStream::connect((address, 80)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "the stranger does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        address
    }

    /// Packs version `version` of the demo, which behaves so, as `name`, and gives the archive.
    pub(crate) fn pack(&self, name: &str, version: &str, behaviour: Demo) -> PathBuf {
        let root = self.leash.folder().join(name);
        lay_out(&root, version, behaviour);
        let archive = self.leash.folder().join(format!("{name}.tar.gz"));
        run(Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&root).arg("."));
        archive
    }
}

/// Writes the root file system of the demo.
pub(super) fn lay_out(root: &Path, version: &str, behaviour: Demo) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    for folder in ["bin", "sbin", "proc", "sys", "dev", "tmp", "data"] {
        fs::create_dir_all(root.join(folder)).expect("the folder can be made");
    }
    run(Command::new("cp").arg("/bin/busybox").arg(root.join("bin")));
    for name in ["start", "www"] {
        run(Command::new("cp").arg("-R").arg(source.join(name)).arg(root));
    }
    let init = format!(
        "#!/bin/busybox sh\nexport VERSION='{version}' BEHAVIOUR='{}' PATH=/bin\nexec /bin/busybox sh /start\n",
        behaviour.behaviour()
    );
    fs::write(root.join("sbin/init"), init).expect("it can be written");
    for name in ["sbin/init", "start", "www/cgi-bin/request"] {
        run(Command::new("chmod").arg("755").arg(root.join(name)));
    }
}
