//! A value that is being typed: judged at each key, kept or left as it was.

use tui_input::{Input, InputRequest};

use super::{begin, sentence, travel};
use crate::editor::action::Action;
use crate::editor::model::{Model, Target};
use crate::editor::state::{State, Typing};
use crate::value::VariableType;
use crate::words::Words;

/// How long a text may be that is pasted, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;

pub(super) fn typing(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) {
    let Some(mut typing) = state.typing.take() else { return };
    match action {
        Action::Escape => {
            model.cancel();
            state.refresh(model);
            return;
        }
        Action::Edit(request) => {
            typing.input.handle(request);
        }
        Action::Paste(text) => paste(&mut typing.input, &text),
        Action::Enter | Action::OtherSide | Action::Move(_) | Action::Save | Action::Click(..) => {
            if keep(&mut typing, state, model, words) {
                after(state, model, &action, typing.target, words);
            } else {
                state.typing = Some(typing);
            }
            return;
        }
        _ => {
            state.typing = Some(typing);
            return;
        }
    }
    typing.is_warned = false;
    match model.type_in(typing.target, typing.input.value()) {
        Ok(changed) => {
            state.flashing = changed.into_iter().filter(|id| *id != typing.target.id).collect();
            typing.wrong = wrong(typing.target, typing.input.value(), model, words);
        }
        Err(refusal) => typing.wrong = Some(sentence(&refusal, words)),
    }
    state.typing = Some(typing);
}

/// Whether a path is being typed, of which something is there.
pub(super) fn is_path(state: &State, model: &Model<'_>) -> bool {
    let typed = state.typing.as_ref();
    typed.is_some_and(|typing| {
        let kind = model.schema().variable(typing.target.id).kind;
        kind == VariableType::Filename && typing.input.value().starts_with('/')
    })
}

/// What is wrong with the value that is there now; an empty one may be filled later.
fn wrong(target: Target, text: &str, model: &Model<'_>, words: &Words) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    model.faults(target.id, words).into_iter().next()
}

/// Keeps what was typed, unless it is wrong. What only another variable makes wrong is kept if the user insists.
fn keep(typing: &mut Typing, state: &mut State, model: &mut Model<'_>, words: &Words) -> bool {
    let text = typing.input.value().to_owned();
    match model.type_in(typing.target, &text) {
        Err(refusal) => {
            typing.wrong = Some(sentence(&refusal, words));
            return false;
        }
        Ok(_) => typing.wrong = wrong(typing.target, &text, model, words),
    }
    if let Some(wrong) = &typing.wrong
        && !typing.is_warned
    {
        let again = words.get("enter-again");
        state.say(format!("{wrong} – {again}"), true);
        typing.is_warned = true;
        return false;
    }
    match model.accept(typing.target, &text) {
        Ok(changed) => {
            state.flashing = changed.into_iter().filter(|id| *id != typing.target.id).collect();
            state.refresh(model);
            true
        }
        Err(refusal) => {
            typing.wrong = Some(sentence(&refusal, words));
            false
        }
    }
}

/// Where the user goes with the key that kept a value.
fn after(state: &mut State, model: &mut Model<'_>, action: &Action, target: Target, words: &Words) {
    match action {
        Action::Move(motion) => travel(state, model, *motion),
        // The next column of the same line, ready to be typed.
        Action::OtherSide if state.column + 1 < state.columns(model) => {
            state.column += 1;
            if let Some(next) = state.target(model)
                && model.lock_of(next).is_none()
            {
                begin(state, model, next, words);
            }
        }
        _ => {
            let _ = target;
        }
    }
}

pub(super) fn paste(input: &mut Input, text: &str) {
    let room = LONGEST.saturating_sub(input.value().len());
    for letter in text.chars().take(room) {
        input.handle(InputRequest::InsertChar(letter));
    }
}
