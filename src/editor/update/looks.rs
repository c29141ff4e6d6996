//! What is only looked at: errors, reasons, help, differences.

use crate::config_eol::SavedValue;
use crate::editor::history::Change;
use crate::editor::model::Model;
use crate::editor::state::{Popup, Side, State};
use crate::evaluation::Properties;
use crate::schema::{ArgumentValue, Call, VariableId};
use crate::words::Words;

pub(super) fn next_error(state: &mut State, model: &Model<'_>, words: &Words) {
    let here = state.variable(model).filter(|_| state.side == Side::Variables);
    let mut wrong: Vec<VariableId> = model.faulty().collect();
    wrong.sort();
    let next = here.and_then(|here| wrong.iter().find(|id| **id > here)).or(wrong.first());
    match next {
        Some(id) => state.go_to(*id, model),
        None => state.say(words.get("no-error"), false),
    }
}

pub(super) fn why(state: &mut State, model: &Model<'_>, words: &Words) {
    let Some(id) = state.variable(model) else { return };
    let look = model.look(id);
    let mut lines = Vec::new();
    let of_item = state.target(model).and_then(|target| target.index).and_then(|index| look.items.get(index));
    for reason in look.properties.reasons().iter().chain(of_item.into_iter().flat_map(Properties::reasons)) {
        lines.push(format!("{}: {}", reason.property.as_str(), words.phrase(reason.why.phrase())));
    }
    lines.extend(model.faults(id, words));
    if lines.is_empty() {
        lines.push(words.get("free"));
    }
    state.popup = Some(text(model.schema().name(id).to_owned(), lines));
}

pub(super) fn help(state: &mut State, model: &Model<'_>, words: &Words) {
    let Some(id) = state.variable(model) else { return };
    let variable = model.schema().variable(id);
    let look = model.look(id);
    let secret = variable.kind.is_secret();
    let default = if secret { String::new() } else { look.default.to_string().replace('\n', ", ") };
    let mut lines = vec![variable.description.to_string(), String::new()];
    lines.extend(variable.help.iter().flat_map(|help| help.lines().map(str::to_owned)));
    lines.push(words.with("type", &[("type", variable.kind.name())]));
    lines.push(words.with("default", &[("default", &default)]));
    for call in variable.checks.iter().map(|number| model.schema().call(*number)) {
        lines.push(words.with("check", &[("check", &called(call, model))]));
    }
    lines.push(words.with("family", &[("family", &model.schema().family(variable.family).name)]));
    state.popup = Some(text(model.schema().name(id).to_owned(), lines));
}

/// A check as it would be called.
fn called(call: &Call, model: &Model<'_>) -> String {
    let arguments = call.arguments.iter().map(|argument| {
        let value = match &argument.value {
            ArgumentValue::Constant(value) => value.to_string(),
            ArgumentValue::Variable(id) => model.schema().name(*id).to_owned(),
            ArgumentValue::Index | ArgumentValue::Information { .. } => "…".to_owned(),
        };
        argument.name.as_ref().map_or_else(|| value.clone(), |name| format!("{name}={value}"))
    });
    format!("{}({})", call.name, arguments.collect::<Vec<_>>().join(", "))
}

pub(super) fn text(title: String, lines: Vec<String>) -> Popup {
    Popup::Text { title, lines, top: 0 }
}

/// A change in one line; a secret is not shown.
pub(super) fn difference(change: &Change, model: &Model<'_>) -> String {
    let secret =
        model.schema().find(&change.name).is_some_and(|id| model.schema().variable(id).kind.is_secret());
    let shown = |value: &Option<SavedValue>| match value {
        None => "–".to_owned(),
        Some(_) if secret => "…".to_owned(),
        Some(SavedValue::Single(item)) => plain(&item.value),
        Some(value) => {
            let items = value.items();
            let texts: Vec<String> = items.values().map(|item| plain(&item.value)).collect();
            texts.join(", ")
        }
    };
    format!("{}: {} → {}", change.name, shown(&change.before), shown(&change.after))
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
