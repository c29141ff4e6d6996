//! A set of files written somewhere else than where it belongs, for people to look at.

use std::path::Path;

use super::ApplyError;
use super::place::{Missing, Root};
use crate::render::FileSet;

/// Writes each of `files` below `folder`, which is made if it is missing, at its own path and with its own mode.
///
/// # Errors
/// The first file that cannot be written, and why.
pub fn write_files(files: &FileSet, folder: &Path) -> Result<(), ApplyError> {
    let root = Root::open(folder).map_err(|error| ApplyError::file(folder, &error))?;
    for file in &files.files {
        let written = root
            .parent(&file.path, Missing::IsMade)
            .and_then(|(parent, name)| parent.make(name, &file.content, file.mode));
        written.map_err(|error| ApplyError::file(&file.path, &error))?;
    }
    Ok(())
}
