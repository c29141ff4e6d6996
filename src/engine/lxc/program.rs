//! LXC's programs and those of the system, run to their end without a shell.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::engine::EngineError;

/// Where programs are looked for.
pub(super) const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How many lines of what a program says a person is shown.
const TAIL: usize = 20;

/// A program that has ended.
pub(super) struct Ended {
    /// Whether it did what it was asked.
    pub(super) success: bool,
    /// What it wrote on standard output.
    pub(super) output: String,
    /// The last lines of what it said on standard error.
    pub(super) words: Vec<String>,
}

/// Runs `program` with `arguments` for no longer than `patience`.
///
/// # Errors
/// It cannot be started.
pub(super) async fn run(
    program: &str,
    arguments: &[&std::ffi::OsStr],
    patience: Duration,
) -> Result<Ended, EngineError> {
    run_with(program, arguments, &[], patience).await
}

/// The same, with more of the environment.
///
/// # Errors
/// It cannot be started.
pub(super) async fn run_with(
    program: &str,
    arguments: &[&std::ffi::OsStr],
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
            words: lines(&output.stderr, TAIL),
        }),
        Ok(Err(error)) => Err(absent(program, &error)),
        Err(_) => Ok(Ended {
            success: false,
            output: String::new(),
            words: vec![format!("`{program}` took longer than {} s", patience.as_secs())],
        }),
    }
}

/// `program` with nothing of our environment.
pub(super) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/root")
        .current_dir("/");
    command
}

/// What is said of a program that is not there.
pub(super) fn absent(program: &str, error: &std::io::Error) -> EngineError {
    EngineError::Absent {
        engine: super::ENGINE,
        variable: super::PATH_VARIABLE,
        address: program.to_owned(),
        cause: error.to_string(),
    }
}

/// What is said of a program that refused to do `what`.
pub(super) fn refused(what: impl Into<String>, words: &[String]) -> EngineError {
    let cause = if words.is_empty() { "it does not say why".to_owned() } else { words.join("; ") };
    EngineError::Refused { engine: super::ENGINE, what: what.into(), cause }
}

/// What is said of a file or folder that cannot be used.
pub(super) fn unwritable(what: &str, path: &Path, error: &std::io::Error) -> EngineError {
    refused(what, &[format!("{}: {error}", path.display())])
}

/// The last `count` lines of what was written, without what would steer a terminal.
pub(super) fn lines(heard: &[u8], count: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(heard);
    let shown = text.lines().map(crate::engine::answer::harmless).filter(|line| !line.trim().is_empty());
    let mut shown: Vec<String> = shown.collect();
    shown.drain(..shown.len().saturating_sub(count));
    shown
}
