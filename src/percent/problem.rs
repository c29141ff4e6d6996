//! What can be wrong with a `%` template. No message has a value in it, only names, types and places.

use std::fmt;

use crate::words::Phrase;
use miette::Diagnostic;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// A problem of the stage `percent`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum PercentProblem {
    /// It cannot be read.
    #[error("{message}")]
    #[diagnostic(code(percent::syntax), help("correct the template"))]
    Syntax {
        /// What was expected or found.
        message: Phrase,
    },
    /// It names a variable that does not exist.
    #[error("there is no variable `{name}`")]
    #[diagnostic(code(percent::unknown_variable), help("{hint}"))]
    UnknownVariable {
        /// The variable, as the template has it.
        name: String,
        /// What to do.
        hint: Phrase,
    },
    /// It names a variable that is disabled.
    #[error("the variable `{name}` is disabled and so has no value")]
    #[diagnostic(code(percent::disabled_variable), help("ask `%if %%is_defined('{name}')` before using it"))]
    DisabledVariable {
        /// The variable.
        name: String,
    },
    /// It calls a function that does not exist.
    #[error("there is no function `{name}`")]
    #[diagnostic(code(percent::unknown_function), help("{hint}"))]
    UnknownFunction {
        /// The function, as the template has it.
        name: String,
        /// What to do.
        hint: Phrase,
    },
    /// It includes what is not there.
    #[error("there is no template {name} to include")]
    #[diagnostic(
        code(percent::missing_include),
        help("put it beside the other templates, or correct its name")
    )]
    MissingInclude {
        /// The name in quotes, or what can be said of one that was calculated.
        name: Phrase,
    },
    /// It asks for what only EOLE's own programs can do, or what depends on the machine or the clock.
    #[error("{what} cannot be had in a template")]
    #[diagnostic(code(percent::unsupported), help("{hint}"))]
    Unsupported {
        /// What it asks for.
        what: Phrase,
        /// What to do instead.
        hint: Phrase,
    },
    /// It failed while it rendered, as Python would have.
    #[error("{kind}: {message}")]
    #[diagnostic(
        code(percent::failed),
        help("correct the template, or give the variables values that it can use")
    )]
    Failed {
        /// How Python calls it.
        kind: PythonError,
        /// What happened, without values.
        message: Phrase,
    },
    /// It goes on for longer, or nests deeper, than any template does.
    #[error("{what}")]
    #[diagnostic(
        code(percent::too_long),
        help("let the template do less: look for a loop or a call without an end")
    )]
    TooLong {
        /// What is too much, and the limit.
        what: Phrase,
    },
}

/// The exceptions of Python that a template can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PythonError {
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `IndexError`
    Index,
    /// `KeyError`
    Key,
    /// `AttributeError`
    Attribute,
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `OverflowError`
    Overflow,
    /// `AssertionError`
    Assertion,
}

impl PythonError {
    /// Python's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "TypeError",
            Self::Value => "ValueError",
            Self::Index => "IndexError",
            Self::Key => "KeyError",
            Self::Attribute => "AttributeError",
            Self::ZeroDivision => "ZeroDivisionError",
            Self::Overflow => "OverflowError",
            Self::Assertion => "AssertionError",
        }
    }
}

impl Serialize for PythonError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for PythonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PercentProblem {
    /// It failed as Python would have.
    pub(super) fn failed(kind: PythonError, message: impl Into<Phrase>) -> Self {
        Self::Failed { kind, message: message.into() }
    }

    /// A type does not fit.
    pub(super) fn wrong_type(message: impl Into<Phrase>) -> Self {
        Self::failed(PythonError::Type, message)
    }

    /// A value does not fit.
    pub(super) fn wrong_value(message: impl Into<Phrase>) -> Self {
        Self::failed(PythonError::Value, message)
    }

    /// Something is too much.
    pub(super) fn too_long(what: impl Into<Phrase>) -> Self {
        Self::TooLong { what: what.into() }
    }

    /// Something cannot be had.
    pub(super) fn unsupported(what: impl Into<Phrase>, hint: impl Into<Phrase>) -> Self {
        Self::Unsupported { what: what.into(), hint: hint.into() }
    }

    /// Whether `%except` with this class catches it. What cannot be had, and what is too much, is never caught.
    pub(super) fn is_caught_as(&self, class: &str) -> bool {
        let any = matches!(class, "Exception" | "BaseException" | "StandardError");
        match self {
            Self::Syntax { .. } | Self::Unsupported { .. } | Self::TooLong { .. } => false,
            Self::UnknownVariable { .. } | Self::DisabledVariable { .. } | Self::UnknownFunction { .. } => {
                any || matches!(
                    class,
                    "NotFound" | "NameError" | "LookupError" | "KeyError" | "AttributeError"
                )
            }
            Self::MissingInclude { .. } => any || matches!(class, "IOError" | "OSError" | "EnvironmentError"),
            Self::Failed { kind, .. } => {
                any || class == kind.name()
                    || match kind {
                        PythonError::Index | PythonError::Key => class == "LookupError",
                        PythonError::ZeroDivision | PythonError::Overflow => class == "ArithmeticError",
                        PythonError::Attribute => class == "NotFound",
                        _ => false,
                    }
            }
        }
    }
}
