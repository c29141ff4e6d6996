//! What QEMU is told to be one machine.
//!
//! It runs in the machine's folder, so that the names of its files are ours. A value that lands in one of QEMU's lists has its
//! commas doubled, which is how QEMU writes them; nothing secret is among the arguments, as others may read them.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use super::machine::{DISK, INITRD, KERNEL, Shape, TOLD};
use super::told;
use crate::engine::attended::store::Note;
use crate::run_spec::Mount;

/// The file with the number of the process.
pub(super) const PID: &str = "machine.pid";

/// The memory of a machine of which nothing is said, in mebibytes.
const MEMORY: u64 = 1024;

/// The user that a machine is which shares no folder: above what Linux and Debian give to others.
const NOBODY: &str = "2000000000:2000000000";

/// What stays the same for all.
const COMMON: [&str; 21] = [
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    "-display",
    "none",
    "-chardev",
    "stdio,id=monitor,signal=off",
    "-mon",
    "chardev=monitor,mode=control",
    "-chardev",
    "file,id=console,path=log,append=on",
    "-serial",
    "chardev:console",
    "-device",
    "virtio-rng-pci",
    "-device",
    "virtio-net-pci,netdev=net,romfile=",
    "-msg",
    "guest-name=on",
    "-pidfile",
    PID,
];

/// How a machine is run.
pub(super) struct Running<'a> {
    /// What it is made of.
    pub(super) shape: Shape,
    /// Its note.
    pub(super) note: &'a Note,
    /// Where the attendant reaches its ports, in their order.
    pub(super) inner: &'a [SocketAddr],
    /// Whether the processor's own virtualisation is used.
    pub(super) kvm: bool,
}

/// The arguments of QEMU.
pub(super) fn of(running: &Running<'_>) -> Vec<OsString> {
    let Running { shape, note, inner, kvm } = running;
    let spec = &note.spec;
    let mut all: Vec<OsString> = COMMON.iter().map(OsString::from).collect();
    let mut add = |option: &str, value: OsString| all.extend([OsString::from(option), value]);
    add("-name", format!("guest={}", spec.name).into());
    let (accelerator, processor) = if *kvm { ("kvm", "host") } else { ("tcg", "max") };
    add("-accel", accelerator.into());
    add("-cpu", processor.into());
    let memory = spec.limits.memory.map_or(MEMORY, |bytes| (bytes >> 20).max(1));
    add("-m", memory.to_string().into());
    let processors = spec.limits.milli_cpus.map_or(1, |thousandths| thousandths.div_ceil(1000));
    add("-smp", processors.to_string().into());
    let forwards = spec
        .ports
        .iter()
        .zip(*inner)
        .map(|(port, inner)| format!(",hostfwd=tcp:{}:{}-:{}", inner.ip(), inner.port(), port.container));
    add("-netdev", format!("user,id=net{}", forwards.collect::<String>()).into());
    if shape.disk {
        add("-drive", format!("file={DISK},format=qcow2,if=virtio,discard=unmap").into());
        add("-drive", format!("file={TOLD},format=raw,if=virtio,readonly=on").into());
    }
    if shape.kernel {
        let options = spec.boot.options.as_deref().unwrap_or_default();
        add("-kernel", KERNEL.into());
        add("-initrd", INITRD.into());
        add("-append", format!("console=ttyS0 panic=-1 {options}").trim_end().into());
    }
    for (index, mount) in spec.mounts.iter().enumerate() {
        add("-fsdev", share(index, mount, &note.root));
        add("-device", format!("virtio-9p-pci,fsdev=share{index},mount_tag={}", told::tag(index)).into());
    }
    // Owners of files are kept, which root alone can do. What shares nothing needs no rights once it runs.
    let sandbox = "on,obsolete=deny,spawn=deny,resourcecontrol=deny";
    if spec.mounts.is_empty() {
        add("-sandbox", sandbox.into());
        add("-runas", NOBODY.into());
    } else {
        add("-sandbox", format!("{sandbox},elevateprivileges=deny").into());
    }
    all
}

/// A folder of the host that the machine sees.
fn share(index: usize, mount: &Mount, root: &Path) -> OsString {
    let host = root.join(mount.host.strip_prefix("/").unwrap_or(&mount.host));
    let mut option =
        OsString::from(format!("local,id=share{index},security_model=passthrough,multidevs=remap,path="));
    option.push(with_doubled_commas(host.as_os_str()));
    option
}

fn with_doubled_commas(text: &OsStr) -> OsString {
    let bytes =
        text.as_bytes().iter().flat_map(|byte| if *byte == b',' { vec![b',', b','] } else { vec![*byte] });
    OsString::from_vec(bytes.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(members: &serde_json::Value) -> String {
        let mut spec = json!({
            "name": "wiki", "engine": "qemu", "source": {"image": "/srv/wiki.qcow2", "tag": "1"},
            "ports": [{"address": "::1", "host": 8080, "container": 80}],
            "environment": {"PASSWORD": "hunter2"},
        });
        spec.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let note = Note {
            name: "wiki".to_owned(),
            root: "/".into(),
            digest: String::new(),
            address: [127, 0, 0, 7].into(),
            spec: serde_json::from_value(spec).unwrap(),
        };
        let inner = ["127.0.0.7:4000".parse().unwrap()];
        let shape = Shape { disk: note.spec.boot.kernel.is_none(), kernel: note.spec.boot.kernel.is_some() };
        let words = of(&Running { shape, note: &note, inner: &inner, kvm: false });
        words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn values_stay_in_their_options_and_secrets_out_of_them() {
        let more = json!({"mounts": [{"host": "/srv/a,readonly=on b", "container": "/data"}]});
        let said = arguments(&more);
        assert!(said.contains(",path=/srv/a,,readonly=on b\n"), "{said}");
        assert!(said.contains("hostfwd=tcp:127.0.0.7:4000-:80\n"), "{said}");
        assert!(!said.contains("hunter2") && !said.contains("-runas"), "{said}");
    }

    #[test]
    fn limits_are_whole_mebibytes_and_processors() {
        let said = arguments(&json!({"limits": {"memory": 300 << 20, "milli_cpus": 1500}}));
        assert!(
            said.contains("-m\n300\n-smp\n2\n") && said.contains("-runas\n2000000000:2000000000"),
            "{said}"
        );
        assert!(said.contains("file=disk.qcow2,format=qcow2"), "{said}");
        let boot = json!({"boot": {"kernel": "/boot/vmlinuz", "options": "root=/dev/vda1 ro"}});
        let said = arguments(&boot);
        assert!(said.contains("-append\nconsole=ttyS0 panic=-1 root=/dev/vda1 ro\n"), "{said}");
    }
}
