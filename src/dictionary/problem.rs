//! What can be wrong with the form of a dictionary.

use std::path::PathBuf;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use super::element::Element;
use crate::diagnostic::{Finding, alternatives, nearest};
use crate::phrase;
use crate::words::Phrase;

/// What is wrong with the form of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum DictionaryError {
    /// The folder or file cannot be read.
    #[error("`{}` cannot be read: {reason}", path.display())]
    #[diagnostic(code(dictionary::unreadable), help("check that the path exists and that you may read it"))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: Phrase,
    },
    /// A link in a folder of dictionaries that leads out of it.
    #[error("`{}` is a link out of its folder, to `{}`", path.display(), target.display())]
    #[diagnostic(
        code(dictionary::leads_out),
        help("put the file itself into the folder, or name the folder that it is in with --dicos")
    )]
    LeadsOut {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// More dictionaries than any server has.
    #[error("the dictionaries are too many at `{}`: more than {files} files or {mebibytes} MiB", path.display())]
    #[diagnostic(code(dictionary::too_many), help("check that the folder is one of dictionaries"))]
    TooMany {
        /// The first one that is not read.
        path: PathBuf,
        /// How many files are read.
        files: usize,
        /// How much is read.
        mebibytes: usize,
    },
    /// The encoding that the file declares is none that is read.
    #[error("the encoding of `{}` is not read: {reason}", path.display())]
    #[diagnostic(code(dictionary::encoding), help("save the dictionary as UTF-8"))]
    Encoding {
        /// Which file.
        path: PathBuf,
        /// What was expected and what found.
        reason: Phrase,
    },
    /// The text is no well-formed XML.
    #[error("not well-formed XML: {reason}")]
    #[diagnostic(
        code(dictionary::not_well_formed),
        help("mend the XML here; nothing after this point was read")
    )]
    NotWellFormed {
        /// What the parser says.
        reason: Phrase,
    },
    /// An element that the dialect does not have, or not here.
    #[error("unknown element `{name}`{}", inside(parent))]
    #[diagnostic(code(dictionary::unknown_element), help("{help}"))]
    UnknownElement {
        /// Its name.
        name: String,
        /// Where it stands; empty for the root.
        parent: String,
        /// The element that was meant, or those that may stand here.
        help: Phrase,
    },
    /// An attribute that the element does not have.
    #[error("unknown attribute `{name}` on `{element}`")]
    #[diagnostic(code(dictionary::unknown_attribute), help("{help}"))]
    UnknownAttribute {
        /// Its name.
        name: String,
        /// The element.
        element: String,
        /// The attribute that was meant, or those that there are.
        help: Phrase,
    },
    /// An attribute without which the element means nothing.
    #[error("`{element}` has no attribute `{name}`")]
    #[diagnostic(code(dictionary::missing_attribute), help("add {name}='…' to the element"))]
    MissingAttribute {
        /// Its name.
        name: String,
        /// The element.
        element: String,
    },
    /// A word that is none of the possible ones.
    #[error("`{name}` of `{element}` is \"{found}\", expected {expected}")]
    #[diagnostic(code(dictionary::unknown_word), help("{help}"))]
    UnknownWord {
        /// The attribute.
        name: String,
        /// The element.
        element: String,
        /// What stands there.
        found: String,
        /// The words that there are.
        expected: Phrase,
        /// The word that was meant.
        help: Phrase,
    },
    /// Text where none has a meaning.
    #[error("`{element}` holds text, which has no meaning there")]
    #[diagnostic(
        code(dictionary::stray_text),
        help("remove the text, or put it into the element that it is meant for")
    )]
    StrayText {
        /// The element.
        element: String,
    },
    /// An element that must name something and is empty.
    #[error("`{element}` is empty, expected {expected}")]
    #[diagnostic(
        code(dictionary::empty_element),
        help("write the name between the tags, or remove the element")
    )]
    EmptyElement {
        /// The element.
        element: String,
        /// What it should name.
        expected: Phrase,
    },
}

/// Names the element that holds it; says nothing for the root.
fn inside(parent: &str) -> String {
    if parent.is_empty() { String::new() } else { format!(" in `{parent}`") }
}

/// `did you mean …?`, or all that there is.
pub(super) fn meant(found: &str, known: &[&str]) -> Phrase {
    match nearest(found, known.iter().copied()) {
        Some(near) => phrase!("write-near", "write `{near}` if that is what you mean", near = near),
        None => phrase!("use-one", "use {words}", words = alternatives(known)),
    }
}

/// The element is none of those that may stand in `parent`.
pub(super) fn unknown_element(element: &Element, parent: &str, known: &[&str]) -> Finding {
    Finding::new(DictionaryError::UnknownElement {
        name: element.name.to_owned(),
        parent: parent.to_owned(),
        help: meant(element.name, known),
    })
    .at(element.name_span, phrase!("at-not-known-here", "not known here"))
}
