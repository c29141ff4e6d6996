//! A place for machines of QEMU (see the script `qemu`), and the demo as what a machine boots.
//!
//! The kernel is Debian's, which `./check` unpacks into `target/kernel`; all else of a machine is busybox.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::leash::{self, Leash};
use super::{Demo, Lab, PATH, http, ports, run};

/// The modules that the demo's machines load, in this order.
const MODULES: [&str; 22] = [
    "drivers/virtio/virtio_ring",
    "drivers/virtio/virtio",
    "drivers/virtio/virtio_pci_legacy_dev",
    "drivers/virtio/virtio_pci_modern_dev",
    "drivers/virtio/virtio_pci",
    "net/core/failover",
    "drivers/net/net_failover",
    "drivers/net/virtio_net",
    "drivers/block/virtio_blk",
    "fs/netfs/netfs",
    "fs/fscache/fscache",
    "net/9p/9pnet",
    "net/9p/9pnet_virtio",
    "fs/9p/9p",
    "drivers/input/evdev",
    "drivers/acpi/button",
    "fs/nls/nls_cp437",
    "fs/nls/nls_ascii",
    "fs/nls/nls_utf8",
    "fs/nls/nls_iso8859-1",
    "fs/fat/fat",
    "fs/fat/vfat",
];

/// The programs that are needed, each with the Debian package that brings it.
const NEEDED: [(&str, &str); 7] = [
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("qemu-img", "qemu-utils"),
    ("cpio", "cpio"),
    ("gzip", "gzip"),
    ("syslinux", "syslinux"),
    ("mcopy", "mtools"),
    ("mkfs.vfat", "dosfstools"),
];

/// A folder of machines.
#[derive(Debug)]
pub(crate) struct Qemu {
    leash: Leash,
}

/// A machine that somebody started by hand; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Stranger(Child);

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Qemu {
    /// Whether machines can run here; says why the calling test is skipped if they cannot.
    ///
    /// # Panics
    /// When they cannot, and `GALERNE_LAB` is `required`.
    pub(crate) fn can_run(_: Lab) -> bool {
        let is_there = |program: &str| PATH.split(':').any(|folder| Path::new(folder).join(program).exists());
        let needed = NEEDED.iter().filter(|(program, _)| !is_there(program));
        let mut missing: Vec<String> =
            needed.map(|(program, package)| format!("{program} (package {package})")).collect();
        if find_kernel().is_none() {
            missing.push("target/kernel (Debian's kernel)".to_owned());
        }
        if missing.is_empty() {
            return true;
        }
        let why = format!("machines need {}", missing.join(", "));
        assert!(
            env::var("GALERNE_LAB").as_deref() != Ok("required"),
            "{why}; ./check installs what is missing"
        );
        let _ = writeln!(io::stderr(), "skipped: {why}");
        false
    }

    /// Makes one without machines.
    pub(crate) fn start(_: Lab) -> Self {
        let folder = leash::scratch();
        let mut command = Command::new("sh");
        command.arg(leash::script("qemu")).arg(&folder);
        Self { leash: Leash::start(&mut command, folder).await_ready() }
    }

    /// The folder of machines, as `GALERNE_QEMU_PATH` says it.
    pub(crate) fn path(&self) -> PathBuf {
        self.leash.folder().join("machines")
    }

    /// A folder beside it for what a test needs.
    pub(crate) fn scratch(&self) -> &Path {
        self.leash.folder()
    }

    /// The names of galerne's machines, and their folders.
    pub(crate) fn machines(&self) -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(self.path()).expect("the folder is there");
        let folders = entries.map(|entry| entry.expect("it can be read").path());
        let notes = folders.filter_map(|folder| {
            let note = fs::read_to_string(folder.join("galerne.json")).ok()?;
            let note: serde_json::Value = serde_json::from_str(&note).expect("it is JSON");
            Some((note["name"].as_str().expect("it is a text").to_owned(), folder))
        });
        let mut machines: Vec<(String, PathBuf)> = notes.collect();
        machines.sort();
        machines
    }

    /// The kernel that machines boot.
    pub(crate) fn kernel() -> PathBuf {
        find_kernel().expect("./check fetched it")
    }

    /// Packs version `version` of the demo, which behaves so, as the first root file system `name`.
    pub(crate) fn pack(&self, name: &str, version: &str, behaviour: Demo) -> PathBuf {
        let root = self.leash.folder().join(name);
        lay_out(&root, version, behaviour);
        let archive = self.leash.folder().join(format!("{name}.cpio.gz"));
        let script =
            "cd \"$0\" && find . | cpio --create --format=newc --owner=0:0 --quiet | gzip -1 >\"$1\"";
        run(Command::new("sh").args(["-c", script]).arg(&root).arg(&archive));
        archive
    }

    /// Packs the same as a disk that boots by itself, in QEMU's form.
    pub(crate) fn pack_disk(&self, name: &str, version: &str, behaviour: Demo) -> PathBuf {
        let initramfs = self.pack(name, version, behaviour);
        let (raw, disk) = (
            self.leash.folder().join(format!("{name}.raw")),
            self.leash.folder().join(format!("{name}.qcow2")),
        );
        let configuration = self.leash.folder().join("syslinux.cfg");
        let text =
            "default demo\nlabel demo\nkernel kernel\ninitrd initrd\nappend console=ttyS0 panic=-1 quiet\n";
        fs::write(&configuration, text).expect("it can be written");
        run(Command::new("truncate").args(["--size", "24M"]).arg(&raw));
        run(Command::new("mkfs.vfat").arg(&raw));
        run(Command::new("syslinux").arg("--install").arg(&raw));
        for (file, to) in
            [(Self::kernel().as_path(), "kernel"), (&initramfs, "initrd"), (&configuration, "syslinux.cfg")]
        {
            run(Command::new("mcopy").arg("-i").arg(&raw).arg(file).arg(format!("::{to}")));
        }
        run(Command::new("qemu-img").args(["convert", "-O", "qcow2"]).arg(&raw).arg(&disk));
        disk
    }

    /// Serves the files beside the folder of machines over HTTP, as long as what it gives lives, and gives the port.
    pub(crate) fn serve(&self) -> (impl Drop, u16) {
        let port = ports::take();
        let mut command = Command::new("sh");
        let folder = leash::scratch();
        command.arg(leash::script("leash")).arg(&folder);
        command
            .args(["busybox", "httpd", "-f", "-p", &format!("127.0.0.1:{port}"), "-h"])
            .arg(self.leash.folder());
        let server = Leash::start(&mut command, folder);
        let began = Instant::now();
        while http::get(port, "/").is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "no server");
        }
        (server, port)
    }

    /// Starts the demo as a machine that galerne did not make, in the folder of the machines, behind `port`.
    pub(crate) fn start_stranger(&self, name: &str, port: u16) -> Stranger {
        let folder = self.path().join(name);
        fs::create_dir_all(&folder).expect("it can be made");
        fs::write(folder.join("machine.json"), "{}").expect("it can be written");
        let image = self.pack("stranger", "hand", Demo::Serves);
        let child = Command::new("qemu-system-x86_64")
            .args(["-nodefaults", "-display", "none", "-m", "128", "-accel", "tcg", "-cpu", "max", "-kernel"])
            .arg(Self::kernel())
            .arg("-initrd")
            .arg(image)
            .args(["-append", "panic=-1 quiet", "-device", "virtio-net-pci,netdev=n,romfile=", "-netdev"])
            .arg(format!("user,id=n,hostfwd=tcp:127.0.0.1:{port}-:80"))
            .current_dir(folder)
            .env("PATH", PATH)
            .stdin(Stdio::null())
            .spawn()
            .expect("it starts");
        let stranger = Stranger(child);
        let began = Instant::now();
        while http::get(port, "/").is_err() {
            assert!(began.elapsed() < Duration::from_mins(2), "the stranger does not answer");
        }
        stranger
    }
}

fn find_kernel() -> Option<PathBuf> {
    let boot = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kernel/boot")).ok()?;
    let kernels = boot.filter_map(|entry| Some(entry.ok()?.path()));
    kernels.into_iter().find(|path| path.to_string_lossy().contains("/vmlinuz-"))
}

/// Writes the root file system of the demo's machine.
fn lay_out(root: &Path, version: &str, behaviour: Demo) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    for folder in ["bin", "proc", "sys", "dev", "tmp", "data", "modules"] {
        fs::create_dir_all(root.join(folder)).expect("the folder can be made");
    }
    run(Command::new("cp").arg("/bin/busybox").arg(root.join("bin")));
    for name in ["start", "www"] {
        run(Command::new("cp").arg("-R").arg(source.join(name)).arg(root));
    }
    run(Command::new("cp").arg(leash::script("guest")).arg(root.join("init")));
    for name in ["init", "start", "www/cgi-bin/request"] {
        run(Command::new("chmod").arg("755").arg(root.join(name)));
    }
    let version = format!("export VERSION='{version}' BEHAVIOUR='{}'\n", behaviour.behaviour());
    fs::write(root.join("version"), version).expect("it can be written");
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kernel/lib/modules");
    let kernel = fs::read_dir(unpacked).expect("it was unpacked").next().expect("it has modules");
    let modules = kernel.expect("it can be read").path().join("kernel");
    for (number, name) in MODULES.iter().enumerate() {
        let to = root.join(format!("modules/{number:02}.ko"));
        run(Command::new("cp").arg(modules.join(format!("{name}.ko"))).arg(to));
    }
}
