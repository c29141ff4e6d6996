//! The configuration as the editor sees and changes it.
//!
//! In: a linked schema and the saved values. Out: what each variable is now, and what follows from each change. The invariants: each
//! change is one step that can be taken back; what nobody may set is not set; a text that is not of its variable's type changes
//! nothing. A variable that numbers families makes the schema itself old: then the editor links a new one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::history::{Again, Change, History, Step, differences};
use super::local::{Local, LocalVariable};
use crate::config_eol::{Saved, SavedItem, SavedValue};
use crate::diagnostic::said;
use crate::evaluation::{Evaluation, Look, Mode, Owners, Property, Snapshot};
use crate::function::Library;
use crate::schema::{Family, FamilyId, Role, Schema, VariableId};
use crate::value::{Mismatch, Value};
use crate::words::{Phrase, Words};

/// The word by which EOLE's editor signs what it sets.
const OWNER: &str = "gen_config";

/// What is worked on, whatever schema it is linked against.
#[derive(Debug, Clone)]
pub struct Work {
    /// The saved values as they are in their file.
    pub base: Saved,
    /// The saved values as they are to be.
    pub saved: Saved,
    /// What was changed since.
    pub history: History,
    /// The local dictionary as it is in its file; none if it is not the editor's.
    pub base_local: Option<Local>,
    /// The local dictionary as it is to be.
    pub local: Local,
}

impl Work {
    /// Nothing changed yet.
    pub fn new(saved: Saved, local: Option<Local>) -> Self {
        let (base, base_local) = (saved.clone(), local.clone());
        Self { base, saved, history: History::default(), base_local, local: local.unwrap_or_default() }
    }

    /// Takes the last step back; says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(again) = self.history.undo() else { return false };
        if let Some(local) = again.local {
            self.local = local;
        }
        for (name, value) in again.values {
            // It was saved so before.
            let _ = match value {
                Some(value) => self.saved.set(&name, value).is_ok(),
                None => self.saved.unset(&name),
            };
        }
        true
    }
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What everybody needs.
    Basic,
    /// What most need.
    Normal,
    /// All that can be set.
    Expert,
    /// Also what is hidden or disabled.
    Debug,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Normal, Self::Expert, Self::Debug];

    /// The next one; after the last, the first.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Basic => Self::Normal,
            Self::Normal => Self::Expert,
            Self::Expert => Self::Debug,
            Self::Debug => Self::Basic,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Normal => "normal",
            Self::Expert => "expert",
            Self::Debug => "debug",
        }
    }

    fn shows(self, mode: Mode) -> bool {
        match self {
            Self::Basic => mode == Mode::Basic,
            Self::Normal => mode != Mode::Expert,
            Self::Expert | Self::Debug => true,
        }
    }
}

/// One value: that of a variable, or one of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The variable.
    pub id: VariableId,
    /// Which of its items.
    pub index: Option<usize>,
}

/// Why a value cannot be what it was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not of the variable's type.
    Mismatch(Mismatch),
    /// Nobody may set the variable now.
    Locked(Property),
    /// It cannot be saved.
    Unsaved(Phrase),
}

/// The configuration under way.
pub struct Model<'a> {
    schema: &'a Schema,
    evaluation: Evaluation<'a>,
    base: Saved,
    history: History,
    base_local: Option<Local>,
    local: Local,
    members: BTreeMap<FamilyId, Vec<VariableId>>,
    slaves: BTreeMap<VariableId, Vec<VariableId>>,
    typing: Option<(String, Option<SavedValue>)>,
    is_old: bool,
    revision: u64,
}

impl<'a> Model<'a> {
    /// Evaluates what is worked on.
    pub fn new(schema: &'a Schema, work: Work, library: &'a dyn Library) -> Self {
        let mut members: BTreeMap<FamilyId, Vec<VariableId>> = BTreeMap::new();
        let mut slaves: BTreeMap<VariableId, Vec<VariableId>> = BTreeMap::new();
        for id in schema.ids() {
            let variable = schema.variable(id);
            members.entry(variable.family).or_default().push(id);
            if let Role::Slave(master) = variable.role {
                slaves.entry(master).or_default().push(id);
            }
        }
        Self {
            schema,
            evaluation: Evaluation::new(schema, Cow::Owned(work.saved), library),
            base: work.base,
            history: work.history,
            base_local: work.base_local,
            local: work.local,
            members,
            slaves,
            typing: None,
            is_old: false,
            revision: 0,
        }
    }

    /// Ends it with what is worked on.
    pub fn into_work(self) -> Work {
        let saved = self.evaluation.saved().clone();
        let Self { base, history, base_local, local, .. } = self;
        Work { base, saved, history, base_local, local }
    }

    /// The dictionaries, linked.
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// Whether a change asks for a new schema.
    pub fn is_old(&self) -> bool {
        self.is_old
    }

    /// The saved values as they are now.
    pub fn saved(&self) -> &Saved {
        self.evaluation.saved()
    }

    /// The same without what is being typed.
    pub fn settled(&self) -> Saved {
        let mut saved = self.saved().clone();
        if let Some((name, before)) = &self.typing {
            // It was saved so before.
            let _ = match before {
                Some(value) => saved.set(name, value.clone()).is_ok(),
                None => saved.unset(name),
            };
        }
        saved
    }

    /// Takes what is saved now for what is in the file.
    pub fn is_written(&mut self) {
        self.base = self.evaluation.saved().clone();
        if self.base_local.is_some() {
            self.base_local = Some(self.local.clone());
        }
    }

    /// The local dictionary, where it is not what is in its file.
    pub fn unsaved_local(&self) -> Option<&Local> {
        (self.base_local.as_ref().unwrap_or(&self.local) != &self.local).then_some(&self.local)
    }

    /// Whether variables can be added to the local dictionary.
    pub fn can_extend(&self) -> bool {
        self.base_local.is_some()
    }

    /// Adds a variable to the local dictionary: the dictionaries are to be linked anew, which says whether it can be.
    pub fn extend(&mut self, variable: LocalVariable) {
        let mut local = self.local.clone();
        local.add(variable);
        self.take_up_local(local);
    }

    /// Takes another local dictionary, as one step.
    pub fn take_up_local(&mut self, local: Local) {
        let before = std::mem::replace(&mut self.local, local);
        let local = Some((before, self.local.clone()));
        self.history.push(Step { values: Vec::new(), local });
        self.is_old = true;
        self.revision += 1;
    }

    /// What is not in the file yet.
    pub fn unsaved(&self) -> Vec<Change> {
        differences(&self.base, self.evaluation.saved())
    }

    /// Whether all is in the file.
    pub fn is_clean(&self) -> bool {
        let now = self.evaluation.saved();
        self.unsaved_local().is_none()
            && now.iter().all(|(name, value)| self.base.get(name) == Some(value))
            && self.base.names().all(|name| now.get(name).is_some())
    }

    /// Every variable as it is now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.evaluation.snapshot()
    }

    /// The variable as it is now.
    pub fn look(&self, id: VariableId) -> Look<'_> {
        self.evaluation.look(id)
    }

    /// Whether something is wrong with the variable.
    pub fn is_faulty(&self, id: VariableId) -> bool {
        self.evaluation.is_faulty(self.schema.name(id))
    }

    /// What is wrong with the variable, in the language of `words`.
    pub fn faults(&self, id: VariableId, words: &Words) -> Vec<String> {
        self.evaluation.faults(self.schema.name(id), words)
    }

    /// The variables with which something is wrong.
    pub fn faulty(&self) -> impl Iterator<Item = VariableId> {
        self.evaluation.faulty()
    }

    /// The words among which the value is chosen, if it is, and whether another one may be written.
    pub fn choices(&mut self, target: Target) -> Option<(Vec<String>, bool)> {
        let kind = self.schema.variable(target.id).kind;
        match kind.words() {
            Some(words) => Some((words.iter().map(|word| (*word).to_owned()).collect(), false)),
            None => self.evaluation.choices(target.id, target.index),
        }
    }

    /// The families that have variables, in their order.
    pub fn families(&self) -> impl Iterator<Item = (FamilyId, &'a Family)> {
        self.members.keys().map(|id| (*id, self.schema.family(*id)))
    }

    /// The variables of a family, in their order.
    pub fn members(&self, family: FamilyId) -> &[VariableId] {
        self.members.get(&family).map(Vec::as_slice).unwrap_or_default()
    }

    /// The slaves of a master.
    pub fn slaves(&self, master: VariableId) -> &[VariableId] {
        self.slaves.get(&master).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether somebody who wants to see `level` sees the variable.
    pub fn shows(&self, id: VariableId, level: Level) -> bool {
        if level == Level::Debug {
            return true;
        }
        let properties = self.look(id).properties;
        let variable = self.schema.variable(id);
        let mode = variable.mode.max(self.schema.family(variable.family).mode);
        !properties.is_disabled() && !properties.has(Property::Hidden) && level.shows(mode)
    }

    /// Whether its saved value is not what is in the file.
    pub fn is_changed(&self, id: VariableId) -> bool {
        let name = self.schema.name(id);
        self.base.get(name) != self.saved().get(name)
    }

    /// What keeps the value from being set, if anything does.
    pub fn lock_of(&self, target: Target) -> Option<Property> {
        let look = self.look(target.id);
        let own = target.index.and_then(|index| look.items.get(index));
        [Property::Disabled, Property::Hidden, Property::Frozen, Property::AutoFrozen]
            .into_iter()
            .find(|property| look.properties.has(*property) || own.is_some_and(|own| own.has(*property)))
    }

    /// The value as a text to be changed.
    pub fn text(&self, target: Target) -> String {
        let value = self.look(target.id).value;
        match (target.index, value) {
            (Some(index), value) => value.items().get(index).map(ToString::to_string).unwrap_or_default(),
            (None, value) => value.to_string(),
        }
    }

    /// How many items a list has.
    pub fn length(&self, id: VariableId) -> usize {
        match self.look(id).value {
            Value::List(items) => items.len(),
            Value::None => 0,
            _ => 1,
        }
    }

    /// Takes `text` for the value while it is being typed: what follows is seen at once. Gives what changed.
    ///
    /// # Errors
    /// The text is no value of the variable, which then has the last one that was.
    pub fn type_in(&mut self, target: Target, text: &str) -> Result<Vec<VariableId>, Refusal> {
        let name = self.schema.name(target.id).to_owned();
        let value = self.with_text(target, text)?;
        let before = self.saved().get(&name).cloned();
        if self.typing.is_none() {
            self.typing = Some((name.clone(), before));
        }
        if self.schema.is_structural(&name) {
            // Families come and go only once the number is whole.
            return Ok(Vec::new());
        }
        self.put(&name, Some(value))
    }

    /// Keeps what was typed.
    ///
    /// # Errors
    /// As [`Self::type_in`].
    pub fn accept(&mut self, target: Target, text: &str) -> Result<Vec<VariableId>, Refusal> {
        let before = self.typing.take();
        let is_as_before = before
            .as_ref()
            .map_or_else(|| self.text(target), |(_, before)| self.shown(target, before.as_ref()));
        if is_as_before == text
            && let Some((name, before)) = before
        {
            return self.put(&name, before);
        }
        let name = self.schema.name(target.id).to_owned();
        let value = self.with_text(target, text);
        if value.is_err()
            && let Some((name, before)) = &before
        {
            self.put(name, before.clone())?;
        }
        let value = value?;
        let was = before.map_or_else(|| self.saved().get(&name).cloned(), |(_, before)| before);
        self.step(vec![(name, was, Some(value))])
    }

    /// What a saved value shows of `target`; what is typed is compared with it.
    fn shown(&self, target: Target, saved: Option<&SavedValue>) -> String {
        let kind = self.schema.variable(target.id).kind;
        let text = |json: &Json| kind.read(json).map(|value| value.to_string()).unwrap_or_default();
        match (saved, target.index) {
            (Some(SavedValue::Single(item)), _) => text(&item.value),
            (Some(SavedValue::Multi { values, .. }), Some(index)) => {
                values.get(index).map(text).unwrap_or_default()
            }
            (Some(SavedValue::Slave(items)), Some(index)) if items.contains_key(&index) => {
                items.get(&index).map(|item| text(&item.value)).unwrap_or_default()
            }
            _ => {
                let default = self.look(target.id).default;
                let item = target.index.map_or(Some(default), |index| default.items().get(index));
                item.map(ToString::to_string).unwrap_or_default()
            }
        }
    }

    /// Gives what was being typed its former value back.
    pub fn cancel(&mut self) -> Vec<VariableId> {
        let Some((name, before)) = self.typing.take() else { return Vec::new() };
        self.put(&name, before).unwrap_or_default()
    }

    /// Adds an item to a list, or a line to a group.
    ///
    /// # Errors
    /// Nobody may set it now.
    pub fn add(&mut self, id: VariableId) -> Result<Vec<VariableId>, Refusal> {
        self.editable(Target { id, index: None })?;
        let mut items = self.items(id);
        items.push(self.schema.variable(id).kind.write(&Value::None));
        let name = self.schema.name(id).to_owned();
        let before = self.saved().get(&name).cloned();
        self.step(vec![(name, before, Some(SavedValue::multi(items, OWNER)))])
    }

    /// Removes an item of a list, and the same item of each of its slaves.
    ///
    /// # Errors
    /// Nobody may set it now.
    pub fn remove(&mut self, id: VariableId, index: usize) -> Result<Vec<VariableId>, Refusal> {
        self.editable(Target { id, index: None })?;
        let mut items = self.items(id);
        if index >= items.len() {
            return Ok(Vec::new());
        }
        items.remove(index);
        let mut values = vec![self.to(id, Some(SavedValue::multi(items, OWNER)))];
        for slave in self.slaves(id) {
            if let Some(saved) = self.saved().get(self.schema.name(*slave)) {
                values.push(self.to(*slave, Some(saved.clone().without_item(index))));
            }
        }
        self.step(values)
    }

    /// Moves an item of a list to the place after it, with the same item of each of its slaves.
    ///
    /// # Errors
    /// Nobody may set it now.
    pub fn exchange(&mut self, id: VariableId, index: usize) -> Result<Vec<VariableId>, Refusal> {
        self.editable(Target { id, index: None })?;
        let mut items = self.items(id);
        if index + 1 >= items.len() {
            return Ok(Vec::new());
        }
        items.swap(index, index + 1);
        let mut values = vec![self.to(id, Some(SavedValue::multi(items, OWNER)))];
        for slave in self.slaves(id) {
            let Some(saved) = self.saved().get(self.schema.name(*slave)) else { continue };
            let items = saved.items().into_iter().map(|(place, item)| {
                let place = if place == index {
                    index + 1
                } else if place == index + 1 {
                    index
                } else {
                    place
                };
                (place, item)
            });
            values.push(self.to(*slave, Some(SavedValue::Slave(items.collect()))));
        }
        self.step(values)
    }

    /// Gives the variable its default back.
    ///
    /// # Errors
    /// Nobody may set it now.
    pub fn reset(&mut self, id: VariableId) -> Result<Vec<VariableId>, Refusal> {
        self.editable(Target { id, index: None })?;
        if self.saved().get(self.schema.name(id)).is_none() {
            return Ok(Vec::new());
        }
        let values = vec![self.to(id, None)];
        self.step(values)
    }

    /// Takes the last step back; none if there is none.
    pub fn undo(&mut self) -> Option<Vec<VariableId>> {
        let again = self.history.undo()?;
        Some(self.put_all(again))
    }

    /// Does the step that was taken back last again; none if there is none.
    pub fn redo(&mut self) -> Option<Vec<VariableId>> {
        let again = self.history.redo()?;
        Some(self.put_all(again))
    }

    /// Makes several changes that are one step, whoever made them.
    pub fn take_up(&mut self, values: Vec<(String, Option<SavedValue>)>) -> Vec<VariableId> {
        let with_before = |(name, value): (String, Option<SavedValue>)| {
            let before = self.saved().get(&name).cloned();
            (name, before, value)
        };
        let values = values.into_iter().map(with_before).collect();
        self.step(values).unwrap_or_default()
    }

    /// A number that is another one after each change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn put_all(&mut self, again: Again) -> Vec<VariableId> {
        if let Some(local) = again.local {
            self.local = local;
            self.is_old = true;
            self.revision += 1;
        }
        let mut changed = Vec::new();
        for (name, value) in again.values {
            changed.extend(self.put(&name, value).unwrap_or_default());
        }
        changed
    }

    fn editable(&self, target: Target) -> Result<(), Refusal> {
        self.lock_of(target).map_or(Ok(()), |property| Err(Refusal::Locked(property)))
    }

    /// The saved value of the whole variable, once `target` has `text`.
    fn with_text(&self, target: Target, text: &str) -> Result<SavedValue, Refusal> {
        self.editable(target)?;
        let variable = self.schema.variable(target.id);
        let value = variable.kind.parse(text).map_err(Refusal::Mismatch)?;
        let json = variable.kind.write(&value);
        let Some(index) = target.index else { return Ok(SavedValue::single(json, OWNER)) };
        if matches!(variable.role, Role::Slave(_)) {
            let saved = self.saved().get(self.schema.name(target.id));
            let mut items = saved.map(SavedValue::items).unwrap_or_default();
            items.insert(index, SavedItem::new(json, OWNER));
            return Ok(SavedValue::Slave(items));
        }
        let mut items = self.items(target.id);
        match items.get_mut(index) {
            Some(item) => *item = json,
            None => items.push(json),
        }
        Ok(SavedValue::multi(items, OWNER))
    }

    /// The items that a list has now: those saved, else its default.
    fn items(&self, id: VariableId) -> Vec<Json> {
        match self.saved().get(self.schema.name(id)) {
            Some(SavedValue::Multi { values, .. }) => values.clone(),
            Some(SavedValue::Single(item)) if !item.value.is_null() => vec![item.value.clone()],
            Some(_) => Vec::new(),
            None => {
                let (look, kind) = (self.look(id), self.schema.variable(id).kind);
                let default = if *look.owner == Owners::Default { look.value } else { look.default };
                default.items().iter().map(|item| kind.write(item)).collect()
            }
        }
    }

    fn to(
        &self,
        id: VariableId,
        value: Option<SavedValue>,
    ) -> (String, Option<SavedValue>, Option<SavedValue>) {
        let name = self.schema.name(id).to_owned();
        let before = self.saved().get(&name).cloned();
        (name, before, value)
    }

    /// Makes changes that are one step: of each variable, what was saved before and what is to be.
    fn step(
        &mut self,
        values: Vec<(String, Option<SavedValue>, Option<SavedValue>)>,
    ) -> Result<Vec<VariableId>, Refusal> {
        let (mut step, mut changed) = (Step::default(), Vec::new());
        for (name, before, after) in values {
            changed.extend(self.put(&name, after.clone())?);
            if before != after {
                step.values.push(Change { name, before, after });
            }
        }
        self.history.push(step);
        Ok(changed)
    }

    fn put(&mut self, name: &str, value: Option<SavedValue>) -> Result<Vec<VariableId>, Refusal> {
        if self.saved().get(name) == value.as_ref() {
            return Ok(Vec::new());
        }
        self.is_old |= self.schema.is_structural(name);
        self.revision += 1;
        self.evaluation.set(name, value).map_err(|error| Refusal::Unsaved(said(&error)))
    }
}
