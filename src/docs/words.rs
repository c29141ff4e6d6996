//! Conditions, calls and places in words.

use crate::dictionary::{Action, Purpose};
use crate::function::{Arguments, choices};
use crate::schema::{ArgumentValue, Call, Condition, Schema};
use crate::source::{Sources, Span};
use crate::value::Value;

/// What a condition does and when: `disabled if a is oui (file:line)`.
pub(super) fn condition(condition: &Condition, schema: &Schema, sources: &Sources) -> String {
    let does = match condition.action {
        Action::Disable => "disabled",
        Action::Hide => "hidden",
        Action::Freeze => "frozen",
        Action::Require => "mandatory",
    };
    let source = &condition.source_name;
    let values: Vec<String> = condition.values.iter().map(|value| argument(value, schema)).collect();
    let values = if values.is_empty() { "nothing".to_owned() } else { values.join(" or ") };
    let when = match (condition.source.is_some(), condition.negated) {
        (false, _) => format!("always, as {source} is unknown"),
        (true, false) => format!("if {source} is {values}"),
        (true, true) => format!("unless {source} is {values}"),
    };
    format!("{does} {when} ({})", place(condition.span, sources))
}

/// A call as it would be written: `concat(a, '-', name=b)`.
pub(super) fn call(call: &Call, schema: &Schema) -> String {
    let one = |value: &crate::schema::Argument| {
        let text = argument(&value.value, schema);
        value.name.as_ref().map_or_else(|| text.clone(), |name| format!("{name}={text}"))
    };
    let arguments: Vec<String> = call.arguments.iter().map(one).collect();
    let warns = if call.purpose == Purpose::Warn { "warns: " } else { "" };
    format!("{warns}{}({})", call.name, arguments.join(", "))
}

fn argument(value: &ArgumentValue, schema: &Schema) -> String {
    match value {
        ArgumentValue::Constant(value) if value.is_empty() => "empty".to_owned(),
        ArgumentValue::Constant(Value::Text(text)) => format!("'{text}'"),
        ArgumentValue::Constant(value) => value.to_string(),
        ArgumentValue::Variable(id) => schema.name(*id).to_owned(),
        ArgumentValue::Index => "the number of the item".to_owned(),
        ArgumentValue::Information { name, .. } => format!("the information {name}"),
    }
}

/// The words of a `valid_enum`, and whether others are accepted too.
pub(super) fn enumeration(call: &Call) -> Option<(Vec<String>, bool)> {
    if &*call.name != "valid_enum" {
        return None;
    }
    let mut arguments = Arguments::default();
    for argument in &call.arguments {
        let ArgumentValue::Constant(value) = &argument.value else { return None };
        match &argument.name {
            Some(name) => arguments.named.push((name.to_string(), value.clone())),
            None => arguments.positional.push(value.clone()),
        }
    }
    choices(&arguments).ok().map(|choices| (choices.words, choices.open))
}

/// The file and line of `span`.
pub(super) fn place(span: Span, sources: &Sources) -> String {
    let file = sources.get(span.file).map(|source| source.name.display().to_string()).unwrap_or_default();
    sources.position(span).map_or_else(|| file.clone(), |(line, _)| format!("{file}:{line}"))
}
