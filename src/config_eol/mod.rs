//! The saved values: `config.eol`, read, changed and written.
//!
//! In: the text of a `config.eol`, and later what somebody set. Out: a [`Saved`], which answers what is
//! saved for a variable and gives back the text. The invariant: what nobody changed keeps its bytes, its
//! place and its spacing, known or not; a file is only ever replaced by a whole one, under a [`Lock`].
//! Refused: what is no JSON object, a member that is there twice, and a member of the form of no variable.
//! What another server or an older release saved is read too, as an [`Older`], for its values to be placed here.

mod ini;
mod json;
mod lock;
mod mask;
mod older;
mod parse;
mod piece;
mod problem;
mod saved;
mod store;
mod value;

pub use ini::{Ini, IniError, IniItem, IniSection};
pub use lock::Lock;
pub use older::{Older, load_older};
pub use parse::parse;
pub use problem::ConfigError;
pub use saved::Saved;
pub use store::{load, write};
pub use value::{MAX_INDEX, SavedItem, SavedValue};

#[cfg(test)]
mod tests;
