//! `cluster token`: what lets a machine join, handed from one program to another and shown to nobody.

use std::io::{self, IsTerminal as _, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use clap::Args;
use nix::libc::O_NOFOLLOW;

use super::super::{CommandError, Session, Status};
use super::{failed, swarm};
use crate::nodes::{Address, User};
use crate::phrase;
use crate::program;
use crate::run_spec::Secret;
use crate::words::Phrase;

/// The most bytes that are read of what should be a token.
const LONGEST: u64 = 1024;

/// Hand the token with which a machine joins the swarm to another program
///
/// It is written into a pipe and nowhere else: neither to a terminal nor to a file. A machine joins as a worker; `cluster_noeud_role` and `galerne
/// reconfigure` make it a manager.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: galerne cluster token | ssh root@srv2.example.org galerne cluster join srv1.example.org"
)]
pub(super) struct PrintToken {}

impl PrintToken {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        if !leads_to_a_program() {
            let place = phrase!("token-output", "where standard output leads");
            let help = phrase!(
                "token-into-pipe",
                "hand it to a program: galerne cluster token | ssh root@NODE galerne cluster join MANAGER"
            );
            return session.refuse(CommandError::TokenExposed { place, help });
        }
        let swarm = swarm(session);
        let token = match session.wait(swarm.worker_token()) {
            Some(Ok(token)) => token,
            Some(Err(error)) => return failed(error, session),
            None => return Status::ApplyFailed,
        };
        let written = writeln!(session.out, "{}", token.reveal());
        session.end(written)
    }
}

/// Whether standard output is a pipe or a socket.
fn leads_to_a_program() -> bool {
    let kind = std::fs::metadata("/proc/self/fd/1").map(|found| found.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

/// A token on standard input.
pub(super) fn of_input() -> Result<Secret, CommandError> {
    let place = || phrase!("token-input", "on standard input");
    if io::stdin().is_terminal() {
        return Err(CommandError::NoToken { place: place() });
    }
    let mut text = String::new();
    let read = io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.ok().and_then(|_| token(&text)).ok_or_else(|| CommandError::NoToken { place: place() })
}

/// A token in a file that nobody else may read.
pub(super) fn of_file(path: &Path) -> Result<Secret, CommandError> {
    let shown = path.display().to_string();
    let unreadable =
        |error: io::Error| CommandError::Unreadable { path: path.to_owned(), reason: (&error).into() };
    let file =
        std::fs::OpenOptions::new().read(true).custom_flags(O_NOFOLLOW).open(path).map_err(unreadable)?;
    let found = file.metadata().map_err(unreadable)?;
    let is_mine = found.uid() == nix::unistd::geteuid().as_raw();
    if !found.is_file() || !is_mine || found.mode() & 0o077 != 0 {
        let place = phrase!("token-file", "in `{path}`, which others may read", path = shown);
        let help = phrase!(
            "token-close-file",
            "give the file to yourself alone (chmod 600), take another token with `docker swarm join-token --rotate worker`, and remove the file when you have joined"
        );
        return Err(CommandError::TokenExposed { place, help });
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(unreadable)?;
    let place = phrase!("token-in-file", "in `{path}`", path = shown);
    token(&text).ok_or(CommandError::NoToken { place })
}

/// A token that the manager gives over SSH, in a call that has nothing of it.
pub(super) fn of_ssh(host: &str, session: &mut Session<'_>) -> Result<Secret, CommandError> {
    let refused = |cause: Phrase| CommandError::SshFailed { host: host.to_owned(), cause };
    let (user, address) = host.split_once('@').map_or((None, host), |(user, host)| (Some(user), host));
    let is_host = Address::try_from(address.to_owned()).is_ok()
        && user.is_none_or(|user| User::try_from(user.to_owned()).is_ok());
    if !is_host {
        return Err(refused(phrase!("ssh-no-host", "it is no [USER@]HOST")));
    }
    let mut command = program::command("ssh");
    command.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", host]);
    command.args(["galerne", "cluster", "token"]);
    if let Some(socket) = agent() {
        command.env("SSH_AUTH_SOCK", socket);
    }
    let Some(output) = session.wait(async { command.output().await }) else {
        return Err(refused("".into()));
    };
    let output = output.map_err(|error| refused(error.to_string().into()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    if !output.status.success() {
        return Err(refused(last.into()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    token(&text).ok_or_else(|| refused(last.into()))
}

/// Where the keys of who calls are kept.
#[expect(clippy::disallowed_methods, reason = "the one word of the environment that ssh is given")]
fn agent() -> Option<String> {
    std::env::var("SSH_AUTH_SOCK").ok()
}

/// The token that `text` is, if it is one and nothing else.
fn token(text: &str) -> Option<Secret> {
    let text = text.trim();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_token = text.starts_with("SWMTKN-") && text.len() <= 256 && text.bytes().all(is_letter);
    is_token.then(|| Secret::new(text))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_a_token_is_one() {
        assert!(token("SWMTKN-1-abc-def\n").is_some());
        for text in ["", "hunter2", "SWMTKN-1-a b", "SWMTKN-1-a\nb", "Error: no swarm"] {
            assert!(token(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let keep = |text: &str| {
            let mut file = std::fs::File::create(&path).unwrap();
            std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        };
        keep("SWMTKN-1-abc-def\n");
        let set = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        set(0o600);
        assert!(of_file(&path).is_ok());
        for mode in [0o644, 0o640, 0o604, 0o660] {
            set(mode);
            assert!(matches!(of_file(&path), Err(CommandError::TokenExposed { .. })), "{mode:o}");
        }
        set(0o600);
        keep("hunter2\n");
        let said = of_file(&path).unwrap_err().to_string();
        assert!(said.contains("no token") && !said.contains("hunter2"), "{said}");
        std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
        assert!(matches!(of_file(&folder.path().join("link")), Err(CommandError::Unreadable { .. })));
    }
}
