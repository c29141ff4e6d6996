//! The folder below which containers, their notes and the images they are made from are kept.
//!
//! `ID/` is a container: a file by which the engine knows it, galerne's `galerne.json`, the `log` of what it wrote, and what its
//! attendant keeps. A container without our note is foreign. `.images/KEY/` is an image. What is being made or
//! removed has a name of its own, so that a killed run leaves nothing half-done behind under a name that counts. Nobody
//! but root may look in: a program of a container that runs as its owner would run as the host's.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::plan::sha256;
use crate::run_spec::{RunSpec, Source};

/// The note on a container that galerne made.
const NOTE: &str = "galerne.json";

/// The mark of a container that is to run.
const MARK: &str = "runs";

/// How much of a note or a configuration is read.
const MOST: u64 = 16 * 1024 * 1024;

/// What galerne notes of a container, as labels are in Docker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::engine) struct Note {
    /// The name under which it is known to galerne, which may change while it runs.
    pub(in crate::engine) name: String,
    /// What `--root` says.
    pub(in crate::engine) root: PathBuf,
    /// The digest of the run spec.
    pub(in crate::engine) digest: String,
    /// Its own address.
    pub(in crate::engine) address: Ipv4Addr,
    /// What it runs; its environment is in the configuration alone.
    pub(in crate::engine) spec: RunSpec,
}

/// A container's folder and its note; a foreign one has none.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Found {
    pub(in crate::engine) id: String,
    pub(in crate::engine) folder: PathBuf,
    pub(in crate::engine) note: Option<Note>,
}

impl Found {
    /// The name that people know it by.
    pub(in crate::engine) fn name(&self) -> &str {
        self.note.as_ref().map_or(&self.id, |note| &note.name)
    }
}

/// The folder of containers.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Store {
    folder: PathBuf,
    /// The file that each container has.
    mark: &'static str,
}

impl Store {
    pub(in crate::engine) fn new(folder: PathBuf, mark: &'static str) -> Self {
        Self { folder, mark }
    }

    pub(in crate::engine) fn folder(&self) -> &Path {
        &self.folder
    }

    /// All containers, in the order of their folders; those of another root than `root` as foreign ones.
    pub(in crate::engine) fn list(&self, root: &Path) -> io::Result<Vec<Found>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let folder = entry?.path();
            let id = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if id.is_empty() || id.starts_with('.') || !folder.join(self.mark).is_file() {
                continue;
            }
            let note = read_note(&folder).filter(|note| note.root == root);
            found.push(Found { id, folder, note });
        }
        found.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(found)
    }

    /// Where the image of `source` is, or is to be.
    pub(in crate::engine) fn image(&self, source: &Source) -> PathBuf {
        let key = sha256(format!("{}\n{}", source.image, source.tag).as_bytes());
        self.folder.join(".images").join(key.get(..32).unwrap_or_default())
    }

    /// A new empty folder for what is being made, whose name begins with a dot.
    pub(in crate::engine) fn making(&self, what: &str) -> io::Result<PathBuf> {
        let folder = self.folder.join(format!(".making-{what}"));
        remove(&folder)?;
        make(&folder)?;
        Ok(folder)
    }
}

/// Makes a folder that nobody else may look into, and those above it.
pub(in crate::engine) fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Removes a folder with all in it; no link in it is followed.
pub(in crate::engine) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes a container's folder, which ceases to count at once.
pub(in crate::engine) fn discard(folder: &Path) -> io::Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let gone = folder.with_file_name(format!(".gone-{name}"));
    remove(&gone)?;
    match fs::rename(folder, &gone) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => remove(&gone),
    }
}

/// What galerne noted of the container in `folder`; none of a foreign one.
pub(in crate::engine) fn read_note(folder: &Path) -> Option<Note> {
    serde_json::from_str(&read(&folder.join(NOTE)).ok()?).ok()
}

/// Notes what is known of the container in `folder`.
pub(in crate::engine) fn write_note(folder: &Path, note: &Note) -> io::Result<()> {
    let text = serde_json::to_string_pretty(note)?;
    write(&folder.join(NOTE), &text)
}

/// Marks the container in `folder` as one that is to run, or not.
pub(in crate::engine) fn mark(folder: &Path, runs: bool) -> io::Result<()> {
    if runs {
        return write(&folder.join(MARK), "");
    }
    match fs::remove_file(folder.join(MARK)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Whether it is marked so.
pub(in crate::engine) fn is_marked(folder: &Path) -> bool {
    folder.join(MARK).is_file()
}

/// Reads a file of ours.
pub(in crate::engine) fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

/// Writes a file of ours, whole or not at all.
pub(in crate::engine) fn write(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_ref())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
