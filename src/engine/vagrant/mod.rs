//! Vagrant, through its program, with Docker, libvirt or `VirtualBox` as what runs the machines.
//!
//! Each machine is a folder of `store`: a Vagrantfile that is the same for all (decision 6), data beside it (`machine`) and a note.
//! Vagrant starts, stops and destroys it (`runs`). The container of a machine that Docker runs is looked at, fetched and read
//! through Docker's API, which answers at once. Boxes are Vagrant's own (`boxes`).

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use futures_util::future::join_all;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::sync::Mutex;

use super::docker::{self, Docker, Hosted};
use super::{Engine, EngineError, FetchProgress, LogRequest, answer};
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, Role, State, digest, image};
use crate::run_spec::{ContainerName, Provider, RestartPolicy, RunSpec, Source, Technology};
use crate::words::Phrase;

mod boxes;
mod failure;
mod log;
mod machine;
mod program;
mod runs;
mod store;

use crate::phrase;
use program::{Run, refused, unwritable};
use store::{Found, Note, Store};

/// Its name in messages.
const ENGINE: &str = "Vagrant";

/// The variable of the environment that says where machines are kept.
const PATH_VARIABLE: &str = "GALERNE_VAGRANT_PATH";

/// Where machines are kept, under the root.
const FOLDER: &str = "var/lib/galerne/vagrant";

/// What Vagrant is told of the environment: proxies, whose certificates are trusted, who we are to its catalogue, and where those
/// who run machines are.
const TOLD: [&str; 14] = [
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "VAGRANT_SERVER_URL",
    "VAGRANT_CLOUD_TOKEN",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "LIBVIRT_DEFAULT_URI",
    "VBOX_USER_HOME",
    "DOCKER_CONFIG",
];

/// Where machines are kept, and what Vagrant is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of machines.
    pub folder: PathBuf,
    /// What `--root` says: machines made under another root are foreign.
    pub root: PathBuf,
    /// The Docker engine that runs machines.
    pub docker: docker::Settings,
    /// What Vagrant is told of the environment.
    pub environment: Vec<(String, String)>,
}

impl Settings {
    /// What the environment says.
    #[expect(clippy::disallowed_methods, reason = "the one place where this engine reads the environment")]
    pub fn from_environment(root: &Path) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            folder: variable(PATH_VARIABLE).map_or_else(|| root.join(FOLDER), PathBuf::from),
            root: root.to_owned(),
            docker: docker::Settings::from_environment(Technology::Docker, root),
            environment: TOLD.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?))).collect(),
        }
    }
}

/// Vagrant.
#[derive(Debug)]
pub struct Vagrant {
    settings: Settings,
    store: Store,
    docker: Docker,
    /// Held by the one who makes a machine, and by the first to call Vagrant, which then sets up its own files.
    making: Mutex<()>,
    setting_up: Mutex<()>,
}

impl Vagrant {
    /// The Vagrant that `settings` describe; nothing is looked at yet.
    pub fn new(settings: Settings) -> Self {
        let store = Store::new(settings.folder.clone());
        let docker = Docker::new(settings.docker.clone());
        Self { settings, store, docker, making: Mutex::default(), setting_up: Mutex::default() }
    }

    /// What Vagrant is told of the environment.
    fn environment(&self, provider: Provider) -> Vec<(String, String)> {
        let mut environment = self.settings.environment.clone();
        let home = self.store.home().to_string_lossy().into_owned();
        for (name, value) in [
            ("VAGRANT_HOME", home.as_str()),
            ("VAGRANT_DEFAULT_PROVIDER", provider.name()),
            // Nothing is asked of the Internet but what is wanted.
            ("VAGRANT_CHECKPOINT_DISABLE", "1"),
            ("DOCKER_HOST", self.docker.address()),
        ] {
            environment.push((name.to_owned(), value.to_owned()));
        }
        environment
    }

    /// Has Vagrant set up its own files, which two runs at once would do twice.
    async fn prepare_home(&self, environment: &[(String, String)]) -> Result<(), EngineError> {
        let (home, folder) = (self.store.home(), self.store.folder());
        let _one_at_a_time = self.setting_up.lock().await;
        if home.join("setup_version").is_file() {
            return Ok(());
        }
        store::make(&home)
            .map_err(|error| unwritable(phrase!("to-set-up-vagrant", "set up Vagrant"), &home, &error))?;
        let patience = std::time::Duration::from_mins(2);
        let run = Run { folder, environment, input: None, patience };
        match run.vagrant(&["box", "list"], &mut |_| {}).await? {
            Ok(()) => Ok(()),
            Err(failure) => Err(refused(phrase!("to-set-up-files", "set up its files"), &[failure.words])),
        }
    }

    fn all(&self) -> Result<Vec<Found>, EngineError> {
        let listed = self.store.list(&self.settings.root);
        listed.map_err(|error| {
            unwritable(phrase!("to-list-machines", "list its machines"), self.store.folder(), &error)
        })
    }

    /// The machine that galerne knows by `name`; of those that it did not make, the folder of that name.
    fn find(&self, name: &str) -> Result<Option<Found>, EngineError> {
        Ok(self.all()?.into_iter().find(|found| found.name() == name))
    }

    /// The machine `name`, if galerne made it.
    fn ours(&self, name: &str) -> Result<Found, EngineError> {
        match self.find(name)? {
            Some(found) if found.note.is_some() => Ok(found),
            Some(_) => Err(EngineError::Foreign { container: name.to_owned() }),
            None => Err(EngineError::ContainerAbsent { container: name.to_owned() }),
        }
    }

    /// Whether what `source` names is here.
    async fn has(&self, source: &Source) -> Result<bool, EngineError> {
        match provider_of(source) {
            Provider::Docker => self.docker.has(source).await,
            _ => Ok(boxes::kept(&self.store, source).is_some()),
        }
    }

    /// Makes the folder of a machine, whole.
    async fn make(&self, name: &str, spec: &RunSpec, id: &str) -> Result<(), EngineError> {
        let absent = || {
            let cause = answer::not_fetched();
            EngineError::ImageAbsent { image: image(&spec.source), cause }
        };
        let folder = self.store.folder().join(id);
        let labels = self.docker.labels_of(Technology::Vagrant, spec, &folder);
        let root = &self.settings.root;
        let place = machine::Place { folder: &folder, root, container: id, labels: &labels };
        let data = if provider_of(&spec.source) == Provider::Docker {
            if !self.docker.has(&spec.source).await? {
                return Err(absent());
            }
            machine::of_docker(spec, &place)
        } else {
            let kept = boxes::kept(&self.store, &spec.source).ok_or_else(absent)?;
            machine::of_box(spec, &kept, &place)
        };
        let environment = machine::environment(spec)?;
        let note = self.note(name, spec);
        let made = || -> io::Result<()> {
            let making = self.store.making()?;
            store::write(&making.join("Vagrantfile"), machine::VAGRANTFILE)?;
            store::write(&making.join(machine::DATA), format!("{data:#}\n"))?;
            store::write(&making.join(machine::ENVIRONMENT), &environment)?;
            store::write_note(&making, &note)?;
            std::fs::rename(&making, &folder)
        };
        made().map_err(|error| {
            unwritable(phrase!("to-make-machine", "make a machine"), self.store.folder(), &error)
        })
    }

    fn note(&self, name: &str, spec: &RunSpec) -> Note {
        let mut kept = spec.clone();
        kept.environment.clear();
        Note { name: name.to_owned(), root: self.settings.root.clone(), digest: digest(spec), spec: kept }
    }

    /// The containers of machines that Docker runs; an engine that is away matters only if it has, or is to have, some.
    async fn hosted(&self, all: &[Found], sources: &[Source]) -> Result<Vec<Hosted>, EngineError> {
        let is_needed = all.iter().any(|found| found.note.is_some() && found.provider() == Provider::Docker)
            || sources.iter().any(|source| provider_of(source) == Provider::Docker);
        match self.docker.hosted(Technology::Vagrant).await {
            Err(_) if !is_needed => Ok(Vec::new()),
            hosted => hosted,
        }
    }

    /// What a machine does. Vagrant itself is asked only of a virtual machine that is to run.
    async fn state(&self, found: &Found, hosted: &[Hosted]) -> Result<State, EngineError> {
        if found.provider() == Provider::Docker {
            let container = hosted.iter().find(|hosted| hosted.folder == found.folder);
            return Ok(container.map_or(State::Stopped, |container| container.state));
        }
        if store::is_marked(&found.folder) { self.status(found).await } else { Ok(State::Stopped) }
    }

    /// Starts the virtual machines that ran when the server went down, and gives what went wrong. Docker does so with its own.
    pub async fn start_all(&self) -> Vec<EngineError> {
        let found = match self.all() {
            Ok(found) => found,
            Err(error) => return vec![error],
        };
        let started = found.iter().filter(|found| starts_with_the_server(found)).map(|found| self.up(found));
        join_all(started).await.into_iter().filter_map(Result::err).collect()
    }
}

fn provider_of(source: &Source) -> Provider {
    source.provider.unwrap_or(Provider::Docker)
}

/// What is observed of a machine of ours; none of one that was renamed by hand.
fn observed(found: &Found, state: State) -> Option<ObservedContainer> {
    let note = found.note.as_ref()?;
    Some(ObservedContainer {
        container: note.spec.name.clone(),
        role: Role::from_name(&note.name, &note.spec.name)?,
        digest: note.digest.clone(),
        state,
        ports: note.spec.ports.iter().map(HostPort::from).collect(),
        image: image(&note.spec.source),
    })
}

/// As in Docker, one that ran, unless it starts again only when it fails.
fn starts_with_the_server(found: &Found) -> bool {
    let lasting = [RestartPolicy::Always, RestartPolicy::UnlessStopped];
    let lasts = found.note.as_ref().is_some_and(|note| lasting.contains(&note.spec.restart));
    lasts && found.provider() != Provider::Docker && store::is_marked(&found.folder)
}

/// A name for the folder, and for the container, that nobody has.
fn new_id(name: &ContainerName) -> Result<String, EngineError> {
    let random = getrandom::u32()
        .map_err(|error| refused(phrase!("to-make-name", "make a name"), &[error.to_string().into()]))?;
    Ok(format!("{name}-{random:08x}"))
}

#[async_trait]
impl Engine for Vagrant {
    fn technology(&self) -> Technology {
        Technology::Vagrant
    }

    async fn probe(&self) -> Result<String, EngineError> {
        program::version().await
    }

    async fn examine(&self) -> Result<Phrase, EngineError> {
        let version = self.probe().await?;
        let docker = self.docker.probe().await;
        let mut providers = Vec::new();
        providers.extend(docker.as_ref().ok().map(|_| Provider::Docker.name()));
        let is_there = |path: &str| Path::new(path).exists().then_some(());
        providers.extend(is_there("/run/libvirt/libvirt-sock").map(|()| Provider::Libvirt.name()));
        providers.extend(program::find("VBoxManage").map(|_| Provider::Virtualbox.name()));
        match docker {
            Err(error) if providers.is_empty() => Err(EngineError::ProviderAbsent {
                provider: Provider::Docker.name().to_owned(),
                cause: crate::diagnostic::said(&error),
            }),
            _ => Ok(phrase!(
                "has-providers",
                "{version} with {providers}",
                version = version,
                providers = providers.join(", ")
            )),
        }
    }

    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError> {
        program::is_installed()?;
        let mut state = EngineState::default();
        let all = self.all()?;
        let hosted = self.hosted(&all, sources).await?;
        let states = join_all(all.iter().map(|found| self.state(found, &hosted))).await;
        for (found, known) in all.iter().zip(states) {
            match observed(found, known?) {
                Some(container) => state.containers.push(container),
                None => state.foreign.push(Foreign { name: found.name().to_owned(), ports: Vec::new() }),
            }
        }
        // Containers whose machine somebody removed by hand.
        let is_lost = |hosted: &&Hosted| all.iter().all(|found| found.folder != hosted.folder);
        let lost = hosted.iter().filter(is_lost);
        state
            .foreign
            .extend(lost.map(|hosted| Foreign { name: hosted.name.clone(), ports: hosted.ports.clone() }));
        for source in sources {
            if self.has(source).await? {
                state.images.insert(source.clone());
            }
        }
        Ok(state)
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        match provider_of(source) {
            Provider::Docker => self.docker.fetch(source, progress).await,
            provider => boxes::fetch(self, source, provider, progress).await,
        }
    }

    async fn user(&self, source: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        match provider_of(source) {
            Provider::Docker => self.docker.user(source).await,
            _ => Ok(None),
        }
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let _one_at_a_time = self.making.lock().await;
        match self.find(name)? {
            // What a killed run left.
            Some(found) if found.note.is_some() => self.destroy(&found).await?,
            Some(_) => return Err(EngineError::NameTaken { container: name.to_owned() }),
            None => {}
        }
        self.make(name, spec, &new_id(&spec.name)?).await
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        self.up(&self.ours(name)?).await
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        self.halt(&self.ours(name)?).await
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        let found = self.ours(name)?;
        if self.find(to)?.is_some() {
            return Err(EngineError::NameTaken { container: to.to_owned() });
        }
        let Some(mut note) = found.note else { return Ok(()) };
        to.clone_into(&mut note.name);
        store::write_note(&found.folder, &note).map_err(|error| {
            unwritable(phrase!("to-rename-machine", "rename a machine"), &found.folder, &error)
        })
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        match self.ours(name) {
            Err(EngineError::ContainerAbsent { .. }) => Ok(()),
            found => self.destroy(&found?).await,
        }
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        let found = self.ours(spec.name.as_str())?;
        if found.provider() != Provider::Docker {
            return self.await_answer(&found, spec).await;
        }
        match self.container_of(&found).await? {
            Some(container) => self.docker.health_of(&container.id, spec).await,
            None => Err(EngineError::Unhealthy {
                container: spec.name.to_string(),
                cause: phrase!("ill-off", "it does not run"),
                log: Vec::new(),
            }),
        }
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let lines = async move {
            let found = self.ours(name.as_str())?;
            if found.provider() != Provider::Docker {
                let text = log::read(&found.folder, request);
                return Ok(stream::once(async { text }).boxed());
            }
            match self.container_of(&found).await? {
                Some(container) => Ok(self.docker.written_by(container.id, request).await?.boxed()),
                None => Ok(stream::empty().boxed()),
            }
        };
        stream::once(lines).try_flatten().boxed()
    }
}
