//! A private podman behind its Docker-compatible socket (see the script `podman`), which stands in a second.

use std::process::Command;

use super::leash::{self, Leash};
use super::{Lab, PATH, run};

/// A running podman.
#[derive(Debug)]
pub(crate) struct Podman {
    leash: Leash,
}

impl Podman {
    /// Starts one without images and containers.
    pub(crate) fn start(_: Lab) -> Self {
        let folder = leash::scratch();
        let mut command = Command::new("sh");
        command.arg(leash::script("podman")).arg(&folder);
        Self { leash: Leash::start(&mut command, folder).await_ready() }
    }

    /// Its address as `CONTAINER_HOST` says it.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.leash.folder().join("podman.sock").display())
    }

    /// What `docker ARGUMENTS` prints when it talks to it.
    pub(crate) fn docker(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("docker");
        command.env("DOCKER_HOST", self.host()).env("DOCKER_CONFIG", self.leash.folder().join("client"));
        run(command.env("PATH", PATH).env_remove("DOCKER_CONTEXT").args(arguments))
    }
}
