//! The text of a `config.eol` to a [`Saved`], with every finding.
//!
//! In: text. Out: what it holds, or `None` and why. Members that begin with `___`, and whatever stands beside `owner`
//! and `val` in the others, are kept unread.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry as Slot;
use rustc_hash::FxBuildHasher;

use super::json::{Broken, Field, Raw};
use super::piece::Piece;
use super::problem::{ConfigError, shown};
use super::saved::{Entry, Member, Saved, is_meta};
use super::value::{MAX_INDEX, SavedItem, SavedValue};
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::{FileId, Span};
use crate::words::Phrase;

/// Reads the text of a `config.eol`. An empty text is an empty configuration. `None` if anything was found.
pub fn parse(text: &str, file: FileId, findings: &mut Findings) -> Option<Saved> {
    if text.trim_ascii().is_empty() {
        return Some(Saved { after: text.to_owned(), ..Saved::empty() });
    }
    let before = findings.errors();
    let mut reader = Reader { file, findings };
    let saved = reader.document(text);
    if reader.findings.errors() > before { None } else { saved }
}

/// The members of an object by their names.
type Fields<'t> = IndexMap<Cow<'t, str>, Field<'t>, FxBuildHasher>;

/// Reads the parts of one text and collects what is wrong with them.
struct Reader<'f> {
    file: FileId,
    findings: &'f mut Findings,
}

impl Reader<'_> {
    fn document(&mut self, text: &str) -> Option<Saved> {
        let whole = Raw::whole(text).map_err(|broken| self.broken(broken)).ok()?;
        if !whole.is_object() {
            self.refuse(
                ConfigError::NotAnObject { found: whole.word() },
                whole,
                phrase!("at-an-object-begins-with", "an object begins with `{`"),
            );
            return None;
        }
        let fields = self.object(whole)?;
        let shared: Arc<str> = text.into();
        let mut members = IndexMap::with_capacity_and_hasher(fields.len(), FxBuildHasher);
        let mut end = whole.start + 1;
        for (name, field) in fields {
            let entry = if is_meta(&name) { None } else { Some(self.entry(&name, field)) };
            let (trail, lead) = around_comma(text, end..field.key.start);
            if let Some((_, former)) = members.last_mut() {
                let former: &mut Member = former;
                former.trail = Piece::of(&shared, trail);
            }
            end = field.value.end();
            // A refused entry is a finding, so that nothing made of it leaves `parse`.
            let lead = Piece::of(&shared, lead);
            members.insert(name.into_owned(), Member::new(lead, &shared, field, entry.flatten()));
        }
        Some(Saved { before: text[..=whole.start].to_owned(), members, after: text[end..].to_owned() })
    }

    /// The members of an object by their names; says which are there twice.
    fn object<'t>(&mut self, raw: Raw<'t>) -> Option<Fields<'t>> {
        let fields = raw.fields().map_err(|broken| self.broken(broken)).ok()?;
        let mut named = Fields::with_capacity_and_hasher(fields.len(), FxBuildHasher);
        for field in fields {
            let Some(name) = self.name(field.key) else { continue };
            match named.entry(name) {
                Slot::Vacant(slot) => {
                    slot.insert(field);
                }
                Slot::Occupied(slot) => self.duplicate(slot.key(), field, *slot.get()),
            }
        }
        Some(named)
    }

    /// The name that a key is.
    fn name<'t>(&mut self, key: Raw<'t>) -> Option<Cow<'t, str>> {
        let inside = key.text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match inside.filter(|inside| !inside.contains('\\')) {
            Some(inside) => Some(Cow::Borrowed(inside)),
            None => self.read::<String>(key).map(Cow::Owned),
        }
    }

    fn duplicate(&mut self, name: &str, second: Field<'_>, first: Field<'_>) {
        let finding = Finding::new(ConfigError::DuplicateMember { name: shown(name) })
            .at(self.span(second.key), phrase!("at-the-second-one", "the second one"))
            .related(self.span(first.key), phrase!("at-the-first-one", "the first one"));
        self.findings.push(finding);
    }

    /// What is saved for the variable `name`.
    fn entry(&mut self, name: &str, field: Field<'_>) -> Option<Entry> {
        let raw = field.value;
        if !raw.is_object() {
            self.malformed(name, raw, raw.word());
            return None;
        }
        let parts = self.object(raw)?;
        let part = |key| parts.get(key).map(|field| field.value);
        let (Some(val), Some(owner)) = (part("val"), part("owner")) else {
            for missing in ["owner", "val"].into_iter().filter(|key| !parts.contains_key(*key)) {
                self.malformed(name, raw, phrase!("no-part", "no `{missing}`", missing = missing));
            }
            return None;
        };
        let saved = self.value(name, val, owner)?;
        let place = |part: Raw<'_>| part.start - raw.start..part.end() - raw.start;
        Some(Entry { saved, val: place(val), owner: place(owner), span: Some(self.span(val)) })
    }

    fn value(&mut self, name: &str, val: Raw<'_>, owner: Raw<'_>) -> Option<SavedValue> {
        if val.is_object() && owner.is_object() {
            return self.slave(name, val, owner).map(SavedValue::Slave);
        }
        let owner = if val.is_object() {
            self.unfit(
                name,
                owner,
                phrase!(
                    "owner-object",
                    "expected an object, as `val` is one, found {found}",
                    found = owner.word()
                ),
            );
            None
        } else {
            self.owner(name, owner)
        };
        match self.read(val)? {
            serde_json::Value::Array(values) => Some(SavedValue::Multi { values, owner: owner? }),
            value => Some(SavedValue::Single(SavedItem { value, owner: owner? })),
        }
    }

    /// An owner, which is a text.
    fn owner(&mut self, name: &str, raw: Raw<'_>) -> Option<String> {
        if raw.text.starts_with('"') {
            return self.read(raw);
        }
        self.unfit(name, raw, phrase!("owner-text", "expected a text, found {found}", found = raw.word()));
        None
    }

    /// The items of a slave, each with its owner.
    fn slave(&mut self, name: &str, val: Raw<'_>, owner: Raw<'_>) -> Option<BTreeMap<usize, SavedItem>> {
        let (vals, mut owners) = (self.object(val)?, self.object(owner)?);
        let mut items = BTreeMap::new();
        for (key, field) in vals {
            let value = self.read(field.value);
            let Some(index) = self.index(name, &key, field.key) else { continue };
            let Some(of) = owners.shift_remove(&key) else {
                self.unfit(
                    name,
                    field.key,
                    phrase!("item-no-owner", "item {index} has no owner", index = index),
                );
                continue;
            };
            if let (Some(value), Some(owner)) = (value, self.owner(name, of.value)) {
                items.insert(index, SavedItem { value, owner });
            }
        }
        for (key, of) in owners {
            if let Some(index) = self.index(name, &key, of.key) {
                self.unfit(
                    name,
                    of.key,
                    phrase!("item-no-value", "item {index} has no value", index = index),
                );
            }
        }
        Some(items)
    }

    /// The number that `key` is: digits alone, so that no two keys are one index.
    fn index(&mut self, name: &str, key: &str, raw: Raw<'_>) -> Option<usize> {
        let number =
            key.parse().ok().filter(|number: &usize| *number <= MAX_INDEX && number.to_string() == key);
        if number.is_none() {
            let problem = ConfigError::BadIndex { name: shown(name), index: shown(key), most: MAX_INDEX };
            self.refuse(problem, raw, phrase!("at-no-index", "no index"));
        }
        number
    }

    fn read<'t, T: serde::Deserialize<'t>>(&mut self, raw: Raw<'t>) -> Option<T> {
        raw.read().map_err(|broken| self.broken(broken)).ok()
    }

    fn broken(&mut self, Broken { at, reason }: Broken) {
        let span = Span::new(self.file, at.start, at.end);
        self.findings.push(
            Finding::new(ConfigError::NotJson { reason })
                .at(span, phrase!("at-the-parser-stopped-here", "the parser stopped here")),
        );
    }

    fn malformed(&mut self, name: &str, raw: Raw<'_>, found: Phrase) {
        self.refuse(
            ConfigError::MalformedMember { name: shown(name), found },
            raw,
            phrase!("at-no-saved-variable", "no saved variable"),
        );
    }

    fn unfit(&mut self, name: &str, raw: Raw<'_>, reason: Phrase) {
        self.refuse(
            ConfigError::OwnerDoesNotFit { name: shown(name), reason },
            raw,
            phrase!("at-owner-and-value", "owner and value differ here"),
        );
    }

    fn refuse(&mut self, problem: ConfigError, raw: Raw<'_>, label: impl Into<Phrase>) {
        self.findings.push(Finding::new(problem).at(self.span(raw), label));
    }

    fn span(&self, raw: Raw<'_>) -> Span {
        Span::new(self.file, raw.start, raw.end())
    }
}

/// What stands before and after the comma between two members; before the first member there is none.
fn around_comma(text: &str, between: Range<usize>) -> (Range<usize>, Range<usize>) {
    match text[between.clone()].find(',') {
        Some(comma) => (between.start..between.start + comma, between.start + comma + 1..between.end),
        None => (between.start..between.start, between),
    }
}
