//! `cluster`: who is part of a swarm, how each node stands, and how a machine becomes one.

use clap::{Args, Subcommand};

use super::{CommandError, Session, Status};
use crate::engine::docker::Settings;
use crate::engine::{EngineError, Swarm};
use crate::plan::ClusterState;
use crate::run_spec::Technology;

mod change;
mod hosts;
mod join;
mod status;
mod token;

/// Look after the machines of a swarm: which there are, how each stands, and how one joins
///
/// How the nodes are to stand is in the variables `cluster_noeud_…`; `galerne reconfigure` brings the swarm to it, and these commands
/// change both at once. They are run on a manager, but for `join`.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne cluster status", disable_help_subcommand = true)]
pub(super) struct Cluster {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::NodeStatus),
    Init(join::Init),
    Token(token::PrintToken),
    Join(join::Join),
    Drain(change::Drain),
    Label(change::Label),
    Hosts(hosts::Hosts),
}

impl Cluster {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        match &self.command {
            Command::Status(_) => status::NodeStatus::run(session),
            Command::Init(init) => init.run(session),
            Command::Token(_) => token::PrintToken::run(session),
            Command::Join(join) => join.run(session),
            Command::Drain(drain) => drain.run(session),
            Command::Label(label) => label.run(session),
            Command::Hosts(hosts) => hosts.run(session),
        }
    }
}

/// The swarm of this server's engine.
fn swarm(session: &Session<'_>) -> Swarm {
    Swarm::new(Settings::from_environment(Technology::Swarm, session.options.root()))
}

/// What the swarm holds.
fn observed(session: &mut Session<'_>) -> Result<ClusterState, Status> {
    let swarm = swarm(session);
    let state = session.wait(swarm.whole()).ok_or(Status::ApplyFailed)?;
    state.map_err(|error| failed(error, session))
}

/// Ends the command because the engine refused.
fn failed(error: EngineError, session: &mut Session<'_>) -> Status {
    session.findings.add(error);
    Status::ApplyFailed
}

/// Refuses what changes the engine of the machine where only files of a folder are to change.
fn check_is_this_machine(command: &'static str, session: &mut Session<'_>) -> Result<(), Status> {
    if session.options.root.is_some() {
        return Err(session.refuse(CommandError::NotUnderRoot { command }));
    }
    Ok(())
}
