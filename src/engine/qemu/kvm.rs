//! Whether the processor's own virtualisation boots anything on this server.
//!
//! `/dev/kvm` is there on servers where a machine hangs before it prints a word. So something tiny is booted, once each time
//! the server starts: a sector that brings the processor into its 64-bit mode, counts for a while and ends QEMU with a
//! code of its own. What was found is kept in the folder of machines.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::PROGRAM;
use crate::engine::attended::{program, store};

/// Where the answer is kept.
const KEPT: &str = "kvm.json";

/// How long the sector may take. It takes less than a second where the processor counts by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// What QEMU ends with when the sector writes 42 to the port of `isa-debug-exit`: twice that and one.
const REACHED: i32 = 85;

/// The sector's beginning, made of `kvm.s`.
#[rustfmt::skip]
const CODE: [u8; 156] = [
    0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0, 0xbc, 0x00, 0x7c, 0xbf, 0x00, 0x10, 0xb9,
    0x00, 0x18, 0xfc, 0xf3, 0xab, 0x66, 0xc7, 0x06, 0x00, 0x10, 0x03, 0x20, 0x00, 0x00, 0x66, 0xc7,
    0x06, 0x00, 0x20, 0x03, 0x30, 0x00, 0x00, 0x66, 0xc7, 0x06, 0x00, 0x30, 0x83, 0x00, 0x00, 0x00,
    0x66, 0xb8, 0x20, 0x00, 0x00, 0x00, 0x0f, 0x22, 0xe0, 0x66, 0xb8, 0x00, 0x10, 0x00, 0x00, 0x0f,
    0x22, 0xd8, 0x66, 0xb9, 0x80, 0x00, 0x00, 0xc0, 0x0f, 0x32, 0x0d, 0x00, 0x01, 0x0f, 0x30, 0x0f,
    0x20, 0xc0, 0x66, 0x0d, 0x01, 0x00, 0x00, 0x80, 0x0f, 0x22, 0xc0, 0x0f, 0x01, 0x16, 0x98, 0x7c,
    0xea, 0x65, 0x7c, 0x08, 0x00, 0xb8, 0x10, 0x00, 0x00, 0x00, 0x8e, 0xd8, 0x31, 0xc0, 0x0f, 0xa2,
    0xb9, 0x00, 0xe1, 0xf5, 0x05, 0xff, 0xc9, 0x75, 0xfc, 0xb0, 0x2a, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9a, 0x20, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x92, 0x00, 0x00, 0x17, 0x00, 0x80, 0x7c,
];

/// The sector, which ends in the mark of one that boots.
fn sector() -> Vec<u8> {
    let mut sector = CODE.to_vec();
    sector.resize(510, 0);
    sector.extend([0x55, 0xAA]);
    sector
}

/// What was found, and when.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    /// The kernel's name for the time since the server started.
    boot: String,
    /// Whether it booted.
    boots: bool,
}

/// Finds out whether it boots, unless that is known. Who cannot keep the answer does without KVM.
pub(super) async fn know(folder: &Path) {
    if !Path::new("/dev/kvm").exists() || known(folder).is_some() {
        return;
    }
    let boots = boots(folder).await;
    let text = serde_json::to_string(&Known { boot: boot(), boots }).unwrap_or_default();
    let _ = store::write(&folder.join(KEPT), &text);
}

/// Whether it boots, if that is known.
pub(super) fn known(folder: &Path) -> Option<bool> {
    let known: Known = serde_json::from_str(&store::read(&folder.join(KEPT)).ok()?).ok()?;
    (known.boot == boot()).then_some(known.boots)
}

fn boot() -> String {
    store::read(Path::new("/proc/sys/kernel/random/boot_id")).unwrap_or_default().trim().to_owned()
}

async fn boots(folder: &Path) -> bool {
    // Without access there is nothing to try.
    if OpenOptions::new().read(true).write(true).open("/dev/kvm").is_err() {
        return false;
    }
    let path = folder.join(".kvm");
    if store::write(&path, sector()).is_err() {
        return false;
    }
    let mut command = program::command(PROGRAM);
    command
        .args(["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-m", "16"])
        .args(["-accel", "kvm", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"])
        .args(["-drive", "file=.kvm,format=raw,if=ide"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let ended = timeout(PATIENCE, command.status()).await;
    let _ = std::fs::remove_file(&path);
    matches!(ended, Ok(Ok(status)) if status.code() == Some(REACHED))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_sector_is_what_its_source_says_and_boots() {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/qemu/kvm.s");
        let done = |command: &mut Command| {
            let ended = command.current_dir(&folder).stdin(Stdio::null()).output();
            ended.map(|ended| ended.status.code())
        };
        let assembled = done(Command::new("as").arg("--64").arg(source).args(["-o", "kvm.o"]));
        if assembled.is_err() || done(Command::new(PROGRAM).arg("--version")).is_err() {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: no assembler or no QEMU\n");
            return;
        }
        let words = ["-m", "elf_x86_64", "-Ttext", "0x7c00", "--oformat", "binary", "-e", "_start", "kvm.o"];
        assert_eq!(done(Command::new("ld").args(words).args(["-o", "made"])).unwrap(), Some(0));
        store::write(&folder.path().join("kept"), sector()).unwrap();
        assert_eq!(done(Command::new("cmp").args(["made", "kept"])).unwrap(), Some(0));
        let words = ["-nodefaults", "-display", "none", "-no-reboot", "-accel", "tcg", "-m", "16", "-device"];
        let sector = ["isa-debug-exit,iobase=0xf4,iosize=1", "-drive", "file=kept,format=raw,if=ide"];
        assert_eq!(done(Command::new(PROGRAM).args(words).args(sector)).unwrap(), Some(REACHED));
    }
}
