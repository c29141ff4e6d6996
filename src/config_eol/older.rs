//! A configuration of another server or of an older release, in either of EOLE's two forms.
//!
//! In: a path. Out: what is saved there. The first byte that is not blank says which form it is: `{` begins JSON, all
//! else is read as INI.

use std::path::Path;

use super::ini::{self, Ini};
use super::mask::masked;
use super::parse::parse;
use super::problem::ConfigError;
use super::saved::Saved;
use crate::diagnostic::Findings;
use crate::source::{Sources, World};

/// A configuration of another server or of an older release.
#[derive(Debug)]
pub enum Older {
    /// What EOLE 2.2 and 2.3 saved.
    Ini(Ini),
    /// What the releases since then save.
    Json(Saved),
}

/// Reads the configuration at `path`, which must be there. What `sources` is given to show in diagnostics has its values
/// hidden. `None` if anything was found.
pub fn load_older(
    world: &dyn World,
    path: &Path,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Option<Older> {
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            findings.add(ConfigError::Unreadable { path: path.to_owned(), reason: (&error).into() });
            return None;
        }
    };
    let text = ini::decoded(bytes);
    if text.trim_start().starts_with('{') {
        let file = sources.add(path, masked(&text));
        parse(&text, file, findings).map(Older::Json)
    } else {
        let file = sources.add(path, ini::masked(&text));
        ini::parse(&text, file, findings).map(Older::Ini)
    }
}
