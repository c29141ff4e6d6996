//! `values`: the snapshot.

use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;

use clap::Args;
use serde_json::Value as Json;

use document::Document;

use super::get::masked;
use super::{Session, Status};
use crate::evaluation::{Entry, Owners};
use crate::phrase;
use crate::words::Words;

mod document;

/// Print every variable with its value, owner and properties
///
/// As JSON: {"variables": {"NAME": {"value", "default", "owner", "family", "type", "mode", "properties", "why"}}}.
/// Passwords are shown as ********.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne values --format json")]
pub(super) struct Values {
    /// Print the disabled ones too
    #[arg(long)]
    all: bool,
}

impl Values {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        // The program ends with this command: the system takes all memory back at once, faster than it is freed piece by piece.
        let Some(mut linked) = session.linked().map(ManuallyDrop::new) else { return Status::Refused };
        let (_, evaluated) = &mut *linked;
        let snapshot = &evaluated.snapshot;
        let shown: Vec<(&str, &Entry)> =
            if self.all { snapshot.all().collect() } else { snapshot.enabled().collect() };
        let written = if session.is_json() {
            let document = Document { shown: &shown, sources: &session.sources };
            write_json(&mut *session.out, &document)
        } else {
            human(&shown, session)
        };
        session.findings.append(std::mem::take(&mut evaluated.wrong));
        session.end(written)
    }
}

/// Writes `document` piece by piece, without ever holding all of it.
fn write_json(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// One family after the other: name, value, and what is to be said of it.
fn human(shown: &[(&str, &Entry)], session: &mut Session<'_>) -> io::Result<()> {
    let width = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut family = None;
    for (name, entry) in shown {
        if family != Some(&entry.family) {
            if family.is_some() {
                session.line("")?;
            }
            session.line(&format!("[{}]", entry.family))?;
            family = Some(&entry.family);
        }
        let notes = notes(entry, session.words);
        session.line(format!("{name:width$}  {}{notes}", text(&masked(entry, &entry.value))).trim_end())?;
    }
    Ok(())
}

/// A value on one line.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.replace('\n', "\\n").replace(char::is_control, "\u{fffd}"),
        Json::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn notes(entry: &Entry, words: &Words) -> String {
    let held = entry.properties.held();
    let mut notes: Vec<String> = held.into_iter().map(|property| words.phrase(&property.said())).collect();
    if entry.owner != Owners::Default {
        notes.push(words.phrase(&phrase!("now-set", "set")));
    }
    if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) }
}
