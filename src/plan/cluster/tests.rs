use serde_json::json;

use super::super::{
    ClusterNode, ClusterState, EngineState, Foreign, HostPort, Observed, ObservedContainer, ObservedService,
    ObservedTask, Plan, Role, Standing, State, Wanted, balance, digest, plan, release, sha256, status,
};
use super::*;
use crate::run_spec::{Mode, Port};

const TEMPLATE: &str = "upstream a {\n    # galerne: servers\n}\n";

fn spec(tag: &str, replicas: u32) -> RunSpec {
    serde_json::from_value(json!({
        "name": "wiki",
        "engine": "swarm",
        "source": {"image": "app", "tag": tag},
        "ports": [{"address": "127.0.0.1", "host": 8081, "container": 80}],
        "cluster": {"mode": {"replicated": replicas}},
    }))
    .unwrap()
}

fn on_docker(tag: &str) -> RunSpec {
    RunSpec { engine: Technology::Docker, cluster: None, ..spec(tag, 1) }
}

fn wants(spec: RunSpec) -> Wanted {
    let balances = if spec.cluster.is_some() {
        [(spec.name.clone(), TEMPLATE.to_owned())].into()
    } else {
        <_>::default()
    };
    Wanted { containers: vec![spec], balances, ..Wanted::default() }
}

fn task(number: u16) -> ObservedTask {
    ObservedTask {
        id: number.to_string(),
        node: Some("node1".to_owned()),
        state: "running".to_owned(),
        runs: true,
        address: Some(([192, 0, 2, 1], 32768 + number).into()),
        words: None,
    }
}

fn service(spec: &RunSpec) -> ObservedService {
    let replicas = spec.replicas();
    let copies = u16::try_from(replicas.unwrap_or(1)).unwrap();
    ObservedService {
        container: spec.name.clone(),
        digest: release(spec),
        replicas,
        wanted: copies.into(),
        tasks: (0..copies).map(task).collect(),
        changes: false,
        ingress: false,
        ports: spec.ports.iter().map(HostPort::from).collect(),
        image: "app:1".to_owned(),
    }
}

/// A cluster of one node with this service, which nginx hands requests to.
fn observed(service: Option<ObservedService>) -> Observed {
    let mut now = Observed::default();
    if let Some(found) = &service {
        let read = sha256(balance(TEMPLATE, &found.addresses()).as_bytes());
        now.balances.insert(found.container.clone(), read);
    }
    let node = ClusterNode { name: "node1".to_owned(), takes_work: true, ..ClusterNode::default() };
    let state = ClusterState {
        nodes: vec![node],
        services: service.into_iter().collect(),
        ..ClusterState::default()
    };
    now.clusters.insert(Technology::Swarm, state);
    now.engines.insert(Technology::Docker, EngineState::default());
    now
}

fn actions(plan: &Plan) -> Vec<String> {
    plan.steps().map(|step| step.action.to_string()).collect()
}

fn undo(plan: &Plan) -> Vec<String> {
    let steps = plan.containers.iter().flat_map(|change| &change.change);
    steps.flat_map(|step| step.undo.iter().map(ToString::to_string)).collect()
}

#[test]
fn a_service_is_made_and_goes_again_if_it_fails() {
    let plan = plan(&wants(spec("1", 4)), &observed(None));
    assert_eq!(
        actions(&plan),
        ["fetch the image app:1", "have nginx hand requests to the copies of wiki", "deploy wiki"]
    );
    assert_eq!(undo(&plan), ["have nginx no longer listen for wiki", "withdraw wiki"]);
}

#[test]
fn what_runs_as_it_should_is_left_alone() {
    let (wanted, now) = (wants(spec("1", 4)), observed(Some(service(&spec("1", 4)))));
    assert!(plan(&wanted, &now).is_empty());
    let row = &status(&wanted, &now)[0];
    assert_eq!((row.state, row.copies.len()), (Standing::Running, 4));
}

#[test]
fn another_number_of_copies_is_no_other_release() {
    assert_eq!(release(&spec("1", 4)), release(&spec("1", 6)));
    assert_ne!(release(&spec("1", 4)), release(&spec("2", 4)));
    assert_ne!(digest(&spec("1", 4)), digest(&spec("1", 6)));
    let plan = plan(&wants(spec("1", 6)), &observed(Some(service(&spec("1", 4)))));
    assert_eq!(actions(&plan), ["scale wiki to 6"]);
    assert_eq!(undo(&plan), ["scale wiki to 4"]);
}

#[test]
fn another_release_is_followed_and_rolled_back() {
    let now = observed(Some(service(&spec("1", 4))));
    let plan = plan(&wants(spec("2", 6)), &now);
    assert_eq!(actions(&plan), ["fetch the image app:2", "deploy wiki"]);
    assert_eq!(undo(&plan), ["roll wiki back"]);
    assert_eq!(status(&wants(spec("2", 4)), &now)[0].state, Standing::Outdated);
}

#[test]
fn copies_that_moved_are_told_to_nginx_and_those_that_lack_are_waited_for() {
    let mut found = service(&spec("1", 2));
    let mut now = observed(Some(found.clone()));
    found.tasks[1].address = Some(([192, 0, 2, 2], 32768).into());
    now.clusters.get_mut(&Technology::Swarm).unwrap().services[0] = found.clone();
    assert_eq!(
        actions(&plan(&wants(spec("1", 2)), &now)),
        ["have nginx hand requests to the copies of wiki"]
    );
    found.tasks[1].runs = false;
    let now = observed(Some(found));
    assert_eq!(actions(&plan(&wants(spec("1", 2)), &now)), ["wait until wiki is healthy"]);
    assert_eq!(status(&wants(spec("1", 2)), &now)[0].state, Standing::Incomplete);
}

#[test]
fn a_run_that_was_killed_before_nginx_had_read_has_it_read() {
    let mut now = observed(Some(service(&spec("1", 2))));
    now.balances.values_mut().for_each(String::clear);
    assert_eq!(
        actions(&plan(&wants(spec("1", 2)), &now)),
        ["have nginx hand requests to the copies of wiki"]
    );
}

#[test]
fn where_the_cluster_listens_nginx_does_not() {
    let mut now = observed(None);
    now.clusters.get_mut(&Technology::Swarm).unwrap().carries_ingress = true;
    assert_eq!(actions(&plan(&wants(spec("1", 4)), &now)), ["fetch the image app:1", "deploy wiki"]);
    // One that was made where nodes did not balance is made anew.
    let mut now = observed(Some(service(&spec("1", 4))));
    now.clusters.get_mut(&Technology::Swarm).unwrap().carries_ingress = true;
    assert_eq!(
        actions(&plan(&wants(spec("1", 4)), &now)),
        ["fetch the image app:1", "have nginx no longer listen for wiki", "deploy wiki"]
    );
}

#[test]
fn a_service_that_is_no_longer_wanted_goes() {
    let now = observed(Some(service(&spec("1", 4))));
    assert_eq!(
        actions(&plan(&Wanted::default(), &now)),
        ["have nginx no longer listen for wiki", "withdraw wiki"]
    );
    assert_eq!(status(&Wanted::default(), &now)[0].state, Standing::Unwanted);
}

#[test]
fn a_container_serves_until_its_service_has_come_up_unless_they_share_a_folder() {
    let mut now = observed(None);
    let before = on_docker("1");
    now.engines.get_mut(&Technology::Docker).unwrap().containers.push(ObservedContainer {
        container: before.name.clone(),
        role: Role::Current,
        digest: digest(&before),
        state: State::Running,
        ports: before.ports.iter().map(HostPort::from).collect(),
        image: "app:1".to_owned(),
    });
    let plan = plan(&wants(spec("1", 2)), &now);
    assert_eq!(
        actions(&plan),
        [
            "fetch the image app:1",
            "deploy wiki",
            "stop wiki",
            "have nginx hand requests to the copies of wiki",
            "remove wiki",
        ]
    );
    assert_eq!(undo(&plan), ["withdraw wiki", "start wiki", "have nginx no longer listen for wiki"]);
    assert_eq!(plan.containers[0].change[1].engine, Some(Technology::Docker));

    let plan = super::super::plan(&wants(mounting(spec("1", 1))), &now);
    let all = actions(&plan);
    let at = |action: &str| all.iter().position(|found| found == action).unwrap();
    assert!(at("stop wiki") < at("deploy wiki"), "{all:?}");
}

fn mounting(spec: RunSpec) -> RunSpec {
    let mount = crate::run_spec::Mount { host: "/srv/wiki".into(), container: "/data".into() };
    RunSpec { mounts: vec![mount], ..spec }
}

#[test]
fn a_service_serves_until_its_container_starts() {
    let now = observed(Some(service(&spec("1", 2))));
    let plan = plan(&wants(on_docker("1")), &now);
    assert_eq!(
        actions(&plan),
        [
            "fetch the image app:1",
            "create wiki.galerne-new",
            "rename wiki.galerne-new to wiki",
            "have nginx no longer listen for wiki",
            "start wiki",
            "wait until wiki is healthy",
            "withdraw wiki",
        ]
    );
    assert!(undo(&plan).contains(&"have nginx hand requests to the copies of wiki".to_owned()));
}

#[test]
fn a_service_rests_before_a_container_that_shares_its_folder_and_wakes_if_that_fails() {
    let now = observed(Some(service(&spec("1", 2))));
    let plan = plan(&wants(mounting(on_docker("1"))), &now);
    assert_eq!(
        actions(&plan),
        [
            "fetch the image app:1",
            "make the folder /srv/wiki",
            "create wiki.galerne-new",
            "rename wiki.galerne-new to wiki",
            "scale wiki to 0",
            "have nginx no longer listen for wiki",
            "start wiki",
            "wait until wiki is healthy",
            "withdraw wiki",
        ]
    );
    let back: Vec<String> = undo(&plan);
    assert!(back.contains(&"scale wiki to 2".to_owned()), "{back:?}");
    assert!(back.contains(&"have nginx hand requests to the copies of wiki".to_owned()), "{back:?}");
    // A run that was killed after it had rested, and what it was is wanted again.
    let resting =
        ObservedService { replicas: Some(0), wanted: 0, tasks: Vec::new(), ..service(&spec("1", 2)) };
    assert_eq!(
        actions(&super::super::plan(&wants(spec("1", 2)), &observed(Some(resting)))),
        ["scale wiki to 2"]
    );
}

#[test]
fn a_port_goes_from_a_service_to_a_container() {
    let now = observed(Some(service(&spec("1", 2))));
    let taker = RunSpec { name: "blog".parse().unwrap(), ..on_docker("1") };
    let plan = plan(&wants(taker), &now);
    assert_eq!(plan.containers.len(), 1, "one change: {plan}");
    let all = actions(&plan);
    let at = |action: &str| {
        all.iter().position(|found| found == action).unwrap_or_else(|| panic!("{action}: {all:?}"))
    };
    assert!(at("have nginx no longer listen for wiki") < at("start blog"));
}

#[test]
fn a_service_is_not_asked_to_count_its_copies_in_another_way() {
    let mut on_each = spec("1", 2);
    on_each.cluster.as_mut().unwrap().mode = Mode::Global;
    let mut running = service(&spec("1", 2));
    let refused = |spec: &RunSpec, running: &ObservedService| {
        plan(&wants(spec.clone()), &observed(Some(running.clone()))).containers[0].refused.clone()
    };
    assert!(matches!(refused(&on_each, &running), Some(Conflict::ModeChange { .. })));
    running.replicas = None;
    assert!(matches!(refused(&spec("2", 2), &running), Some(Conflict::ModeChange { .. })));
    assert_eq!(refused(&on_each, &running), None);
}

#[test]
fn the_cluster_is_not_told_to_listen_where_its_kernel_cannot() {
    let port = Port { address: "127.0.0.1".parse().unwrap(), host: 1, container: 1 };
    let mut listening = RunSpec { ports: vec![port], ..spec("1", 2) };
    listening.cluster.as_mut().unwrap().entry = Entry::Ingress;
    let mut now = observed(None);
    assert_eq!(plan(&wants(listening.clone()), &now).containers[0].refused, None);
    now.clusters.get_mut(&Technology::Swarm).unwrap().lacks_ipvs = true;
    let refused = plan(&wants(listening.clone()), &now).containers[0].refused.clone();
    assert!(matches!(refused, Some(Conflict::NoIpvs { .. })));
    listening.cluster.as_mut().unwrap().entry = Entry::Auto;
    assert_eq!(plan(&wants(listening), &now).containers[0].refused, None);
}

#[test]
fn what_somebody_else_holds_and_what_nodes_would_not_share_is_refused() {
    let refused = |spec: RunSpec, nodes: usize, foreign: &str| {
        let mut now = observed(None);
        let state = now.clusters.get_mut(&Technology::Swarm).unwrap();
        state.nodes = vec![state.nodes[0].clone(); nodes];
        state.foreign.push(Foreign { name: foreign.to_owned(), ports: Vec::new() });
        let plan = plan(&wants(spec), &now);
        assert!(plan.containers[0].refused.is_none() || plan.steps().count() == 0);
        plan.containers[0].refused.clone()
    };
    assert!(matches!(refused(spec("1", 1), 1, "wiki"), Some(Conflict::ServiceTaken { .. })));
    let mut mounting = mounting(spec("1", 1));
    assert_eq!(refused(mounting.clone(), 1, "other"), None);
    assert!(matches!(
        refused(mounting.clone(), 2, "other"),
        Some(Conflict::ScatteredFolder { nodes: 2, .. })
    ));
    mounting.cluster.as_mut().unwrap().constraints.push("node.hostname == node1".to_owned());
    assert_eq!(refused(mounting, 2, "other"), None);
    let port = Port { address: "127.0.0.1".parse().unwrap(), host: 1, container: 1 };
    assert_eq!(refused(RunSpec { ports: vec![port], ..spec("1", 1) }, 2, "other"), None);
}

#[test]
fn what_nginx_listens_for_and_nobody_runs_is_let_go() {
    let mut now = observed(Some(service(&spec("1", 2))));
    now.clusters.clear();
    assert_eq!(actions(&plan(&Wanted::default(), &now)), ["have nginx no longer listen for wiki"]);
    let plan = plan(&wants(on_docker("1")), &now);
    let all = actions(&plan);
    let at = |action: &str| all.iter().position(|found| found == action);
    assert!(
        at("have nginx no longer listen for wiki") < at("start wiki") && at("start wiki").is_some(),
        "{all:?}"
    );
}
