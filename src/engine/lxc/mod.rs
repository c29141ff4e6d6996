//! Classic LXC, through its programs.
//!
//! Each container is a folder with a configuration that is written here (`config`), a copy of its image's
//! root and a note; while it runs, an attendant of its own stays beside it (see `attended`). Containers have names of
//! their own in LXC, so that ours can be renamed while they run. They are unprivileged: their root is a user of the
//! host without rights, and the folders that they see are mapped.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use tokio::sync::Mutex;

use super::attended::store::{self, Found, Note, Store};
use super::attended::{self, Keeper, Kind, variable};
use super::{Engine, EngineError, FetchProgress, LogRequest, answer};
use crate::phrase;
use crate::plan::{EngineState, image};
use crate::run_spec::{ContainerName, Port, RunSpec, Source, Technology};
use crate::words::Phrase;

pub(super) mod attend;
mod config;
mod image;
mod network;
mod program;

use network::Network;
use program::{refused, run, unwritable};

/// Its name in messages.
const ENGINE: &str = "LXC";

/// The variables of the environment that say where containers are kept, and which bridge they hang on.
const PATH_VARIABLE: &str = "GALERNE_LXC_PATH";
const BRIDGE_VARIABLE: &str = "GALERNE_LXC_BRIDGE";

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
    pub fn from_environment(root: &Path) -> Self {
        Self {
            folder: variable(PATH_VARIABLE).map_or_else(|| root.join(FOLDER), PathBuf::from),
            bridge: variable(BRIDGE_VARIABLE).unwrap_or_else(|| BRIDGE.to_owned()),
            root: root.to_owned(),
            program: attended::own_program(),
            environment: attended::told(),
        }
    }
}

/// Classic LXC.
#[derive(Debug)]
pub struct Lxc {
    settings: Settings,
    keeper: Keeper,
    /// Held by the one who makes a container: an address is free until it is noted.
    making: Mutex<()>,
}

impl Lxc {
    /// The LXC that `settings` describe; nothing is looked at yet.
    pub fn new(settings: Settings) -> Self {
        let keeper = Keeper {
            called: program::CALLED,
            store: Store::new(settings.folder.clone(), "config"),
            root: settings.root.clone(),
            program: settings.program.clone(),
            grace: attend::GRACE,
        };
        Self { settings, keeper, making: Mutex::default() }
    }

    /// Starts the containers that ran when the machine went down, and gives what went wrong.
    pub async fn start_all(&self) -> Vec<EngineError> {
        self.keeper.start_all(self).await
    }

    /// Makes the folder of a container, whole.
    async fn make(&self, name: &str, spec: &RunSpec, id: &str) -> Result<(), EngineError> {
        let source = self.keeper.store.image(&spec.source).join("rootfs");
        if !source.is_dir() {
            let cause = answer::not_fetched();
            return Err(EngineError::ImageAbsent { image: image(&spec.source), cause });
        }
        let network = Network::of(&self.settings.bridge)?;
        let taken: BTreeSet<_> =
            self.keeper.all()?.into_iter().filter_map(|found| Some(found.note?.address)).collect();
        let seed = u32::from_str_radix(id.get(id.len().saturating_sub(8)..).unwrap_or_default(), 16);
        let address = network.free(&taken, seed.unwrap_or_default());
        let address = address.ok_or_else(|| {
            refused(
                phrase!("to-find-address", "find an address"),
                &[phrase!("lxc-all-taken", "all of its bridge are taken")],
            )
        })?;
        let failed = |error: io::Error| {
            unwritable(phrase!("to-make-container", "make a container"), self.keeper.store.folder(), &error)
        };
        let making = self.keeper.store.making("container").map_err(failed)?;
        let copied = ["--archive", "--reflink=auto", "--"].map(OsStr::new);
        let (from, to) = (source.as_os_str(), making.as_os_str());
        let copied = run("cp", &[&copied[..], &[from, to]].concat(), COPY).await?;
        if !copied.success {
            return Err(refused(phrase!("to-copy-image", "copy the image"), &copied.words));
        }
        let folder = self.keeper.store.folder().join(id);
        let place = config::Place {
            root: &folder.join("rootfs"),
            host: &self.settings.root,
            bridge: &self.settings.bridge,
            network,
            address,
            unified: Path::new("/sys/fs/cgroup/cgroup.controllers").exists(),
        };
        store::write(&making.join("config"), &config::of(spec, &place)?).map_err(failed)?;
        let note = self.keeper.note(name, spec, address);
        store::write_note(&making, &note).map_err(failed)?;
        std::fs::rename(&making, &folder).map_err(failed)
    }
}

#[async_trait]
impl Kind for Lxc {
    async fn end_orphan(&self, found: &Found) -> Result<(), EngineError> {
        let arguments = |rest: &'static [&'static str]| {
            let mut all: Vec<&OsStr> = vec![OsStr::new("-P"), self.keeper.store.folder().as_os_str()];
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

    fn door(&self, note: &Note, port: &Port) -> SocketAddr {
        SocketAddr::new(note.address.into(), port.container)
    }
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
            Err(refused(phrase!("to-say-version", "say its version"), &ended.words))
        }
    }

    async fn examine(&self) -> Result<Phrase, EngineError> {
        let version = self.probe().await?;
        Network::of(&self.settings.bridge)?;
        Ok(version.into())
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        self.probe().await?;
        self.keeper.observe(sources, |image| image.join("rootfs").is_dir())
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        image::fetch(&self.keeper.store, source, &self.settings.environment, progress).await
    }

    async fn user(&self, _: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        // The container's root, which is mapped to the host's in the folders that it sees.
        Ok(None)
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let _one_at_a_time = self.making.lock().await;
        self.keeper.clear(name, self).await?;
        self.make(name, spec, &self.keeper.new_id(&spec.name)?).await
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        self.keeper.start(name, self).await
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        self.keeper.stop(name, self).await
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        self.keeper.rename(name, to)
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        self.keeper.remove(name, self).await
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        self.keeper.health(spec, self).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        self.keeper.logs(name, request)
    }
}
