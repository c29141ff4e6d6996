//! LXC's programs and those of the system, run to their end without a shell.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use crate::engine::EngineError;
use crate::engine::attended::program::{Called, Ended};
use crate::words::Phrase;

/// How LXC is called.
pub(super) const CALLED: Called = Called { engine: super::ENGINE, variable: super::PATH_VARIABLE };

/// Runs `program` with `arguments` for no longer than `patience`.
///
/// # Errors
/// It cannot be started.
pub(super) async fn run(
    program: &str,
    arguments: &[&OsStr],
    patience: Duration,
) -> Result<Ended, EngineError> {
    CALLED.run(program, arguments, &[], patience).await
}

/// What is said of a program that refused to do `what`.
pub(super) fn refused(what: impl Into<Phrase>, words: &[Phrase]) -> EngineError {
    CALLED.refused(what, words)
}

/// What is said of a file or folder that cannot be used.
pub(super) fn unwritable(what: impl Into<Phrase>, path: &Path, error: &std::io::Error) -> EngineError {
    CALLED.unwritable(what, path, error)
}
