//! A Docker engine, or podman in its place, through Docker's API.
//!
//! The containers that are ours carry labels (see `labels.rs`); all others are foreign. The connection is made at
//! the first call, in the version that the engine speaks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use bollard::query_parameters::{
    CreateContainerOptions, LogsOptions, RemoveContainerOptions, RenameContainerOptions, StopContainerOptions,
};
use futures_util::stream::{BoxStream, Stream, StreamExt as _, TryStreamExt as _};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep};

use super::git::{Keeping, Pins, TOLD};
use super::{Engine, EngineError, FetchProgress, LogRequest};
use crate::plan::{EngineState, image};
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};

mod body;
mod build;
mod context;
mod credentials;
mod failure;
mod fetch;
mod health;
mod hosted;
mod ignore;
pub(super) mod labels;
mod look;
mod summary;

pub(in crate::engine) use failure::port_of;
pub(super) use failure::{Asked, is_absent};
pub(in crate::engine) use hosted::Hosted;
pub(super) use labels::{Labels, Mark};

/// How long a container may take to end after it was asked to.
const GRACE_SECONDS: i32 = 10;

/// How long the name of a leftover may stay taken, and the time between two tries.
const VANISHING: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// Where the engine is, and whose containers are ours.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which engine it is: one that holds its own containers.
    pub technology: Technology,
    /// `unix:///path`, `tcp://host:port` or `http://host:port`.
    pub address: String,
    /// The files that may have credentials for registries, in the form of Docker's own, the first that has some first.
    pub credentials: Vec<PathBuf>,
    /// What `--root` says: containers made under another root are foreign.
    pub root: PathBuf,
    /// What git is told of the environment.
    pub environment: Vec<(String, String)>,
}

impl Settings {
    /// What the environment says, as the engine's own client reads it: of Docker `DOCKER_HOST`, `DOCKER_CONFIG` and `HOME`, of
    /// podman `CONTAINER_HOST`, `REGISTRY_AUTH_FILE` and `XDG_RUNTIME_DIR`, then Docker's.
    #[expect(clippy::disallowed_methods, reason = "the one place where this engine reads the environment")]
    pub fn from_environment(technology: Technology, root: &Path) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let words = Words::of(technology);
        let folder = variable("DOCKER_CONFIG").map_or_else(
            || PathBuf::from(variable("HOME").unwrap_or_else(|| "/root".to_owned())).join(".docker"),
            PathBuf::from,
        );
        let mut credentials = Vec::new();
        if technology == Technology::Podman {
            let folder = variable("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("containers"));
            credentials.extend(variable("REGISTRY_AUTH_FILE").map(PathBuf::from));
            credentials.extend(folder.map(|folder| folder.join("auth.json")));
            credentials.push("/run/containers/0/auth.json".into());
        }
        credentials.push(folder.join("config.json"));
        let told = TOLD.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?)));
        Self {
            technology: technology.holder(),
            address: variable(words.variable).unwrap_or_else(|| words.address.to_owned()),
            credentials,
            root: root.to_owned(),
            environment: told.collect(),
        }
    }
}

/// What is said of an engine.
#[derive(Debug, Clone, Copy)]
struct Words {
    /// Its name.
    engine: &'static str,
    /// The variable that says where it listens.
    variable: &'static str,
    /// Where it listens when nothing is said.
    address: &'static str,
}

impl Words {
    fn of(technology: Technology) -> Self {
        match technology.holder() {
            Technology::Podman => Self {
                engine: "podman",
                variable: "CONTAINER_HOST",
                address: "unix:///run/podman/podman.sock",
            },
            _ => Self { engine: "Docker", variable: "DOCKER_HOST", address: "unix:///var/run/docker.sock" },
        }
    }
}

/// A Docker engine, or podman in its place.
#[derive(Debug)]
pub struct Docker {
    settings: Settings,
    client: OnceCell<bollard::Docker>,
    repositories: Keeping,
    pins: Pins,
    building: tokio::sync::Mutex<()>,
}

impl Docker {
    /// The engine that `settings` names; nothing is asked of it yet.
    pub fn new(settings: Settings) -> Self {
        let (root, environment) = (settings.root.clone(), settings.environment.clone());
        Self {
            settings,
            client: OnceCell::new(),
            repositories: Keeping { root, prefix: "", environment },
            pins: Pins::default(),
            building: tokio::sync::Mutex::default(),
        }
    }

    pub(super) async fn client(&self) -> Result<&bollard::Docker, EngineError> {
        let connect = || async {
            let client = bollard::Docker::connect_with_host(&self.settings.address)?;
            client.negotiate_version().await
        };
        self.client.get_or_try_init(connect).await.map_err(|error| self.failed(&error, Asked::Connection))
    }

    pub(super) fn failed(&self, error: &bollard::errors::Error, asked: Asked<'_>) -> EngineError {
        failure::sentence(error, asked, Words::of(self.settings.technology), &self.settings.address)
    }

    pub(super) fn mark(&self) -> Mark<'_> {
        Mark { technology: self.settings.technology, root: &self.settings.root }
    }

    /// Refuses a container that galerne did not make, looked up under `name` at this very moment.
    async fn check_ours(&self, name: &str) -> Result<(), EngineError> {
        let found = look::inspect(self, name).await?;
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let labels = labels.into_iter().collect();
        if labels::owner(&labels, name, self.mark()).is_some() {
            Ok(())
        } else {
            Err(EngineError::Foreign { container: name.to_owned() })
        }
    }

    /// What `container` wrote.
    pub(in crate::engine) async fn written_by(
        &self,
        container: String,
        request: LogRequest,
    ) -> Result<impl Stream<Item = Result<String, EngineError>> + '_, EngineError> {
        let options = LogsOptions {
            follow: request.follow,
            stdout: true,
            stderr: true,
            tail: request.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
            ..LogsOptions::default()
        };
        let output = self.client().await?.logs(&container, Some(options));
        Ok(output
            .map_ok(|line| String::from_utf8_lossy(line.as_ref()).into_owned())
            .map_err(move |error| self.failed(&error, Asked::Container("read the log of", &container))))
    }

    /// What the configuration has for the registry of `image`.
    pub(super) async fn credentials(
        &self,
        image: &str,
    ) -> Result<Option<bollard::auth::DockerCredentials>, EngineError> {
        fetch::credentials(self, image).await
    }

    /// How many containers there are whose names begin with `prefix`.
    pub(super) async fn tasks_of(&self, prefix: &str) -> Result<usize, EngineError> {
        let all = look::list(self).await?;
        let is_one = |name: &String| name.strip_prefix('/').is_some_and(|name| name.starts_with(prefix));
        Ok(all.iter().filter(|found| found.names.iter().flatten().any(is_one)).count())
    }

    pub(in crate::engine) async fn has(&self, source: &Source) -> Result<bool, EngineError> {
        let image = image(source);
        match self.client().await?.inspect_image(&image).await {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(self.failed(&error, Asked::Image(&image))),
        }
    }
}

#[async_trait]
impl Engine for Docker {
    fn technology(&self) -> Technology {
        self.settings.technology
    }

    async fn probe(&self) -> Result<String, EngineError> {
        let version = self.client().await?.version().await;
        let version = version.map_err(|error| self.failed(&error, Asked::Connection))?;
        Ok(version.version.unwrap_or_default())
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        let mut state = EngineState::default();
        for container in look::list(self).await? {
            summary::place(container, self.mark(), &mut state);
        }
        for source in sources {
            let pinned = self.pins.of(source, &self.repositories).await;
            if self.has(&pinned).await? {
                state.images.insert(pinned.clone());
            }
            if pinned != *source {
                state.pins.insert(source.clone(), pinned);
            }
        }
        Ok(state)
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        match &source.git {
            Some(git) => build::build(self, source, git, progress).await,
            None => fetch::fetch(self, source, progress).await,
        }
    }

    async fn user(&self, source: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        let image = image(source);
        let found = self.client().await?.inspect_image(&image).await;
        let found = found.map_err(|error| self.failed(&error, Asked::Image(&image)))?;
        let user = found.config.and_then(|config| config.user).unwrap_or_default();
        Ok(body::numeric_user(&user))
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let options =
            CreateContainerOptions { name: Some(name.to_owned()), ..CreateContainerOptions::default() };
        let body = body::of(spec, self.mark());
        let deadline = Instant::now() + VANISHING;
        loop {
            let made = self.client().await?.create_container(Some(options.clone()), body.clone()).await;
            let Err(error) = made else { return Ok(()) };
            let failed = self.failed(&error, Asked::Create(name, &spec.source));
            let is_taken = matches!(failed, EngineError::NameTaken { .. });
            if !is_taken || Instant::now() >= deadline {
                return Err(failed);
            }
            // A run that was killed while it asked for this container leaves the engine to make it, or to take it
            // back, after it was looked for.
            match self.check_ours(name).await {
                Ok(()) => self.remove(name).await?,
                Err(EngineError::ContainerAbsent { .. }) => {}
                Err(_) => return Err(failed),
            }
            sleep(PAUSE).await;
        }
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        let client = self.client().await?;
        let started = look::patiently(|| client.start_container(name, None)).await;
        started.map_err(|error| self.failed(&error, Asked::Container("start", name)))
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        self.check_ours(name).await?;
        let options = StopContainerOptions { t: Some(GRACE_SECONDS), ..StopContainerOptions::default() };
        let deadline = Instant::now() + VANISHING;
        loop {
            let client = self.client().await?;
            let stopped = look::patiently(|| client.stop_container(name, Some(options.clone()))).await;
            stopped.map_err(|error| self.failed(&error, Asked::Container("stop", name)))?;
            // To podman, one that has just ended is stopped already, and then started again by its restart policy.
            let state = look::inspect(self, name).await?.state.unwrap_or_default();
            if state.running != Some(true) || Instant::now() >= deadline {
                return Ok(());
            }
        }
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        self.check_ours(name).await?;
        let options = RenameContainerOptions { name: to.to_owned() };
        let renamed = self.client().await?.rename_container(name, options).await;
        renamed.map_err(|error| self.failed(&error, Asked::Rename(name, to)))
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        match self.check_ours(name).await {
            Err(EngineError::ContainerAbsent { .. }) => return Ok(()),
            checked => checked?,
        }
        // `v` stays false: what the container wrote to a volume is never removed.
        let options = RemoveContainerOptions { force: true, ..RemoveContainerOptions::default() };
        let client = self.client().await?;
        match look::patiently(|| client.remove_container(name, Some(options.clone()))).await {
            Err(error) if !is_absent(&error) => Err(self.failed(&error, Asked::Container("remove", name))),
            _ => Ok(()),
        }
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        health::wait(self, spec.name.as_str(), spec).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let lines = async move {
            self.check_ours(name.as_str()).await?;
            self.written_by(name.to_string(), request).await
        };
        futures_util::stream::once(lines).try_flatten().boxed()
    }
}
