//! What can be wrong between the dictionaries of a configuration.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::value::Mismatch;
use crate::words::Phrase;

/// What is wrong between dictionaries.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum SchemaError {
    /// A variable has two definitions.
    #[error("variable `{name}` is defined twice")]
    #[diagnostic(
        code(schema::duplicate_variable),
        help("rename one of them, or give the second redefine='True' to change the first")
    )]
    DuplicateVariable {
        /// Its name.
        name: String,
    },
    /// A redefinition of what is not there.
    #[error("`{name}` is redefined, but no dictionary read before this one defines it")]
    #[diagnostic(code(schema::redefines_unknown_variable), help("{help}"))]
    RedefinesUnknownVariable {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A variable that a constraint names and no dictionary defines.
    #[error("unknown variable `{name}`")]
    #[diagnostic(code(schema::unknown_variable), help("{help}"))]
    UnknownVariable {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A family that a condition names and no dictionary defines.
    #[error("unknown family `{name}`")]
    #[diagnostic(code(schema::unknown_family), help("{help}"))]
    UnknownFamily {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A type that does not exist.
    #[error("unknown type `{name}`")]
    #[diagnostic(code(schema::unknown_type), help("{help}"))]
    UnknownType {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A function that does not exist.
    #[error("unknown function `{name}`")]
    #[diagnostic(code(schema::unknown_function), help("{help}"))]
    UnknownFunction {
        /// Its name.
        name: String,
        /// What to do.
        help: Phrase,
    },
    /// A function called for what it does not do.
    #[error("`{name}` {does}, and cannot be called here")]
    #[diagnostic(code(schema::wrong_purpose), help("call a function that does what this element is for"))]
    WrongPurpose {
        /// The function.
        name: String,
        /// What it does.
        does: Phrase,
    },
    /// A slave of two masters.
    #[error("`{slave}` is a slave of `{first}` and of `{second}`")]
    #[diagnostic(code(schema::slave_of_two_masters), help("take it out of one of the two groups"))]
    SlaveOfTwoMasters {
        /// The slave.
        slave: String,
        /// Its first master.
        first: String,
        /// Its second master.
        second: String,
    },
    /// A master that is no list.
    #[error("`{name}` leads a group but is no list")]
    #[diagnostic(code(schema::master_not_multi), help("give the variable multi='True'"))]
    MasterNotMulti {
        /// The master.
        name: String,
    },
    /// A slave that is the master of a group, its own or another.
    #[error("`{name}` is both a master and a slave")]
    #[diagnostic(code(schema::master_is_slave), help("take it out of one of the two groups"))]
    MasterIsSlave {
        /// The variable.
        name: String,
    },
    /// A default of another type than its variable's.
    #[error("the default of `{name}` does not fit: {mismatch}")]
    #[diagnostic(code(schema::bad_default), help("write a value of the variable's type, or change the type"))]
    BadDefault {
        /// The variable.
        name: String,
        /// What was expected and found.
        mismatch: Mismatch,
    },
    /// Several defaults for a variable that is no list.
    #[error("`{name}` has {count} default values but is no list")]
    #[diagnostic(code(schema::several_defaults), help("give the variable multi='True', or keep one value"))]
    SeveralDefaults {
        /// The variable.
        name: String,
        /// How many.
        count: usize,
    },
    /// Two calculations of one variable.
    #[error("`{name}` is calculated twice")]
    #[diagnostic(code(schema::calculated_twice), help("keep one fill or auto for the variable"))]
    CalculatedTwice {
        /// The variable.
        name: String,
    },
    /// Variables that depend on each other in a circle.
    #[error("variables depend on each other in a circle: {}", cycle.join(" → "))]
    #[diagnostic(code(schema::cycle), help("break the circle: one of these must not depend on the next"))]
    Cycle {
        /// The circle, its first name repeated at its end.
        cycle: Vec<String>,
    },
    /// An expression that the template engine does not take.
    #[error("{reason}")]
    #[diagnostic(
        code(schema::bad_expression),
        help("mend the expression, as one of the template engine Tera")
    )]
    BadExpression {
        /// What the engine says.
        reason: Phrase,
    },
    /// A kind of argument that has no value where it stands.
    #[error("an argument of type `{kind}` has no value here")]
    #[diagnostic(
        code(schema::unsupported_argument),
        help("use an argument of another type, such as `variable` or `string`")
    )]
    UnsupportedArgument {
        /// The type.
        kind: &'static str,
    },
    /// An argument that is no number.
    #[error("the argument \"{text}\" is no number")]
    #[diagnostic(code(schema::bad_number), help("write digits, or leave the type out"))]
    BadNumber {
        /// What stands there.
        text: String,
    },
    /// A numbered family whose number cannot be told.
    #[error("family `{family}` is numbered by `{by}`, which {reason}")]
    #[diagnostic(code(schema::bad_numbering), help("{help}"))]
    BadNumbering {
        /// The family.
        family: String,
        /// The variable.
        by: String,
        /// What is wrong with it.
        reason: Phrase,
        /// What to do.
        help: Phrase,
    },
}
