//! Where the user is: what is chosen, what is open, what is said.

use tui_input::Input;

use super::form::Form;
use super::keys::Context;
use super::model::{Level, Model, Target};
use super::rows::{FamilyRow, Row, families, rows};
use crate::schema::{FamilyId, VariableId};

/// On which side the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Families,
    Variables,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Whether to save before leaving.
    Leave,
    /// Whether to save what is wrong.
    SaveWrong,
    /// Whether to write over what somebody else has written.
    Overwrite,
    /// Whether to take up what was not saved.
    Recover,
    /// Whether to apply what was saved.
    Apply,
}

/// What is open over the lists.
#[derive(Debug, Clone)]
pub(super) enum Popup {
    /// Words to choose from.
    Choice { target: Target, words: Vec<String>, is_open: bool, at: usize },
    /// A text to read, named by its title.
    Text { title: String, lines: Vec<String>, top: usize },
    /// A search under way.
    Search { input: Input, hits: Vec<VariableId>, at: usize },
    /// A variable of the local dictionary that is being described.
    Form { form: Form },
    /// A question, with what stands above it.
    Ask { what: Asked, lines: Vec<String> },
}

/// A value that is being typed.
#[derive(Debug, Clone)]
pub(super) struct Typing {
    pub(super) target: Target,
    pub(super) input: Input,
    /// What is wrong with it, in words.
    pub(super) wrong: Option<String>,
    /// Whether the user has been told so when they wanted to keep it.
    pub(super) is_warned: bool,
}

/// Where the user is.
#[derive(Debug, Clone)]
pub struct State {
    pub(super) level: Level,
    pub(super) only_changed: bool,
    pub(super) side: Side,
    pub(super) families: Vec<FamilyRow>,
    pub(super) family: usize,
    pub(super) rows: Vec<Row>,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) popup: Option<Popup>,
    pub(super) typing: Option<Typing>,
    /// The last thing said: a sentence, and whether it is bad news.
    pub(super) message: Option<(String, bool)>,
    /// The variables that changed with the last action, beside the one that was meant.
    pub(super) flashing: Vec<VariableId>,
    /// How many lines the lists have, for the motion by screens.
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) is_read_only: bool,
    /// What was described last, should it not be possible.
    pub(super) described: Option<Form>,
    /// The file's path, for the title.
    pub(super) title: String,
    /// The names of the family and of the variable, which outlive their numbers.
    anchor: (String, Option<String>),
}

impl State {
    /// The first family of `model`, in mode normal.
    pub fn new(model: &Model<'_>, title: impl Into<String>, is_read_only: bool) -> Self {
        let mut state = Self {
            level: Level::Normal,
            only_changed: false,
            side: Side::Families,
            families: Vec::new(),
            family: 0,
            rows: Vec::new(),
            row: 0,
            column: 0,
            popup: None,
            typing: None,
            message: None,
            flashing: Vec::new(),
            height: 20,
            width: 80,
            is_read_only,
            described: None,
            title: title.into(),
            anchor: Default::default(),
        };
        state.refresh(model);
        state
    }

    /// The same place once the dictionaries are linked anew: what was open is closed.
    #[must_use]
    pub fn again(before: Self, model: &Model<'_>) -> Self {
        let (family, variable) = before.anchor.clone();
        let mut state =
            Self { families: Vec::new(), rows: Vec::new(), typing: None, flashing: Vec::new(), ..before };
        state.families = families(model, state.level, state.only_changed);
        let at = state.families.iter().position(|row| *model.schema().family(row.id).path == *family);
        state.family = at.unwrap_or(state.family).min(state.families.len().saturating_sub(1));
        state.list(model);
        let id = variable.and_then(|name| model.schema().find(&name));
        if let Some(id) = id {
            let is_it = |row: &Row| row.is_place() && row.variable() == Some(id);
            state.row = state.rows.iter().position(is_it).unwrap_or(state.row);
        }
        state.settle(model);
        state
    }

    /// Where the user is, for the keys.
    pub fn context(&self) -> Context {
        match &self.popup {
            Some(Popup::Choice { .. }) => Context::Choosing,
            Some(Popup::Text { .. }) => Context::Reading,
            Some(Popup::Search { .. }) => Context::Typing,
            Some(Popup::Form { .. }) => Context::Filling,
            Some(Popup::Ask { .. }) => Context::Asked,
            None if self.typing.is_some() => Context::Typing,
            None => Context::Lists,
        }
    }

    /// Tells the size of the screen.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.width = usize::from(width);
        self.height = usize::from(height.saturating_sub(super::view::FRAME)).max(1);
    }

    /// Says a sentence.
    pub fn say(&mut self, sentence: impl Into<String>, is_bad: bool) {
        self.message = Some((sentence.into(), is_bad));
    }

    /// Shows a text to be read.
    pub fn read(&mut self, title: String, lines: Vec<String>) {
        self.popup = Some(Popup::Text { title, lines, top: 0 });
    }

    /// Opens what was described last again, as it cannot be.
    pub fn describe_again(&mut self) {
        self.popup = self.described.take().map(|form| Popup::Form { form });
    }

    /// Forgets what was described last, as it could be.
    pub fn is_described(&mut self) {
        self.described = None;
    }

    /// Puts a question.
    pub fn ask(&mut self, what: Asked, lines: Vec<String>) {
        self.popup = Some(Popup::Ask { what, lines });
    }

    /// What is being typed: the variable, which of its items, and the text.
    pub fn typed(&self) -> Option<(Target, &str)> {
        self.typing.as_ref().map(|typing| (typing.target, typing.input.value()))
    }

    /// Goes on with a text that was being typed.
    pub fn resume(&mut self, model: &Model<'_>, name: &str, index: Option<usize>, text: String) {
        let Some(id) = model.schema().find(name) else { return };
        self.go_to(id, model);
        let target = Target { id, index };
        let width = match model.schema().variable(id).role {
            crate::schema::Role::Slave(master) => model.slaves(master).len() + 1,
            _ => 1,
        };
        let place = self.rows.iter().enumerate().find_map(|(at, row)| {
            let mut columns = 0..width;
            columns
                .find(|column| row.target(*column, model, self.level) == Some(target))
                .map(|column| (at, column))
        });
        if let Some((row, column)) = place {
            (self.row, self.column) = (row, column);
            self.typing = Some(Typing { target, input: Input::new(text), wrong: None, is_warned: false });
        }
    }

    /// Lists what there is now, and stays where it was as far as that is there.
    pub fn refresh(&mut self, model: &Model<'_>) {
        let family = self.family_id();
        let row = self.rows.get(self.row).cloned();
        self.families = families(model, self.level, self.only_changed);
        self.family = family
            .and_then(|id| self.families.iter().position(|row| row.id == id))
            .unwrap_or(self.family)
            .min(self.families.len().saturating_sub(1));
        self.list(model);
        self.row = row
            .filter(|_| self.family_id() == family)
            .and_then(|row| self.rows.iter().position(|other| *other == row))
            .unwrap_or(if self.family_id() == family { self.row } else { 0 });
        self.settle(model);
    }

    /// Lists the lines of the family that is chosen.
    pub(super) fn list(&mut self, model: &Model<'_>) {
        self.rows = match self.family_id() {
            Some(id) => rows(id, model, self.level, self.only_changed),
            None => Vec::new(),
        };
    }

    /// Stands on a line on which one can stand, and in a column that it has.
    pub(super) fn settle(&mut self, model: &Model<'_>) {
        self.row = self.row.min(self.rows.len().saturating_sub(1));
        let below = (self.row..self.rows.len()).find(|row| self.rows[*row].is_place());
        let above = (0..self.row).rev().find(|row| self.rows[*row].is_place());
        self.row = below.or(above).unwrap_or(0);
        let columns = self.columns(model);
        self.column = self.column.min(columns.saturating_sub(1));
        let family = self.family_id().map(|id| model.schema().family(id).path.to_string());
        let variable = self.variable(model).map(|id| model.schema().name(id).to_owned());
        self.anchor = (family.unwrap_or_default(), variable);
    }

    /// How many columns the line has on which the user stands.
    pub(super) fn columns(&self, model: &Model<'_>) -> usize {
        match self.rows.get(self.row) {
            Some(Row::Line(master, _)) => super::rows::columns(*master, model, self.level).len(),
            _ => 1,
        }
    }

    pub(super) fn family_id(&self) -> Option<FamilyId> {
        self.families.get(self.family).map(|family| family.id)
    }

    /// The value on which the user stands, if it is one.
    pub(super) fn target(&self, model: &Model<'_>) -> Option<Target> {
        self.rows.get(self.row)?.target(self.column, model, self.level)
    }

    /// The variable on which the user stands.
    pub(super) fn variable(&self, model: &Model<'_>) -> Option<VariableId> {
        let target = self.target(model).map(|target| target.id);
        target.or_else(|| self.rows.get(self.row).and_then(Row::variable))
    }

    /// Goes to a variable, in whatever family and mode it is.
    pub(super) fn go_to(&mut self, id: VariableId, model: &Model<'_>) {
        let family = model.schema().variable(id).family;
        self.only_changed = false;
        let shown = Level::ALL.into_iter().find(|level| *level >= self.level && model.shows(id, *level));
        self.level = shown.unwrap_or(self.level);
        self.families = families(model, self.level, false);
        if let Some(place) = self.families.iter().position(|row| row.id == family) {
            self.family = place;
        }
        self.list(model);
        let master = match model.schema().variable(id).role {
            crate::schema::Role::Slave(master) => master,
            _ => id,
        };
        let is_it = |row: &Row| row.is_place() && row.variable() == Some(master);
        self.row = self.rows.iter().position(is_it).unwrap_or(0);
        self.column = super::rows::columns(master, model, self.level)
            .iter()
            .position(|column| *column == id)
            .unwrap_or(0);
        self.side = Side::Variables;
        self.settle(model);
    }
}
