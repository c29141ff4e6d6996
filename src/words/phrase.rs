//! A sentence, or a part of one, of galerne's own.
//!
//! Its English stands where it is made, in [`phrase!`](crate::phrase), with a key under which other languages have it and the
//! values that stand in it (decision 11). Words that are not galerne's (an engine's, the system's, a dictionary's) are a phrase
//! without a key, and are said as they are.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

/// Words that can be said in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    key: &'static str,
    english: Cow<'static, str>,
    fields: Vec<(&'static str, Value)>,
}

impl Phrase {
    /// The phrase `key`, which has nothing standing in it; use [`phrase!`](crate::phrase).
    pub const fn new(key: &'static str, english: &'static str) -> Self {
        Self { key, english: Cow::Borrowed(english), fields: Vec::new() }
    }

    /// The phrase `key` with values in it; use [`phrase!`](crate::phrase).
    pub const fn with(key: &'static str, english: String, fields: Vec<(&'static str, Value)>) -> Self {
        Self { key, english: Cow::Owned(english), fields }
    }

    /// Its key; none for words that are the same in each language.
    pub fn key(&self) -> Option<&'static str> {
        (!self.key.is_empty()).then_some(self.key)
    }

    /// It in English.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// What stands in it, by names.
    pub fn fields(&self) -> Map<String, Value> {
        self.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }
}

/// A value as it stands in a phrase; what cannot stand there (a path that is no text) is nothing.
pub fn field(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        Self { key: "", english: Cow::Owned(text), fields: Vec::new() }
    }
}

impl From<&'static str> for Phrase {
    fn from(text: &'static str) -> Self {
        Self::new("", text)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// As [`Words`](super::Words) reads it among the fields of a problem: its key and what stands in it, or the mere words.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.key.is_empty() {
            return serializer.serialize_str(&self.english);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("say", self.key)?;
        map.serialize_entry("fields", &self.fields())?;
        map.end()
    }
}

/// A [`Phrase`]: its key, its English, and the values that stand in it by their names: `phrase!("wait", "wait {count} s", count = 3)`.
#[macro_export]
macro_rules! phrase {
    ($key:literal, $english:literal $(,)?) => {
        $crate::words::Phrase::new($key, $english)
    };
    ($key:literal, $english:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::words::Phrase::with(
            $key,
            format!($english, $($name = $value),+),
            vec![$((stringify!($name), $crate::words::field(&$value))),+],
        )
    };
}
