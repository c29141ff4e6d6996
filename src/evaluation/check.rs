//! The checks of a variable, when all variables have their values.

use super::evaluator::Evaluator;
use super::property::Property;
use super::{EvaluationError, Owners};
use crate::diagnostic::{Finding, nearest};
use crate::dictionary::Purpose;
use crate::function::{self, FunctionError};
use crate::phrase;
use crate::schema::{ArgumentValue, Call, Callee, Choice, Choices, Role, VariableId};
use crate::source::Span;
use crate::value::Value;
use crate::words::Phrase;

/// Judges the value of `id` by its type's choices and its checks, and asks for one where it must have one.
pub(super) fn variable(evaluator: &mut Evaluator<'_>, id: VariableId) {
    if evaluator.state_of(id).properties.is_disabled() {
        return;
    }
    let schema = evaluator.schema;
    let variable = schema.variable(id);
    if !variable.checks.is_empty() || variable.choices.is_some() || variable.unique {
        let state = evaluator.state_of(id);
        let value = state.value.clone();
        match &value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    judge_all(evaluator, id, item, Some(index));
                }
                unique(evaluator, id, items);
            }
            value => judge_all(evaluator, id, value, None),
        }
    }
    ask(evaluator, id);
}

/// Judges one value, or each of the values of an item that is a list.
fn judge_all(evaluator: &mut Evaluator<'_>, id: VariableId, value: &Value, index: Option<usize>) {
    if let Value::List(items) = value {
        return items.iter().for_each(|item| judge_all(evaluator, id, item, index));
    }
    let schema = evaluator.schema;
    let variable = schema.variable(id);
    if let Some(choices) = &variable.choices {
        choose(evaluator, id, choices, value, index);
    }
    for call in variable.checks.iter().map(|number| schema.call(*number)) {
        judge(evaluator, id, call, value, index);
    }
}

/// Refuses a value that is none of the choices.
fn choose(
    evaluator: &mut Evaluator<'_>,
    id: VariableId,
    choices: &Choices,
    value: &Value,
    index: Option<usize>,
) {
    if value.is_empty() {
        return;
    }
    let by = By {
        purpose: Purpose::Check,
        span: choices.span,
        label: phrase!("at-closed-choices", "closed to these values"),
    };
    let words = match given(evaluator, id, choices, index) {
        Ok(words) => words,
        Err(reason) => return refuse(evaluator, id, &by, value, reason),
    };
    if !words.contains(&value.to_string()) {
        let reason = FunctionError::NotAmong { words };
        refuse(evaluator, id, &by, value, reason);
    }
}

/// The words among which the variable is chosen, if it is, and whether another one may be written.
pub(super) fn words(
    evaluator: &mut Evaluator<'_>,
    id: VariableId,
    index: Option<usize>,
) -> Option<(Vec<String>, bool)> {
    let schema = evaluator.schema;
    let variable = schema.variable(id);
    if let Some(choices) = &variable.choices {
        return given(evaluator, id, choices, index).ok().map(|words| (words, false));
    }
    let mut calls = variable.checks.iter().map(|number| schema.call(*number));
    let call = calls.find(|call| &*call.name == "valid_enum")?;
    let arguments = evaluator.arguments(id, call, index)?;
    function::choices(&arguments).ok().map(|choices| (choices.words, choices.open))
}

fn given(
    evaluator: &mut Evaluator<'_>,
    id: VariableId,
    choices: &Choices,
    index: Option<usize>,
) -> Result<Vec<String>, FunctionError> {
    let mut words = Vec::new();
    for choice in &choices.from {
        let given = match choice {
            Choice::Of(ArgumentValue::Constant(value)) => Ok(value.clone()),
            Choice::Of(ArgumentValue::Variable(other)) => Ok(evaluator.state_of(*other).value.clone()),
            Choice::Of(_) => Ok(Value::None),
            Choice::Calculated(number) => {
                let call = evaluator.schema.call(*number);
                let arguments = evaluator.arguments(id, call, index);
                arguments.map_or(Ok(Value::None), |arguments| evaluator.calculate(call, &arguments))
            }
        };
        words.extend(given?.items().iter().map(ToString::to_string));
    }
    Ok(words)
}

/// Refuses the items that a list has twice, where it may not.
fn unique(evaluator: &mut Evaluator<'_>, id: VariableId, items: &[Value]) {
    let variable = evaluator.schema.variable(id);
    if !variable.unique {
        return;
    }
    let span = variable.definition;
    let by = By { purpose: Purpose::Check, span, label: phrase!("at-each-item-once", "each item only once") };
    for (index, item) in items.iter().enumerate() {
        if items[..index].contains(item) {
            refuse(evaluator, id, &by, item, FunctionError::Repeated);
        }
    }
}

fn judge(evaluator: &mut Evaluator<'_>, id: VariableId, call: &Call, value: &Value, index: Option<usize>) {
    let Some(arguments) = evaluator.arguments(id, call, index) else { return };
    let verdict = match &call.callee {
        Callee::Function(function) => evaluator.library.check(*function, value, &arguments),
        // What an expression renders to is why it refuses.
        Callee::Expression(_) => match evaluator.calculate(call, &arguments) {
            Ok(Value::Text(message)) => Err(FunctionError::Explained { message }),
            Ok(_) => Ok(()),
            Err(reason) => Err(reason),
        },
    };
    if let Err(reason) = verdict {
        if reason.blames_the_call() {
            let (name, _) = evaluator.names(id);
            let function = call.name.to_string();
            let problem = EvaluationError::WrongCall { function, name, reason };
            let finding = Finding::new(problem).at(call.span, phrase!("at-this-call", "this call"));
            evaluator.faults_of(id).check.push(finding);
        } else {
            let by = By {
                purpose: call.purpose,
                span: call.span,
                label: phrase!("at-refused-by-this", "refused by this check"),
            };
            refuse(evaluator, id, &by, value, reason);
        }
    }
}

/// What refuses a value.
struct By {
    purpose: Purpose,
    span: Span,
    label: Phrase,
}

/// Says why `value` is refused, at the place where it was saved, or where it is the default.
fn refuse(evaluator: &mut Evaluator<'_>, id: VariableId, by: &By, value: &Value, reason: FunctionError) {
    let (name, family) = evaluator.names(id);
    let definition = evaluator.schema.variable(id).definition;
    let saved = evaluator.saved.span(&name).filter(|_| evaluator.state_of(id).owner != Owners::Default);
    let secret = evaluator.schema.variable(id).kind.is_secret();
    let value = (!secret).then(|| value.to_string());
    let problem = if by.purpose == Purpose::Warn {
        EvaluationError::Doubtful { name, family, value, reason }
    } else {
        let help = instead(&name, value.as_deref(), &reason);
        EvaluationError::Refused { name, family, value, reason, help }
    };
    let finding =
        Finding::new(problem).at(saved.unwrap_or(definition), phrase!("at-this-value", "this value"));
    evaluator.faults_of(id).check.push(finding.related(by.span, by.label.clone()));
}

/// What to give the variable in the place of a value that is refused.
fn instead(name: &str, value: Option<&str>, reason: &FunctionError) -> Phrase {
    let near = match (value, reason) {
        (Some(value), FunctionError::NotAmong { words }) => nearest(value, words.iter().map(String::as_str)),
        _ => None,
    };
    match near {
        Some(near) => {
            phrase!("set-near", "if you mean `{near}`: galerne set {name}={near}", near = near, name = name)
        }
        None => phrase!("set-another", "give it another value: galerne set {name}=…", name = name),
    }
}

/// Notes the mandatory variable, or each of its items, that has no value.
fn ask(evaluator: &mut Evaluator<'_>, id: VariableId) {
    let state = evaluator.state_of(id);
    let is_slave = matches!(evaluator.schema.variable(id).role, Role::Slave(_));
    let whole = state.properties.has(Property::Mandatory);
    if state.properties.has(Property::Hidden) || !whole && state.items.is_empty() {
        return;
    }
    let item_must = |index: usize| {
        let own = state.items.get(index);
        let spared = own.is_some_and(|own| own.is_disabled() || own.has(Property::Hidden));
        !spared && (whole || own.is_some_and(|own| own.has(Property::Mandatory)))
    };
    let missing: Vec<Option<usize>> = match &state.value {
        Value::List(items) if is_slave || !items.is_empty() => {
            let empty = items.iter().enumerate().filter(|(index, item)| item.is_empty() && item_must(*index));
            empty.map(|(index, _)| Some(index)).collect()
        }
        value if value.is_empty() && whole => vec![None],
        _ => Vec::new(),
    };
    if !missing.is_empty() {
        evaluator.faults_of(id).missing = missing;
    }
}

/// That the variable `name`, or its item `index`, must have a value.
pub(super) fn missing(name: String, family: String, index: Option<usize>, definition: Span) -> Finding {
    let problem = match index {
        Some(index) => EvaluationError::MandatoryItemEmpty { name, family, index },
        None => EvaluationError::MandatoryEmpty { name, family },
    };
    Finding::new(problem).at(definition, phrase!("at-must-have-a-value", "must have a value"))
}
