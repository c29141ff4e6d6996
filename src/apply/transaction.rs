//! Several files changed as one: all of them, or none, whenever the process ends.
//!
//! In: changes of files. Out: a [`Transaction`] that is committed or rolled back. The journal is written first and
//! says which files are to change and which of them existed. Then each next content is staged beside its file,
//! each present one gets a second name beside it, and only then names are exchanged. A journal that is still open
//! when a run begins is rolled back; one that is closed only has its leftovers removed.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ApplyError;
use super::event::{Effect, Reporter};
use super::folder::{Folder, Next, kept, left, staged};
use super::place::{Missing, Root};
use super::state::{JOURNAL, VERSION, is_absent, read};
use super::validator::validate;
use crate::phrase;
use crate::plan::Action;
use crate::render::{ServiceName, Validator};
use crate::words::Phrase;

/// The change of one file.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// Where, without the root.
    pub(super) path: PathBuf,
    /// What is to stand there; nothing removes it.
    pub(super) next: Option<Next>,
    /// The command that must accept it first.
    pub(super) validator: Option<Validator>,
    /// Whether somebody changed by hand what stands there: then it is left beside.
    pub(super) edited: bool,
    /// The step of the plan that it is.
    pub(super) action: Action,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    Open,
    Closed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Journal {
    version: u32,
    phase: Phase,
    files: Vec<Entry>,
    /// The services that are to read the files: also those that are back in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    services: Vec<ServiceName>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    path: PathBuf,
    existed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    edited: bool,
}

/// Files that have changed, and can still be put back.
pub(super) struct Transaction<'a> {
    root: &'a Root,
    reporter: &'a Reporter<'a>,
    journal: Journal,
}

impl<'a> Transaction<'a> {
    /// Changes the files; on an error all are as they were.
    pub(super) fn run(
        root: &'a Root,
        reporter: &'a Reporter<'a>,
        changes: &[Change],
        services: Vec<ServiceName>,
    ) -> Result<Self, ApplyError> {
        let mut files = Vec::new();
        for change in changes {
            let (path, existed) = (change.path.clone(), exists(root, &change.path)?);
            files.push(Entry { path, existed, edited: change.edited && existed });
        }
        let journal = Journal { version: VERSION, phase: Phase::Open, files, services };
        let transaction = Self { root, reporter, journal };
        match transaction.change_all(changes) {
            Ok(()) => Ok(transaction),
            Err(error) => {
                // The first error is the one that says what went wrong.
                let _ = transaction.roll_back();
                Err(error)
            }
        }
    }

    fn change_all(&self, changes: &[Change]) -> Result<(), ApplyError> {
        self.reporter.effect(Effect::OpenJournal, || write_journal(self.root, &self.journal))?;
        for change in changes {
            if let Some(next) = &change.next {
                self.on(&change.path, Effect::Stage(change.path.clone()), |folder, name| {
                    folder.make(&staged(name), next)
                })?;
            }
        }
        self.validate(changes)?;
        for entry in self.journal.files.iter().filter(|entry| entry.existed) {
            self.on(&entry.path, Effect::Keep(entry.path.clone()), |folder, name| {
                folder.keep(name, &kept(name))?;
                folder.sync()
            })?;
        }
        for change in changes {
            self.on(&change.path, Effect::Do(change.action.clone()), |folder, name| {
                match change.next {
                    Some(_) => folder.rename(&staged(name), name)?,
                    None => folder.remove(name)?,
                }
                folder.sync()
            })?;
        }
        Ok(())
    }

    /// Has each command that judges a file judge the next one, before anything takes its place.
    fn validate(&self, changes: &[Change]) -> Result<(), ApplyError> {
        for change in changes {
            let Some(validator) = &change.validator else { continue };
            let name = change.path.file_name().unwrap_or_default();
            let candidate = self.root.outside(&change.path.with_file_name(staged(name)));
            self.reporter.effect(Effect::Validate(change.path.clone()), || {
                validate(validator, &candidate).map_err(|words| ApplyError::Rejected {
                    path: change.path.clone(),
                    program: validator.program.clone(),
                    words,
                })
            })?;
        }
        Ok(())
    }

    /// Keeps the changes; then what was kept is removed.
    pub(super) fn commit(mut self) -> Result<(), Box<(Self, ApplyError)>> {
        self.journal.phase = Phase::Closed;
        let closed = self.reporter.effect(Effect::CloseJournal, || write_journal(self.root, &self.journal));
        if let Err(error) = closed {
            self.journal.phase = Phase::Open;
            return Err(Box::new((self, error)));
        }
        let forgotten = self.forget();
        forgotten.map_err(|error| Box::new((self, error)))
    }

    /// The services that read these files.
    pub(super) fn services(&self) -> &[ServiceName] {
        &self.journal.services
    }

    /// Whether the changes are there to stay.
    pub(super) fn is_closed(&self) -> bool {
        self.journal.phase == Phase::Closed
    }

    /// Puts all files back as they were. Goes on past an error, and gives the first one; the journal then stays.
    pub(super) fn roll_back(&self) -> Result<(), ApplyError> {
        self.put_back()?;
        self.remove_journal()
    }

    /// Puts all files back, and leaves the journal open.
    pub(super) fn put_back(&self) -> Result<(), ApplyError> {
        let mut first = Ok(());
        for entry in self.journal.files.iter().rev() {
            let put = self.on_existing(&entry.path, Effect::PutBack(entry.path.clone()), |folder, name| {
                put_back(folder, name, entry.existed)
            });
            first = first.and(put);
        }
        first
    }

    fn forget(&self) -> Result<(), ApplyError> {
        for entry in &self.journal.files {
            self.on_existing(&entry.path, Effect::Forget(entry.path.clone()), |folder, name| {
                if entry.edited {
                    folder.leave(&kept(name), &left(name))?;
                }
                folder.remove(&kept(name))?;
                folder.remove(&staged(name))
            })?;
        }
        self.remove_journal()
    }

    pub(super) fn remove_journal(&self) -> Result<(), ApplyError> {
        self.on(Path::new(JOURNAL), Effect::RemoveJournal, |folder, name| {
            folder.remove(name)?;
            folder.sync()
        })
    }

    fn on(
        &self,
        path: &Path,
        effect: Effect,
        act: impl FnOnce(&Folder, &OsStr) -> io::Result<()>,
    ) -> Result<(), ApplyError> {
        self.reporter.effect(effect, || {
            let (folder, name) =
                self.root.parent(path, Missing::IsMade).map_err(|error| ApplyError::file(path, &error))?;
            act(&folder, name).map_err(|error| ApplyError::file(path, &error))
        })
    }

    /// As [`Self::on`], where nothing is to do if the folder itself does not exist.
    fn on_existing(
        &self,
        path: &Path,
        effect: Effect,
        act: impl FnOnce(&Folder, &OsStr) -> io::Result<()>,
    ) -> Result<(), ApplyError> {
        self.reporter.effect(effect, || {
            let failed = |error: &io::Error| ApplyError::file(path, error);
            match self.root.parent(path, Missing::Fails) {
                Ok((folder, name)) => act(&folder, name).map_err(|error| failed(&error)),
                Err(error) if is_absent(&error) => Ok(()),
                Err(error) => Err(failed(&error)),
            }
        })
    }
}

/// What an interrupted run left.
pub(super) enum Left<'a> {
    /// Nothing.
    Nothing,
    /// Files that may have changed, now put back; the journal is to be removed once nginx has read them.
    PutBack(Transaction<'a>),
    /// Files that had changed for good; what was kept of them is gone now.
    Tidied,
}

/// Puts right what an interrupted run left.
pub(super) fn recover<'a>(root: &'a Root, reporter: &'a Reporter<'a>) -> Result<Left<'a>, ApplyError> {
    let path = Path::new(JOURNAL);
    let Some(bytes) = read(root, path)? else {
        return Ok(Left::Nothing);
    };
    let unreadable = |cause: Phrase| ApplyError::Journal { path: path.to_owned(), cause };
    let journal: Journal =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string().into()))?;
    if journal.version != VERSION {
        return Err(unreadable(phrase!(
            "journal-version",
            "its version is {found}, not {wanted}",
            found = journal.version,
            wanted = VERSION
        )));
    }
    let transaction = Transaction { root, reporter, journal };
    if transaction.is_closed() {
        transaction.forget()?;
        return Ok(Left::Tidied);
    }
    transaction.put_back()?;
    Ok(Left::PutBack(transaction))
}

fn put_back(folder: &Folder, name: &OsStr, existed: bool) -> io::Result<()> {
    let kept = kept(name);
    if !existed {
        folder.remove(name)?;
    } else if folder.look(&kept)?.is_some() {
        folder.rename(&kept, name)?;
        // Two names of one file are not exchanged by a rename: then the second one is still there.
        folder.remove(&kept)?;
    }
    folder.remove(&staged(name))?;
    folder.sync()
}

fn exists(root: &Root, path: &Path) -> Result<bool, ApplyError> {
    let failed = |error: &io::Error| ApplyError::file(path, error);
    match root.parent(path, Missing::Fails) {
        Ok((folder, name)) => {
            let found = folder.look(name).map_err(|error| failed(&error))?;
            Ok(found.is_some())
        }
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

fn write_journal(root: &Root, journal: &Journal) -> Result<(), ApplyError> {
    let path = Path::new(JOURNAL);
    let failed = |error: &io::Error| ApplyError::file(path, error);
    let bytes = serde_json::to_vec_pretty(journal).map_err(|error| failed(&error.into()))?;
    let (folder, name) = root.parent(path, Missing::IsMade).map_err(|error| failed(&error))?;
    folder.replace(name, &bytes, 0o600).map_err(|error| failed(&error))
}
