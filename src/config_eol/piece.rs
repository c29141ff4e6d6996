//! A part of a text that many parts share.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of a text, kept without a copy of it.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    text: Arc<str>,
    at: (u32, u32),
}

impl Piece {
    /// The part `at` of `text`; nothing where there is no such part.
    pub(super) fn of(text: &Arc<str>, at: Range<usize>) -> Self {
        let place = u32::try_from(at.start).ok().zip(u32::try_from(at.end).ok());
        match place.filter(|_| text.get(at.clone()).is_some()) {
            Some(at) => Self { text: text.clone(), at },
            // Too far behind for the short form of a place: a copy.
            None => Self::from(text.get(at).unwrap_or_default()),
        }
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        // No text is that long: its reader refuses it before.
        let end = u32::try_from(text.len()).unwrap_or(0);
        Self { text: text.into(), at: (0, end) }
    }
}

impl Deref for Piece {
    type Target = str;

    fn deref(&self) -> &str {
        self.text.get(self.at.0 as usize..self.at.1 as usize).unwrap_or_default()
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_its_part_of_the_text() {
        let text: Arc<str> = "une clé".into();
        assert_eq!(&*Piece::of(&text, 4..8), "clé");
        assert_eq!(&*Piece::of(&text, 4..7), "", "no boundary of a character");
        assert_eq!(&*Piece::of(&text, 9..12), "");
        assert_eq!(&*Piece::from("seule"), "seule");
    }
}
