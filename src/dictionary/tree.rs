//! The tree of a dictionary: what each construct says, before any name is looked up.

use crate::source::{FileId, Span, Spanned};
use crate::value::Mode;

/// A name or word of the dictionary, with its place.
pub type Name = Spanned<String>;

/// One dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    /// The text that it was read from.
    pub file: FileId,
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
}

impl Dictionary {
    /// A dictionary that says nothing yet.
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            entries: Vec::new(),
            families: Vec::new(),
            separators: Vec::new(),
            constraints: Constraints::default(),
            help: Vec::new(),
        }
    }
}

/// A file, service, package or the like: read and kept for the stages that act on the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemEntry {
    /// Which element: `file`, `service`, `package`, …
    pub kind: String,
    /// The `<container>` it stands in, or `all`; none in `<files>`.
    pub container: Option<String>,
    /// Its attributes, in order.
    pub attributes: Vec<(String, Name)>,
    /// Its text: the name of a service, a package, …
    pub text: Name,
    /// What it holds, such as the `port`s of a `service_access`.
    pub inner: Vec<SystemEntry>,
}

impl SystemEntry {
    /// The value of the attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&Name> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// A tab of variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// As displayed; references match its normalised form.
    pub name: Name,
    /// What a person reads of it.
    pub description: Option<Name>,
    /// The mode from which it is shown.
    pub mode: Option<Spanned<Mode>>,
    /// The icon's name.
    pub icon: Option<Name>,
    /// Whether it is hidden with all its variables.
    pub hidden: bool,
    /// The variable that numbers it, for a family made once for each number or item.
    pub numbered: Option<Name>,
    /// Its variables.
    pub variables: Vec<Variable>,
}

/// A variable's definition, or the redefinition of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whether a redefinition drops its checks.
    pub remove_check: bool,
    /// Whether a redefinition drops the conditions on it.
    pub remove_condition: bool,
    /// Its default values.
    pub values: Vec<Name>,
}

/// A title before a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separator {
    /// The variable.
    pub variable: Name,
    /// The title.
    pub text: String,
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
    pub text: String,
}

/// What holds between variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What its result is used for.
    pub purpose: Purpose,
    /// The function.
    pub function: Name,
    /// The variable that it calculates or checks.
    pub target: Name,
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

/// An argument of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// How its text is to be read.
    pub kind: ParamKind,
    /// Its name, if it is a named argument.
    pub name: Option<Name>,
    /// Whether it is dropped if its variable is unknown.
    pub optional: bool,
    /// Whether the call has no result if its variable is disabled; else the argument is dropped.
    pub hidden: bool,
    /// Its text.
    pub text: Name,
}

/// How the text of an argument is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// As it is.
    Text,
    /// As the name of a variable, whose value it is.
    Variable,
    /// As a number.
    Number,
    /// As one of EOLE's own containers.
    Container,
    /// As something of the call's context.
    Context,
}

/// A condition: what happens to its targets while its source has, or has not, one of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What happens.
    pub action: Action,
    /// Whether it happens when the source has none of the values; else when it has one.
    pub negated: bool,
    /// The variable that is compared.
    pub source: Name,
    /// Whether the action is forced if the source is unknown.
    pub fallback: bool,
    /// The values.
    pub values: Vec<Param>,
    /// To what it happens.
    pub targets: Vec<Target>,
    /// Its start tag.
    pub span: Span,
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
    List(String),
}
