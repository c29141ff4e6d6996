//! One machine: what Vagrant is asked to do with it, and what of it is looked up elsewhere.
//!
//! A call of Vagrant takes a second or more, so what Docker can tell of its containers, it is asked itself.

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::failure::{Asked, sentence};
use super::program::{Failure, Message, Run, unwritable};
use super::store::{self, Found};
use super::{Vagrant, log};
use crate::engine::docker::Hosted;
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::plan::State;
use crate::run_spec::{Provider, RunSpec, Technology};

/// How long a question may take, an end, and a start: a virtual machine boots a whole system.
const ANSWER: Duration = Duration::from_mins(1);
const END: Duration = Duration::from_mins(10);
const START: Duration = Duration::from_mins(30);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// How many lines of the log a person is shown.
const TAIL: usize = 20;

/// What one run of Vagrant on a machine is to do.
struct Task<'a> {
    arguments: &'a [&'a str],
    /// What is said of it where it fails.
    verb: &'static str,
    patience: Duration,
}

impl Vagrant {
    /// Has Vagrant work on a machine, which `lock` keeps others from.
    async fn run(&self, found: &Found, lock: &File, task: &Task<'_>) -> Result<(), EngineError> {
        let mut hear = |message: &Message| log::note(&found.folder, message);
        match self.call(found, Some(lock), task, &mut hear).await? {
            Ok(()) => Ok(()),
            Err(failure) => {
                Err(sentence(&failure, Asked::Machine(task.verb, found.name()), found.provider()))
            }
        }
    }

    async fn call(
        &self,
        found: &Found,
        lock: Option<&File>,
        task: &Task<'_>,
        hear: &mut (dyn FnMut(&Message) + Send),
    ) -> Result<Result<(), Failure>, EngineError> {
        let environment = self.environment(found.provider());
        self.prepare_home(&environment).await?;
        let input = lock.map(File::try_clone).transpose();
        let input = input.map_err(|error| {
            unwritable(phrase!("to-hold-machine", "hold a machine"), &found.folder, &error)
        })?;
        let run = Run { folder: &found.folder, environment: &environment, input, patience: task.patience };
        run.vagrant(task.arguments, hear).await
    }

    pub(super) async fn lock(&self, found: &Found) -> Result<File, EngineError> {
        found
            .lock()
            .await
            .map_err(|error| unwritable(phrase!("to-hold-machine", "hold a machine"), &found.folder, &error))
    }

    /// The container of a machine that Docker runs.
    pub(super) async fn container_of(&self, found: &Found) -> Result<Option<Hosted>, EngineError> {
        let hosted = self.docker.hosted(Technology::Vagrant).await?;
        Ok(hosted.into_iter().find(|hosted| hosted.folder == found.folder))
    }

    /// What Vagrant says that a machine does.
    pub(super) async fn status(&self, found: &Found) -> Result<State, EngineError> {
        let mut state = State::Stopped;
        let mut hear = |message: &Message| {
            if message.kind == "state" {
                state = state_of(message.data.first().map(String::as_str).unwrap_or_default());
            }
        };
        let task = Task { arguments: &["status"], verb: "look at", patience: ANSWER };
        match self.call(found, None, &task, &mut hear).await? {
            Ok(()) => Ok(state),
            Err(failure) => {
                Err(sentence(&failure, Asked::Machine(task.verb, found.name()), found.provider()))
            }
        }
    }

    /// Starts a machine that does not run.
    pub(super) async fn up(&self, found: &Found) -> Result<(), EngineError> {
        let lock = self.lock(found).await?;
        let provider = found.provider();
        let task = Task { arguments: &["up", "--provider", provider.name()], verb: "start", patience: START };
        if provider != Provider::Docker {
            if self.status(found).await?.is_up() {
                return Ok(());
            }
            check_ports(found)?;
            mark(found, true)?;
            return self.run(found, &lock, &task).await;
        }
        if self.container_of(found).await?.is_some_and(|here| is_known(&here, found) && here.state.is_up()) {
            return Ok(());
        }
        self.remove_unknown(found).await?;
        let ended = self.run(found, &lock, &task).await;
        if ended.is_err() {
            // Docker makes a container before it finds that a port is taken, and Vagrant forgets that one.
            self.remove_unknown(found).await?;
        }
        ended
    }

    /// Removes a container that Vagrant was killed before noting.
    async fn remove_unknown(&self, found: &Found) -> Result<(), EngineError> {
        match self.container_of(found).await? {
            Some(here) if !is_known(&here, found) => self.docker.remove_hosted(&here).await,
            _ => Ok(()),
        }
    }

    /// Stops a machine.
    pub(super) async fn halt(&self, found: &Found) -> Result<(), EngineError> {
        let lock = self.lock(found).await?;
        if found.provider() == Provider::Docker {
            self.remove_unknown(found).await?;
            if self.container_of(found).await?.is_none_or(|here| !here.state.is_up()) {
                return Ok(());
            }
        } else {
            mark(found, false)?;
            if found.provider_id().is_none() {
                return Ok(());
            }
        }
        self.run(found, &lock, &Task { arguments: &["halt"], verb: "stop", patience: END }).await
    }

    /// Removes a machine, with its folder.
    pub(super) async fn destroy(&self, found: &Found) -> Result<(), EngineError> {
        let lock = self.lock(found).await?;
        if found.provider() == Provider::Docker {
            // Vagrant would remove the volumes too, of which the one before may have something.
            if let Some(here) = self.container_of(found).await? {
                self.docker.remove_hosted(&here).await?;
            }
        } else {
            mark(found, false)?;
        }
        if found.folder.join(".vagrant").is_dir() {
            let task = Task { arguments: &["destroy", "--force"], verb: "remove", patience: END };
            self.run(found, &lock, &task).await?;
        }
        store::discard(&found.folder).map_err(|error| {
            unwritable(phrase!("to-remove-machine", "remove a machine"), &found.folder, &error)
        })
    }

    /// Waits until the first port of a virtual machine answers.
    pub(super) async fn await_answer(&self, found: &Found, spec: &RunSpec) -> Result<(), EngineError> {
        let Some(port) = spec.ports.first() else { return Ok(()) };
        let deadline = Instant::now() + Duration::from_secs(spec.health.within_seconds.into());
        let address = match port.address {
            any if any.is_ipv4() && any.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
            any if any.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        loop {
            let asked =
                answer::knock(SocketAddr::new(address, port.host), port.container, &spec.health).await;
            let Err(cause) = asked else { return Ok(()) };
            if Instant::now() >= deadline {
                let cause = answer::after(&cause, spec.health.within_seconds);
                let log = log::tail(&found.folder, TAIL);
                return Err(EngineError::Unhealthy { container: spec.name.to_string(), cause, log });
            }
            sleep(PAUSE).await;
        }
    }
}

/// Notes whether a virtual machine is to run.
fn mark(found: &Found, runs: bool) -> Result<(), EngineError> {
    store::mark(&found.folder, runs)
        .map_err(|error| unwritable(phrase!("to-mark-machine", "mark a machine"), &found.folder, &error))
}

/// Whether Vagrant has noted a container as its machine.
fn is_known(container: &Hosted, found: &Found) -> bool {
    found.provider_id().as_deref() == Some(container.id.as_str())
}

/// What a provider's word for a state means.
fn state_of(word: &str) -> State {
    match word {
        "running" => State::Running,
        "paused" | "preparing" => State::Unhealthy,
        _ => State::Stopped,
    }
}

/// Vagrant says that a port is taken when the machine has booted, or forwards another one.
fn check_ports(found: &Found) -> Result<(), EngineError> {
    let ports = found.note.iter().flat_map(|note| &note.spec.ports);
    for port in ports {
        let bound = TcpListener::bind(SocketAddr::new(port.address, port.host));
        if bound.is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            let container = found.name().to_owned();
            return Err(EngineError::PortTaken { container, port: port.host.to_string() });
        }
    }
    Ok(())
}
