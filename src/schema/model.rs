//! The linked schema.

use indexmap::IndexMap;

use super::FamilyName;
use crate::dictionary::{Action, Purpose};
use crate::function::FunctionId;
use crate::source::{Span, Spanned};
use crate::value::{Mode, Value, VariableType};

/// The number of a variable in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(pub(super) usize);

/// The number of a family in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyId(pub(super) usize);

/// All that the dictionaries say, linked.
#[derive(Debug, Default)]
pub struct Schema {
    pub(super) families: IndexMap<FamilyName, Family>,
    pub(super) variables: IndexMap<String, Variable>,
    pub(super) conditions: Vec<Condition>,
    pub(super) calls: Vec<Call>,
    pub(super) order: Vec<VariableId>,
}

/// A tab of variables.
#[derive(Debug)]
pub struct Family {
    /// Its first spelling, as displayed.
    pub name: String,
    /// What a person reads of it.
    pub description: Option<String>,
    /// The mode from which it is shown.
    pub mode: Mode,
    /// Its icon.
    pub icon: Option<String>,
    /// Where it is said to be hidden, if it is.
    pub hidden: Option<Span>,
    /// The conditions on the whole of it, as indices into [`Schema::condition`].
    pub conditions: Vec<usize>,
}

/// A variable with all that concerns it.
#[derive(Debug)]
pub struct Variable {
    /// Its type.
    pub kind: VariableType,
    /// What a person reads of it; its name if the dictionary says nothing.
    pub description: String,
    /// Its family.
    pub family: FamilyId,
    /// Whether it is a list by itself.
    pub multi: bool,
    /// Where it is said to be mandatory, if it is.
    pub mandatory: Option<Span>,
    /// Where it is said to be hidden, if it is.
    pub hidden: Option<Span>,
    /// The mode from which it is shown.
    pub mode: Mode,
    /// Whether it is frozen once the server is instanciated.
    pub auto_freeze: bool,
    /// Whether its default is saved with the first save.
    pub auto_save: bool,
    /// Its default: one value, or a list for a multi.
    pub default: Value,
    /// Its place in a group.
    pub role: Role,
    /// The calculation of its value or default, as an index into [`Schema::call`].
    pub calculation: Option<usize>,
    /// The checks of its value, as indices into [`Schema::call`].
    pub checks: Vec<usize>,
    /// The conditions on it, as indices into [`Schema::condition`].
    pub conditions: Vec<usize>,
    /// Where its name stands in the definition.
    pub definition: Span,
}

/// The place of a variable in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is in no group.
    Alone,
    /// It is the list that leads.
    Master,
    /// It has one value for each item of this master.
    Slave(VariableId),
}

/// A condition, its names resolved.
#[derive(Debug)]
pub struct Condition {
    /// What happens to the targets.
    pub action: Action,
    /// Whether it happens when the source has none of the values.
    pub negated: bool,
    /// The variable that is compared; none where an unknown source forces the action.
    pub source: Option<VariableId>,
    /// The source's name.
    pub source_name: String,
    /// The values.
    pub values: Vec<ArgumentValue>,
    /// The sets of files, services, … that it acts on: the attribute, the set's name.
    pub lists: Vec<(String, String)>,
    /// Where it stands.
    pub span: Span,
}

/// A call of a function, its names resolved.
#[derive(Debug)]
pub struct Call {
    /// What its result is used for.
    pub purpose: Purpose,
    /// The function.
    pub function: FunctionId,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Where the function's name stands.
    pub span: Span,
}

/// An argument of a call.
#[derive(Debug)]
pub struct Argument {
    /// Its name, if it is a named one.
    pub name: Option<String>,
    /// What it is.
    pub value: ArgumentValue,
    /// Whether the call has no result while the argument's variable is disabled; else the argument is dropped then.
    pub required: bool,
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq)]
pub enum ArgumentValue {
    /// This.
    Constant(Spanned<Value>),
    /// The value of this variable.
    Variable(VariableId),
}

impl VariableId {
    /// The number itself: variables are numbered from 0 in the order of their definitions.
    pub fn index(self) -> usize {
        self.0
    }
}

impl Schema {
    /// The variable `name`.
    pub fn find(&self, name: &str) -> Option<VariableId> {
        self.variables.get_index_of(name).map(VariableId)
    }

    /// The variable that `id` numbers.
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.0]
    }

    /// The name of the variable that `id` numbers.
    pub fn name(&self, id: VariableId) -> &str {
        self.variables.get_index(id.0).map_or("", |(name, _)| name)
    }

    /// All variables, in the order of their definitions.
    pub fn ids(&self) -> impl Iterator<Item = VariableId> + use<> {
        (0..self.variables.len()).map(VariableId)
    }

    /// The names of all variables, in that order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// The family that `id` numbers.
    pub fn family(&self, id: FamilyId) -> &Family {
        &self.families[id.0]
    }

    /// All families, in the order of their definitions.
    pub fn families(&self) -> impl Iterator<Item = (&FamilyName, &Family)> {
        self.families.iter()
    }

    /// A condition, by an index that the schema holds.
    pub fn condition(&self, index: usize) -> &Condition {
        &self.conditions[index]
    }

    /// A call, by an index that the schema holds.
    pub fn call(&self, index: usize) -> &Call {
        &self.calls[index]
    }

    /// All variables, each after those on which its value or its properties depend.
    pub fn order(&self) -> &[VariableId] {
        &self.order
    }
}
