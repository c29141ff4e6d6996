//! An argument of `set`, read.

use crate::command::CommandError;

/// What is to be done with a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Assignment {
    /// Its value.
    Whole { name: String, value: String },
    /// One item.
    Item { name: String, index: usize, value: String },
    /// One more item.
    More { name: String, value: String },
    /// Its default.
    Default { name: String },
    /// One item less.
    Less { name: String, index: usize },
}

impl Assignment {
    /// Reads `NAME=VALUE`, `NAME[INDEX]=VALUE` or `NAME+=VALUE`.
    pub(super) fn read(text: &str) -> Result<Self, CommandError> {
        let wrong = || CommandError::NoAssignment { text: shown(text) };
        let (left, value) = text.split_once('=').ok_or_else(wrong)?;
        let value = value.to_owned();
        if let Some(name) = left.strip_suffix('+') {
            return Ok(Self::More { name: named(name).ok_or_else(wrong)?, value });
        }
        match indexed(left) {
            Some((name, index)) => Ok(Self::Item { name, index, value }),
            None => Ok(Self::Whole { name: named(left).ok_or_else(wrong)?, value }),
        }
    }

    /// Reads the name of a variable that gets its default back.
    pub(super) fn default(text: &str) -> Result<Self, CommandError> {
        let name = named(text).ok_or_else(|| CommandError::NoAssignment { text: shown(text) })?;
        Ok(Self::Default { name })
    }

    /// Reads `NAME[INDEX]`, an item to be removed.
    pub(super) fn remove(text: &str) -> Result<Self, CommandError> {
        let (name, index) = indexed(text).ok_or_else(|| CommandError::NoAssignment { text: shown(text) })?;
        Ok(Self::Less { name, index })
    }

    /// The variable.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Whole { name, .. }
            | Self::Item { name, .. }
            | Self::More { name, .. }
            | Self::Default { name }
            | Self::Less { name, .. } => name,
        }
    }
}

/// `text` as a name: not empty, and nothing in it that belongs to an assignment.
fn named(text: &str) -> Option<String> {
    let is_name =
        !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || "[]=+".contains(letter));
    is_name.then(|| text.to_owned())
}

/// `NAME[INDEX]`.
fn indexed(text: &str) -> Option<(String, usize)> {
    let (name, index) = text.strip_suffix(']')?.split_once('[')?;
    Some((named(name)?, index.parse().ok()?))
}

/// The argument up to its value, which may be a secret.
fn shown(text: &str) -> String {
    text.split_once('=').map_or_else(|| text.to_owned(), |(left, _)| format!("{left}=…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read() {
        let (name, value) = ("a".to_owned(), "b=c".to_owned());
        assert_eq!(
            Assignment::read("a=b=c"),
            Ok(Assignment::Whole { name: name.clone(), value: value.clone() })
        );
        assert_eq!(
            Assignment::read("a+=b=c"),
            Ok(Assignment::More { name: name.clone(), value: value.clone() })
        );
        assert_eq!(
            Assignment::read("a[2]=b=c"),
            Ok(Assignment::Item { name: name.clone(), index: 2, value })
        );
        assert_eq!(Assignment::remove("a[2]"), Ok(Assignment::Less { name, index: 2 }));
    }

    #[test]
    fn anything_else_is_refused_without_its_value() {
        for text in ["a", "=b", "a[x]=b", "a[-1]=b", "a b=c", "[0]=b"] {
            assert!(Assignment::read(text).is_err(), "{text}");
        }
        assert!(!Assignment::read("a b=hunter2").unwrap_err().to_string().contains("hunter2"));
    }
}
