//! What is open over the lists: choices, texts, the search, the form, questions.

use tui_input::InputRequest;

use super::typing::{LONGEST, paste};
use super::{Effect, moved, sentence, told, write};
use crate::editor::action::{Action, Motion};
use crate::editor::model::Model;
use crate::editor::state::{Asked, Popup, State};
use crate::schema::VariableId;
use crate::value::{Value, VariableType};
use crate::words::Words;

/// How many hits of a search are kept.
const HITS: usize = 500;

pub(super) fn choosing(state: &mut State, model: &mut Model<'_>, action: &Action, words: &Words) {
    let Some(Popup::Choice { target, words: list, is_open, at }) = &mut state.popup else { return };
    match action {
        Action::Move(motion) => {
            // The line below the last word is for another one.
            let end = if *is_open { list.len() } else { list.len().saturating_sub(1) };
            *at = moved(*at, end, 10, *motion);
        }
        Action::Escape => state.popup = None,
        Action::Enter => {
            let (target, word) = (*target, list.get(*at).cloned());
            let is_open = *is_open;
            state.popup = None;
            if word.is_none() && is_open {
                write(state, target, model.text(target));
            }
            if let Some(word) = word {
                let result = model.accept(target, &word).map_err(|refusal| sentence(&refusal, words));
                told(state, model, result);
            }
        }
        _ => {}
    }
}

pub(super) fn reading(state: &mut State, action: &Action) {
    let height = state.height;
    let Some(Popup::Text { lines, top, .. }) = &mut state.popup else { return };
    match action {
        Action::Move(motion) => *top = moved(*top, lines.len().saturating_sub(1), height, *motion),
        Action::Escape | Action::Enter | Action::Quit => state.popup = None,
        _ => {}
    }
}

pub(super) fn searching(state: &mut State, model: &Model<'_>, action: Action) {
    let Some(Popup::Search { input, hits, at }) = &mut state.popup else { return };
    match action {
        Action::Move(motion) => *at = moved(*at, hits.len().saturating_sub(1), 10, motion),
        Action::Escape => state.popup = None,
        Action::Enter => {
            let found = hits.get(*at).copied();
            state.popup = None;
            if let Some(id) = found {
                state.go_to(id, model);
            }
        }
        Action::Edit(request) => {
            input.handle(request);
            (*hits, *at) = (find(input.value(), model), 0);
        }
        Action::Paste(text) => {
            paste(input, &text);
            (*hits, *at) = (find(input.value(), model), 0);
        }
        _ => {}
    }
}

/// The variables that have `wanted` in their name, description or value, those whose name begins so first.
fn find(wanted: &str, model: &Model<'_>) -> Vec<VariableId> {
    let wanted = wanted.to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let schema = model.schema();
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for id in schema.ids() {
        let (variable, look) = (schema.variable(id), model.look(id));
        if look.properties.is_disabled() {
            continue;
        }
        let name = schema.name(id).to_lowercase();
        let in_value = || variable.kind != VariableType::Password && holds(look.value, &wanted);
        if name.starts_with(&wanted) {
            first.push(id);
        } else if name.contains(&wanted)
            || variable.description.to_lowercase().contains(&wanted)
            || in_value()
        {
            others.push(id);
        }
        if first.len() >= HITS {
            break;
        }
    }
    first.extend(others);
    first.truncate(HITS);
    first
}

fn holds(value: &Value, wanted: &str) -> bool {
    !value.is_empty() && value.to_string().to_lowercase().contains(wanted)
}

/// A variable of the local dictionary is being described.
pub(super) fn filling(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) {
    let Some(Popup::Form { form }) = &mut state.popup else { return };
    let is_done = match action {
        Action::Escape => {
            state.popup = None;
            return;
        }
        Action::Move(Motion::Up) => {
            form.travel(false);
            false
        }
        Action::Move(Motion::Down) => {
            form.travel(true);
            false
        }
        Action::Enter if !form.is_at_end() => {
            form.travel(true);
            false
        }
        Action::Edit(request) => {
            form.edit(request);
            false
        }
        Action::Paste(text) => {
            text.chars().take(LONGEST).for_each(|letter| form.edit(InputRequest::InsertChar(letter)));
            false
        }
        Action::Enter | Action::Save => true,
        _ => false,
    };
    if !is_done {
        return;
    }
    let Some(variable) = form.variable() else { return state.say(words.get("no-name"), true) };
    state.described = Some(form.clone());
    state.popup = None;
    model.extend(variable);
}

pub(super) fn answer(what: Asked, state: &mut State, action: &Action) -> Option<Effect> {
    let answer = match action {
        Action::Yes => true,
        Action::No => false,
        Action::Escape if what != Asked::Recover => {
            state.popup = None;
            return None;
        }
        _ => return None,
    };
    state.popup = None;
    match (what, answer) {
        (Asked::Leave, true) => Some(Effect::SaveAndLeave),
        (Asked::Leave, false) => Some(Effect::Leave),
        (Asked::SaveWrong, true) => Some(Effect::Save { wrong: true, over: false }),
        (Asked::Overwrite, true) => Some(Effect::Save { wrong: true, over: true }),
        (Asked::Recover, answer) => Some(Effect::Recover(answer)),
        (Asked::Apply, true) => Some(Effect::Apply),
        (Asked::SaveWrong | Asked::Overwrite | Asked::Apply, false) => None,
    }
}
