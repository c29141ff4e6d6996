//! Vagrant, run to its end without a shell, and what it says in the form that programs read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

pub(super) use crate::engine::attended::program::lines;
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::program;
use crate::words::{Phrase, as_said, joined};

/// How many lines of what it says a person is shown.
const TAIL: usize = 20;

/// How much of its errors is read.
const MOST: u64 = 64 * 1024;

/// One line of `--machine-readable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// The kind: `ui`, `state`, `error-exit`.
    pub(super) kind: String,
    /// What it says; line ends are in it.
    pub(super) data: Vec<String>,
}

impl Message {
    /// Reads a line: `TIME,MACHINE,KIND,DATA,…`.
    pub(super) fn of(line: &str) -> Option<Self> {
        let mut parts = line.split(',');
        let kind = parts.nth(2)?.to_owned();
        let plain =
            |part: &str| part.replace("%!(VAGRANT_COMMA)", ",").replace("\\n", "\n").replace("\\r", "\r");
        Some(Self { kind, data: parts.map(plain).collect() })
    }

    /// What a person would be shown.
    pub(super) fn shown(&self) -> Option<&str> {
        (self.kind == "ui").then(|| self.data.get(1).map(String::as_str)).flatten()
    }
}

/// Why Vagrant did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The class of the error, without the module that it is of; none of one that it did not name.
    pub(super) class: String,
    /// What it said.
    pub(super) words: Phrase,
}

/// What one run is about.
pub(super) struct Run<'a> {
    /// The folder of the machine, or any other.
    pub(super) folder: &'a Path,
    /// What it is told of the environment.
    pub(super) environment: &'a [(String, String)],
    /// What it reads: the lock of the machine, which so lasts as long as it does.
    pub(super) input: Option<File>,
    /// How long it may take.
    pub(super) patience: Duration,
}

impl Run<'_> {
    /// Runs `vagrant ARGUMENTS`, telling `hear` of each message.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) async fn vagrant(
        self,
        arguments: &[&str],
        hear: &mut (dyn FnMut(&Message) + Send),
    ) -> Result<Result<(), Failure>, EngineError> {
        let mut command = command("vagrant", self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(arguments).arg("--machine-readable");
        command.stdin(self.input.map_or_else(Stdio::null, Stdio::from));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| absent(&error))?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let mut failure = Failure { class: String::new(), words: "".into() };
        let listen = async {
            let Some(output) = output else { return };
            let mut lines = BufReader::new(output).split(b'\n');
            while let Ok(Some(line)) = lines.next_segment().await {
                let Some(message) = Message::of(&String::from_utf8_lossy(&line)) else { continue };
                if message.kind == "error-exit" {
                    failure = failed(&message);
                }
                hear(&message);
            }
        };
        let complain = async {
            let mut said = Vec::new();
            if let Some(mut errors) = errors {
                let _ = (&mut errors).take(MOST).read_to_end(&mut said).await;
                // A pipe that nobody reads would hold it up.
                let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
            }
            said
        };
        let ended = async { tokio::join!(listen, complain, child.wait()) };
        let Ok(((), said, status)) = timeout(self.patience, ended).await else {
            return Ok(Err(Failure { class: String::new(), words: program::late(self.patience) }));
        };
        if status.is_ok_and(|status| status.success()) {
            return Ok(Ok(()));
        }
        if failure.words.english().is_empty() {
            failure.words = lines(&said, TAIL).join("; ").into();
        }
        Ok(Err(failure))
    }
}

fn failed(message: &Message) -> Failure {
    let class = message.data.first().map(String::as_str).unwrap_or_default();
    let class = class.rsplit("::").next().unwrap_or_default().to_owned();
    Failure { class, words: message.data.get(1).cloned().unwrap_or_default().into() }
}

/// The version of Vagrant.
///
/// # Errors
/// It cannot be started, or does not say.
pub(super) async fn version() -> Result<String, EngineError> {
    let mut command = command("vagrant", Path::new("/"));
    let patience = Duration::from_secs(30);
    let asked = command.arg("--version").stdin(Stdio::null()).kill_on_drop(true).output();
    let output = match timeout(patience, asked).await {
        Ok(output) => output.map_err(|error| absent(&error))?,
        Err(_) => {
            return Err(refused(phrase!("to-say-version", "say its version"), &[program::late(patience)]));
        }
    };
    let said = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches("Vagrant ").to_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(refused(phrase!("to-say-version", "say its version"), &as_said(lines(&output.stderr, TAIL))))
    }
}

/// Whether Vagrant is there. It is not started: that takes a tenth of a second, each time somebody looks.
pub(super) fn is_installed() -> Result<(), EngineError> {
    find("vagrant").map(|_| ()).ok_or_else(|| lacking(answer::no_file()))
}

/// Where a program is.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    program::find(program, program::SEARCH_PATH)
}

/// `program` with nothing of our environment.
fn command(program: &str, folder: &Path) -> Command {
    let mut command = program::command(program);
    command.current_dir(folder);
    command
}

fn absent(error: &std::io::Error) -> EngineError {
    lacking(error.to_string().into())
}

fn lacking(cause: Phrase) -> EngineError {
    EngineError::Absent {
        engine: super::ENGINE,
        variable: super::PATH_VARIABLE,
        address: "vagrant".to_owned(),
        cause,
    }
}

/// What is said of something that Vagrant refused to do.
pub(super) fn refused(what: impl Into<Phrase>, words: &[Phrase]) -> EngineError {
    let cause = if words.is_empty() { answer::no_word() } else { joined(words) };
    EngineError::Refused { engine: super::ENGINE, what: what.into(), cause }
}

/// What is said of a file or folder that cannot be used.
pub(super) fn unwritable(what: impl Into<Phrase>, path: &Path, error: &std::io::Error) -> EngineError {
    let cause = format!("{}: {error}", path.display());
    if error.kind() == std::io::ErrorKind::StorageFull {
        return EngineError::DiskFull { engine: super::ENGINE, cause };
    }
    refused(what, &[cause.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_programs_is_read() {
        let line = "1795257326,wiki,state-human-long,Stop it with\\n`vagrant halt`%!(VAGRANT_COMMA) or so.";
        let message = Message::of(line).unwrap();
        assert_eq!(message.kind, "state-human-long");
        assert_eq!(message.data, ["Stop it with\n`vagrant halt`, or so."]);
        assert_eq!(
            Message::of("1,wiki,ui,info,==> wiki: Stopping").unwrap().shown(),
            Some("==> wiki: Stopping")
        );
        assert_eq!(Message::of("no message"), None);
        let failure = failed(&Message::of("1,,error-exit,Vagrant::Errors::BoxNotFound,It is not").unwrap());
        assert_eq!((failure.class.as_str(), failure.words.english()), ("BoxNotFound", "It is not"));
    }
}
