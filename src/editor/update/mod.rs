//! What an action does to where the user is and to the configuration.

use tui_input::Input;

use super::action::{Action, Motion};
use super::form::Form;
use super::local::LOCAL;
use super::model::{Level, Model, Refusal, Target};
use super::rows::Row;
use super::state::{Asked, Popup, Side, State, Typing};
use crate::evaluation::Property;
use crate::schema::VariableId;
use crate::words::Words;

mod looks;
mod popup;
mod typing;

use looks::{difference, help, next_error, text, why};
use popup::{answer, choosing, filling, reading, searching};
use typing::{is_path, typing};

/// What reaches outside of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Save; where it is said so, whatever is wrong or whoever wrote meanwhile.
    Save {
        /// Also what is wrong.
        wrong: bool,
        /// Also over what somebody else has written.
        over: bool,
    },
    /// Save, then leave.
    SaveAndLeave,
    /// Apply what is saved.
    Apply,
    /// Complete the path that is being typed, as far as there is one way to go on.
    Complete,
    /// Take up what was not saved when the editor ended last, or forget it.
    Recover(bool),
    /// Leave.
    Leave,
}

/// Does what `action` says.
pub fn update(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) -> Option<Effect> {
    if action != Action::Tick {
        state.message = None;
        state.flashing.clear();
    }
    match &state.popup {
        Some(Popup::Choice { .. }) => choosing(state, model, &action, words),
        Some(Popup::Text { .. }) => reading(state, &action),
        Some(Popup::Search { .. }) => searching(state, model, action),
        Some(Popup::Form { .. }) => filling(state, model, action, words),
        Some(Popup::Ask { what, .. }) => return answer(*what, state, &action),
        None if state.typing.is_some() => {
            let is_save = action == Action::Save;
            if action == Action::OtherSide && is_path(state, model) {
                return Some(Effect::Complete);
            }
            typing(state, model, action, words);
            if is_save && state.typing.is_none() {
                return Some(Effect::Save { wrong: false, over: false });
            }
        }
        None => return lists(state, model, action, words),
    }
    None
}

fn lists(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) -> Option<Effect> {
    match action {
        Action::Move(motion) => travel(state, model, motion),
        Action::OtherSide => {
            state.side = if state.side == Side::Families { Side::Variables } else { Side::Families };
        }
        Action::Enter => enter(state, model, words),
        Action::Escape => state.side = Side::Families,
        Action::NextLevel => {
            state.level = state.level.next();
            state.refresh(model);
        }
        Action::Level(word) => {
            if let Some(level) = Level::ALL.into_iter().find(|level| level.word() == word) {
                state.level = level;
                state.refresh(model);
            }
        }
        Action::OnlyChanged => {
            state.only_changed = !state.only_changed;
            state.refresh(model);
        }
        Action::Search => {
            state.popup = Some(Popup::Search { input: Input::default(), hits: Vec::new(), at: 0 });
        }
        Action::NextError => next_error(state, model, words),
        Action::Why => why(state, model, words),
        Action::Help => help(state, model, words),
        Action::Keys => state.popup = Some(text(words.get("keys"), super::view::keys(words))),
        Action::Differences => {
            let mut lines: Vec<String> =
                model.unsaved().iter().map(|change| difference(change, model)).collect();
            lines.extend(model.unsaved_local().map(|_| LOCAL.to_owned()));
            state.popup = Some(text(words.get("differences"), lines));
        }
        Action::GoTo(name) => match model.schema().find(&name) {
            Some(id) => state.go_to(id, model),
            None => state.say(words.with("unknown", &[("name", &name)]), true),
        },
        Action::Click(column, line) => click(state, model, column, line, words),
        Action::Quit if model.is_clean() => return Some(Effect::Leave),
        Action::Quit => state.ask(Asked::Leave, Vec::new()),
        Action::Apply => return Some(Effect::Apply),
        Action::Tick | Action::Yes | Action::No | Action::Edit(_) | Action::Paste(_) => {}
        other => return change(state, model, &other, words),
    }
    None
}

/// What changes the configuration, if it may be changed.
fn change(state: &mut State, model: &mut Model<'_>, action: &Action, words: &Words) -> Option<Effect> {
    if state.is_read_only {
        state.say(words.get("read-only"), true);
        return None;
    }
    match action {
        Action::Save => return Some(Effect::Save { wrong: false, over: false }),
        Action::Extend if model.can_extend() => {
            let family = state.family_id().map(|id| &*model.schema().family(id).name);
            state.popup = Some(Popup::Form { form: Form::new(family.unwrap_or_default()) });
        }
        Action::Extend => state.say(words.get("no-local"), true),
        Action::Toggle => toggle(state, model, words),
        Action::Undo => {
            let changed = model.undo();
            told(state, model, changed.ok_or(words.get("nothing-to-undo")));
        }
        Action::Redo => {
            let changed = model.redo();
            told(state, model, changed.ok_or(words.get("nothing-to-redo")));
        }
        other => items(state, model, other, words),
    }
    None
}

/// Lists anew what an action changed, or says why it did not.
fn told(state: &mut State, model: &Model<'_>, result: Result<Vec<VariableId>, String>) {
    match result {
        Ok(changed) => {
            state.flashing = changed;
            state.refresh(model);
        }
        Err(sentence) => state.say(sentence, true),
    }
}

/// Why something was refused, as a sentence.
fn sentence(refusal: &Refusal, words: &Words) -> String {
    match refusal {
        Refusal::Mismatch(mismatch) => words.phrase(&mismatch.phrase()),
        Refusal::Locked(property) => locked(*property, words),
        Refusal::Unsaved(reason) => words.phrase(reason),
    }
}

/// That a variable cannot be set, as a sentence.
pub(super) fn locked(property: Property, words: &Words) -> String {
    words.get(match property {
        Property::Disabled => "is-disabled",
        Property::Hidden => "is-hidden",
        _ => "is-frozen",
    })
}

fn travel(state: &mut State, model: &Model<'_>, motion: Motion) {
    let page = state.height.max(1);
    if state.side == Side::Families {
        let last = state.families.len().saturating_sub(1);
        let to = moved(state.family, last, page, motion);
        if motion == Motion::Right {
            state.side = Side::Variables;
        } else if to != state.family {
            state.family = to;
            state.row = 0;
            state.list(model);
            state.settle(model);
        }
        return;
    }
    match motion {
        Motion::Left if state.column == 0 => state.side = Side::Families,
        Motion::Left => state.column -= 1,
        Motion::Right => state.column = (state.column + 1).min(state.columns(model).saturating_sub(1)),
        _ => {
            let places: Vec<usize> =
                (0..state.rows.len()).filter(|row| state.rows[*row].is_place()).collect();
            let at = places.iter().position(|row| *row == state.row).unwrap_or(0);
            let to = moved(at, places.len().saturating_sub(1), page, motion);
            state.row = places.get(to).copied().unwrap_or(0);
            state.settle(model);
        }
    }
}

/// Where a motion leads from `at`.
fn moved(at: usize, last: usize, page: usize, motion: Motion) -> usize {
    match motion {
        Motion::Up => at.saturating_sub(1),
        Motion::Down => (at + 1).min(last),
        Motion::PageUp => at.saturating_sub(page),
        Motion::PageDown => (at + page).min(last),
        Motion::First => 0,
        Motion::Last => last,
        Motion::Left | Motion::Right => at,
    }
}

fn enter(state: &mut State, model: &mut Model<'_>, words: &Words) {
    if state.side == Side::Families {
        state.side = Side::Variables;
        return;
    }
    if state.is_read_only {
        return state.say(words.get("read-only"), true);
    }
    if let Some(Row::Add(id)) = state.rows.get(state.row) {
        let id = *id;
        return add(state, model, id, words);
    }
    let Some(target) = state.target(model) else { return };
    begin(state, model, target, words);
}

/// Begins to change a value: by a list of words where it is closed, else by typing.
fn begin(state: &mut State, model: &mut Model<'_>, target: Target, words: &Words) {
    if let Some(property) = model.lock_of(target) {
        let refusal = sentence(&Refusal::Locked(property), words);
        return state.say(refusal, true);
    }
    let now = model.text(target);
    if let Some((list, is_open)) = model.choices(target) {
        let at = list.iter().position(|word| *word == now);
        let at = at.unwrap_or(if is_open && !now.is_empty() { list.len() } else { 0 });
        state.popup = Some(Popup::Choice { target, words: list, is_open, at });
        return;
    }
    write(state, target, now);
}

/// Begins to type a value.
fn write(state: &mut State, target: Target, now: String) {
    state.typing = Some(Typing { target, input: Input::new(now), wrong: None, is_warned: false });
}

fn toggle(state: &mut State, model: &mut Model<'_>, words: &Words) {
    let Some(target) = state.target(model) else { return };
    let Some((list, _)) = model.choices(target) else { return begin(state, model, target, words) };
    let now = model.text(target);
    let at = list.iter().position(|word| *word == now);
    let next = at.map_or(0, |at| (at + 1) % list.len().max(1));
    if let Some(word) = list.get(next) {
        let result = model.accept(target, word).map_err(|refusal| sentence(&refusal, words));
        told(state, model, result);
    }
}

fn add(state: &mut State, model: &mut Model<'_>, id: VariableId, words: &Words) {
    let result = model.add(id).map_err(|refusal| sentence(&refusal, words));
    let is_done = result.is_ok();
    told(state, model, result);
    if !is_done {
        return;
    }
    // Stand on what was added, and begin to type it.
    let is_last = |row: &Row| matches!(row, Row::Item(of, _) | Row::Line(of, _) if *of == id);
    if let Some(row) = state.rows.iter().rposition(is_last) {
        state.row = row;
        state.column = 0;
        if let Some(target) = state.target(model) {
            begin(state, model, target, words);
        }
    }
}

/// What is done to the items of a list.
fn items(state: &mut State, model: &mut Model<'_>, action: &Action, words: &Words) {
    if state.side == Side::Families {
        return;
    }
    let row = state.rows.get(state.row).cloned();
    let result = match (action, row) {
        (Action::Reset, Some(_)) => match state.variable(model) {
            Some(id) => model.reset(id),
            None => return,
        },
        (Action::Add, Some(Row::Item(id, _) | Row::Line(id, _) | Row::Add(id))) => {
            return add(state, model, id, words);
        }
        (Action::Add, Some(Row::Variable(id))) if model.schema().variable(id).multi => {
            return add(state, model, id, words);
        }
        (Action::Remove, Some(Row::Item(id, index) | Row::Line(id, index))) => model.remove(id, index),
        (Action::Raise, Some(Row::Item(id, index) | Row::Line(id, index))) if index > 0 => {
            state.row = state.row.saturating_sub(1);
            model.exchange(id, index - 1)
        }
        (Action::Lower, Some(Row::Item(id, index) | Row::Line(id, index)))
            if index + 1 < model.length(id) =>
        {
            state.row += 1;
            model.exchange(id, index)
        }
        _ => return,
    };
    told(state, model, result.map_err(|refusal| sentence(&refusal, words)));
}

/// Goes where the mouse points; a second click on the same place is Enter.
fn click(state: &mut State, model: &mut Model<'_>, column: u16, line: u16, words: &Words) {
    let Some(place) = super::view::place(state, column, line) else { return };
    let is_again = match place {
        super::view::Place::Family(at) => {
            let is_again = state.family == at && state.side == Side::Families;
            if state.family != at {
                (state.family, state.row) = (at, 0);
                state.list(model);
            }
            state.side = Side::Families;
            is_again
        }
        super::view::Place::Row(at) => {
            let is_again = state.row == at && state.side == Side::Variables;
            if state.rows.get(at).is_some_and(Row::is_place) {
                state.row = at;
            }
            state.side = Side::Variables;
            is_again
        }
    };
    state.settle(model);
    if is_again {
        enter(state, model, words);
    }
}
