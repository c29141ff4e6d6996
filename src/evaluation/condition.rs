//! Whether a condition holds, and how that is said.

use super::evaluator::Evaluator;
use super::property::{Property, Reason, Why};
use crate::dictionary::Action;
use crate::phrase;
use crate::schema::{ArgumentValue, Condition, Role, Schema, VariableId};
use crate::value::Value;

/// What is known of a condition as a whole.
#[derive(Debug, Clone, Default)]
pub(super) enum Verdict {
    /// Not yet asked.
    #[default]
    Unknown,
    /// It does not hold.
    No,
    /// It holds, for this reason.
    Yes(Why),
}

/// The property that the condition `index` gives its targets now, with the reason; none while it does not hold.
///
/// It also holds while its source is disabled, and always if its source is unknown (which the linker allows only
/// with `fallback`).
pub(super) fn reason(evaluator: &mut Evaluator<'_>, index: u32) -> Option<Reason> {
    let condition = evaluator.schema.condition(index);
    if let Verdict::Unknown = evaluator.verdict(index) {
        let verdict = whole(evaluator, condition).map_or(Verdict::No, Verdict::Yes);
        evaluator.judge(index, verdict);
    }
    match evaluator.verdict(index) {
        Verdict::Yes(why) => Some(because(condition, why.clone())),
        Verdict::No | Verdict::Unknown => None,
    }
}

fn because(condition: &Condition, why: Why) -> Reason {
    Reason { property: property(condition.action), why, span: condition.span }
}

fn whole(evaluator: &Evaluator<'_>, condition: &Condition) -> Option<Why> {
    let name = &condition.source_name;
    let Some(source) = condition.source.map(|id| evaluator.state_of(id)) else {
        return Some(
            phrase!(
                "why-fallback",
                "`{name}` is unknown, and the condition falls back to this",
                name = &**name
            )
            .into(),
        );
    };
    if source.properties.is_disabled() {
        return Some(phrase!("why-source", "`{name}` is disabled", name = &**name).into());
    }
    let found = if source.value.is_empty() { vec![String::new()] } else { item_texts(&source.value) };
    let wanted = wanted(evaluator, condition);
    let matches = found.iter().any(|text| wanted.contains(text));
    (matches != condition.negated)
        .then(|| format!("{} `{name}` = {}", word(condition), shown(&source.value)).into())
}

/// Whether the condition acts on `target` item by item: its source is in the target's group.
pub(super) fn is_item_wise(schema: &Schema, condition: &Condition, target: VariableId) -> bool {
    let group = |id| match schema.variable(id).role {
        Role::Alone => None,
        Role::Master => Some(id),
        Role::Slave(master) => Some(master),
    };
    matches!(schema.variable(target).role, Role::Slave(_))
        && condition.source.is_some_and(|source| group(source) == group(target))
}

/// What the condition, whose source is in the target's group, does to the item `index`.
pub(super) fn item_reason(evaluator: &Evaluator<'_>, number: u32, index: usize) -> Option<Reason> {
    let condition = evaluator.schema.condition(number);
    let name = &condition.source_name;
    let source = evaluator.state_of(condition.source?);
    let item_is_off = source.items.get(index).is_some_and(super::Properties::is_disabled);
    if source.properties.is_disabled() || item_is_off {
        return Some(because(
            condition,
            phrase!("why-source", "`{name}` is disabled", name = &**name).into(),
        ));
    }
    let item = source.value.items().get(index).cloned().unwrap_or_default();
    let matches = wanted(evaluator, condition).contains(&item.to_string());
    let why = || format!("{} `{name}[{index}]` = {}", word(condition), shown(&item)).into();
    (matches != condition.negated).then(|| because(condition, why()))
}

/// The texts with which the condition compares its source.
fn wanted(evaluator: &Evaluator<'_>, condition: &Condition) -> Vec<String> {
    condition.values.iter().flat_map(|value| texts(evaluator, value)).collect()
}

fn item_texts(value: &Value) -> Vec<String> {
    value.items().iter().map(ToString::to_string).collect()
}

fn texts(evaluator: &Evaluator<'_>, value: &ArgumentValue) -> Vec<String> {
    match value {
        ArgumentValue::Constant(constant) => vec![constant.to_string()],
        ArgumentValue::Variable(id) => item_texts(&evaluator.state_of(*id).value),
        ArgumentValue::Information { name, of } => {
            let known = evaluator.library.information(of.as_deref(), name);
            known.iter().flat_map(item_texts).collect()
        }
        ArgumentValue::Index => Vec::new(),
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
