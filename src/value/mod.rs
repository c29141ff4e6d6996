//! What a variable can hold: its types, and the values they accept.
//!
//! In: a text or a JSON value and the type it should have. Out: a [`Value`] of that type, or a [`Mismatch`]
//! that says what was expected. Nothing else in galerne makes a value out of a text.

use std::fmt;

use serde::Serialize;

mod json;
mod kind;
mod mismatch;
mod mode;
mod net;
mod text;

pub use kind::VariableType;
pub use mismatch::Mismatch;
pub use mode::Mode;

/// A value, always checked against the type of its variable.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    #[default]
    None,
    /// A text.
    Text(String),
    /// An integer.
    Number(i64),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// Several, of a `multi` variable or of a slave.
    List(Vec<Value>),
}

impl Value {
    /// Whether it is nothing, an empty text, or an empty list.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Number(_) | Self::Float(_) | Self::Boolean(_) => false,
        }
    }

    /// The items of a list, or the one value; none for nothing.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            Self::None => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// As text: what conditions compare and command lines print. Booleans are `True` and `False`, as in
/// dictionaries; a list has one item a line; nothing is empty.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Boolean(true) => f.write_str("True"),
            Self::Boolean(false) => f.write_str("False"),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    fmt::Display::fmt(item, f)?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
