//! The swarm's services, nodes and tasks, read.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use bollard::models::{
    EndpointPortConfigPublishModeEnum, Node, NodeSpecAvailabilityEnum, NodeSpecRoleEnum, NodeState, Service,
    ServiceSpec, ServiceUpdateStatusStateEnum, Task, TaskState,
};

use super::{Asked, INGRESS, SERVER, Swarm, labels_of, membership};
use crate::engine::EngineError;
use crate::engine::docker::{Labels, labels};
use crate::nodes::{Availability, NodeRole};
use crate::plan::{ClusterNode, ClusterState, Foreign, ObservedService, ObservedTask};
use crate::run_spec::ContainerName;
use crate::words::Phrase;

/// The nodes of a swarm, by their ids.
pub(super) type Nodes = BTreeMap<String, Node>;

/// All that the swarm holds. Of what galerne made, that is foreign which another server asked for and which is not wanted here.
pub(super) async fn observe(
    swarm: &Swarm,
    is_wanted_here: impl Fn(&ContainerName) -> bool,
) -> Result<ClusterState, EngineError> {
    let nodes = nodes(swarm).await?;
    let here = swarm.own_id().await?;
    let tasks = swarm.tasks(None).await?;
    let mut state = ClusterState {
        nodes: nodes.values().map(|node| cluster_node(node, here.as_deref())).collect(),
        carries_ingress: swarm.carries_ingress,
        lacks_ipvs: swarm.lacks_ipvs,
        ..ClusterState::default()
    };
    for service in swarm.services().await? {
        let name = service.spec.as_ref().and_then(|spec| spec.name.clone()).unwrap_or_default();
        let Some(container) = swarm.owner(&service) else {
            state.foreign.push(Foreign { name, ports: Vec::new() });
            continue;
        };
        let labels = labels_of(&service);
        let ingress = labels.get(INGRESS).is_some_and(|ingress| ingress == "true");
        if !is_of(&labels, &swarm.server) && !is_wanted_here(&container) {
            // Its copies have ports of their own where the cluster does not listen for them.
            let ports = if ingress { labels::ports_of(&labels) } else { Vec::new() };
            state.foreign.push(Foreign { name, ports });
            continue;
        }
        let mine = tasks.iter().filter(|task| task.service_id == service.id);
        let tasks: Vec<ObservedTask> =
            mine.filter(|task| is_wanted(task)).map(|task| observed(task, &nodes)).collect();
        state.services.push(ObservedService {
            container,
            // One whose update stopped half-way is no release: asking for it again goes on with it.
            digest: if is_paused(&service) { String::new() } else { labels::digest_of(&labels) },
            replicas: replicas(&service),
            wanted: wanted(&service, &tasks),
            tasks,
            changes: changes(&service),
            ingress,
            ports: labels::ports_of(&labels),
            image: service.spec.as_ref().and_then(image_of).unwrap_or_default(),
        });
    }
    Ok(state)
}

/// Whether this server made it. Earlier versions did not say which one did.
fn is_of(labels: &Labels, server: &str) -> bool {
    labels.get(SERVER).is_none_or(|made_by| made_by == server)
}

/// The nodes of the swarm.
pub(super) async fn nodes(swarm: &Swarm) -> Result<Nodes, EngineError> {
    let found = swarm.docker.client().await?.list_nodes(None).await;
    let found = found.map_err(|error| swarm.failed(&error, Asked::Connection))?;
    Ok(found.into_iter().filter_map(|node| Some((node.id.clone()?, node))).collect())
}

/// The copies that a service is to have: of a global one, those that the swarm made.
pub(super) fn wanted(service: &Service, tasks: &[ObservedTask]) -> usize {
    replicas(service).map_or(tasks.len().max(1), |replicas| usize::try_from(replicas).unwrap_or(usize::MAX))
}

fn replicas(service: &Service) -> Option<u32> {
    let mode = service.spec.as_ref()?.mode.as_ref()?.replicated.as_ref()?;
    u32::try_from(mode.replicas.unwrap_or(1)).ok()
}

fn changes(service: &Service) -> bool {
    use ServiceUpdateStatusStateEnum as Update;
    let state = service.update_status.as_ref().and_then(|status| status.state);
    matches!(state, Some(Update::UPDATING | Update::ROLLBACK_STARTED))
}

fn is_paused(service: &Service) -> bool {
    use ServiceUpdateStatusStateEnum as Update;
    let state = service.update_status.as_ref().and_then(|status| status.state);
    matches!(state, Some(Update::PAUSED | Update::ROLLBACK_PAUSED))
}

/// The image of a service without the digest that it was pinned to.
pub(super) fn image_of(spec: &ServiceSpec) -> Option<String> {
    let image = spec.task_template.as_ref()?.container_spec.as_ref()?.image.as_deref()?;
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let is_tagged = name.rsplit('/').next().is_some_and(|last| last.contains(':'));
    Some(if is_tagged || digest.is_empty() { name.to_owned() } else { image.to_owned() })
}

/// Whether the swarm wants the task to run.
pub(super) fn is_wanted(task: &Task) -> bool {
    matches!(task.desired_state, Some(TaskState::RUNNING | TaskState::READY))
}

fn cluster_node(node: &Node, here: Option<&str>) -> ClusterNode {
    let spec = node.spec.clone().unwrap_or_default();
    let state = node.status.as_ref().and_then(|status| status.state);
    let all: BTreeMap<String, String> = spec.labels.unwrap_or_default().into_iter().collect();
    ClusterNode {
        id: node.id.clone().unwrap_or_default(),
        name: name_of(node),
        takes_work: state == Some(NodeState::READY)
            && spec.availability == Some(NodeSpecAvailabilityEnum::ACTIVE),
        role: match spec.role {
            Some(NodeSpecRoleEnum::MANAGER) => NodeRole::Manager,
            _ => NodeRole::Worker,
        },
        availability: match spec.availability {
            Some(NodeSpecAvailabilityEnum::DRAIN) => Availability::Drain,
            Some(NodeSpecAvailabilityEnum::PAUSE) => Availability::Pause,
            _ => Availability::Active,
        },
        state: state.map(|state| state.to_string()).unwrap_or_default(),
        address: node_address(node),
        made: membership::made(&all),
        labels: all.into_iter().filter(|(key, _)| key != membership::MADE).collect(),
        is_here: node.id.as_deref() == here,
        leads: node.manager_status.as_ref().and_then(|status| status.leader) == Some(true),
    }
}

/// The name of a node.
pub(super) fn name_of(node: &Node) -> String {
    let hostname = node.description.as_ref().and_then(|description| description.hostname.clone());
    hostname.or_else(|| node.id.clone()).unwrap_or_default()
}

/// A task as it is.
pub(super) fn observed(task: &Task, nodes: &Nodes) -> ObservedTask {
    let node = task.node_id.as_ref().and_then(|id| nodes.get(id));
    let status = task.status.clone().unwrap_or_default();
    let words = status.err.filter(|words| !words.is_empty()).map(Phrase::from);
    ObservedTask {
        id: task.id.clone().unwrap_or_default(),
        node: node.map(name_of),
        state: status.state.map(|state| state.to_string()).unwrap_or_default(),
        runs: status.state == Some(TaskState::RUNNING) && is_wanted(task),
        address: node.and_then(|node| address(task, node)),
        words,
    }
}

/// Where a task is reached by a port of its own: the first that the service publishes.
fn address(task: &Task, node: &Node) -> Option<SocketAddr> {
    let ports = task.status.as_ref()?.port_status.as_ref()?.ports.as_ref()?;
    let own = ports.iter().find(|port| port.publish_mode == Some(EndpointPortConfigPublishModeEnum::HOST))?;
    let port = u16::try_from(own.published_port?).ok().filter(|port| *port > 0)?;
    Some(SocketAddr::new(node_address(node)?, port))
}

/// The address of a node; one that manages says it with a port, and not always as its node.
fn node_address(node: &Node) -> Option<IpAddr> {
    let own = node.status.as_ref().and_then(|status| status.addr.as_deref());
    let own = own.and_then(|address| address.parse::<IpAddr>().ok()).filter(|own| !own.is_unspecified());
    let managing = || {
        let address = node.manager_status.as_ref()?.addr.as_deref()?;
        address.parse::<SocketAddr>().ok().map(|address| address.ip()).filter(|own| !own.is_unspecified())
    };
    own.filter(|own| !own.is_loopback()).or_else(managing).or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_told_by_its_tag() {
        let spec = |image: &str| -> ServiceSpec {
            let spec = serde_json::json!({"TaskTemplate": {"ContainerSpec": {"Image": image}}});
            serde_json::from_value(spec).unwrap()
        };
        let told = |image| image_of(&spec(image)).unwrap();
        assert_eq!(told("r:5000/a:1@sha256:ab"), "r:5000/a:1");
        assert_eq!(told("r:5000/a@sha256:ab"), "r:5000/a@sha256:ab");
        assert_eq!(told("a:1"), "a:1");
    }

    #[test]
    fn a_service_is_of_the_server_that_it_names_or_of_any() {
        let labels = |server: &str| Labels::from([(SERVER.to_owned(), server.to_owned())]);
        assert!(is_of(&labels("here"), "here") && !is_of(&labels("there"), "here"));
        assert!(is_of(&Labels::new(), "here"), "an earlier version made it");
    }

    #[test]
    fn a_node_is_reached_where_it_says() {
        let node = |json: serde_json::Value| -> Option<String> {
            let node: Node = serde_json::from_value(json).unwrap();
            node_address(&node).map(|address| address.to_string())
        };
        assert_eq!(node(serde_json::json!({"Status": {"Addr": "192.0.2.1"}})).as_deref(), Some("192.0.2.1"));
        let manager =
            serde_json::json!({"Status": {"Addr": "0.0.0.0"}, "ManagerStatus": {"Addr": "192.0.2.2:2377"}});
        assert_eq!(node(manager).as_deref(), Some("192.0.2.2"));
        assert_eq!(node(serde_json::json!({})), None);
    }
}
