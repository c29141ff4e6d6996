//! A sentence, or a part of one, of galerne's own.
//!
//! Its English stands where it is made, in [`phrase!`](crate::phrase), with a key under which other languages have it and the
//! values that stand in it (decision 12). Words that are not galerne's (an engine's, the system's, a dictionary's) are a phrase
//! without a key, and are said as they are.

use std::borrow::Cow;
use std::str::Utf8Error;
use std::{fmt, io};

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

/// Words that can be said in each language. It is small: errors that functions give back have several.
#[derive(Debug, Clone)]
pub struct Phrase(Said);

#[derive(Debug, Clone)]
enum Said {
    /// Nothing stands in it.
    Fixed { key: &'static str, english: &'static str },
    /// English made of values.
    Made(Box<Made>),
}

#[derive(Debug, Clone)]
struct Made {
    key: Cow<'static, str>,
    english: String,
    fields: Map<String, Value>,
}

impl Phrase {
    /// The phrase `key`, which has nothing standing in it; use [`phrase!`](crate::phrase). Words that are the same in each language
    /// have an empty key.
    pub const fn new(key: &'static str, english: &'static str) -> Self {
        Self(Said::Fixed { key, english })
    }

    /// The phrase `key`, or its part if that is `key.part`, with values in it; use [`phrase!`](crate::phrase).
    pub fn with(key: impl Into<Cow<'static, str>>, english: String, fields: Map<String, Value>) -> Self {
        Self(Said::Made(Box::new(Made { key: key.into(), english, fields })))
    }

    /// Its key; none for words that are the same in each language.
    pub fn key(&self) -> Option<&str> {
        let key = match &self.0 {
            Said::Fixed { key, .. } => key,
            Said::Made(made) => &*made.key,
        };
        (!key.is_empty()).then_some(key)
    }

    /// It in English.
    pub fn english(&self) -> &str {
        match &self.0 {
            Said::Fixed { english, .. } => english,
            Said::Made(made) => &made.english,
        }
    }

    /// What stands in it, by names.
    pub fn fields(&self) -> Option<&Map<String, Value>> {
        match &self.0 {
            Said::Fixed { .. } => None,
            Said::Made(made) => Some(&made.fields),
        }
    }
}

/// A value as it stands in a phrase; what cannot stand there (a path that is no text) is nothing.
pub fn field(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Several, one behind the other.
pub fn joined(phrases: &[Phrase]) -> Phrase {
    let join = |first: Phrase, second: Phrase| match (first.key(), second.key()) {
        (None, None) => format!("{first}; {second}").into(),
        _ => crate::phrase!("one-and-another", "{first}; {second}", first = first, second = second),
    };
    phrases.iter().cloned().reduce(join).unwrap_or_else(|| "".into())
}

/// Lines of somebody else.
pub fn as_said(lines: Vec<String>) -> Vec<Phrase> {
    lines.into_iter().map(Phrase::from).collect()
}

/// Two phrases that say the same in English are the same: one that was read from JSON has no more.
impl PartialEq for Phrase {
    fn eq(&self, other: &Self) -> bool {
        self.english() == other.english()
    }
}

impl Eq for Phrase {}

/// A phrase in documents that programs read: its English.
pub mod english {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Phrase;

    /// Writes the English of `phrase`.
    ///
    /// # Errors
    /// What the writer says.
    pub fn serialize<S: Serializer>(phrase: &Phrase, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(phrase.english())
    }

    /// Reads a phrase that is said as it is.
    ///
    /// # Errors
    /// It is no text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Phrase, D::Error> {
        String::deserialize(deserializer).map(Phrase::from)
    }

    /// The same of a phrase that may be none.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

        use super::Phrase;

        /// Writes the English of `phrase`.
        ///
        /// # Errors
        /// What the writer says.
        pub fn serialize<S: Serializer>(phrase: &Option<Phrase>, serializer: S) -> Result<S::Ok, S::Error> {
            phrase.as_ref().map(Phrase::english).serialize(serializer)
        }

        /// Reads a phrase that is said as it is, or none.
        ///
        /// # Errors
        /// It is no text.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Phrase>, D::Error> {
            Ok(Option::<String>::deserialize(deserializer)?.map(Phrase::from))
        }
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        Self::with("", text, Map::new())
    }
}

impl From<&'static str> for Phrase {
    fn from(text: &'static str) -> Self {
        Self::new("", text)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

/// It can be what an error of the system's kind holds.
impl std::error::Error for Phrase {}

/// What an error says: a phrase that it holds, or the system's words.
impl From<&io::Error> for Phrase {
    fn from(error: &io::Error) -> Self {
        let Some(held) = error.get_ref() else { return error.to_string().into() };
        if let Some(phrase) = held.downcast_ref::<Self>() {
            return phrase.clone();
        }
        match held.downcast_ref::<Utf8Error>() {
            Some(wrong) => {
                crate::phrase!("no-utf-8", "no UTF-8 from index {index} on", index = wrong.valid_up_to())
            }
            None => error.to_string().into(),
        }
    }
}

/// As [`Words`](super::Words) reads it among the fields of a problem: its key and what stands in it, or the mere words.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(key) = self.key() else { return serializer.serialize_str(self.english()) };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("say", key)?;
        map.serialize_entry("fields", self.fields().unwrap_or(&Map::new()))?;
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
            [$((stringify!($name).to_owned(), $crate::words::field(&$value))),+].into_iter().collect(),
        )
    };
}
