//! Finding in a rendered text the marks that [`super::escape`] left.

use std::collections::BTreeMap;

use super::Template;
use super::escape::{QUOTED, REFUSED};
use crate::source::Span;

/// A value that has no form where the template put it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// The value.
    pub(super) text: String,
    /// What the line has before it.
    before: String,
}

/// The values that are marked as refused, each once.
pub(super) fn refused(text: &str) -> Vec<Refused> {
    let mut found: Vec<Refused> = Vec::new();
    let parts: Vec<&str> = text.split(REFUSED).collect();
    for pair in parts.chunks_exact(2) {
        let before = pair[0].rsplit('\n').next().unwrap_or_default();
        if found.iter().all(|other| other.text != pair[1]) {
            found.push(Refused { text: pair[1].to_owned(), before: before.to_owned() });
        }
    }
    found
}

/// The JSON text without its marks, or the values that were to be within quotes and are not.
pub(super) fn outside_of_quotes(text: &str) -> Result<String, Vec<Refused>> {
    let mut clean = String::with_capacity(text.len());
    let mut found = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (offset, letter) in text.char_indices() {
        match letter {
            QUOTED if !quoted || escaped => found.push(bare(text, offset)),
            QUOTED => continue,
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        clean.push(letter);
    }
    if found.is_empty() { Ok(clean) } else { Err(found) }
}

/// The value after the mark at `offset`; where it ends is not known, so no variable is named for it.
fn bare(text: &str, offset: usize) -> Refused {
    let before = text[..offset].rsplit('\n').next().unwrap_or_default();
    Refused { text: String::new(), before: before.replace(QUOTED, "") }
}

/// The line of the template that most likely wrote the value: it has the words that stand before it.
pub(super) fn place(value: &Refused, name: &str, texts: &BTreeMap<String, Template>) -> Option<Span> {
    let template = texts.get(name)?;
    let first = value.before.split_whitespace().next();
    let wanted = |line: &&str| {
        line.contains("{{") && first.is_none_or(|word| line.split_whitespace().any(|other| other == word))
    };
    let line = template.text.lines().find(wanted);
    let (start, length) =
        line.map_or((0, 0), |line| (line.as_ptr() as usize - template.text.as_ptr() as usize, line.len()));
    Some(Span::new(template.file, start, start + length))
}
