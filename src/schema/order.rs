//! The order of evaluation: each variable after those on which its value or its properties depend.

use super::SchemaError;
use super::model::{ArgumentValue, Call, Choice, Role, Schema, VariableId};
use crate::diagnostic::{Finding, Findings};
use crate::phrase;

/// Sorts the variables of `schema` into its order; each circle is a finding.
pub(super) fn sort(schema: &mut Schema, findings: &mut Findings) {
    let mut walk =
        Walk { schema, marks: vec![Mark::New; schema.variables.len()], order: Vec::new(), findings };
    for id in schema.ids() {
        walk.visit(id);
    }
    schema.order = walk.order;
}

/// How far a variable has been dealt with.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

struct Walk<'a> {
    schema: &'a Schema,
    marks: Vec<Mark>,
    order: Vec<VariableId>,
    findings: &'a mut Findings,
}

impl Walk<'_> {
    /// Puts `first` and what it depends on into the order, deepest first, without recursion: chains may be long.
    fn visit(&mut self, first: VariableId) {
        let mut path: Vec<(VariableId, Vec<VariableId>)> = Vec::new();
        self.open(first, &mut path);
        while let Some((id, waiting)) = path.last_mut() {
            let id = *id;
            match waiting.pop() {
                Some(next) if self.marks[next.index()] == Mark::Open => self.report(next, &path),
                Some(next) => self.open(next, &mut path),
                None => {
                    self.marks[id.index()] = Mark::Done;
                    self.order.push(id);
                    path.pop();
                }
            }
        }
    }

    fn open(&mut self, id: VariableId, path: &mut Vec<(VariableId, Vec<VariableId>)>) {
        if self.marks[id.index()] == Mark::New {
            self.marks[id.index()] = Mark::Open;
            let mut dependencies = dependencies(self.schema, id);
            dependencies.reverse();
            path.push((id, dependencies));
        }
    }

    /// Reports the circle that leads from `start` back to it.
    fn report(&mut self, start: VariableId, path: &[(VariableId, Vec<VariableId>)]) {
        let from = path.iter().position(|(id, _)| *id == start).unwrap_or(0);
        let mut cycle: Vec<String> =
            path[from..].iter().map(|(id, _)| self.schema.name(*id).to_owned()).collect();
        cycle.push(self.schema.name(start).to_owned());
        let mut finding = Finding::new(SchemaError::Cycle { cycle });
        for (number, (id, _)) in path[from..].iter().enumerate() {
            let span = self.schema.variable(*id).definition;
            finding = if number == 0 {
                finding.at(span, phrase!("at-depends-on-itself", "depends on itself"))
            } else {
                finding.related(span, phrase!("at-through-this", "through this"))
            };
        }
        self.findings.push(finding);
    }
}

/// The variables on which the value and properties of `id` depend, in the order in which the dictionaries name them.
///
/// A check of a variable may look at others without waiting for them: it runs when all have their values.
pub fn dependencies(schema: &Schema, id: VariableId) -> Vec<VariableId> {
    let variable = schema.variable(id);
    let mut found = Vec::new();
    if let Role::Slave(master) = variable.role {
        found.push(master);
    }
    let mut conditions = |indices: &[u32]| {
        for condition in indices.iter().map(|index| schema.condition(*index)) {
            found.extend(condition.source);
            found.extend(condition.values.iter().filter_map(ArgumentValue::variable));
        }
    };
    conditions(&variable.conditions);
    for family in schema.families_of(variable.family) {
        conditions(&family.conditions);
    }
    if let Some(index) = variable.calculation {
        found.extend(arguments_of(schema.call(index)));
    }
    found
}

/// The variables at which the checks and choices of `id` look, beside itself.
pub fn looked_at(schema: &Schema, id: VariableId) -> Vec<VariableId> {
    let variable = schema.variable(id);
    let mut found: Vec<VariableId> = Vec::new();
    for index in &variable.checks {
        found.extend(arguments_of(schema.call(*index)));
    }
    for choice in variable.choices.iter().flat_map(|choices| &choices.from) {
        match choice {
            Choice::Of(value) => found.extend(value.variable()),
            Choice::Calculated(index) => found.extend(arguments_of(schema.call(*index))),
        }
    }
    found
}

fn arguments_of(call: &Call) -> impl Iterator<Item = VariableId> {
    call.arguments.iter().filter_map(|argument| argument.value.variable())
}
