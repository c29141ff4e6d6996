//! What is true of a variable now, each with the reason, so that every tool can answer "why can't I edit this?".

use std::fmt;
use std::sync::Arc;

use crate::phrase;
use crate::source::Span;
use crate::words::Phrase;

/// Something that holds of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// It has no value at all.
    Disabled,
    /// It is not shown, and has its default or calculated value.
    Hidden,
    /// It is shown, and has its default or calculated value.
    Frozen,
    /// It must have a value.
    Mandatory,
    /// It is shown, and keeps the value that it had when the server was instanciated.
    AutoFrozen,
}

impl Property {
    /// The word for it in what programs read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Hidden => "hidden",
            Self::Frozen => "frozen",
            Self::Mandatory => "mandatory",
            Self::AutoFrozen => "auto_frozen",
        }
    }

    /// The same for a person, of a variable.
    pub fn said(self) -> Phrase {
        match self {
            Self::Disabled => phrase!("now-disabled", "disabled"),
            Self::Hidden => phrase!("now-hidden", "hidden"),
            Self::Frozen => phrase!("now-frozen", "frozen"),
            Self::Mandatory => phrase!("now-mandatory", "mandatory"),
            Self::AutoFrozen => phrase!("now-auto-frozen", "auto_frozen"),
        }
    }
}

/// Why a property holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The property.
    pub property: Property,
    /// In words: `disabled_if_in nombre_conteneur = 0`.
    pub why: Why,
    /// What in a dictionary makes it so.
    pub span: Span,
}

/// A reason in words; thousands of variables may share one.
#[derive(Debug, Clone)]
pub enum Why {
    /// Words that are always the same.
    Fixed(&'static Phrase),
    /// Words made for this configuration.
    Told(Arc<Phrase>),
}

impl Why {
    /// The words.
    pub fn phrase(&self) -> &Phrase {
        match self {
            Self::Fixed(words) => words,
            Self::Told(words) => words,
        }
    }

    /// The words in English.
    pub fn as_str(&self) -> &str {
        self.phrase().english()
    }
}

impl PartialEq for Why {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Why {}

impl From<Phrase> for Why {
    fn from(words: Phrase) -> Self {
        Self::Told(words.into())
    }
}

impl From<String> for Why {
    fn from(words: String) -> Self {
        Phrase::from(words).into()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The properties of a variable, with their reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    reasons: Vec<Reason>,
}

impl Properties {
    /// Adds a property and its reason; a property may have several.
    pub fn add(&mut self, reason: Reason) {
        self.reasons.push(reason);
    }

    /// Gives back the room that is not needed: there may be very many variables.
    pub(super) fn shrink(&mut self) {
        self.reasons.shrink_to_fit();
    }

    /// Whether `property` holds.
    pub fn has(&self, property: Property) -> bool {
        self.reasons.iter().any(|reason| reason.property == property)
    }

    /// Whether the variable has no value at all.
    pub fn is_disabled(&self) -> bool {
        self.has(Property::Disabled)
    }

    /// Whether the variable has its default whatever is saved.
    pub fn is_fixed(&self) -> bool {
        self.has(Property::Hidden) || self.has(Property::Frozen)
    }

    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Each property that holds, once, in a fixed order.
    pub fn held(&self) -> Vec<Property> {
        let mut held: Vec<Property> = self.reasons.iter().map(|reason| reason.property).collect();
        held.sort_unstable();
        held.dedup();
        held
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.held().into_iter().map(Property::as_str).collect()
    }

    /// The reasons, in the order in which the dictionaries give them.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}
