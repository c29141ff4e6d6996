//! Docker's swarm mode, through the API of the engine on this server, which has to be a manager.
//!
//! The services that are ours carry the same labels as containers do; all others are foreign, and so are those that galerne made on
//! another manager, unless they are wanted here. An image is pinned to what its
//! registry has for its tag at that moment, so that all nodes run the same.

use std::time::Duration;

use async_trait::async_trait;
use bollard::errors::Error;
use bollard::models::{Service, ServiceSpec, SwarmInfo, Task};
use bollard::query_parameters::{ListServicesOptions, ListTasksOptions, LogsOptions, UpdateServiceOptions};
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::time::{Instant, sleep};

use super::cluster::{Cluster, Look, Sought, Watched};
use super::docker::{Asked, Docker, Labels, Settings, is_absent, labels};
use super::{Engine as _, EngineError, FetchProgress, LogRequest, server};
use crate::phrase;
use crate::plan::{ClusterState, NodeChange, Role};
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};
use crate::words::Phrase;

mod body;
mod kernel;
mod membership;
mod objects;
mod observe;
mod pin;
mod rollout;

/// The label that says whether the cluster listens for a service.
const INGRESS: &str = "org.galerne.ingress";
/// The label that says which server asked for a service.
const SERVER: &str = "org.galerne.server";

/// How long the copies of a service that is removed may take to end, and the time between two looks.
const ENDING: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);

/// Docker's swarm mode.
#[derive(Debug)]
pub struct Swarm {
    docker: Docker,
    /// Whether the kernel carries the cluster's own network of ports.
    carries_ingress: bool,
    /// Whether it is known not to: the kernel of an engine elsewhere is not looked at.
    lacks_ipvs: bool,
    /// What this server is called in what it makes: what another one made is not taken away.
    server: String,
}

impl Swarm {
    /// The swarm of the engine that `settings` names; nothing is asked of it yet.
    pub fn new(settings: Settings) -> Self {
        let is_here = settings.address.starts_with("unix://") || settings.address.starts_with('/');
        let carries_ingress = is_here && kernel::balances();
        let server = server::name(&settings.root);
        let lacks_ipvs = is_here && !carries_ingress;
        Self { docker: Docker::new(settings), carries_ingress, lacks_ipvs, server }
    }

    fn failed(&self, error: &Error, asked: Asked<'_>) -> EngineError {
        swarm_sentence(error).unwrap_or_else(|| self.docker.failed(error, asked))
    }

    /// Refuses where this engine manages no swarm.
    async fn check_manages(&self) -> Result<(), EngineError> {
        let info = self.docker.client().await?.info().await;
        let info = info.map_err(|error| self.failed(&error, Asked::Connection))?;
        manages(&info.swarm.unwrap_or_default())
    }

    /// The service `name`, which must be ours; none if there is none.
    async fn ours(&self, name: &str) -> Result<Option<Service>, EngineError> {
        let found = match self.docker.client().await?.inspect_service(name, None).await {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failed(&error, Asked::Container("look at the service", name))),
        };
        if self.owner(&found).is_some() {
            return Ok(Some(found));
        }
        // What was looked up may be another one, by the beginning of its id.
        let is_named = found.spec.as_ref().and_then(|spec| spec.name.as_deref()) == Some(name);
        if is_named { Err(EngineError::Foreign { container: name.to_owned() }) } else { Ok(None) }
    }

    async fn known(&self, name: &str) -> Result<Service, EngineError> {
        self.ours(name).await?.ok_or_else(|| EngineError::ContainerAbsent { container: name.to_owned() })
    }

    /// Whose service it is, if it is ours.
    fn owner(&self, service: &Service) -> Option<ContainerName> {
        let spec = service.spec.as_ref()?;
        let owner = labels::owner(&labels_of(service), spec.name.as_deref()?, self.docker.mark());
        owner.filter(|(_, role)| *role == Role::Current).map(|(container, _)| container)
    }

    /// The copies of the service `name`, or of all.
    async fn tasks(&self, name: Option<&str>) -> Result<Vec<Task>, EngineError> {
        let filters = name.map(|name| [("service".to_owned(), vec![name.to_owned()])].into_iter().collect());
        let tasks = self.docker.client().await?.list_tasks(Some(ListTasksOptions { filters })).await;
        tasks.map_err(|error| self.failed(&error, Asked::Connection))
    }

    async fn services(&self) -> Result<Vec<Service>, EngineError> {
        let found = self.docker.client().await?.list_services(None::<ListServicesOptions>).await;
        found.map_err(|error| self.failed(&error, Asked::Connection))
    }

    /// Has the service changed; another one who changes it at the same moment makes it be asked again.
    async fn change(
        &self,
        name: &str,
        verb: &str,
        rollback: bool,
        next: impl Fn(&Service) -> ServiceSpec + Send + Sync,
    ) -> Result<(), EngineError> {
        let mut tries = 0;
        loop {
            let found = self.known(name).await?;
            let spec = next(&found);
            let credentials = self.credentials(&spec).await?;
            let version = found.version.as_ref().and_then(|version| version.index).unwrap_or_default();
            let options = UpdateServiceOptions {
                version: i32::try_from(version).unwrap_or(i32::MAX),
                rollback: rollback.then(|| "previous".to_owned()),
                ..UpdateServiceOptions::default()
            };
            let client = self.docker.client().await?;
            match client.update_service(name, spec, options, credentials).await {
                Ok(_) => return Ok(()),
                Err(error) if tries < 20 && error.to_string().contains("out of sequence") => {
                    tries += 1;
                    sleep(PAUSE).await;
                }
                Err(error) => return Err(self.failed(&error, Asked::Container(verb, name))),
            }
        }
    }
}

/// The sentence for what only a swarm answers.
fn swarm_sentence(error: &Error) -> Option<EngineError> {
    let Error::DockerResponseServerError { message, .. } = error else { return None };
    let has = |words: &str| message.contains(words);
    if has("Worker nodes can't be used") || has("worker nodes can't be used") {
        return Some(EngineError::NotAManager);
    }
    if has("is not a swarm manager") || has("not part of a swarm") {
        return Some(EngineError::NoSwarm);
    }
    let leaderless = ["does not have a leader", "no elected primary", "context deadline exceeded"];
    leaderless.iter().any(|words| has(words)).then_some(EngineError::NoQuorum)
}

fn manages(swarm: &SwarmInfo) -> Result<(), EngineError> {
    use bollard::models::LocalNodeState as State;
    match swarm.local_node_state {
        Some(State::ACTIVE | State::ERROR | State::LOCKED) if swarm.control_available == Some(true) => Ok(()),
        // One whose managers are gone knows no longer that it is one of them.
        Some(State::ACTIVE | State::PENDING) if swarm.control_available != Some(true) => {
            Err(EngineError::NotAManager)
        }
        Some(State::ERROR | State::LOCKED) => Err(EngineError::NoQuorum),
        _ => Err(EngineError::NoSwarm),
    }
}

fn labels_of(service: &Service) -> Labels {
    let labels = service.spec.as_ref().and_then(|spec| spec.labels.clone()).unwrap_or_default();
    labels.into_iter().collect()
}

#[async_trait]
impl Cluster for Swarm {
    fn technology(&self) -> Technology {
        Technology::Swarm
    }

    async fn examine(&self) -> Result<Phrase, EngineError> {
        self.check_manages().await?;
        let version = self.docker.probe().await?;
        let nodes = observe::nodes(self).await?.len();
        let entry = if self.carries_ingress {
            phrase!("swarm-listens", "the swarm itself listens on its nodes")
        } else {
            phrase!(
                "swarm-no-ipvs",
                "the kernel has no IPVS, so nginx listens and hands requests to the copies"
            )
        };
        Ok(match nodes {
            1 => phrase!("has-node", "{version}, 1 node; {entry}", version = version, entry = entry),
            _ => phrase!(
                "has-nodes",
                "{version}, {nodes} nodes; {entry}",
                version = version,
                nodes = nodes,
                entry = entry
            ),
        })
    }

    async fn observe(&self, sought: Sought<'_>) -> Result<ClusterState, EngineError> {
        self.check_manages().await?;
        let is_wanted_here = |name: &ContainerName| sought.wanted.iter().any(|spec| spec.name == *name);
        observe::observe(self, is_wanted_here).await
    }

    async fn fetch(&self, source: &Source, progress: &FetchProgress<'_>) -> Result<(), EngineError> {
        self.pin(source).await?;
        // The nodes fetch it themselves. Here it is fetched before anything changes, so that at least what this one lacks is
        // told while the release before still runs; only an image that is here already need not be.
        if self.docker.has(source).await? { Ok(()) } else { self.docker.fetch(source, progress).await }
    }

    async fn user(&self, source: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        self.docker.user(source).await
    }

    async fn deploy(&self, spec: &RunSpec) -> Result<(), EngineError> {
        let name = spec.name.as_str();
        let found = self.ours(name).await?;
        let current = found.as_ref().map(|found| labels::digest_of(&labels_of(found)));
        if let Some(current) = &current {
            self.prune_secrets(&spec.name, Some(current)).await?;
        }
        let made = self.make(spec).await?;
        if found.is_some() {
            return self.change(name, "update the service", false, |_| made.clone()).await;
        }
        let credentials = self.credentials(&made).await?;
        match self.docker.client().await?.create_service(made, credentials).await {
            Ok(_) => Ok(()),
            Err(Error::DockerResponseServerError { status_code: 409, message })
                if message.contains("name conflicts") =>
            {
                Err(EngineError::NameTaken { container: name.to_owned() })
            }
            Err(error) => Err(self.failed(&error, Asked::Container("make the service", name))),
        }
    }

    async fn scale(&self, container: &ContainerName, replicas: u32) -> Result<(), EngineError> {
        self.change(container.as_str(), "scale the service", false, |found| {
            let mut spec = found.spec.clone().unwrap_or_default();
            if let Some(replicated) = spec.mode.as_mut().and_then(|mode| mode.replicated.as_mut()) {
                replicated.replicas = Some(i64::from(replicas));
            }
            spec
        })
        .await
    }

    async fn roll_back(&self, container: &ContainerName, release: &str) -> Result<bool, EngineError> {
        let Some(found) = self.ours(container.as_str()).await? else { return Ok(false) };
        if labels::digest_of(&labels_of(&found)) != release {
            return Ok(false);
        }
        let again = |found: &Service| found.spec.clone().unwrap_or_default();
        self.change(container.as_str(), "roll back the service", true, again).await?;
        Ok(true)
    }

    async fn withdraw(&self, container: &ContainerName) -> Result<(), EngineError> {
        let name = container.as_str();
        if self.ours(name).await?.is_some() {
            match self.docker.client().await?.delete_service(name).await {
                Err(error) if !is_absent(&error) => {
                    return Err(self.failed(&error, Asked::Container("remove the service", name)));
                }
                _ => {}
            }
        }
        self.await_end(name).await?;
        self.prune_secrets(container, None).await?;
        self.prune_networks().await
    }

    async fn look(&self, watched: &Watched) -> Result<Look, EngineError> {
        rollout::look(self, watched).await
    }

    async fn change_node(&self, node: &str, change: &NodeChange) -> Result<(), EngineError> {
        membership::change(self, node, change).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        let options = LogsOptions {
            follow: request.follow,
            stdout: true,
            stderr: true,
            tail: request.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
            ..LogsOptions::default()
        };
        let lines = async move {
            self.known(name.as_str()).await?;
            let output = self.docker.client().await?.service_logs(name.as_str(), Some(options));
            Ok(output
                .map_ok(|line| String::from_utf8_lossy(line.as_ref()).into_owned())
                .map_err(|error| self.failed(&error, Asked::Container("read the log of", name.as_str()))))
        };
        futures_util::stream::once(lines).try_flatten().boxed()
    }
}

impl Swarm {
    /// All that the swarm holds, whichever server asked for it.
    ///
    /// # Errors
    /// This engine manages no swarm.
    pub async fn whole(&self) -> Result<ClusterState, EngineError> {
        self.check_manages().await?;
        observe::observe(self, |_| true).await
    }

    /// What the swarm is asked to run for `spec`, once all that it names is there.
    async fn make(&self, spec: &RunSpec) -> Result<ServiceSpec, EngineError> {
        let image = self.pin(&spec.source).await?;
        let objects = self.prepare(spec).await?;
        let ingress = ClusterState { carries_ingress: self.carries_ingress, ..ClusterState::default() };
        let body = body::Body {
            spec,
            image,
            objects: &objects,
            ingress: ingress.uses_ingress(spec),
            mark: self.docker.mark(),
            server: &self.server,
        };
        Ok(body.service())
    }

    /// What the configuration has for the registry of the image that is asked for: the nodes that fetch it are handed them.
    async fn credentials(
        &self,
        spec: &ServiceSpec,
    ) -> Result<Option<bollard::auth::DockerCredentials>, EngineError> {
        self.docker.credentials(&observe::image_of(spec).unwrap_or_default()).await
    }

    /// Waits until no copy of a removed service holds a port or a folder any more.
    async fn await_end(&self, name: &str) -> Result<(), EngineError> {
        let deadline = Instant::now() + ENDING;
        let path = format!("{name}.");
        loop {
            // A removed service is no longer found by its name; its containers on this node are.
            let here = self.docker.tasks_of(&path).await?;
            if here == 0 || Instant::now() >= deadline {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_swarm_answers_has_a_sentence() {
        let said = |message: &str| {
            swarm_sentence(&Error::DockerResponseServerError {
                status_code: 503,
                message: message.to_owned(),
            })
        };
        let none = "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";
        assert_eq!(said(none), Some(EngineError::NoSwarm));
        let worker = "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";
        assert_eq!(said(worker), Some(EngineError::NotAManager));
        let alone = "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.";
        assert_eq!(said(alone), Some(EngineError::NoQuorum));
        assert_eq!(said("no such image"), None);
    }
}
