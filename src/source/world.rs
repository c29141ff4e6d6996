//! The one door through which files are read: the disk, or a map in memory for tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::MAX_FILE_BYTES;
use crate::phrase;

/// What can be read.
pub trait World {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// As the system says; `FileTooLarge` past [`MAX_FILE_BYTES`]; `InvalidInput` for what is no file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The paths of the files directly in the folder `path`, in the order of their names; sub-folders are left out.
    ///
    /// # Errors
    /// As the system says, `NotFound` among others.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// The folders directly in the folder `path`, in the order of their names.
    ///
    /// # Errors
    /// As the system says, `NotFound` among others.
    fn folders(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// Where the symbolic link at `path` points.
    ///
    /// # Errors
    /// As the system says: `NotFound` for nothing, `InvalidInput` for what is no link.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf>;

    /// The path of what is at `path` when all links are followed.
    ///
    /// # Errors
    /// As the system says, `NotFound` for a link to nothing.
    fn real(&self, path: &Path) -> io::Result<PathBuf>;
}

/// The machine's own files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                phrase!("file-not-regular", "not a regular file"),
            ));
        }
        // With room for one byte more, a file that has not grown is read at once.
        let size = metadata.len().min(MAX_FILE_BYTES) + 1;
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                phrase!("file-large", "larger than 16 MiB"),
            ));
        }
        Ok(bytes)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            // Only of a link must be asked what it leads to.
            let kind = entry.file_type()?;
            if kind.is_file() || kind.is_symlink() && entry.path().is_file() {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn folders(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(path)? {
            let path = entry?.path();
            if path.is_dir() {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }
}

/// Files in memory, for tests and for what the binary carries.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    links: BTreeMap<PathBuf, PathBuf>,
}

impl Memory {
    /// Adds a symbolic link at `path`, which is not followed by reading.
    #[must_use]
    pub fn with_link(mut self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        self.links.insert(path.into(), target.into());
        self
    }
}

impl<P: Into<PathBuf>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        Self {
            files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect(),
            links: BTreeMap::new(),
        }
    }
}

impl World for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let inside: Vec<_> = self.files.keys().filter(|file| file.parent() == Some(path)).cloned().collect();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn folders(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let below = self.files.keys().filter_map(|file| file.strip_prefix(path).ok());
        let mut inside: Vec<PathBuf> = below
            .filter(|rest| rest.components().count() > 1)
            .filter_map(|rest| rest.components().next())
            .map(|first| path.join(first))
            .collect();
        inside.dedup();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        if let Some(target) = self.links.get(path) {
            return Ok(target.clone());
        }
        let kind =
            if self.files.contains_key(path) { io::ErrorKind::InvalidInput } else { io::ErrorKind::NotFound };
        Err(kind.into())
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(self.links.get(path).cloned().unwrap_or_else(|| path.to_owned()))
    }
}
