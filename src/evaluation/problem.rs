//! What can be wrong with the values of a configuration.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::function::FunctionError;
use crate::value::Mismatch;
use crate::words::Phrase;

/// What is wrong with the values of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum EvaluationError {
    /// A saved value is not of its variable's type.
    #[error("`{name}` (family `{family}`) does not fit its type: {mismatch}")]
    #[diagnostic(code(evaluation::wrong_type), help("give it a value of its type: galerne set {name}=…"))]
    WrongType {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// What was expected and found.
        mismatch: Mismatch,
    },
    /// A list is saved for a variable that has one value, or the other way about.
    #[error("`{name}` (family `{family}`) is saved as {found}, expected {expected}")]
    #[diagnostic(
        code(evaluation::wrong_shape),
        help("set it again, or take it out: galerne set --default {name}")
    )]
    WrongShape {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// What is saved.
        found: Phrase,
        /// What the variable needs.
        expected: Phrase,
    },
    /// A check of the dictionary refuses the value.
    #[error("`{name}` (family `{family}`) is refused{}: {reason}", shown(value.as_deref()))]
    #[diagnostic(code(evaluation::refused), help("{help}"))]
    Refused {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// The value, unless it is a secret.
        value: Option<String>,
        /// Why.
        reason: FunctionError,
        /// What to do.
        help: Phrase,
    },
    /// A check of the dictionary warns of the value.
    #[error("`{name}` (family `{family}`) is doubtful{}: {reason}", shown(value.as_deref()))]
    #[diagnostic(code(evaluation::doubtful), severity(Warning), help("look at it again: galerne get {name}"))]
    Doubtful {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// The value, unless it is a secret.
        value: Option<String>,
        /// Why.
        reason: FunctionError,
    },
    /// A variable that must have a value has none.
    #[error("`{name}` (family `{family}`) is mandatory and empty")]
    #[diagnostic(code(evaluation::mandatory_empty), help("give it a value: galerne set {name}=…"))]
    MandatoryEmpty {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
    },
    /// A slave's item that must have a value has none.
    #[error("item {index} of `{name}` (family `{family}`) is mandatory and empty")]
    #[diagnostic(
        code(evaluation::mandatory_item_empty),
        help("give it a value: galerne set '{name}[{index}]=…'")
    )]
    MandatoryItemEmpty {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// Which item, from 0.
        index: usize,
    },
    /// A call of the dictionary is wrong, whatever the value.
    #[error("`{function}` cannot be called for `{name}`: {reason}")]
    #[diagnostic(code(evaluation::wrong_call), help("mend the call in the dictionary"))]
    WrongCall {
        /// The function.
        function: String,
        /// The variable.
        name: String,
        /// Why.
        reason: FunctionError,
    },
    /// A calculation results in what its variable cannot hold.
    #[error("the calculation of `{name}` (family `{family}`) does not fit its type: {mismatch}")]
    #[diagnostic(code(evaluation::wrong_result), help("change the calculation, or the type of the variable"))]
    WrongResult {
        /// The variable.
        name: String,
        /// Its family.
        family: String,
        /// What was expected and found.
        mismatch: Mismatch,
    },
}

impl EvaluationError {
    /// Whether it only says that something is still to be filled in.
    pub fn is_missing_value(&self) -> bool {
        matches!(self, Self::MandatoryEmpty { .. } | Self::MandatoryItemEmpty { .. })
    }
}

fn shown(value: Option<&str>) -> String {
    value.map(|value| format!(" with the value \"{}\"", value.escape_debug())).unwrap_or_default()
}
