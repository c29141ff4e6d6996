//! Whether a condition holds, and how that is said.

use super::evaluator::Evaluator;
use super::property::{Property, Reason};
use crate::dictionary::Action;
use crate::schema::{ArgumentValue, Condition};
use crate::value::Value;

/// The property that `condition` gives its targets now, with the reason; none while it does not hold.
///
/// It also holds while its source is disabled, and always if its source is unknown (which the linker allows only
/// with `fallback`).
pub(super) fn reason(evaluator: &Evaluator<'_>, condition: &Condition) -> Option<Reason> {
    let source = condition.source.map(|id| evaluator.state_of(id));
    let name = &condition.source_name;
    let why = match source {
        None => format!("`{name}` is unknown, and the condition falls back to this"),
        Some(source) if source.properties.is_disabled() => format!("`{name}` is disabled"),
        Some(source) if matches(evaluator, condition, &source.value) != condition.negated => {
            format!("{} `{name}` = {}", word(condition), shown(&source.value))
        }
        Some(_) => return None,
    };
    Some(Reason { property: property(condition.action), why, span: condition.span })
}

/// Whether one of the items of `value` is, as text, one of the condition's values.
fn matches(evaluator: &Evaluator<'_>, condition: &Condition, value: &Value) -> bool {
    let wanted: Vec<String> = condition.values.iter().flat_map(|value| texts(evaluator, value)).collect();
    let found = if value.is_empty() { vec![String::new()] } else { item_texts(value) };
    found.iter().any(|text| wanted.contains(text))
}

fn item_texts(value: &Value) -> Vec<String> {
    value.items().iter().map(ToString::to_string).collect()
}

fn texts(evaluator: &Evaluator<'_>, value: &ArgumentValue) -> Vec<String> {
    match value {
        ArgumentValue::Constant(constant) => vec![constant.value.to_string()],
        ArgumentValue::Variable(id) => item_texts(&evaluator.state_of(*id).value),
    }
}

fn property(action: Action) -> Property {
    match action {
        Action::Disable => Property::Disabled,
        Action::Hide => Property::Hidden,
        Action::Freeze => Property::Frozen,
        Action::Require => Property::Mandatory,
    }
}

/// The name of the condition in dictionaries.
fn word(condition: &Condition) -> &'static str {
    match (condition.action, condition.negated) {
        (Action::Disable, false) => "disabled_if_in",
        (Action::Disable, true) => "disabled_if_not_in",
        (Action::Hide, false) => "hidden_if_in",
        (Action::Hide, true) => "hidden_if_not_in",
        (Action::Freeze, false) => "frozen_if_in",
        (Action::Freeze, true) => "frozen_if_not_in",
        (Action::Require, false) => "mandatory_if_in",
        (Action::Require, true) => "mandatory_if_not_in",
    }
}

fn shown(value: &Value) -> String {
    if value.is_empty() { "nothing".to_owned() } else { value.to_string().replace('\n', ", ") }
}
