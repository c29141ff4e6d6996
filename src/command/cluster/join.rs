//! `cluster init` and `cluster join`: a swarm of one, and a machine that becomes part of it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::{CommandError, Session, Status};
use super::{check_is_this_machine, failed, swarm, token};
use crate::engine::EngineError;
use crate::nodes::Address;
use crate::phrase;
use crate::run_spec::Secret;
use crate::words::Phrase;

/// Make a swarm of which this server is the first manager
///
/// A server that manages one already is left as it is.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne cluster init 192.0.2.1")]
pub(super) struct Init {
    /// Where the other nodes reach this one
    #[arg(value_name = "ADDRESS", value_parser = address)]
    address: Address,
    /// Say what would be done, and do nothing
    #[arg(long = "dry-run")]
    preview: bool,
}

/// Have this machine join the swarm of a manager
///
/// The token is read from standard input, or from where an option says; it is never an argument, shown, or kept. It lets a machine in as
/// a worker: `cluster_noeud_role` and `galerne reconfigure` on a manager make it one.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: galerne cluster token | ssh root@srv2.example.org galerne cluster join srv1.example.org"
)]
pub(super) struct Join {
    /// Where a manager of the swarm is reached
    #[arg(value_name = "MANAGER", value_parser = address)]
    manager: Address,
    /// Read the token from this file, which nobody else may read
    #[arg(long, value_name = "FILE", conflicts_with = "ssh")]
    token_file: Option<PathBuf>,
    /// Have this manager give the token over SSH
    #[arg(long, value_name = "[USER@]HOST")]
    ssh: Option<String>,
    /// Where the other nodes reach this one [default: what Docker finds]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    address: Option<Address>,
    /// Say what would be done, and do nothing
    #[arg(long = "dry-run")]
    preview: bool,
}

/// An address as an argument.
fn address(text: &str) -> Result<Address, Phrase> {
    let rule = phrase!("be-address-of-node", "expected a name or an IP address, such as 192.0.2.1");
    Address::try_from(text.to_owned()).map_err(|_| rule)
}

impl Init {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let swarm = swarm(session);
        if self.preview {
            let state = session.wait(swarm.check_is_free());
            return match state {
                Some(Ok(())) => tell(
                    &phrase!("would-init", "would make a swarm at {address}", address = self.address),
                    &json!({ "would": "init", "address": self.address }),
                    session,
                ),
                // Whether it may stay is what making one would say.
                Some(Err(EngineError::AlreadyInASwarm)) => self.settled(session),
                Some(Err(error)) => failed(error, session),
                None => Status::ApplyFailed,
            };
        }
        if let Err(status) = check_is_this_machine("galerne cluster init", session) {
            return status;
        }
        match session.wait(swarm.init(&self.address)) {
            Some(Ok(true)) => tell(
                &phrase!("swarm-made", "this server manages a swarm at {address}", address = self.address),
                &json!({ "made": true, "address": self.address }),
                session,
            ),
            Some(Ok(false)) => self.settled(session),
            Some(Err(error)) => failed(error, session),
            None => Status::ApplyFailed,
        }
    }

    fn settled(&self, session: &mut Session<'_>) -> Status {
        let document = json!({ "made": false, "address": self.address });
        tell(&phrase!("nothing-to-do", "nothing to do"), &document, session)
    }
}

impl Join {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let swarm = swarm(session);
        let manager = &self.manager;
        // Before a token is asked for.
        match session.wait(swarm.check_is_free()) {
            Some(Ok(())) => {}
            Some(Err(error)) => return failed(error, session),
            None => return Status::ApplyFailed,
        }
        if self.preview {
            let said = phrase!("would-join", "would join the swarm of {manager}", manager = manager);
            return tell(&said, &json!({ "would": "join", "manager": manager }), session);
        }
        if let Err(status) = check_is_this_machine("galerne cluster join", session) {
            return status;
        }
        let token = match self.token(session) {
            Ok(token) => token,
            Err(error) => return session.refuse(error),
        };
        match session.wait(swarm.join(manager, &token, self.address.as_ref())) {
            Some(Ok(())) => tell(
                &phrase!(
                    "joined",
                    "this machine is part of the swarm of {manager}; on a manager, galerne reconfigure gives it its role and labels",
                    manager = manager
                ),
                &json!({ "joined": true, "manager": manager }),
                session,
            ),
            Some(Err(error)) => failed(error, session),
            None => Status::ApplyFailed,
        }
    }

    fn token(&self, session: &mut Session<'_>) -> Result<Secret, CommandError> {
        match (&self.token_file, &self.ssh) {
            (Some(path), _) => token::of_file(path),
            (None, Some(host)) => token::of_ssh(host, session),
            (None, None) => token::of_input(),
        }
    }
}

/// Says a result, in words or as JSON.
fn tell(words: &Phrase, document: &serde_json::Value, session: &mut Session<'_>) -> Status {
    let written = match (session.is_json(), session.options.quiet) {
        (true, _) => session.json(document),
        (false, true) => Ok(()),
        (false, false) => session.say(words),
    };
    session.end(written)
}
