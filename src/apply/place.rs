//! Places under the root, reached without being led astray.
//!
//! In: paths as the configuration has them. Out: open folders, and single effects in them. The invariants: nothing
//! outside the root is reached, whatever links are on the way; a link is followed only if root or this user
//! made it, so that nobody else can send an effect elsewhere; the last part of a path is never followed.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FileType, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::folder::Folder;
use crate::phrase;

/// How many links one path may have, as in the kernel.
const MOST_LINKS: usize = 40;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// What is done about a folder that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// It is an error.
    Fails,
    /// It is made, as `0755`.
    IsMade,
}

/// The folder that all paths are under: `/`, or what `--root` says.
#[derive(Debug)]
pub(super) struct Root {
    fd: OwnedFd,
    path: PathBuf,
}

impl Root {
    /// Opens the root, which is made if it does not exist.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = fs::openat(CWD, path, flags, Mode::empty())?;
        Ok(Self { fd, path: path.to_owned() })
    }

    /// The way to `path` for other programs.
    pub(super) fn outside(&self, path: &Path) -> PathBuf {
        self.path.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Whether it is that of the machine itself.
    pub(super) fn is_of_the_machine(&self) -> bool {
        self.path == Path::new("/")
    }

    /// Opens a folder.
    pub(super) fn folder(&self, path: &Path, missing: Missing) -> io::Result<Folder> {
        let mut walk = Walk { stack: vec![self.fd.try_clone()?], todo: parts(path)?, links: 0 };
        while let Some(part) = walk.todo.pop_front() {
            walk.step(&part, missing)?;
        }
        let fd = walk.stack.pop().ok_or(io::ErrorKind::NotFound)?;
        Ok(Folder::new(fd))
    }

    /// Opens the folder of a file, and gives the file's name in it.
    pub(super) fn parent<'a>(&self, path: &'a Path, missing: Missing) -> io::Result<(Folder, &'a OsStr)> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = self.folder(path.parent().unwrap_or(Path::new("/")), missing)?;
        Ok((folder, name))
    }

    /// Makes a folder that `owner` owns, and those above it; leaves one that exists as it is. It appears under its
    /// name only once it has its owner.
    pub(super) fn make_folder(&self, path: &Path, owner: Option<(u32, u32)>) -> io::Result<()> {
        match self.folder(path, Missing::Fails) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found.map(|_| ()),
        }
        let (above, name) = self.parent(path, Missing::IsMade)?;
        let owner = owner.map(|(user, group)| (Uid::from_raw(user), Gid::from_raw(group)));
        above.make_folder(name, owner)
    }
}

/// The way to a folder, chroot-like: the folders passed, and the parts still to go.
struct Walk {
    stack: Vec<OwnedFd>,
    todo: VecDeque<OsString>,
    links: usize,
}

impl Walk {
    fn step(&mut self, part: &OsStr, missing: Missing) -> io::Result<()> {
        if part == ".." {
            // Above the root is the root.
            if self.stack.len() > 1 {
                self.stack.pop();
            }
            return Ok(());
        }
        let here = self.stack.last().ok_or(io::ErrorKind::NotFound)?;
        match fs::openat(here, part, FOLDER, Mode::empty()) {
            Ok(fd) => self.stack.push(fd),
            Err(Errno::NOENT) if missing == Missing::IsMade => {
                let fd = make(here, part)?;
                self.stack.push(fd);
            }
            Err(Errno::NOTDIR | Errno::LOOP) => self.follow(part)?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn follow(&mut self, part: &OsStr) -> io::Result<()> {
        let here = self.stack.last().ok_or(io::ErrorKind::NotFound)?;
        let found = fs::statat(here, part, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(found.st_mode) != FileType::Symlink {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        if found.st_uid != 0 && found.st_uid != nix::unistd::geteuid().as_raw() {
            let user = found.st_uid;
            let part = part.display().to_string();
            let words =
                phrase!("link-of-user", "the user {user} made the link {part}", user = user, part = part);
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
        }
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        let target = fs::readlinkat(here, part, Vec::new())?.into_bytes();
        let target = PathBuf::from(OsString::from_vec(target));
        if target.is_absolute() {
            self.stack.truncate(1);
        }
        for part in link_parts(&target).into_iter().rev() {
            self.todo.push_front(part);
        }
        Ok(())
    }
}

fn make(here: &OwnedFd, part: &OsStr) -> io::Result<OwnedFd> {
    match fs::mkdirat(here, part, Mode::from_raw_mode(0o755)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    fs::fsync(here)?;
    Ok(fs::openat(here, part, FOLDER, Mode::empty())?)
}

/// The parts of a path of the configuration, which never leads upwards.
fn parts(path: &Path) -> io::Result<VecDeque<OsString>> {
    if path.components().any(|part| part == Component::ParentDir) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(link_parts(path))
}

fn link_parts(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_never_leads_out_of_the_root() {
        let outside = tempfile::tempdir().unwrap();
        let inside = tempfile::tempdir().unwrap();
        symlink(outside.path(), inside.path().join("etc")).unwrap();
        let root = Root::open(inside.path()).unwrap();
        let folder = root.folder(Path::new("/etc/nginx"), Missing::IsMade);
        assert!(folder.is_ok());
        assert!(outside.path().read_dir().unwrap().next().is_none());
        let led_back = inside.path().join(outside.path().strip_prefix("/").unwrap());
        assert!(led_back.join("nginx").is_dir());
    }

    #[test]
    fn a_relative_link_is_followed_and_stops_at_the_root() {
        let inside = tempfile::tempdir().unwrap();
        symlink("../../../../srv", inside.path().join("var")).unwrap();
        let root = Root::open(inside.path()).unwrap();
        root.folder(Path::new("/var/lib"), Missing::IsMade).unwrap();
        assert!(inside.path().join("srv/lib").is_dir());
    }

    #[test]
    fn links_in_a_circle_and_paths_upwards_are_refused() {
        let inside = tempfile::tempdir().unwrap();
        symlink("b", inside.path().join("a")).unwrap();
        symlink("a", inside.path().join("b")).unwrap();
        let root = Root::open(inside.path()).unwrap();
        assert!(root.folder(Path::new("/a"), Missing::IsMade).is_err());
        assert!(root.folder(Path::new("/x/../../y"), Missing::IsMade).is_err());
    }

    #[test]
    fn a_folder_that_exists_is_left_as_it_is() {
        let inside = tempfile::tempdir().unwrap();
        let root = Root::open(inside.path()).unwrap();
        let path = Path::new("/srv/wiki/data");
        root.make_folder(path, None).unwrap();
        let file = inside.path().join("srv/wiki/data/kept");
        std::fs::File::create(&file).unwrap();
        root.make_folder(path, None).unwrap();
        assert!(file.exists());
    }
}
