//! The linked schema.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::FamilyName;
use super::system::System;
use crate::dictionary::{Action, Namespace, Purpose};
use crate::function::{Expression, FunctionId};
use crate::source::Span;
use crate::value::{Mode, Value, VariableType};

/// The number of a variable in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(pub(super) u32);

/// The number of a family in its [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyId(pub(super) u32);

/// All that the dictionaries say, linked.
#[derive(Debug, Default)]
pub struct Schema {
    pub(super) families: IndexMap<FamilyName, Family, FxBuildHasher>,
    /// Each in a piece of memory of its own, which takes the place of what was read and is let go meanwhile.
    pub(super) variables: IndexMap<Arc<str>, Box<Variable>, FxBuildHasher>,
    /// By namespace and bare name, the variables that are known by their full paths.
    pub(super) extras: IndexMap<(Arc<str>, Arc<str>), VariableId>,
    pub(super) conditions: Vec<Condition>,
    pub(super) calls: Vec<Call>,
    pub(super) order: Vec<VariableId>,
    pub(super) system: System,
    /// The variables for whose items families are made.
    pub(super) structural: Vec<Arc<str>>,
}

/// A tab of variables.
#[derive(Debug)]
pub struct Family {
    /// Its first spelling, as displayed; empty for the variables that stand in no family.
    pub name: Arc<str>,
    /// Its full path, such as `creole.conteneur_1`.
    pub path: Arc<str>,
    /// Where its variables live.
    pub namespace: Namespace,
    /// The family that it stands in.
    pub parent: Option<FamilyId>,
    /// What a person reads of it.
    pub description: Option<Arc<str>>,
    /// What a person may read more of it.
    pub help: Option<Arc<str>>,
    /// The mode from which it is shown.
    pub mode: Mode,
    /// Its icon.
    pub icon: Option<Arc<str>>,
    /// Where it is said to be hidden, if it is.
    pub hidden: Option<Span>,
    /// Where it is said to be disabled, if it is.
    pub disabled: Option<Span>,
    /// Whether its first variable leads the others.
    pub leadership: bool,
    /// The conditions on the whole of it, as indices into [`Schema::condition`].
    pub conditions: Vec<u32>,
    /// Where its name stands first.
    pub definition: Span,
}

/// A variable with all that concerns it.
#[derive(Debug)]
pub struct Variable {
    /// Its type.
    pub kind: VariableType,
    /// What a person reads of it; its name if the dictionary says nothing.
    pub description: Arc<str>,
    /// What a person may read more of it.
    pub help: Option<Arc<str>>,
    /// The title shown before it.
    pub separator: Option<Box<Separator>>,
    /// Its family.
    pub family: FamilyId,
    /// Whether it is a list by itself.
    pub multi: bool,
    /// Whether each item of it must differ from the others.
    pub unique: bool,
    /// Where it is said to be mandatory, if it is.
    pub mandatory: Option<Span>,
    /// Where it is said to be hidden, if it is.
    pub hidden: Option<Span>,
    /// Where it is said to be disabled, if it is.
    pub disabled: Option<Span>,
    /// The mode from which it is shown.
    pub mode: Mode,
    /// What happens to its value by itself.
    pub auto: Auto,
    /// Its default: one value, or a list for a multi.
    pub default: Value,
    /// The values to which it is closed, where it is.
    pub choices: Option<Box<Choices>>,
    /// Its place in a group.
    pub role: Role,
    /// The calculation of its value or default, as an index into [`Schema::call`].
    pub calculation: Option<u32>,
    /// The checks of its value, as indices into [`Schema::call`].
    pub checks: Vec<u32>,
    /// The conditions on it, as indices into [`Schema::condition`].
    pub conditions: Vec<u32>,
    /// Where its name stands in the definition.
    pub definition: Span,
}

/// What happens to the value of a variable by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Auto {
    /// Whether it is frozen once the server is instanciated.
    pub freeze: bool,
    /// Whether its default is saved with the first save.
    pub save: bool,
}

/// A title before a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separator {
    /// The title.
    pub text: Arc<str>,
    /// Whether it is shown even if the variable is not.
    pub never_hidden: bool,
}

/// The values to which a variable is closed.
#[derive(Debug)]
pub struct Choices {
    /// Each of them, or what gives several.
    pub from: Vec<Choice>,
    /// Where the first one stands.
    pub span: Span,
}

/// One of the values to which a variable is closed, or what gives several.
#[derive(Debug)]
pub enum Choice {
    /// This value, or the items of this variable.
    Of(ArgumentValue),
    /// The items that a function calculates, as an index into [`Schema::call`].
    Calculated(u32),
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
    pub source_name: Arc<str>,
    /// The values.
    pub values: Vec<ArgumentValue>,
    /// The sets of files, services, … that it acts on.
    pub lists: Vec<ListTarget>,
    /// Where it stands.
    pub span: Span,
}

/// A set of files, services, … that a condition acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListTarget {
    /// The attribute that names the set: `filelist`, …
    pub kind: &'static str,
    /// The set's name.
    pub name: Arc<str>,
    /// Whether it is no mistake that nothing belongs to it.
    pub optional: bool,
    /// Where the target stands.
    pub span: Span,
}

/// A call of a function, its names resolved.
#[derive(Debug)]
pub struct Call {
    /// What its result is used for.
    pub purpose: Purpose,
    /// What is called, in words: the name of a function.
    pub name: Arc<str>,
    /// What is called.
    pub callee: Callee,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Where the function's name stands.
    pub span: Span,
}

/// What a call calls.
#[derive(Debug)]
pub enum Callee {
    /// A function of the library.
    Function(FunctionId),
    /// An expression of the template engine, with the variables that it names.
    Expression(Box<Expression>),
}

/// An argument of a call.
#[derive(Debug)]
pub struct Argument {
    /// Its name, if it is a named one.
    pub name: Option<Arc<str>>,
    /// What it is.
    pub value: ArgumentValue,
    /// Whether the call has no result while the argument's variable is disabled; else the argument is dropped then.
    pub required: bool,
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq)]
pub enum ArgumentValue {
    /// This.
    Constant(Value),
    /// The value of this variable.
    Variable(VariableId),
    /// The number of the item that is calculated, from 0.
    Index,
    /// What the library knows under this name.
    Information {
        /// The name.
        name: Arc<str>,
        /// The full path of the variable that it is about.
        of: Option<Arc<str>>,
    },
}

impl ArgumentValue {
    /// The variable whose value it is.
    pub fn variable(&self) -> Option<VariableId> {
        match self {
            Self::Variable(id) => Some(*id),
            _ => None,
        }
    }
}

impl VariableId {
    /// The number itself: variables are numbered from 0 in the order of their definitions.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The id of the number `index`, of which there are never more than the bytes of the dictionaries.
    pub(super) fn of(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

impl FamilyId {
    /// The number itself: families are numbered from 0 in the order of their definitions.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The id of the number `index`.
    pub(super) fn of(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

impl Schema {
    /// The variable `name`: a bare name of the main namespace, or a full path.
    pub fn find(&self, name: &str) -> Option<VariableId> {
        self.find_from(&Namespace::Main, name)
    }

    /// The variable that `name` names in a dictionary of `namespace`: one of that namespace by its bare name, else one of
    /// the main one, else the one of that full path.
    pub fn find_from(&self, namespace: &Namespace, name: &str) -> Option<VariableId> {
        if let Namespace::Extra(space) = namespace
            && let Some(id) = self.extras.get(&(Arc::clone(space), Arc::from(name)))
        {
            return Some(*id);
        }
        self.variables.get_index_of(name).map(VariableId::of).or_else(|| self.find_path(name))
    }

    /// The variable of the full path `path`, families in any spelling.
    fn find_path(&self, path: &str) -> Option<VariableId> {
        let (above, name) = path.rsplit_once('.')?;
        let (space, families) = above.split_once('.').unwrap_or((above, ""));
        let main = matches!(space, "creole" | "rougail");
        let id = if main {
            VariableId::of(self.variables.get_index_of(name)?)
        } else {
            *self.extras.get(&(Arc::from(space), Arc::from(name)))?
        };
        let family = self.family(self.variable(id).family);
        let wanted = FamilyName::of_path(&Namespace::Main, families.split('.'));
        let found = family.path.split_once('.').map_or("", |(_, families)| families);
        (wanted.as_str() == found).then_some(id)
    }

    /// The full path of the variable, such as `creole.conteneur_1.conteneur1_name`.
    pub fn path(&self, id: VariableId) -> String {
        let name = self.name(id);
        let bare = name.rsplit('.').next().unwrap_or(name);
        format!("{}.{bare}", self.family(self.variable(id).family).path)
    }

    /// The variable that `id` numbers.
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.index()]
    }

    /// The name by which the variable that `id` numbers is known.
    pub fn name(&self, id: VariableId) -> &str {
        self.variables.get_index(id.index()).map_or("", |(name, _)| name)
    }

    /// That name, shared.
    pub fn shared_name(&self, id: VariableId) -> Arc<str> {
        self.variables.get_index(id.index()).map_or_else(|| "".into(), |(name, _)| Arc::clone(name))
    }

    /// The id of the number `index`, which the schema gave out.
    pub fn id(&self, index: u32) -> VariableId {
        debug_assert!((index as usize) < self.variables.len(), "a number of this schema");
        VariableId(index)
    }

    /// Whether a change of the variable `name` changes the schema itself: families are made for its items.
    pub fn is_structural(&self, name: &str) -> bool {
        self.structural.iter().any(|by| **by == *name)
    }

    /// All variables, in the order of their definitions.
    pub fn ids(&self) -> impl Iterator<Item = VariableId> + use<> {
        (0..self.variables.len()).map(VariableId::of)
    }

    /// The names of all variables, in that order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(AsRef::as_ref)
    }

    /// The family that `id` numbers.
    pub fn family(&self, id: FamilyId) -> &Family {
        &self.families[id.index()]
    }

    /// The family that `id` numbers, the one that it stands in, and so on.
    pub fn families_of(&self, id: FamilyId) -> impl Iterator<Item = &Family> {
        std::iter::successors(Some(self.family(id)), |family| family.parent.map(|parent| self.family(parent)))
    }

    /// All families, in the order of their definitions.
    pub fn families(&self) -> impl Iterator<Item = (&FamilyName, &Family)> {
        self.families.iter()
    }

    /// A condition, by an index that the schema holds.
    pub fn condition(&self, index: u32) -> &Condition {
        &self.conditions[index as usize]
    }

    /// All conditions, in the order of their dictionaries.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// A call, by an index that the schema holds.
    pub fn call(&self, index: u32) -> &Call {
        &self.calls[index as usize]
    }

    /// All variables, each after those on which its value or its properties depend.
    pub fn order(&self) -> &[VariableId] {
        &self.order
    }

    /// The files, services, packages and the like.
    pub fn system(&self) -> &System {
        &self.system
    }
}
