//! `attend`: what galerne itself calls to stay beside a container of LXC or QEMU, and the machine to start them all.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status};
use crate::engine::{self, Lxc, Qemu, Vagrant, lxc, qemu, vagrant};

/// Attend a container of LXC or QEMU (galerne calls it by itself)
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
            session.wait(engine::attend(folder));
            return Status::Done;
        }
        let root = session.options.root();
        let lxc = Lxc::new(lxc::Settings::from_environment(root));
        let qemu = Qemu::new(qemu::Settings::from_environment(root));
        let vagrant = Vagrant::new(vagrant::Settings::from_environment(root));
        let all =
            async { [lxc.start_all().await, qemu.start_all().await, vagrant.start_all().await].concat() };
        let wrong = session.wait(all).unwrap_or_default();
        let status = if wrong.is_empty() { Status::Done } else { Status::ApplyFailed };
        for error in wrong {
            session.findings.add(error);
        }
        status
    }
}
