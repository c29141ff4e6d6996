//! `get`: values.

use std::io;

use clap::Args;
use serde_json::{Map, Value as Json};

use super::{CommandError, Session, Status};
use crate::diagnostic::{Finding, meant};
use crate::evaluation::{Entry, Properties, Property, Snapshot};
use crate::phrase;
use crate::value::Value;
use crate::words::Phrase;

/// Print values
///
/// One variable: its value, a list one item a line. Several, or none for all: NAME=VALUE lines, a list as
/// NAME[0]=…, NAME[1]=… Passwords are shown as ******** unless --secrets is given.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne get conteneur1_name")]
pub(super) struct Get {
    /// The variables; all if none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Print passwords too
    #[arg(long)]
    secrets: bool,
}

/// What stands for a password.
pub(super) const MASK: &str = "********";

impl Get {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(evaluated) = session.evaluated() else { return Status::Refused };
        let snapshot = &evaluated.snapshot;
        let found: Vec<(&str, &Entry)> = if self.names.is_empty() {
            snapshot.enabled().collect()
        } else {
            self.names
                .iter()
                .filter_map(|name| find(name, snapshot, session).map(|entry| (name.as_str(), entry)))
                .collect()
        };
        if session.findings.has_errors() {
            return Status::Refused;
        }
        let written = self.write(&found, session);
        session.end(written)
    }

    fn write(&self, found: &[(&str, &Entry)], session: &mut Session<'_>) -> io::Result<()> {
        if session.is_json() {
            let members: Map<String, Json> =
                found.iter().map(|(name, entry)| ((*name).to_owned(), self.json(entry))).collect();
            return session.json(&members.into());
        }
        if let ([_], [(_, entry)]) = (&self.names[..], found) {
            return match &entry.value {
                Value::List(items) => {
                    items.iter().try_for_each(|item| session.line(&self.shown(entry, item)))
                }
                value => session.line(&self.shown(entry, value)),
            };
        }
        for (name, entry) in found {
            match &entry.value {
                Value::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        session.line(&format!("{name}[{index}]={}", self.shown(entry, item)))?;
                    }
                }
                value => session.line(&format!("{name}={}", self.shown(entry, value)))?,
            }
        }
        Ok(())
    }

    fn hides(&self, entry: &Entry, value: &Value) -> bool {
        entry.kind.is_secret() && !self.secrets && !value.is_empty()
    }

    fn shown(&self, entry: &Entry, value: &Value) -> String {
        if self.hides(entry, value) { MASK.to_owned() } else { value.to_string() }
    }

    fn json(&self, entry: &Entry) -> Json {
        if self.secrets {
            serde_json::to_value(&entry.value).unwrap_or_default()
        } else {
            masked(entry, &entry.value)
        }
    }
}

/// `value`, which is the value or default of `entry`, as JSON, a mask in the place of a password.
pub(super) fn masked(entry: &Entry, value: &Value) -> Json {
    match value {
        Value::List(items) => items.iter().map(|item| masked(entry, item)).collect(),
        value if entry.kind.is_secret() && !value.is_empty() => MASK.into(),
        value => serde_json::to_value(value).unwrap_or_default(),
    }
}

/// The variable `name`, which must have a value now; else a finding.
pub(super) fn find<'s>(name: &str, snapshot: &'s Snapshot, session: &mut Session<'_>) -> Option<&'s Entry> {
    let Some(entry) = snapshot.entry(name) else {
        session.findings.push(Finding::new(unknown(name, snapshot)));
        return None;
    };
    if entry.properties.is_disabled() {
        let why = why(&entry.properties, Property::Disabled);
        let finding = Finding::new(CommandError::Disabled { name: name.to_owned(), why });
        session.findings.push(
            entry
                .properties
                .reasons()
                .iter()
                .filter(|reason| reason.property == Property::Disabled)
                .fold(finding, |finding, reason| {
                    finding.related(reason.span, phrase!("at-by-this", "by this"))
                }),
        );
        return None;
    }
    Some(entry)
}

/// Says that `name` is unknown, and which name may have been meant.
pub(super) fn unknown(name: &str, snapshot: &Snapshot) -> CommandError {
    let help = meant(name, snapshot.all().map(|(name, _)| name))
        .unwrap_or_else(|| phrase!("list-values", "list them with: galerne values"));
    CommandError::UnknownVariable { name: name.to_owned(), help }
}

/// Why `property` holds, in words.
pub(super) fn why(properties: &Properties, property: Property) -> Phrase {
    let reasons = properties.reasons().iter().filter(|reason| reason.property == property);
    let whys = reasons.map(|reason| reason.why.phrase().clone());
    let all = whys.reduce(|first, next| phrase!("and-why", "{first}; {next}", first = first, next = next));
    all.unwrap_or_else(|| Phrase::from(""))
}
