//! What the cluster holds of ours, read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Node;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, DynamicObject, GroupVersionKind};
use serde_json::Value;

use super::Kubernetes;
use super::client::to_list;
use super::copy::Copy;
use super::release::{Kept, RELEASE};
use crate::engine::EngineError;
use crate::engine::cluster::Sought;
use crate::manifest::{DIGEST, INSTANCE, REVISION};
use crate::nodes::{Availability, NodeRole};
use crate::plan::{ClusterNode, ClusterState, ObservedService, ObservedTask};
use crate::run_spec::ContainerName;

/// What is kept of our applications, or of one of them: of those that this server made, and of what is to be where it is wanted. Other
/// servers may have others of the same names elsewhere.
pub(super) async fn releases(
    kubernetes: &Kubernetes,
    container: Option<&ContainerName>,
) -> Result<Vec<Kept>, EngineError> {
    let mut all = all_releases(kubernetes, container).await?;
    let places = kubernetes.places.lock().await;
    all.retain(|kept| kept.release.server == kubernetes.settings.server || places.contains(&kept.namespace));
    Ok(all)
}

async fn all_releases(
    kubernetes: &Kubernetes,
    container: Option<&ContainerName>,
) -> Result<Vec<Kept>, EngineError> {
    let session = kubernetes.session().await?;
    let secret = secret_kind();
    let mut labels = format!("{RELEASE}=true");
    if let Some(container) = container {
        labels = format!("{labels},{INSTANCE}={container}");
    }
    let parameters = ListParams::default().labels(&labels);
    let list = async |api: Api<DynamicObject>| match api.list(&parameters).await {
        Ok(list) => Ok(list.items.iter().filter_map(Kept::read).collect::<Vec<Kept>>()),
        Err(error) => Err(session.failed(&error, to_list("Secret"))),
    };
    match list(Api::all_with(session.client.clone(), &secret)).await {
        Err(EngineError::Forbidden { .. }) => {}
        all => return all,
    }
    // Who may not look everywhere looks where something is wanted, and else where one would ask for it.
    let mut places = kubernetes.places.lock().await.clone();
    if places.is_empty() {
        places.insert(session.namespace.clone());
    }
    let mut found = Vec::new();
    for place in places {
        found.extend(list(Api::namespaced_with(session.client.clone(), &place, &secret)).await?);
    }
    Ok(found)
}

/// How the API server calls Secrets.
fn secret_kind() -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Secret"))
}

/// All that the cluster holds of ours: what this server made, and what is wanted.
pub(super) async fn observe(
    kubernetes: &Kubernetes,
    sought: Sought<'_>,
) -> Result<ClusterState, EngineError> {
    for spec in sought.wanted.iter().chain(sought.before) {
        let namespace = kubernetes.namespace_of(spec).await?;
        kubernetes.places.lock().await.insert(namespace);
    }
    let mut state = ClusterState {
        nodes: kubernetes.nodes().await?.iter().map(node).collect(),
        ..ClusterState::default()
    };
    let mut by_name: BTreeMap<ContainerName, Vec<Kept>> = BTreeMap::new();
    for kept in releases(kubernetes, None).await? {
        let Ok(name) = kept.application.parse::<ContainerName>() else { continue };
        let is_wanted = sought.wanted.iter().any(|spec| spec.name == name);
        if is_wanted || kept.release.server == kubernetes.settings.server {
            by_name.entry(name).or_default().push(kept);
        }
    }
    for (container, mut all) in by_name {
        all.sort_by_key(|kept| kept.release.settled);
        let is_one = all.len() == 1;
        if let Some(kept) = all.first() {
            state.services.push(service(kubernetes, container, kept, is_one).await?);
        }
    }
    Ok(state)
}

async fn service(
    kubernetes: &Kubernetes,
    container: ContainerName,
    kept: &Kept,
    is_one: bool,
) -> Result<ObservedService, EngineError> {
    let release = &kept.release;
    let live = live(kubernetes, kept).await?;
    let tasks = tasks(kubernetes, kept).await?;
    let has_scaler = release.scaler().is_some();
    let replicas = release.replicas.map(|noted| match live.as_ref().and_then(Live::replicas) {
        // Who scales by load may have made any number of a number that was asked for.
        Some(now) if !has_scaler || now == 0 => now,
        _ => noted,
    });
    let is_whole = release.settled && is_one && live.is_some();
    let wanted = live.as_ref().map_or(0, Live::wanted);
    Ok(ObservedService {
        container,
        // One that was not brought to its end is asked for again.
        digest: if is_whole { release.digest.clone() } else { String::new() },
        replicas,
        wanted: usize::try_from(wanted).unwrap_or(usize::MAX),
        tasks,
        changes: live.as_ref().is_some_and(Live::changes),
        ingress: !release.is_served_here,
        ports: release.ports.clone(),
        image: release.image.clone(),
    })
}

/// The object that runs the copies of an application, as it is.
pub(super) struct Live {
    kind: String,
    generation: i64,
    data: Value,
}

impl Live {
    fn number(&self, part: &str, member: &str) -> u32 {
        self.data[part][member].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    }

    fn is_on_each_node(&self) -> bool {
        self.kind == "DaemonSet"
    }

    /// Whether a copy is made in the place of the one before, and not beside it.
    pub(super) fn replaces_in_place(&self) -> bool {
        self.kind != "Deployment"
    }

    fn replicas(&self) -> Option<u32> {
        (!self.is_on_each_node()).then(|| self.number("spec", "replicas"))
    }

    /// How many copies are to run.
    pub(super) fn wanted(&self) -> u32 {
        self.replicas().unwrap_or_else(|| self.number("status", "desiredNumberScheduled"))
    }

    /// How many there are of the release that is asked for.
    pub(super) fn updated(&self) -> u32 {
        let member = if self.is_on_each_node() { "updatedNumberScheduled" } else { "updatedReplicas" };
        // Of a StatefulSet that is made for the first time, some versions leave it out.
        let is_first = self.data["status"]["currentRevision"] == self.data["status"]["updateRevision"];
        match self.number("status", member) {
            0 if self.kind == "StatefulSet" && is_first => self.number("status", "currentReplicas"),
            updated => updated,
        }
    }

    /// How many there are in all.
    pub(super) fn total(&self) -> u32 {
        let member = if self.is_on_each_node() { "currentNumberScheduled" } else { "replicas" };
        self.number("status", member)
    }

    /// How many have been well for as long as they must be.
    pub(super) fn available(&self) -> u32 {
        let member = match self.kind.as_str() {
            "DaemonSet" => "numberAvailable",
            // Only young versions say of a StatefulSet how many are available.
            "StatefulSet" => "readyReplicas",
            _ => "availableReplicas",
        };
        self.number("status", member)
    }

    /// Whether the cluster has seen what was asked for.
    pub(super) fn is_seen(&self) -> bool {
        self.data["status"]["observedGeneration"].as_i64().unwrap_or_default() >= self.generation
    }

    fn changes(&self) -> bool {
        !self.is_seen() || self.updated() < self.wanted()
    }

    /// What one of its conditions says that has the status `status`, for the reason `reason` if one is named.
    pub(super) fn condition(&self, kind: &str, status: &str, reason: Option<&str>) -> Option<&str> {
        let found = self.conditions(kind).find(|condition| {
            condition["status"] == status && reason.is_none_or(|reason| condition["reason"] == reason)
        })?;
        Some(found["message"].as_str().unwrap_or_default())
    }

    /// Since when a condition is as it is.
    pub(super) fn changed(&self, kind: &str) -> Option<Timestamp> {
        self.conditions(kind).next()?["lastTransitionTime"].as_str()?.parse().ok()
    }

    /// What its status says of `kind`.
    fn conditions(&self, kind: &str) -> impl Iterator<Item = &Value> {
        let all = self.data["status"]["conditions"].as_array();
        all.into_iter().flatten().filter(move |condition| condition["type"] == kind)
    }

    /// Whether `copy` is of the release that is asked for.
    pub(super) fn asks_for(&self, copy: Copy<'_>) -> bool {
        [DIGEST, REVISION].iter().all(|name| copy.annotation(name) == self.annotation(name))
    }

    /// An annotation of the copies that are asked for.
    fn annotation(&self, name: &str) -> Option<&str> {
        self.data["spec"]["template"]["metadata"]["annotations"][name].as_str()
    }

    #[cfg(test)]
    pub(super) fn new(kind: &str, generation: i64, data: Value) -> Self {
        Self { kind: kind.to_owned(), generation, data }
    }
}

/// The object that runs the copies of what is kept; none if somebody removed it.
pub(super) async fn live(kubernetes: &Kubernetes, kept: &Kept) -> Result<Option<Live>, EngineError> {
    let Some(workload) = kept.release.workload() else { return Ok(None) };
    let found = kubernetes.objects().await?.get(&workload).await?;
    Ok(found.map(|found| Live {
        kind: workload.kind,
        generation: found.metadata.generation.unwrap_or_default(),
        data: found.data,
    }))
}

/// The copies that are to run.
pub(super) async fn tasks(kubernetes: &Kubernetes, kept: &Kept) -> Result<Vec<ObservedTask>, EngineError> {
    let port = port(kubernetes, kept).await?;
    let copies = kubernetes.copies(&kept.application, &kept.namespace).await?;
    let stay = copies.iter().map(Copy).filter(|copy| !copy.is_ending());
    Ok(stay.map(|copy| copy.observed(port)).collect())
}

/// The port on which each node listens for the application, if it is this server that hands requests out.
pub(super) async fn port(kubernetes: &Kubernetes, kept: &Kept) -> Result<Option<u16>, EngineError> {
    let mut all = kept.release.references().into_iter();
    let service = all.find(|object| object.kind == "Service" && object.name == kept.application);
    let Some(service) = service.filter(|_| kept.release.is_served_here) else { return Ok(None) };
    let found = kubernetes.objects().await?.get(&service).await?;
    let port = found.and_then(|found| found.data["spec"]["ports"][0]["nodePort"].as_u64());
    Ok(port.and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0))
}

/// Whether a node can run copies.
pub(super) fn is_ready(node: &Node) -> bool {
    let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn node(node: &Node) -> ClusterNode {
    let name = node.metadata.name.clone().unwrap_or_default();
    let labels = node.metadata.labels.clone().unwrap_or_default();
    let spec = node.spec.clone().unwrap_or_default();
    let is_drained = spec.unschedulable == Some(true);
    let is_manager = ["control-plane", "master"]
        .iter()
        .any(|role| labels.contains_key(&format!("node-role.kubernetes.io/{role}")));
    let addresses = node.status.iter().flat_map(|status| status.addresses.iter().flatten());
    let inside = addresses.into_iter().find(|address| address.type_ == "InternalIP");
    ClusterNode {
        id: node.metadata.uid.clone().unwrap_or_default(),
        name,
        takes_work: is_ready(node) && !is_drained,
        role: if is_manager { NodeRole::Manager } else { NodeRole::Worker },
        availability: if is_drained { Availability::Drain } else { Availability::Active },
        state: if is_ready(node) { "ready" } else { "down" }.to_owned(),
        address: inside.and_then(|address| address.address.parse().ok()),
        labels,
        ..ClusterNode::default()
    }
}
