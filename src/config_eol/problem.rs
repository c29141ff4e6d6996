//! What can be wrong with the saved values, with their file and with its lock. No value is ever quoted.

use std::path::PathBuf;

use crate::words::Phrase;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

/// What is wrong with the saved values, with their file or with its lock.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("`{}` cannot be read: {reason}", path.display())]
    #[diagnostic(
        code(config_eol::unreadable),
        help("check that you may read the file, as root for instance")
    )]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: Phrase,
    },
    /// The text is no JSON.
    #[error("not JSON: {reason}")]
    #[diagnostic(code(config_eol::not_json), help("mend the file here, or put a saved copy in its place"))]
    NotJson {
        /// What the parser says.
        reason: Phrase,
    },
    /// The text is JSON, and no object.
    #[error("expected an object with one member a variable, found {found}")]
    #[diagnostic(code(config_eol::not_an_object), help("put the members between `{{` and `}}`"))]
    NotAnObject {
        /// What it is.
        found: Phrase,
    },
    /// Two members have one name.
    #[error("`{name}` is there twice")]
    #[diagnostic(code(config_eol::duplicate_member), help("remove one of the two"))]
    DuplicateMember {
        /// The name.
        name: String,
    },
    /// A member is not of the form of a saved variable.
    #[error("expected `{name}` to be an object with `owner` and `val`, found {found}")]
    #[diagnostic(
        code(config_eol::malformed_member),
        help(
            "write it as {{\"owner\": \"gen_config\", \"val\": …}}, or remove it to go back to the default"
        )
    )]
    MalformedMember {
        /// The variable.
        name: String,
        /// What it is, or which part is missing.
        found: Phrase,
    },
    /// The owner is no text, or the owners do not fit the values.
    #[error("the owner of `{name}` does not fit its value: {reason}")]
    #[diagnostic(
        code(config_eol::owner_does_not_fit),
        help("give one owner as text, or for a slave one owner a value, under the same index")
    )]
    OwnerDoesNotFit {
        /// The variable.
        name: String,
        /// What was expected and what found.
        reason: Phrase,
    },
    /// An item of a slave stands under what is no index.
    #[error("expected an index from 0 to {most} in `{name}`, found `{index}`")]
    #[diagnostic(
        code(config_eol::bad_index),
        help("number the items of a slave from 0, as those of its master")
    )]
    BadIndex {
        /// The slave.
        name: String,
        /// What stands there.
        index: String,
        /// The last index that there may be.
        most: usize,
    },
    /// A member of the file's own cannot be set.
    #[error("`{name}` is no variable: what begins with `___` is the file's own")]
    #[diagnostic(code(config_eol::meta_member), help("name a variable"))]
    MetaMember {
        /// Its name.
        name: String,
    },
    /// A list or an object was to be saved as one value.
    #[error("expected one value for `{name}`, found {found}")]
    #[diagnostic(code(config_eol::not_one_value), help("save a list as the items of a multi or of a slave"))]
    NotOneValue {
        /// The variable.
        name: String,
        /// What was given.
        found: Phrase,
    },
    /// Somebody else holds the lock.
    #[error("`{}` is held by {}", path.display(), process(*holder))]
    #[diagnostic(code(config_eol::held), help("wait until the other command is done, then try again"))]
    Held {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, where it has said so.
        holder: Option<u32>,
    },
    /// The lock file cannot be made or locked.
    #[error("`{}` cannot be locked: {reason}", path.display())]
    #[diagnostic(
        code(config_eol::not_lockable),
        help("check that its folder is there and that you may write in it")
    )]
    NotLockable {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        reason: Phrase,
    },
    /// The file could not be written; what was there is there still.
    #[error("`{}` could not be written: {reason}", path.display())]
    #[diagnostic(
        code(config_eol::not_written),
        help("check the space left and the rights on the folder; the former values are still in place")
    )]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: Phrase,
    },
}

/// A process in words.
fn process(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

/// `name` fit for a message: control characters visible, cut after 60 characters.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String = name.chars().take(60).flat_map(char::escape_debug).collect();
    if name.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
