//! The programs beside snapd, run to their end without a shell.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::{ENGINE, SOCKET_VARIABLE};
use crate::engine::EngineError;
use crate::engine::git::lines;
use crate::program;
use crate::words::{Phrase, as_said};

/// Where programs are looked for; those of snaps come last.
const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin";

/// How long a short question may take, and how long work on a file.
const ANSWER: Duration = Duration::from_mins(2);
pub(super) const LONG: Duration = Duration::from_hours(1);

/// A program that has ended.
pub(super) struct Ended {
    /// Whether it did what it was asked.
    pub(super) success: bool,
    /// What it wrote on standard output.
    pub(super) output: String,
    /// The last lines of what it wrote on standard error.
    pub(super) words: Vec<Phrase>,
}

/// Runs `program` with `arguments` for no longer than `patience`.
///
/// # Errors
/// It cannot be started.
pub(super) async fn run(
    program: &str,
    arguments: &[&OsStr],
    patience: Duration,
) -> Result<Ended, EngineError> {
    let mut command = command(program);
    finish(command.args(arguments), program, patience).await
}

/// Has systemd of this machine, or of the one whose first process is `machine`, do what `arguments` say.
///
/// # Errors
/// It cannot be started.
pub(super) async fn systemctl(machine: Option<u32>, arguments: &[&str]) -> Result<Ended, EngineError> {
    let mut command = match machine {
        None => command("systemctl"),
        Some(pid) => {
            let mut command = command("nsenter");
            command.args(["--target", &pid.to_string(), "--mount", "--pid", "--", "systemctl"]);
            command
        }
    };
    finish(command.args(arguments), "systemctl", ANSWER).await
}

async fn finish(command: &mut Command, program: &str, patience: Duration) -> Result<Ended, EngineError> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    match timeout(patience, command.output()).await {
        Ok(Ok(output)) => Ok(Ended {
            success: output.status.success(),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            words: as_said(lines(&output.stderr)),
        }),
        Ok(Err(error)) => Err(absent(program, &error)),
        Err(_) => Ok(Ended {
            success: false,
            output: String::new(),
            words: vec![program::late_named(program, patience)],
        }),
    }
}

/// `program` with nothing of our environment.
pub(super) fn command(program: &str) -> Command {
    let mut command = program::command(program);
    command.env("PATH", SEARCH_PATH);
    command
}

/// Where `program` is, if it is anywhere.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    program::find(program, SEARCH_PATH)
}

/// What is said of a program that is not there.
pub(super) fn absent(program: &str, error: &io::Error) -> EngineError {
    EngineError::Absent {
        engine: ENGINE,
        variable: SOCKET_VARIABLE,
        address: program.to_owned(),
        cause: error.to_string().into(),
    }
}

/// What is said of a file or folder that cannot be used.
pub(super) fn unwritable(what: impl Into<Phrase>, path: &Path, error: &io::Error) -> EngineError {
    if error.kind() == io::ErrorKind::StorageFull {
        return EngineError::DiskFull { engine: ENGINE, cause: format!("{}: {error}", path.display()) };
    }
    let cause = format!("{}: {error}", path.display());
    EngineError::Refused { engine: ENGINE, what: what.into(), cause: cause.into() }
}
