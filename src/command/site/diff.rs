//! How a site differs from production: variable by variable, with what both have.

use clap::Args;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::Layer;
use crate::command::get::masked;
use crate::command::values::text;
use crate::command::{Session, Status};
use crate::evaluation::{Entry, Snapshot};
use crate::phrase;
use crate::site::{SiteName, SiteProblem, is_productions};
use crate::words::Phrase;

/// Show how a site differs from production
///
/// With --site NAME: each variable that has another value there, with both values. What is kept apart (names, ports, folders, volumes,
/// networks) comes last and is never promoted. Passwords are shown as ********. Exits with 1 under --check if something is to be promoted.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne --site preprod diff")]
pub(in crate::command) struct Diff {
    /// Exit with 1 if something would be promoted
    #[arg(long)]
    check: bool,
}

/// A variable that has another value in a site than in production.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::command) struct Difference {
    pub(in crate::command) variable: String,
    /// Production's value; none if the variable has none there.
    production: Option<Json>,
    /// The site's.
    site: Option<Json>,
    /// Whether it is kept apart.
    apart: bool,
}

impl Diff {
    /// Runs the command.
    pub(in crate::command) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(site) = session.options.site.clone() else {
            let says = phrase!("diff-takes-site", "compares a site with production, and none is named");
            let help = phrase!("diff-example", "write it as in: galerne --site preprod diff");
            session.findings.add(SiteProblem::WrongSite { command: "diff", says, help });
            return Status::Misused;
        };
        let Some((inputs, compiled)) = session.compiled() else { return Status::Refused };
        let Some(own) = &inputs.own else { return Status::Refused };
        let found = differences(own, &compiled.snapshot);
        let is_promoted = found.iter().any(|difference| !difference.apart);
        let written = if session.is_json() {
            session.json(&json!({ "site": site, "differences": found }))
        } else {
            shown(&site, &found).iter().try_for_each(|line| session.say(line))
        };
        session.findings.append(compiled.wrong);
        match session.end(written) {
            Status::Done if self.check && is_promoted => Status::Refused,
            status => status,
        }
    }
}

/// How the site whose values amount to `snapshot` differs from production.
pub(in crate::command) fn differences(own: &Layer, snapshot: &Snapshot) -> Vec<Difference> {
    let production = &own.snapshot;
    let here = snapshot.all().map(|(name, _)| name);
    let only_there = production.all().map(|(name, _)| name).filter(|name| snapshot.entry(name).is_none());
    let entry = |snapshot: &'_ Snapshot, name: &str| -> Option<Entry> {
        snapshot.entry(name).filter(|entry| !entry.properties.is_disabled()).cloned()
    };
    let mut found = Vec::new();
    for name in here.chain(only_there).filter(|name| !is_productions(name)) {
        let (before, after) = (entry(production, name), entry(snapshot, name));
        let value = |entry: &Option<Entry>| {
            entry.as_ref().map(|entry| entry.value.clone()).filter(|value| !value.is_empty())
        };
        if value(&before) == value(&after) {
            continue;
        }
        let shown = |entry: &Option<Entry>| entry.as_ref().map(|entry| masked(entry, &entry.value));
        let leader = own.units.leader(name);
        let apart = own.units.members(leader).iter().any(|name| own.keys.apart(name).is_some());
        let (production, site) = (shown(&before), shown(&after));
        found.push(Difference { variable: name.to_owned(), production, site, apart });
    }
    // What is promoted first, then what is kept apart.
    found.sort_by_key(|difference| difference.apart);
    found
}

/// The differences, in lines.
pub(in crate::command) fn shown(site: &SiteName, found: &[Difference]) -> Vec<Phrase> {
    let line = |difference: &Difference| -> Phrase {
        let value = |value: &Option<Json>| value.as_ref().map(text).unwrap_or_default();
        let (before, after) = (value(&difference.production), value(&difference.site));
        let (name, values) = (format!("  {}", difference.variable), format!("{before} → {after}"));
        phrase!("listed", "{what}: {names}", what = name, names = values)
    };
    let (apart, promoted): (Vec<&Difference>, Vec<&Difference>) =
        found.iter().partition(|difference| difference.apart);
    let mut lines = Vec::new();
    if promoted.is_empty() {
        lines.push(phrase!(
            "diff-nothing",
            "{site} has nothing to promote: what is not kept apart is as in production",
            site = site
        ));
    } else {
        lines.push(phrase!("diff-promoted", "production → {site}:", site = site));
        lines.extend(promoted.into_iter().map(line));
    }
    if !apart.is_empty() {
        lines.push(phrase!("diff-apart", "kept apart, and not promoted:"));
        lines.extend(apart.into_iter().map(line));
    }
    lines
}
