//! What redefinitions change of what dictionaries before them say.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dictionary::{Dictionary, Part};

/// The redefinitions of all dictionaries, by the bare names of their variables.
pub(super) struct Changes {
    /// By part, the number of the last dictionary that takes it away.
    removed: BTreeMap<(Arc<str>, Part), usize>,
    /// The number of the last dictionary that redefines the variable.
    redefined: BTreeMap<Arc<str>, usize>,
}

impl Changes {
    /// The redefinitions of `dictionaries`, which are numbered in their order.
    pub(super) fn of(dictionaries: &[impl Borrow<Dictionary>]) -> Self {
        let (mut removed, mut redefined) = (BTreeMap::new(), BTreeMap::new());
        for (number, dictionary) in dictionaries.iter().enumerate() {
            for variable in dictionary.borrow().families.iter().flat_map(|family| &family.variables) {
                let name = || Arc::clone(&variable.name.value);
                removed.extend(variable.removes.iter().map(|part| ((name(), *part), number)));
                if variable.redefine {
                    redefined.insert(name(), number);
                }
            }
        }
        Self { removed, redefined }
    }

    /// Whether `part` of what the dictionary of this number says of `name` is taken away later.
    pub(super) fn removes(&self, name: &Arc<str>, part: Part, number: usize) -> bool {
        !self.removed.is_empty() && self.removed.get(&(Arc::clone(name), part)).is_some_and(|by| number < *by)
    }

    /// Whether the dictionary of this number is the last one to redefine `name`.
    pub(super) fn redefines(&self, name: &str, number: usize) -> bool {
        self.redefined.get(name) == Some(&number)
    }
}
