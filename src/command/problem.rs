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
        reason: Phrase,
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
    /// A call that clap does not take.
    #[error("{said}")]
    #[diagnostic(code(command::wrong_use), help("see what it takes with: --help"))]
    WrongUse {
        /// What it says.
        said: String,
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
        reason: Phrase,
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
    /// A node that neither the family `cluster` nor the swarm has.
    #[error("unknown node `{name}`")]
    #[diagnostic(code(command::unknown_node), help("{help}"))]
    UnknownNode {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// No node is described.
    #[error("no node is described in cluster_noeud_nom")]
    #[diagnostic(
        code(command::no_nodes),
        help("name the machines first: galerne set cluster_noeud_nom+=NAME, then the items of its slaves")
    )]
    NoNodes,
    /// An argument that is no label.
    #[error("`{text}` is no label")]
    #[diagnostic(code(command::no_label), help("write KEY=VALUE to set one, or KEY- to take one away"))]
    NoLabel {
        /// The argument.
        text: String,
    },
    /// There is no token where one should be.
    #[error("there is no token of a swarm {place}")]
    #[diagnostic(
        code(command::no_token),
        help("hand it over: galerne cluster token | ssh root@NODE galerne cluster join MANAGER")
    )]
    NoToken {
        /// Where it was looked for.
        place: Phrase,
    },
    /// A token would be seen by others, or kept.
    #[error("the token would be seen or kept {place}")]
    #[diagnostic(code(command::token_exposed), help("{help}"))]
    TokenExposed {
        /// Where.
        place: Phrase,
        /// What to do.
        help: Phrase,
    },
    /// The manager gives no token over SSH.
    #[error("`{host}` gives no token over SSH: {cause}")]
    #[diagnostic(
        code(command::ssh_failed),
        help(
            "check with `ssh {host} galerne cluster status` as root of this server that it lets you in and manages the swarm"
        )
    )]
    SshFailed {
        /// Who was asked.
        host: String,
        /// What was said.
        cause: Phrase,
    },
    /// What would change the machine itself, whatever the root.
    #[error("`{command}` changes the engine of this machine, which is not under --root")]
    #[diagnostic(code(command::not_under_root), help("run it without --root, or only look with --dry-run"))]
    NotUnderRoot {
        /// The command.
        command: &'static str,
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
