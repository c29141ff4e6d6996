//! The last states that were reached: what was wanted, and the saved values of which it was made.
//!
//! In: a state, when a run has reached it. Out: the states, the newest first. Each is one file, for root alone, as secrets are in it,
//! written whole or not at all. The oldest go.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ApplyError;
use super::place::{Missing, Root};
use super::state::{STATES, VERSION, is_absent};
use crate::plan::Wanted;
use crate::site::Scope;

/// How many are kept.
const MOST: usize = 10;

/// A state that was reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    version: u32,
    /// Its number; later ones have larger numbers.
    pub number: u64,
    /// When, in seconds since 1970.
    pub time: i64,
    /// What was wanted.
    pub wanted: Wanted,
    /// The text of the saved values.
    pub values: String,
}

/// The states that are kept of the site of `scope`, the newest first. One that cannot be read is left out.
///
/// # Errors
/// Their folder cannot be read.
pub fn states(root: &Path, scope: &Scope) -> Result<Vec<Reached>, ApplyError> {
    let root = Root::open(root).map_err(|error| ApplyError::file(root, &error))?;
    let path = &scope.state(STATES);
    let folder = match root.folder(path, Missing::Fails) {
        Ok(folder) => folder,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(ApplyError::file(path, &error)),
    };
    let names = folder.names().map_err(|error| ApplyError::file(path, &error))?;
    let mut states: Vec<Reached> = Vec::new();
    for name in names.iter().filter(|name| number(name).is_some()) {
        let bytes = folder.read(name).map_err(|error| ApplyError::file(path, &error))?.unwrap_or_default();
        states.extend(serde_json::from_slice(&bytes).ok().filter(|state: &Reached| state.version == VERSION));
    }
    states.sort_by_key(|state| std::cmp::Reverse(state.number));
    Ok(states)
}

/// The number that the name of a state's file says.
fn number(name: &OsStr) -> Option<u64> {
    name.to_str()?.strip_suffix(".json")?.parse().ok()
}

/// Keeps what was reached, unless it is what was reached last.
pub(super) fn keep(
    root: &Root,
    scope: &Scope,
    last: Option<&Reached>,
    wanted: &Wanted,
    values: &str,
) -> Result<(), ApplyError> {
    if last.is_some_and(|last| last.wanted == *wanted && last.values == values) {
        return Ok(());
    }
    let path = &scope.state(STATES);
    let failed = |error: &std::io::Error| ApplyError::file(path, error);
    let folder = root.folder(path, Missing::IsMade).map_err(|error| failed(&error))?;
    let mut known: Vec<(u64, OsString)> = folder
        .names()
        .map_err(|error| failed(&error))?
        .into_iter()
        .filter_map(|name| Some((number(&name)?, name)))
        .collect();
    known.sort();
    let number = known.last().map_or(1, |(last, _)| last + 1);
    let time = jiff::Timestamp::now().as_second();
    let state = Reached { version: VERSION, number, time, wanted: wanted.clone(), values: values.to_owned() };
    let bytes = serde_json::to_vec(&state).map_err(|error| failed(&error.into()))?;
    let name = OsString::from(format!("{number}.json"));
    folder.replace(&name, &bytes, 0o600).map_err(|error| failed(&error))?;
    let surplus = (known.len() + 1).saturating_sub(MOST);
    for (_, name) in known.iter().take(surplus) {
        folder.remove(name).map_err(|error| failed(&error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Content, FileSet, GeneratedFile};

    fn wanted(text: &str) -> Wanted {
        let file = GeneratedFile::new("/etc/a", Content::Text(text.to_owned()));
        Wanted { files: FileSet { files: vec![file], removed: Vec::new() }, ..Wanted::default() }
    }

    #[test]
    fn the_last_ones_are_kept_for_root_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        for number in 0..15 {
            let last = states(folder.path(), &Scope::default()).unwrap().into_iter().next();
            for _ in 0..2 {
                let last =
                    states(folder.path(), &Scope::default()).unwrap().into_iter().next().or(last.clone());
                keep(&root, &Scope::default(), last.as_ref(), &wanted(&number.to_string()), "{}").unwrap();
            }
        }
        let kept = states(folder.path(), &Scope::default()).unwrap();
        assert_eq!(kept.len(), MOST);
        assert_eq!(kept.first().map(|state| (state.number, &state.wanted)), Some((15, &wanted("14"))));
        let file = folder.path().join("var/lib/galerne/states/15.json");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}
