//! The engine's list of containers, read.

use bollard::models::{ContainerSummary, ContainerSummaryStateEnum, PortSummary};

use super::labels::{self, Mark};
use crate::plan::{EngineState, Foreign, HostPort, ObservedContainer, State};
use crate::run_spec::Technology;

/// Adds one container of the engine's list to `state`: ours, or foreign.
pub(super) fn place(found: ContainerSummary, mark: Mark<'_>, state: &mut EngineState) {
    let labels = found.labels.unwrap_or_default().into_iter().collect();
    let names = found.names.unwrap_or_default();
    // Names of links (`/other/alias`) stand beside the container's own one.
    let own = names.iter().filter_map(|name| name.strip_prefix('/')).find(|name| !name.contains('/'));
    let Some(name) = own else {
        return;
    };
    if labels::is_copy(&labels, mark.root) {
        return;
    }
    let Some((container, role)) = labels::owner(&labels, name, mark) else {
        // That technology tells of its own.
        if labels::folder_of(&labels, Mark { technology: Technology::Vagrant, ..mark }).is_some() {
            return;
        }
        let ports = found.ports.unwrap_or_default().iter().filter_map(host_port).collect();
        state.foreign.push(Foreign { name: name.to_owned(), ports });
        return;
    };
    state.containers.push(ObservedContainer {
        container,
        role,
        digest: labels::digest_of(&labels),
        state: state_of(found.state, found.status.as_deref().unwrap_or_default()),
        ports: labels::ports_of(&labels),
        image: found.image.unwrap_or_default(),
    });
}

pub(super) fn host_port(port: &PortSummary) -> Option<HostPort> {
    Some(HostPort { address: port.ip.as_deref()?.parse().ok()?, port: port.public_port? })
}

pub(super) fn state_of(state: Option<ContainerSummaryStateEnum>, status: &str) -> State {
    use ContainerSummaryStateEnum as Docker;
    match state {
        Some(Docker::RUNNING | Docker::STOPPING) if status.contains("(unhealthy)") => State::Unhealthy,
        Some(Docker::RUNNING | Docker::STOPPING) => State::Running,
        // A paused container answers nobody, and holds its ports.
        Some(Docker::PAUSED) => State::Unhealthy,
        Some(Docker::RESTARTING) => State::Restarting,
        _ => State::Stopped,
    }
}
