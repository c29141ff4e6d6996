//! What is saved for a variable, as values of its type.

use serde_json::Value as Json;

use super::evaluator::Evaluator;
use super::{EvaluationError, Owners, Properties};
use crate::config_eol::SavedValue;
use crate::diagnostic::Finding;
use crate::phrase;
use crate::schema::{Role, VariableId};
use crate::value::{Mismatch, Value};
use crate::words::Phrase;

/// A saved value and whose it is.
pub(super) struct Kept {
    pub(super) value: Value,
    pub(super) owner: Owners,
}

/// What is saved for `id`; none if nothing is. What does not fit is reported, and taken as nothing. Of a slave, the
/// items that are not saved have their `default`.
pub(super) fn read(
    evaluator: &mut Evaluator<'_>,
    id: VariableId,
    default: &Value,
    properties: &[Properties],
) -> Option<Kept> {
    let saved = evaluator.saved.get(evaluator.schema.name(id))?.clone();
    let variable = evaluator.schema.variable(id);
    match (&saved, variable.role, variable.multi) {
        (SavedValue::Multi { .. } | SavedValue::Slave(_), Role::Slave(_), _) => {
            Some(slave(evaluator, id, &saved, default, properties))
        }
        (SavedValue::Single(item), Role::Alone, false) => {
            let value = one(evaluator, id, &item.value);
            Some(Kept { value, owner: Owners::One(item.owner.clone()) })
        }
        // A list of one is saved as its item by some tools of EOLE.
        (SavedValue::Single(item), Role::Alone | Role::Master, true) => {
            let items = if item.value.is_null() { vec![] } else { vec![one(evaluator, id, &item.value)] };
            Some(Kept { value: Value::List(items), owner: Owners::One(item.owner.clone()) })
        }
        (SavedValue::Multi { values, owner }, Role::Alone | Role::Master, true) => {
            let items = values.iter().map(|value| one(evaluator, id, value)).collect();
            Some(Kept { value: Value::List(items), owner: Owners::One(owner.clone()) })
        }
        (SavedValue::Single(_), ..) => misshapen(evaluator, id, phrase!("one-value", "one value")),
        (SavedValue::Multi { .. }, _, false) => misshapen(evaluator, id, phrase!("a-list", "a list")),
        (SavedValue::Slave(_), ..) => {
            misshapen(evaluator, id, phrase!("items-of-slave", "the items of a slave"))
        }
    }
}

/// One saved value; what is not of the type is reported, and nothing.
fn one(evaluator: &mut Evaluator<'_>, id: VariableId, json: &Json) -> Value {
    let kind = evaluator.schema.variable(id).kind;
    kind.read(json).unwrap_or_else(|mismatch| {
        report(evaluator, id, mismatch);
        Value::None
    })
}

fn report(evaluator: &mut Evaluator<'_>, id: VariableId, mismatch: Mismatch) {
    let (name, family) = evaluator.names(id);
    let at = evaluator.saved.span(&name);
    let finding = Finding::new(EvaluationError::WrongType { name, family, mismatch });
    let definition = evaluator.schema.variable(id).definition;
    let finding = match at {
        Some(span) => finding
            .at(span, phrase!("at-saved-here", "saved here"))
            .related(definition, phrase!("at-the-variables-definition", "the variable's definition")),
        None => finding.at(definition, phrase!("at-the-variables-definition", "the variable's definition")),
    };
    evaluator.faults_of(id).value.push(finding);
}

/// A slave's items, one for each item of its master; those saved beyond them wait for the master to grow again.
fn slave(
    evaluator: &mut Evaluator<'_>,
    id: VariableId,
    saved: &SavedValue,
    default: &Value,
    properties: &[Properties],
) -> Kept {
    let mut values = default.items().to_vec();
    let mut owners = vec![None; values.len()];
    for (index, item) in saved.items() {
        if properties.get(index).is_some_and(|own| own.is_disabled() || own.is_fixed()) {
            continue;
        }
        let value = match &item.value {
            Json::Array(items) if evaluator.schema.variable(id).multi => {
                Value::List(items.iter().map(|item| one(evaluator, id, item)).collect())
            }
            single => one(evaluator, id, single),
        };
        if let (Some(place), false) = (values.get_mut(index), value.is_empty()) {
            *place = value;
            owners[index] = Some(item.owner);
        }
    }
    Kept { value: Value::List(values), owner: Owners::Items(owners) }
}

fn misshapen(evaluator: &mut Evaluator<'_>, id: VariableId, found: Phrase) -> Option<Kept> {
    let (name, family) = evaluator.names(id);
    let variable = evaluator.schema.variable(id);
    let expected = match (variable.role, variable.multi) {
        (Role::Slave(_), _) => phrase!("one-for-each", "one value for each item of its master"),
        (_, true) => phrase!("a-list", "a list"),
        (_, false) => phrase!("one-value", "one value"),
    };
    let at = evaluator.saved.span(&name).unwrap_or(variable.definition);
    let problem = EvaluationError::WrongShape { name, family, found, expected };
    let finding = Finding::new(problem).at(at, phrase!("at-this-value", "this value"));
    let finding = finding
        .related(variable.definition, phrase!("at-the-variables-definition", "the variable's definition"));
    evaluator.faults_of(id).value.push(finding);
    None
}
