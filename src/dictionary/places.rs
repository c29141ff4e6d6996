//! Where dictionaries are found, and in which order they are read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::translation::{self, Translation};
use super::{Dictionary, DictionaryError, Namespace, Texts, decode, parse_sharing};
use crate::diagnostic::Findings;
use crate::source::{Sources, World};

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
const BUILT_IN: [(&str, &str); 4] = [
    ("10_conteneur.xml", include_str!("../../dicos/10_conteneur.xml")),
    ("12_frontal.xml", include_str!("../../dicos/12_frontal.xml")),
    ("15_cluster.xml", include_str!("../../dicos/15_cluster.xml")),
    ("25_conteneurX.xml", include_str!("../../dicos/25_conteneurX.xml")),
];

/// What they say in English: the name of the dictionary, and the text.
const BUILT_IN_ENGLISH: [(&str, &str); 4] = [
    ("10_conteneur.xml", include_str!("../../dicos/10_conteneur.en.ftl")),
    ("12_frontal.xml", include_str!("../../dicos/12_frontal.en.ftl")),
    ("15_cluster.xml", include_str!("../../dicos/15_cluster.en.ftl")),
    ("25_conteneurX.xml", include_str!("../../dicos/25_conteneurX.en.ftl")),
];

/// The most bytes that all dictionaries of a run may have together: four times what 5000 containers take when each has
/// dictionaries of its own.
const MAX_TOTAL_BYTES: usize = 64 * 1024 * 1024;

/// The most dictionaries of a run.
const MAX_FILES: usize = 20_000;

/// Reads the `.xml` files of each place in turn, each place's in the order of their names, each with its translations.
pub fn load(
    places: &[Place],
    world: &dyn World,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<Dictionary> {
    let (texts, dictionaries) = (Texts::default(), Vec::new());
    let mut loader = Loader { world, sources, findings, texts, dictionaries, bytes: 0 };
    for place in places {
        loader.place(place);
    }
    loader.dictionaries
}

/// What has been read so far.
struct Loader<'a> {
    world: &'a dyn World,
    sources: &'a mut Sources,
    findings: &'a mut Findings,
    texts: Texts,
    dictionaries: Vec<Dictionary>,
    bytes: usize,
}

impl Loader<'_> {
    fn place(&mut self, place: &Place) {
        let (Place::Folder(folder)
        | Place::OptionalFolder(folder)
        | Place::Namespaces(folder)
        | Place::FolderOrBuiltIn(folder)) = place;
        let listed = match place {
            Place::Namespaces(_) => self.world.folders(folder),
            _ => self.world.list(folder),
        };
        match (listed, place) {
            (Ok(folders), Place::Namespaces(_)) => {
                for folder in folders {
                    self.namespace(&folder);
                }
            }
            (Ok(paths), _) => self.read_all(folder, &paths, &Namespace::Main),
            (Err(error), Place::OptionalFolder(_) | Place::Namespaces(_))
                if error.kind() == io::ErrorKind::NotFound => {}
            (Err(error), Place::FolderOrBuiltIn(_)) if error.kind() == io::ErrorKind::NotFound => {
                self.built_in();
            }
            (Err(error), _) => self.unreadable(folder, &error),
        }
    }

    /// Reads a folder whose name is that of the namespace.
    fn namespace(&mut self, folder: &Path) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        match self.world.list(folder) {
            Ok(paths) => self.read_all(folder, &paths, &Namespace::Extra(name.into())),
            Err(error) => self.unreadable(folder, &error),
        }
    }

    /// Reads those of `paths`, which are in `folder`, that are dictionaries.
    fn read_all(&mut self, folder: &Path, paths: &[PathBuf], namespace: &Namespace) {
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xml")) {
            if let Some(target) = self.outside(folder, path) {
                self.findings.add(DictionaryError::LeadsOut { path: path.clone(), target });
                continue;
            }
            let bytes = match self.world.read(path) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.unreadable(path, &error);
                    continue;
                }
            };
            self.bytes += bytes.len();
            if self.bytes > MAX_TOTAL_BYTES || self.dictionaries.len() >= MAX_FILES {
                let (files, mebibytes) = (MAX_FILES, MAX_TOTAL_BYTES / 1024 / 1024);
                return self.findings.add(DictionaryError::TooMany { path: path.clone(), files, mebibytes });
            }
            if self.parse(path, bytes, namespace) {
                for (path, language) in translation::beside(path, paths) {
                    self.translate(folder, path, language);
                }
            }
        }
    }

    /// Reads a translation of the last dictionary.
    fn translate(&mut self, folder: &Path, path: &Path, language: &str) {
        if let Some(target) = self.outside(folder, path) {
            return self.findings.add(DictionaryError::LeadsOut { path: path.to_owned(), target });
        }
        match self.world.read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => {
                    self.bytes += text.len();
                    self.keep_translation(path, &text, language);
                }
                Err(error) => self.findings.add(DictionaryError::Encoding {
                    path: path.to_owned(),
                    reason: error.utf8_error().to_string().into(),
                }),
            },
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn keep_translation(&mut self, path: &Path, text: &str, language: &str) {
        let file = self.sources.add(path, text);
        let read: Translation = translation::read(text, file, language);
        if let Some(dictionary) = self.dictionaries.last_mut() {
            dictionary.translations.push(read);
        }
    }

    /// Where the file at `path` really is, if it is a link that leads out of its folder.
    fn outside(&self, folder: &Path, path: &Path) -> Option<PathBuf> {
        self.world.read_link(path).ok()?;
        let target = self.world.real(path).ok()?;
        let folder = self.world.real(folder).ok()?;
        (!target.starts_with(folder)).then_some(target)
    }

    /// Reads a dictionary, and says whether there is one.
    fn parse(&mut self, path: &Path, bytes: Vec<u8>, namespace: &Namespace) -> bool {
        match decode(bytes) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                let file = self.sources.add(path, Arc::clone(&text));
                let read = parse_sharing(&text, file, namespace.clone(), &mut self.texts, self.findings);
                let is_read = read.is_some();
                self.dictionaries.extend(read);
                is_read
            }
            Err(reason) => {
                self.findings.add(DictionaryError::Encoding { path: path.to_owned(), reason });
                false
            }
        }
    }

    fn built_in(&mut self) {
        for (name, text) in BUILT_IN {
            let path = Path::new("<galerne>").join(name);
            if !self.parse(&path, text.as_bytes().to_vec(), &Namespace::Main) {
                continue;
            }
            for (_, text) in BUILT_IN_ENGLISH.iter().filter(|(of, _)| *of == name) {
                self.keep_translation(&path.with_extension("en.ftl"), text, "en");
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let reason = error.into();
        self.findings.add(DictionaryError::Unreadable { path: path.to_owned(), reason });
    }
}
