//! Classic LXC, through its programs.
//!
//! Each container is a folder of `store` with a configuration that is written here (`config`), a copy of its image's
//! root and a note; while it runs, an attendant of its own stays beside it (`attend`). Containers have names of
//! their own in LXC, so that ours can be renamed while they run. They are unprivileged: their root is a user of the
//! host without rights, and the folders that they see are mapped.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{Engine, EngineError, FetchProgress, LogRequest};
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, Role, State, digest, image};
use crate::run_spec::{ContainerName, RestartPolicy, RunSpec, Source, Technology};

mod attend;
mod config;
mod health;
mod image;
mod log;
mod network;
mod program;
pub(in crate::engine) mod store;

pub use attend::attend;
use network::Network;
use program::{refused, run, unwritable};
use store::{Found, Note, Store};

/// Its name in messages.
const ENGINE: &str = "LXC";

/// The variables of the environment that say where containers are kept, and which bridge they hang on.
const PATH_VARIABLE: &str = "GALERNE_LXC_PATH";
const BRIDGE_VARIABLE: &str = "GALERNE_LXC_BRIDGE";

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

/// Where containers are kept, under the root, and the bridge of Debian's `lxc-net`.
const FOLDER: &str = "var/lib/galerne/lxc";
const BRIDGE: &str = "lxcbr0";

/// How long a short question may take, and how long copying an image.
const ANSWER: Duration = Duration::from_secs(30);
const COPY: Duration = Duration::from_hours(1);

/// Where containers are kept, and what they hang on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of containers.
    pub folder: PathBuf,
    /// The bridge.
    pub bridge: String,
    /// What `--root` says: containers made under another root are foreign.
    pub root: PathBuf,
    /// galerne's own program, which attends containers.
    pub program: PathBuf,
    /// What the programs that fetch images are told of the environment.
    pub environment: Vec<(String, String)>,
}

impl Settings {
    /// What the environment says.
    #[expect(clippy::disallowed_methods, reason = "the one place where this engine reads the environment")]
    pub fn from_environment(root: &Path) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            folder: variable(PATH_VARIABLE).map_or_else(|| root.join(FOLDER), PathBuf::from),
            bridge: variable(BRIDGE_VARIABLE).unwrap_or_else(|| BRIDGE.to_owned()),
            root: root.to_owned(),
            program: std::env::current_exe().unwrap_or_else(|_| "galerne".into()),
            environment: TOLD.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?))).collect(),
        }
    }
}

/// Classic LXC.
#[derive(Debug)]
pub struct Lxc {
    settings: Settings,
    store: Store,
    /// Held by the one who makes a container: an address is free until it is noted.
    making: Mutex<()>,
}

impl Lxc {
    /// The LXC that `settings` describe; nothing is looked at yet.
    pub fn new(settings: Settings) -> Self {
        let store = Store::new(settings.folder.clone());
        Self { settings, store, making: Mutex::default() }
    }

    fn all(&self) -> Result<Vec<Found>, EngineError> {
        let listed = self.store.list(&self.settings.root);
        listed.map_err(|error| unwritable("list its containers", self.store.folder(), &error))
    }

    /// The container that galerne knows by `name`; of those that it did not make, the one that LXC does.
    fn find(&self, name: &str) -> Result<Option<Found>, EngineError> {
        Ok(self.all()?.into_iter().find(|found| found.name() == name))
    }

    /// The container `name`, if galerne made it.
    fn ours(&self, name: &str) -> Result<Found, EngineError> {
        match self.find(name)? {
            Some(found) if found.note.is_some() => Ok(found),
            Some(_) => Err(EngineError::Foreign { container: name.to_owned() }),
            None => Err(EngineError::ContainerAbsent { container: name.to_owned() }),
        }
    }

    /// Ends what runs in LXC without an attendant: one that was killed leaves its container behind.
    async fn end_orphan(&self, found: &Found) -> Result<(), EngineError> {
        let arguments = |rest: &'static [&'static str]| {
            let mut all: Vec<&OsStr> = vec![OsStr::new("-P"), self.store.folder().as_os_str()];
            all.extend(["-n", found.id.as_str()].map(OsStr::new));
            all.extend(rest.iter().map(OsStr::new));
            all
        };
        let state = run("lxc-info", &arguments(&["-s", "-H"]), ANSWER).await?;
        if state.success && state.output.trim() != "STOPPED" {
            run("lxc-stop", &arguments(&["-k"]), ANSWER).await?;
        }
        Ok(())
    }

    async fn halt(&self, found: &Found) -> Result<(), EngineError> {
        attend::dismiss(&found.folder).await;
        self.end_orphan(found).await
    }

    /// Starts the containers that ran when the machine went down, and gives what went wrong.
    pub async fn start_all(&self) -> Vec<EngineError> {
        let found = match self.all() {
            Ok(found) => found,
            Err(error) => return vec![error],
        };
        let mut wrong = Vec::new();
        for name in found.iter().filter(|found| starts_with_the_machine(found)).map(Found::name) {
            wrong.extend(self.start(name).await.err());
        }
        wrong
    }

    /// Makes the folder of a container, whole.
    async fn make(&self, name: &str, spec: &RunSpec, id: &str) -> Result<(), EngineError> {
        let source = self.store.image(&spec.source).join("rootfs");
        if !source.is_dir() {
            let cause = "it has not been fetched".to_owned();
            return Err(EngineError::ImageAbsent { image: image(&spec.source), cause });
        }
        let network = Network::of(&self.settings.bridge)?;
        let taken: BTreeSet<_> =
            self.all()?.into_iter().filter_map(|found| Some(found.note?.address)).collect();
        let seed = u32::from_str_radix(id.get(id.len().saturating_sub(8)..).unwrap_or_default(), 16);
        let address = network.free(&taken, seed.unwrap_or_default());
        let address =
            address.ok_or_else(|| refused("find an address", &["all of its bridge are taken".into()]))?;
        let failed = |error: io::Error| unwritable("make a container", self.store.folder(), &error);
        let making = self.store.making("container").map_err(failed)?;
        let copied = ["--archive", "--reflink=auto", "--"].map(OsStr::new);
        let (from, to) = (source.as_os_str(), making.as_os_str());
        let copied = run("cp", &[&copied[..], &[from, to]].concat(), COPY).await?;
        if !copied.success {
            return Err(refused("copy the image", &copied.words));
        }
        let folder = self.store.folder().join(id);
        let place = config::Place {
            root: &folder.join("rootfs"),
            host: &self.settings.root,
            bridge: &self.settings.bridge,
            network,
            address,
            unified: Path::new("/sys/fs/cgroup/cgroup.controllers").exists(),
        };
        store::write(&making.join("config"), &config::of(spec, &place)?).map_err(failed)?;
        let note = self.note(name, spec, address);
        store::write_note(&making, &note).map_err(failed)?;
        std::fs::rename(&making, &folder).map_err(failed)
    }

    fn note(&self, name: &str, spec: &RunSpec, address: std::net::Ipv4Addr) -> Note {
        let root = self.settings.root.clone();
        let mut kept = spec.clone();
        kept.environment.clear();
        Note { name: name.to_owned(), root, digest: digest(spec), address, spec: kept }
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

/// A name for LXC that nobody has.
fn new_id(name: &ContainerName) -> Result<String, EngineError> {
    let random = getrandom::u32().map_err(|error| refused("make a name", &[error.to_string()]))?;
    Ok(format!("{name}-{random:08x}"))
}

#[async_trait]
impl Engine for Lxc {
    fn technology(&self) -> Technology {
        Technology::Lxc
    }

    async fn probe(&self) -> Result<String, EngineError> {
        let ended = run("lxc-start", &[OsStr::new("--version")], ANSWER).await?;
        if ended.success {
            Ok(ended.output.trim().to_owned())
        } else {
            Err(refused("say its version", &ended.words))
        }
    }

    async fn examine(&self) -> Result<String, EngineError> {
        let version = self.probe().await?;
        Network::of(&self.settings.bridge)?;
        Ok(version)
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        self.probe().await?;
        let mut state = EngineState::default();
        for found in self.all()? {
            match observed(&found) {
                Some(container) => state.containers.push(container),
                None => state.foreign.push(Foreign { name: found.name().to_owned(), ports: Vec::new() }),
            }
        }
        let is_here = |source: &&Source| self.store.image(source).join("rootfs").is_dir();
        state.images = sources.iter().filter(is_here).cloned().collect();
        Ok(state)
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        image::fetch(&self.store, source, &self.settings.environment, progress).await
    }

    async fn user(&self, _: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        // The container's root, which is mapped to the host's in the folders that it sees.
        Ok(None)
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let _one_at_a_time = self.making.lock().await;
        match self.find(name)? {
            // What a killed run left.
            Some(found) if found.note.is_some() => self.remove(name).await?,
            Some(_) => return Err(EngineError::NameTaken { container: name.to_owned() }),
            None => {}
        }
        self.make(name, spec, &new_id(&spec.name)?).await
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        if attend::attendant(&found.folder).is_some() {
            return Ok(());
        }
        self.end_orphan(&found).await?;
        store::mark(&found.folder, true)
            .map_err(|error| unwritable("start a container", &found.folder, &error))?;
        let mut child = program::command(&self.settings.program.to_string_lossy())
            .arg("attend")
            .arg(&found.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| refused("start an attendant", &[error.to_string()]))?;
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = timeout(ANSWER, BufReader::new(output).read_line(&mut said)).await;
        }
        match said.trim_end() {
            attend::READY => Ok(()),
            other => match other.strip_prefix(attend::PORT) {
                Some(port) => {
                    Err(EngineError::PortTaken { container: name.to_owned(), port: port.to_owned() })
                }
                None => Err(refused(format!("start `{name}`"), &program::lines(other.as_bytes(), 1))),
            },
        }
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        store::mark(&found.folder, false)
            .map_err(|error| unwritable("stop a container", &found.folder, &error))?;
        self.halt(&found).await
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        if self.find(to)?.is_some() {
            return Err(EngineError::NameTaken { container: to.to_owned() });
        }
        let Some(mut note) = found.note else { return Ok(()) };
        to.clone_into(&mut note.name);
        store::write_note(&found.folder, &note)
            .map_err(|error| unwritable("rename a container", &found.folder, &error))
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        let found = match self.ours(name) {
            Err(EngineError::ContainerAbsent { .. }) => return Ok(()),
            found => found?,
        };
        self.halt(&found).await?;
        store::discard(&found.folder).map_err(|error| unwritable("remove a container", &found.folder, &error))
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        health::wait(self, spec).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let lines = async move { log::read(&self.ours(name.as_str())?.folder, request) };
        futures_util::stream::once(lines).try_flatten().boxed()
    }
}
