//! What became of each variable of the older configuration.

use std::io;

use serde_json::{Value as Json, json};

use super::candidate::{Candidate, Fit, Left, Reason};
use crate::command::Session;
use crate::command::get::{MASK, why};
use crate::command::values::text;
use crate::evaluation::{Entry, Property, Snapshot};
use crate::phrase;
use crate::source::Span;
use crate::words::Phrase;

/// What became of each variable.
#[derive(Debug, Default)]
pub(super) struct Report {
    placed: Vec<Placed>,
    not_placed: Vec<NotPlaced>,
    /// Those without a value, which keep their defaults.
    empty: Vec<String>,
    /// Those that have their value here already.
    unchanged: Vec<String>,
}

/// A value that was placed; a secret is masked.
#[derive(Debug)]
struct Placed {
    name: String,
    value: Json,
    /// What is to be said of it.
    note: Option<Phrase>,
}

/// A value that was not placed; a secret is masked, and what nobody knows may be one.
#[derive(Debug)]
struct NotPlaced {
    name: String,
    value: Json,
    reason: Phrase,
    span: Option<Span>,
}

impl Report {
    /// Those that say nothing.
    pub(super) fn empty(&mut self, candidates: Vec<Candidate>) {
        self.empty.extend(candidates.into_iter().map(|candidate| candidate.name));
    }

    /// It has its value here already.
    pub(super) fn unchanged(&mut self, name: &str) {
        self.unchanged.push(name.to_owned());
    }

    /// It was placed.
    pub(super) fn placed(&mut self, fit: &Fit, entry: Option<&Entry>) {
        let name = fit.candidate.name.clone();
        let note = entry.is_none().then(|| phrase!("not-defined-yet", "no dictionary defines it yet"));
        self.placed.push(Placed { name, value: shown(fit.value.val(), entry), note });
    }

    /// It was not placed.
    pub(super) fn refused(&mut self, candidate: &Candidate, entry: Option<&Entry>, reason: &Reason) {
        let (name, reason) = (candidate.name.clone(), reason.phrase());
        let value = shown(candidate.value.val(), entry);
        self.not_placed.push(NotPlaced { name, value, reason, span: candidate.span });
    }

    /// The items of a slave that do not fit.
    pub(super) fn left(&mut self, candidate: &Candidate, left: &[Left], entry: &Entry) {
        for (index, value, reason) in left {
            let name = format!("{}[{index}]", candidate.name);
            let (value, reason) = (shown(value.clone(), Some(entry)), reason.phrase());
            self.not_placed.push(NotPlaced { name, value, reason, span: candidate.span });
        }
    }

    /// Notes which of the placed values are not in use now.
    pub(super) fn note(&mut self, snapshot: &Snapshot) {
        for placed in &mut self.placed {
            let Some(entry) = snapshot.entry(&placed.name) else { continue };
            let mut unused = [Property::Disabled, Property::Hidden, Property::Frozen].into_iter();
            placed.note = unused.find(|property| entry.properties.has(*property)).map(|property| {
                let why = why(&entry.properties, property);
                phrase!(
                    "not-in-use",
                    "not in use now, as it is {property}: {why}",
                    property = property.said(),
                    why = why
                )
            });
        }
    }

    /// Writes it in the form that the user chose.
    pub(super) fn write(&self, dry_run: bool, changed: bool, session: &mut Session<'_>) -> io::Result<()> {
        if session.is_json() {
            let object = self.object(dry_run, changed, session);
            return session.json(&object);
        }
        if !session.options.quiet {
            self.write_placed(session)?;
        }
        self.write_not_placed(session)?;
        let last = match (dry_run, changed) {
            _ if session.options.quiet => return Ok(()),
            (true, _) => phrase!("nothing-written", "nothing was written"),
            (false, true) => {
                phrase!("saved-check", "saved; galerne check says what is still missing")
            }
            (false, false) => phrase!("nothing-changed", "nothing changed"),
        };
        session.say(&last)
    }

    fn write_placed(&self, session: &mut Session<'_>) -> io::Result<()> {
        session.say(&phrase!("placed", "placed: {count}", count = self.placed.len()))?;
        for Placed { name, value, note } in &self.placed {
            let note =
                note.as_ref().map(|note| format!("  ({})", session.words.phrase(note))).unwrap_or_default();
            let value = match value {
                // The items of a slave.
                Json::Object(items) => items.values().cloned().collect(),
                value => value.clone(),
            };
            session.line(format!("  {} = {}{note}", plain(name), text(&value)).trim_end())?;
        }
        for (what, names) in [
            (phrase!("same-already", "the same here already"), &self.unchanged),
            (phrase!("default-kept", "without a value, default kept"), &self.empty),
        ] {
            if !names.is_empty() {
                let listed: Vec<String> = names.iter().map(|name| plain(name)).collect();
                session.say(&phrase!("listed", "{what}: {names}", what = what, names = listed.join(", ")))?;
            }
        }
        Ok(())
    }

    fn write_not_placed(&self, session: &mut Session<'_>) -> io::Result<()> {
        if self.not_placed.is_empty() {
            return Ok(());
        }
        session.say(&phrase!("not-placed", "not placed: {count}", count = self.not_placed.len()))?;
        for lost in &self.not_placed {
            let line = lost.line(session).map(|line| phrase!("at-line", " (line {line})", line = line));
            let line = line.map(|line| session.words.phrase(&line)).unwrap_or_default();
            let name = format!("  {}{line}", plain(&lost.name));
            let reason = plain(&session.words.phrase(&lost.reason));
            session.say(&phrase!("listed", "{what}: {names}", what = name, names = reason))?;
        }
        Ok(())
    }

    fn object(&self, dry_run: bool, changed: bool, session: &Session<'_>) -> Json {
        let placed = |placed: &Placed| json!({ "name": placed.name, "value": placed.value, "note": placed.note.as_ref().map(Phrase::english) });
        let not_placed = |lost: &NotPlaced| {
            let line = lost.line(session);
            json!({ "name": lost.name, "value": lost.value, "reason": lost.reason.english(), "line": line })
        };
        json!({
            "placed": self.placed.iter().map(placed).collect::<Vec<_>>(),
            "not_placed": self.not_placed.iter().map(not_placed).collect::<Vec<_>>(),
            "unchanged": self.unchanged,
            "empty": self.empty,
            "saved": changed && !dry_run,
        })
    }
}

impl NotPlaced {
    fn line(&self, session: &Session<'_>) -> Option<usize> {
        session.sources.position(self.span?).map(|(line, _)| line)
    }
}

/// `value` of the variable `entry`, a mask in the place of what is or may be a secret.
fn shown(value: Json, entry: Option<&Entry>) -> Json {
    match value {
        Json::Array(items) => items.into_iter().map(|item| shown(item, entry)).collect(),
        Json::Object(items) => items.into_iter().map(|(index, item)| (index, shown(item, entry))).collect(),
        Json::Null => Json::Null,
        _ if entry.is_none_or(|entry| entry.kind.is_secret()) => MASK.into(),
        value => value,
    }
}

/// A name or a message of an older configuration on one line.
fn plain(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}
