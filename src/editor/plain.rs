//! The editor line by line, for screen readers and for terminals that can no more.
//!
//! In: lines. Out: sentences: where the user is, what is there, what was said. A line is a word of scripts; where a text is being typed it is
//! that text, where words are to be chosen their number, before a question its answer.

use std::collections::VecDeque;
use std::io::{self, BufRead, Write};

use tui_input::InputRequest;

use super::action::{Action, Motion};
use super::form::Entry;
use super::keys::Context;
use super::model::{Model, Target};
use super::rows::{Row, columns};
use super::script::{Order, read};
use super::stage::{Next, Stage};
use super::state::{Popup, Side, State};
use super::view::{Theme, inert, keys};
use crate::schema::VariableId;
use crate::words::Words;

/// The editor line by line.
pub struct Plain<'a> {
    input: Box<dyn BufRead>,
    out: &'a mut dyn Write,
    waiting: VecDeque<Action>,
    said: String,
}

impl<'a> Plain<'a> {
    /// Listens to `input`, and speaks to `out`.
    pub fn new(input: Box<dyn BufRead>, out: &'a mut dyn Write) -> Self {
        Self { input, out, waiting: VecDeque::new(), said: String::new() }
    }
}

impl Stage for Plain<'_> {
    fn show(&mut self, state: &State, model: &Model<'_>, words: &Words, _: &Theme) -> io::Result<()> {
        if !self.waiting.is_empty() {
            return Ok(());
        }
        let text = describe(state, model, words);
        if text != self.said {
            self.out.write_all(text.as_bytes())?;
            self.said = text;
        }
        self.out.write_all(b"> ")?;
        self.out.flush()
    }

    fn next(&mut self, state: &State) -> io::Result<Next> {
        if let Some(action) = self.waiting.pop_front() {
            return Ok(Next::Do(action));
        }
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Ok(Next::End);
        }
        // What was said is said again after each line.
        self.said.clear();
        let line = line.trim_end_matches(['\n', '\r']);
        self.waiting.extend(actions(line, state));
        Ok(Next::Do(self.waiting.pop_front().unwrap_or(Action::Tick)))
    }

    fn size(&self) -> (u16, u16) {
        (80, 24)
    }

    fn aside(&mut self, what: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        what()
    }
}

/// What a line says where the user is.
fn actions(line: &str, state: &State) -> Vec<Action> {
    let typed = |end: Action| {
        let letters = line.chars().map(|letter| Action::Edit(InputRequest::InsertChar(letter)));
        std::iter::once(Action::Edit(InputRequest::DeleteLine)).chain(letters).chain([end]).collect()
    };
    match state.context() {
        Context::Asked => match line.chars().next() {
            Some('y' | 'Y' | 'o' | 'O') => vec![Action::Yes],
            Some('n' | 'N') => vec![Action::No],
            _ => vec![Action::Escape],
        },
        Context::Typing if line.is_empty() => vec![Action::Escape],
        Context::Typing if state.typing.is_some() => typed(Action::Enter),
        Context::Typing | Context::Choosing if line.parse::<usize>().is_ok() => {
            let down = line.parse::<usize>().unwrap_or(1).saturating_sub(1).min(10_000);
            let first = std::iter::once(Action::Move(Motion::First));
            first.chain(vec![Action::Move(Motion::Down); down]).chain([Action::Enter]).collect()
        }
        Context::Typing => typed(Action::Tick),
        Context::Choosing | Context::Reading => vec![Action::Escape],
        Context::Filling if line == "save" => vec![Action::Save],
        Context::Filling if line == "escape" => vec![Action::Escape],
        Context::Filling => typed(Action::Move(Motion::Down)),
        Context::Lists if line.is_empty() => vec![Action::Move(Motion::Down)],
        Context::Lists => match read(line) {
            Ok(orders) => orders
                .into_iter()
                .filter_map(|order| match order {
                    Order::Do(action) => Some(action),
                    Order::Size(..) | Order::Screen => None,
                })
                .collect(),
            Err(_) => vec![Action::Keys],
        },
    }
}

/// Where the user is and what is there, in lines.
fn describe(state: &State, model: &Model<'_>, words: &Words) -> String {
    let mut lines: Vec<String> = Vec::new();
    if let Some((sentence, _)) = &state.message {
        lines.push(sentence.clone());
    }
    match &state.popup {
        Some(popup) => open(popup, model, words, &mut lines),
        None => place(state, model, words, &mut lines),
    }
    lines.iter().map(|line| inert(line)).fold(String::new(), |text, line| text + &line + "\n")
}

fn open(popup: &Popup, model: &Model<'_>, words: &Words, lines: &mut Vec<String>) {
    let schema = model.schema();
    match popup {
        Popup::Choice { target, words: list, is_open, at } => {
            lines.push(schema.variable(target.id).description.to_string());
            let other = is_open.then(|| words.get("other"));
            for (number, word) in list.iter().chain(&other).enumerate() {
                let sign = if number == *at { " *" } else { "" };
                lines.push(format!("{}: {word}{sign}", number + 1));
            }
        }
        Popup::Text { title, lines: text, .. } => {
            lines.push(title.clone());
            // Where keys have no meaning, words have.
            if *text == keys(words) {
                let known = super::action::WORDS.iter().map(|(word, _)| *word);
                lines.push(known.chain(["goto NAME", "mode LEVEL"]).collect::<Vec<_>>().join(", "));
            } else {
                lines.extend(text.iter().cloned());
            }
        }
        Popup::Search { hits, .. } => {
            lines.push(words.count("hits", hits.len()));
            for (number, id) in hits.iter().take(20).enumerate() {
                lines.push(format!(
                    "{}: {} ({})",
                    number + 1,
                    schema.variable(*id).description,
                    schema.name(*id)
                ));
            }
        }
        Popup::Form { form } => {
            if let Some(field) = form.fields.get(form.at) {
                let text = match &field.entry {
                    Entry::Text(input) => input.value().to_owned(),
                    Entry::Word { words, at } => words[*at].to_owned(),
                };
                lines.push(format!("{}: {text}", words.get(field.title)));
            }
        }
        Popup::Ask { what, lines: above } => {
            lines.extend(above.iter().cloned());
            lines.push(words.get(super::view::question(*what)));
        }
    }
}

fn place(state: &State, model: &Model<'_>, words: &Words, lines: &mut Vec<String>) {
    let schema = model.schema();
    let Some(family) = state.families.get(state.family) else { return lines.push(words.get("nothing-here")) };
    if state.side == Side::Families {
        let name = &schema.family(family.id).name;
        let counts = [("errors", family.errors), ("changed", family.changed)];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let counts: String = counts
            .map(|(key, count)| words.count(key, count))
            .fold(String::new(), |all, one| all + ", " + &one);
        return lines.push(format!("{}{counts}", words.with("family", &[("family", name)])));
    }
    if let Some(typing) = &state.typing {
        let wrong = typing.wrong.as_deref().unwrap_or_default();
        lines.push(format!("{}? {wrong}", schema.variable(typing.target.id).description));
        return;
    }
    match state.rows.get(state.row) {
        Some(Row::Line(master, index)) => {
            for (column, id) in columns(*master, model, state.level).into_iter().enumerate() {
                let sign = if column == state.column { "* " } else { "" };
                lines.push(format!("{sign}{}", value(Target { id, index: Some(*index) }, model)));
            }
        }
        Some(Row::Add(id)) => {
            lines.push(format!("{}: {}", schema.variable(*id).description, words.get("add-item")));
        }
        Some(row) => {
            let target = row.target(state.column, model, state.level);
            match (target, row.variable()) {
                (Some(target), _) => lines.push(value(target, model)),
                (None, Some(id)) => lines.push(schema.variable(id).description.to_string()),
                (None, None) => {}
            }
        }
        None => lines.push(words.get("nothing-here")),
    }
    if let Some(id) = state.variable(model) {
        lines.extend(about(id, model, words));
    }
}

/// A value with its name, and what it is.
fn value(target: Target, model: &Model<'_>) -> String {
    let schema = model.schema();
    let text = model.text(target);
    let is_secret = schema.variable(target.id).kind.is_secret();
    let text = if is_secret && !text.is_empty() { "••••••••".to_owned() } else { text };
    let index = target.index.map_or_else(String::new, |index| format!("[{index}]"));
    format!("{} ({}{index}): {text}", schema.variable(target.id).description, schema.name(target.id))
}

fn about(id: VariableId, model: &Model<'_>, words: &Words) -> Vec<String> {
    let mut lines = model.faults(id, words);
    if let Some(property) = model.lock_of(Target { id, index: None }) {
        lines.push(super::update::locked(property, words));
    }
    lines
}
