//! Why a function has no result, or refuses a value.

use thiserror::Error;

/// Why a function has no result, or refuses a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FunctionError {
    /// The value is none of those that are allowed.
    #[error("expected one of {}", .words.join(", "))]
    NotAmong {
        /// Those that are.
        words: Vec<String>,
    },
    /// The value is no integer, or not within its bounds.
    #[error("expected an integer{}", bounds(*least, *most))]
    NotWithin {
        /// The smallest one.
        least: Option<i64>,
        /// The largest one.
        most: Option<i64>,
    },
    /// The value does not match an expression, and the dictionary says what that means.
    #[error("{message}")]
    Explained {
        /// The dictionary's words.
        message: String,
    },
    /// The value does not match an expression.
    #[error("expected a text that matches `{pattern}`")]
    NoMatch {
        /// The expression.
        pattern: String,
    },
    /// The value is one that it must not be.
    #[error("expected another value than that of the variable it is compared with")]
    Same,
    /// The list has the value already.
    #[error("expected each item only once")]
    Repeated,
    /// The call is wrong: no value can be judged or made.
    #[error("the call is wrong: expected {expected}")]
    WrongArguments {
        /// What was expected.
        expected: &'static str,
    },
    /// The regular expression of a call is none.
    #[error("`{pattern}` is no regular expression: {reason}")]
    BadPattern {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An expression of the template engine is none, or fails.
    #[error("the expression fails: {reason}")]
    BadExpression {
        /// What the engine says.
        reason: String,
    },
    /// The list of a call is none.
    #[error("`{text}` is no list of words, such as ['one', 'two']")]
    BadList {
        /// What stands there.
        text: String,
    },
}

impl FunctionError {
    /// Whether the dictionary's call is wrong, and not the value.
    pub fn blames_the_call(&self) -> bool {
        matches!(
            self,
            Self::WrongArguments { .. }
                | Self::BadPattern { .. }
                | Self::BadList { .. }
                | Self::BadExpression { .. }
        )
    }
}

fn bounds(least: Option<i64>, most: Option<i64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    }
}
