//! An archive of a few files that a kernel lays over its first root file system.
//!
//! It stands before the one that is given: Linux unpacks as many as follow each other, compressed or not. The form is cpio's
//! "newc" (`Documentation/driver-api/early-userspace/buffer-format.rst` of Linux).

/// The kinds of entries, and the rights of their owner alone.
const FOLDER: usize = 0o040_700;
const FILE: usize = 0o100_600;

/// Archives begin where the kernel looks for them: at multiples of this.
const ALIGNED: usize = 512;

/// The folder `name` with `files` in it, as an archive.
pub(super) fn of(name: &str, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    entry(&mut archive, name, FOLDER, &[]);
    for (file, bytes) in files {
        entry(&mut archive, &format!("{name}/{file}"), FILE, bytes);
    }
    entry(&mut archive, "TRAILER!!!", 0, &[]);
    archive.resize(archive.len().next_multiple_of(ALIGNED), 0);
    archive
}

fn entry(archive: &mut Vec<u8>, name: &str, mode: usize, bytes: &[u8]) {
    // Of the inode, mode, owner, group, links, time, size, device (two), special device (two), length of the name and check,
    // these say something.
    let fields =
        [0, mode, 0, 0, 1, 0, bytes.len(), 0, 0, 0, 0, name.len() + 1, 0].map(|field| format!("{field:08X}"));
    archive.extend(b"070701");
    archive.extend(fields.concat().bytes());
    archive.extend(name.bytes());
    archive.push(0);
    archive.resize(archive.len().next_multiple_of(4), 0);
    archive.extend(bytes);
    archive.resize(archive.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;
    use crate::engine::attended::store;

    #[test]
    fn cpio_reads_it() {
        let archive = of("galerne", &[("hostname", b"wiki\n".to_vec()), ("odd", vec![1, 2, 3, 4, 5])]);
        let folder = tempfile::tempdir().unwrap();
        let mut cpio = Command::new("cpio")
            .args(["--extract", "--quiet", "--make-directories"])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        cpio.stdin.take().unwrap().write_all(&archive).unwrap();
        assert!(cpio.wait().unwrap().success());
        let read = |name: &str| store::read(&folder.path().join("galerne").join(name)).unwrap();
        assert_eq!((read("hostname"), read("odd")), ("wiki\n".to_owned(), "\x01\x02\x03\x04\x05".to_owned()));
        assert_eq!(archive.len() % ALIGNED, 0);
    }
}
