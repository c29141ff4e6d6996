//! `system`: what the dictionaries say of files, services, packages and the like.

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::{Session, Status};
use crate::dictionary::SystemEntry;
use crate::evaluation::Snapshot;
use crate::phrase;
use crate::words::{Phrase, Words};

/// Print the files, services, packages and access rules of the dictionaries
///
/// One a line: what it is, its name, the sets that it belongs to, and whether a condition switches it off now.
/// What stands in one of EOLE's own containers has the container's name.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne system --format json")]
pub(super) struct System {}

impl System {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let Some((schema, evaluated)) = session.linked() else { return Status::Refused };
        let (entries, snapshot) = (schema.system().entries(), &evaluated.snapshot);
        let written = if session.is_json() {
            let entries: Vec<Json> = entries.iter().map(|entry| object(entry, snapshot)).collect();
            session.json(&json!({ "system": entries }))
        } else {
            {
                let words = session.words;
                entries.iter().try_for_each(|entry| session.line(&line(entry, snapshot, words)))
            }
        };
        session.findings.append(evaluated.wrong);
        session.end(written)
    }
}

/// The sets that an entry belongs to: the attribute, the set.
fn lists(entry: &SystemEntry) -> impl Iterator<Item = (&'static str, &str)> {
    let named = entry.attributes.iter().filter(|(name, _)| name.ends_with("list"));
    named.map(|(name, value)| (*name, value.value.as_ref()))
}

/// Whether no condition switches the entry off now.
fn is_active(entry: &SystemEntry, snapshot: &Snapshot) -> bool {
    lists(entry).all(|(kind, name)| !snapshot.is_list_disabled(kind, name))
}

fn line(entry: &SystemEntry, snapshot: &Snapshot, words: &Words) -> String {
    let said = |phrase: Phrase| format!(" {}", words.phrase(&phrase));
    let container = entry.container.as_deref();
    let container = container.map(|name| said(phrase!("entry-in", "in {container}", container = name)));
    let lists: Vec<String> = lists(entry).map(|(kind, name)| format!(" {kind}={name}")).collect();
    let lists = lists.concat();
    let off = if is_active(entry, snapshot) { String::new() } else { said(phrase!("entry-off", "(off)")) };
    let text = format!("{} {}{}{lists}{off}", entry.kind, entry.name(), container.unwrap_or_default());
    text.replace(char::is_control, "\u{fffd}")
}

fn object(entry: &SystemEntry, snapshot: &Snapshot) -> Json {
    let attributes: Map<String, Json> = (entry.attributes.iter())
        .map(|(name, value)| ((*name).to_owned(), Json::from(value.value.as_ref())))
        .collect();
    let inner: Vec<Json> = entry.inner.iter().map(|inner| object(inner, snapshot)).collect();
    json!({
        "kind": entry.kind,
        "name": entry.name(),
        "container": entry.container.as_deref(),
        "active": is_active(entry, snapshot),
        "attributes": attributes,
        "holds": inner,
    })
}
