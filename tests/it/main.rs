//! The tests of the whole program, in one binary: what goes in is what an administrator types, what is looked at
//! is what the program prints, writes and serves. Those that need an engine or a web server use [`lab`].
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and read scratch files, and ask the environment whether the lab is required"
)]

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod astray;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod book;
#[cfg(test)]
mod breakout;
#[cfg(test)]
mod building;
#[cfg(test)]
mod change;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod described;
#[cfg(test)]
mod diagnose;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod editor;
#[cfg(test)]
mod ends;
#[cfg(test)]
mod engine_contract;
#[cfg(test)]
mod eole_commands;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod forgotten;
#[cfg(test)]
mod kubernetes;
#[cfg(test)]
mod kubernetes_applied;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod killed_at_calls;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod lab_front_door;
#[cfg(test)]
mod lab_kubernetes;
#[cfg(test)]
mod lab_stands;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod home_page;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod host;
#[cfg(test)]
mod import;
#[cfg(test)]
mod instance;
#[cfg(test)]
mod lxc;
#[cfg(test)]
mod manual;
#[cfg(test)]
mod package;
#[cfg(test)]
mod percent;
#[cfg(test)]
mod purge;
#[cfg(test)]
mod qemu;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod real;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod rendering;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod services;
#[cfg(test)]
mod sites;
#[cfg(test)]
mod snap;
#[cfg(test)]
mod snap_store;
#[cfg(test)]
mod stock_site;
#[cfg(test)]
mod swarm;
#[cfg(test)]
mod system_files;
#[cfg(test)]
mod technologies;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod traefik;
#[cfg(test)]
mod translations;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod units;
#[cfg(test)]
mod vagrant;
#[cfg(test)]
mod values;
#[cfg(test)]
mod watch;
