//! One assignment, made in the saved values.

use serde_json::Value as Json;

use super::OWNER;
use super::assignment::Assignment;
use crate::command::CommandError;
use crate::command::get::{unknown, why};
use crate::compile::Compiled;
use crate::config_eol::{Saved, SavedItem, SavedValue};
use crate::diagnostic::said;
use crate::evaluation::{Entry, Owners, Property, Snapshot};
use crate::phrase;
use crate::schema::Role;
use crate::words::Phrase;

/// Whether `name` is a variable that may be set now.
pub(super) fn is_settable(name: &str, snapshot: &Snapshot) -> bool {
    editable(name, snapshot).is_ok()
}

/// The variable `name`, if it may be set now.
fn editable<'s>(name: &str, snapshot: &'s Snapshot) -> Result<&'s Entry, CommandError> {
    let entry = snapshot.entry(name).ok_or_else(|| unknown(name, snapshot))?;
    let properties = &entry.properties;
    if properties.is_disabled() {
        let why = why(properties, Property::Disabled);
        return Err(CommandError::Disabled { name: name.to_owned(), why });
    }
    for property in [Property::Hidden, Property::Frozen, Property::AutoFrozen] {
        if properties.has(property) {
            let why = why(properties, property);
            return Err(CommandError::NotEditable { name: name.to_owned(), why });
        }
    }
    Ok(entry)
}

/// Makes `assignment` in `saved`, the configuration being `compiled` before it.
pub(super) fn make(
    assignment: &Assignment,
    compiled: &Compiled,
    saved: &mut Saved,
) -> Result<(), CommandError> {
    let name = assignment.name();
    if let Assignment::Default { .. } = assignment {
        return reset(name, compiled, saved);
    }
    let entry = editable(name, &compiled.snapshot)?;
    let role = Shape::of(name, compiled);
    match (assignment, role) {
        (Assignment::Whole { value, .. }, Shape::One) => one(name, entry, value, saved),
        (Assignment::Whole { value, .. }, Shape::List) => {
            let items = if value.is_empty() { vec![] } else { vec![json(name, entry, value)?] };
            store(name, SavedValue::multi(items, OWNER), saved)
        }
        (Assignment::More { value, .. }, Shape::List) => {
            let mut items = items(name, entry, saved);
            items.push(json(name, entry, value)?);
            store(name, SavedValue::multi(items, OWNER), saved)
        }
        (Assignment::Item { index, value, .. }, Shape::List) => {
            let mut items = items(name, entry, saved);
            if *index > items.len() {
                return Err(beyond(name, items.len()));
            }
            // The index of the item to be replaced, or the one past the last.
            items.splice(*index..items.len().min(index + 1), [json(name, entry, value)?]);
            store(name, SavedValue::multi(items, OWNER), saved)
        }
        (Assignment::Item { index, value, .. }, Shape::Slave) => {
            slave_item(name, entry, *index, value, compiled, saved)
        }
        (Assignment::More { value, .. }, Shape::Slave) => {
            let index = first_unset(name, saved);
            slave_item(name, entry, index, value, compiled, saved)
        }
        (Assignment::Less { index, .. }, Shape::List) => remove(name, *index, entry, compiled, saved),
        (_, Shape::One) => Err(index_problem(
            name,
            phrase!("is-no-list", "is no list"),
            phrase!("write-no-index", "write NAME=VALUE, without an index"),
        )),
        (_, Shape::Slave) => {
            let help = phrase!(
                "name-the-item",
                "name the item: NAME[INDEX]=VALUE; items are added to and removed from the master"
            );
            let is = phrase!("has-one-for-each", "has one value for each item of its master");
            Err(index_problem(name, is, help))
        }
        (Assignment::Default { .. }, _) => Ok(()),
    }
}

/// How many values a variable has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::command) enum Shape {
    One,
    List,
    Slave,
}

impl Shape {
    pub(in crate::command) fn of(name: &str, compiled: &Compiled) -> Self {
        let variable = compiled.schema.find(name).map(|id| compiled.schema.variable(id));
        match variable.map(|variable| (variable.role, variable.multi)) {
            Some((Role::Slave(_), _)) => Self::Slave,
            Some((_, true)) => Self::List,
            _ => Self::One,
        }
    }
}

fn reset(name: &str, compiled: &Compiled, saved: &mut Saved) -> Result<(), CommandError> {
    // What is saved for a variable of no dictionary may be taken out too.
    if !saved.unset(name) && compiled.snapshot.entry(name).is_none() {
        return Err(unknown(name, &compiled.snapshot));
    }
    Ok(())
}

fn one(name: &str, entry: &Entry, value: &str, saved: &mut Saved) -> Result<(), CommandError> {
    let json = json(name, entry, value)?;
    store(name, SavedValue::single(json, OWNER), saved)
}

/// `value` as it is saved, if it is of the variable's type.
fn json(name: &str, entry: &Entry, value: &str) -> Result<Json, CommandError> {
    let value = entry.kind.parse(value);
    let value = value.map_err(|mismatch| CommandError::WrongType { name: name.to_owned(), mismatch })?;
    Ok(entry.kind.write(&value))
}

fn store(name: &str, value: SavedValue, saved: &mut Saved) -> Result<(), CommandError> {
    saved
        .set(name, value)
        .map_err(|error| CommandError::CannotSave { name: name.to_owned(), reason: said(&error) })
}

/// The items that a list has now: those saved, perhaps in this very run; else its default.
pub(in crate::command) fn items(name: &str, entry: &Entry, saved: &Saved) -> Vec<Json> {
    match saved.get(name) {
        Some(SavedValue::Multi { values, .. }) => values.clone(),
        Some(SavedValue::Single(item)) if !item.value.is_null() => vec![item.value.clone()],
        Some(_) => Vec::new(),
        None => {
            let default = if entry.owner == Owners::Default { &entry.value } else { &entry.default };
            default.items().iter().map(|item| entry.kind.write(item)).collect()
        }
    }
}

fn slave_item(
    name: &str,
    entry: &Entry,
    index: usize,
    value: &str,
    compiled: &Compiled,
    saved: &mut Saved,
) -> Result<(), CommandError> {
    let master = entry.master.as_deref().unwrap_or_default();
    let length = compiled.snapshot.entry(master).map_or(0, |entry| items(master, entry, saved).len());
    if index >= length {
        let is = phrase!(
            "has-as-master",
            "has {length} items, as many as its master `{master}`",
            length = length,
            master = master
        );
        let help = phrase!("add-to-master", "add an item to the master first: {master}+=…", master = master);
        return Err(CommandError::WrongIndex { name: name.to_owned(), is, help });
    }
    let item = SavedItem::new(json(name, entry, value)?, OWNER);
    saved
        .set_item(name, index, item)
        .map_err(|error| CommandError::CannotSave { name: name.to_owned(), reason: said(&error) })
}

/// The first item of a slave that nobody has set.
fn first_unset(name: &str, saved: &Saved) -> usize {
    let set = saved.get(name).map(SavedValue::items).unwrap_or_default();
    (0..set.len()).find(|index| !set.contains_key(index)).unwrap_or(set.len())
}

/// Removes an item of a list, and the same item of each of its slaves.
fn remove(
    name: &str,
    index: usize,
    entry: &Entry,
    compiled: &Compiled,
    saved: &mut Saved,
) -> Result<(), CommandError> {
    let mut kept = items(name, entry, saved);
    if index >= kept.len() {
        return Err(beyond(name, kept.len()));
    }
    kept.remove(index);
    store(name, SavedValue::multi(kept, OWNER), saved)?;
    let slaves = compiled.snapshot.all().filter(|(_, entry)| entry.master.as_deref() == Some(name));
    for (slave, _) in slaves {
        saved.remove_item(slave, index);
    }
    Ok(())
}

fn beyond(name: &str, length: usize) -> CommandError {
    let help = phrase!(
        "use-index-below",
        "use an index below {length}, or NAME+=VALUE to add an item",
        length = length
    );
    CommandError::WrongIndex {
        name: name.to_owned(),
        is: phrase!("has-items", "has {length} items", length = length),
        help,
    }
}

fn index_problem(name: &str, is: Phrase, help: Phrase) -> CommandError {
    CommandError::WrongIndex { name: name.to_owned(), is, help }
}
