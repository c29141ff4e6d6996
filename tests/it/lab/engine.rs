//! A private Docker engine: its own socket, state, network and process tree (see the script `engine`).
//!
//! It stands in half a second, so each simulated server has its own: tests neither see nor stop each other's
//! containers, and an image that a server was not told to pull is not there.

use std::path::PathBuf;
use std::process::Command;

use super::leash::{self, Leash};
use super::{Lab, PATH, run};

/// A running Docker engine.
#[derive(Debug)]
pub(crate) struct Engine {
    leash: Leash,
}

impl Engine {
    /// Starts an engine without images and containers.
    pub(crate) fn start(_: Lab) -> Self {
        let folder = leash::scratch();
        std::fs::write(folder.join("daemon.json"), "{}").expect("the scratch folder can be written");
        let mut command = Command::new("sh");
        command.arg(leash::script("engine")).arg(&folder);
        Self { leash: Leash::start(&mut command, folder).await_ready() }
    }

    /// The engine that a script of its own has started.
    pub(super) fn on(leash: Leash) -> Self {
        Self { leash }
    }

    /// Its socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.leash.folder().join("docker.sock")
    }

    /// Its address as `DOCKER_HOST` says it.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// What `docker ARGUMENTS` prints.
    pub(crate) fn docker(&self, arguments: &[&str]) -> String {
        run(self.command("docker").args(arguments))
    }

    /// A command that talks to this engine and to nobody's credentials.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("PATH", PATH)
            .env("DOCKER_HOST", self.host())
            .env("DOCKER_CONFIG", self.leash.folder().join("client"))
            .env_remove("DOCKER_CONTEXT");
        command
    }
}
