//! One run at a time: a lock that the kernel gives back whatever becomes of its holder.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::ApplyError;
use super::place::{Missing, Root};
use super::state::LOCK;

/// Held while a plan is made and carried out.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(root: &Root) -> Result<Self, ApplyError> {
        let path = Path::new(LOCK);
        let failed = |error: &io::Error| ApplyError::file(path, error);
        let (folder, name) = root.parent(path, Missing::IsMade).map_err(|error| failed(&error))?;
        let mut file = folder.open(OsStr::new(name)).map_err(|error| failed(&error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(ApplyError::Locked { pid: holder(&mut file) }),
            Err(error) => return Err(failed(&error.into())),
        }
        sign(&mut file).map_err(|error| failed(&error))?;
        Ok(Self { _file: file })
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_who_has_it_and_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let held = Lock::take(&root).unwrap();
        let pid = Some(std::process::id());
        assert_eq!(Lock::take(&root).unwrap_err(), ApplyError::Locked { pid });
        drop(held);
        assert!(Lock::take(&root).is_ok());
    }
}
