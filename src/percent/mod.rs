//! EOLE's `%` templates: Cheetah with other marks.
//!
//! In: the text of a template, and what it can see ([`Surroundings`]). Out: a [`Document`] with the place of each part, and
//! of that a text, or findings on the template. The invariant: what has not the meaning that it has for EOLE is refused,
//! never rendered as something else; and whatever the template is, it ends, within bounds of time, depth and size.
//!
//! The language is that of Cheetah 2 with `%` for directives, `%%` for placeholders and `%#` for comments, and Python 2's
//! values: `7 / 2` is `3`, `None` prints as nothing. It departs where Python 2 hides mistakes: values of different types
//! have no order, and integers end at 64 bits. Refused are functions without a name, texts with expressions in them, and
//! all that asks a server, the machine, chance or the clock.

use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::FileId;

mod assignment;
mod atom;
mod builtins;
mod cursor;
mod data;
mod directive;
mod eole;
mod evaluate;
mod expression;
mod format;
mod index;
mod interpreter;
mod library;
mod literal;
mod loops;
mod methods;
mod names;
mod operators;
mod problem;
mod reader;
mod show;
mod text;
mod tree;
mod trial;
mod value;

pub use data::{Data, Group, Lookup, Surroundings};
pub use problem::{PercentProblem, PythonError};
pub use tree::Document;

/// Reads the template `text`, which is `file`; `None` if something was found.
pub fn parse(text: &str, file: FileId, findings: &mut Findings) -> Option<Document> {
    match reader::document(text, file) {
        Ok(document) => Some(document),
        Err(failure) => {
            findings.push(Finding::new(*failure.problem).at(failure.at, phrase!("at-here", "here")));
            None
        }
    }
}

/// The text that `document` makes of what it sees; `None` if something was found.
pub fn render(document: &Document, around: &dyn Surroundings, findings: &mut Findings) -> Option<String> {
    match interpreter::render(document, around) {
        Ok(text) => Some(text),
        Err(found) => {
            findings.append(found);
            None
        }
    }
}

#[cfg(test)]
mod tests;
