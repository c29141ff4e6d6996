//! What can be wrong with the family of nodes.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::words::Phrase;

/// A problem of the stage `nodes`.
#[derive(Debug, Error, Diagnostic, Serialize)]
pub enum NodesProblem {
    /// A value that has no meaning there.
    #[error("`{variable}` is {found:?}, expected {expected}")]
    #[diagnostic(code(nodes::bad_value), help("give it {expected}"))]
    BadValue {
        /// The variable, with the number of its item.
        variable: String,
        /// Its value.
        found: String,
        /// What it should be.
        expected: Phrase,
    },
    /// Two nodes of one name.
    #[error("`{variable}` has the node `{name}` twice")]
    #[diagnostic(code(nodes::duplicate), help("give each node the name of its own machine"))]
    Duplicate {
        /// The variable.
        variable: &'static str,
        /// The name.
        name: String,
    },
    /// Nobody would manage.
    #[error("none of the nodes in `{variable}` manages the cluster")]
    #[diagnostic(
        code(nodes::no_manager),
        help("make one of them a manager; three or five survive the loss of one")
    )]
    NoManager {
        /// The variable.
        variable: &'static str,
    },
}
