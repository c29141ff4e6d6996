//! What runs services on many machines, behind one trait.
//!
//! Other than a container of an [`super::Engine`], a service is changed in place by the cluster, which takes its time: an effect is
//! asked for by one call, and looked at until it is [`Progress::Settled`]. As with engines, a cluster never decides, every effect can
//! be repeated, and a service that galerne did not make is refused, whoever asks.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use super::{EngineError, FetchProgress, LogRequest};
use crate::phrase;
use crate::plan::{ClusterState, NodeChange, ObservedTask};
use crate::run_spec::{ContainerName, HealthCheck, RunSpec, Source, Technology};
use crate::words::Phrase;

/// What a cluster is asked for: who may not look everywhere in it looks where these are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sought<'a> {
    /// What is to run on it.
    pub wanted: &'a [RunSpec],
    /// What an earlier run had there.
    pub before: &'a [RunSpec],
}

/// What runs services on many machines.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// Which technology it is.
    fn technology(&self) -> Technology;

    /// What it says of itself, and how what runs on it is reached: what `galerne diagnose` shows.
    ///
    /// # Errors
    /// It does not answer, or this machine may not manage it.
    async fn examine(&self) -> Result<Phrase, EngineError>;

    /// The services that it holds, and its nodes.
    ///
    /// # Errors
    /// It does not answer, or this machine may not manage it.
    async fn observe(&self, sought: Sought<'_>) -> Result<ClusterState, EngineError>;

    /// Makes sure that `source` can be had, before anything changes.
    ///
    /// # Errors
    /// It is absent, or only this machine has it; its registry does not answer or refuses us.
    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError>;

    /// The numeric user and group that the image runs as, if it names them by numbers.
    ///
    /// # Errors
    /// The image is absent.
    async fn user(&self, source: &Source) -> Result<Option<(u32, u32)>, EngineError>;

    /// Asks for the release that `spec` is: a new service, or another release of the one there is.
    ///
    /// # Errors
    /// The service is not ours; a secret, a configuration or the image is absent; the cluster refuses the request.
    async fn deploy(&self, spec: &RunSpec) -> Result<(), EngineError>;

    /// Lets go of what the release before had and this one has not: called once it is settled.
    ///
    /// # Errors
    /// The cluster does not answer, or refuses.
    async fn confirm(&self, _container: &ContainerName) -> Result<(), EngineError> {
        Ok(())
    }

    /// Asks for so many copies, and changes nothing else.
    ///
    /// # Errors
    /// The service is not ours, or absent.
    async fn scale(&self, container: &ContainerName, replicas: u32) -> Result<(), EngineError>;

    /// Asks for the release before `release`, where that one is still asked for. Gives whether it is.
    ///
    /// # Errors
    /// The service is not ours, or had no release before.
    async fn roll_back(&self, container: &ContainerName, release: &str) -> Result<bool, EngineError>;

    /// Removes a service and what was made for it alone, but no volume; waits until its copies have ended.
    ///
    /// # Errors
    /// It is not ours.
    async fn withdraw(&self, container: &ContainerName) -> Result<(), EngineError>;

    /// How far a service is on its way.
    ///
    /// # Errors
    /// The cluster does not answer.
    async fn look(&self, watched: &Watched) -> Result<Look, EngineError>;

    /// Changes a node. A cluster whose nodes are others' affair refuses.
    ///
    /// # Errors
    /// There is no such node, or the cluster refuses the change.
    async fn change_node(&self, node: &str, change: &NodeChange) -> Result<(), EngineError> {
        let what = change.phrase(node);
        let cause = phrase!("refuses-nodes", "its nodes are not galerne's to change");
        Err(EngineError::Refused { engine: self.technology().name(), what, cause })
    }

    /// What the copies of a service wrote.
    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>>;
}

/// A service that is looked at until it is settled.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Which.
    pub container: ContainerName,
    /// The release that is to run, where one was asked for.
    pub release: Option<String>,
    /// When a copy counts as up.
    pub health: HealthCheck,
    /// Since when: what failed before does not count.
    pub since: Timestamp,
    /// The copies that have answered already.
    pub known: BTreeSet<SocketAddr>,
}

/// One look at a service.
#[derive(Debug, Clone)]
pub struct Look {
    /// Its copies.
    pub tasks: Vec<ObservedTask>,
    /// Where those are reached that answer.
    pub answering: BTreeSet<SocketAddr>,
    /// How far it is.
    pub progress: Progress,
}

/// How far a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It runs as it should.
    Settled,
    /// Not yet, and why.
    Moving(Phrase),
    /// All is there that is to be, and what was told to end has not.
    Ending(Phrase),
    /// No node takes one of its copies, and why.
    Unplaced(Phrase),
    /// It will not by waiting.
    Failed(Box<EngineError>),
}

/// So many copies of those that are wanted run.
pub(super) fn run(runs: u32, wanted: u32) -> Phrase {
    phrase!("rollout-run", "{runs} of {wanted} copies run", runs = runs, wanted = wanted)
}

/// So many copies are there that are to be gone.
pub(super) fn still_to_end(more: u32) -> Phrase {
    match more {
        1 => phrase!("rollout-one-ends", "1 copy is still to end"),
        _ => phrase!("rollout-ends", "{more} copies are still to end", more = more),
    }
}

/// `words`, and which nodes do not answer.
pub(super) fn without(words: Phrase, lost: &[String]) -> Phrase {
    match lost {
        [] => words,
        [node] => {
            phrase!("rollout-without", "{words}, and {node} does not answer", words = words, node = node)
        }
        nodes => phrase!(
            "rollout-without-several",
            "{words}, and {nodes} do not answer",
            words = words,
            nodes = nodes.join(", ")
        ),
    }
}

/// `words` of a copy, and the node that it is on.
pub(super) fn on(words: Phrase, node: Option<&str>) -> Phrase {
    match node {
        Some(node) => phrase!("copy-on", "{words} (on {node})", words = words, node = node),
        None => words,
    }
}
