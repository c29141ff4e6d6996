//! What is shown of variables and families beside their values: separators and help.

use std::sync::Arc;

use super::link::Linker;
use super::model::Separator;
use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, meant};
use crate::dictionary::Dictionary;
use crate::phrase;

/// Attaches the separators and help texts of `dictionary`.
pub(super) fn attach(dictionary: &Dictionary, linker: &mut Linker<'_>) {
    for separator in &dictionary.separators {
        if let Some(id) = linker.find(&separator.variable.value, separator.variable.span) {
            let shown = Separator { text: Arc::clone(&separator.text), never_hidden: separator.never_hidden };
            linker.schema.variable_mut(id).separator = Some(Box::new(shown));
        }
    }
    for help in &dictionary.help {
        let (name, text) = (&help.name, Arc::clone(&help.text));
        if !help.of_family {
            if let Some(id) = linker.find(&name.value, name.span) {
                linker.schema.variable_mut(id).help = Some(text);
            }
            continue;
        }
        let path = FamilyName::of_path(&dictionary.namespace, [name.value.as_ref()]);
        if let Some(family) = linker.schema.families.get_mut(&path) {
            family.help = Some(text);
            continue;
        }
        let near = meant(path.as_str(), linker.schema.families.keys().map(FamilyName::as_str));
        let help =
            near.unwrap_or_else(|| phrase!("define-family-help", "define the family, or take out its help"));
        let problem = SchemaError::UnknownFamily { name: name.value.to_string(), help };
        linker.findings.push(
            Finding::new(problem)
                .at(name.span, phrase!("at-no-dictionary-defines-this", "no dictionary defines this")),
        );
    }
}
