//! The texts that must not be shown.

use std::fmt;

use crate::evaluation::Snapshot;

/// The values of all password variables, to take them out of what is shown.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Longest first, so that no part of one stays when a shorter one is taken out of it.
    texts: Vec<String>,
}

impl Secrets {
    /// The values of the password variables of `snapshot`, and their lines.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for (_, entry) in snapshot.all().filter(|(_, entry)| entry.kind.is_secret()) {
            for item in entry.value.items() {
                let text = item.to_string();
                texts.extend(text.lines().map(str::to_owned));
                texts.push(text);
            }
        }
        texts.retain(|text| !text.is_empty());
        texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        texts.dedup();
        Self { texts }
    }

    /// `text` with `…` in the place of each secret.
    pub fn hide(&self, text: &str) -> String {
        self.texts.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.texts.len())
    }
}
