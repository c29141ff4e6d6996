//! What an evaluation results in: each variable with its value, whose it is, and what may be done with it.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::property::{Properties, Property, Reason};
use crate::source::Span;
use crate::value::{Mode, Value, VariableType};

/// The variables of a configuration, evaluated, in the order of their dictionaries.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    entries: IndexMap<Arc<str>, Entry, FxBuildHasher>,
    lists: Vec<ListState>,
}

/// One variable of a [`Snapshot`].
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its value; of a slave, a list with one item for each item of its master.
    pub value: Value,
    /// What its value is while nobody has set it.
    pub default: Value,
    /// Who set it.
    pub owner: Owners,
    /// Its family, as displayed.
    pub family: Arc<str>,
    /// Its type.
    pub kind: VariableType,
    /// From which editor mode on it is shown.
    pub mode: Mode,
    /// What a person sees as its name.
    pub description: Arc<str>,
    /// The master of the group of which it is a slave.
    pub master: Option<Arc<str>>,
    /// What is true of it now, and why.
    pub properties: Properties,
    /// What is true of each item of a slave alone; nothing where that is nothing.
    pub items: Vec<Properties>,
    /// Where a dictionary defines it.
    pub definition: Span,
}

/// Who set a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owners {
    /// Nobody: the default or the calculation.
    Default,
    /// The owner that the saved configuration names.
    One(String),
    /// Of a slave, item by item; `None` where an item has its default.
    Items(Vec<Option<String>>),
}

/// A set of files, services, … that a condition switches now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    /// The attribute that names the set: `filelist`, …
    pub kind: &'static str,
    /// The set.
    pub name: Arc<str>,
    /// What is done to it, and why.
    pub reason: Reason,
}

impl Snapshot {
    /// Puts variables and the sets that conditions switch together.
    pub(super) fn new(entries: IndexMap<Arc<str>, Entry, FxBuildHasher>, lists: Vec<ListState>) -> Self {
        Self { entries, lists }
    }

    /// The sets of files, services, … that conditions switch now, in the order of the conditions.
    pub fn lists(&self) -> &[ListState] {
        &self.lists
    }

    /// Whether the set `name` of the attribute `kind` is switched off.
    pub fn is_list_disabled(&self, kind: &str, name: &str) -> bool {
        let off = |list: &&ListState| list.reason.property == Property::Disabled;
        self.lists.iter().filter(off).any(|list| list.kind == kind && *list.name == *name)
    }

    /// The variable `name`, disabled or not; `None` if no dictionary defines it.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// The value of `name`; `None` if there is no such variable or it is disabled.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.entry(name).filter(|entry| !entry.properties.is_disabled()).map(|entry| &entry.value)
    }

    /// The variables that are not disabled, in order.
    pub fn enabled(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.all().filter(|(_, entry)| !entry.properties.is_disabled())
    }

    /// All variables, in order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_ref(), entry))
    }
}

impl<N: Into<Arc<str>>> FromIterator<(N, Entry)> for Snapshot {
    fn from_iter<I: IntoIterator<Item = (N, Entry)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(name, entry)| (name.into(), entry));
        Self { entries: entries.collect(), lists: Vec::new() }
    }
}
