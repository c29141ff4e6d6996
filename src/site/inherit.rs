//! The values that a site has: production's, under its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::apart::{Keys, Mark};
use crate::config_eol::{ConfigError, Saved, SavedItem, SavedValue};
use crate::evaluation::{Entry, Snapshot};
use crate::front;
use crate::nodes;
use crate::value::Value;

/// Who owns what a site takes from production.
pub const INHERITED: &str = "production";

/// Who owns what is production's, but for the mark of the site.
pub const DERIVED: &str = "site";

/// The page at `/` is production's, and leads to an application of its own.
const HOME: &str = "conteneur_accueil_application";

/// Which variables belong together: a master and its slaves. All others are alone.
#[derive(Debug, Clone, Default)]
pub struct Units {
    leaders: BTreeMap<String, String>,
    members: BTreeMap<String, BTreeSet<String>>,
}

impl Units {
    /// Those of the dictionaries of `snapshots`.
    pub fn of(snapshots: &[&Snapshot]) -> Self {
        let mut units = Self::default();
        for (name, entry) in snapshots.iter().flat_map(|snapshot| snapshot.all()) {
            let Some(master) = &entry.master else { continue };
            units.leaders.insert(name.to_owned(), master.to_string());
            let members = units.members.entry(master.to_string()).or_default();
            members.extend([name.to_owned(), master.to_string()]);
        }
        units
    }

    /// The variable by which its unit is known.
    pub fn leader<'a>(&'a self, name: &'a str) -> &'a str {
        self.leaders.get(name).map_or(name, String::as_str)
    }

    /// All of the unit that `leader` leads.
    pub fn members<'a>(&'a self, leader: &'a str) -> Vec<&'a str> {
        match self.members.get(leader) {
            Some(members) => members.iter().map(String::as_str).collect(),
            None => vec![leader],
        }
    }
}

/// What a site takes from production.
#[derive(Debug, Clone)]
pub struct Heritage {
    /// The values of a site that has none of its own.
    pub values: Saved,
}

impl Heritage {
    /// What a site takes of `production`, which amounts to `snapshot`.
    ///
    /// # Errors
    /// A value cannot be saved.
    pub fn of(production: &Saved, snapshot: &Snapshot, mark: Mark<'_>) -> Result<Self, ConfigError> {
        let mut values = production.clone();
        for (name, value) in production.iter() {
            values.set(name, owned(value, INHERITED))?;
        }
        let keys = Keys::of(&[snapshot]);
        for (name, entry) in snapshot.enabled() {
            let Some(apart) = keys.apart(name) else { continue };
            let put = |value: &Value| {
                let json = entry.kind.write(value);
                let put = mark.put(apart, &json);
                (put != json).then_some(put)
            };
            if let Some(value) = derived(entry, production.get(name), put) {
                values.set(name, value)?;
            }
        }
        values.unset(HOME);
        Ok(Self { values })
    }

    /// The values of the site whose own are `own`.
    ///
    /// # Errors
    /// A value cannot be saved.
    pub fn with(&self, own: &Saved, units: &Units) -> Result<Saved, ConfigError> {
        let mut values = self.values.clone();
        let leaders: BTreeSet<&str> =
            own.names().filter(|name| !is_productions(name)).map(|name| units.leader(name)).collect();
        for name in leaders.iter().flat_map(|leader| units.members(leader)) {
            if own.get(name).is_none() {
                values.unset(name);
            }
        }
        for (name, value) in own.iter().filter(|(name, _)| !is_productions(name)) {
            values.set(name, value.clone())?;
        }
        Ok(values)
    }
}

/// What is saved where `put` changes a value of `entry`; none where it changes nothing.
fn derived(
    entry: &Entry,
    saved: Option<&SavedValue>,
    put: impl Fn(&Value) -> Option<Json>,
) -> Option<SavedValue> {
    let written = |value: &Value| put(value).unwrap_or_else(|| entry.kind.write(value));
    match &entry.value {
        Value::List(items) if items.iter().all(|item| put(item).is_none()) => None,
        Value::List(items) if entry.master.is_some() => {
            let mut all = saved.map(SavedValue::items).unwrap_or_default();
            let filled = items.iter().enumerate().filter(|(_, item)| !item.is_empty());
            all.extend(filled.map(|(index, item)| (index, SavedItem::new(written(item), DERIVED))));
            Some(SavedValue::Slave(all))
        }
        Value::List(items) => Some(SavedValue::multi(items.iter().map(written), DERIVED)),
        value => put(value).map(|json| SavedValue::single(json, DERIVED)),
    }
}

/// Whether a variable is production's alone: the front door, which serves all sites, and the nodes, which run them.
pub fn is_productions(name: &str) -> bool {
    front::VARIABLES.contains(&name) || nodes::VARIABLES.contains(&name)
}

/// `value` of another owner.
pub(super) fn owned(value: &SavedValue, owner: &str) -> SavedValue {
    match value {
        SavedValue::Single(item) => SavedValue::single(item.value.clone(), owner),
        SavedValue::Multi { values, .. } => SavedValue::multi(values.clone(), owner),
        SavedValue::Slave(items) => {
            let item =
                |(index, item): (&usize, &SavedItem)| (*index, SavedItem::new(item.value.clone(), owner));
            SavedValue::Slave(items.iter().map(item).collect())
        }
    }
}

/// The values alone, whoever set them; an empty slave is none.
pub(super) fn plain(value: Option<&SavedValue>) -> Option<Json> {
    match value {
        Some(SavedValue::Slave(items)) if items.is_empty() => None,
        value => value.map(SavedValue::val),
    }
}

/// The values of its own of a site that is to have `after`: what differs from what it takes from production. What stays as it is in
/// `own` keeps its text.
///
/// # Errors
/// A value cannot be saved.
pub fn own_of(own: &Saved, heritage: &Heritage, after: &Saved, units: &Units) -> Result<Saved, ConfigError> {
    let before = &heritage.values;
    let differs = |name: &&str| plain(after.get(name)) != plain(before.get(name));
    // A value that is gone, and is alone, is production's again.
    let counts = |name: &&str| after.get(name).is_some() || units.members(units.leader(name)).len() > 1;
    let names: BTreeSet<&str> = before.names().chain(after.names()).collect();
    let leaders: BTreeSet<&str> = names
        .into_iter()
        .filter(|name| !is_productions(name) && differs(name) && counts(name))
        .map(|name| units.leader(name))
        .collect();
    let mut next = own.clone();
    let dropped: Vec<&str> = own
        .names()
        .filter(|name| !leaders.contains(units.leader(name)) || after.get(name).is_none())
        .collect();
    for name in dropped {
        next.unset(name);
    }
    for name in leaders.iter().flat_map(|leader| units.members(leader)) {
        if let Some(value) = after.get(name) {
            next.set(name, settled(value))?;
        }
    }
    Ok(next)
}

/// `value` as the site's own, whatever it was taken from.
fn settled(value: &SavedValue) -> SavedValue {
    match value {
        SavedValue::Single(item) if item.owner == INHERITED => owned(value, DERIVED),
        SavedValue::Multi { owner, .. } if owner == INHERITED => owned(value, DERIVED),
        SavedValue::Slave(items) => {
            let settle = |item: &SavedItem| {
                let owner = if item.owner == INHERITED { DERIVED } else { &item.owner };
                SavedItem::new(item.value.clone(), owner)
            };
            SavedValue::Slave(items.iter().map(|(index, item)| (*index, settle(item))).collect())
        }
        value => value.clone(),
    }
}

/// What production had when each of the values `next` became the site's own: of those that are in `own` too it is what `base` says.
///
/// # Errors
/// A value cannot be saved.
pub fn base_of(
    base: &Saved,
    own: &Saved,
    next: &Saved,
    production: &Saved,
    units: &Units,
) -> Result<Saved, ConfigError> {
    let known: BTreeSet<&str> = own.names().map(|name| units.leader(name)).collect();
    let leaders: BTreeSet<&str> = next.names().map(|name| units.leader(name)).collect();
    let mut written = Saved::empty();
    for leader in leaders {
        let from = if known.contains(leader) { base } else { production };
        for name in units.members(leader) {
            if let Some(value) = from.get(name) {
                written.set(name, value.clone())?;
            }
        }
    }
    Ok(written)
}
