//! Where dictionaries are found, and in which order they are read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Dictionary, DictionaryError, Namespace, decode, parse};
use crate::diagnostic::Findings;
use crate::source::{Memory, Sources, World};

/// A place with dictionaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder that must be there.
    Folder(PathBuf),
    /// A folder that may be missing, such as EOLE's on a server that never had EOLE.
    OptionalFolder(PathBuf),
    /// A folder whose sub-folders are namespaces of their own, by their names.
    Namespaces(PathBuf),
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
    let unreadable = |folder: &Path, error: &io::Error| DictionaryError::Unreadable {
        path: folder.to_owned(),
        reason: error.to_string(),
    };
    for place in places {
        match place {
            Place::Namespaces(parent) => match world.folders(parent) {
                Ok(folders) => {
                    for folder in folders {
                        let name = folder.file_name().unwrap_or_default().to_string_lossy();
                        let namespace = Namespace::Extra(name.into());
                        match world.list(&folder) {
                            Ok(paths) => {
                                read_all(&paths, &namespace, world, sources, findings, &mut dictionaries);
                            }
                            Err(error) => findings.add(unreadable(&folder, &error)),
                        }
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => findings.add(unreadable(parent, &error)),
            },
            Place::Folder(folder) | Place::OptionalFolder(folder) | Place::FolderOrBuiltIn(folder) => {
                match (world.list(folder), place) {
                    (Ok(paths), _) => {
                        read_all(&paths, &Namespace::Main, world, sources, findings, &mut dictionaries);
                    }
                    (Err(error), Place::OptionalFolder(_)) if error.kind() == io::ErrorKind::NotFound => {}
                    (Err(error), Place::FolderOrBuiltIn(_)) if error.kind() == io::ErrorKind::NotFound => {
                        dictionaries.extend(built_in(sources, findings));
                    }
                    (Err(error), _) => findings.add(unreadable(folder, &error)),
                }
            }
        }
    }
    dictionaries
}

/// Reads those of `paths` that are dictionaries.
fn read_all(
    paths: &[PathBuf],
    namespace: &Namespace,
    world: &dyn World,
    sources: &mut Sources,
    findings: &mut Findings,
    dictionaries: &mut Vec<Dictionary>,
) {
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xml")) {
        dictionaries.extend(read(path, namespace, world, sources, findings));
    }
}

fn built_in(sources: &mut Sources, findings: &mut Findings) -> Vec<Dictionary> {
    let carried: Memory =
        BUILT_IN.map(|(name, text)| (Path::new("<galerne>").join(name), text)).into_iter().collect();
    let paths = BUILT_IN.map(|(name, _)| Path::new("<galerne>").join(name));
    paths.iter().filter_map(|path| read(path, &Namespace::Main, &carried, sources, findings)).collect()
}

fn read(
    path: &Path,
    namespace: &Namespace,
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
    match decode(bytes) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            let file = sources.add(path, Arc::clone(&text));
            parse(&text, file, namespace.clone(), findings)
        }
        Err(reason) => {
            findings.add(DictionaryError::Encoding { path: path.to_owned(), reason });
            None
        }
    }
}
