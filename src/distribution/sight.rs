//! What EOLE's templates see of a configuration.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Distribution;
use crate::diagnostic::nearest;
use crate::evaluation::{Entry, Snapshot};
use crate::percent::{Data, Group, Lookup, Surroundings};
use crate::source::{FileId, Span};
use crate::value::Value;

/// The slaves of each master.
pub(super) struct Masters<'s>(BTreeMap<&'s str, Vec<&'s str>>);

impl<'s> Masters<'s> {
    pub(super) fn of(snapshot: &'s Snapshot) -> Self {
        let mut masters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, entry) in snapshot.all() {
            if let Some(master) = &entry.master {
                masters.entry(master).or_default().push(name);
            }
        }
        Self(masters)
    }
}

/// What one rendering sees.
pub(super) struct Sight<'a> {
    distribution: &'a Distribution<'a>,
    snapshot: &'a Snapshot,
    masters: &'a Masters<'a>,
    /// The variables that were asked for, and whose value is more than a line.
    unfit: RefCell<BTreeMap<String, Span>>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(
        distribution: &'a Distribution<'a>,
        snapshot: &'a Snapshot,
        masters: &'a Masters<'a>,
    ) -> Self {
        Self { distribution, snapshot, masters, unfit: RefCell::default() }
    }

    /// The variables that were asked for and whose value cannot be written, with their definitions.
    pub(super) fn unfit(&self) -> BTreeMap<String, Span> {
        self.unfit.borrow().clone()
    }

    fn data(&self, name: &str, entry: &Entry) -> Data {
        if has_control(&entry.value) {
            self.unfit.borrow_mut().insert(name.to_owned(), entry.definition);
        }
        match self.masters.0.get(name) {
            Some(slaves) => Data::Group(self.group(entry, slaves)),
            None => items(entry).map_or_else(|| Data::from(&entry.value), Data::List),
        }
    }

    fn group(&self, master: &Entry, slaves: &[&str]) -> Group {
        let values = master.value.items().iter().map(Data::from).collect();
        let known = slaves.iter().filter_map(|slave| {
            let entry = self.snapshot.entry(slave).filter(|entry| !entry.properties.is_disabled())?;
            if has_control(&entry.value) {
                self.unfit.borrow_mut().insert((*slave).to_owned(), entry.definition);
            }
            let items = items(entry).unwrap_or_else(|| entry.value.items().iter().map(Data::from).collect());
            Some(((*slave).to_owned(), items))
        });
        Group { values, slaves: known.collect() }
    }
}

/// The items of a slave, of which some may be disabled.
fn items(entry: &Entry) -> Option<Vec<Data>> {
    entry.master.as_ref()?;
    let is_disabled =
        |index: usize| entry.items.get(index).is_some_and(crate::evaluation::Properties::is_disabled);
    let item = |(index, value): (usize, &Value)| {
        if is_disabled(index) { Data::Disabled } else { Data::from(value) }
    };
    Some(entry.value.items().iter().enumerate().map(item).collect())
}

fn has_control(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains(|letter: char| letter.is_control() && letter != '\t'),
        Value::List(items) => items.iter().any(has_control),
        _ => false,
    }
}

impl Surroundings for Sight<'_> {
    fn lookup(&self, name: &str) -> Lookup {
        match self.snapshot.entry(name) {
            Some(entry) if entry.properties.is_disabled() => Lookup::Disabled(Some(entry.definition)),
            Some(entry) => Lookup::Value(self.data(name, entry)),
            None => {
                let near = nearest(name, self.snapshot.all().map(|(known, _)| known));
                Lookup::Unknown { near: near.map(str::to_owned) }
            }
        }
    }

    fn include(&self, name: &str) -> Option<(FileId, Arc<str>)> {
        // EOLE's templates name others by their paths too.
        let name = Path::new(name).file_name()?.to_str()?;
        self.distribution.texts.get(name).map(|template| (template.file, template.text.clone()))
    }

    fn is_file(&self, path: &str) -> bool {
        let path = self.distribution.root.join(path.trim_start_matches('/'));
        let world = self.distribution.world;
        world.real(&path).is_ok() && world.list(&path).is_err()
    }

    fn is_folder(&self, path: &str) -> bool {
        let path = self.distribution.root.join(path.trim_start_matches('/'));
        self.distribution.world.list(&path).is_ok()
    }

    fn is_instance(&self) -> bool {
        self.distribution.instanciated
    }
}
