//! What the dictionaries say of the system: files, services, packages and the like, merged.
//!
//! In: the entries of all dictionaries, in order. Out: the files, services and so on, with the sets that they belong to. A later
//! one with `redefine='True'` changes the attributes that it gives of those of its name; without it, it stands beside them, as
//! two sources of one file do whose sets exclude each other. Nothing here acts on a system.

use std::borrow::Borrow;

use crate::dictionary::{Dictionary, SystemEntry};

/// The files, services, packages and the like of all dictionaries, in order.
#[derive(Debug, Default)]
pub struct System {
    entries: Vec<SystemEntry>,
}

impl System {
    /// All of them; what EOLE's own containers hold stands for itself, with the container's name.
    pub fn entries(&self) -> &[SystemEntry] {
        &self.entries
    }

    /// Whether something belongs to the set `name` of the attribute `kind`.
    pub fn has_list(&self, kind: &str, name: &str) -> bool {
        let belongs = |entry: &SystemEntry| entry.attribute(kind).is_some_and(|list| *list.value == *name);
        self.entries.iter().any(|entry| belongs(entry) || entry.inner.iter().any(belongs))
    }
}

/// Merges the entries of `dictionaries`, in their order.
pub(super) fn merge(dictionaries: &[impl Borrow<Dictionary>]) -> System {
    let mut entries = Vec::new();
    for entry in dictionaries.iter().flat_map(|dictionary| &dictionary.borrow().entries) {
        if matches!(entry.kind, "container" | "all") {
            let inner = entry.inner.iter();
            entries.push(SystemEntry { inner: Vec::new(), ..entry.clone() });
            inner.for_each(|inner| take(inner, &mut entries));
        } else {
            take(entry, &mut entries);
        }
    }
    System { entries }
}

fn take(entry: &SystemEntry, entries: &mut Vec<SystemEntry>) {
    let redefines = entry.attribute("redefine").is_some_and(|word| word.value.as_ref() == "True");
    let same = |known: &&mut SystemEntry| {
        (known.kind, &known.container, known.name()) == (entry.kind, &entry.container, entry.name())
    };
    let mut changed = false;
    for known in entries.iter_mut().filter(|_| redefines).filter(same) {
        change(known, entry);
        changed = true;
    }
    if !changed {
        entries.push(entry.clone());
    }
}

/// Gives `known` the attributes and details that `entry` gives.
fn change(known: &mut SystemEntry, entry: &SystemEntry) {
    for (name, value) in &entry.attributes {
        match known.attributes.iter_mut().find(|(known, _)| known == name) {
            Some((_, former)) => former.clone_from(value),
            None => known.attributes.push((name, value.clone())),
        }
    }
    known.inner.extend(entry.inner.iter().cloned());
}
