//! Schema and saved values to a snapshot: each variable with its value, whose it is, and what may be done with it.
//!
//! In: a linked [`Schema`](crate::schema::Schema), the saved values and the functions that it calls. Out: a [`Snapshot`] of every
//! variable, and what is wrong with it. The walk follows the schema's order once, so whatever a variable depends on has its
//! final value before it; an [`Evaluation`] that is kept follows a change to what depends on it, with the same result
//! as from scratch. Nothing is refused here: a value that does not fit is reported, and its variable left empty.

mod check;
mod condition;
mod evaluator;
mod followers;
mod kept;
mod lasting;
mod problem;
mod property;
mod saved;
mod snapshot;

#[cfg(test)]
mod tests;

pub use kept::{Evaluated, Evaluation, Look, Missing, evaluate};
pub use lasting::{Occasion, lasting};
pub use problem::EvaluationError;
pub use property::{Properties, Property, Reason, Why};
pub use snapshot::{Entry, ListState, Owners, Snapshot};

pub use crate::value::Mode;
