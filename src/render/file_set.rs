//! The files that a configuration amounts to, before any of them is written.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::run_spec::ContainerName;

/// What is generated, in the order in which it is to be written, and what is not any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSet {
    /// The files; no two have one path.
    pub files: Vec<GeneratedFile>,
    /// Files that are switched off and are to go, whoever made them.
    #[serde(default)]
    pub removed: Vec<PathBuf>,
}

/// One file that is generated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratedFile {
    /// Where it is to be, absolute, without `--root`.
    pub path: PathBuf,
    /// What it is to hold.
    pub content: Content,
    /// Its permissions, such as `0o644`; of no meaning for a link.
    pub mode: u32,
    /// Whose it is to be.
    #[serde(default)]
    pub owner: Ownership,
    /// Whether its folder is made where it is missing; else that is an error.
    #[serde(default = "yes")]
    pub makes_folder: bool,
    /// Whether it stays where it is once it is no longer generated.
    #[serde(default)]
    pub stays: bool,
    /// The command that must accept it before it takes its place.
    #[serde(default)]
    pub validator: Option<Validator>,
    /// The container that it serves; none if it serves them all. The file of a container that could not be
    /// replaced stays as it was.
    #[serde(default)]
    pub container: Option<ContainerName>,
    /// Who reads it.
    pub reader: Reader,
}

fn yes() -> bool {
    true
}

impl GeneratedFile {
    /// A file for everybody to read, of nobody's in particular, in a folder that is made.
    pub fn new(path: impl Into<PathBuf>, content: Content) -> Self {
        Self {
            path: path.into(),
            content,
            mode: 0o644,
            owner: Ownership::default(),
            makes_folder: true,
            stays: false,
            validator: None,
            container: None,
            reader: Reader::Anyone,
        }
    }
}

/// The names of the user and the group that a file is to belong to; without one, it is that of who writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A command, never given to a shell, that judges the file in the place of the word `{}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

impl Validator {
    /// The command that `text` writes, its words parted by white space; none without a program or without the word `{}`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace().map(str::to_owned);
        let (program, arguments) = (words.next()?, words.collect::<Vec<_>>());
        arguments.iter().any(|word| word == "{}").then_some(Self { program, arguments })
    }
}

/// What a generated file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A text.
    Text(String),
    /// A symbolic link to this path.
    Link(PathBuf),
}

/// The program that reads a generated file, and so must accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// nginx: it is reloaded when the file changes.
    Nginx,
    /// Traefik: it is told to read it again when it changes.
    Traefik,
    /// Traefik, when it starts: it is started again when it changes.
    TraefikStart,
    /// Nobody that needs to be told.
    Anyone,
}
