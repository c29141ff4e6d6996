//! What can be wrong with a template, or with a value in it.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use super::Language;
use crate::words::Phrase;

/// A problem of the stage `template`.
#[derive(Debug, Error, Diagnostic, Serialize)]
pub enum TemplateProblem {
    /// A file or a folder of templates cannot be read.
    #[error("`{path}` cannot be read: {reason}", path = path.display())]
    #[diagnostic(code(template::unreadable), help("make it a readable text in UTF-8, or take it away"))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: Phrase,
    },
    /// The end of a template's name is not known.
    #[error("`{name}` does not say which language it produces")]
    #[diagnostic(
        code(template::unknown_language),
        help("let its name end in `.conf.tera`, `.json.tera`, `.sh.tera` or `.html.tera`")
    )]
    UnknownLanguage {
        /// The file's name.
        name: String,
    },
    /// There is no such template, or it did not compile.
    #[error("there is no template `{name}`")]
    #[diagnostic(code(template::missing), help("add it to a folder given with `--templates`"))]
    Missing {
        /// The relative name.
        name: String,
    },
    /// A file's template is in none of EOLE's folders.
    #[error("there is no template `{name}`")]
    #[diagnostic(
        code(template::not_distributed),
        help("put it into /usr/share/eole/creole/distrib, or into a folder given with `--templates`")
    )]
    NotDistributed {
        /// Its name.
        name: String,
    },
    /// A value has more than a line.
    #[error("the value of `{variable}` has a line end or another control character")]
    #[diagnostic(
        code(template::control_character),
        help("change the value: in a file, what comes after a line end would be read as a line of its own")
    )]
    ControlCharacter {
        /// The variable.
        variable: String,
    },
    /// It does not compile.
    #[error("{message}")]
    #[diagnostic(code(template::syntax), help("correct the template"))]
    Syntax {
        /// What Tera says.
        message: String,
    },
    /// It names a variable that does not exist.
    #[error("there is no variable `{name}`")]
    #[diagnostic(code(template::undefined_variable), help("{hint}"))]
    UndefinedVariable {
        /// The variable, as the template has it.
        name: String,
        /// What to do.
        hint: Phrase,
    },
    /// It names a variable that is disabled.
    #[error("the variable `{name}` is disabled and so has no value")]
    #[diagnostic(
        code(template::disabled_variable),
        help("ask `{{% if {name} is defined %}}` before using it")
    )]
    DisabledVariable {
        /// The variable.
        name: String,
    },
    /// A value would be read as more than a value.
    #[error(
        "the value of {variable} is empty or has a character that {language} would not take for a part of it"
    )]
    #[diagnostic(
        code(template::unsafe_value),
        help("change the value, or use the filter `json` or `sh` where the template has one")
    )]
    UnsafeValue {
        /// The variable, or several that have this value.
        variable: Phrase,
        /// Who would read it.
        language: Language,
    },
    /// It failed while it rendered.
    #[error("{message}")]
    #[diagnostic(code(template::failed), help("correct the template or the value"))]
    Failed {
        /// What Tera says, without secrets.
        message: String,
    },
}

impl TemplateProblem {
    /// Says that `path` cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.into() }
    }
}
