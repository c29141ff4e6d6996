//! Files written somewhere else than where they belong, for people to look at or for scripts.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::ApplyError;
use super::folder::Next;
use super::place::{Missing, Root};
use crate::function::INSTANCIATED;
use crate::phrase;
use crate::render::{Content, FileSet, GeneratedFile};

/// Writes each of `files` below `folder`, which is made if it is missing, at its own path and with its own mode.
///
/// # Errors
/// The first file that cannot be written, and why.
pub fn write_files(files: &FileSet, folder: &Path) -> Result<(), ApplyError> {
    let root = Root::open(folder).map_err(|error| ApplyError::file(folder, &error))?;
    for file in &files.files {
        let written = root
            .parent(&file.path, Missing::IsMade)
            .and_then(|(parent, name)| parent.make(name, &next(file)));
        written.map_err(|error| ApplyError::file(&file.path, &error))?;
    }
    Ok(())
}

/// Puts each of `files` below `folder`, which is made if it is missing, at once: one that stands there is replaced.
///
/// # Errors
/// The first file that cannot be written, and why.
pub fn replace_files(files: &FileSet, folder: &Path) -> Result<(), ApplyError> {
    let root = Root::open(folder).map_err(|error| ApplyError::file(folder, &error))?;
    for file in &files.files {
        let Content::Text(text) = &file.content else { continue };
        let written = root
            .parent(&file.path, Missing::IsMade)
            .and_then(|(parent, name)| parent.replace(name, text.as_bytes(), file.mode));
        written.map_err(|error| ApplyError::file(&file.path, &error))?;
    }
    Ok(())
}

/// A copy belongs to who makes it.
fn next(file: &GeneratedFile) -> Next {
    Next { content: file.content.clone(), mode: file.mode, owner: (None, None) }
}

/// Notes on the machine whose root is `root` that it has been set up: from then on what is `auto_freeze` is frozen.
///
/// # Errors
/// The file that says so cannot be written.
pub fn mark_instanciated(root: &Path) -> Result<(), ApplyError> {
    let path = Path::new(INSTANCIATED);
    let made = Root::open(root)
        .and_then(|root| root.parent(path, Missing::IsMade))
        .and_then(|(folder, name)| folder.replace(name, b"instanciated\n", 0o644));
    made.map_err(|error| ApplyError::file(path, &error))
}

/// Puts a file with `text` at `path` at once. One that is there keeps its permissions; a new one is its owner's alone, as
/// passwords may be in it.
///
/// # Errors
/// What is there is no regular file, or the system refuses.
pub fn write_file(path: &Path, text: &str) -> Result<(), ApplyError> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = mode(path).and_then(|mode| {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let root = Root::open(above)?;
        let (folder, name) = root.parent(Path::new(name), Missing::Fails)?;
        folder.replace(name, text.as_bytes(), mode)
    });
    written.map_err(|error| ApplyError::file(path, &error))
}

/// Removes a folder of galerne's own with all that is in it; one that is not there is none the less gone. A link is not followed.
///
/// # Errors
/// What the system says.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The permissions that the file at `path` is to have.
fn mode(path: &Path) -> io::Result<u32> {
    match std::fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => Ok(there.permissions().mode() & 0o777),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            phrase!("file-there-not-regular", "what is there is no regular file"),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0o600),
        Err(error) => Err(error),
    }
}
