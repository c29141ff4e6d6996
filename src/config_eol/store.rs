//! The file of the saved values: read whole, written whole.
//!
//! A write makes a new file beside the old one, readable by its owner alone from its first instant, fills it, and
//! renames it. Whoever is killed at any instant leaves the old file or the new one, and perhaps the one beside, which
//! the next write removes. Links are never followed to the file: one in its place is refused. The folder is
//! opened once, so that nobody can put another in its place meanwhile.

use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Stat, Uid};

use super::lock::Lock;
use super::mask::masked;
use super::parse::parse;
use super::problem::ConfigError;
use super::saved::Saved;
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::{Sources, World};

/// Only its owner reads and writes the file: passwords are among the values.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Reads the saved values at `path`; where there is no file, nothing is saved. What `sources` is given to show in
/// diagnostics is the text with its values hidden. `None` if anything was found.
pub fn load(world: &dyn World, path: &Path, sources: &mut Sources, findings: &mut Findings) -> Option<Saved> {
    let text = world.read(path).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| io::Error::new(ErrorKind::InvalidData, error.utf8_error()))
    });
    match text {
        Ok(text) => parse(&text, sources.add(path, masked(&text)), findings),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(Saved::empty()),
        Err(error) => {
            let reason = (&error).into();
            findings.push(Finding::new(ConfigError::Unreadable { path: path.to_owned(), reason }));
            None
        }
    }
}

/// Puts a file with `text` in the place of the one at `path`, with mode 0600 and the owner and group of that one, and
/// makes its folder where there is none. On return it is on the disk. Only who holds the lock may write.
///
/// # Errors
/// Where the system refuses a step, or what is at `path` is no regular file; the former file is then still in place.
pub fn write(path: &Path, text: &str, _held: &Lock) -> Result<(), ConfigError> {
    replace(path, text)
        .map_err(|error| ConfigError::NotWritten { path: path.to_owned(), reason: (&error).into() })
}

/// Makes the folder `path` and those above it that are missing, each safely on the disk.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().unwrap_or(Path::new("."));
    make_folder(above)?;
    match DirBuilder::new().mode(0o755).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(rustix::fs::fsync(open_folder(above)?)?),
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let no_file =
        || io::Error::new(ErrorKind::InvalidInput, phrase!("file-no-name", "not the name of a file"));
    let (above, name) = (path.parent().ok_or_else(no_file)?, path.file_name().ok_or_else(no_file)?);
    make_folder(above)?;
    let folder = open_folder(above)?;
    let former = former(&folder, name)?;
    let beside = beside(name);
    remove(&folder, &beside)?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::openat(&folder, &beside, flags, PRIVATE)?);
    let done = fill(file, text, former.as_ref())
        .and_then(|()| Ok(rustix::fs::renameat(&folder, &beside, &folder, name)?));
    if done.is_err() {
        // The first error is the one to tell; what is left here is removed by the next write.
        let _ = remove(&folder, &beside);
    }
    done?;
    Ok(rustix::fs::fsync(&folder)?)
}

/// The name of the new file until it is whole. One name is enough, as one writer holds the lock.
fn beside(name: &OsStr) -> OsString {
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(".galerne-new");
    beside
}

fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// The file that is to be replaced, if there is one.
fn former(folder: &OwnedFd, name: &OsStr) -> io::Result<Option<Stat>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode).is_file() => Ok(Some(stat)),
        Ok(_) => Err(io::Error::new(
            ErrorKind::InvalidInput,
            phrase!("file-there-not-regular", "what is there is no regular file"),
        )),
        Err(rustix::io::Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn remove(folder: &OwnedFd, name: &OsStr) -> io::Result<()> {
    match rustix::fs::unlinkat(folder, name, AtFlags::empty()) {
        Err(error) if error != rustix::io::Errno::NOENT => Err(error.into()),
        _ => Ok(()),
    }
}

/// Gives the new file its owner and its text, and waits until it is on the disk.
fn fill(mut file: File, text: &str, former: Option<&Stat>) -> io::Result<()> {
    // The umask may have taken rights away.
    rustix::fs::fchmod(&file, PRIVATE)?;
    let stat = rustix::fs::fstat(&file)?;
    if let Some(former) = former
        && (former.st_uid, former.st_gid) != (stat.st_uid, stat.st_gid)
    {
        rustix::fs::fchown(&file, Some(Uid::from_raw(former.st_uid)), Some(Gid::from_raw(former.st_gid)))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
