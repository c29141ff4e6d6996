//! Comparing what is wanted with what is there.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Content, FileSet, GeneratedFile};
use crate::source::World;

/// One file of a set, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path, without the root.
    pub path: PathBuf,
    /// What is there; `None` for nothing and for what cannot be read.
    pub old: Option<Content>,
    /// What is wanted.
    pub new: Content,
    /// How they differ.
    pub kind: ChangeKind,
}

/// How a file differs from what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Nothing is there.
    Created,
    /// Something else is there, or something that cannot be read.
    Changed,
    /// It is there already.
    Unchanged,
}

/// Compares each file of `wanted` with what `world` has for it under `root`. A link is never followed.
/// Permissions are not compared: whoever writes a file sets them.
pub fn compare(wanted: &FileSet, world: &dyn World, root: &Path) -> Vec<FileChange> {
    wanted.files.iter().map(|file| compare_one(file, world, root)).collect()
}

fn compare_one(file: &GeneratedFile, world: &dyn World, root: &Path) -> FileChange {
    let relative = file.path.strip_prefix("/").unwrap_or(&file.path);
    let found = content(world, &root.join(relative));
    let kind = match &found {
        Ok(content) if *content == file.content => ChangeKind::Unchanged,
        Err(error) if error.kind() == ErrorKind::NotFound => ChangeKind::Created,
        Ok(_) | Err(_) => ChangeKind::Changed,
    };
    FileChange { path: file.path.clone(), old: found.ok(), new: file.content.clone(), kind }
}

fn content(world: &dyn World, path: &Path) -> io::Result<Content> {
    match world.read_link(path) {
        Ok(target) => Ok(Content::Link(target)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(error),
        Err(_) => {
            let text = String::from_utf8(world.read(path)?);
            text.map(Content::Text).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
        }
    }
}
