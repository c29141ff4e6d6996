//! The form in which EOLE 2.2 and 2.3 saved: INI, one section a variable, its values as Python lists.
//!
//! In: the bytes of such a file, UTF-8 or ISO-8859-1. Out: an [`Ini`], its sections in order, each value with its place.
//! The invariant: nothing is guessed at; a line that is not understood is a finding. Refused: a line that belongs to
//! nothing, what is there twice, a section without `val`, and what is no list of texts, numbers and `None`.

mod literal;
mod mask;
mod problem;
mod reader;

use std::fmt;

use crate::source::Span;

pub use problem::IniError;

pub(super) use mask::masked;
pub(super) use reader::parse;

/// The most sections that a file may have: no server ever had a tenth of it.
const MAX_SECTIONS: usize = 65_536;

/// An older configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ini {
    /// One section a variable, in the order of the file.
    pub sections: Vec<IniSection>,
}

/// What is saved for one variable.
#[derive(Debug, Clone, PartialEq)]
pub struct IniSection {
    /// The variable.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Its values; none where it has its default.
    pub val: Vec<IniItem>,
    /// Its values before the last change.
    pub valprec: Vec<IniItem>,
    /// The default that its dictionary had.
    pub valdefault: Vec<IniItem>,
}

/// One value.
#[derive(Clone, PartialEq)]
pub struct IniItem {
    /// Its text; `None` for Python's `None`.
    pub text: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// The place and not the value, which may be a secret.
impl fmt::Debug for IniItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "… at {}..{}", self.span.start, self.span.end)
    }
}

/// The text that `bytes` are: UTF-8 with or without its mark, or else ISO-8859-1, in which every byte is a letter.
pub(super) fn decoded(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests;
