//! The reference of all variables, and what changed since an earlier one.
//!
//! In: a linked schema, and the texts that it was read from. Out: a [`Reference`], written as Markdown, HTML or JSON, and the
//! [`Changes`] between two of them. A repeated family is described once, as it is written. Everything is in words here;
//! the writers only give it a form, in which no text of a dictionary can be more than text.

mod changes;
mod html;
mod markdown;
mod reference;
mod words;

#[cfg(test)]
mod tests;

pub use changes::{Change, Changes, changes};
pub use reference::{Entry, Family, Reference, Variable, numbering, reference};

use crate::words::Words;

/// In which form a reference or its changes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown, readable as it is.
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// For programs, and to be compared with later.
    Json,
}

impl Reference {
    /// The reference in `form`, whose titles are in the language of `tongue`.
    pub fn write(&self, form: Form, tongue: &Words) -> String {
        match form {
            Form::Markdown => markdown::reference(self, tongue),
            Form::Html => html::reference(self, tongue),
            Form::Json => json(self),
        }
    }
}

impl Changes {
    /// The changes in `form`, whose titles are in the language of `tongue`.
    pub fn write(&self, form: Form, tongue: &Words) -> String {
        match form {
            Form::Markdown => markdown::changes(self, tongue),
            Form::Html => html::changes(self, tongue),
            Form::Json => json(self),
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    // A structure of texts is always JSON.
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}
