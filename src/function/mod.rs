//! What fill, auto and check can call.
//!
//! In: a function's name, when the schema is linked; its arguments, when it is evaluated. Out: a value, or a
//! verdict. Every function is pure. An argument that has no value is `Value::None`; what each one does with it is
//! EOLE's rule (CREOLE.md, Functions).

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;

use crate::value::Value;

mod calculation;
mod check;
mod expression;
mod problem;
mod python;

#[cfg(test)]
mod tests;

pub use expression::Expression;
pub use problem::FunctionError;

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

/// The functions of the dialect.
#[derive(Debug, Default)]
pub struct Functions {
    patterns: Patterns,
}

impl Library for Functions {
    fn find(&self, name: &str) -> Option<FunctionId> {
        find(name)
    }
    fn names(&self) -> Vec<&str> {
        names().collect()
    }
    fn name(&self, id: FunctionId) -> &str {
        id.name()
    }
    fn role(&self, id: FunctionId) -> FunctionRole {
        if id.is_check() { FunctionRole::Judges } else { FunctionRole::Calculates }
    }
    fn calculate(&self, id: FunctionId, arguments: &Arguments) -> Result<Value, FunctionError> {
        id.calculate(arguments)
    }
    fn check(&self, id: FunctionId, value: &Value, arguments: &Arguments) -> Result<(), FunctionError> {
        id.check(value, arguments, &self.patterns)
    }
}

/// A function, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(usize);

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
}

/// Regular expressions, compiled once.
#[derive(Debug, Default)]
pub struct Patterns(RefCell<BTreeMap<String, Regex>>);

impl Patterns {
    /// The expression `pattern`, which must match from the start of a text, as Python's `re.match` does.
    fn compile(&self, pattern: &str) -> Result<Regex, FunctionError> {
        if let Some(known) = self.0.borrow().get(pattern) {
            return Ok(known.clone());
        }
        let compiled = Regex::new(&format!("^(?:{pattern})")).map_err(|error| FunctionError::BadPattern {
            pattern: pattern.to_owned(),
            reason: error.to_string().lines().last().unwrap_or_default().to_owned(),
        })?;
        self.0.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        Ok(compiled)
    }
}

/// What a function does with its arguments.
#[derive(Clone, Copy)]
enum Body {
    /// It makes a value.
    Calculation(fn(&Arguments) -> Value),
    /// It judges the value that comes first.
    Check(fn(&Value, &Arguments, &Patterns) -> Result<(), FunctionError>),
}

/// Every function by its name.
const TABLE: [(&str, Body); 8] = [
    ("calc_multi_val", Body::Calculation(calculation::multi_val)),
    ("calc_val", Body::Calculation(calculation::val)),
    ("calc_val_first_value", Body::Calculation(calculation::first_value)),
    ("concat", Body::Calculation(calculation::concat)),
    ("valid_differ", Body::Check(check::differ)),
    ("valid_entier", Body::Check(check::integer)),
    ("valid_enum", Body::Check(check::one_of)),
    ("valid_regexp", Body::Check(check::pattern)),
];

/// The function `name`.
pub fn find(name: &str) -> Option<FunctionId> {
    TABLE.iter().position(|(known, _)| *known == name).map(FunctionId)
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

impl FunctionId {
    /// The id of the number `index` in a library.
    pub fn new(index: usize) -> Self {
        Self(index)
    }

    /// Its number in its library.
    pub fn index(self) -> usize {
        self.0
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        TABLE[self.0].0
    }

    /// Whether it judges a value; else it makes one.
    pub fn is_check(self) -> bool {
        matches!(TABLE[self.0].1, Body::Check(_))
    }

    /// Makes a value of `arguments`.
    ///
    /// # Errors
    /// That the function makes no value.
    pub fn calculate(self, arguments: &Arguments) -> Result<Value, FunctionError> {
        match TABLE[self.0].1 {
            Body::Calculation(body) => Ok(body(arguments)),
            Body::Check(_) => Err(FunctionError::WrongArguments { expected: "a place in a check" }),
        }
    }

    /// Judges `value`.
    ///
    /// # Errors
    /// Why it is refused, or what is wrong with the arguments.
    pub fn check(
        self,
        value: &Value,
        arguments: &Arguments,
        patterns: &Patterns,
    ) -> Result<(), FunctionError> {
        match TABLE[self.0].1 {
            Body::Check(body) => body(value, arguments, patterns),
            Body::Calculation(_) => {
                Err(FunctionError::WrongArguments { expected: "a place in a fill or auto" })
            }
        }
    }
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
