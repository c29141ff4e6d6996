//! What is saved for one variable, by the three forms that `config.eol` has.
//!
//! The values are JSON as saved: a number may stand for a text, null occurs, and whether an item is of its
//! variable's type is for the evaluation to say. `Debug` shows owners and never a value, which may be a secret.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value as Json};

use super::problem::{ConfigError, shown};
use super::{json, saved};
use crate::phrase;

/// The largest index of a slave's item that is accepted: a list as long as it is still a harmless one.
pub const MAX_INDEX: usize = 65_535;

/// What is saved for one variable, and whose it is.
#[derive(Clone, PartialEq)]
pub enum SavedValue {
    /// One value.
    Single(SavedItem),
    /// The items of a multi. Old configurations save slaves in this form too.
    Multi {
        /// The items.
        values: Vec<Json>,
        /// Who set them.
        owner: String,
    },
    /// The items of a slave that were set, by the index of the master's item.
    Slave(BTreeMap<usize, SavedItem>),
}

/// A value and who set it.
#[derive(Clone, PartialEq)]
pub struct SavedItem {
    /// The value; neither a list nor an object, unless somebody else saved it so in a slave.
    pub value: Json,
    /// Who set it.
    pub owner: String,
}

impl SavedItem {
    /// Puts `value` and its owner together.
    pub fn new(value: impl Into<Json>, owner: impl Into<String>) -> Self {
        Self { value: value.into(), owner: owner.into() }
    }
}

impl SavedValue {
    /// One value of `owner`.
    pub fn single(value: impl Into<Json>, owner: impl Into<String>) -> Self {
        Self::Single(SavedItem::new(value, owner))
    }

    /// Items of `owner`.
    pub fn multi<V: Into<Json>>(values: impl IntoIterator<Item = V>, owner: impl Into<String>) -> Self {
        Self::Multi { values: values.into_iter().map(Into::into).collect(), owner: owner.into() }
    }

    /// The one owner; `None` for a slave, whose items each have theirs.
    pub fn owner(&self) -> Option<&str> {
        match self {
            Self::Single(item) => Some(&item.owner),
            Self::Multi { owner, .. } => Some(owner),
            Self::Slave(_) => None,
        }
    }

    /// The items as those of a slave: of a multi, each with the owner of all; none of a single value, which belongs to
    /// no item of a master.
    pub fn items(&self) -> BTreeMap<usize, SavedItem> {
        match self {
            Self::Single(_) => BTreeMap::new(),
            Self::Multi { values, owner } => {
                let item = |value: &Json| SavedItem::new(value.clone(), owner.as_str());
                values.iter().map(item).enumerate().collect()
            }
            Self::Slave(items) => items.clone(),
        }
    }

    /// The same without item `index`, those after it moved up by one: what becomes of a master and of each of its slaves
    /// when an item of the master is removed. A single value has no items and stays.
    #[must_use]
    pub fn without_item(self, index: usize) -> Self {
        match self {
            Self::Single(item) => Self::Single(item),
            Self::Multi { mut values, owner } => {
                if index < values.len() {
                    values.remove(index);
                }
                Self::Multi { values, owner }
            }
            Self::Slave(items) => {
                let kept = items.into_iter().filter(|(at, _)| *at != index);
                Self::Slave(kept.map(|(at, item)| (if at > index { at - 1 } else { at }, item)).collect())
            }
        }
    }

    /// Says whether this can be saved as `name` and be read back as it is.
    pub(super) fn check(&self, name: &str) -> Result<(), ConfigError> {
        if saved::is_meta(name) {
            return Err(ConfigError::MetaMember { name: shown(name) });
        }
        match self {
            Self::Single(SavedItem { value: Json::Array(_), .. }) => {
                Err(ConfigError::NotOneValue { name: shown(name), found: phrase!("a-list", "a list") })
            }
            Self::Single(SavedItem { value: Json::Object(_), .. }) => {
                Err(ConfigError::NotOneValue { name: shown(name), found: phrase!("an-object", "an object") })
            }
            Self::Slave(items) => match items.last_key_value() {
                Some((&index, _)) if index > MAX_INDEX => Err(ConfigError::BadIndex {
                    name: shown(name),
                    index: index.to_string(),
                    most: MAX_INDEX,
                }),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// What is saved as `val`.
    pub fn val(&self) -> Json {
        match self {
            Self::Single(item) => item.value.clone(),
            Self::Multi { values, .. } => Json::Array(values.clone()),
            Self::Slave(items) => by_index(items, |item| item.value.clone()),
        }
    }

    /// What is saved as `owner`.
    pub(super) fn owners(&self) -> Json {
        match self {
            Self::Single(SavedItem { owner, .. }) | Self::Multi { owner, .. } => owner.as_str().into(),
            Self::Slave(items) => by_index(items, |item| item.owner.as_str().into()),
        }
    }

    /// The member's value of a variable that is not in the file yet, with the places of `val` and `owner` in it.
    pub(super) fn member(&self) -> (String, std::ops::Range<usize>, std::ops::Range<usize>) {
        let (owner, val) = (json::print(&self.owners()), json::print(&self.val()));
        let mut text = String::from("{\"owner\": ");
        let owner_at = text.len()..text.len() + owner.len();
        text.push_str(&owner);
        text.push_str(", \"val\": ");
        let val_at = text.len()..text.len() + val.len();
        text.push_str(&val);
        text.push('}');
        (text, val_at, owner_at)
    }
}

/// One part of each item, as an object keyed by the index as text.
fn by_index(items: &BTreeMap<usize, SavedItem>, part: impl Fn(&SavedItem) -> Json) -> Json {
    Json::Object(items.iter().map(|(index, item)| (index.to_string(), part(item))).collect::<Map<_, _>>())
}

impl fmt::Debug for SavedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "… of {:?}", self.owner)
    }
}

impl fmt::Debug for SavedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(item) => f.debug_tuple("Single").field(item).finish(),
            Self::Multi { values, owner } => write!(f, "Multi({} of {owner:?})", values.len()),
            Self::Slave(items) => f.debug_tuple("Slave").field(items).finish(),
        }
    }
}
