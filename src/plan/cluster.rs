//! The steps of what runs on a cluster: a service is changed in place, by the cluster itself.
//!
//! A service has no three lives, as its copies go one by one: a change is one step, which is followed to its end, and which the
//! cluster takes back when it fails. Where copies have ports of their own, the web server listens for the application and
//! hands requests out; the addresses that it knows are brought to what the cluster runs.

use super::lives::{Around, Parts, port_conflict};
use super::{Action, ClusterState, Conflict, ObservedService, Step, digest, release};
use crate::phrase;
use crate::run_spec::{ContainerName, Entry, Mode, RunSpec, Technology};
use crate::words::Phrase;

/// What is known of one service and of the web server's part in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand<'a> {
    pub(super) state: &'a ClusterState,
    pub(super) found: Option<&'a ObservedService>,
    /// The digest of what the web server has read of it, if it hands requests out.
    pub(super) balance: Option<&'a str>,
    /// The digest of what it should have read, with the copies that run now.
    pub(super) expected: Option<&'a str>,
    /// Whether nodes change before, so that copies may move.
    pub(super) nodes_change: bool,
}

/// The steps that make `spec` run.
pub(super) fn wanted(spec: &RunSpec, stand: Stand<'_>, around: Around<'_>) -> Parts {
    let mut parts = Parts::default();
    match stand.found {
        Some(found) if is_released(spec, stand.state, found) => {
            settle(&mut parts, spec, found, stand, around);
        }
        found => deploy(&mut parts, spec, found, stand, around),
    }
    match (stand.expected, stand.balance) {
        (Some(expected), Some(known)) if expected != known && parts.start.is_empty() => {
            parts.confirm.push(balance(spec, phrase!("because-moved", "its copies have moved")));
        }
        // First: each copy is handed requests as soon as it answers.
        (Some(_), None) => {
            let undo = Action::Unbalance { container: spec.name.clone() };
            let step = balance(spec, phrase!("because-balanced", "nginx is to hand requests to its copies"))
                .undone_by([undo]);
            parts.start.insert(0, step);
        }
        (None, Some(_)) => {
            parts
                .stop
                .push(unbalance(spec, phrase!("because-cluster-listens", "the cluster listens itself")));
        }
        _ => {}
    }
    parts
}

/// Whether the service is the release that `spec` asks for, be there as many copies or not.
fn is_released(spec: &RunSpec, state: &ClusterState, found: &ObservedService) -> bool {
    found.digest == release(spec) && found.ingress == state.uses_ingress(spec)
}

fn settle(parts: &mut Parts, spec: &RunSpec, found: &ObservedService, stand: Stand<'_>, around: Around<'_>) {
    if let (Some(replicas), Some(now)) = (spec.replicas(), found.replicas)
        && replicas != now
    {
        parts.refused = scattered(spec, stand.state);
        let scale = |replicas| Action::Scale { container: spec.name.clone(), replicas };
        let reason =
            phrase!("because-scale", "{now} copies are to be {replicas}", now = now, replicas = replicas);
        parts.start.push(Step::new(scale(replicas), reason).undone_by([scale(now)]));
        return;
    }
    let reason = if !found.is_settled() {
        phrase!("because-copies", "not all of its copies run")
    } else if stand.nodes_change {
        phrase!("because-nodes", "nodes change, and its copies may move")
    } else if around.files_are_pending {
        phrase!("because-nginx-points", "nginx is to point at it")
    } else {
        return;
    };
    let container = spec.name.clone();
    parts.confirm.push(Step::new(Action::AwaitHealthy { container }, reason));
}

fn deploy(
    parts: &mut Parts,
    spec: &RunSpec,
    found: Option<&ObservedService>,
    stand: Stand<'_>,
    around: Around<'_>,
) {
    let container = spec.name.clone();
    parts.refused =
        scattered(spec, stand.state).or_else(|| no_ipvs(spec, stand.state)).or_else(|| match found {
            Some(found) => mode_change(spec, found),
            None => service_taken(spec, stand.state).or_else(|| port_conflict(spec, around)),
        });
    // Nodes of Kubernetes fetch for themselves; of a swarm this one does so first.
    if spec.engine != Technology::Kubernetes {
        let source = spec.source.clone();
        let reason = phrase!("because-release", "a new release is made of it");
        parts.fetch.push(Step::new(Action::Fetch { source }, reason));
    }
    let (reason, undo) = match found {
        Some(_) => (
            phrase!("because-settings", "its settings changed"),
            Action::RollBack { container: container.clone() },
        ),
        None => (
            phrase!("because-absent", "it does not exist"),
            Action::Withdraw { container: container.clone() },
        ),
    };
    parts.start.push(Step::new(Action::Deploy { container }, reason).undone_by([undo]));
}

/// The steps that take a service away which is no longer wanted.
pub(super) fn unwanted(found: &ObservedService, balance: Option<&str>, port_is_taken_over: bool) -> Parts {
    let mut parts = Parts::default();
    let container = &found.container;
    if balance.is_some() {
        let step = Step::new(
            Action::Unbalance { container: container.clone() },
            phrase!("because-unwanted", "no longer wanted"),
        );
        if port_is_taken_over {
            let back = Action::Balance { container: container.clone() };
            parts.stop.extend(
                rest_of(found)
                    .map(|replicas| rest(found, replicas, phrase!("because-unwanted", "no longer wanted"))),
            );
            parts.stop.push(step.undone_by([back]));
        } else {
            parts.clean.push(step);
        }
    } else if port_is_taken_over {
        parts.stop.extend(
            rest_of(found)
                .map(|replicas| rest(found, replicas, phrase!("because-unwanted", "no longer wanted"))),
        );
    }
    let action = Action::Withdraw { container: container.clone() };
    parts.clean.push(Step::new(action, phrase!("because-unwanted", "no longer wanted")));
    parts
}

/// The steps that have nginx no longer listen for what no cluster runs any more; its port may be taken at once.
pub(super) fn forgotten(container: &ContainerName) -> Parts {
    let action = Action::Unbalance { container: container.clone() };
    Parts {
        stop: vec![Step::new(action, phrase!("because-no-cluster", "no cluster runs it any more"))],
        ..Parts::default()
    }
}

/// Has copies come up while what they take over from still serves: they have ports of their own, and it is nginx that listens for
/// them, once the other one has ended. What shares a folder with it waits for that.
pub(super) fn come_up_first(parts: &mut Parts, spec: &RunSpec) {
    let is_balanced = parts.start.iter().any(|step| matches!(step.action, Action::Balance { .. }));
    if is_balanced && spec.mounts.is_empty() {
        let deploys = |step: &mut Step| matches!(step.action, Action::Deploy { .. });
        parts.prepare.extend(parts.start.extract_if(.., deploys));
    }
}

/// Takes the place of what a cluster runs, which goes once nginx points at the new one. Where both would have one port or folder, its
/// copies end before the new one starts, and come back if that fails.
pub(super) fn leave(
    parts: &mut Parts,
    spec: &RunSpec,
    found: &ObservedService,
    balance: Option<&str>,
    technology: Technology,
) {
    let reason = phrase!("because-taken-over", "another technology takes over");
    let container = &found.container;
    let may_overlap = balance.is_some() && spec.mounts.is_empty();
    if !may_overlap {
        // Were it to come back, nginx would listen before its copies are there, and hand each requests as soon as it answers.
        let rests = rest_of(found).map(|replicas| rest(found, replicas, reason.clone()).on(technology));
        parts.stop.extend(rests);
    }
    if balance.is_some() {
        let back = Action::Balance { container: container.clone() };
        let step = Step::new(Action::Unbalance { container: container.clone() }, reason);
        parts.stop.push(step.undone_by([back]).on(technology));
    }
    let withdraw = Step::new(
        Action::Withdraw { container: container.clone() },
        phrase!("because-serves", "the new one serves"),
    );
    // A global service cannot rest: it goes before the new one starts.
    if found.replicas.is_some() || may_overlap {
        parts.clean.push(withdraw.on(technology));
    } else {
        parts.stop.push(withdraw.on(technology));
    }
}

/// The copies that are to end before another one takes over.
fn rest_of(found: &ObservedService) -> Option<u32> {
    found.replicas.filter(|replicas| *replicas > 0)
}

/// Ends all copies of a service, which stays.
fn rest(found: &ObservedService, replicas: u32, reason: Phrase) -> Step {
    let scale = |replicas| Action::Scale { container: found.container.clone(), replicas };
    Step::new(scale(0), reason).undone_by([scale(replicas)])
}

fn balance(spec: &RunSpec, reason: Phrase) -> Step {
    Step::new(Action::Balance { container: spec.name.clone() }, reason)
}

fn unbalance(spec: &RunSpec, reason: Phrase) -> Step {
    let back = Action::Balance { container: spec.name.clone() };
    Step::new(Action::Unbalance { container: spec.name.clone() }, reason).undone_by([back])
}

fn service_taken(spec: &RunSpec, state: &ClusterState) -> Option<Conflict> {
    let taken = state.foreign.iter().find(|foreign| foreign.name == spec.name.as_str())?;
    Some(Conflict::ServiceTaken { container: spec.name.clone(), name: taken.name.clone() })
}

/// A service has a number of copies or one on each node, for as long as it is there.
fn mode_change(spec: &RunSpec, found: &ObservedService) -> Option<Conflict> {
    let counted = spec.replicas().is_some();
    let changes =
        spec.engine == Technology::Swarm && spec.cluster.is_some() && counted != found.replicas.is_some();
    changes.then(|| Conflict::ModeChange { container: spec.name.clone() })
}

/// What the cluster is told to listen for would be refused where its kernel cannot balance.
fn no_ipvs(spec: &RunSpec, state: &ClusterState) -> Option<Conflict> {
    let entry = spec.cluster.as_ref().map(|cluster| cluster.entry);
    (state.lacks_ipvs && entry == Some(Entry::Ingress) && !spec.ports.is_empty())
        .then(|| Conflict::NoIpvs { container: spec.name.clone() })
}

/// Copies on several nodes would each see the folder of their own node.
fn scattered(spec: &RunSpec, state: &ClusterState) -> Option<Conflict> {
    let nodes = state.nodes.len();
    (nodes > 1 && spec.has_folders_of_one_node())
        .then(|| Conflict::ScatteredFolder { container: spec.name.clone(), nodes })
}

impl ClusterState {
    /// Whether the cluster itself listens for the ports of `spec`.
    pub fn uses_ingress(&self, spec: &RunSpec) -> bool {
        match spec.cluster.as_ref().map(|cluster| cluster.entry) {
            _ if !spec.is_served_here() => true,
            Some(Entry::Ingress) => true,
            Some(Entry::Auto) => self.carries_ingress,
            _ => false,
        }
    }
}

/// The release that `spec` is: its digest, whatever the number of its copies, which changes without a new release. On Kubernetes several
/// copies have other objects around them than one.
pub(super) fn release_of(spec: &RunSpec) -> String {
    let mut release = spec.clone();
    if let Some(cluster) = &mut release.cluster
        && let Mode::Replicated(replicas) = &mut cluster.mode
    {
        *replicas = if cluster.kubernetes.is_some() { (*replicas).min(2) } else { 1 };
    }
    digest(&release)
}

#[cfg(test)]
mod tests;
