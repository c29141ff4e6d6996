//! What is listed: the families, and the lines of the one that is chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Level, Model, Target};
use crate::schema::{FamilyId, Role, VariableId};

/// A family in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FamilyRow {
    /// Which one.
    pub(super) id: FamilyId,
    /// How many of its variables are wrong or empty.
    pub(super) errors: usize,
    /// How many of its variables are not saved as they are.
    pub(super) changed: usize,
}

/// A line of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// A title before a variable.
    Title(Arc<str>),
    /// A variable with one value, or the head of a list.
    Variable(VariableId),
    /// An item of a list.
    Item(VariableId, usize),
    /// The names above a group: of a master and its slaves.
    Columns(VariableId),
    /// The values of a master's item and of its slaves.
    Line(VariableId, usize),
    /// Where an item is added.
    Add(VariableId),
}

impl Row {
    /// Whether one can stand on it.
    pub(super) fn is_place(&self) -> bool {
        !matches!(self, Self::Title(_) | Self::Columns(_))
    }

    /// The variable that it belongs to.
    pub(super) fn variable(&self) -> Option<VariableId> {
        match self {
            Self::Title(_) => None,
            Self::Variable(id)
            | Self::Item(id, _)
            | Self::Columns(id)
            | Self::Line(id, _)
            | Self::Add(id) => Some(*id),
        }
    }

    /// The value that stands in its column `column`, if one does.
    pub(super) fn target(&self, column: usize, model: &Model<'_>, level: Level) -> Option<Target> {
        match self {
            Self::Variable(id) if !model.schema().variable(*id).multi => {
                Some(Target { id: *id, index: None })
            }
            Self::Item(id, index) => Some(Target { id: *id, index: Some(*index) }),
            Self::Line(master, index) => {
                let id = columns(*master, model, level).get(column).copied()?;
                Some(Target { id, index: Some(*index) })
            }
            _ => None,
        }
    }
}

/// The variables of a group that are shown, its master first.
pub(super) fn columns(master: VariableId, model: &Model<'_>, level: Level) -> Vec<VariableId> {
    let slaves = model.slaves(master).iter().copied().filter(|slave| model.shows(*slave, level));
    std::iter::once(master).chain(slaves).collect()
}

/// The families of which something is shown.
pub(super) fn families(model: &Model<'_>, level: Level, only_changed: bool) -> Vec<FamilyRow> {
    let mut wrong: BTreeMap<FamilyId, usize> = BTreeMap::new();
    for id in model.faulty() {
        *wrong.entry(model.schema().variable(id).family).or_default() += 1;
    }
    let mut changed: BTreeMap<FamilyId, usize> = BTreeMap::new();
    for change in model.unsaved() {
        if let Some(id) = model.schema().find(&change.name) {
            *changed.entry(model.schema().variable(id).family).or_default() += 1;
        }
    }
    let mut rows = Vec::new();
    for (id, _) in model.families() {
        let (errors, changed) = (wrong.get(&id).copied(), changed.get(&id).copied());
        if only_changed && changed.is_none() {
            continue;
        }
        if model.members(id).iter().any(|member| is_listed(*member, model, level, only_changed)) {
            rows.push(FamilyRow { id, errors: errors.unwrap_or(0), changed: changed.unwrap_or(0) });
        }
    }
    rows
}

/// Whether a variable is in the list: what is wrong is, whoever looks.
fn is_listed(id: VariableId, model: &Model<'_>, level: Level, only_changed: bool) -> bool {
    let is_wanted = model.shows(id, level) || level != Level::Debug && must_be_seen(id, model);
    is_wanted && (!only_changed || model.is_changed(id))
}

/// Whether it can be set and is wrong or empty: EOLE's editor shows it in every mode.
fn must_be_seen(id: VariableId, model: &Model<'_>) -> bool {
    let look = model.look(id);
    let is_hidden = look.properties.is_disabled() || look.properties.is_fixed();
    !is_hidden && look.value.is_empty() && model.is_faulty(id)
}

/// The lines of a family.
pub(super) fn rows(family: FamilyId, model: &Model<'_>, level: Level, only_changed: bool) -> Vec<Row> {
    let schema = model.schema();
    let mut rows = Vec::new();
    for id in model.members(family).iter().copied() {
        let variable = schema.variable(id);
        let listed = is_listed(id, model, level, only_changed);
        if let Some(separator) = &variable.separator
            && (listed || separator.never_hidden && !only_changed)
        {
            rows.push(Row::Title(Arc::clone(&separator.text)));
        }
        // A slave stands in the line of its master.
        let own_line = !matches!(variable.role, Role::Slave(_));
        let group_changed = own_line
            && variable.role == Role::Master
            && model.slaves(id).iter().any(|slave| is_listed(*slave, model, level, only_changed));
        if !own_line || !(listed || group_changed) {
            continue;
        }
        let length = model.length(id);
        match (variable.role, variable.multi) {
            (Role::Master, _) => {
                rows.push(Row::Columns(id));
                rows.extend((0..length).map(|index| Row::Line(id, index)));
                rows.push(Row::Add(id));
            }
            (_, true) => {
                rows.push(Row::Variable(id));
                rows.extend((0..length).map(|index| Row::Item(id, index)));
                rows.push(Row::Add(id));
            }
            _ => rows.push(Row::Variable(id)),
        }
    }
    rows
}
