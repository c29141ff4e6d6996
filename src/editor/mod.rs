//! The terminal editor: the configuration on a screen, changed key by key.
//!
//! In: dictionaries, saved values, and what the user does. Out: saved values. A key becomes an [`Action`] by the table of keys, an action
//! changes the [`State`] and the [`Model`], and the view draws both; what reaches outside is an [`Effect`] that the caller carries out. The
//! invariants: all but the loop is pure; nothing typed is lost; nothing that a value holds steers the terminal.

mod action;
mod form;
mod history;
mod keys;
mod local;
mod model;
mod plain;
mod rows;
mod script;
mod stage;
mod state;
mod update;
mod view;

pub use action::{Action, Motion};
pub use history::{Change, differences};
pub use keys::{Context, action};
pub use local::{LOCAL, Local, LocalVariable};
pub use model::{Level, Model, Target, Work};
pub use plain::Plain;
pub use script::{Order, ScriptError, read};
pub use stage::{Next, Replay, Screen, Stage, text};
pub use state::{Asked, State};
pub use update::{Effect, update};
pub use view::{Theme, draw};

pub use tui_input::InputRequest;

#[cfg(test)]
mod tests;
