//! One writer at a time: an advisory lock on a file that says who holds it.
//!
//! The lock is the kernel's (`flock`), so that it ends with its holder, however that ends. The file is private, as
//! whoever can open it can lock it; it stays when the lock is given back, as removing it would let two hold it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::problem::ConfigError;
use super::store::make_folder;
use crate::phrase;

/// How often a lock that somebody else holds is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to change the saved values; given back when dropped.
#[derive(Debug)]
#[must_use = "a lock is given back when it is dropped"]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock at `path`, and makes the file and its folder where there is none.
    ///
    /// # Errors
    /// [`ConfigError::Held`] where somebody else holds it, [`ConfigError::NotLockable`] where the system refuses.
    pub fn try_lock(path: &Path) -> Result<Self, ConfigError> {
        let refused =
            |error: io::Error| ConfigError::NotLockable { path: path.to_owned(), reason: (&error).into() };
        let mut file = open(path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => sign(&mut file).map_err(refused)?,
            Err(TryLockError::WouldBlock) => {
                return Err(ConfigError::Held { path: path.to_owned(), holder: holder(&file) });
            }
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        Ok(Self { file })
    }

    /// Takes the lock at `path`, and waits for it no longer than `patience`.
    ///
    /// # Errors
    /// As [`Self::try_lock`].
    pub fn lock_within(path: &Path, patience: Duration) -> Result<Self, ConfigError> {
        let begun = Instant::now();
        loop {
            match Self::try_lock(path) {
                Err(ConfigError::Held { .. }) if begun.elapsed() < patience => {
                    thread::sleep(PAUSE.min(patience.saturating_sub(begun.elapsed())));
                }
                taken => return taken,
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An old number misleads at worst a message; the lock itself ends with the file's closing.
        let _ = self.file.set_len(0);
    }
}

/// Opens the lock file, never through a link, and without waiting should it be a pipe.
fn open(path: &Path) -> io::Result<File> {
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    let flags = nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(flags)
        .open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(ErrorKind::InvalidInput, phrase!("file-not-regular", "not a regular file")))
    }
}

/// Writes into the file who holds it.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

/// Who says that he holds the lock.
fn holder(file: &File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
