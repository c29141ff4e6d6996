//! `values`: the snapshot.

use std::io;

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::get::masked;
use super::{Session, Status};
use crate::evaluation::{Entry, Owners};

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
        let Some((_, compiled)) = session.compiled() else { return Status::Refused };
        let snapshot = &compiled.snapshot;
        let shown: Vec<(&str, &Entry)> =
            if self.all { snapshot.all().collect() } else { snapshot.enabled().collect() };
        let written = if session.is_json() {
            let variables: Map<String, Json> =
                shown.iter().map(|(name, entry)| ((*name).to_owned(), object(entry, session))).collect();
            session.json(&json!({ "variables": variables }))
        } else {
            human(&shown, session)
        };
        session.findings.append(compiled.wrong);
        session.end(written)
    }
}

fn object(entry: &Entry, session: &Session<'_>) -> Json {
    let why: Vec<Json> = (entry.properties.reasons().iter())
        .map(|reason| {
            let file = session.sources.get(reason.span.file).map(|source| source.name.to_string_lossy());
            let line = session.sources.position(reason.span).map(|(line, _)| line);
            json!({ "property": reason.property.as_str(), "because": reason.why, "file": file, "line": line })
        })
        .collect();
    json!({
        "value": masked(entry, &entry.value),
        "default": masked(entry, &entry.default),
        "owner": owner(&entry.owner),
        "family": entry.family,
        "type": entry.kind.name(),
        "mode": entry.mode.as_str(),
        "properties": entry.properties.names(),
        "why": why,
    })
}

fn owner(owner: &Owners) -> Json {
    let item = |owner: &Option<String>| owner.as_deref().unwrap_or("default").to_owned();
    match owner {
        Owners::Default => "default".into(),
        Owners::One(owner) => owner.as_str().into(),
        Owners::Items(owners) => owners.iter().map(item).collect::<Vec<_>>().into(),
    }
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
        let notes = notes(entry);
        session.line(format!("{name:width$}  {}{notes}", text(&masked(entry, &entry.value))).trim_end())?;
    }
    Ok(())
}

/// A value on one line.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.replace('\n', "\\n").replace(char::is_control, "\u{fffd}"),
        Json::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn notes(entry: &Entry) -> String {
    let mut notes = entry.properties.names();
    if entry.owner != Owners::Default {
        notes.push("set");
    }
    if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) }
}
