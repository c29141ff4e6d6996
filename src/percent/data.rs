//! What a template sees of a configuration: the plain form of the variables, and a trait that gives them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{FileId, Span};
use crate::value::Value;

/// The value of a variable, as a template sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Data {
    /// Nothing; prints as nothing.
    #[default]
    None,
    /// True or false.
    Boolean(bool),
    /// An integer.
    Number(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// The values of a `multi` variable.
    List(Vec<Data>),
    /// The master of a group with its slaves.
    Group(Group),
    /// The item of a slave that is disabled: whoever uses it gets an error.
    Disabled,
}

/// A master with its slaves. Each slave has as many items as the master; those that lack are taken as nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The values of the master.
    pub values: Vec<Data>,
    /// The items of each slave by its name. A slave that is disabled altogether is left out, or has only
    /// [`Data::Disabled`].
    pub slaves: BTreeMap<String, Vec<Data>>,
}

impl From<&Value> for Data {
    fn from(value: &Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Text(text) => Self::Text(text.as_str().into()),
            Value::Number(number) => Self::Number(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Boolean(boolean) => Self::Boolean(*boolean),
            Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// A variable with its value.
    Value(Data),
    /// A variable that is disabled, with the place to show, such as its definition.
    Disabled(Option<Span>),
    /// No variable.
    Unknown {
        /// The nearest name that there is.
        near: Option<String>,
    },
}

/// What a template can see. The same name must be answered in the same way throughout a rendering.
pub trait Surroundings {
    /// The variable `name`: a master as [`Data::Group`], anything else by its value. Whether a slave can be had by its
    /// own name, without its master, is decided here.
    fn lookup(&self, name: &str) -> Lookup;

    /// The template that `%include` calls `name`.
    fn include(&self, name: &str) -> Option<(FileId, Arc<str>)>;

    /// Whether there is a file at `path`.
    fn is_file(&self, path: &str) -> bool;

    /// Whether there is a folder at `path`.
    fn is_folder(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// Whether the server was instanciated before.
    fn is_instance(&self) -> bool;
}
