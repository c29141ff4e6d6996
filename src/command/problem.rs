//! What can be wrong with what a user asks for.

use std::path::PathBuf;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::value::Mismatch;
use crate::words::Phrase;

/// What is wrong with what a user asks for.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum CommandError {
    /// A variable that no dictionary defines.
    #[error("unknown variable `{name}`")]
    #[diagnostic(code(command::unknown_variable), help("{help}"))]
    UnknownVariable {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A variable that has no value now.
    #[error("`{name}` is disabled: {why}")]
    #[diagnostic(code(command::disabled_variable), help("change what disables it first"))]
    Disabled {
        /// Its name.
        name: String,
        /// Why it is.
        why: Phrase,
    },
    /// A variable that nobody may set now.
    #[error("`{name}` cannot be set: {why}")]
    #[diagnostic(code(command::not_editable), help("change what keeps it from being set first"))]
    NotEditable {
        /// Its name.
        name: String,
        /// Why it cannot.
        why: Phrase,
    },
    /// The editor without a terminal.
    #[error("there is no terminal to edit on")]
    #[diagnostic(
        code(command::no_terminal),
        help("run it on a terminal, or set values with: galerne set NAME=VALUE")
    )]
    NoTerminal,
    /// A file that was named and cannot be read.
    #[error("`{}` cannot be read: {reason}", path.display())]
    #[diagnostic(code(command::unreadable), help("name a file that is there and that you may read"))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A command that there is not.
    #[error("there is no command `{name}`")]
    #[diagnostic(code(command::unknown_command), help("{help}"))]
    UnknownCommand {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A state that is not kept.
    #[error("{}", .number.map_or_else(|| "there is no state to go back to".to_owned(), |number| format!("state {number} is not kept")))]
    #[diagnostic(code(command::no_state), help("{help}"))]
    NoState {
        /// Its number, if one was asked for.
        number: Option<u64>,
        /// What is kept.
        help: Phrase,
    },
    /// An argument that is no assignment.
    #[error("`{text}` is no assignment")]
    #[diagnostic(code(command::no_assignment), help("write NAME=VALUE, NAME[INDEX]=VALUE or NAME+=VALUE"))]
    NoAssignment {
        /// The argument.
        text: String,
    },
    /// A value that is not of its variable's type.
    #[error("`{name}` cannot have this value: {mismatch}")]
    #[diagnostic(code(command::wrong_type), help("give it a value of its type"))]
    WrongType {
        /// The variable.
        name: String,
        /// What was expected and found.
        mismatch: Mismatch,
    },
    /// An index where the variable has none, or none where it needs one.
    #[error("`{name}` {is}")]
    #[diagnostic(code(command::wrong_index), help("{help}"))]
    WrongIndex {
        /// The variable.
        name: String,
        /// What it is.
        is: Phrase,
        /// What to write.
        help: Phrase,
    },
    /// A value that cannot be saved in the form of the file.
    #[error("`{name}` cannot be saved: {reason}")]
    #[diagnostic(code(command::cannot_save), help("give it another value"))]
    CannotSave {
        /// The variable.
        name: String,
        /// Why.
        reason: String,
    },
    /// A file that is not what the configuration amounts to.
    #[error("`{}` is not what the configuration amounts to", path.display())]
    #[diagnostic(
        code(command::file_differs),
        help("see how with: galerne render --diff; apply it with: galerne reconfigure")
    )]
    FileDiffers {
        /// The file.
        path: PathBuf,
    },
    /// A schema that there is not.
    #[error("there is no schema `{name}`")]
    #[diagnostic(code(command::unknown_schema), help("{help}"))]
    UnknownSchema {
        /// The name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// What is to be compared with is no reference.
    #[error("`{}` cannot be compared with: {reason}", path.display())]
    #[diagnostic(
        code(command::no_reference),
        help("name a folder of dictionaries, or a file that `galerne docs --as json` wrote")
    )]
    NoReference {
        /// The path.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A code that no diagnostic has.
    #[error("there is no diagnostic `{code}`")]
    #[diagnostic(code(command::unknown_code), help("{help}"))]
    UnknownCode {
        /// The code.
        code: String,
        /// What to do.
        help: Phrase,
    },
    /// A container that the configuration does not have.
    #[error("unknown container `{name}`")]
    #[diagnostic(code(command::unknown_container), help("{help}"))]
    UnknownContainer {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// The machinery that waits for engines cannot be set up.
    #[error("the engines cannot be waited for: {reason}")]
    #[diagnostic(code(command::no_runtime), help("free memory or processes on this machine, and try again"))]
    NoRuntime {
        /// What the system says.
        reason: String,
    },
    /// The result cannot be written.
    #[error("the result cannot be written: {reason}")]
    #[diagnostic(code(command::cannot_write), help("check where standard output leads"))]
    CannotWrite {
        /// What the system says.
        reason: String,
    },
}
