//! Defaults that their own checks refuse, whatever a user has saved over them.

use super::{Lint, Subject, constants};
use crate::diagnostic::{Finding, Findings};
use crate::dictionary::Purpose;
use crate::function::FunctionError;
use crate::phrase;
use crate::schema::{Callee, VariableId};
use crate::value::Value;

/// Judges the default of each variable by the checks that look at nothing else.
pub(super) fn checks(subject: &Subject<'_>, findings: &mut Findings) {
    for id in subject.schema.ids() {
        let variable = subject.schema.variable(id);
        if variable.kind.is_secret() {
            continue;
        }
        for value in variable.default.items().iter().filter(|value| !value.is_empty()) {
            if let Some(reason) = refused(subject, id, value) {
                let name = subject.schema.name(id).to_owned();
                let problem = Lint::DefaultFailsCheck { name, value: value.to_string(), reason };
                findings.push(
                    Finding::new(problem).at(variable.definition, phrase!("at-its-default", "its default")),
                );
            }
        }
    }
}

/// Why one of the checks refuses `value`, if one does.
fn refused(subject: &Subject<'_>, id: VariableId, value: &Value) -> Option<FunctionError> {
    let variable = subject.schema.variable(id);
    if variable.choices.is_some()
        && let Some(words) = subject.words(id)
        && !words.contains(&value.to_string())
    {
        return Some(FunctionError::NotAmong { words });
    }
    let calls = variable.checks.iter().map(|index| subject.schema.call(*index));
    calls.filter(|call| call.purpose == Purpose::Check).find_map(|call| {
        let (Callee::Function(function), Some(arguments)) = (&call.callee, constants(call)) else {
            return None;
        };
        let verdict = subject.library.check(*function, value, &arguments);
        verdict.err().filter(|reason| !reason.blames_the_call())
    })
}
