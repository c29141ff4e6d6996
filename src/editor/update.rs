//! What an action does to where the user is and to the configuration.

use tui_input::{Input, InputRequest};

use super::action::{Action, Motion};
use super::form::Form;
use super::history::Change;
use super::local::LOCAL;
use super::model::{Level, Model, Refusal, Target};
use super::rows::Row;
use super::state::{Asked, Popup, Side, State, Typing};
use super::words::Words;
use crate::config_eol::SavedValue;
use crate::evaluation::{Properties, Property};
use crate::schema::{ArgumentValue, Call, VariableId};
use crate::value::{Value, VariableType};

/// How long a text may be that is pasted, in bytes.
const LONGEST: usize = 64 * 1024;

/// How many hits of a search are kept.
const HITS: usize = 500;

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
        Refusal::Mismatch(mismatch) => mismatch.to_string(),
        Refusal::Locked(property) => locked(*property, words),
        Refusal::Unsaved(reason) => reason.clone(),
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

fn typing(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) {
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
            typing.wrong = wrong(typing.target, typing.input.value(), model);
        }
        Err(refusal) => typing.wrong = Some(sentence(&refusal, words)),
    }
    state.typing = Some(typing);
}

/// Whether a path is being typed, of which something is there.
fn is_path(state: &State, model: &Model<'_>) -> bool {
    let typed = state.typing.as_ref();
    typed.is_some_and(|typing| {
        let kind = model.schema().variable(typing.target.id).kind;
        kind == VariableType::Filename && typing.input.value().starts_with('/')
    })
}

/// What is wrong with the value that is there now; an empty one may be filled later.
fn wrong(target: Target, text: &str, model: &Model<'_>) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    model.faults(target.id).into_iter().next()
}

/// Keeps what was typed, unless it is wrong. What only another variable makes wrong is kept if the user insists.
fn keep(typing: &mut Typing, state: &mut State, model: &mut Model<'_>, words: &Words) -> bool {
    let text = typing.input.value().to_owned();
    match model.type_in(typing.target, &text) {
        Err(refusal) => {
            typing.wrong = Some(sentence(&refusal, words));
            return false;
        }
        Ok(_) => typing.wrong = wrong(typing.target, &text, model),
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

fn paste(input: &mut Input, text: &str) {
    let room = LONGEST.saturating_sub(input.value().len());
    for letter in text.chars().take(room) {
        input.handle(InputRequest::InsertChar(letter));
    }
}

fn choosing(state: &mut State, model: &mut Model<'_>, action: &Action, words: &Words) {
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

fn reading(state: &mut State, action: &Action) {
    let height = state.height;
    let Some(Popup::Text { lines, top, .. }) = &mut state.popup else { return };
    match action {
        Action::Move(motion) => *top = moved(*top, lines.len().saturating_sub(1), height, *motion),
        Action::Escape | Action::Enter | Action::Quit => state.popup = None,
        _ => {}
    }
}

fn searching(state: &mut State, model: &Model<'_>, action: Action) {
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
fn filling(state: &mut State, model: &mut Model<'_>, action: Action, words: &Words) {
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

fn answer(what: Asked, state: &mut State, action: &Action) -> Option<Effect> {
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

fn next_error(state: &mut State, model: &Model<'_>, words: &Words) {
    let here = state.variable(model).filter(|_| state.side == Side::Variables);
    let mut wrong: Vec<VariableId> = model.faulty().collect();
    wrong.sort();
    let next = here.and_then(|here| wrong.iter().find(|id| **id > here)).or(wrong.first());
    match next {
        Some(id) => state.go_to(*id, model),
        None => state.say(words.get("no-error"), false),
    }
}

fn why(state: &mut State, model: &Model<'_>, words: &Words) {
    let Some(id) = state.variable(model) else { return };
    let look = model.look(id);
    let mut lines = Vec::new();
    let of_item = state.target(model).and_then(|target| target.index).and_then(|index| look.items.get(index));
    for reason in look.properties.reasons().iter().chain(of_item.into_iter().flat_map(Properties::reasons)) {
        lines.push(format!("{}: {}", reason.property.as_str(), reason.why));
    }
    lines.extend(model.faults(id));
    if lines.is_empty() {
        lines.push(words.get("free"));
    }
    state.popup = Some(text(model.schema().name(id).to_owned(), lines));
}

fn help(state: &mut State, model: &Model<'_>, words: &Words) {
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

fn text(title: String, lines: Vec<String>) -> Popup {
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
