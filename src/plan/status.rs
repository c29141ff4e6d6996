//! What runs, against what should.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{
    ClusterState, EngineState, HostPort, Observed, ObservedContainer, ObservedService, Role, State, Wanted,
    digest, image, release,
};
use crate::run_spec::{ContainerName, RunSpec, Technology};
use crate::words::Phrase;

/// How a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It runs as it should.
    Running,
    /// It runs, and says that it is not well.
    Unhealthy,
    /// It ends and is started again.
    Restarting,
    /// It does not run.
    Stopped,
    /// It does not exist.
    Missing,
    /// It exists with other settings than those of the configuration.
    Outdated,
    /// It exists, and the configuration no longer has it.
    Unwanted,
    /// Its engine was not asked.
    Unknown,
    /// Not all of its copies run.
    Incomplete,
    /// A cluster is changing it.
    Changing,
}

/// A copy of an application on a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRow {
    /// The node that runs it; none has been found yet.
    pub node: Option<String>,
    /// The cluster's word for what it does.
    pub state: String,
    /// Where it is reached, if it has a port of its own.
    pub address: Option<SocketAddr>,
    /// What is said of it.
    #[serde(with = "crate::words::english::option")]
    pub words: Option<Phrase>,
}

/// One container, as it is and as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRow {
    /// Its name.
    pub name: ContainerName,
    /// Its engine.
    pub engine: Technology,
    /// Its image and tag.
    pub image: String,
    /// How it stands.
    pub state: Standing,
    /// The addresses of the host that it should listen on.
    pub ports: Vec<HostPort>,
    /// Its path under the web server; none for one without ports.
    pub path: Option<String>,
    /// Its copies, by their nodes, of what runs on a cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopyRow>,
}

/// How each container of `wanted` stands, then those that exist and are no longer wanted.
pub fn status(wanted: &Wanted, observed: &Observed) -> Vec<StatusRow> {
    let wanted = &wanted.pinned(observed);
    let rows = wanted.containers.iter().map(|spec| match observed.clusters.get(&spec.engine.holder()) {
        Some(state) => service_row(spec, state),
        None => row(spec, observed.engines.get(&spec.engine.holder())),
    });
    let elsewhere = |name, technology| {
        wanted.container(name).is_none_or(|spec: &RunSpec| spec.engine.holder() != technology)
    };
    let unwanted = observed.engines.iter().flat_map(|(technology, engine)| {
        engine
            .containers
            .iter()
            .filter(|found| found.role == Role::Current && elsewhere(&found.container, *technology))
            .map(|found| unwanted_row(*technology, found))
    });
    let unwanted_services = observed.clusters.iter().flat_map(|(technology, state)| {
        let services = state.services.iter().filter(|found| elsewhere(&found.container, *technology));
        services.map(|found| StatusRow {
            name: found.container.clone(),
            engine: *technology,
            image: found.image.clone(),
            state: Standing::Unwanted,
            ports: found.ports.clone(),
            path: None,
            copies: copies(found),
        })
    });
    rows.chain(unwanted).chain(unwanted_services).collect()
}

fn service_row(spec: &RunSpec, state: &ClusterState) -> StatusRow {
    let found = state.services.iter().find(|found| found.container == spec.name);
    let standing = match found {
        None => Standing::Missing,
        Some(found) if found.changes => Standing::Changing,
        Some(found) if found.digest != release(spec) => Standing::Outdated,
        Some(found) if found.replicas != spec.replicas() => Standing::Outdated,
        Some(found) if !found.is_settled() => Standing::Incomplete,
        Some(_) => Standing::Running,
    };
    StatusRow { state: standing, copies: found.map(copies).unwrap_or_default(), ..row(spec, None) }
}

/// The copies of a service, by their nodes.
fn copies(found: &ObservedService) -> Vec<CopyRow> {
    let mut copies: Vec<CopyRow> = found
        .tasks
        .iter()
        .map(|task| CopyRow {
            node: task.node.clone(),
            state: task.state.clone(),
            address: task.address,
            words: task.words.clone(),
        })
        .collect();
    copies.sort_by(|one, other| (&one.node, one.address).cmp(&(&other.node, other.address)));
    copies
}

fn row(spec: &RunSpec, engine: Option<&EngineState>) -> StatusRow {
    let found = engine.and_then(|engine| {
        engine.containers.iter().find(|found| found.container == spec.name && found.role == Role::Current)
    });
    let state = match (engine, found) {
        (None, _) => Standing::Unknown,
        (Some(_), None) => Standing::Missing,
        (Some(_), Some(found)) => standing(spec, found),
    };
    StatusRow {
        name: spec.name.clone(),
        engine: spec.engine,
        image: image(&spec.source),
        state,
        ports: spec.host_ports().iter().map(HostPort::from).collect(),
        path: (!spec.host_ports().is_empty()).then(|| format!("/{}/", spec.name)),
        copies: Vec::new(),
    }
}

fn standing(spec: &RunSpec, found: &ObservedContainer) -> Standing {
    if found.digest != digest(spec) {
        return Standing::Outdated;
    }
    match found.state {
        State::Running => Standing::Running,
        State::Unhealthy => Standing::Unhealthy,
        State::Restarting => Standing::Restarting,
        State::Stopped => Standing::Stopped,
    }
}

fn unwanted_row(engine: Technology, found: &ObservedContainer) -> StatusRow {
    StatusRow {
        name: found.container.clone(),
        engine,
        image: found.image.clone(),
        state: Standing::Unwanted,
        ports: found.ports.clone(),
        path: None,
        copies: Vec::new(),
    }
}
