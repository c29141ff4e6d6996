//! Redefinitions that have no effect.

use std::collections::BTreeMap;

use super::{Lint, Subject};
use crate::diagnostic::{Finding, Findings};
use crate::dictionary::{Namespace, Variable};
use crate::phrase;
use crate::source::Span;

/// Redefinitions that give nothing, or only what later ones give again.
pub(super) fn shadowed(subject: &Subject<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<(&Namespace, &str), Vec<(Span, u16)>> = BTreeMap::new();
    for dictionary in subject.dictionaries {
        for variable in dictionary.families.iter().flat_map(|family| &family.variables) {
            if variable.redefine {
                let of = known.entry((&dictionary.namespace, &variable.name.value)).or_default();
                of.push((variable.name.span, given(variable)));
            }
        }
    }
    for ((_, name), redefinitions) in known {
        for (place, (span, gives)) in redefinitions.iter().enumerate() {
            let later = redefinitions[place + 1..].iter();
            let again = later.clone().fold(0, |again, (_, gives)| again | gives);
            let why = match (*gives, again) {
                (0, _) => phrase!("gives-nothing", "it gives nothing"),
                (gives, again) if gives & !again == 0 => {
                    phrase!("given-again", "later ones give all of it again")
                }
                _ => continue,
            };
            let problem = Lint::ShadowedRedefinition { name: name.to_owned(), why };
            let finding =
                Finding::new(problem).at(*span, phrase!("at-this-redefinition", "this redefinition"));
            findings.push(later.fold(finding, |finding, (span, _)| {
                finding.related(*span, phrase!("at-a-later-one", "a later one"))
            }));
        }
    }
}

/// What a redefinition gives, a bit for each part.
fn given(variable: &Variable) -> u16 {
    [
        variable.kind.is_some(),
        variable.description.is_some(),
        variable.multi.is_some(),
        variable.mandatory.is_some(),
        variable.hidden.is_some(),
        variable.disabled.is_some(),
        variable.unique.is_some(),
        variable.mode.is_some(),
        variable.auto_freeze.is_some(),
        variable.auto_save.is_some(),
        !variable.values.is_empty(),
        !variable.choices.is_empty(),
        variable.help.is_some(),
        // What is taken away is taken away, whatever comes later.
        !variable.removes.is_empty(),
    ]
    .iter()
    .enumerate()
    .fold(0, |bits, (place, given)| bits | u16::from(*given) << place)
}
