//! The snapshot as JSON, written as it is made: there may be tens of thousands of variables.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use crate::command::get::MASK;
use crate::evaluation::{Entry, Owners, Properties, Reason};
use crate::source::Sources;
use crate::value::Value;

/// The document that `values --format json` prints.
pub(super) struct Document<'a> {
    pub(super) shown: &'a [(&'a str, &'a Entry)],
    pub(super) sources: &'a Sources,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Document", 1)?;
        document.serialize_field("variables", &Variables(self))?;
        document.end()
    }
}

struct Variables<'a>(&'a Document<'a>);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Document { shown, sources } = self.0;
        let mut members = serializer.serialize_map(Some(shown.len()))?;
        for (name, entry) in *shown {
            members.serialize_entry(name, &Variable { entry, sources })?;
        }
        members.end()
    }
}

struct Variable<'a> {
    entry: &'a Entry,
    sources: &'a Sources,
}

impl Serialize for Variable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entry, sources } = self;
        let secret = entry.kind.is_secret();
        let mut members = serializer.serialize_struct("Variable", 8)?;
        members.serialize_field("value", &Shown { value: &entry.value, secret })?;
        members.serialize_field("default", &Shown { value: &entry.default, secret })?;
        members.serialize_field("owner", &Owner(&entry.owner))?;
        members.serialize_field("family", &*entry.family)?;
        members.serialize_field("type", entry.kind.name())?;
        members.serialize_field("mode", entry.mode.as_str())?;
        members.serialize_field("properties", &entry.properties.names())?;
        let (own, items) = (&entry.properties, &entry.items);
        members.serialize_field("why", &Whys { own, items, sources })?;
        members.end()
    }
}

/// A value, a mask in the place of a password.
struct Shown<'a> {
    value: &'a Value,
    secret: bool,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::List(items) => {
                serializer.collect_seq(items.iter().map(|value| Shown { value, secret: self.secret }))
            }
            value if self.secret && !value.is_empty() => serializer.serialize_str(MASK),
            value => value.serialize(serializer),
        }
    }
}

struct Owner<'a>(&'a Owners);

impl Serialize for Owner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Owners::Default => serializer.serialize_str("default"),
            Owners::One(owner) => serializer.serialize_str(owner),
            Owners::Items(owners) => {
                serializer.collect_seq(owners.iter().map(|owner| owner.as_deref().unwrap_or("default")))
            }
        }
    }
}

/// Why each property holds; of a slave's items, with the number of the item.
struct Whys<'a> {
    own: &'a Properties,
    items: &'a [Properties],
    sources: &'a Sources,
}

impl Serialize for Whys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for reason in self.own.reasons() {
            list.serialize_element(&Because { reason, item: None, sources: self.sources })?;
        }
        for (index, properties) in self.items.iter().enumerate() {
            for reason in properties.reasons() {
                list.serialize_element(&Because { reason, item: Some(index), sources: self.sources })?;
            }
        }
        list.end()
    }
}

struct Because<'a> {
    reason: &'a Reason,
    item: Option<usize>,
    sources: &'a Sources,
}

impl Serialize for Because<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Reason { property, why, span } = self.reason;
        let file: Option<Cow<'_, str>> =
            self.sources.get(span.file).map(|source| source.name.to_string_lossy());
        let line = self.sources.position(*span).map(|(line, _)| line);
        let mut members = serializer.serialize_struct("Because", 4 + usize::from(self.item.is_some()))?;
        members.serialize_field("property", property.as_str())?;
        if let Some(item) = self.item {
            members.serialize_field("item", &item)?;
        }
        members.serialize_field("because", why.as_str())?;
        members.serialize_field("file", &file)?;
        members.serialize_field("line", &line)?;
        members.end()
    }
}
