//! `attend`: what galerne itself calls to stay beside a container of LXC, and the machine to start them all.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status};
use crate::engine::{Lxc, Vagrant, lxc, vagrant};

/// Attend a container of LXC (galerne calls it by itself)
///
/// Without a folder, the containers and the virtual machines of Vagrant are started that ran when the server went down.
#[derive(Debug, Args)]
pub(super) struct Attend {
    /// The folder of the container
    folder: Option<PathBuf>,
}

impl Attend {
    /// Runs the command, which ends with the container.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if let Some(folder) = &self.folder {
            session.wait(lxc::attend(folder));
            return Status::Done;
        }
        let lxc = Lxc::new(lxc::Settings::from_environment(session.options.root()));
        let mut wrong = session.wait(lxc.start_all()).unwrap_or_default();
        let vagrant = Vagrant::new(vagrant::Settings::from_environment(session.options.root()));
        wrong.extend(session.wait(vagrant.start_all()).unwrap_or_default());
        let status = if wrong.is_empty() { Status::Done } else { Status::ApplyFailed };
        for error in wrong {
            session.findings.add(error);
        }
        status
    }
}
