//! An evaluation that is kept, and follows what is changed in the saved values.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use miette::Severity;
use rustc_hash::FxBuildHasher;

use super::Properties;
use super::check;
use super::condition::{self, Verdict};
use super::evaluator::{Evaluator, Faults, State};
use super::followers::Followers;
use super::snapshot::{Entry, ListState, Owners, Snapshot};
use crate::config_eol::{ConfigError, Saved, SavedValue};
use crate::diagnostic::{Findings, message};
use crate::function::Library;
use crate::schema::{ListTarget, Role, Schema, VariableId};
use crate::source::Span;
use crate::value::Value;
use crate::words::Words;

/// What an evaluation results in.
#[derive(Debug)]
pub struct Evaluated {
    /// Every variable.
    pub snapshot: Snapshot,
    /// What is wrong with values that are there, and warnings.
    pub wrong: Findings,
    /// Mandatory variables that have no value yet.
    pub missing: Missing,
}

/// Mandatory variables that have no value yet: a new server has very many.
#[derive(Debug, Default)]
pub struct Missing {
    items: Vec<MissingItem>,
}

#[derive(Debug)]
struct MissingItem {
    name: Arc<str>,
    family: Arc<str>,
    index: Option<usize>,
    definition: Span,
}

impl Missing {
    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The name of each, and its place in a list.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<usize>)> {
        self.items.iter().map(|item| (item.name.as_ref(), item.index))
    }

    /// Each as a finding.
    pub fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        for item in &self.items {
            let (name, family) = (item.name.to_string(), item.family.to_string());
            findings.push(check::missing(name, family, item.index, item.definition));
        }
        findings
    }
}

/// One variable of an [`Evaluation`], as it is now.
#[derive(Debug, Clone, Copy)]
pub struct Look<'e> {
    /// Its value; of a slave, a list with one item for each item of its master.
    pub value: &'e Value,
    /// What its value is while nobody has set it.
    pub default: &'e Value,
    /// Who set it.
    pub owner: &'e Owners,
    /// What is true of it now, and why.
    pub properties: &'e Properties,
    /// What is true of each item of a slave alone; nothing where that is nothing.
    pub items: &'e [Properties],
}

/// Gives every variable of `schema` its value and properties, from `saved` where the user may set it.
pub fn evaluate(schema: &Schema, saved: &Saved, library: &dyn Library) -> Evaluated {
    Evaluation::new(schema, Cow::Borrowed(saved), library).finish()
}

/// Every variable of a schema, evaluated, with the saved values that it was evaluated from.
pub struct Evaluation<'a> {
    evaluator: Evaluator<'a>,
    followers: Option<Followers>,
}

impl<'a> Evaluation<'a> {
    /// Evaluates every variable.
    pub fn new(schema: &'a Schema, saved: Cow<'a, Saved>, library: &'a dyn Library) -> Self {
        Self { evaluator: Evaluator::new(schema, saved, library), followers: None }
    }

    /// The saved values as they are now.
    pub fn saved(&self) -> &Saved {
        &self.evaluator.saved
    }

    /// Saves `value` for the variable `name`, or gives it its default back, and evaluates what depends on it anew. Gives the
    /// variables that are not what they were.
    ///
    /// A variable that numbers families changes the schema itself (`Schema::is_structural`): then a new schema is
    /// to be linked and evaluated.
    ///
    /// # Errors
    /// Where `value` cannot be saved under this name; nothing has changed then.
    pub fn set(&mut self, name: &str, value: Option<SavedValue>) -> Result<Vec<VariableId>, ConfigError> {
        match value {
            Some(value) => self.evaluator.saved.to_mut().set(name, value)?,
            None => {
                self.evaluator.saved.to_mut().unset(name);
            }
        }
        let changed = self.evaluator.schema.find(name).map(|id| self.follow(id));
        Ok(changed.unwrap_or_default())
    }

    /// Evaluates `first` anew, and what depends on what changed, each once and after those that it depends on.
    fn follow(&mut self, first: VariableId) -> Vec<VariableId> {
        let followers = self.followers.take().unwrap_or_else(|| Followers::of(self.evaluator.schema));
        let schema = self.evaluator.schema;
        let order = schema.order();
        let mut waiting = BTreeSet::from([followers.rank(first)]);
        let mut judged = BTreeSet::from([first]);
        let mut changed = Vec::new();
        while let Some(rank) = waiting.pop_first() {
            let id = order[rank as usize];
            self.evaluator.faults_of(id).value.clear();
            let state = self.evaluator.state(id);
            if *self.evaluator.state_of(id) == state {
                continue;
            }
            self.evaluator.states[id.index()] = state;
            for condition in followers.conditions(id) {
                self.evaluator.judge(*condition, Verdict::Unknown);
            }
            waiting.extend(followers.affected(id).iter().map(|other| followers.rank(schema.id(*other))));
            judged.insert(id);
            judged.extend(followers.watching(id).iter().map(|other| schema.id(*other)));
            changed.push(id);
        }
        for id in judged {
            let faults = self.evaluator.faults_of(id);
            faults.check.clear();
            faults.missing.clear();
            check::variable(&mut self.evaluator, id);
        }
        self.followers = Some(followers);
        changed
    }

    /// One variable as it is now.
    pub fn look(&self, id: VariableId) -> Look<'_> {
        let state = self.evaluator.state_of(id);
        Look {
            value: &state.value,
            default: &state.default,
            owner: &state.owner,
            properties: &state.properties,
            items: &state.items,
        }
    }

    /// The variables with which something is wrong now, or that still need a value.
    pub fn faulty(&self) -> impl Iterator<Item = VariableId> {
        let is_wrong = |faults: &Faults| {
            let found = faults.value.iter().chain(&faults.check);
            !faults.missing.is_empty()
                || found.into_iter().any(|finding| finding.severity() == Severity::Error)
        };
        self.evaluator.faults.iter().filter(move |(_, faults)| is_wrong(faults)).map(|(id, _)| *id)
    }

    /// The words among which the variable is chosen now, for its item `index`, and whether another one may be written; none if it
    /// is not chosen.
    pub fn choices(&mut self, id: VariableId, index: Option<usize>) -> Option<(Vec<String>, bool)> {
        check::words(&mut self.evaluator, id, index)
    }

    /// Every variable as it is now.
    pub fn snapshot(&mut self) -> Snapshot {
        let lists = lists(&mut self.evaluator);
        let entries = entries(self.evaluator.schema, self.evaluator.states.iter().cloned());
        Snapshot::new(entries, lists)
    }

    /// Whether something is wrong with the variable `name` now, or to be looked at again.
    pub fn is_faulty(&self, name: &str) -> bool {
        let id = self.evaluator.schema.find(name);
        let faults = id.and_then(|id| self.evaluator.faults.get(&id));
        faults.is_some_and(|faults| {
            !faults.value.is_empty() || !faults.check.is_empty() || !faults.missing.is_empty()
        })
    }

    /// What is wrong with the variable `name` now, in the language of `words`.
    pub fn faults(&self, name: &str, words: &Words) -> Vec<String> {
        let Some(id) = self.evaluator.schema.find(name) else { return Vec::new() };
        let Some(faults) = self.evaluator.faults.get(&id) else { return Vec::new() };
        let said =
            faults.value.iter().chain(&faults.check).map(|finding| message(finding.problem.as_ref(), words));
        let (name, family) = self.evaluator.names(id);
        let definition = self.evaluator.schema.variable(id).definition;
        let missing = faults.missing.iter().map(|index| {
            let finding = check::missing(name.clone(), family.clone(), *index, definition);
            message(finding.problem.as_ref(), words)
        });
        said.chain(missing).collect()
    }

    /// Ends it with all that it knows.
    pub fn finish(mut self) -> Evaluated {
        let (mut wrong, mut missing) = (Findings::default(), Missing::default());
        let schema = self.evaluator.schema;
        for (id, faults) in std::mem::take(&mut self.evaluator.faults) {
            faults.value.into_iter().chain(faults.check).for_each(|finding| wrong.push(finding));
            for index in faults.missing {
                let variable = schema.variable(id);
                let family = Arc::clone(&schema.family(variable.family).name);
                let (name, definition) = (schema.shared_name(id), variable.definition);
                missing.items.push(MissingItem { name, family, index, definition });
            }
        }
        let lists = lists(&mut self.evaluator);
        let entries = entries(self.evaluator.schema, std::mem::take(&mut self.evaluator.states));
        Evaluated { snapshot: Snapshot::new(entries, lists), wrong, missing }
    }
}

/// The sets of files, services, … that conditions switch now.
fn lists(evaluator: &mut Evaluator<'_>) -> Vec<ListState> {
    let schema = evaluator.schema;
    let mut states = Vec::new();
    for (index, condition) in (0_u32..).zip(schema.conditions()) {
        if condition.lists.is_empty() {
            continue;
        }
        if let Some(reason) = condition::reason(evaluator, index) {
            let state = |list: &ListTarget| ListState {
                kind: list.kind,
                name: Arc::clone(&list.name),
                reason: reason.clone(),
            };
            states.extend(condition.lists.iter().map(state));
        }
    }
    states
}

/// The variables of `schema` with their `states`, which are in their order.
fn entries(
    schema: &Schema,
    states: impl IntoIterator<Item = State>,
) -> IndexMap<Arc<str>, Entry, FxBuildHasher> {
    let entry = |(id, state): (VariableId, State)| {
        let variable = schema.variable(id);
        let master = match variable.role {
            Role::Slave(master) => Some(schema.shared_name(master)),
            Role::Alone | Role::Master => None,
        };
        let entry = Entry {
            value: state.value,
            default: state.default,
            owner: state.owner,
            family: Arc::clone(&schema.family(variable.family).name),
            kind: variable.kind,
            mode: variable.mode,
            description: Arc::clone(&variable.description),
            master,
            properties: state.properties,
            items: state.items,
            definition: variable.definition,
        };
        (schema.shared_name(id), entry)
    };
    schema.ids().zip(states).map(entry).collect()
}
