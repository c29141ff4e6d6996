//! The changes of containers: one chain a container, or one for several that hand a port to each other.

use std::collections::BTreeSet;

use super::lives::{Around, Elsewhere, Lives, Parts, hand_over_elsewhere, start_after, unwanted, wanted};
use super::{
    Action, ClusterState, Conflict, ContainerChange, EngineState, Foreign, HostPort, Observed,
    ObservedService, Role, Step, Wanted, balance, cluster, nodes, sha256,
};
use crate::phrase;
use crate::run_spec::{ContainerName, RunSpec, Technology};

/// One container and its steps.
struct Member<'a> {
    name: ContainerName,
    engine: Technology,
    spec: Option<&'a RunSpec>,
    holds: Vec<HostPort>,
    parts: Parts,
}

/// The changes that lead to the containers of `wanted`; `files` are the changes of files.
pub(super) fn changes(wanted: &Wanted, observed: &Observed, files: &[Step]) -> Vec<ContainerChange> {
    let engines = observed.engines.iter();
    let on_engines =
        engines.flat_map(|(technology, engine)| members(*technology, engine, wanted, observed, files));
    let clusters = observed.clusters.iter();
    let on_clusters =
        clusters.flat_map(|(technology, state)| services(*technology, state, wanted, observed, files));
    let members: Vec<Member> = on_engines
        .chain(on_clusters)
        .chain(forgotten(wanted, observed))
        .filter(|member| !member.parts.is_empty())
        .collect();
    groups(&members).into_iter().map(|group| merge(group, &members)).collect()
}

/// What nginx still listens for, and that neither the configuration nor a cluster has any more.
fn forgotten<'a>(wanted: &Wanted, observed: &Observed) -> Vec<Member<'a>> {
    let gone = observed.balances.keys().filter(|name| wanted.container(name).is_none());
    let gone = gone.filter(|name| !is_on_a_cluster(name, observed));
    let member = |name: &ContainerName| Member {
        name: name.clone(),
        engine: Technology::Swarm,
        spec: None,
        holds: Vec::new(),
        parts: cluster::forgotten(name),
    };
    gone.map(member).collect()
}

fn is_on_a_cluster(name: &ContainerName, observed: &Observed) -> bool {
    let mut services = observed.clusters.values().flat_map(|state| &state.services);
    services.any(|found| found.container == *name)
}

fn members<'a>(
    technology: Technology,
    engine: &EngineState,
    wanted: &'a Wanted,
    observed: &Observed,
    files: &[Step],
) -> Vec<Member<'a>> {
    let specs = wanted.containers.iter().filter(|spec| spec.engine.holder() == technology);
    let mut members: Vec<Member> =
        specs.map(|spec| wanted_member(spec, engine, wanted, observed, files)).collect();
    let gone: BTreeSet<&ContainerName> = engine.containers.iter().map(|found| &found.container).collect();
    let gone: Vec<Member> = gone
        .into_iter()
        // One that is wanted in another engine goes when it serves there.
        .filter(|name| wanted.container(name).is_none())
        .map(|name| {
            let holds = Lives::of(name, engine).ports();
            let parts = unwanted(name, engine, is_taken_over(name, &holds, wanted));
            Member { name: name.clone(), engine: technology, spec: None, holds, parts }
        })
        .collect();
    members.extend(gone);
    members
}

fn wanted_member<'a>(
    spec: &'a RunSpec,
    engine: &EngineState,
    all: &Wanted,
    observed: &Observed,
    files: &[Step],
) -> Member<'a> {
    let (elsewhere, left) = (elsewhere(spec, observed), on_clusters(spec, observed));
    let lives = elsewhere.iter().map(|other| other.lives).chain([Lives::of(&spec.name, engine)]);
    let services = left.iter().flat_map(|(_, found)| found.ports.iter().copied());
    let holds: Vec<HostPort> = lives.flat_map(Lives::ports).chain(services).collect();
    let foreign: Vec<&Foreign> = foreign(observed);
    let around = around(spec, &holds, &elsewhere, &foreign, all, files);
    let mut parts = wanted(spec, engine, around);
    make_folders(&mut parts, spec, observed);
    for (technology, found) in left {
        start_after(&mut parts, spec);
        let balance = observed.balances.get(&spec.name).map(String::as_str);
        cluster::leave(&mut parts, spec, found, balance, technology);
    }
    if observed.balances.contains_key(&spec.name) && !is_on_a_cluster(&spec.name, observed) {
        parts
            .stop
            .extend(cluster::forgotten(&spec.name).stop.into_iter().map(|step| step.on(Technology::Swarm)));
    }
    finish(spec, holds, parts)
}

fn finish(spec: &RunSpec, holds: Vec<HostPort>, mut parts: Parts) -> Member<'_> {
    if Role::is_reserved(spec.name.as_str()) {
        parts.refused = Some(Conflict::ReservedName { container: spec.name.clone() });
    }
    Member { name: spec.name.clone(), engine: spec.engine.holder(), spec: Some(spec), holds, parts }
}

fn foreign(observed: &Observed) -> Vec<&Foreign> {
    observed.engines.values().flat_map(|engine| &engine.foreign).collect()
}

fn around<'a>(
    spec: &RunSpec,
    holds: &[HostPort],
    elsewhere: &'a [Elsewhere<'a>],
    foreign: &'a [&'a Foreign],
    all: &Wanted,
    files: &[Step],
) -> Around<'a> {
    Around {
        port_is_taken_over: is_taken_over(&spec.name, holds, all),
        files_are_pending: files.iter().any(|step| step.container.as_ref() == Some(&spec.name)),
        elsewhere,
        foreign,
    }
}

/// What is to run on a cluster, and what no longer is.
fn services<'a>(
    technology: Technology,
    state: &ClusterState,
    wanted: &'a Wanted,
    observed: &Observed,
    files: &[Step],
) -> Vec<Member<'a>> {
    let specs = wanted.containers.iter().filter(|spec| spec.engine.holder() == technology);
    let mut members: Vec<Member> =
        specs.map(|spec| wanted_service(spec, state, wanted, observed, files)).collect();
    let gone = state.services.iter().filter(|found| wanted.container(&found.container).is_none());
    members.extend(gone.map(|found| {
        let balance = observed.balances.get(&found.container).map(String::as_str);
        let holds = found.ports.clone();
        let parts = cluster::unwanted(found, balance, is_taken_over(&found.container, &holds, wanted));
        Member { name: found.container.clone(), engine: technology, spec: None, holds, parts }
    }));
    members
}

fn wanted_service<'a>(
    spec: &'a RunSpec,
    state: &ClusterState,
    all: &Wanted,
    observed: &Observed,
    files: &[Step],
) -> Member<'a> {
    let found = state.services.iter().find(|found| found.container == spec.name);
    let elsewhere = elsewhere(spec, observed);
    let left = on_clusters(spec, observed);
    let lives = elsewhere.iter().flat_map(|other| other.lives.ports());
    let services = found.into_iter().chain(left.iter().map(|(_, found)| *found));
    let holds: Vec<HostPort> = lives.chain(services.flat_map(|found| found.ports.clone())).collect();
    let foreign = foreign(observed);
    let around = around(spec, &holds, &elsewhere, &foreign, all, files);
    let expected = all.balances.get(&spec.name).filter(|_| !state.uses_ingress(spec)).map(|template| {
        let copies = found.map(ObservedService::addresses).unwrap_or_default();
        sha256(balance(template, &copies).as_bytes())
    });
    let known = observed.balances.get(&spec.name).map(String::as_str);
    // What a cluster that is left has nginx listen for is taken away with the rest of it.
    let balance = known.filter(|_| left.is_empty());
    let nodes_change = spec.engine.holder() == Technology::Swarm && nodes::moves_copies(all, observed);
    let stand = cluster::Stand { state, found, balance, expected: expected.as_deref(), nodes_change };
    let mut parts = cluster::wanted(spec, stand, around);
    if !elsewhere.is_empty() || !left.is_empty() {
        cluster::come_up_first(&mut parts, spec);
    }
    for other in &elsewhere {
        hand_over_elsewhere(&mut parts, spec, *other, around);
    }
    for (technology, found) in left {
        cluster::leave(&mut parts, spec, found, known, technology);
    }
    make_folders(&mut parts, spec, observed);
    finish(spec, holds, parts)
}

/// The services of a container on other clusters than its own: its technology was changed.
fn on_clusters<'a>(spec: &RunSpec, observed: &'a Observed) -> Vec<(Technology, &'a ObservedService)> {
    let others = observed.clusters.iter().filter(|(technology, _)| **technology != spec.engine.holder());
    let service = |state: &'a ClusterState| state.services.iter().find(|found| found.container == spec.name);
    others.filter_map(|(technology, state)| Some((*technology, service(state)?))).collect()
}

/// The lives of a container in other engines than its own: its technology was changed.
fn elsewhere<'a>(spec: &RunSpec, observed: &'a Observed) -> Vec<Elsewhere<'a>> {
    let others = observed.engines.iter().filter(|(technology, _)| **technology != spec.engine.holder());
    others
        .map(|(engine, state)| Elsewhere { engine: *engine, lives: Lives::of(&spec.name, state) })
        .filter(|other| !other.lives.is_empty())
        .collect()
}

fn is_taken_over(name: &ContainerName, holds: &[HostPort], wanted: &Wanted) -> bool {
    wanted.containers.iter().filter(|spec| spec.name != *name).any(|spec| takes_one_of(spec, holds))
}

fn takes_one_of(spec: &RunSpec, holds: &[HostPort]) -> bool {
    spec.host_ports().iter().any(|port| holds.iter().any(|held| held.overlaps(port.into())))
}

/// The mounted folders that a container is about to need, right before it is created.
fn make_folders(parts: &mut Parts, spec: &RunSpec, observed: &Observed) {
    let creates = |step: &Step| matches!(step.action, Action::Create { .. });
    let deploys = |step: &Step| matches!(step.action, Action::Deploy { .. });
    let at = parts.prepare.iter().position(creates);
    let Some(at) = at.or_else(|| parts.start.iter().any(deploys).then_some(parts.prepare.len())) else {
        return;
    };
    let missing =
        spec.mounts.iter().map(|mount| &mount.host).filter(|host| !observed.folders.contains(*host));
    let steps: Vec<Step> = missing
        .map(|host| {
            let action = Action::MakeFolder { path: host.clone(), container: spec.name.clone() };
            Step::new(action, phrase!("because-mounted", "a container mounts it"))
        })
        .collect();
    parts.prepare.splice(at..at, steps);
}

/// The members by groups: two are in one when one takes a port that the other still holds. Ports are the machine's,
/// whatever the engines.
fn groups(members: &[Member]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..members.len()).collect();
    for (taker, one) in members.iter().enumerate() {
        for (holder, other) in members.iter().enumerate() {
            let linked = taker != holder && one.spec.is_some_and(|spec| takes_one_of(spec, &other.holds));
            if linked {
                let (from, to) = (group[holder].max(group[taker]), group[holder].min(group[taker]));
                group.iter_mut().filter(|known| **known == from).for_each(|known| *known = to);
            }
        }
    }
    let leaders: BTreeSet<usize> = group.iter().copied().collect();
    leaders.into_iter().map(|leader| (0..members.len()).filter(|at| group[*at] == leader).collect()).collect()
}

/// One chain of the members of a group, part by part, so that all ports are free before one is taken.
fn merge(group: Vec<usize>, members: &[Member]) -> ContainerChange {
    let all: Vec<&Member> = group.into_iter().map(|at| &members[at]).collect();
    let engine = all.first().map_or(Technology::Docker, |member| member.engine);
    let gather = |part: fn(&Parts) -> &Vec<Step>| -> Vec<Step> {
        let steps = |member: &Member| -> Vec<Step> {
            let of = |step: &Step| step.engine.unwrap_or(member.engine);
            let step =
                |step: &Step| Step { engine: Some(of(step)).filter(|of| *of != engine), ..step.clone() };
            part(&member.parts).iter().map(step).collect()
        };
        all.iter().flat_map(|member| steps(member)).collect()
    };
    let refused = all.iter().find_map(|member| member.parts.refused.clone());
    let (mut fetch, mut change, mut clean) = (Vec::new(), Vec::new(), Vec::new());
    if refused.is_none() {
        fetch = gather(|parts| &parts.fetch);
        change = [
            gather(|parts| &parts.prepare),
            gather(|parts| &parts.swap),
            gather(|parts| &parts.stop),
            gather(|parts| &parts.start),
            gather(|parts| &parts.confirm),
        ]
        .concat();
        clean = gather(|parts| &parts.clean);
    }
    ContainerChange {
        containers: all.iter().map(|member| member.name.clone()).collect(),
        engine,
        refused,
        fetch,
        change,
        clean,
    }
}
