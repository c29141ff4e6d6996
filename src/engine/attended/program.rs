//! Programs, run to their end without a shell, and what is said of those that fail.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::time::timeout;

use crate::engine::{EngineError, answer};
pub(in crate::engine) use crate::program::command;
use crate::program::late_named;
use crate::words::{Phrase, as_said, joined};

/// How many lines of what a program says a person is shown.
const TAIL: usize = 20;

/// What programs say when there is no room, curl in its own words.
const FULL: [&str; 3] = ["No space left on device", "Disk quota exceeded", "curl: (23)"];

/// A program that has ended.
pub(in crate::engine) struct Ended {
    /// Whether it did what it was asked.
    pub(in crate::engine) success: bool,
    /// What it wrote on standard output.
    pub(in crate::engine) output: String,
    /// The last lines of what it said on standard error.
    pub(in crate::engine) words: Vec<Phrase>,
}

/// How an engine is called.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Called {
    /// By people.
    pub(in crate::engine) engine: &'static str,
    /// By the variable of the environment that says where its containers are kept.
    pub(in crate::engine) variable: &'static str,
}

impl Called {
    /// Runs `program` with `arguments` and more of the environment, for no longer than `patience`.
    ///
    /// # Errors
    /// It cannot be started.
    pub(in crate::engine) async fn run(
        self,
        program: &str,
        arguments: &[&OsStr],
        environment: &[(String, String)],
        patience: Duration,
    ) -> Result<Ended, EngineError> {
        let mut command = command(program);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = timeout(patience, command.kill_on_drop(true).output()).await;
        match ended {
            Ok(Ok(output)) => Ok(Ended {
                success: output.status.success(),
                output: String::from_utf8_lossy(&output.stdout).into_owned(),
                words: as_said(lines(&output.stderr, TAIL)),
            }),
            Ok(Err(error)) => Err(self.absent(program, &error)),
            Err(_) => Ok(Ended {
                success: false,
                output: String::new(),
                words: vec![late_named(program, patience)],
            }),
        }
    }

    /// What is said of a program that is not there.
    pub(in crate::engine) fn absent(self, program: &str, error: &io::Error) -> EngineError {
        EngineError::Absent {
            engine: self.engine,
            variable: self.variable,
            address: program.to_owned(),
            cause: error.to_string().into(),
        }
    }

    /// What is said of a program that refused to do `what`.
    pub(in crate::engine) fn refused(self, what: impl Into<Phrase>, words: &[Phrase]) -> EngineError {
        if let Some(full) = words.iter().find(|line| FULL.iter().any(|full| line.english().contains(full))) {
            return EngineError::DiskFull { engine: self.engine, cause: full.to_string() };
        }
        let cause = if words.is_empty() { answer::no_word() } else { joined(words) };
        EngineError::Refused { engine: self.engine, what: what.into(), cause }
    }

    /// What is said of a file or folder that cannot be used.
    pub(in crate::engine) fn unwritable(
        self,
        what: impl Into<Phrase>,
        path: &Path,
        error: &io::Error,
    ) -> EngineError {
        self.refused(what, &[format!("{}: {error}", path.display()).into()])
    }
}

/// The last `count` lines of what was written, without what would steer a terminal.
pub(in crate::engine) fn lines(heard: &[u8], count: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(heard);
    let shown = text.lines().map(crate::engine::answer::harmless).filter(|line| !line.trim().is_empty());
    let mut shown: Vec<String> = shown.collect();
    shown.drain(..shown.len().saturating_sub(count));
    shown
}
