//! A value that is not of its variable's type.

use super::VariableType;

/// What was found where a value of `kind` was expected. A secret's text is never kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found {found}", expected(*kind))]
pub struct Mismatch {
    /// The type of the variable.
    pub kind: VariableType,
    /// What was found, quoted; shortened where it is long.
    pub found: String,
}

impl Mismatch {
    /// Says that `text` is no value of `kind`.
    pub fn new(kind: VariableType, text: &str) -> Self {
        let found = if kind.is_secret() { "a text that it cannot hold".to_owned() } else { quoted(text) };
        Self { kind, found }
    }
}

/// `text` in quotes on one line, its control characters visible, cut after 60 characters.
fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// What a value of `kind` looks like, in words.
fn expected(kind: VariableType) -> String {
    use VariableType as T;
    if let Some(words) = kind.words() {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        return format!("one of {}", quoted.join(", "));
    }
    match kind {
        T::Text | T::Password => "a text without control characters",
        T::Number => "an integer",
        T::Float => "a number",
        T::Boolean => "\"True\" or \"False\"",
        T::Ip | T::Network | T::Broadcast => "an IPv4 address, such as 192.0.2.1",
        T::LocalIp => "an IPv4 address of a private network, such as 192.168.0.1",
        T::Netmask => "a network mask, such as 255.255.255.0",
        T::Cidr => "an IPv4 address with its prefix length, such as 192.0.2.1/24",
        T::NetworkCidr => "an IPv4 network with its prefix length, such as 192.0.2.0/24",
        T::Domain { strict: true } => "a domain name, such as wiki.example.org",
        T::Domain { strict: false } => "a domain name or an IPv4 address",
        T::Hostname { strict: true } => "a host name without a dot, such as scribe",
        T::Hostname { strict: false } => "a host name without a dot, or an IPv4 address",
        T::Netbios => "a NetBIOS name of at most 15 letters, digits and dashes",
        T::WebAddress => "an address that begins with http:// or https://",
        T::Mail => "a mail address, such as admin@example.org",
        T::Port => "a port from 1 to 65535",
        T::Mac => "a hardware address, such as 52:54:00:12:34:56",
        T::Filename => "an absolute path without `..`",
        T::Date => "a day, such as 2026-03-29",
        T::UnixUser => "a system user, such as www-data",
        T::TwoWords(_) | T::Schedule | T::ScheduleMod => "one of its words",
    }
    .to_owned()
}
