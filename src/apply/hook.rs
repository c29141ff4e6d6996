//! The scripts of packages, run around the stages of a run, as EOLE's `instance` and `reconfigure` do.
//!
//! In: the folder of a stage. Out: nothing, or the first script that failed, with its words. The rules are those of `run-parts`: names of
//! letters, digits, `_` and `-` alone, executable files, in the order of their names; the first argument is `instance` or
//! `reconfigure`. A script that others than root may have written is refused before any is run.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ApplyError;
use super::event::{Effect, Reporter};
use super::process::{Ended, run};
use crate::program;
use crate::source::{Disk, World as _};
use crate::words::Phrase;

/// How long a script may take: some of EOLE's build databases.
const PATIENCE: Duration = Duration::from_mins(30);

/// What the scripts are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The server is set up.
    Instance,
    /// A change is applied.
    Reconfigure,
}

impl Occasion {
    /// The word for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Reconfigure => "reconfigure",
        }
    }
}

/// Where scripts stand, and what they are told.
#[derive(Debug, Clone)]
pub struct Hooks {
    /// The folder that has a folder for each stage.
    pub folder: PathBuf,
    /// What they are told.
    pub occasion: Occasion,
}

/// When scripts run, in the order of a run; the words are EOLE's names of their folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HookStage {
    /// Before files are generated.
    PreTemplate,
    /// When files are in place, before anybody reads them.
    PostTemplate,
    /// Before services are restarted.
    PreService,
    /// After that.
    PostService,
}

impl HookStage {
    const ALL: [Self; 4] = [Self::PreTemplate, Self::PostTemplate, Self::PreService, Self::PostService];

    fn folder(self) -> &'static str {
        match self {
            Self::PreTemplate => "pretemplate",
            Self::PostTemplate => "posttemplate",
            Self::PreService => "preservice",
            Self::PostService => "postservice",
        }
    }
}

/// Refuses scripts of any stage that others could have written.
pub(super) fn check(hooks: Option<&Hooks>) -> Result<(), Vec<ApplyError>> {
    let Some(hooks) = hooks else { return Ok(()) };
    let wrong: Vec<ApplyError> = HookStage::ALL
        .into_iter()
        .flat_map(|stage| scripts(hooks, stage))
        .filter_map(|path| trusted(&path).err())
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Runs the scripts of `stage` in turn, up to the first that fails.
pub(super) fn run_all(
    hooks: Option<&Hooks>,
    stage: HookStage,
    reporter: &Reporter<'_>,
) -> Result<(), ApplyError> {
    let Some(hooks) = hooks else { return Ok(()) };
    for path in scripts(hooks, stage) {
        reporter.effect(Effect::Hook(path.clone()), || {
            trusted(&path)?;
            let arguments = [OsString::from(hooks.occasion.word())];
            let environment = [("GALERNE_STAGE", stage.folder())];
            let failed = |words: Phrase| ApplyError::Hook { path: path.clone(), words };
            match run(&path, &arguments, &environment, PATIENCE) {
                Ok(Ended { status, .. }) if status.success() => Ok(()),
                Ok(Ended { status, words }) => {
                    Err(failed(program::with_words(program::ended(status), &words)))
                }
                Err(words) => Err(failed(words)),
            }
        })?;
    }
    Ok(())
}

/// The scripts of a stage, in the order of their names.
fn scripts(hooks: &Hooks, stage: HookStage) -> Vec<PathBuf> {
    let files = Disk.list(&hooks.folder.join(stage.folder())).unwrap_or_default();
    files.into_iter().filter(|path| has_plain_name(path) && is_executable(path)).collect()
}

fn has_plain_name(path: &Path) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.bytes().all(plain))
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

/// Refuses a script that somebody else than root, or who runs galerne, may have written: itself or its folder.
fn trusted(path: &Path) -> Result<(), ApplyError> {
    let caller = nix::unistd::geteuid().as_raw();
    for place in [Some(path), path.parent()].into_iter().flatten() {
        let found = std::fs::metadata(place).map_err(|error| ApplyError::file(place, &error))?;
        if found.permissions().mode() & 0o022 != 0 || ![0, caller].contains(&found.uid()) {
            return Err(ApplyError::UntrustedHook { path: place.to_owned() });
        }
    }
    Ok(())
}

/// Whether there is a script at all.
pub(super) fn any(hooks: Option<&Hooks>) -> bool {
    hooks.is_some_and(|hooks| HookStage::ALL.into_iter().any(|stage| !scripts(hooks, stage).is_empty()))
}
