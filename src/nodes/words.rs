//! What names a node, and what is said of it: texts that can be nothing else.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The beginning of the labels that galerne keeps for itself.
const OWN: &str = "org.galerne";
/// The longest name of a machine (RFC 1123).
const LONGEST: usize = 253;

/// Whether `text` is a host name: words of letters, digits and hyphens, between dots.
fn is_host(text: &str) -> bool {
    let is_word = |word: &str| {
        let inside = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        inside && !word.is_empty() && word.len() <= 63 && !word.starts_with('-') && !word.ends_with('-')
    };
    text.len() <= LONGEST && text.split('.').all(is_word)
}

/// A text that was looked at when it was made.
macro_rules! checked {
    ($(#[$meta:meta])* $name:ident, $fits:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let fits: fn(&str) -> bool = $fits;
                if fits(&text) { Ok(Self(text)) } else { Err(concat!("no ", stringify!($name))) }
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }

        impl $name {
            /// It as a text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked!(
    /// The name of a node: that of its machine.
    NodeName,
    is_host
);
checked!(
    /// Where a node is reached: an address of IP or a host name.
    Address,
    |text| text.parse::<IpAddr>().is_ok() || is_host(text)
);
checked!(
    /// A user of a machine.
    User,
    |text| {
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let is_letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        begins && text.len() <= 32 && text.bytes().all(is_letter)
    }
);
checked!(
    /// A public key as OpenSSH writes it: its kind, the key, and perhaps a comment.
    PublicKey,
    |text| {
        let mut parts = text.split(' ');
        let kind = parts.next().is_some_and(|kind| {
            ["ssh-", "ecdsa-", "sk-"].iter().any(|begin| kind.starts_with(begin))
                && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-@.".contains(&byte))
        });
        let key = parts.next().is_some_and(|key| {
            key.len() >= 16 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        });
        let comment = |letter: char| letter.is_ascii_alphanumeric() || "@._-+: ".contains(letter);
        kind && key && parts.all(|part| part.chars().all(comment))
    }
);

impl Default for User {
    fn default() -> Self {
        Self("root".to_owned())
    }
}

/// The labels of a node, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Reads `ssd=true region=north`.
    ///
    /// # Errors
    /// The first word that is no label.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for word in text.split_whitespace() {
            let label = word.split_once('=').filter(|(key, value)| is_key(key) && is_value(value));
            let (key, value) = label.ok_or_else(|| word.to_owned())?;
            if all.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(word.to_owned());
            }
        }
        Ok(Self(all))
    }

    /// Them by their names.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same with those of `set`, and without those of `gone`.
    #[must_use]
    pub fn changed(&self, set: &Self, gone: &[String]) -> Self {
        let mut all = self.0.clone();
        all.extend(set.0.clone());
        all.retain(|key, _| !gone.contains(key));
        Self(all)
    }
}

impl TryFrom<BTreeMap<String, String>> for Labels {
    type Error = &'static str;

    fn try_from(all: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        let fits = all.iter().all(|(key, value)| is_key(key) && is_value(value));
        if fits { Ok(Self(all)) } else { Err("no labels") }
    }
}

impl From<Labels> for BTreeMap<String, String> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}

/// As [`Labels::read`] reads them.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(|(key, value)| format!("{key}={value}")).collect();
        f.write_str(&words.join(" "))
    }
}

/// Whether `text` is the name of a label that is not galerne's own.
pub fn is_key(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let inside = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte));
    begins && inside && text.len() <= 63 && !text.starts_with(OWN)
}

/// Whether `text` is what a condition (`node.labels.KEY == VALUE`) can name.
fn is_value(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    !text.is_empty() && text.len() <= 63 && text.bytes().all(is_letter)
}
