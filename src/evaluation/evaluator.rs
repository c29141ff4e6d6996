//! The walk over the variables, in the schema's order.

use super::property::{Properties, Property, Reason};
use super::saved::{self, Kept};
use super::snapshot::{Entry, Owners, Snapshot};
use super::{EvaluationError, check, condition};
use crate::config_eol::Saved;
use crate::diagnostic::{Finding, Findings};
use crate::dictionary::Purpose;
use crate::function::{Arguments, Patterns};
use crate::schema::{ArgumentValue, Call, Role, Schema, VariableId};
use crate::value::Value;

/// What an evaluation results in.
#[derive(Debug)]
pub struct Evaluated {
    /// Every variable.
    pub snapshot: Snapshot,
    /// What is wrong with values that are there, and warnings.
    pub wrong: Findings,
    /// Mandatory variables that have no value yet.
    pub missing: Findings,
}

/// Gives every variable of `schema` its value and properties, from `saved` where the user may set it.
pub fn evaluate(schema: &Schema, saved: &Saved) -> Evaluated {
    let mut evaluator = Evaluator {
        schema,
        saved,
        states: schema.ids().map(|_| State::default()).collect(),
        patterns: Patterns::default(),
        wrong: Findings::default(),
        missing: Findings::default(),
    };
    for id in schema.order() {
        evaluator.states[id.index()] = evaluator.state(*id);
    }
    for id in schema.ids() {
        check::variable(&mut evaluator, id);
    }
    evaluator.finish()
}

/// A variable, evaluated.
#[derive(Debug)]
pub(super) struct State {
    pub(super) value: Value,
    pub(super) default: Value,
    pub(super) owner: Owners,
    pub(super) properties: Properties,
}

impl Default for State {
    fn default() -> Self {
        let properties = Properties::default();
        Self { value: Value::None, default: Value::None, owner: Owners::Default, properties }
    }
}

/// An evaluation under way.
pub(super) struct Evaluator<'a> {
    pub(super) schema: &'a Schema,
    pub(super) saved: &'a Saved,
    states: Vec<State>,
    pub(super) patterns: Patterns,
    pub(super) wrong: Findings,
    pub(super) missing: Findings,
}

impl Evaluator<'_> {
    /// What the variable has been evaluated to.
    pub(super) fn state_of(&self, id: VariableId) -> &State {
        &self.states[id.index()]
    }

    /// The name of the variable and that of its family, for messages.
    pub(super) fn names(&self, id: VariableId) -> (String, String) {
        let family = self.schema.family(self.schema.variable(id).family);
        (self.schema.name(id).to_owned(), family.name.clone())
    }

    /// Evaluates one variable, those that it depends on being done.
    fn state(&mut self, id: VariableId) -> State {
        let properties = self.properties(id);
        if properties.is_disabled() {
            return State { properties, ..State::default() };
        }
        let default = self.default(id);
        let own = properties.has(Property::Hidden) || properties.has(Property::Frozen);
        let kept = if own { None } else { saved::read(self, id, &default) };
        let Kept { value, owner } =
            kept.unwrap_or_else(|| Kept { value: default.clone(), owner: Owners::Default });
        State { value, default, owner, properties }
    }

    fn properties(&self, id: VariableId) -> Properties {
        let variable = self.schema.variable(id);
        let family = self.schema.family(variable.family);
        let mut properties = Properties::default();
        let mut add = |property, why: &str, span| {
            properties.add(Reason { property, why: why.to_owned(), span });
        };
        if let Some(span) = variable.hidden {
            add(Property::Hidden, "hidden='True' on the variable", span);
        }
        if let Some(span) = family.hidden {
            add(Property::Hidden, "hidden='True' on its family", span);
        }
        if let Some(span) = variable.mandatory {
            add(Property::Mandatory, "mandatory='True' on the variable", span);
        }
        if let Some(index) = variable.calculation {
            let call = self.schema.call(index);
            if call.purpose == Purpose::Auto {
                add(Property::Frozen, &format!("always calculated by {}", call.function.name()), call.span);
            }
        }
        if let Role::Slave(master) = variable.role
            && self.state_of(master).properties.is_disabled()
        {
            let why = format!("its master `{}` is disabled", self.schema.name(master));
            add(Property::Disabled, &why, variable.definition);
        }
        for index in variable.conditions.iter().chain(&family.conditions) {
            if let Some(reason) = condition::reason(self, self.schema.condition(*index)) {
                properties.add(reason);
            }
        }
        properties
    }

    /// What the variable is while nobody sets it: its calculation, else its default; of a slave, item by item.
    fn default(&mut self, id: VariableId) -> Value {
        let variable = self.schema.variable(id);
        let Role::Slave(master) = variable.role else {
            return self.one_default(id, None);
        };
        let count = self.state_of(master).value.items().len();
        Value::List((0..count).map(|index| self.one_default(id, Some(index))).collect())
    }

    fn one_default(&mut self, id: VariableId, index: Option<usize>) -> Value {
        let variable = self.schema.variable(id);
        let Some(call) = variable.calculation.map(|number| self.schema.call(number)) else {
            return variable.default.clone();
        };
        let Some(arguments) = self.arguments(id, call, index) else { return Value::None };
        match call.function.calculate(&arguments) {
            Ok(value) => self.typed(id, call, &value),
            Err(reason) => {
                let (name, _) = self.names(id);
                let problem = EvaluationError::WrongCall { function: call.function.name(), name, reason };
                self.wrong.push(Finding::new(problem).at(call.span, "this call"));
                Value::None
            }
        }
    }

    /// The result of a calculation as a value of its variable's type.
    fn typed(&mut self, id: VariableId, call: &Call, value: &Value) -> Value {
        let variable = self.schema.variable(id);
        let one = |value: &Value| variable.kind.parse(&value.to_string());
        let result = if variable.multi {
            value.items().iter().map(one).collect::<Result<_, _>>().map(Value::List)
        } else {
            one(value)
        };
        result.unwrap_or_else(|mismatch| {
            let (name, family) = self.names(id);
            let problem = EvaluationError::WrongResult { name, family, mismatch };
            self.wrong.push(Finding::new(problem).at(call.span, "this calculation"));
            Value::None
        })
    }

    /// The arguments of a call for the item `index` of `id`; none while a variable that it needs is disabled.
    pub(super) fn arguments(&self, id: VariableId, call: &Call, index: Option<usize>) -> Option<Arguments> {
        let mut arguments = Arguments::default();
        for argument in &call.arguments {
            let value = match &argument.value {
                ArgumentValue::Constant(constant) => constant.value.clone(),
                ArgumentValue::Variable(other) if self.state_of(*other).properties.is_disabled() => {
                    if argument.required {
                        return None;
                    }
                    continue;
                }
                ArgumentValue::Variable(other) => self.seen_from(id, *other, index),
            };
            match &argument.name {
                Some(name) => arguments.named.push((name.clone(), value)),
                None => arguments.positional.push(value),
            }
        }
        Some(arguments)
    }

    /// The value of `other` as the item `index` of `id` sees it: in one group, the item beside it.
    fn seen_from(&self, id: VariableId, other: VariableId, index: Option<usize>) -> Value {
        let value = &self.state_of(other).value;
        match index {
            Some(index) if self.group_of(id).is_some() && self.group_of(id) == self.group_of(other) => {
                value.items().get(index).cloned().unwrap_or_default()
            }
            _ => value.clone(),
        }
    }

    /// The master of the group that the variable belongs to, itself perhaps.
    fn group_of(&self, id: VariableId) -> Option<VariableId> {
        match self.schema.variable(id).role {
            Role::Alone => None,
            Role::Master => Some(id),
            Role::Slave(master) => Some(master),
        }
    }

    fn finish(self) -> Evaluated {
        let schema = self.schema;
        let entry = |(id, state): (VariableId, State)| {
            let variable = schema.variable(id);
            let master = match variable.role {
                Role::Slave(master) => Some(schema.name(master).to_owned()),
                Role::Alone | Role::Master => None,
            };
            let entry = Entry {
                value: state.value,
                default: state.default,
                owner: state.owner,
                family: schema.family(variable.family).name.clone(),
                kind: variable.kind,
                mode: variable.mode,
                description: variable.description.clone(),
                master,
                properties: state.properties,
                definition: variable.definition,
            };
            (schema.name(id).to_owned(), entry)
        };
        let snapshot = schema.ids().zip(self.states).map(entry).collect();
        Evaluated { snapshot, wrong: self.wrong, missing: self.missing }
    }
}
