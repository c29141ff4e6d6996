//! galerne compiles a configuration: dictionaries and saved values become files and containers that run.
//!
//! The stages, in their order; each uses those above it, never those below:
//!
//! 1. [`source`] reads bytes and keeps where everything stands; [`program`] knows how others' programs are started; [`words`] says things in the user's language; [`diagnostic`] collects what is wrong.
//! 2. [`value`] knows the types of variables.
//! 3. [`dictionary`] makes trees of XML texts; [`function`] has what they can call.
//! 4. [`schema`] links the trees; [`config_eol`] has the saved values; [`evaluation`] makes a snapshot of both.
//! 5. [`percent`] reads EOLE's own templates; [`template`], [`distribution`], [`front`], [`nodes`], [`run_spec`], [`manifest`] and [`render`] make files and
//!    run specs of the snapshot, [`provision`] files that make machines; [`lint`] says what is suspicious; [`compile`] runs all up to here; [`site`] keeps a second configuration apart from the first.
//! 6. [`credentials`] adds the keys and hashes that only this machine has; [`plan`] compares them with what is; [`engine`],
//!    [`proxy`], [`service`] and [`apply`] do what the plan says.
//! 7. [`host`] says what is missing on this machine for that; [`command`] is what a user calls.

pub mod source;
pub mod words;
pub mod program;
pub mod diagnostic;
pub mod value;
pub mod dictionary;
pub mod function;
pub mod schema;
pub mod config_eol;
pub mod evaluation;
pub mod percent;
pub mod template;
pub mod distribution;
pub mod front;
pub mod nodes;
pub mod run_spec;
pub mod manifest;
pub mod traefik;
pub mod render;
pub mod provision;
pub mod lint;
pub mod compile;
pub mod site;
pub mod docs;
pub mod credentials;
pub mod plan;
pub mod engine;
pub mod proxy;
pub mod service;
pub mod apply;
pub mod host;
pub mod editor;
pub mod command;
