//! What fill, auto and check can call: the functions of the dialect, and a site's own.
//!
//! In: a function's name, when the schema is linked; its arguments, when it is evaluated. Out: a value, or a verdict. What a
//! function may know beside its arguments comes through [`Surroundings`] alone. An argument that has no value is
//! `Value::None`; what each one does with it is EOLE's rule (CREOLE.md, Functions).

use std::cell::RefCell;
use std::collections::BTreeMap;

use fancy_regex::Regex;

use crate::value::Value;

mod address;
mod calculation;
mod check;
mod expression;
mod multi_condition;
mod problem;
mod python;
mod site;
mod surroundings;
mod table;

#[cfg(test)]
mod tests;

pub use expression::Expression;
pub use problem::FunctionError;
pub use site::SiteFunctions;
pub use surroundings::{Device, INSTANCIATED, Machine, Surroundings};

use crate::phrase;
use table::{Body, TABLE};

/// A function, by its number in its library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(usize);

impl FunctionId {
    /// The id of the number `index` in a library.
    pub fn new(index: usize) -> Self {
        Self(index)
    }

    /// Its number in its library.
    pub fn index(self) -> usize {
        self.0
    }
}

/// The arguments of one call, those without a name first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments {
    /// Those without a name, in order.
    pub positional: Vec<Value>,
    /// Those with one, in order.
    pub named: Vec<(String, Value)>,
}

impl Arguments {
    /// The argument `name`, if it was given.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The argument `name`, or the one at `position` among those without a name.
    fn get(&self, name: &str, position: usize) -> Option<&Value> {
        self.named(name).or_else(|| self.positional.get(position))
    }

    /// The text of that argument; none where it was not given or is empty.
    fn text(&self, name: &str, position: usize) -> Option<String> {
        self.get(name, position).filter(|value| !value.is_empty()).map(ToString::to_string)
    }
}

/// What a function can be called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionRole {
    /// To make a value.
    Calculates,
    /// To judge one.
    Judges,
    /// For either.
    Either,
}

/// What fills, autos and checks can call.
pub trait Library {
    /// The function `name`.
    fn find(&self, name: &str) -> Option<FunctionId>;

    /// The names of all functions.
    fn names(&self) -> Vec<&str>;

    /// The name of a function.
    fn name(&self, id: FunctionId) -> &str;

    /// What a function can be called for.
    fn role(&self, id: FunctionId) -> FunctionRole;

    /// Makes a value of `arguments`.
    ///
    /// # Errors
    /// Why there is none.
    fn calculate(&self, id: FunctionId, arguments: &Arguments) -> Result<Value, FunctionError>;

    /// Judges `value`.
    ///
    /// # Errors
    /// Why it is refused, or what is wrong with the arguments.
    fn check(&self, id: FunctionId, value: &Value, arguments: &Arguments) -> Result<(), FunctionError>;

    /// What is known under `name` beside the variables, of the variable with the full path `of` or of all.
    fn information(&self, _of: Option<&str>, _name: &str) -> Option<Value> {
        None
    }

    /// Whether the server has been set up, so that `auto_freeze` holds.
    fn is_instanciated(&self) -> bool {
        false
    }
}

/// The library of users' runs: the functions of the dialect, then the site's own.
pub struct Functions {
    surroundings: Box<dyn Surroundings>,
    site: SiteFunctions,
    patterns: Patterns,
}

impl Functions {
    /// The functions that see `surroundings`, and those of the site.
    pub fn new(surroundings: Box<dyn Surroundings>, site: SiteFunctions) -> Self {
        Self { surroundings, site, patterns: Patterns::default() }
    }
}

impl Default for Functions {
    /// The functions of the dialect on the machine itself, without any of a site.
    fn default() -> Self {
        Self::new(Box::new(Machine::default()), SiteFunctions::default())
    }
}

impl Library for Functions {
    fn find(&self, name: &str) -> Option<FunctionId> {
        let native = TABLE.iter().position(|(known, _)| *known == name);
        native.or_else(|| Some(TABLE.len() + self.site.position(name)?)).map(FunctionId)
    }

    fn names(&self) -> Vec<&str> {
        TABLE.iter().map(|(name, _)| *name).chain(self.site.names()).collect()
    }

    fn name(&self, id: FunctionId) -> &str {
        match TABLE.get(id.0) {
            Some((name, _)) => name,
            None => self.site.name(id.0 - TABLE.len()),
        }
    }

    fn role(&self, id: FunctionId) -> FunctionRole {
        match TABLE.get(id.0) {
            Some((_, Body::Calculation(_))) => FunctionRole::Calculates,
            Some((_, Body::Check(_))) => FunctionRole::Judges,
            None => FunctionRole::Either,
        }
    }

    fn calculate(&self, id: FunctionId, arguments: &Arguments) -> Result<Value, FunctionError> {
        match TABLE.get(id.0) {
            Some((_, Body::Calculation(body))) => body(arguments, &*self.surroundings),
            Some((_, Body::Check(_))) => {
                Err(FunctionError::wrong_call(phrase!("be-in-check", "a place in a check")))
            }
            None => self.site.calculate(id.0 - TABLE.len(), arguments),
        }
    }

    fn check(&self, id: FunctionId, value: &Value, arguments: &Arguments) -> Result<(), FunctionError> {
        match TABLE.get(id.0) {
            Some((_, Body::Check(body))) => body(value, arguments, &self.patterns),
            Some((_, Body::Calculation(_))) => {
                Err(FunctionError::wrong_call(phrase!("be-in-fill", "a place in a fill or auto")))
            }
            None => self.site.check(id.0 - TABLE.len(), value, arguments),
        }
    }

    fn is_instanciated(&self) -> bool {
        self.surroundings.is_instanciated()
    }
}

/// Regular expressions, compiled once.
#[derive(Debug, Default)]
struct Patterns(RefCell<BTreeMap<String, Regex>>);

impl Patterns {
    /// The expression `pattern`, which must match from the start of a text, as Python's `re.match` does.
    fn compile(&self, pattern: &str) -> Result<Regex, FunctionError> {
        if let Some(known) = self.0.borrow().get(pattern) {
            return Ok(known.clone());
        }
        let compiled = Regex::new(&format!("^(?:{pattern})")).map_err(|error| FunctionError::BadPattern {
            pattern: pattern.to_owned(),
            reason: reason(&error.to_string()),
        })?;
        self.0.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        Ok(compiled)
    }
}

/// What is wrong with an expression, without its place, which is counted in a text that nobody wrote.
fn reason(message: &str) -> String {
    let last = message.lines().last().unwrap_or_default();
    last.rsplit_once(": ").map_or(last, |(_, reason)| reason).to_owned()
}

/// The words to which `valid_enum` with `arguments` closes a variable, or that it only suggests.
///
/// # Errors
/// What is wrong with the arguments.
pub fn choices(arguments: &Arguments) -> Result<Choices, FunctionError> {
    check::choices(arguments)
}

/// The words of a `valid_enum`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// The words, in order.
    pub words: Vec<String>,
    /// Whether other values are accepted too (`checkval` is `False`).
    pub open: bool,
}
