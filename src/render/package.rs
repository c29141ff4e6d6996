//! The packages that dictionaries name.
//!
//! In: the entries of the dictionaries, and which of their lists are switched off. Out: names in the order of their entries, each once.
//! A word that can be no package's name is left out. What stands in one of EOLE's own containers is the container's.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::system::fits_mode;
use crate::evaluation::Snapshot;
use crate::schema::System;

/// The name of a package (Debian Policy, 5.6.7): letters, digits, `+`, `-` and `.`, a letter or digit first, so that it is never an
/// option of a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackageName(String);

impl PackageName {
    /// The name that `text` is; none if it is no such name.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_name = text.len() > 1
            && text.starts_with(letter)
            && text.chars().all(|c| letter(c) || matches!(c, '+' | '-' | '.'));
        is_name.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PackageName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no name of a package"))
    }
}

impl From<PackageName> for String {
    fn from(name: PackageName) -> Self {
        name.0
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The packages that the dictionaries want on the machine itself.
pub fn packages(system: &System, snapshot: &Snapshot) -> Vec<PackageName> {
    let mut names: Vec<PackageName> = Vec::new();
    for entry in system.entries().iter().filter(|entry| entry.kind == "package" && entry.container.is_none())
    {
        let list = entry.attribute("packagelist");
        let is_off = list.is_some_and(|list| snapshot.is_list_disabled("packagelist", &list.value));
        if is_off || entry.attribute("container").is_some() || !fits_mode(entry, snapshot) {
            continue;
        }
        for name in entry.name().split_whitespace().filter_map(PackageName::parse) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_option_and_no_path() {
        for name in ["git", "docker.io", "g++", "0ad", "lib-2.0"] {
            assert_eq!(PackageName::parse(name).unwrap().as_str(), name);
        }
        for name in ["", "a", "-y", "--option", "./a.deb", "a/b", "Git", "git=1", "git ", "gît", "+a"] {
            assert_eq!(PackageName::parse(name), None, "{name}");
        }
        assert!(serde_json::from_str::<PackageName>("\"--purge\"").is_err());
    }
}
