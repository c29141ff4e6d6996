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

/// The sector, made of `kvm.s`.
const SECTOR: &[u8; 512] = include_bytes!("kvm.bin");

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
    if store::write(&path, SECTOR).is_err() {
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
        store::write(&folder.path().join("kept"), SECTOR).unwrap();
        assert_eq!(done(Command::new("cmp").args(["made", "kept"])).unwrap(), Some(0));
        let words = ["-nodefaults", "-display", "none", "-no-reboot", "-accel", "tcg", "-m", "16", "-device"];
        let sector = ["isa-debug-exit,iobase=0xf4,iosize=1", "-drive", "file=kept,format=raw,if=ide"];
        assert_eq!(done(Command::new(PROGRAM).args(words).args(sector)).unwrap(), Some(REACHED));
    }
}
