//! The services of the machine: systemd's, or those of init scripts.
//!
//! In: the name of a service and what is to become of it. Out: whether it is so. Arguments go as arrays; a service manager
//! that does not answer within a minute is taken for one that fails. It decides nothing: the plan does.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;
use tokio::process::Command;
use tokio::time::timeout;

use crate::plan::ServiceState;
use crate::program;
use crate::render::ServiceName;
use crate::words::Phrase;

mod scripts;
mod systemd;

pub use scripts::Scripts;
pub use systemd::Systemd;

/// How long a service manager may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a service refuses.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum ServiceError {
    /// The machine has no such service.
    #[error("there is no service `{name}` on this machine")]
    #[diagnostic(
        code(service::unknown),
        help("install the package that brings it, or switch its `servicelist` off")
    )]
    Unknown {
        /// Its name.
        name: ServiceName,
    },
    /// The service manager did not do what it was asked.
    #[error("the service `{name}` cannot be {done}: {words}")]
    #[diagnostic(
        code(service::failed),
        help("read what the service wrote: `journalctl -u NAME`, or its log file")
    )]
    Failed {
        /// Its name.
        name: ServiceName,
        /// What was to be done.
        done: &'static str,
        /// What the service manager says.
        words: Phrase,
    },
}

/// What can be done to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It is stopped and started again.
    Restart,
    /// It is started.
    Start,
    /// It is stopped.
    Stop,
    /// It will start with the machine.
    Enable,
    /// It will not start with the machine.
    Disable,
}

impl Verb {
    /// The verb of both service managers.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Enable => "enable",
            Self::Disable => "disable",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Restart => "restarted",
            Self::Start => "started",
            Self::Stop => "stopped",
            Self::Enable => "enabled",
            Self::Disable => "disabled",
        }
    }
}

/// The service manager of a machine.
#[async_trait]
pub trait Services: Send + Sync {
    /// What a service does; none if there is no such service.
    async fn state(&self, name: &ServiceName) -> Option<ServiceState>;

    /// Does something to a service.
    ///
    /// # Errors
    /// What the service manager says.
    async fn act(&self, verb: Verb, name: &ServiceName) -> Result<(), ServiceError>;
}

/// The service manager of this machine.
pub fn of_this_machine() -> Box<dyn Services> {
    if Path::new("/run/systemd/system").is_dir() { Box::new(Systemd) } else { Box::new(Scripts::default()) }
}

/// Runs `program` with `arguments`.
///
/// # Errors
/// What it wrote, if it failed.
async fn ask(program: &str, arguments: &[&str]) -> Result<String, Phrase> {
    let command = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match timeout(PATIENCE, command).await {
        Ok(output) => output.map_err(|error| Phrase::from(format!("`{program}`: {error}")))?,
        Err(_) => return Err(program::late_named(program, PATIENCE)),
    };
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect::<String>()
    };
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    if output.status.success() {
        return Ok(out.trim().to_owned());
    }
    let words = format!("{}\n{}", error.trim(), out.trim()).trim().to_owned();
    Err(if words.is_empty() { program::ended_named(program, output.status) } else { words.into() })
}

/// As [`ask`], with the error of a service.
async fn act(program: &str, arguments: &[&str], verb: Verb, name: &ServiceName) -> Result<(), ServiceError> {
    let failed = |words| ServiceError::Failed { name: name.clone(), done: verb.done(), words };
    ask(program, arguments).await.map(drop).map_err(failed)
}
