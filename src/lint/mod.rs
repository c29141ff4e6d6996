//! What is suspicious about dictionaries and templates, though nothing is wrong.
//!
//! In: all that the stages before made of a configuration. Out: warnings, each with a code by which it can be silenced.
//! Where the boundary between two of them is: a variable that nothing at all names is `unused_variable`; one that only
//! checks and groups know is `not_in_templates`, as it is asked for and then makes no difference. What switches, numbers or
//! calculates something else, and whatever belongs to a container, is used.

mod condition;
mod default;
mod problem;
mod redefinition;
mod translation;
mod usage;

#[cfg(test)]
mod tests;

pub use problem::Lint;

use crate::diagnostic::Findings;
use crate::dictionary::Dictionary;
use crate::evaluation::Snapshot;
use crate::function::{Arguments, Library, choices};
use crate::schema::{Call, Callee, Choice, Schema, VariableId};
use crate::template::Templates;

/// The codes of all lints, by which they can be silenced.
pub const CODES: [&str; 12] = [
    "lint::condition_never_holds",
    "lint::default_fails_check",
    "lint::list_without_members",
    "lint::not_in_templates",
    "lint::shadowed_redefinition",
    "lint::template_disabled_variable",
    "lint::template_unknown_variable",
    "lint::translation_missing",
    "lint::translation_unknown",
    "lint::translation_unreadable",
    "lint::unexpected_choice",
    "lint::unused_variable",
];

/// A configuration to be looked at.
pub struct Subject<'a> {
    /// The dictionaries, as written.
    pub dictionaries: &'a [Dictionary],
    /// What they were linked to.
    pub schema: &'a Schema,
    /// What that was evaluated to.
    pub snapshot: &'a Snapshot,
    /// The templates.
    pub templates: &'a Templates,
    /// The functions that the dictionaries call.
    pub library: &'a dyn Library,
}

/// All that is suspicious, lint by lint.
pub fn lint(subject: &Subject<'_>) -> Findings {
    let mut findings = Findings::default();
    usage::variables(subject, &mut findings);
    condition::never(subject, &mut findings);
    default::checks(subject, &mut findings);
    condition::unexpected(subject, &mut findings);
    usage::templates(subject, &mut findings);
    condition::lists(subject, &mut findings);
    redefinition::shadowed(subject, &mut findings);
    translation::translations(subject, &mut findings);
    findings
}

impl Subject<'_> {
    /// The words to which a variable is closed, by its type, its choices or a `valid_enum`; none if it is open.
    fn words(&self, id: VariableId) -> Option<Vec<String>> {
        let variable = self.schema.variable(id);
        if let Some(words) = variable.kind.words() {
            return Some(words.iter().map(|word| (*word).to_owned()).collect());
        }
        if let Some(choices) = &variable.choices {
            let one = |choice: &Choice| match choice {
                Choice::Of(crate::schema::ArgumentValue::Constant(value)) => Some(value.to_string()),
                _ => None,
            };
            return choices.from.iter().map(one).collect();
        }
        let calls = variable.checks.iter().map(|index| self.schema.call(*index));
        let closed = |call: &Call| {
            let arguments = constants(call).filter(|_| &*call.name == "valid_enum")?;
            choices(&arguments).ok().filter(|choices| !choices.open).map(|choices| choices.words)
        };
        calls.into_iter().find_map(closed)
    }
}

/// The arguments of a call, if all of them are constants.
fn constants(call: &Call) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    if let Callee::Expression(_) = call.callee {
        return None;
    }
    for argument in &call.arguments {
        let crate::schema::ArgumentValue::Constant(value) = &argument.value else { return None };
        match &argument.name {
            Some(name) => arguments.named.push((name.to_string(), value.clone())),
            None => arguments.positional.push(value.clone()),
        }
    }
    Some(arguments)
}
