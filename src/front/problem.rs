//! What can be wrong with the front door.

use crate::words::Phrase;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

/// A problem of the stage `front`.
#[derive(Debug, Error, Diagnostic, Serialize)]
pub enum FrontProblem {
    /// A value that has no meaning there.
    #[error("`{variable}` is {found:?}, expected {expected}")]
    #[diagnostic(code(front::bad_value), help("give it {expected}"))]
    BadValue {
        /// The variable.
        variable: &'static str,
        /// Its value.
        found: String,
        /// What it should be.
        expected: Phrase,
    },
}
