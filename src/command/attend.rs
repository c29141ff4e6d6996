//! `attend`: what galerne itself calls to stay beside a container that has no engine of its own running.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status};
use crate::engine::lxc;

/// Attend a container of LXC (galerne calls it by itself)
#[derive(Debug, Args)]
pub(super) struct Attend {
    /// The folder of the container
    folder: PathBuf,
}

impl Attend {
    /// Runs the command, which ends with the container.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        session.wait(lxc::attend(&self.folder));
        Status::Done
    }
}
