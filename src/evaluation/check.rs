//! The checks of a variable, when all variables have their values.

use super::evaluator::Evaluator;
use super::property::Property;
use super::{EvaluationError, Owners};
use crate::diagnostic::Finding;
use crate::dictionary::Purpose;
use crate::function::FunctionError;
use crate::schema::{Call, Role, VariableId};
use crate::value::Value;

/// Judges the value of `id` by its checks, and asks for one where it must have one.
pub(super) fn variable(evaluator: &mut Evaluator<'_>, id: VariableId) {
    if evaluator.state_of(id).properties.is_disabled() {
        return;
    }
    let schema = evaluator.schema;
    for call in schema.variable(id).checks.iter().map(|number| schema.call(*number)) {
        let value = evaluator.state_of(id).value.clone();
        if let Value::List(items) = &value {
            for (index, item) in items.iter().enumerate() {
                judge(evaluator, id, call, item, Some(index));
            }
        } else {
            judge(evaluator, id, call, &value, None);
        }
    }
    ask(evaluator, id);
}

fn judge(evaluator: &mut Evaluator<'_>, id: VariableId, call: &Call, value: &Value, index: Option<usize>) {
    let Some(arguments) = evaluator.arguments(id, call, index) else { return };
    if let Err(reason) = call.function.check(value, &arguments, &evaluator.patterns) {
        let finding = refusal(evaluator, id, call, value, reason);
        evaluator.wrong.push(finding);
    }
}

/// Says why `value` is refused, at the place where it was saved, or where it is the default.
fn refusal(
    evaluator: &Evaluator<'_>,
    id: VariableId,
    call: &Call,
    value: &Value,
    reason: FunctionError,
) -> Finding {
    let (name, family) = evaluator.names(id);
    if reason.blames_the_call() {
        let problem = EvaluationError::WrongCall { function: call.function.name(), name, reason };
        return Finding::new(problem).at(call.span, "this call");
    }
    let definition = evaluator.schema.variable(id).definition;
    let saved = evaluator.saved.span(&name).filter(|_| evaluator.state_of(id).owner != Owners::Default);
    let secret = evaluator.schema.variable(id).kind.is_secret();
    let value = (!secret).then(|| value.to_string());
    let problem = match call.purpose {
        Purpose::Warn => EvaluationError::Doubtful { name, family, value, reason },
        _ => EvaluationError::Refused { name, family, value, reason },
    };
    let finding = Finding::new(problem).at(saved.unwrap_or(definition), "this value");
    finding.related(call.span, "refused by this check")
}

/// Reports the mandatory variable, or each of its items, that has no value.
fn ask(evaluator: &mut Evaluator<'_>, id: VariableId) {
    let state = evaluator.state_of(id);
    if !state.properties.has(Property::Mandatory) || state.properties.has(Property::Hidden) {
        return;
    }
    let definition = evaluator.schema.variable(id).definition;
    let is_slave = matches!(evaluator.schema.variable(id).role, Role::Slave(_));
    let problems: Vec<EvaluationError> = match &state.value {
        Value::List(items) if is_slave || !items.is_empty() => {
            let empty = items.iter().enumerate().filter(|(_, item)| item.is_empty());
            let named = empty.map(|(index, _)| (index, evaluator.names(id)));
            named
                .map(|(index, (name, family))| EvaluationError::MandatoryItemEmpty { name, family, index })
                .collect()
        }
        value if value.is_empty() => {
            let (name, family) = evaluator.names(id);
            vec![EvaluationError::MandatoryEmpty { name, family }]
        }
        _ => Vec::new(),
    };
    for problem in problems {
        evaluator.missing.push(Finding::new(problem).at(definition, "must have a value"));
    }
}
