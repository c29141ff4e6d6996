//! A value that is not of its variable's type.

use std::fmt;

use serde::{Serialize, Serializer};

use super::VariableType;
use crate::phrase;
use crate::words::Phrase;

/// What was found where a value of `kind` was expected. A secret's text is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The type of the variable.
    pub kind: VariableType,
    /// What was found, on one line and shortened where it is long; nothing of a secret.
    found: Option<String>,
}

impl Mismatch {
    /// Says that `text` is no value of `kind`.
    pub fn new(kind: VariableType, text: &str) -> Self {
        Self { kind, found: (!kind.is_secret()).then(|| shown(text)) }
    }

    /// It in words.
    pub fn phrase(&self) -> Phrase {
        let expected = expected(self.kind);
        match &self.found {
            Some(found) => {
                phrase!(
                    "mismatch",
                    "expected {expected}, found \"{found}\"",
                    expected = expected,
                    found = found
                )
            }
            None => phrase!(
                "mismatch-secret",
                "expected {expected}, found a text that it cannot hold",
                expected = expected
            ),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl std::error::Error for Mismatch {}

impl Serialize for Mismatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.phrase().serialize(serializer)
    }
}

/// `text` on one line, its control characters visible, cut after 60 characters.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// What a value of `kind` looks like, in words.
fn expected(kind: VariableType) -> Phrase {
    use VariableType as T;
    if let Some(words) = kind.words() {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        return phrase!("one-of", "one of {words}", words = quoted.join(", "));
    }
    match kind {
        T::Text | T::Password => phrase!("type-text", "a text without control characters"),
        T::Number => phrase!("type-number", "an integer"),
        T::Float => phrase!("type-float", "a number"),
        T::Boolean => phrase!("type-boolean", "\"True\" or \"False\""),
        T::Ip | T::Network | T::Broadcast => phrase!("type-ip", "an IPv4 address, such as 192.0.2.1"),
        T::LocalIp => phrase!("type-local-ip", "an IPv4 address of a private network, such as 192.168.0.1"),
        T::Netmask => phrase!("type-netmask", "a network mask, such as 255.255.255.0"),
        T::Cidr => phrase!("type-cidr", "an IPv4 address with its prefix length, such as 192.0.2.1/24"),
        T::NetworkCidr => {
            phrase!("type-network-cidr", "an IPv4 network with its prefix length, such as 192.0.2.0/24")
        }
        T::Domain { strict: true } => {
            phrase!("type-domain-strict", "a domain name, such as wiki.example.org")
        }
        T::Domain { strict: false } => phrase!("type-domain", "a domain name or an IPv4 address"),
        T::Hostname { strict: true } => {
            phrase!("type-hostname-strict", "a host name without a dot, such as scribe")
        }
        T::Hostname { strict: false } => {
            phrase!("type-hostname", "a host name without a dot, or an IPv4 address")
        }
        T::Netbios => phrase!("type-netbios", "a NetBIOS name of at most 15 letters, digits and dashes"),
        T::WebAddress => phrase!("type-web-address", "an address that begins with http:// or https://"),
        T::Mail => phrase!("type-mail", "a mail address, such as admin@example.org"),
        T::Port => phrase!("type-port", "a port from 1 to 65535"),
        T::Mac => phrase!("type-mac", "a hardware address, such as 52:54:00:12:34:56"),
        T::Filename => phrase!("type-filename", "an absolute path without `..`"),
        T::Date => phrase!("type-date", "a day, such as 2026-03-29"),
        T::UnixUser => phrase!("type-unix-user", "a system user, such as www-data"),
        T::TwoWords(_) | T::Schedule | T::ScheduleMod => phrase!("type-two-words", "one of its words"),
    }
}
