//! What an evaluation results in: each variable with its value, whose it is, and what may be done with it.

use indexmap::IndexMap;

use super::property::Properties;
use crate::source::Span;
use crate::value::{Mode, Value, VariableType};

/// The variables of a configuration, evaluated, in the order of their dictionaries.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    entries: IndexMap<String, Entry>,
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
    pub family: String,
    /// Its type.
    pub kind: VariableType,
    /// From which editor mode on it is shown.
    pub mode: Mode,
    /// What a person sees as its name.
    pub description: String,
    /// The master of the group of which it is a slave.
    pub master: Option<String>,
    /// What is true of it now, and why.
    pub properties: Properties,
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

impl Snapshot {
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
        self.entries.iter().map(|(name, entry)| (name.as_str(), entry))
    }
}

impl FromIterator<(String, Entry)> for Snapshot {
    fn from_iter<I: IntoIterator<Item = (String, Entry)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}
