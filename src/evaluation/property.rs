//! What is true of a variable now, each with the reason, so that every tool can answer "why can't I edit this?".

use crate::source::Span;

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
    /// It is frozen once the server is instanciated.
    AutoFrozen,
}

impl Property {
    /// The word for it in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Hidden => "hidden",
            Self::Frozen => "frozen",
            Self::Mandatory => "mandatory",
            Self::AutoFrozen => "auto_frozen",
        }
    }
}

/// Why a property holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The property.
    pub property: Property,
    /// In words: `disabled_if_in nombre_conteneur = 0`.
    pub why: String,
    /// What in a dictionary makes it so.
    pub span: Span,
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

    /// Whether `property` holds.
    pub fn has(&self, property: Property) -> bool {
        self.reasons.iter().any(|reason| reason.property == property)
    }

    /// Whether the variable has no value at all.
    pub fn is_disabled(&self) -> bool {
        self.has(Property::Disabled)
    }

    /// Each property that holds, once, in a fixed order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut held: Vec<Property> = self.reasons.iter().map(|reason| reason.property).collect();
        held.sort_unstable();
        held.dedup();
        held.into_iter().map(Property::as_str).collect()
    }

    /// The reasons, in the order in which the dictionaries give them.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}
