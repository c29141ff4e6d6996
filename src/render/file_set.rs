//! The files that a configuration amounts to, before any of them is written.

use std::path::PathBuf;

use crate::run_spec::ContainerName;

/// What is generated, in the order in which it is to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    /// The files; no two have one path.
    pub files: Vec<GeneratedFile>,
}

/// One file that is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it is to be, absolute, without `--root`.
    pub path: PathBuf,
    /// What it is to hold.
    pub content: Content,
    /// Its permissions, such as `0o644`; of no meaning for a link.
    pub mode: u32,
    /// The container that it serves; none if it serves them all. The file of a container that could not be
    /// replaced stays as it was.
    pub container: Option<ContainerName>,
    /// Who reads it.
    pub reader: Reader,
}

/// What a generated file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(String),
    /// A symbolic link to this path.
    Link(PathBuf),
}

/// The program that reads a generated file, and so must accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// nginx: it is reloaded when the file changes.
    Nginx,
    /// Nobody that needs to be told.
    Anyone,
}
