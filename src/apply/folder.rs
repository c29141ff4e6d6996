//! Single effects on the names of one open folder, none of which follows a link.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use rustix::fs::{self, AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::Errno;

use crate::plan::{OnDisk, sha256};
use crate::render::Content;
use crate::source::MAX_FILE_BYTES;

/// The numbers of the user and the group that a file is to belong to; without one, that of who writes it.
pub(super) type Numbers = (Option<u32>, Option<u32>);

/// What is to stand under a name.
#[derive(Debug, Clone)]
pub(super) struct Next {
    /// What it holds.
    pub(super) content: Content,
    /// Its permissions; of no meaning for a link.
    pub(super) mode: u32,
    /// Whose it is.
    pub(super) owner: Numbers,
}

/// How the names end of files that are being made.
const STAGED: &str = ".galerne-new";

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
}

impl Folder {
    pub(super) fn new(fd: OwnedFd) -> Self {
        Self { fd }
    }

    /// What stands under `name`, if anything does.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<Option<OnDisk>> {
        let found = match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => OnDisk::File {
                digest: sha256(&self.read(name)?.unwrap_or_default()),
                mode: found.st_mode & 0o7777,
                user: found.st_uid,
                group: found.st_gid,
            },
            FileType::Symlink => OnDisk::Link(self.target(name)?),
            _ => OnDisk::Other,
        }))
    }

    /// The names in it, in their order.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(&self.fd)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Removes what is left of files that were being made when their run was killed. Only who holds the lock may.
    pub(super) fn sweep(&self) -> io::Result<()> {
        let is_left = |name: &&OsString| {
            let name = name.as_bytes();
            // That one is made without the lock.
            name.starts_with(b".") && name.ends_with(STAGED.as_bytes()) && !name.starts_with(b".instanciated")
        };
        self.names()?.iter().filter(is_left).try_for_each(|name| self.remove(name))
    }

    /// The bytes of the file `name`, if it exists.
    pub(super) fn read(&self, name: &OsStr) -> io::Result<Option<Vec<u8>>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = match fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut bytes = Vec::new();
        File::from(fd).take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Opens the file `name` to read and write, and makes it if it does not exist.
    pub(super) fn open(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = fs::openat(&self.fd, name, flags, Mode::from_raw_mode(0o600))?;
        Ok(File::from(fd))
    }

    /// Opens the file `name` at its end, and makes it for its owner alone if it does not exist. A link or a pipe is refused.
    pub(super) fn append(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = fs::openat(&self.fd, name, flags | OFlags::NONBLOCK, Mode::from_raw_mode(0o600))?;
        let file = File::from(fd);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// Makes `name` anew, whole and durable, with its owner and permissions; what stood there is gone.
    pub(super) fn make(&self, name: &OsStr, next: &Next) -> io::Result<()> {
        self.remove(name)?;
        match &next.content {
            Content::Link(to) => fs::symlinkat(to, &self.fd, name)?,
            Content::Text(text) => self.make_file(name, text.as_bytes(), next.mode, next.owner)?,
        }
        Ok(())
    }

    /// Puts `bytes` under `name` at once: who reads it sees what was or what is.
    pub(super) fn replace(&self, name: &OsStr, bytes: &[u8], mode: u32) -> io::Result<()> {
        let staged = staged(name);
        self.remove(&staged)?;
        let replaced =
            self.make_file(&staged, bytes, mode, (None, None)).and_then(|()| self.rename(&staged, name));
        if replaced.is_err() {
            // A part of a file helps nobody, and takes room on a disk that may be full.
            let _ = self.remove(&staged);
        }
        replaced?;
        self.sync()
    }

    fn make_file(&self, name: &OsStr, bytes: &[u8], mode: u32, owner: Numbers) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = fs::openat(&self.fd, name, flags, Mode::from_raw_mode(0o600))?;
        let mut file = File::from(fd);
        file.write_all(bytes)?;
        // Before the permissions: a new owner takes the set-user-ID bit away.
        if let (user, group) = owner
            && (user.is_some() || group.is_some())
        {
            fs::fchown(&file, user.map(Uid::from_raw), group.map(Gid::from_raw))?;
        }
        fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        file.sync_all()
    }

    /// Gives what stands under `name` the second name `kept`.
    pub(super) fn keep(&self, name: &OsStr, kept: &OsStr) -> io::Result<()> {
        self.remove(kept)?;
        fs::linkat(&self.fd, name, &self.fd, kept, AtFlags::empty())?;
        Ok(())
    }

    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&self.fd, from, &self.fd, to)?)
    }

    /// Leaves what was `kept` for people, under the name `left`; that it is there no more is no error.
    pub(super) fn leave(&self, kept: &OsStr, left: &OsStr) -> io::Result<()> {
        match fs::renameat(&self.fd, kept, &self.fd, left) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file or a link; that there is none is no error.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the folder `name`, which appears once it has its owner.
    pub(super) fn make_folder(&self, name: &OsStr, owner: Option<(Uid, Gid)>) -> io::Result<()> {
        let staged = staged(name);
        match fs::mkdirat(&self.fd, &staged, Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let made = fs::openat(&self.fd, &staged, flags, Mode::empty())?;
        fs::fchmod(&made, Mode::from_raw_mode(0o755))?;
        if let Some((user, group)) = owner {
            fs::fchown(&made, Some(user), Some(group))?;
        }
        fs::renameat_with(&self.fd, &staged, &self.fd, name, RenameFlags::NOREPLACE)?;
        self.sync()
    }

    /// Makes what was done to names last.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(&self.fd)?)
    }

    fn target(&self, name: &OsStr) -> io::Result<PathBuf> {
        let target = fs::readlinkat(&self.fd, name, Vec::new())?.into_bytes();
        Ok(OsString::from_vec(target).into())
    }
}

/// The name under which the next content of `name` waits. It begins with a dot, so that no `*` matches it.
pub(super) fn staged(name: &OsStr) -> OsString {
    beside(name, STAGED)
}

/// The name under which the content before is kept.
pub(super) fn kept(name: &OsStr) -> OsString {
    beside(name, ".galerne-old")
}

/// The name under which what somebody changed by hand is left for them.
pub(super) fn left(name: &OsStr) -> OsString {
    let mut left = name.to_owned();
    left.push(".galerne-old");
    left
}

fn beside(name: &OsStr, suffix: &str) -> OsString {
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(suffix);
    beside
}
