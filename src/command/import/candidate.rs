//! One variable of the older configuration, and the form in which this server can save it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::command::set::{Shape, items};
use crate::compile::Compiled;
use crate::config_eol::{IniSection, Saved, SavedItem, SavedValue};
use crate::dictionary::Purpose;
use crate::evaluation::Entry;
use crate::phrase;
use crate::source::Span;
use crate::value::{Mismatch, VariableType};
use crate::words::Phrase;

/// Who owns what comes from the INI form, which names no owner.
const OWNER: &str = "import";

/// One variable of the older configuration.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) value: SavedValue,
    /// Where its value stands.
    pub(super) span: Option<Span>,
    form: Form,
}

/// The form of the older configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Everything is a list, and what nobody touched an empty one.
    Ini,
    /// Only what somebody set is there.
    Json,
}

/// Why a value was not placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    Unknown { near: Option<String> },
    Several { count: usize },
    NoItems,
    Beyond { master: String, length: usize },
    WrongType(Mismatch),
    Calculated { function: String },
    AlreadySet,
    Refused(Phrase),
}

impl Reason {
    /// It in words.
    pub(super) fn phrase(&self) -> Phrase {
        match self {
            Self::Unknown { near: None } => phrase!("not-defined", "no dictionary defines it"),
            Self::Unknown { near: Some(near) } => {
                phrase!("not-defined-near", "no dictionary defines it; `{near}` is near", near = near)
            }
            Self::Several { count } => {
                phrase!("several-for-one", "{count} values for a variable that holds one", count = count)
            }
            Self::NoItems => {
                phrase!("no-items", "one value for a variable that has one for each item of its master")
            }
            Self::Beyond { master, length } => phrase!(
                "beyond-master",
                "its master `{master}` has {length} items",
                master = master,
                length = length
            ),
            Self::WrongType(mismatch) => {
                phrase!("no-such-value", "it cannot have this value: {mismatch}", mismatch = mismatch)
            }
            Self::Calculated { function } => {
                phrase!("is-calculated", "it is always calculated, by {function}", function = function)
            }
            Self::AlreadySet => {
                phrase!("already-set", "it is set here already; --replace takes this value")
            }
            Self::Refused(why) => why.clone(),
        }
    }
}

/// A candidate in the form of its variable.
pub(super) struct Fit {
    pub(super) candidate: Candidate,
    pub(super) value: SavedValue,
}

/// An item of a slave that does not fit: which, its value, and why.
pub(super) type Left = (usize, Json, Reason);

impl Candidate {
    /// The variable of a section.
    pub(super) fn of_section(section: IniSection) -> Self {
        let span = section.val.first().map_or(section.span, |item| item.span);
        let values: Vec<Json> = section.val.into_iter().map(|item| item.text.into()).collect();
        let value = if values.iter().all(is_empty) { vec![] } else { values };
        Self { name: section.name, value: SavedValue::multi(value, OWNER), span: Some(span), form: Form::Ini }
    }

    /// A variable of a `config.eol`; its owner stays.
    pub(super) fn of_saved(name: &str, value: &SavedValue, span: Option<Span>) -> Self {
        Self { name: name.to_owned(), value: value.clone(), span, form: Form::Json }
    }

    /// Whether it says nothing, so that the variable keeps its default. A list that somebody emptied says something,
    /// where it can be told from one that nobody touched.
    pub(super) fn is_empty(&self) -> bool {
        match &self.value {
            SavedValue::Single(_) => false,
            SavedValue::Multi { values, .. } => values.is_empty() && self.form == Form::Ini,
            SavedValue::Slave(items) => items.is_empty(),
        }
    }

    /// Its value in the form of the variable of its name, which is `entry`, and the items that do not fit.
    pub(super) fn fit(
        &self,
        entry: &Entry,
        compiled: &Compiled,
        saved: &Saved,
    ) -> Result<(SavedValue, Vec<Left>), Reason> {
        if let Some(function) = calculation(&self.name, compiled) {
            return Err(Reason::Calculated { function });
        }
        match Shape::of(&self.name, compiled) {
            Shape::One => one(&self.value, entry.kind).map(|value| (value, vec![])),
            Shape::List => list(&self.value, entry.kind).map(|value| (value, vec![])),
            Shape::Slave => slave(&self.value, entry, compiled, saved),
        }
    }

    /// The form in which it is kept while nobody knows its variable.
    pub(super) fn kept(&self) -> SavedValue {
        match &self.value {
            SavedValue::Multi { values, .. } if values.len() == 1 && self.form == Form::Ini => {
                SavedValue::single(values[0].clone(), OWNER)
            }
            value => value.clone(),
        }
    }
}

/// Whether both say the same values, whoever set them.
pub(super) fn says_the_same(a: &SavedValue, b: &SavedValue) -> bool {
    a.val() == b.val() || a.owner().is_none() != b.owner().is_none() && values(a) == values(b)
}

fn values(value: &SavedValue) -> BTreeMap<usize, Json> {
    value.items().into_iter().map(|(index, item)| (index, item.value)).collect()
}

/// The function that always calculates the variable `name`, if one does.
fn calculation(name: &str, compiled: &Compiled) -> Option<String> {
    let schema = &compiled.schema;
    let call = schema.call(schema.variable(schema.find(name)?).calculation?);
    (call.purpose == Purpose::Auto).then(|| call.name.to_string())
}

fn one(value: &SavedValue, kind: VariableType) -> Result<SavedValue, Reason> {
    if let SavedValue::Single(item) = value {
        return typed(item, kind).map(SavedValue::Single);
    }
    let items = value.items();
    match items.first_key_value() {
        Some((_, item)) if items.len() == 1 => typed(item, kind).map(SavedValue::Single),
        _ => Err(Reason::Several { count: items.len() }),
    }
}

fn list(value: &SavedValue, kind: VariableType) -> Result<SavedValue, Reason> {
    let (items, owner) = match value {
        SavedValue::Single(item) if item.value.is_null() => (vec![], item.owner.clone()),
        SavedValue::Single(item) => (vec![item.clone()], item.owner.clone()),
        SavedValue::Multi { owner, .. } => (value.items().into_values().collect(), owner.clone()),
        SavedValue::Slave(items) => {
            let owner = items.values().next().map(|item| item.owner.clone());
            (items.values().cloned().collect(), owner.unwrap_or_else(|| OWNER.to_owned()))
        }
    };
    let items: Result<Vec<SavedItem>, Reason> = items.iter().map(|item| typed(item, kind)).collect();
    Ok(SavedValue::multi(items?.into_iter().map(|item| item.value), owner))
}

/// A slave's items, as many as its master has; those that say nothing keep their default.
fn slave(
    value: &SavedValue,
    entry: &Entry,
    compiled: &Compiled,
    saved: &Saved,
) -> Result<(SavedValue, Vec<Left>), Reason> {
    if matches!(value, SavedValue::Single(_)) {
        return Err(Reason::NoItems);
    }
    let master = entry.master.as_deref().unwrap_or_default();
    let length = compiled.snapshot.entry(master).map_or(0, |entry| items(master, entry, saved).len());
    let (mut fitting, mut left) = (BTreeMap::new(), Vec::new());
    for (index, item) in value.items().into_iter().filter(|(_, item)| !is_empty(&item.value)) {
        let typed = if index < length {
            typed(&item, entry.kind)
        } else {
            Err(Reason::Beyond { master: master.to_owned(), length })
        };
        match typed {
            Ok(item) => {
                fitting.insert(index, item);
            }
            Err(reason) => left.push((index, item.value, reason)),
        }
    }
    Ok((SavedValue::Slave(fitting), left))
}

/// The item as this server saves one of its type.
fn typed(item: &SavedItem, kind: VariableType) -> Result<SavedItem, Reason> {
    let value = kind.read(&item.value).map_err(Reason::WrongType)?;
    Ok(SavedItem::new(kind.write(&value), item.owner.as_str()))
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}
