//! The services that dictionaries name, and the files on which each depends.
//!
//! In: the entries of the dictionaries, and which of their lists are switched off. Out: the services in the order of their entries, no two of
//! one name. A service depends on the files that name it (`service='NAME'`), on those of the list that has the name of
//! its own, and, where it has neither, on all files of the dictionary that names it. What stands in one of EOLE's own
//! containers is the container's, and left alone.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::dictionary::SystemEntry;
use crate::evaluation::Snapshot;
use crate::schema::System;

/// A service of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name, without a suffix.
    pub name: ServiceName,
    /// Whether it is to run; else it is stopped and does not start with the machine.
    pub active: bool,
    /// The files that it reads: it is restarted when one of them changes.
    pub files: Vec<PathBuf>,
}

/// The name of a service: letters, digits, `-`, `_`, `.`, `@` and `:`, a letter or digit first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceName(String);

impl ServiceName {
    /// The name that `text` is; none if it is no such name.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@:".contains(&byte);
        let begins = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        (begins && text.len() <= 128 && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ServiceName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no name of a service"))
    }
}

impl From<ServiceName> for String {
    fn from(name: ServiceName) -> Self {
        name.0
    }
}

impl std::fmt::Display for ServiceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The services of `system`; those whose name is none are given too, to be reported.
pub(super) fn services<'s>(system: &'s System, snapshot: &Snapshot) -> (Vec<Service>, Vec<&'s SystemEntry>) {
    let (mut services, mut nameless): (Vec<Service>, Vec<&SystemEntry>) = (Vec::new(), Vec::new());
    for entry in system.entries().iter().filter(|entry| is_ours(entry, "service")) {
        if entry.attribute("method").is_some_and(|method| &*method.value == "none") {
            continue;
        }
        let Some(name) = ServiceName::parse(entry.name()) else {
            nameless.push(entry);
            continue;
        };
        let list = entry.attribute("servicelist");
        let active = !list.is_some_and(|list| snapshot.is_list_disabled("servicelist", &list.value));
        match services.iter_mut().find(|known| known.name == name) {
            // Of several entries, whose lists exclude each other, one that is active is enough.
            Some(known) => known.active |= active,
            None => services.push(Service { name, active, files: depends(system, entry) }),
        }
    }
    (services, nameless)
}

fn is_ours(entry: &SystemEntry, kind: &str) -> bool {
    entry.kind == kind && entry.container.is_none() && entry.attribute("container").is_none()
}

fn depends(system: &System, service: &SystemEntry) -> Vec<PathBuf> {
    let files: Vec<&SystemEntry> = system.entries().iter().filter(|entry| is_ours(entry, "file")).collect();
    let names_it =
        |file: &&&SystemEntry| file.attribute("service").is_some_and(|name| &*name.value == service.name());
    let own = service.attribute("servicelist").map(|list| &list.value);
    let shares_list =
        |file: &&&SystemEntry| own.is_some() && file.attribute("filelist").map(|list| &list.value) == own;
    let mut found: Vec<&SystemEntry> =
        files.iter().filter(|file| names_it(file) || shares_list(file)).copied().collect();
    if found.is_empty() {
        let same_text = |file: &&&SystemEntry| {
            file.attribute("service").is_none() && file.text.span.file == service.text.span.file
        };
        found = files.iter().filter(same_text).copied().collect();
    }
    let mut paths: Vec<PathBuf> = found.into_iter().map(|file| PathBuf::from(file.name())).collect();
    paths.sort();
    paths.dedup();
    paths
}
