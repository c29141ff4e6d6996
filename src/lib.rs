//! galerne compiles a configuration: dictionaries and saved values become files and containers that run.

pub mod source;
pub mod diagnostic;
pub mod value;
pub mod dictionary;
pub mod function;
pub mod schema;
pub mod config_eol;
pub mod evaluation;
pub mod template;
pub mod run_spec;
pub mod render;
pub mod proxy;
