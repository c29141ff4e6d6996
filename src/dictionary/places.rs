//! Where dictionaries are found, and in which order they are read.

use std::io;
use std::path::{Path, PathBuf};

use super::{Dictionary, DictionaryError, decode, parse};
use crate::diagnostic::Findings;
use crate::source::{Memory, Sources, World};

/// A place with dictionaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder that must be there.
    Folder(PathBuf),
    /// A folder that may be missing, such as EOLE's on a server that never had EOLE.
    OptionalFolder(PathBuf),
    /// A folder where it is there, else the dictionaries that the binary carries.
    FolderOrBuiltIn(PathBuf),
}

/// The dictionaries in the binary, by their file names.
const BUILT_IN: [(&str, &str); 2] = [
    ("10_conteneur.xml", include_str!("../../dicos/10_conteneur.xml")),
    ("25_conteneurX.xml", include_str!("../../dicos/25_conteneurX.xml")),
];

/// Reads the `.xml` files of each place in turn, each place's in the order of their names.
pub fn load(
    places: &[Place],
    world: &dyn World,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<Dictionary> {
    let mut dictionaries = Vec::new();
    for place in places {
        let (Place::Folder(folder) | Place::OptionalFolder(folder) | Place::FolderOrBuiltIn(folder)) = place;
        match (world.list(folder), place) {
            (Ok(paths), _) => {
                let paths =
                    paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xml"));
                dictionaries.extend(paths.filter_map(|path| read(path, world, sources, findings)));
            }
            (Err(error), Place::OptionalFolder(_)) if error.kind() == io::ErrorKind::NotFound => {}
            (Err(error), Place::FolderOrBuiltIn(_)) if error.kind() == io::ErrorKind::NotFound => {
                dictionaries.extend(built_in(sources, findings));
            }
            (Err(error), _) => {
                findings.add(DictionaryError::Unreadable { path: folder.clone(), reason: error.to_string() });
            }
        }
    }
    dictionaries
}

fn built_in(sources: &mut Sources, findings: &mut Findings) -> Vec<Dictionary> {
    let carried: Memory =
        BUILT_IN.map(|(name, text)| (Path::new("<galerne>").join(name), text)).into_iter().collect();
    let paths = BUILT_IN.map(|(name, _)| Path::new("<galerne>").join(name));
    paths.iter().filter_map(|path| read(path, &carried, sources, findings)).collect()
}

fn read(
    path: &Path,
    world: &dyn World,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Option<Dictionary> {
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            findings.add(DictionaryError::Unreadable { path: path.to_owned(), reason: error.to_string() });
            return None;
        }
    };
    match decode(&bytes) {
        Ok(text) => {
            let file = sources.add(path, text.as_str());
            parse(&text, file, findings)
        }
        Err(reason) => {
            findings.add(DictionaryError::Encoding { path: path.to_owned(), reason });
            None
        }
    }
}
