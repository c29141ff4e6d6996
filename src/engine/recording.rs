//! An engine in memory: what is done to it can be read, and made to fail. The double of every test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use super::{Engine, EngineError, FetchProgress, Layer, LogRequest};
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, Role, State, digest, image};
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};

/// An engine in memory. What a container is made from decides how it behaves: an image in `bad_images` never
/// becomes healthy.
#[derive(Debug, Default)]
pub struct Recording {
    technology: Option<Technology>,
    inner: Mutex<Inner>,
    /// Another engine of the same machine, whose ports are taken here too.
    neighbour: Mutex<Weak<Recording>>,
}

#[derive(Debug, Default)]
struct Inner {
    containers: BTreeMap<String, Held>,
    foreign: Vec<Foreign>,
    images: BTreeSet<Source>,
    bad_images: BTreeSet<Source>,
    calls: Vec<String>,
    failing: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
struct Held {
    spec: RunSpec,
    running: bool,
}

impl Recording {
    /// An engine of Docker and one of podman on one machine.
    pub fn two() -> (Arc<Self>, Arc<Self>) {
        let of = |technology| Arc::new(Self { technology: Some(technology), ..Self::default() });
        let (one, other) = (of(Technology::Docker), of(Technology::Podman));
        for (engine, neighbour) in [(&one, &other), (&other, &one)] {
            *engine.neighbour.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(neighbour);
        }
        (one, other)
    }

    /// The ports that the other engine's containers listen on.
    fn ports_elsewhere(&self) -> Vec<HostPort> {
        let neighbour = self.neighbour.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        neighbour.map(|neighbour| neighbour.lock().ports()).unwrap_or_default()
    }

    /// Puts a container there that galerne did not make.
    pub fn add_foreign(&self, name: &str, ports: &[HostPort]) {
        self.lock().foreign.push(Foreign { name: name.to_owned(), ports: ports.to_vec() });
    }

    /// Makes every container of this image unhealthy.
    pub fn add_bad_image(&self, source: &Source) {
        self.lock().bad_images.insert(source.clone());
    }

    /// Makes the calls of these numbers fail, counted from the next one.
    pub fn fail_at(&self, calls: impl IntoIterator<Item = usize>) {
        let mut inner = self.lock();
        let done = inner.calls.len();
        inner.failing = calls.into_iter().map(|call| call + done).collect();
    }

    /// The effects so far, such as `start wiki`.
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    /// The containers: name, tag, whether it runs.
    pub fn containers(&self) -> Vec<(String, String, bool)> {
        self.lock()
            .containers
            .iter()
            .map(|(name, held)| (name.clone(), held.spec.source.tag.clone(), held.running))
            .collect()
    }

    /// Stops a container as a failure of its own would.
    pub fn crash(&self, name: &str) {
        if let Some(held) = self.lock().containers.get_mut(name) {
            held.running = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A test that panics while it holds the lock has failed already.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, what: String) -> Result<MutexGuard<'_, Inner>, EngineError> {
        let mut inner = self.lock();
        let number = inner.calls.len();
        inner.calls.push(what.clone());
        if inner.failing.contains(&number) {
            let cause = "the test wants it to fail".to_owned();
            return Err(refused(what, cause));
        }
        Ok(inner)
    }
}

fn refused(what: String, cause: String) -> EngineError {
    EngineError::Refused { engine: "recording", what: what.into(), cause: cause.into() }
}

fn absent(name: &str) -> EngineError {
    EngineError::ContainerAbsent { container: name.to_owned() }
}

fn host_ports(spec: &RunSpec) -> Vec<HostPort> {
    spec.ports.iter().map(HostPort::from).collect()
}

impl Inner {
    fn ports(&self) -> Vec<HostPort> {
        let running = self.containers.values().filter(|held| held.running);
        let held = running.flat_map(|held| host_ports(&held.spec));
        held.chain(self.foreign.iter().flat_map(|foreign| foreign.ports.clone())).collect()
    }

    fn port_is_taken(&self, spec: &RunSpec, elsewhere: Vec<HostPort>) -> Option<u16> {
        let taken = [self.ports(), elsewhere].concat();
        let mut wanted = host_ports(spec).into_iter();
        wanted.find(|port| taken.iter().any(|held| held.overlaps(*port))).map(|port| port.port)
    }

    fn name_is_taken(&self, name: &str) -> bool {
        self.containers.contains_key(name) || self.foreign.iter().any(|foreign| foreign.name == name)
    }

    fn state(&self) -> EngineState {
        let containers = self.containers.iter().map(|(name, held)| ObservedContainer {
            container: held.spec.name.clone(),
            role: Role::from_name(name, &held.spec.name).unwrap_or(Role::Current),
            digest: digest(&held.spec),
            state: if held.running { State::Running } else { State::Stopped },
            ports: host_ports(&held.spec),
            image: image(&held.spec.source),
        });
        EngineState {
            containers: containers.collect(),
            foreign: self.foreign.clone(),
            images: self.images.clone(),
            ..EngineState::default()
        }
    }
}

#[async_trait]
impl Engine for Recording {
    fn technology(&self) -> Technology {
        self.technology.unwrap_or(Technology::Docker)
    }

    async fn probe(&self) -> Result<String, EngineError> {
        Ok("recording".to_owned())
    }

    async fn observe(&self, _sources: &[Source]) -> Result<EngineState, EngineError> {
        Ok(self.lock().state())
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        progress(Layer {
            id: "layer".to_owned(),
            status: "Downloading".into(),
            current: Some(1),
            total: Some(2),
        });
        self.call(format!("fetch {}", image(source)))?.images.insert(source.clone());
        Ok(())
    }

    async fn user(&self, _source: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        Ok(None)
    }

    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError> {
        let mut inner = self.call(format!("create {name}"))?;
        if inner.name_is_taken(name) {
            return Err(EngineError::NameTaken { container: name.to_owned() });
        }
        let held = Held { spec: spec.clone(), running: false };
        inner.containers.insert(name.to_owned(), held);
        Ok(())
    }

    async fn start(&self, name: &str) -> Result<(), EngineError> {
        let elsewhere = self.ports_elsewhere();
        let mut inner = self.call(format!("start {name}"))?;
        let held = inner.containers.get(name).ok_or_else(|| absent(name))?.clone();
        if held.running {
            return Ok(());
        }
        if let Some(port) = inner.port_is_taken(&held.spec, elsewhere) {
            return Err(EngineError::PortTaken { container: name.to_owned(), port: port.to_string() });
        }
        let running = Held { running: true, ..held };
        inner.containers.insert(name.to_owned(), running);
        Ok(())
    }

    async fn stop(&self, name: &str) -> Result<(), EngineError> {
        let mut inner = self.call(format!("stop {name}"))?;
        let held = inner.containers.get_mut(name).ok_or_else(|| absent(name))?;
        held.running = false;
        Ok(())
    }

    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError> {
        let mut inner = self.call(format!("rename {name} {to}"))?;
        if inner.name_is_taken(to) {
            return Err(EngineError::NameTaken { container: to.to_owned() });
        }
        let held = inner.containers.remove(name).ok_or_else(|| absent(name))?;
        inner.containers.insert(to.to_owned(), held);
        Ok(())
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        self.call(format!("remove {name}"))?.containers.remove(name);
        Ok(())
    }

    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError> {
        let inner = self.call(format!("health {}", spec.name))?;
        let runs = inner.containers.get(spec.name.as_str()).is_some_and(|held| held.running);
        if runs && !inner.bad_images.contains(&spec.source) {
            return Ok(());
        }
        Err(EngineError::Unhealthy {
            container: spec.name.to_string(),
            cause: "the test wants it to be unhealthy".into(),
            log: vec!["I am not well".to_owned()],
        })
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        _request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        stream::iter([Ok(format!("{name} was here"))]).boxed()
    }
}
