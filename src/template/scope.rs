//! The values that a template sees.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Context;

use super::Secrets;
use crate::evaluation::Snapshot;
use crate::source::Span;
use crate::value::Value;

/// What a template sees beside the variables, which the [`Templates`](super::Templates) know.
#[derive(Clone)]
pub struct Scope<'a> {
    snapshot: &'a Snapshot,
    context: Context,
}

impl<'a> Scope<'a> {
    /// Nothing but the variables of `snapshot`.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, context: Context::new() }
    }

    /// Adds `value` under `name`, over a variable of that name.
    #[must_use]
    pub fn with<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.context.insert(name, value);
        self
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The variables that have `text` as their value or as one of its items, with their definitions.
    pub(super) fn holders(&self, text: &str) -> BTreeMap<&'a str, Span> {
        // The marks around a refused value take its own NULs away.
        let holds = |value: &Value| value.to_string().replace('\0', "") == text;
        self.snapshot
            .enabled()
            .filter(|(_, entry)| !text.is_empty() && entry.value.items().iter().any(holds))
            .map(|(name, entry)| (name, entry.definition))
            .collect()
    }

    /// `message` without the values of password variables.
    pub(super) fn without_secrets(&self, message: &str) -> String {
        Secrets::of(self.snapshot).hide(message)
    }
}
