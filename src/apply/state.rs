//! What galerne keeps between runs, under `/var/lib/galerne`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ApplyError;
use super::place::{Missing, Root};
use crate::plan::Recorded;
use crate::render::RUN_SPECS;
use crate::run_spec::RunSpec;
use crate::site::Scope;

/// The lock of a run.
pub(super) const LOCK: &str = "/var/lib/galerne/lock";

/// Which files are about to change.
pub(super) const JOURNAL: &str = "/var/lib/galerne/journal.json";

/// Which files were generated.
pub(super) const MANIFEST: &str = "/var/lib/galerne/manifest.json";

/// The last states that were reached.
pub(super) const STATES: &str = "/var/lib/galerne/states";

/// The version of both forms.
pub(super) const VERSION: u32 = 1;

/// Removes what a killed run left of such files beside them.
pub(super) fn sweep(root: &Root, scope: &Scope) -> Result<(), ApplyError> {
    let production = [Path::new(MANIFEST).parent().unwrap_or(Path::new("/")), Path::new(STATES)];
    let own = scope.folder().into_iter().chain([scope.state(STATES)]);
    let locations = Path::new(crate::render::LOCATIONS);
    for path in production.into_iter().chain([locations]).map(Path::to_owned).chain(own) {
        let swept = match root.folder(&path, Missing::Fails) {
            Err(error) if is_absent(&error) => Ok(()),
            found => found.and_then(|folder| folder.sweep()),
        };
        swept.map_err(|error| ApplyError::file(&path, &error))?;
    }
    Ok(())
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    files: Vec<Recorded>,
}

/// What earlier runs generated; nothing if there was none. A list that cannot be read is an error: files that are no
/// longer wanted would stay unnoticed.
pub(super) fn recorded(root: &Root, scope: &Scope) -> Result<Vec<Recorded>, ApplyError> {
    let path = scope.state(MANIFEST);
    let Some(bytes) = read(root, &path)? else {
        return Ok(Vec::new());
    };
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| ApplyError::File { path, cause: error.to_string().into() })?;
    Ok(manifest.files)
}

/// The run specs that an earlier run wrote, as far as they can be read: they say where something is looked for, and nothing else.
pub(super) fn ran(root: &Root, recorded: &[Recorded]) -> Vec<RunSpec> {
    let specs = recorded.iter().filter(|file| file.path.starts_with(RUN_SPECS));
    let read = |file: &Recorded| serde_json::from_slice(&read(root, &file.path).ok()??).ok();
    specs.filter_map(read).collect()
}

/// The list as it is kept.
pub(super) fn manifest(files: Vec<Recorded>) -> String {
    let manifest = Manifest { version: VERSION, files };
    // The form has no map with keys that are no texts, so it can always be written.
    serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"
}

/// The bytes of a file, if it exists.
pub(super) fn read(root: &Root, path: &Path) -> Result<Option<Vec<u8>>, ApplyError> {
    let (folder, name) = match root.parent(path, Missing::Fails) {
        Ok(found) => found,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(ApplyError::file(path, &error)),
    };
    folder.read(name).map_err(|error| ApplyError::file(path, &error))
}

/// Whether nothing stands there: the folder is missing too, or is no folder.
pub(super) fn is_absent(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}
