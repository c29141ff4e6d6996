//! What runs containers, behind one trait.
//!
//! In: names, run specs and images. Out: what the engine holds, and one effect a call, or an [`EngineError`] that
//! says in a sentence what is wrong and what to do. The invariants: an engine never decides (the plan does);
//! every effect can be repeated (starting what runs and removing what is gone are no errors); a container that
//! galerne did not make is refused, whoever asks.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use tokio::time::{Instant, sleep};

use crate::phrase;
use crate::plan::{Action, EngineState};
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};
use crate::words::Phrase;

mod answer;
mod attended;
pub mod cluster;
pub mod docker;
mod error;
mod git;
pub mod kubernetes;
pub mod lxc;
pub mod qemu;
pub mod recording;
mod server;
pub mod snap;
pub mod swarm;
pub mod vagrant;

pub use cluster::Cluster;
pub use docker::Docker;
pub use error::EngineError;
pub use kubernetes::Kubernetes;
pub use lxc::Lxc;
pub use qemu::Qemu;
pub use recording::Recording;
pub use snap::Snap;
pub use swarm::Swarm;
pub use vagrant::Vagrant;

/// How long a port may stay taken by what has just ended, and the time between two tries: podman's guard of one outlives its container.
const LETTING_GO: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);

/// What runs containers. The names are those that [`crate::plan::Role::of`] gives.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Which technology it is: one that holds its own containers.
    fn technology(&self) -> Technology;

    /// Whether it answers, and in which version.
    ///
    /// # Errors
    /// It is absent, does not answer or does not let us in.
    async fn probe(&self) -> Result<String, EngineError>;

    /// The same, and whether it could run a container now: what `galerne diagnose` shows.
    ///
    /// # Errors
    /// As [`Engine::probe`], or something that its containers need is missing.
    async fn examine(&self) -> Result<Phrase, EngineError> {
        self.probe().await.map(Phrase::from)
    }

    /// The containers that it holds, which of `sources` it has, and for which commits they stand.
    ///
    /// # Errors
    /// It does not answer.
    async fn observe(&self, sources: &[Source]) -> Result<EngineState, EngineError>;

    /// Fetches an image or builds it, telling `progress` of each layer or line.
    ///
    /// # Errors
    /// The image is absent or cannot be built, or its registry does not answer or refuses us; the disk is full.
    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError>;

    /// The numeric user and group that the image runs as, if it names them by numbers.
    ///
    /// # Errors
    /// The image is absent.
    async fn user(&self, source: &Source) -> Result<Option<(u32, u32)>, EngineError>;

    /// Makes a container under `name`, without starting it.
    ///
    /// # Errors
    /// The name is taken, or the image is absent.
    async fn create(&self, name: &str, spec: &RunSpec) -> Result<(), EngineError>;

    /// Starts a container.
    ///
    /// # Errors
    /// A port is taken, or the engine cannot run it.
    async fn start(&self, name: &str) -> Result<(), EngineError>;

    /// Stops a container: asks it to end, and ends it after a while.
    ///
    /// # Errors
    /// It is not ours.
    async fn stop(&self, name: &str) -> Result<(), EngineError>;

    /// Gives a container another name.
    ///
    /// # Errors
    /// The name is taken, or the container is not ours.
    async fn rename(&self, name: &str, to: &str) -> Result<(), EngineError>;

    /// Removes a container, and nothing of what it mounted.
    ///
    /// # Errors
    /// It is not ours.
    async fn remove(&self, name: &str) -> Result<(), EngineError>;

    /// Waits until the container that runs `spec` is healthy, at most as long as `spec` allows.
    ///
    /// # Errors
    /// It is not; the error has its last lines.
    async fn health(&self, spec: &RunSpec) -> Result<(), EngineError>;

    /// What a container wrote.
    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>>;
}

/// Stays beside the container in `folder` until it has ended for good or is to stop: galerne calls itself for that.
pub async fn attend(folder: &Path) {
    attended::attend(folder).await;
}

/// Who is told how far a fetch is.
pub type FetchProgress<'a> = dyn Fn(Layer) + Send + Sync + 'a;

/// How far one layer of an image is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Layer {
    /// The layer, as the engine calls it.
    pub id: String,
    /// What happens to it; words that are not galerne's are the engine's.
    #[serde(with = "crate::words::english")]
    pub status: Phrase,
    /// How many bytes are done, while that is known.
    pub current: Option<u64>,
    /// Of how many.
    pub total: Option<u64>,
}

impl Layer {
    /// One of which nobody knows how far it is.
    pub fn told(id: impl Into<String>, status: impl Into<Phrase>) -> Self {
        Self { id: id.into(), status: status.into(), current: None, total: None }
    }

    /// One that comes over the network.
    pub(crate) fn downloads(id: impl Into<String>) -> Self {
        Self::told(id, phrase!("layer-downloads", "downloading"))
    }

    /// One that is on this server.
    pub(crate) fn copies(id: impl Into<String>) -> Self {
        Self::told(id, phrase!("layer-copies", "copying"))
    }
}

/// Which part of what a container wrote is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogRequest {
    /// Goes on while the container runs.
    pub follow: bool,
    /// Only the last lines, that many.
    pub tail: Option<u32>,
}

/// Runs the action of a step on a container; gives false for one that is not on a container.
///
/// # Errors
/// As the engine's method says.
pub async fn run(
    engine: &dyn Engine,
    action: &Action,
    spec: impl Fn(&ContainerName) -> Option<RunSpec> + Send + Sync,
) -> Result<bool, EngineError> {
    match action {
        Action::Create { name, container } => match spec(container) {
            Some(spec) => engine.create(name, &spec).await?,
            None => return Ok(false),
        },
        Action::AwaitHealthy { container } => match spec(container) {
            Some(spec) => engine.health(&spec).await?,
            None => return Ok(false),
        },
        Action::Rename { name, to } => engine.rename(name, to).await?,
        Action::Start { name } => start(engine, name).await?,
        Action::Stop { name } => engine.stop(name).await?,
        Action::Remove { name } => engine.remove(name).await?,
        Action::Resume { .. } => {}
        _ => return Ok(false),
    }
    Ok(true)
}

/// Starts a container; a port that another one has just had is waited for.
async fn start(engine: &dyn Engine, name: &str) -> Result<(), EngineError> {
    let deadline = Instant::now() + LETTING_GO;
    loop {
        match engine.start(name).await {
            Err(EngineError::PortTaken { .. }) if Instant::now() < deadline => sleep(PAUSE).await,
            started => return started,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_let_go_of_late_is_waited_for() {
        let (before, next) = Recording::two();
        let spec: RunSpec = serde_json::from_value(serde_json::json!({
            "name": "wiki",
            "engine": "docker",
            "source": {"image": "registry.example.org/app", "tag": "1"},
            "ports": [{"address": "127.0.0.1", "host": 8082, "container": 80}],
        }))
        .unwrap();
        let moves = async {
            for engine in [&before, &next] {
                engine.create("wiki", &spec).await.unwrap();
            }
            start(&*before, "wiki").await.unwrap();
            let lets_go = async {
                sleep(4 * PAUSE).await;
                before.stop("wiki").await
            };
            tokio::join!(start(&*next, "wiki"), lets_go)
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        assert_eq!(runtime.block_on(moves), (Ok(()), Ok(())));
    }
}
