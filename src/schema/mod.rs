//! Trees to one linked schema: every name resolved, every type known, the order of evaluation fixed.
//!
//! In: the dictionaries, in order, and what the numbered families are made for. Out: a [`Schema`]. Invariants: an id
//! that the schema hands out is valid in it; a slave has one master; [`Schema::order`] has what a variable depends on
//! before it. What is refused: a name defined twice or nowhere, a slave of two masters, a master that is no list, a
//! default that is not of its type, an unknown type or function, a cycle.

mod changes;
mod define;
mod family_name;
mod group;
mod link;
mod model;
mod note;
mod numbered;
mod order;
mod problem;
mod system;
mod translation;

#[cfg(test)]
mod tests;

use changes::Changes;

pub use family_name::FamilyName;
pub use model::{
    Argument, ArgumentValue, Auto, Call, Callee, Choice, Choices, Condition, Family, FamilyId, ListTarget,
    Role, Schema, Separator, Variable, VariableId,
};
pub use numbered::{Numbering, numbering};
pub use order::{dependencies, looked_at};
pub use problem::SchemaError;
pub use system::System;
pub use translation::{described, translate};

use std::borrow::Cow;

use crate::diagnostic::Findings;
use crate::dictionary::Dictionary;
use crate::function::Library;

/// Links `dictionaries`, in their order, into one schema whose calls are of functions of `library`; what is wrong goes to
/// `findings`.
///
/// With errors in `findings` the schema lacks what they are about, and must not be evaluated.
pub fn link(
    dictionaries: &[Dictionary],
    numbering: &Numbering,
    library: &dyn Library,
    findings: &mut Findings,
) -> Schema {
    let dictionaries = dictionaries.iter().map(Cow::Borrowed).collect();
    link_each(dictionaries, numbering, library, findings)
}

/// Does the same with dictionaries that nobody needs any more: each part of them is let go once it is taken in, as thousands
/// of them take as much memory as the schema that is made of them.
pub fn link_owned(
    dictionaries: Vec<Dictionary>,
    numbering: &Numbering,
    library: &dyn Library,
    findings: &mut Findings,
) -> Schema {
    let dictionaries = dictionaries.into_iter().map(Cow::Owned).collect();
    link_each(dictionaries, numbering, library, findings)
}

fn link_each(
    dictionaries: Vec<Cow<'_, Dictionary>>,
    numbering: &Numbering,
    library: &dyn Library,
    findings: &mut Findings,
) -> Schema {
    let mut expanded = numbered::expand(dictionaries, numbering);
    let changes = Changes::of(&expanded);
    let (schema, choices) = define::define(&mut expanded, findings);
    let mut schema = link::constraints(&expanded, choices, changes, schema, library, findings);
    schema.system = system::merge(&expanded);
    schema.structural = numbering.keys().cloned().collect();
    order::sort(&mut schema, findings);
    schema
}
