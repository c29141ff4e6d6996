//! Schema and saved values to a snapshot: each variable with its value, whose it is, and what may be done with it.
//!
//! In: a linked [`Schema`](crate::schema::Schema) and the saved values. Out: a [`Snapshot`] of every variable, and what
//! is wrong with it. The walk follows the schema's order once, so whatever a variable depends on has its final value
//! before it. Nothing is refused here: a value that does not fit is reported, and its variable left empty.

mod check;
mod condition;
mod evaluator;
mod problem;
mod property;
mod saved;
mod snapshot;

#[cfg(test)]
mod tests;

pub use evaluator::{Evaluated, evaluate};
pub use problem::EvaluationError;
pub use property::{Properties, Property, Reason};
pub use snapshot::{Entry, Owners, Snapshot};

pub use crate::value::Mode;
