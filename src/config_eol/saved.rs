//! The saved values of one file, as pieces of its text.
//!
//! The text is cut at the members: `before`, then each member with the white space around its parts, then `after`. Joined,
//! the pieces are the text. A change touches the pieces of its member only.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::json::{self, Field};
use super::piece::Piece;
use super::problem::ConfigError;
use super::value::{SavedItem, SavedValue};
use crate::source::Span;

/// The name under which a file says for which version of EOLE it was saved.
const VERSION: &str = "___version___";

/// The version that a new file says: the last one whose form this is.
const NEW_VERSION: &str = "2.8.1";

/// The saved values of one file.
#[derive(Clone)]
pub struct Saved {
    /// All up to and with the `{`; empty while there is no object yet.
    pub(super) before: String,
    pub(super) members: IndexMap<String, Member, FxBuildHasher>,
    /// All from the end of the last member.
    pub(super) after: String,
}

/// One member of the file, as it stands in the text.
#[derive(Clone)]
pub(super) struct Member {
    /// The white space between the comma (or brace) and the key.
    pub(super) lead: Piece,
    pub(super) key: Piece,
    /// What is between key and value: the colon.
    pub(super) colon: Piece,
    pub(super) value: Piece,
    /// The white space before the comma; that of the last member belongs to what is after it.
    pub(super) trail: Piece,
    /// What it says of a variable; `None` for a member of the file's own.
    pub(super) entry: Option<Entry>,
}

/// What a member says of a variable, and where in the member's value it says so.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) saved: SavedValue,
    pub(super) val: Range<usize>,
    pub(super) owner: Range<usize>,
    /// Where the file says so; `None` once it was changed.
    pub(super) span: Option<Span>,
}

/// Whether `name` is of the file's own members.
pub(super) fn is_meta(name: &str) -> bool {
    name.starts_with("___")
}

impl Saved {
    /// A configuration in which nothing is saved. What is set first makes it one of the newest version.
    pub fn empty() -> Self {
        Self { before: String::new(), members: IndexMap::default(), after: String::new() }
    }

    /// What is saved for the variable `name`.
    pub fn get(&self, name: &str) -> Option<&SavedValue> {
        self.entry(name).map(|entry| &entry.saved)
    }

    /// Where the file says which value `name` has; `None` for what is not saved, or was changed since it was read.
    pub fn span(&self, name: &str) -> Option<Span> {
        self.entry(name)?.span
    }

    /// The variables, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// The variables with what is saved for them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SavedValue)> {
        self.members.iter().filter_map(|(name, member)| Some((name.as_str(), &member.entry.as_ref()?.saved)))
    }

    /// The version of EOLE that the file says it was saved for.
    pub fn version(&self) -> Option<String> {
        serde_json::from_str(&self.members.get(VERSION)?.value).ok()
    }

    /// Saves `value` for `name`, in its place, or after all variables where it is new. What is so already keeps its bytes.
    ///
    /// # Errors
    /// Where `name` is that of a member of the file's own, or `value` would be read back as something else.
    pub fn set(&mut self, name: &str, value: SavedValue) -> Result<(), ConfigError> {
        value.check(name)?;
        match self.members.get_mut(name) {
            Some(member) => member.set(value),
            None => self.add(name, Member::of(name, value)),
        }
        Ok(())
    }

    /// Saves `item` as item `index` of the slave `name`. A list in the old form becomes one of items; a single value, which
    /// belongs to no item, is replaced.
    ///
    /// # Errors
    /// As [`Self::set`], and past the largest index.
    pub fn set_item(&mut self, name: &str, index: usize, item: SavedItem) -> Result<(), ConfigError> {
        let mut items = self.get(name).map(SavedValue::items).unwrap_or_default();
        items.insert(index, item);
        self.set(name, SavedValue::Slave(items))
    }

    /// Takes the variable `name` out, so that it has its default. Says whether it was there.
    pub fn unset(&mut self, name: &str) -> bool {
        if self.entry(name).is_none() {
            return false;
        }
        let Some((place, _, member)) = self.members.shift_remove_full(name) else { return false };
        if let (0, Some((_, first))) = (place, self.members.first_mut()) {
            first.lead = member.lead;
        }
        true
    }

    /// Gives item `index` of the slave `name` its default; the other items keep their indices. Says whether it was there.
    pub fn unset_item(&mut self, name: &str, index: usize) -> bool {
        let Some(SavedValue::Slave(items)) = self.get(name) else { return false };
        let mut items = items.clone();
        let was_there = items.remove(&index).is_some();
        self.keep(name, SavedValue::Slave(items));
        was_there
    }

    /// Removes item `index` of `name`, those after it moved up by one: to be called for a master and for each of its slaves.
    pub fn remove_item(&mut self, name: &str, index: usize) {
        if let Some(value) = self.get(name).cloned() {
            self.keep(name, value.without_item(index));
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = self.before.clone();
        for (place, member) in self.members.values().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            text.extend([comma, &*member.lead, &member.key, &member.colon, &member.value, &member.trail]);
        }
        text.push_str(&self.after);
        text
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.members.get(name)?.entry.as_ref()
    }

    /// Puts `value` in the place of what is saved for `name`; a slave without items is not saved at all.
    fn keep(&mut self, name: &str, value: SavedValue) {
        match value {
            SavedValue::Slave(items) if items.is_empty() => {
                self.unset(name);
            }
            value => {
                if let Some(member) = self.members.get_mut(name) {
                    member.set(value);
                }
            }
        }
    }

    /// Adds a member after all variables, before the file's own members that end it, spaced as those around it.
    fn add(&mut self, name: &str, mut member: Member) {
        if self.before.is_empty() {
            self.open();
        }
        if let Some((_, last)) = self.members.last() {
            member.colon = last.colon.clone();
        }
        let gap = self.gap();
        let place =
            self.members.values().rposition(|member| member.entry.is_some()).map_or(0, |last| last + 1);
        member.lead = match self.members.first_mut() {
            Some((_, first)) if place == 0 => std::mem::replace(&mut first.lead, gap),
            _ => gap,
        };
        self.members.shift_insert(place, name.to_owned(), member);
    }

    /// The white space between a comma and the next key.
    fn gap(&self) -> Piece {
        match self.members.values().last() {
            None => Piece::from(""),
            Some(only) if self.members.len() == 1 && !only.lead.contains('\n') => Piece::from(" "),
            Some(last) => last.lead.clone(),
        }
    }

    /// Makes an object, which says its version, of a text that was empty.
    fn open(&mut self) {
        "{".clone_into(&mut self.before);
        "}\n".clone_into(&mut self.after);
        let version = Member::raw(VERSION, &json::print_text(NEW_VERSION), None);
        self.members.insert(VERSION.to_owned(), version);
    }
}

impl Member {
    /// The member that `field` of `text` is, with the white space `lead` before it.
    pub(super) fn new(lead: Piece, text: &Arc<str>, field: Field<'_>, entry: Option<Entry>) -> Self {
        Self {
            lead,
            key: Piece::of(text, field.key.start..field.key.end()),
            colon: Piece::of(text, field.key.end()..field.value.start),
            value: Piece::of(text, field.value.start..field.value.end()),
            trail: Piece::from(""),
            entry,
        }
    }

    /// A new member for a variable.
    fn of(name: &str, saved: SavedValue) -> Self {
        let (text, val, owner) = saved.member();
        Self::raw(name, &text, Some(Entry { saved, val, owner, span: None }))
    }

    fn raw(name: &str, value: &str, entry: Option<Entry>) -> Self {
        let key = Piece::from(&*json::print_text(name));
        let nothing = Piece::from("");
        Self {
            lead: nothing.clone(),
            key,
            colon: Piece::from(": "),
            value: value.into(),
            trail: nothing,
            entry,
        }
    }

    /// Changes `val` and `owner` where they stand; all else in the member stays.
    fn set(&mut self, saved: SavedValue) {
        let Some(entry) = self.entry.as_mut().filter(|entry| entry.saved != saved) else { return };
        let mut value = self.value.to_string();
        splice(&mut value, &mut entry.val, &mut entry.owner, &json::print(&saved.val()));
        splice(&mut value, &mut entry.owner, &mut entry.val, &json::print(&saved.owners()));
        self.value = Piece::from(&*value);
        entry.saved = saved;
        entry.span = None;
    }
}

/// Puts `new` in the place `at` of `text`, and moves the place `other` if it comes later.
fn splice(text: &mut String, at: &mut Range<usize>, other: &mut Range<usize>, new: &str) {
    text.replace_range(at.clone(), new);
    let end = at.start + new.len();
    if other.start > at.start {
        *other = other.start - at.end + end..other.end - at.end + end;
    }
    at.end = end;
}

/// The variables and their owners; no value, which may be a secret.
impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
