//! JSON with its places: an object's members as ranges of the text, errors as ranges, and printing as EOLE prints.
//!
//! In: JSON text. Out: [`Raw`] pieces that know where they stand. The invariant: a range lies within the text, on
//! boundaries of characters.

use std::ops::Range;

use crate::phrase;
use crate::words::Phrase;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;

/// One JSON value, unread, and where it begins.
#[derive(Clone, Copy)]
pub(super) struct Raw<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
}

/// One member of an object, unread.
#[derive(Clone, Copy)]
pub(super) struct Field<'t> {
    pub(super) key: Raw<'t>,
    pub(super) value: Raw<'t>,
}

/// Why a text is no JSON, and where.
pub(super) struct Broken {
    pub(super) at: Range<usize>,
    pub(super) reason: Phrase,
}

impl<'t> Raw<'t> {
    /// The one value that `text` is.
    pub(super) fn whole(text: &'t str) -> Result<Self, Broken> {
        let all = Self { text, start: 0 };
        all.read::<&RawValue>().map(|value| all.piece(value))
    }

    /// One past its last byte.
    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// What it is, in words.
    pub(super) fn word(self) -> Phrase {
        match self.text.bytes().next() {
            Some(b'{') => phrase!("an-object", "an object"),
            Some(b'[') => phrase!("a-list", "a list"),
            Some(b'"') => phrase!("a-text", "a text"),
            Some(b't' | b'f') => phrase!("a-boolean", "a boolean"),
            Some(b'n') => "null".into(),
            _ => phrase!("a-number", "a number"),
        }
    }

    /// Whether it is an object.
    pub(super) fn is_object(self) -> bool {
        self.text.starts_with('{')
    }

    /// Reads it; refuses what `serde_json` refuses, a depth of more than 128 among others.
    pub(super) fn read<T: Deserialize<'t>>(self) -> Result<T, Broken> {
        serde_json::from_str(self.text).map_err(|error| self.broken(&error))
    }

    /// The members of this object, in order.
    pub(super) fn fields(self) -> Result<Vec<Field<'t>>, Broken> {
        let Fields(fields) = self.read()?;
        let field = |(key, value)| Field { key: self.piece(key), value: self.piece(value) };
        Ok(fields.into_iter().map(field).collect())
    }

    /// A part of this text with its place, which only its address tells.
    fn piece(self, raw: &'t RawValue) -> Self {
        let text = raw.get();
        Self { text, start: self.start + (text.as_ptr().addr() - self.text.as_ptr().addr()) }
    }

    /// An error with its place: the character that the parser last looked at.
    fn broken(self, error: &serde_json::Error) -> Broken {
        let before: usize =
            self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = self.text.floor_char_boundary(before + error.column().saturating_sub(1));
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        Broken { at: self.start + at..self.start + at + width, reason: reason(error) }
    }
}

/// Why the parser stopped: a phrase for what people who edit the file meet, and the parser's own text for the rest. Its errors have no
/// type finer than whether the text ended too early.
fn reason(error: &serde_json::Error) -> Phrase {
    if error.is_eof() {
        return phrase!("json-ends", "the text ends too early");
    }
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    match reason {
        "expected `:`" => phrase!("json-colon", "expected a colon behind the name"),
        "expected `,` or `]`" => phrase!("json-in-list", "expected a comma or a closing bracket"),
        "expected `,` or `}`" => phrase!("json-in-object", "expected a comma or a closing brace"),
        "expected value" | "expected ident" => phrase!("json-value", "expected a value"),
        "key must be a string" => phrase!("json-name", "expected a name in double quotes"),
        "trailing comma" => phrase!("json-last-comma", "nothing stands behind the last comma"),
        "trailing characters" => phrase!("json-behind-end", "something stands behind the end"),
        "invalid number" => phrase!("json-number", "no number is written like this"),
        "number out of range" => phrase!("json-range", "this number is too large"),
        "invalid escape" => phrase!("json-escape", "nothing is written with a backslash like this"),
        "recursion limit exceeded" => phrase!("json-depth", "lists and objects stand too deep in each other"),
        text if text.starts_with("control character") => {
            phrase!("json-control", "a line end, or another control character, stands in a text")
        }
        text => text.to_owned().into(),
    }
}

/// The members of an object, keys and values unread.
struct Fields<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// Collects [`Fields`].
struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

/// `value` with a space after each comma and colon, as EOLE prints it.
pub(super) fn print(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let member = |(key, value): (&String, &Json)| format!("{}: {}", print_text(key), print(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        one => one.to_string(),
    }
}

/// `text` as a JSON string.
pub(super) fn print_text(text: &str) -> String {
    Json::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_get_wrong_has_a_phrase() {
        for (text, key) in [
            ("{", "json-ends"),
            ("{a: 1}", "json-name"),
            ("{\"a\" 1}", "json-colon"),
            ("{\"a\": 1 \"b\": 2}", "json-in-object"),
            ("[1 2]", "json-in-list"),
            ("{\"a\": }", "json-value"),
            ("[1,]", "json-last-comma"),
            ("[1] x", "json-behind-end"),
            ("[1.]", "json-number"),
            ("[\"\\x\"]", "json-escape"),
            ("[\"a\nb\"]", "json-control"),
        ] {
            let error = serde_json::from_str::<Json>(text).unwrap_err();
            assert_eq!(reason(&error).key(), Some(key), "{text}: {error}");
        }
    }
}
