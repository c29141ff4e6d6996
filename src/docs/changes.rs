//! What changed between two references.

use indexmap::IndexMap;
use serde::Serialize;

use super::reference::{Family, Reference, Variable};

/// How a change says that something is so, or is not; programs read it too.
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";

/// What it has behind values that are not all.
pub(super) const OPEN: &str = " (others too)";

/// What came, changed and went, each in the order of its dictionaries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// What is new.
    pub added: Vec<Change>,
    /// What is not as it was.
    pub changed: Vec<Change>,
    /// What is gone.
    pub removed: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether it is of a `family` or a `variable`.
    pub of: &'static str,
    /// Its name.
    pub name: String,
    /// What of it is another: its type, default, …; nothing for what came or went.
    pub what: Option<&'static str>,
    /// What it was.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// What changed from `old` to `new`.
pub fn changes(old: &Reference, new: &Reference) -> Changes {
    let mut changes = Changes::default();
    let (old_families, new_families) = (families(old), families(new));
    for (path, family) in &new_families {
        match old_families.get(path) {
            None => changes.added.push(whole("family", &family.name)),
            Some(before) => compare(
                "family",
                &family.name,
                &parts_of_family(before),
                &parts_of_family(family),
                &mut changes,
            ),
        }
    }
    let gone = old_families.iter().filter(|(path, _)| !new_families.contains_key(*path));
    changes.removed.extend(gone.map(|(_, family)| whole("family", &family.name)));
    let (old_variables, new_variables) = (variables(old), variables(new));
    for (name, (family, variable)) in &new_variables {
        match old_variables.get(name) {
            None => changes.added.push(whole("variable", name)),
            Some((before_family, before)) => {
                let (before, after) = (parts(before_family, before), parts(family, variable));
                compare("variable", name, &before, &after, &mut changes);
            }
        }
    }
    let gone = old_variables.keys().filter(|name| !new_variables.contains_key(*name));
    changes.removed.extend(gone.map(|name| whole("variable", name)));
    changes
}

fn families(reference: &Reference) -> IndexMap<&str, &Family> {
    reference.families.iter().map(|family| (family.path.as_str(), family)).collect()
}

fn variables(reference: &Reference) -> IndexMap<&str, (&Family, &Variable)> {
    let families = reference.families.iter();
    let each = families.flat_map(|family| family.variables.iter().map(move |variable| (family, variable)));
    each.map(|(family, variable)| (variable.name.as_str(), (family, variable))).collect()
}

fn whole(of: &'static str, name: &str) -> Change {
    Change { of, name: name.to_owned(), what: None, from: None, to: None }
}

/// What a family or variable is in one respect.
type Part = (&'static str, String);

fn parts_of_family(family: &Family) -> Vec<Part> {
    vec![
        ("mode", family.mode.clone()),
        ("hidden", yes(family.hidden)),
        ("conditions", without_places(&family.conditions)),
    ]
}

fn parts(family: &Family, variable: &Variable) -> Vec<Part> {
    let is = |word: &str| yes(variable.is.iter().any(|is| is == word));
    let open = if variable.open { OPEN } else { "" };
    vec![
        ("family", family.path.clone()),
        ("type", variable.kind.clone()),
        ("values", format!("{}{open}", variable.words.join(", "))),
        ("default", variable.default.join(", ")),
        ("calculation", variable.calculated.clone().unwrap_or_default()),
        ("mandatory", is("mandatory")),
        ("list", is("list")),
        ("group", variable.group.clone().unwrap_or_default()),
        ("mode", variable.mode.clone()),
        ("hidden", is("hidden")),
        ("kept", variable.kept.clone().unwrap_or_default()),
        ("conditions", without_places(&variable.conditions)),
        ("checks", variable.checks.join("; ")),
    ]
}

fn yes(flag: bool) -> String {
    if flag { YES } else { NO }.to_owned()
}

/// Conditions without their places: moving one in its file changes nothing.
fn without_places(conditions: &[String]) -> String {
    let plain = conditions.iter().map(|text| text.rsplit_once(" (").map_or(text.as_str(), |(text, _)| text));
    plain.collect::<Vec<_>>().join("; ")
}

fn compare(of: &'static str, name: &str, before: &[Part], after: &[Part], changes: &mut Changes) {
    for ((what, from), (_, to)) in before.iter().zip(after).filter(|(before, after)| before != after) {
        let (name, from, to) = (name.to_owned(), Some(from.clone()), Some(to.clone()));
        changes.changed.push(Change { of, name, what: Some(what), from, to });
    }
}
