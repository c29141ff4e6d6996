//! The tree of a dictionary: what each construct says, before any name is looked up.

use std::fmt;
use std::sync::Arc;

use super::Translation;
use crate::source::{FileId, Span, Spanned};
use crate::value::{Mode, Value};

/// A name or word of the dictionary, with its place.
pub type Name = Spanned<Arc<str>>;

/// Where the variables of a dictionary live: names are unique within one namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// The one that all share, whose variables are known by their bare names.
    #[default]
    Main,
    /// That of a folder of `extra`, whose variables are known by their full paths.
    Extra(Arc<str>),
}

/// Which of the two dialects a dictionary is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// EOLE's, with the root `creole`.
    #[default]
    Creole,
    /// Its successor's, with the root `rougail`.
    Rougail,
}

impl Dialect {
    /// The name of the root element, and the first word of full paths in the main namespace.
    pub fn root(self) -> &'static str {
        match self {
            Self::Creole => "creole",
            Self::Rougail => "rougail",
        }
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Main => "main",
            Self::Extra(name) => name,
        })
    }
}

/// One dictionary.
#[derive(Debug, Clone, PartialEq)]
pub struct Dictionary {
    /// The text that it was read from.
    pub file: FileId,
    /// The dialect that it is written in.
    pub dialect: Dialect,
    /// Where its variables live.
    pub namespace: Namespace,
    /// What it says of files, services, packages and EOLE's own containers, in order.
    pub entries: Vec<SystemEntry>,
    /// Its families, in order; a name may come twice.
    pub families: Vec<Family>,
    /// Titles shown before a variable.
    pub separators: Vec<Separator>,
    /// What holds between its variables.
    pub constraints: Constraints,
    /// Texts for variables and families.
    pub help: Vec<Help>,
    /// What it says in other languages.
    pub translations: Vec<Translation>,
}

impl Dictionary {
    /// A dictionary that says nothing yet.
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            dialect: Dialect::Creole,
            namespace: Namespace::Main,
            entries: Vec::new(),
            families: Vec::new(),
            separators: Vec::new(),
            constraints: Constraints::default(),
            help: Vec::new(),
            translations: Vec::new(),
        }
    }
}

impl Dictionary {
    /// Gives back the room that its lists took while they grew: there may be thousands of dictionaries.
    pub(super) fn shrink(&mut self) {
        self.families.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.separators.shrink_to_fit();
        self.help.shrink_to_fit();
        let Constraints { groups, calls, conditions } = &mut self.constraints;
        groups.shrink_to_fit();
        for group in groups {
            group.slaves.shrink_to_fit();
        }
        calls.shrink_to_fit();
        for call in calls {
            call.params.shrink_to_fit();
        }
        conditions.shrink_to_fit();
        for condition in conditions {
            condition.values.shrink_to_fit();
            condition.targets.shrink_to_fit();
        }
    }
}

/// A file, service, package or the like: read and kept for the stages that act on the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemEntry {
    /// Which element: `file`, `service`, `package`, …
    pub kind: &'static str,
    /// The `<container>` it stands in, or `all`; none in `<files>`.
    pub container: Option<Arc<str>>,
    /// Its attributes, in order.
    pub attributes: Vec<(&'static str, Name)>,
    /// Its text: the name of a service, a package, …
    pub text: Name,
    /// What it holds, such as the `port`s of a `service_access`.
    pub inner: Vec<SystemEntry>,
}

impl SystemEntry {
    /// What it is called by: its text, as a service's, or its `name`, as a file's.
    pub fn name(&self) -> &str {
        let named = self.attribute("name").or_else(|| self.attribute("service"));
        if self.text.value.is_empty() { named.map_or("", |name| &name.value) } else { &self.text.value }
    }

    /// The value of the attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&Name> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// A tab of variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// As displayed; references match its normalised form. Empty for variables that stand in no family.
    pub name: Name,
    /// The families that it stands in, the outermost first.
    pub within: Vec<Name>,
    /// What a person reads of it.
    pub description: Option<Name>,
    /// The mode from which it is shown.
    pub mode: Option<Spanned<Mode>>,
    /// The icon's name.
    pub icon: Option<Name>,
    /// Whether it is hidden with all its variables.
    pub hidden: Option<bool>,
    /// Whether it is disabled with all its variables.
    pub disabled: Option<bool>,
    /// Whether its first variable leads the others of it as a group.
    pub leadership: Option<bool>,
    /// What it is made for, once for each, if it is not made just once.
    pub repeated: Option<Repeated>,
    /// What a person may read more of it.
    pub help: Option<Arc<str>>,
    /// Its variables.
    pub variables: Vec<Variable>,
}

impl Family {
    /// A family of which nothing but its name is said.
    pub fn new(name: Name) -> Self {
        Self {
            name,
            within: Vec::new(),
            description: None,
            mode: None,
            icon: None,
            hidden: None,
            disabled: None,
            leadership: None,
            repeated: None,
            help: None,
            variables: Vec::new(),
        }
    }
}

impl Variable {
    /// A variable of which nothing but its name is said.
    pub fn new(name: Name) -> Self {
        Self {
            name,
            kind: None,
            description: None,
            multi: None,
            mandatory: None,
            hidden: None,
            disabled: None,
            unique: None,
            mode: None,
            auto_freeze: None,
            auto_save: None,
            redefine: false,
            exists: None,
            removes: Vec::new(),
            values: Vec::new(),
            choices: Vec::new(),
            help: None,
        }
    }
}

/// A family that is written once and made for each number or item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The variable that has the number, or the items.
    pub by: Name,
    /// Whether the item is put at the end of each name; else it replaces each `X` in it.
    pub appended: bool,
}

/// A variable's definition, or the redefinition of an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// The name of its type.
    pub kind: Option<Name>,
    /// What a person reads of it.
    pub description: Option<Name>,
    /// Whether it is a list.
    pub multi: Option<bool>,
    /// Whether it must have a value.
    pub mandatory: Option<bool>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
    /// Whether it is disabled.
    pub disabled: Option<bool>,
    /// Whether each item of a list must differ from the others.
    pub unique: Option<bool>,
    /// The mode from which it is shown.
    pub mode: Option<Spanned<Mode>>,
    /// Whether it is frozen once the server is instanciated.
    pub auto_freeze: Option<bool>,
    /// Whether its default is saved with the first save.
    pub auto_save: Option<bool>,
    /// Whether this changes an earlier definition.
    pub redefine: bool,
    /// `False`: only if there is none yet; `True`: only if there is one.
    pub exists: Option<bool>,
    /// What a redefinition takes away of what was said before.
    pub removes: Vec<Part>,
    /// Its default values; of no text are those that are nothing.
    pub values: Vec<Name>,
    /// The values to which it is closed.
    pub choices: Vec<Param>,
    /// What a person may read more of it.
    pub help: Option<Arc<str>>,
}

/// What dictionaries say of a variable, and a redefinition can take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its checks.
    Checks,
    /// The conditions on it.
    Conditions,
    /// Its calculation.
    Calculation,
    /// The values to which it is closed.
    Choices,
}

/// A title before a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separator {
    /// The variable.
    pub variable: Name,
    /// The title.
    pub text: Arc<str>,
    /// Whether it is shown even if the variable is not.
    pub never_hidden: bool,
}

/// A help text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Whether it is for a family; else for a variable.
    pub of_family: bool,
    /// Of what.
    pub name: Name,
    /// The text.
    pub text: Arc<str>,
}

/// What holds between variables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constraints {
    /// Masters and their slaves.
    pub groups: Vec<Group>,
    /// Calculations and checks, in order.
    pub calls: Vec<Call>,
    /// Conditions, in order.
    pub conditions: Vec<Condition>,
}

/// A master and its slaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The list that leads.
    pub master: Name,
    /// Those with one value for each of its items.
    pub slaves: Vec<Name>,
}

/// A function called for a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What its result is used for.
    pub purpose: Purpose,
    /// The function, or the text of the expression.
    pub function: Name,
    /// Whether it is an expression of the template engine, and not the name of a function.
    pub expression: bool,
    /// The variable that it calculates or checks.
    pub target: Name,
    /// Whether an unknown target is no mistake.
    pub optional: bool,
    /// Its arguments.
    pub params: Vec<Param>,
}

/// What the result of a call is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The default, which a user may override.
    Fill,
    /// The value, always.
    Auto,
    /// To refuse a value.
    Check,
    /// To warn of a value.
    Warn,
}

/// An argument of a call, a value of a condition, or a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// What it is.
    pub content: ParamContent,
    /// Its name, if it is a named argument.
    pub name: Option<Arc<str>>,
    /// Whether it is dropped if its variable is unknown.
    pub optional: bool,
    /// Whether the call has no result if its variable is disabled; else the argument is dropped.
    pub required: bool,
    /// Where its text stands.
    pub span: Span,
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamContent {
    /// This value.
    Constant(Value),
    /// The value of the variable of this name.
    Variable(Arc<str>),
    /// The result of a function, for a choice.
    Function {
        /// Its name.
        name: Arc<str>,
        /// Its arguments.
        arguments: Vec<Param>,
    },
    /// What is known under this name beside the variables, perhaps of a variable.
    Information {
        /// Its name.
        name: Arc<str>,
        /// The variable that it is about.
        of: Option<Arc<str>>,
    },
    /// The number of the item that is calculated, from 0.
    Index,
    /// The item for which a repeated family is made.
    Suffix,
    /// A number that is none.
    NoNumber(Arc<str>),
    /// The address of one of EOLE's own containers, by its name.
    Container(Arc<str>),
    /// The state of EOLE's own program, which functions of galerne are not given.
    Context,
}

/// A condition: what happens to its targets while its source has, or has not, one of its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What happens.
    pub action: Action,
    /// Whether it happens when the source has none of the values; else when it has one.
    pub negated: bool,
    /// The variable that is compared.
    pub source: Name,
    /// What happens if the source is unknown.
    pub fallback: Fallback,
    /// The values.
    pub values: Vec<Param>,
    /// To what it happens.
    pub targets: Vec<Target>,
    /// Its start tag.
    pub span: Span,
}

/// What a condition does if its source is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It is a mistake.
    Refused,
    /// It acts on its targets.
    Acts,
    /// It does nothing.
    Nothing,
}

/// What a condition does to its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They have no value at all.
    Disable,
    /// They are not shown and have their defaults.
    Hide,
    /// They are shown and have their defaults.
    Freeze,
    /// They must have a value.
    Require,
}

/// What a condition acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What the name names.
    pub kind: TargetKind,
    /// Whether an unknown name is no error.
    pub optional: bool,
    /// The name.
    pub name: Name,
}

/// What the name of a target names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// A variable.
    Variable,
    /// A family, by its normalised name.
    Family,
    /// A set of files, services, packages, …, by the attribute that names the set: `filelist`, …
    List(&'static str),
}
