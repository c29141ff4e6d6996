//! Texts that occur again and again, kept once: dictionaries repeat names, types and descriptions thousands of times.

use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// The texts that were met so far.
#[derive(Debug, Default)]
pub struct Texts {
    known: IndexSet<Arc<str>, FxBuildHasher>,
}

impl Texts {
    /// `text`, shared with all that are equal to it.
    pub(super) fn keep(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.known.insert(Arc::clone(&text));
        text
    }
}
