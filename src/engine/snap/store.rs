//! galerne's notes on snaps.
//!
//! snapd knows a snap by its own name alone. What galerne calls a container is a note in `lives/NAME`, so that it can have its
//! three lives; which of them a snap runs, and what was written for it, is in `snaps/SNAP.json`; and the files that were fetched
//! are in `images`. A note is made whole under another name, so that a killed run leaves nothing half-done under a name that counts.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::package::Package;
use crate::engine::attended::store::read;
pub(super) use crate::engine::attended::store::{make, remove};
use crate::plan::{image, sha256};
use crate::run_spec::{RunSpec, Source};

/// One life of a container.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Life {
    /// What it is known by, whatever its name.
    pub(super) id: String,
    /// What `--root` says.
    pub(super) root: PathBuf,
    /// The digest of the run spec.
    pub(super) digest: String,
    /// What it runs.
    pub(super) package: Package,
    /// The revision that snapd has of it, once it had run.
    pub(super) revision: Option<String>,
    /// The run spec, with its environment: nobody but root may read it.
    pub(super) spec: RunSpec,
}

/// A snap that galerne installed, or is about to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Holder {
    /// The life that it runs, or ran last.
    pub(super) life: Option<String>,
    /// The files of systemd's folder that were written for it.
    pub(super) units: Vec<String>,
    /// The settings that were made.
    pub(super) settings: Vec<String>,
}

/// The folder of notes.
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

    fn life_folder(&self, name: &str) -> PathBuf {
        self.folder.join("lives").join(name)
    }

    /// All lives of this root by their names.
    pub(super) fn lives(&self, root: &Path) -> io::Result<Vec<(String, Life)>> {
        let mut lives = Vec::new();
        for name in names(&self.folder.join("lives"))? {
            let life = note::<Life>(&self.life_folder(&name).join("life.json"));
            lives.extend(life.filter(|life| life.root == root).map(|life| (name, life)));
        }
        Ok(lives)
    }

    /// Makes or changes the note on `name`.
    pub(super) fn keep(&self, name: &str, life: &Life) -> io::Result<()> {
        let folder = self.life_folder(name);
        make(&folder)?;
        write(&folder.join("life.json"), &serde_json::to_string_pretty(life)?)
    }

    /// Gives the note on `name` another name.
    pub(super) fn rename(&self, name: &str, to: &str) -> io::Result<()> {
        fs::rename(self.life_folder(name), self.life_folder(to))
    }

    /// Takes the note on `name` away, which ceases to count at once.
    pub(super) fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.life_folder(name).join("life.json")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
        remove(&self.life_folder(name))
    }

    /// The snaps that galerne holds.
    pub(super) fn held(&self) -> io::Result<Vec<String>> {
        let names = names(&self.folder.join("snaps"))?;
        Ok(names.into_iter().filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect())
    }

    fn holder_file(&self, snap: &str) -> PathBuf {
        self.folder.join("snaps").join(format!("{snap}.json"))
    }

    /// What is noted of `snap`; none of one that is not galerne's.
    pub(super) fn holder(&self, snap: &str) -> Option<Holder> {
        note(&self.holder_file(snap))
    }

    /// Notes what is known of `snap`.
    pub(super) fn hold(&self, snap: &str, holder: &Holder) -> io::Result<()> {
        make(&self.folder.join("snaps"))?;
        write(&self.holder_file(snap), &serde_json::to_string_pretty(holder)?)
    }

    /// Lets go of `snap`.
    pub(super) fn let_go(&self, snap: &str) -> io::Result<()> {
        remove(&self.environment(snap))?;
        match fs::remove_file(self.holder_file(snap)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// The folder whose file `variables` is the environment of the services of `snap`.
    pub(super) fn environment(&self, snap: &str) -> PathBuf {
        self.folder.join("environments").join(snap)
    }

    /// Where what was fetched of `source` is, or is to be.
    pub(super) fn image(&self, source: &Source) -> PathBuf {
        let key = sha256(image(source).as_bytes());
        self.folder.join("images").join(key.get(..32).unwrap_or_default())
    }

    /// What was fetched of `source`, once it was.
    pub(super) fn package(&self, source: &Source) -> Option<Package> {
        let folder = self.image(source);
        note(&folder.join("package.json")).filter(|_| folder.join("snap").is_file())
    }

    /// A new empty folder for what is being made.
    pub(super) fn making(&self, what: &str) -> io::Result<PathBuf> {
        let folder = self.folder.join("making").join(what);
        remove(&folder)?;
        make(&folder)?;
        Ok(folder)
    }
}

/// The names in a folder, in their order; none where it is not there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

fn note<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_str(&read(path).ok()?).ok()
}

/// Writes a file of ours, whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    write_as(path, text, 0o600)
}

/// The same, with a mode.
pub(super) fn write_as(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".galerne-next");
    let beside = path.with_file_name(name);
    match fs::remove_file(&beside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed?,
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snap_is_held_until_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("snap"));
        assert!(store.held().unwrap().is_empty() && store.holder("wiki").is_none());
        let holder = Holder { settings: vec!["port".to_owned()], ..Holder::default() };
        store.hold("wiki", &holder).unwrap();
        assert_eq!(store.held().unwrap(), ["wiki"]);
        assert_eq!(store.holder("wiki").unwrap().settings, ["port"]);
        for _ in 0..2 {
            store.let_go("wiki").unwrap();
        }
        assert!(store.holder("wiki").is_none());
        for _ in 0..2 {
            store.forget("wiki").unwrap();
        }
    }
}
