//! What the engines share whose containers are folders with an attendant each: LXC and QEMU.
//!
//! A folder of the `store` is a container, with a note of what galerne knows of it; while it runs, a process of its own
//! stays beside it (`attend`). The engines differ in how a container is made, started and ended ([`Kind`]).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::timeout;

use super::{EngineError, LogRequest, lxc, qemu};
use crate::phrase;
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, Role, State, digest, image};
use crate::run_spec::{ContainerName, Port, RestartPolicy, RunSpec, Source, Technology};
use crate::words::as_said;

pub(super) mod attend;
mod health;
pub(super) mod image;
mod log;
pub(super) mod program;
pub(super) mod store;

use program::Called;
use store::{Found, Note, Store};

/// What the programs that fetch images are told of the environment: proxies, and whose certificates are trusted.
const TOLD: [&str; 8] = [
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "WGETRC",
];

/// How long an attendant may take to say whether it could begin.
const ANSWER: Duration = Duration::from_secs(30);

/// A variable of the environment that is not empty.
#[expect(clippy::disallowed_methods, reason = "the one place where these engines read the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What the programs that fetch images are told of the environment.
pub(super) fn told() -> Vec<(String, String)> {
    TOLD.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?))).collect()
}

/// galerne's own program, which attends containers.
pub(super) fn own_program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| "galerne".into())
}

/// Attends the container in `folder`, whichever engine's it is.
pub(super) async fn attend(folder: &Path) {
    let Some(note) = store::read_note(folder) else { return attend::say("it is not galerne's") };
    let kept = note.clone();
    match note.spec.engine {
        Technology::Qemu => attend::attend(folder, note, &qemu::attend::Machine::new(folder, &kept)).await,
        _ => attend::attend(folder, note, &lxc::attend::Container::new(folder, &kept)).await,
    }
}

/// What an engine does in its own way to a container that exists.
#[async_trait]
pub(super) trait Kind: Send + Sync {
    /// Ends what runs without an attendant: one that was killed leaves its container behind.
    async fn end_orphan(&self, found: &Found) -> Result<(), EngineError>;

    /// Where `port` of the container answers, and nobody in its stead.
    fn door(&self, note: &Note, port: &Port) -> SocketAddr;
}

/// The containers of one engine, and who attends them.
#[derive(Debug)]
pub(super) struct Keeper {
    /// How the engine is called.
    pub(super) called: Called,
    /// Where they are.
    pub(super) store: Store,
    /// What `--root` says: containers made under another root are foreign.
    pub(super) root: PathBuf,
    /// galerne's own program.
    pub(super) program: PathBuf,
    /// How long a container may take to end after it was asked to.
    pub(super) grace: Duration,
}

impl Keeper {
    /// All containers, those of others too.
    pub(super) fn all(&self) -> Result<Vec<Found>, EngineError> {
        let listed = self.store.list(&self.root);
        listed.map_err(|error| {
            self.called.unwritable(
                phrase!("to-list-containers", "list its containers"),
                self.store.folder(),
                &error,
            )
        })
    }

    /// The container that galerne knows by `name`; of those that it did not make, the one that others do.
    pub(super) fn find(&self, name: &str) -> Result<Option<Found>, EngineError> {
        Ok(self.all()?.into_iter().find(|found| found.name() == name))
    }

    /// The container `name`, if galerne made it.
    pub(super) fn ours(&self, name: &str) -> Result<Found, EngineError> {
        match self.find(name)? {
            Some(found) if found.note.is_some() => Ok(found),
            Some(_) => Err(EngineError::Foreign { container: name.to_owned() }),
            None => Err(EngineError::ContainerAbsent { container: name.to_owned() }),
        }
    }

    /// What there is, and which of `sources` are among the images, as `is_here` says of the folder of each.
    pub(super) fn observe(
        &self,
        sources: &[Source],
        is_here: impl Fn(&Path) -> bool,
    ) -> Result<EngineState, EngineError> {
        let mut state = EngineState::default();
        for found in self.all()? {
            match observed(&found) {
                Some(container) => state.containers.push(container),
                None => state.foreign.push(Foreign { name: found.name().to_owned(), ports: Vec::new() }),
            }
        }
        let is_here = |source: &&Source| is_here(&self.store.image(source));
        state.images = sources.iter().filter(is_here).cloned().collect();
        Ok(state)
    }

    /// Makes the name `name` free, if what has it is what a killed run left.
    pub(super) async fn clear(&self, name: &str, kind: &dyn Kind) -> Result<(), EngineError> {
        match self.find(name)? {
            Some(found) if found.note.is_some() => self.remove(name, kind).await,
            Some(_) => Err(EngineError::NameTaken { container: name.to_owned() }),
            None => Ok(()),
        }
    }

    /// The note on a container that is made under `name` of `spec`.
    pub(super) fn note(&self, name: &str, spec: &RunSpec, address: std::net::Ipv4Addr) -> Note {
        let root = self.root.clone();
        let mut kept = spec.clone();
        kept.environment.clear();
        Note { name: name.to_owned(), root, digest: digest(spec), address, spec: kept }
    }

    /// A name for the engine that nobody has.
    pub(super) fn new_id(&self, name: &ContainerName) -> Result<String, EngineError> {
        let random = getrandom::u32();
        let random = random.map_err(|error| {
            self.called.refused(phrase!("to-make-name", "make a name"), &[error.to_string().into()])
        })?;
        Ok(format!("{name}-{random:08x}"))
    }

    /// Starts the container `name`, unless it runs.
    pub(super) async fn start(&self, name: &str, kind: &dyn Kind) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        if attend::attendant(&found.folder).is_some() {
            return Ok(());
        }
        kind.end_orphan(&found).await?;
        let marked = store::mark(&found.folder, true);
        marked.map_err(|error| {
            self.called.unwritable(phrase!("to-start-container", "start a container"), &found.folder, &error)
        })?;
        let mut child = program::command(&self.program.to_string_lossy())
            .arg("attend")
            .arg(&found.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                self.called
                    .refused(phrase!("to-start-attendant", "start an attendant"), &[error.to_string().into()])
            })?;
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = timeout(ANSWER, BufReader::new(output).read_line(&mut said)).await;
        }
        let said = said.trim_end();
        if said == attend::READY {
            return Ok(());
        }
        if let Some(port) = said.strip_prefix(attend::PORT) {
            return Err(EngineError::PortTaken { container: name.to_owned(), port: port.to_owned() });
        }
        Err(self.called.refused(
            phrase!("to-start", "start `{name}`", name = name),
            &as_said(program::lines(said.as_bytes(), 1)),
        ))
    }

    /// Stops the container `name`.
    pub(super) async fn stop(&self, name: &str, kind: &dyn Kind) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        let marked = store::mark(&found.folder, false);
        marked.map_err(|error| {
            self.called.unwritable(phrase!("to-stop-container", "stop a container"), &found.folder, &error)
        })?;
        self.halt(&found, kind).await
    }

    async fn halt(&self, found: &Found, kind: &dyn Kind) -> Result<(), EngineError> {
        attend::dismiss(&found.folder, self.grace * 2).await;
        kind.end_orphan(found).await
    }

    /// Gives the container `name` another name.
    pub(super) fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        if self.find(to)?.is_some() {
            return Err(EngineError::NameTaken { container: to.to_owned() });
        }
        let Some(mut note) = found.note else { return Ok(()) };
        to.clone_into(&mut note.name);
        let written = store::write_note(&found.folder, &note);
        written.map_err(|error| {
            self.called.unwritable(
                phrase!("to-rename-container", "rename a container"),
                &found.folder,
                &error,
            )
        })
    }

    /// Removes the container `name`, if it is there.
    pub(super) async fn remove(&self, name: &str, kind: &dyn Kind) -> Result<(), EngineError> {
        let found = match self.ours(name) {
            Err(EngineError::ContainerAbsent { .. }) => return Ok(()),
            found => found?,
        };
        self.halt(&found, kind).await?;
        let gone = store::discard(&found.folder);
        gone.map_err(|error| {
            self.called.unwritable(
                phrase!("to-remove-container", "remove a container"),
                &found.folder,
                &error,
            )
        })
    }

    /// Waits until the container of `spec` is up.
    pub(super) async fn health(&self, spec: &RunSpec, kind: &dyn Kind) -> Result<(), EngineError> {
        health::wait(&self.ours(spec.name.as_str())?, spec, kind).await
    }

    /// What the container `name` wrote.
    pub(super) fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let lines = async move { log::read(self.called, &self.ours(name.as_str())?.folder, request) };
        futures_util::stream::once(lines).try_flatten().boxed()
    }

    /// Starts the containers that ran when the machine went down, and gives what went wrong.
    pub(super) async fn start_all(&self, kind: &dyn Kind) -> Vec<EngineError> {
        let found = match self.all() {
            Ok(found) => found,
            Err(error) => return vec![error],
        };
        let mut wrong = Vec::new();
        for name in found.iter().filter(|found| starts_with_the_machine(found)).map(Found::name) {
            wrong.extend(self.start(name, kind).await.err());
        }
        wrong
    }
}

/// What is observed of a container of ours; none of one that was renamed by hand.
fn observed(found: &Found) -> Option<ObservedContainer> {
    let note = found.note.as_ref()?;
    let role = Role::from_name(&note.name, &note.spec.name)?;
    let is_attended = attend::attendant(&found.folder).is_some();
    let state = match attend::seen(&found.folder).ended {
        _ if !is_attended => State::Stopped,
        Some(_) => State::Restarting,
        None => State::Running,
    };
    Some(ObservedContainer {
        container: note.spec.name.clone(),
        role,
        digest: note.digest.clone(),
        state,
        ports: note.spec.ports.iter().map(HostPort::from).collect(),
        image: image(&note.spec.source),
    })
}

/// Whether a container starts with the machine: as in Docker, one that ran, unless it starts again only when it fails.
fn starts_with_the_machine(found: &Found) -> bool {
    let lasting = [RestartPolicy::Always, RestartPolicy::UnlessStopped];
    let lasts = found.note.as_ref().is_some_and(|note| lasting.contains(&note.spec.restart));
    lasts && store::is_marked(&found.folder)
}
