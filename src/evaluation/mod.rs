//! Schema and saved values to a snapshot: each variable with its value, whose it is, and what may be done with it.

mod property;
mod snapshot;

pub use crate::value::Mode;
pub use property::{Properties, Property, Reason};
pub use snapshot::{Entry, Owners, Snapshot};
