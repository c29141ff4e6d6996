//! Snaps, through snapd's REST API.
//!
//! snapd knows a snap by its own name, of which a machine has one: the three lives of a container are galerne's own notes
//! (`store`), and the snap runs one of them at a time, as a revision of its own that can be gone back to (`life`). What a snap
//! lacks is given by units of systemd (`units`): folders, ports, limits and the environment. A snap that somebody else
//! installed is never touched.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::git::{Keeping, Pins, TOLD};
use super::{Engine, EngineError, FetchProgress, LogRequest, answer};
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, Role, State, digest, image};
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};

mod assertions;
mod build;
mod client;
mod failure;
mod fetch;
mod health;
mod life;
mod log;
mod package;
mod program;
mod settings;
mod store;
mod units;

use crate::phrase;
use crate::words::Phrase;
use client::{Client, Failed};
use failure::failed;
use package::Package;
use program::unwritable;
use store::{Life, Store};

/// Its name in messages.
const ENGINE: &str = "snapd";

/// The variables of the environment that say where snapd listens, of which machine it is, and where galerne's notes are there.
const SOCKET_VARIABLE: &str = "GALERNE_SNAPD_SOCKET";
const MACHINE_VARIABLE: &str = "GALERNE_SNAPD_MACHINE";
const PATH_VARIABLE: &str = "GALERNE_SNAP_PATH";

const SOCKET: &str = "/run/snapd.socket";
const FOLDER: &str = "var/lib/galerne/snap";

/// The first snapd that can hold back the refreshes of one snap.
const HOLDS_SINCE: (u32, u32) = (2, 58);

/// Where snapd is, and whose snaps are ours.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The socket that it listens on.
    pub socket: PathBuf,
    /// The first process of the machine that it is snapd of, where that is a container.
    pub machine: Option<u32>,
    /// The folder of galerne's notes, as that machine sees it.
    pub folder: PathBuf,
    /// What `--root` says: lives made under another root are foreign.
    pub root: PathBuf,
    /// What git is told of the environment.
    pub environment: Vec<(String, String)>,
}

impl Settings {
    /// What the environment says.
    #[expect(clippy::disallowed_methods, reason = "the one place where this engine reads the environment")]
    pub fn from_environment(root: &Path) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            socket: variable(SOCKET_VARIABLE).unwrap_or_else(|| SOCKET.to_owned()).into(),
            machine: variable(MACHINE_VARIABLE).and_then(|number| number.parse().ok()),
            folder: variable(PATH_VARIABLE).map_or_else(|| root.join(FOLDER), PathBuf::from),
            root: root.to_owned(),
            environment: TOLD.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?))).collect(),
        }
    }

    /// Where that machine's `path` is for us.
    fn on_host(&self, path: &Path) -> PathBuf {
        match self.machine {
            Some(pid) => {
                PathBuf::from(format!("/proc/{pid}/root")).join(path.strip_prefix("/").unwrap_or(path))
            }
            None => path.to_owned(),
        }
    }
}

/// A service of a snap, as snapd lists it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Running {
    snap: String,
    name: String,
    active: bool,
}

/// A revision of a snap, as snapd lists it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Installed {
    name: String,
    revision: String,
    status: String,
}

/// snapd.
#[derive(Debug)]
pub struct Snap {
    settings: Settings,
    client: Client,
    store: Store,
    repositories: Keeping,
    pins: Pins,
    /// Held by the one who builds, and by the one who changes snaps: snapd does one thing at a time.
    building: Mutex<()>,
    changing: Mutex<()>,
}

impl Snap {
    /// The snapd that `settings` describe; nothing is asked of it yet.
    pub fn new(settings: Settings) -> Self {
        let (root, environment) = (settings.root.clone(), settings.environment.clone());
        Self {
            client: Client::new(settings.socket.clone()),
            store: Store::new(settings.on_host(&settings.folder)),
            repositories: Keeping { root, prefix: "snap-", environment },
            pins: Pins::default(),
            building: Mutex::default(),
            changing: Mutex::default(),
            settings,
        }
    }

    fn lives(&self) -> Result<Vec<(String, Life)>, EngineError> {
        self.store.lives(&self.settings.root).map_err(|error| self.unlisted(&error))
    }

    fn unlisted(&self, error: &io::Error) -> EngineError {
        unwritable(phrase!("to-list-snaps", "list its snaps"), self.store.folder(), error)
    }

    fn find(&self, name: &str) -> Result<Option<Life>, EngineError> {
        Ok(self.lives()?.into_iter().find(|(found, _)| found == name).map(|(_, life)| life))
    }

    /// The life `name`, if galerne made it.
    async fn ours(&self, name: &str) -> Result<Life, EngineError> {
        match self.find(name)? {
            Some(life) => Ok(life),
            None if self.is_foreign(name).await? => Err(EngineError::Foreign { container: name.to_owned() }),
            None => Err(EngineError::ContainerAbsent { container: name.to_owned() }),
        }
    }

    /// Whether somebody else installed the snap `name`.
    async fn is_foreign(&self, name: &str) -> Result<bool, EngineError> {
        Ok(self.store.holder(name).is_none() && !self.revisions(name).await?.is_empty())
    }

    /// All revisions that snapd has of the snap `name`.
    async fn revisions(&self, name: &str) -> Result<Vec<Installed>, EngineError> {
        let found = self.installed("all").await?;
        Ok(found.into_iter().filter(|found| found.name == name).collect())
    }

    async fn installed(&self, which: &str) -> Result<Vec<Installed>, EngineError> {
        let found = self.client.get(&format!("/v2/snaps?select={which}")).await;
        self.listed(found)
    }

    /// The services of all snaps.
    async fn services(&self) -> Result<Vec<Running>, EngineError> {
        let found = self.client.get("/v2/apps?select=service").await;
        self.listed(found)
    }

    fn listed<T: serde::de::DeserializeOwned>(&self, found: Result<Value, Failed>) -> Result<T, EngineError> {
        let found = found.map_err(|error| failed(self, phrase!("to-list-snaps", "list its snaps"), error))?;
        serde_json::from_value(found)
            .map_err(|error| failure::refused(phrase!("to-list-snaps", "list its snaps"), error.to_string()))
    }

    /// Its version.
    async fn version(&self) -> Result<String, EngineError> {
        let found = self.client.get("/v2/system-info").await;
        let found =
            found.map_err(|error| failed(self, phrase!("to-say-version", "say its version"), error))?;
        Ok(found.get("version").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// Whether `life` is the one that its snap runs, and does.
    fn state(&self, life: &Life, services: &[Running]) -> State {
        let holder = self.store.holder(&life.package.name).unwrap_or_default();
        if holder.life.as_ref() != Some(&life.id) {
            return State::Stopped;
        }
        let active = |name: &&str| {
            services
                .iter()
                .any(|found| found.snap == life.package.name && found.name == **name && found.active)
        };
        let all = life.package.lasting().count();
        match life.package.lasting().filter(active).count() {
            0 => State::Stopped,
            some if some < all => State::Restarting,
            _ => State::Running,
        }
    }

    /// Refuses what a snap, or this snapd, cannot do, before anything is touched.
    async fn check(&self, name: &str, package: &Package, spec: &RunSpec) -> Result<(), EngineError> {
        let unfit = |why: Phrase| EngineError::SnapUnfit { container: spec.name.to_string(), why };
        let snap = &package.name;
        if self.is_foreign(snap).await? {
            if name.strip_prefix(snap.as_str()).is_some_and(|rest| rest.is_empty() || Role::is_reserved(name))
            {
                return Err(EngineError::NameTaken { container: snap.clone() });
            }
            return Err(unfit(phrase!(
                "snap-foreign",
                "the snap `{snap}` is installed, and not by galerne",
                snap = snap
            )));
        }
        if package.lasting().next().is_none() {
            return Err(unfit(phrase!(
                "snap-no-service",
                "the snap `{snap}` has no service that would run",
                snap = snap
            )));
        }
        if package.signed && before(&self.version().await?, HOLDS_SINCE) {
            let (major, minor) = HOLDS_SINCE;
            return Err(unfit(phrase!(
                "snapd-too-old",
                "snapd holds back the refreshes of a snap since {major}.{minor}: install a newer one with `snap install snapd`",
                major = major,
                minor = minor
            )));
        }
        units::of(package, spec, Path::new("/")).map(drop).map_err(unfit)
    }
}

/// Whether `version` is one before `wanted`; one that cannot be read is not.
fn before(version: &str, wanted: (u32, u32)) -> bool {
    let mut numbers = version.split(|letter: char| !letter.is_ascii_digit()).map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < wanted,
        _ => false,
    }
}

/// A number that nobody has.
fn new_id() -> Result<String, EngineError> {
    let random = getrandom::u64()
        .map_err(|error| failure::refused(phrase!("to-make-name", "make a name"), error.to_string()))?;
    Ok(format!("{random:016x}"))
}

#[async_trait]
impl Engine for Snap {
    fn technology(&self) -> Technology {
        Technology::Snap
    }

    async fn probe(&self) -> Result<String, EngineError> {
        self.version().await
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        let services = self.services().await?;
        let mut state = EngineState::default();
        for (name, life) in self.lives()? {
            if let Some(role) = Role::from_name(&name, &life.spec.name) {
                state.containers.push(ObservedContainer {
                    container: life.spec.name.clone(),
                    role,
                    digest: life.digest.clone(),
                    state: self.state(&life, &services),
                    ports: life.spec.ports.iter().map(HostPort::from).collect(),
                    image: image(&life.spec.source),
                });
            }
        }
        let held = self.store.held().map_err(|error| self.unlisted(&error))?;
        for found in self.installed("enabled").await? {
            if !held.contains(&found.name) {
                state.foreign.push(Foreign { name: found.name, ports: Vec::new() });
            }
        }
        for source in sources {
            let pinned = self.pins.of(source, &self.repositories).await;
            if self.store.package(&pinned).is_some() {
                state.images.insert(pinned.clone());
            }
            if pinned != *source {
                state.pins.insert(source.clone(), pinned);
            }
        }
        Ok(state)
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        fetch::fetch(self, source, progress).await
    }

    async fn user(&self, _: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        // The services of a snap are root's.
        Ok(None)
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        if self.find(name)?.is_some() {
            // What a killed run left.
            self.remove(name).await?;
        }
        let Some(package) = self.store.package(&spec.source) else {
            if self.is_foreign(name).await? {
                return Err(EngineError::NameTaken { container: name.to_owned() });
            }
            let cause = answer::not_fetched();
            return Err(EngineError::ImageAbsent { image: image(&spec.source), cause });
        };
        self.check(name, &package, spec).await?;
        let root = self.settings.root.clone();
        let life =
            Life { id: new_id()?, root, digest: digest(spec), package, revision: None, spec: spec.clone() };
        self.store.keep(name, &life).map_err(|error| self.unlisted(&error))
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        let life = self.ours(name).await?;
        let _one_at_a_time = self.changing.lock().await;
        life::start(self, name, life).await
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        let life = self.ours(name).await?;
        let _one_at_a_time = self.changing.lock().await;
        life::stop(self, &life).await
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        self.ours(name).await?;
        if self.find(to)?.is_some() {
            return Err(EngineError::NameTaken { container: to.to_owned() });
        }
        self.store.rename(name, to).map_err(|error| self.unlisted(&error))
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        let life = match self.ours(name).await {
            Err(EngineError::ContainerAbsent { .. }) => return Ok(()),
            found => found?,
        };
        let _one_at_a_time = self.changing.lock().await;
        life::remove(self, name, &life).await
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        health::wait(self, spec).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let lines = async move {
            let life = self.ours(name.as_str()).await?;
            log::read(self, &life.package.name, request).await
        };
        futures_util::stream::once(lines).try_flatten().boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_snapd_is_known_by_its_version() {
        assert!(before("2.57.6-1+deb12u1+b2", HOLDS_SINCE) && before("1.99", HOLDS_SINCE));
        assert!(
            !before("2.58", HOLDS_SINCE) && !before("2.63+24.04", HOLDS_SINCE) && !before("", HOLDS_SINCE)
        );
    }
}
