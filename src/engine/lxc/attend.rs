//! A container of LXC, as its attendant runs it: `lxc-start` in the foreground, whose output is the container's.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::engine::attended::attend::{Ward, forward};
use crate::engine::attended::program;
use crate::engine::attended::store::Note;

/// How long a container may take to end after it was asked to.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// A container in its folder.
pub(in crate::engine) struct Container<'a> {
    folder: &'a Path,
    note: &'a Note,
}

impl<'a> Container<'a> {
    /// The one in `folder`.
    pub(in crate::engine) fn new(folder: &'a Path, note: &'a Note) -> Self {
        Self { folder, note }
    }

    /// Names the container to one of LXC's programs.
    fn name(&self, command: &mut Command) {
        command.arg("-P").arg(self.folder.parent().unwrap_or(self.folder));
        command.arg("-n").arg(self.folder.file_name().unwrap_or_default());
    }
}

#[async_trait]
impl Ward for Container<'_> {
    fn publish(&self, listeners: Vec<TcpListener>) {
        for (listener, port) in listeners.into_iter().zip(&self.note.spec.ports) {
            tokio::spawn(forward(listener, SocketAddr::new(self.note.address.into(), port.container)));
        }
    }

    /// The programs that hand out ranges of users are not in its path: the range is galerne's own.
    async fn start(&self, log: File) -> io::Result<Child> {
        let mut command = program::command("/usr/bin/lxc-start");
        command.env("PATH", "/nonexistent");
        self.name(&mut command);
        command.arg("--foreground");
        if !self.note.spec.command.is_empty() {
            command.arg("--").args(&self.note.spec.command);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()
    }

    async fn stay(&self) {}

    async fn stop(&self, child: &mut Child) {
        let seconds = GRACE.as_secs().to_string();
        let mut command = program::command("lxc-stop");
        self.name(&mut command);
        command.args(["-t", &seconds]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = timeout(GRACE * 2, command.kill_on_drop(true).status()).await;
        if timeout(Duration::from_secs(2), child.wait()).await.is_err() {
            // LXC has the container end with the one who watches it.
            let _ = child.kill().await;
        }
    }
}
