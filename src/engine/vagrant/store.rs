//! The folder below which machines, their notes and Vagrant's own files are kept.
//!
//! `ID/` is a machine: the `Vagrantfile`, its data, the `environment`, galerne's note `galerne.json`, the `log` of what Vagrant
//! did, and Vagrant's `.vagrant`. Its name never changes, as Vagrant and its providers keep paths; the name that galerne knows it
//! by is in the note. A folder with a Vagrantfile and without our note is foreign. `.home/` is Vagrant's own; `.boxes/KEY` notes a
//! box that is there. What is being made or removed begins with a dot.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::engine::attended::store::remove;
pub(super) use crate::engine::attended::store::{discard, is_marked, make, mark, read, write};
use crate::plan::sha256;
use crate::run_spec::{Provider, RunSpec, Source};

/// The note on a machine that galerne made.
const NOTE: &str = "galerne.json";

/// How long another run of Vagrant on the same machine is waited for.
const OTHER_RUN: Duration = Duration::from_mins(10);

/// What galerne notes of a machine, as labels are in Docker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    /// The name under which it is known to galerne.
    pub(super) name: String,
    /// What `--root` says.
    pub(super) root: PathBuf,
    /// The digest of the run spec.
    pub(super) digest: String,
    /// What it runs; its environment is in a file of its own.
    pub(super) spec: RunSpec,
}

impl Note {
    /// What runs it.
    pub(super) fn provider(&self) -> Provider {
        self.spec.source.provider.unwrap_or(Provider::Docker)
    }
}

/// A machine's folder and its note; a foreign one has none.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) folder: PathBuf,
    pub(super) note: Option<Note>,
}

impl Found {
    /// The name that people know it by.
    pub(super) fn name(&self) -> &str {
        self.note.as_ref().map_or(&self.id, |note| &note.name)
    }

    /// What runs it; Docker for a foreign one.
    pub(super) fn provider(&self) -> Provider {
        self.note.as_ref().map_or(Provider::Docker, Note::provider)
    }

    /// The provider's own name for the machine, as Vagrant keeps it; none before it is made.
    pub(super) fn provider_id(&self) -> Option<String> {
        let name = self.note.as_ref()?.spec.name.as_str();
        let folder = self.folder.join(".vagrant/machines").join(name).join(self.provider().name());
        Some(read(&folder.join("id")).ok()?.trim().to_owned()).filter(|id| !id.is_empty())
    }

    /// Waits until nobody else has Vagrant work on the machine, and keeps others from it: also a run of Vagrant that outlives
    /// the galerne that began it, as it holds the file.
    pub(super) async fn lock(&self) -> io::Result<File> {
        let path = self.folder.join("lock");
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        let deadline = Instant::now() + OTHER_RUN;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The folder of machines.
#[derive(Debug, Clone)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Vagrant's own files: boxes, its index of machines.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.join(".home")
    }

    /// All machines, in the order of their folders; those of another root than `root` as foreign ones.
    pub(super) fn list(&self, root: &Path) -> io::Result<Vec<Found>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let folder = entry?.path();
            let id = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if id.is_empty() || id.starts_with('.') || !folder.join("Vagrantfile").is_file() {
                continue;
            }
            let note = read_note(&folder).filter(|note| note.root == root);
            found.push(Found { id, folder, note });
        }
        found.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(found)
    }

    /// What stands for the box of `source` in file names.
    pub(super) fn key(source: &Source) -> String {
        let provider = source.provider.map_or("", Provider::name);
        let key = sha256(format!("{provider}\n{}\n{}", source.image, source.tag).as_bytes());
        key.get(..32).unwrap_or_default().to_owned()
    }

    /// Where the note of the box of `source` is, or is to be.
    pub(super) fn kept(&self, source: &Source) -> PathBuf {
        self.folder.join(".boxes").join(Self::key(source))
    }

    /// A new empty folder for the machine that is being made.
    pub(super) fn making(&self) -> io::Result<PathBuf> {
        let folder = self.folder.join(".making");
        remove(&folder)?;
        make(&folder)?;
        Ok(folder)
    }
}

fn read_note(folder: &Path) -> Option<Note> {
    serde_json::from_str(&read(&folder.join(NOTE)).ok()?).ok()
}

/// Notes what is known of the machine in `folder`.
pub(super) fn write_note(folder: &Path, note: &Note) -> io::Result<()> {
    let text = serde_json::to_string_pretty(note)?;
    write(&folder.join(NOTE), &text)
}
