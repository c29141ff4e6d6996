//! What keeps a plan from being carried out.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::engine::EngineError;
use crate::plan::Conflict;
use crate::proxy::ProxyError;
use crate::service::ServiceError;
use crate::words::Phrase;

/// Why a step was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum ApplyError {
    /// An engine refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Engine(#[from] EngineError),

    /// The web server refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Proxy(#[from] ProxyError),

    /// A service refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Service(#[from] ServiceError),

    /// Something of someone else is in the way.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Conflict(#[from] Conflict),

    /// Another galerne is at work.
    #[error("another galerne is at work{}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    #[diagnostic(code(apply::locked), help("wait until it is done, then run the command again"))]
    Locked {
        /// Its process, if it said so.
        pid: Option<u32>,
    },

    /// The disk is full.
    #[error("`{}` cannot be written: no space is left on its disk", path.display())]
    #[diagnostic(code(apply::disk_full), help("make room on that disk, then run the command again"))]
    DiskFull {
        /// The file.
        path: PathBuf,
    },

    /// A script of a package failed.
    #[error("the script `{}` failed: {words}", path.display())]
    #[diagnostic(
        code(apply::hook),
        help("correct what the script complains of, then run the command again; all files are as they were")
    )]
    Hook {
        /// The script.
        path: PathBuf,
        /// How it ended, and what it wrote.
        words: Phrase,
    },

    /// A script of a package could have been written by anybody.
    #[error("`{}` can be written by others than root, and what is in it would run as root", path.display())]
    #[diagnostic(code(apply::untrusted_hook), help("run: chown root, and chmod go-w"))]
    UntrustedHook {
        /// The script, or its folder.
        path: PathBuf,
    },

    /// A file is not what its program takes.
    #[error("`{program}` does not accept the new `{}`:\n{words}", path.display())]
    #[diagnostic(
        code(apply::rejected),
        help("correct the value or the template; all files are as they were")
    )]
    Rejected {
        /// The file.
        path: PathBuf,
        /// The program that judges it.
        program: String,
        /// What it says.
        words: Phrase,
    },

    /// A file is to belong to somebody who is not there.
    #[error("`{}` is to belong to the {kind} `{name}`, which does not exist", path.display())]
    #[diagnostic(code(apply::unknown_account), help("make the {kind}, or correct the dictionary"))]
    UnknownAccount {
        /// The file.
        path: PathBuf,
        /// `user` or `group`.
        kind: &'static str,
        /// Its name.
        name: String,
    },

    /// A file's folder is missing, and it is not to be made.
    #[error("the folder of `{}` does not exist", path.display())]
    #[diagnostic(
        code(apply::no_folder),
        help("make the folder, or say `mkdir='True'` on the file in its dictionary")
    )]
    NoFolder {
        /// The file.
        path: PathBuf,
    },

    /// A file cannot be read or written.
    #[error("`{}`: {cause}", path.display())]
    #[diagnostic(code(apply::file), help("run galerne as root, and check what stands at that path"))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: Phrase,
    },

    /// What an interrupted run left cannot be understood.
    #[error("the journal `{}` cannot be read: {cause}", path.display())]
    #[diagnostic(
        code(apply::journal),
        help("compare the files that it lists with their `.galerne-old` copies, then remove it")
    )]
    Journal {
        /// The journal.
        path: PathBuf,
        /// Why.
        cause: Phrase,
    },
}

impl ApplyError {
    /// What the system says of `path`.
    pub(super) fn file(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::File { path, cause: error.into() },
        }
    }
}
