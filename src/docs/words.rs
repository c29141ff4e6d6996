//! Conditions, calls and places in words.

use crate::dictionary::{Action, Purpose};
use crate::function::{Arguments, choices};
use crate::phrase;
use crate::schema::{ArgumentValue, Call, Condition, Schema};
use crate::source::{Sources, Span};
use crate::value::Value;
use crate::words::Words;

/// What a condition does and when: `disabled if a is oui (file:line)`.
pub(super) fn condition(condition: &Condition, schema: &Schema, sources: &Sources, tongue: &Words) -> String {
    let does = match condition.action {
        Action::Disable => phrase!("now-disabled", "disabled"),
        Action::Hide => phrase!("now-hidden", "hidden"),
        Action::Freeze => phrase!("now-frozen", "frozen"),
        Action::Require => phrase!("now-mandatory", "mandatory"),
    };
    let source = &condition.source_name;
    let values: Vec<String> = condition.values.iter().map(|value| argument(value, schema, tongue)).collect();
    let between = format!(" {} ", tongue.phrase(&phrase!("doc-or", "or")));
    let values = if values.is_empty() { phrase!("nothing", "nothing") } else { values.join(&between).into() };
    let when = match (condition.source.is_some(), condition.negated) {
        (false, _) => phrase!("doc-always-unknown", "always, as {source} is unknown", source = &**source),
        (true, false) => phrase!("doc-if", "if {source} is {values}", source = &**source, values = values),
        (true, true) => {
            phrase!("doc-unless", "unless {source} is {values}", source = &**source, values = values)
        }
    };
    format!("{} {} ({})", tongue.phrase(&does), tongue.phrase(&when), place(condition.span, sources))
}

/// A call as it would be written: `concat(a, '-', name=b)`.
pub(super) fn call(call: &Call, schema: &Schema, tongue: &Words) -> String {
    let one = |value: &crate::schema::Argument| {
        let text = argument(&value.value, schema, tongue);
        value.name.as_ref().map_or_else(|| text.clone(), |name| format!("{name}={text}"))
    };
    let arguments: Vec<String> = call.arguments.iter().map(one).collect();
    let called = format!("{}({})", call.name, arguments.join(", "));
    if call.purpose != Purpose::Warn {
        return called;
    }
    tongue.phrase(&phrase!("doc-warns", "warns: {call}", call = called))
}

fn argument(value: &ArgumentValue, schema: &Schema, tongue: &Words) -> String {
    match value {
        ArgumentValue::Constant(value) if value.is_empty() => tongue.phrase(&phrase!("doc-empty", "empty")),
        ArgumentValue::Constant(Value::Text(text)) => format!("'{text}'"),
        ArgumentValue::Constant(value) => value.to_string(),
        ArgumentValue::Variable(id) => schema.name(*id).to_owned(),
        ArgumentValue::Index => tongue.phrase(&phrase!("doc-index", "the number of the item")),
        ArgumentValue::Information { name, .. } => {
            tongue.phrase(&phrase!("doc-information", "the information {name}", name = &**name))
        }
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
