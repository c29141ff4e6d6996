//! The walk over the variables, in the schema's order: what each one is, those that it depends on being done.

use super::condition::{self, Verdict};
use super::property::{Properties, Property, Reason, Why};
use super::saved::{self, Kept};
use super::snapshot::Owners;
use super::{EvaluationError, check};
use crate::config_eol::Saved;
use crate::diagnostic::Finding;
use crate::dictionary::Purpose;
use crate::function::{Arguments, FunctionError, Library};
use crate::phrase;
use crate::schema::{ArgumentValue, Call, Callee, Role, Schema, VariableId};
use crate::value::Value;
use crate::words::Phrase;
use std::borrow::Cow;

// Why properties hold, in words that are always the same.
static DISABLED: Phrase = phrase!("why-disabled", "disabled='True' on the variable");
static HIDDEN: Phrase = phrase!("why-hidden", "hidden='True' on the variable");
static FAMILY_DISABLED: Phrase = phrase!("why-family-disabled", "disabled='True' on its family");
static FAMILY_HIDDEN: Phrase = phrase!("why-family-hidden", "hidden='True' on its family");
static MANDATORY: Phrase = phrase!("why-mandatory", "mandatory='True' on the variable");
static AUTO_FROZEN: Phrase =
    phrase!("why-auto-frozen", "auto_freeze='True' on the variable, and the server is instanciated");

/// A variable, evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) value: Value,
    pub(super) default: Value,
    pub(super) owner: Owners,
    pub(super) properties: Properties,
    /// Of a slave some of whose items have properties of their own, those of each item; else nothing.
    pub(super) items: Vec<Properties>,
}

impl Default for State {
    fn default() -> Self {
        let (properties, items) = (Properties::default(), Vec::new());
        Self { value: Value::None, default: Value::None, owner: Owners::Default, properties, items }
    }
}

/// What is wrong with one variable.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// With what is saved for it, or with its calculation.
    pub(super) value: Vec<Finding>,
    /// What its checks say.
    pub(super) check: Vec<Finding>,
    /// That it, or which of its items, must have a value.
    pub(super) missing: Vec<Option<usize>>,
}

/// An evaluation under way.
pub(super) struct Evaluator<'a> {
    pub(super) schema: &'a Schema,
    pub(super) saved: Cow<'a, Saved>,
    pub(super) library: &'a dyn Library,
    pub(super) states: Vec<State>,
    pub(super) faults: std::collections::BTreeMap<VariableId, Faults>,
    verdicts: Vec<Verdict>,
}

impl<'a> Evaluator<'a> {
    /// Evaluates every variable.
    pub(super) fn new(schema: &'a Schema, saved: Cow<'a, Saved>, library: &'a dyn Library) -> Self {
        let mut evaluator = Self {
            schema,
            saved,
            library,
            states: vec![State::default(); schema.order().len()],
            faults: std::collections::BTreeMap::new(),
            verdicts: vec![Verdict::Unknown; schema.conditions().len()],
        };
        for id in schema.order() {
            evaluator.states[id.index()] = evaluator.state(*id);
        }
        for id in schema.ids() {
            check::variable(&mut evaluator, id);
        }
        evaluator
    }

    /// What the variable has been evaluated to.
    pub(super) fn state_of(&self, id: VariableId) -> &State {
        &self.states[id.index()]
    }

    /// What is known of the condition as a whole.
    pub(super) fn verdict(&self, index: u32) -> &Verdict {
        &self.verdicts[index as usize]
    }

    /// Remembers what is known of the condition.
    pub(super) fn judge(&mut self, index: u32, verdict: Verdict) {
        self.verdicts[index as usize] = verdict;
    }

    /// What is wrong with the variable, to be added to.
    pub(super) fn faults_of(&mut self, id: VariableId) -> &mut Faults {
        self.faults.entry(id).or_default()
    }

    /// The name of the variable and that of its family, for messages.
    pub(super) fn names(&self, id: VariableId) -> (String, String) {
        let family = self.schema.family(self.schema.variable(id).family);
        (self.schema.name(id).to_owned(), family.name.to_string())
    }

    /// Evaluates one variable, those that it depends on being done.
    pub(super) fn state(&mut self, id: VariableId) -> State {
        let properties = self.properties(id);
        if properties.is_disabled() {
            return State { properties, ..State::default() };
        }
        let items = self.item_properties(id);
        let default = self.default(id, &items);
        let variable = self.schema.variable(id);
        let always =
            variable.calculation.is_some_and(|index| self.schema.call(index).purpose == Purpose::Auto);
        // What was saved once for good wins over what hides or freezes it.
        let lasting = (variable.auto.save || variable.auto.freeze) && !always;
        let kept =
            if properties.is_fixed() && !lasting { None } else { saved::read(self, id, &default, &items) };
        let Kept { value, owner } =
            kept.unwrap_or_else(|| Kept { value: default.clone(), owner: Owners::Default });
        State { value, default, owner, properties, items }
    }

    fn properties(&mut self, id: VariableId) -> Properties {
        let schema = self.schema;
        let variable = schema.variable(id);
        let mut properties = Properties::default();
        let mut add = |property, why: Why, span| properties.add(Reason { property, why, span });
        for (said, property, why) in
            [(variable.disabled, Property::Disabled, &DISABLED), (variable.hidden, Property::Hidden, &HIDDEN)]
        {
            if let Some(span) = said {
                add(property, Why::Fixed(why), span);
            }
        }
        for family in schema.families_of(variable.family) {
            for (said, property, why) in [
                (family.disabled, Property::Disabled, &FAMILY_DISABLED),
                (family.hidden, Property::Hidden, &FAMILY_HIDDEN),
            ] {
                if let Some(span) = said {
                    add(property, Why::Fixed(why), span);
                }
            }
        }
        if let Some(span) = variable.mandatory {
            add(Property::Mandatory, Why::Fixed(&MANDATORY), span);
        }
        if variable.auto.freeze && self.library.is_instanciated() {
            let why = Why::Fixed(&AUTO_FROZEN);
            add(Property::AutoFrozen, why, variable.definition);
        }
        if let Some(call) = variable.calculation.map(|index| schema.call(index))
            && call.purpose == Purpose::Auto
        {
            let why = phrase!("why-calculated", "always calculated by {function}", function = &*call.name);
            add(Property::Frozen, why.into(), call.span);
        }
        if let Role::Slave(master) = variable.role
            && self.state_of(master).properties.is_disabled()
        {
            let why =
                phrase!("why-master", "its master `{master}` is disabled", master = schema.name(master));
            add(Property::Disabled, why.into(), variable.definition);
        }
        let families = schema.families_of(variable.family).flat_map(|family| &family.conditions);
        for index in variable.conditions.iter().chain(families) {
            if condition::is_item_wise(schema, schema.condition(*index), id) {
                continue;
            }
            if let Some(reason) = condition::reason(self, *index) {
                properties.add(reason);
            }
        }
        properties.shrink();
        properties
    }

    /// The properties that the items of a slave have of their own; none where no item has any.
    fn item_properties(&mut self, id: VariableId) -> Vec<Properties> {
        let variable = self.schema.variable(id);
        let Role::Slave(master) = variable.role else { return Vec::new() };
        let own: Vec<u32> = variable
            .conditions
            .iter()
            .copied()
            .filter(|index| condition::is_item_wise(self.schema, self.schema.condition(*index), id))
            .collect();
        if own.is_empty() {
            return Vec::new();
        }
        let count = self.state_of(master).value.items().len();
        let mut items = vec![Properties::default(); count];
        for (index, properties) in items.iter_mut().enumerate() {
            for number in &own {
                if let Some(reason) = condition::item_reason(self, *number, index) {
                    properties.add(reason);
                }
            }
        }
        if items.iter().all(Properties::is_empty) { Vec::new() } else { items }
    }

    /// What the variable is while nobody sets it: its calculation, else its default; of a slave, item by item.
    fn default(&mut self, id: VariableId, items: &[Properties]) -> Value {
        let variable = self.schema.variable(id);
        let Role::Slave(master) = variable.role else {
            return self.one_default(id, None);
        };
        let count = self.state_of(master).value.items().len();
        let is_off = |index: usize| items.get(index).is_some_and(Properties::is_disabled);
        let item = |index| if is_off(index) { Value::None } else { self.one_default(id, Some(index)) };
        Value::List((0..count).map(item).collect())
    }

    fn one_default(&mut self, id: VariableId, index: Option<usize>) -> Value {
        let variable = self.schema.variable(id);
        let Some(call) = variable.calculation.map(|number| self.schema.call(number)) else {
            return variable.default.clone();
        };
        let Some(arguments) = self.arguments(id, call, index) else { return self.nothing(id) };
        match self.calculate(call, &arguments) {
            Ok(value) => self.typed(id, call, &value),
            Err(reason) => {
                let (name, _) = self.names(id);
                let function = call.name.to_string();
                let problem = EvaluationError::WrongCall { function, name, reason };
                self.faults_of(id)
                    .value
                    .push(Finding::new(problem).at(call.span, phrase!("at-this-call", "this call")));
                self.nothing(id)
            }
        }
    }

    /// What a variable is that has no value: a list has no item.
    fn nothing(&self, id: VariableId) -> Value {
        if self.schema.variable(id).multi { Value::List(Vec::new()) } else { Value::None }
    }

    /// Makes a value by a call.
    pub(super) fn calculate(&self, call: &Call, arguments: &Arguments) -> Result<Value, FunctionError> {
        match &call.callee {
            Callee::Function(id) => self.library.calculate(*id, arguments),
            Callee::Expression(expression) => {
                let named: Vec<(&str, &Value)> =
                    arguments.named.iter().map(|(name, value)| (name.as_str(), value)).collect();
                expression
                    .render(&named)
                    .map(|text| if text.is_empty() { Value::None } else { Value::Text(text) })
            }
        }
    }

    /// The result of a calculation as a value of its variable's type.
    fn typed(&mut self, id: VariableId, call: &Call, value: &Value) -> Value {
        let variable = self.schema.variable(id);
        let one = |value: &Value| variable.kind.parse(&value.to_string());
        let split: Vec<Value>;
        let items = match (value, &call.callee) {
            // An expression writes the items of a list with commas between them.
            (Value::Text(text), Callee::Expression(_)) if variable.multi => {
                split = text.split(',').map(|item| Value::from(item.trim())).collect();
                &split
            }
            (value, _) => value.items(),
        };
        let result = match (variable.multi, items) {
            (true, items) => items.iter().map(one).collect::<Result<_, _>>().map(Value::List),
            (false, [item]) => one(item),
            (false, []) => Ok(Value::None),
            (false, _) => one(value),
        };
        result.unwrap_or_else(|mismatch| {
            let (name, family) = self.names(id);
            let problem = EvaluationError::WrongResult { name, family, mismatch };
            self.faults_of(id).value.push(
                Finding::new(problem).at(call.span, phrase!("at-this-calculation", "this calculation")),
            );
            self.nothing(id)
        })
    }

    /// The arguments of a call for the item `index` of `id`; none while a variable that it needs is disabled.
    pub(super) fn arguments(&self, id: VariableId, call: &Call, index: Option<usize>) -> Option<Arguments> {
        let mut arguments = Arguments::default();
        for argument in &call.arguments {
            let value = match &argument.value {
                ArgumentValue::Constant(constant) => Some(constant.clone()),
                ArgumentValue::Variable(other) => self.seen_from(id, *other, index),
                ArgumentValue::Index => {
                    Some(index.and_then(|index| i64::try_from(index).ok()).map_or(Value::None, Value::Number))
                }
                ArgumentValue::Information { name, of } => {
                    Some(self.library.information(of.as_deref(), name).unwrap_or_default())
                }
            };
            match (value, &argument.name) {
                (None, _) if argument.required => return None,
                (None, _) => {}
                (Some(value), Some(name)) => arguments.named.push((name.to_string(), value)),
                (Some(value), None) => arguments.positional.push(value),
            }
        }
        Some(arguments)
    }

    /// The value of `other` as the item `index` of `id` sees it: in one group, the item beside it. None while it is
    /// disabled.
    fn seen_from(&self, id: VariableId, other: VariableId, index: Option<usize>) -> Option<Value> {
        let state = self.state_of(other);
        if state.properties.is_disabled() {
            return None;
        }
        match index {
            Some(index) if self.group_of(id).is_some() && self.group_of(id) == self.group_of(other) => {
                let is_off = state.items.get(index).is_some_and(Properties::is_disabled);
                (!is_off).then(|| state.value.items().get(index).cloned().unwrap_or_default())
            }
            _ => Some(state.value.clone()),
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
}
