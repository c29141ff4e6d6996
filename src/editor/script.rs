//! Actions as lines of text, for tests and for support.
//!
//! In: a text. Out: actions. A line is a word for an action, or one of `type TEXT`, `goto NAME`, `mode LEVEL`, `size COLUMNS LINES` and `screen`,
//! which shows the screen as it is then; empty lines and those that begin with `#` say nothing.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;
use tui_input::InputRequest;

use super::action::{Action, WORDS};

/// A line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Does something.
    Do(Action),
    /// Makes the screen so many columns and lines large.
    Size(u16, u16),
    /// Shows the screen.
    Screen,
}

/// A line that says nothing known.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
#[error("line {line} of the script: `{text}` is no action")]
#[diagnostic(code(editor::script), help("write one of: {known}"))]
pub struct ScriptError {
    /// Its number, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// The actions that there are.
    pub known: String,
}

fn known() -> String {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    format!("{}, type TEXT, goto NAME, mode LEVEL, size COLUMNS LINES, screen", words.join(", "))
}

/// Reads a script.
///
/// # Errors
/// Each line that says nothing known.
pub fn read(text: &str) -> Result<Vec<Order>, Vec<ScriptError>> {
    let (mut orders, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match order(line) {
            Some(found) => orders.extend(found),
            None => wrong.push(ScriptError {
                line: number + 1,
                text: line.chars().take(80).collect(),
                known: known(),
            }),
        }
    }
    if wrong.is_empty() { Ok(orders) } else { Err(wrong) }
}

fn order(line: &str) -> Option<Vec<Order>> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let one = |action: Action| Some(vec![Order::Do(action)]);
    match word {
        // Key by key, in the place of what was there.
        "type" => {
            let mut orders = vec![Order::Do(Action::Edit(InputRequest::DeleteLine))];
            orders
                .extend(rest.chars().map(|letter| Order::Do(Action::Edit(InputRequest::InsertChar(letter)))));
            Some(orders)
        }
        "goto" if !rest.is_empty() => one(Action::GoTo(rest.to_owned())),
        "mode" if !rest.is_empty() => one(Action::Level(rest.to_owned())),
        "size" => {
            let (columns, lines) = rest.split_once(' ')?;
            Some(vec![Order::Size(columns.parse().ok()?, lines.parse().ok()?)])
        }
        "screen" => Some(vec![Order::Screen]),
        _ => WORDS.iter().find(|(known, _)| *known == line).and_then(|(_, action)| one(action.clone())),
    }
}
