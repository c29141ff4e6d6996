//! What production becomes when a site is promoted.

use std::collections::BTreeSet;

use super::apart::{Keys, Mark};
use super::inherit::{Units, is_productions, plain};
use crate::config_eol::{ConfigError, Saved, SavedItem, SavedValue};
use crate::evaluation::Snapshot;

/// A value of production that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The variable.
    pub name: String,
    /// What was saved; nothing for the default.
    pub before: Option<SavedValue>,
    /// What is to be saved.
    pub after: Option<SavedValue>,
}

/// What a promotion does, and what stands in its way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Promotion {
    /// What changes, in the order of the site's own values.
    pub changes: Vec<Change>,
    /// What was changed in production since the site has values of its own for it.
    pub conflicts: Vec<String>,
    /// What is kept apart, so that production must have its own, and the site's does not tell which.
    pub needed: Vec<String>,
    /// What stays apart.
    pub apart: Vec<String>,
    /// The variables by which the promoted units are known.
    leaders: BTreeSet<String>,
}

/// The saved values that a promotion is about.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// Those of production.
    pub production: &'a Saved,
    /// What they amount to.
    pub snapshot: &'a Snapshot,
    /// Those of the site's own.
    pub own: &'a Saved,
    /// What production had when they became the site's own.
    pub base: &'a Saved,
}

/// What promoting a site does; of the units of which `chosen` takes no variable, nothing.
pub fn promotion(
    sides: Sides<'_>,
    units: &Units,
    keys: &Keys,
    mark: Mark<'_>,
    chosen: &dyn Fn(&str) -> bool,
) -> Promotion {
    let mut promotion = Promotion::default();
    let mut seen = BTreeSet::new();
    for name in sides.own.names().filter(|name| !is_productions(name)) {
        let leader = units.leader(name);
        let members = units.members(leader);
        if !seen.insert(leader) || !members.iter().any(|name| chosen(name)) {
            continue;
        }
        let is_apart = members.iter().any(|name| keys.apart(name).is_some());
        if is_apart && members.iter().any(|name| has(sides, name)) {
            let own = members.into_iter().filter(|name| sides.own.get(name).is_some());
            promotion.apart.extend(own.map(str::to_owned));
            continue;
        }
        promotion.leaders.insert(leader.to_owned());
        for name in members {
            promotion.variable(name, sides, keys, mark);
        }
    }
    promotion
}

/// Whether production has a value for a variable.
fn has(sides: Sides<'_>, name: &str) -> bool {
    sides.production.get(name).is_some() || sides.snapshot.value(name).is_some_and(|value| !value.is_empty())
}

impl Promotion {
    /// Whether production stays as it is.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn variable(&mut self, name: &str, sides: Sides<'_>, keys: &Keys, mark: Mark<'_>) {
        let own = sides.own.get(name);
        let after = match (own, keys.apart(name)) {
            (Some(value), Some(apart)) => {
                let taken = taken(value, &|json| mark.take(apart, json));
                if taken.is_none() {
                    self.needed.push(name.to_owned());
                }
                taken
            }
            (own, _) => own.cloned(),
        };
        let before = sides.production.get(name);
        if plain(before) == plain(after.as_ref()) {
            return;
        }
        if plain(before) != plain(sides.base.get(name)) {
            self.conflicts.push(name.to_owned());
        }
        self.changes.push(Change { name: name.to_owned(), before: before.cloned(), after });
    }

    /// What production becomes.
    ///
    /// # Errors
    /// A value cannot be saved.
    pub fn production(&self, before: &Saved) -> Result<Saved, ConfigError> {
        let mut saved = before.clone();
        for change in &self.changes {
            match &change.after {
                Some(value) => saved.set(&change.name, value.clone())?,
                None => drop(saved.unset(&change.name)),
            }
        }
        Ok(saved)
    }

    /// What the site still has of its own.
    pub fn own(&self, before: &Saved, units: &Units) -> Saved {
        let mut own = before.clone();
        let gone = before.names().filter(|name| self.leaders.contains(units.leader(name)));
        for name in gone {
            own.unset(name);
        }
        own
    }
}

/// `value`, each of whose items is what `take` makes of it; none if it makes nothing of one.
fn taken(
    value: &SavedValue,
    take: &dyn Fn(&serde_json::Value) -> Option<serde_json::Value>,
) -> Option<SavedValue> {
    Some(match value {
        SavedValue::Single(item) => SavedValue::single(take(&item.value)?, item.owner.as_str()),
        SavedValue::Multi { values, owner } => {
            let values: Option<Vec<_>> = values.iter().map(take).collect();
            SavedValue::multi(values?, owner.as_str())
        }
        SavedValue::Slave(items) => {
            let item = |(index, item): (&usize, &SavedItem)| {
                Some((*index, SavedItem::new(take(&item.value)?, item.owner.as_str())))
            };
            SavedValue::Slave(items.iter().map(item).collect::<Option<_>>()?)
        }
    })
}
