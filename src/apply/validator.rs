//! A command that must accept a file before it takes its place.
//!
//! In: the command as a dictionary has it, and the file that waits. Out: nothing, or the command's words. No shell is involved; the
//! command has a time limit, and what it started ends with it.

use std::path::Path;
use std::time::Duration;

use super::process::{Ended, run};
use crate::program;
use crate::render::Validator;
use crate::words::Phrase;

/// How long a judgement may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Has `validator` judge the file at `candidate`.
///
/// # Errors
/// Why it does not accept it.
pub(super) fn validate(validator: &Validator, candidate: &Path) -> Result<(), Phrase> {
    let argument = |word: &String| {
        if word == "{}" { candidate.as_os_str().to_owned() } else { word.into() }
    };
    let arguments: Vec<_> = validator.arguments.iter().map(argument).collect();
    match run(Path::new(&validator.program), &arguments, &[], PATIENCE) {
        Ok(Ended { status, .. }) if status.success() => Ok(()),
        Ok(Ended { status, words }) if words.is_empty() => Err(program::ended_with(status)),
        Ok(Ended { words, .. }) => Err(words.into()),
        Err(reason) => Err(reason),
    }
}
