//! What can be wrong with a file or a service that a dictionary names.

use std::path::PathBuf;

use crate::words::Phrase;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

/// A problem of the stage `render`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum RenderProblem {
    /// A file is to be where none may be.
    #[error("no file can be generated at `{path}`: {reason}")]
    #[diagnostic(code(render::bad_path), help("give the file another `name`"))]
    BadPath {
        /// The path.
        path: String,
        /// Why not.
        reason: Phrase,
    },
    /// An attribute of a file does not have the form that it must have.
    #[error("`{value}` is no `{attribute}` of a file")]
    #[diagnostic(code(render::bad_attribute), help("write {expected}"))]
    BadAttribute {
        /// The attribute.
        attribute: &'static str,
        /// What stands there.
        value: String,
        /// What is expected.
        expected: Phrase,
    },
    /// Two active entries generate one file.
    #[error("the file `{path}` is generated twice", path = path.display())]
    #[diagnostic(
        code(render::duplicate_file),
        help("give the two `filelist`s that conditions never have active together, or take one out")
    )]
    DuplicateFile {
        /// The file.
        path: PathBuf,
    },
    /// A service has a name that no service can have.
    #[error("`{name}` is no name of a service")]
    #[diagnostic(code(render::bad_service), help("write the service's name alone, such as `nginx`"))]
    BadService {
        /// The name.
        name: String,
    },
}
