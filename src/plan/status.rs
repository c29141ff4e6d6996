//! What runs, against what should.

use serde::{Deserialize, Serialize};

use super::{EngineState, HostPort, Observed, ObservedContainer, Role, State, Wanted, digest, image};
use crate::run_spec::{ContainerName, RunSpec, Technology};

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
}

/// How each container of `wanted` stands, then those that exist and are no longer wanted.
pub fn status(wanted: &Wanted, observed: &Observed) -> Vec<StatusRow> {
    let wanted = &wanted.pinned(observed);
    let rows = wanted.containers.iter().map(|spec| row(spec, observed.engines.get(&spec.engine.holder())));
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
    rows.chain(unwanted).collect()
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
        ports: spec.ports.iter().map(HostPort::from).collect(),
        path: (!spec.ports.is_empty()).then(|| format!("/{}/", spec.name)),
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
    }
}
