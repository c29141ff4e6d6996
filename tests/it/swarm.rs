//! Applications on a real swarm, of one node and of two, driven by `set` and `reconfigure` alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};

use serde_json::Value;

use crate::described::{Described, await_that, expect_no_failure};
use crate::lab::{Demo, Lab, Registry, Server};

/// A server on the first of so many nodes, on which the application `demo` is described.
fn described(lab: Lab, nodes: usize, image: &str, more: &[&str]) -> Described {
    let described = Described::on(lab, Server::on_nodes(lab, nodes));
    described.registry.put(image, "1", Demo::Serves);
    described.describe(1, "demo", image, "1");
    described.done(&[&["set", "conteneur1_type=swarm"], more].concat());
    described
}

impl Described {
    /// Changes variables, and then the machine.
    fn change(&self, assignments: &[&str]) -> String {
        self.done(&[&["set"], assignments].concat());
        self.done(&["reconfigure"])
    }

    /// The ids of the copies of `demo` that are to run, each with its node.
    fn copies(&self) -> BTreeMap<String, String> {
        let told = self.server.nodes().docker(
            1,
            &[
                "service",
                "ps",
                "--no-trunc",
                "--filter",
                "desired-state=running",
                "--format",
                "{{.ID}} {{.Node}}",
                "demo",
            ],
        );
        let told = told.lines().filter_map(|line| line.split_once(' '));
        told.map(|(id, node)| (id.to_owned(), node.to_owned())).collect()
    }

    /// How many copies each node has.
    fn spread(&self) -> BTreeMap<String, usize> {
        let mut spread = BTreeMap::new();
        for node in self.copies().into_values() {
            *spread.entry(node).or_default() += 1;
        }
        spread
    }

    fn services(&self) -> Vec<String> {
        let told = self.server.nodes().docker(1, &["service", "ls", "--format", "{{.Name}}"]);
        told.lines().map(str::to_owned).collect()
    }
}

/// Each of so many copies is asked in its turn.
fn expect_all(described: &Described, tag: &str, copies: usize) {
    for _ in 0..2 * copies {
        described.expect("demo", tag);
    }
    assert_eq!(described.copies().len(), copies);
    let balance = described.server.read("/etc/nginx/conteneur.d/demo.balance").expect("it is there");
    assert_eq!(balance.matches("max_fails").count(), copies, "{balance}");
}

fn node_counts(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(node, count)| ((*node).to_owned(), *count)).collect()
}

#[test]
fn a_service_is_made_scaled_updated_and_removed_on_one_node() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/lives", &["conteneur1_repliques=2"]);
    let told = described.done(&["instance"]);
    assert!(told.contains("deploy demo"), "{told}");
    expect_all(&described, "1", 2);
    described.expect_settled();
    assert_eq!(described.done(&["reconfigure"]), "nothing to do\n");

    let before: BTreeSet<String> = described.copies().into_keys().collect();
    let told = described.change(&["conteneur1_repliques=4"]);
    assert!(told.contains("scale demo to 4") && !told.contains("deploy"), "{told}");
    let after: BTreeSet<String> = described.copies().into_keys().collect();
    assert!(before.is_subset(&after), "no copy was restarted: {before:?} {after:?}");
    expect_all(&described, "1", 4);
    described.change(&["conteneur1_repliques=1"]);
    expect_all(&described, "1", 1);
    described.expect_settled();

    described.registry.put("swarm/lives", "2", Demo::Serves);
    described.change(&["conteneur1_tag=2"]);
    expect_all(&described, "2", 1);
    described.expect_settled();
    let status = described.done(&["status"]);
    assert!(status.contains("running") && status.contains("  - node1  running  10.235."), "{status}");
    assert!(described.done(&["logs", "demo"]).contains("demo 2: listens on port 80"));
    let examined = described.done(&["diagnose"]);
    assert!(examined.contains("1 node; the kernel has no IPVS"), "{examined}");
    described.done(&["set", "conteneur1_entree=ingress"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["plan::no_ipvs"], "{said}");
    described.done(&["set", "--default", "conteneur1_entree"]);
    described.expect_settled();

    described.change(&["nombre_conteneur=0"]);
    assert_eq!(described.services(), [""; 0]);
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.balance"), None);
    assert_eq!(described.server.get("/demo/").expect("nginx answers").status, 404);
    described.expect_settled();
}

#[test]
fn a_release_that_fails_is_rolled_back_and_says_why() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/fails", &["conteneur1_repliques=2"]);
    described.done(&["instance"]);
    described.registry.put("swarm/fails", "2", Demo::EndsAtOnce);
    described.registry.put("swarm/fails", "3", Demo::NeverListens);
    for (tag, code, words) in [
        ("2", "engine::rolled_back", "ends at once, as it was told to"),
        ("3", "engine::unhealthy", "nothing answers on its port 80"),
        ("4", "engine::image_absent", "swarm/fails:4"),
    ] {
        described.done(&["set", &format!("conteneur1_tag={tag}"), "conteneur1_sante_delai=3"]);
        let (codes, said) = described.failed(3, &["reconfigure"]);
        assert_eq!(codes, [code], "{said}");
        assert!(said.contains(words), "{said}");
        expect_all(&described, "1", 2);
    }
    described.change(&["conteneur1_tag=1", "conteneur1_sante_delai=10"]);
    described.expect_settled();
    expect_all(&described, "1", 2);

    described.done(&["set", "conteneur1_tag=2", "conteneur1_maj_echec=pause"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::update_paused"], "{said}");
    described.expect("demo", "1");
    described.change(&["conteneur1_tag=1"]);
    expect_all(&described, "1", 2);

    // Somebody takes the service away.
    described.server.nodes().docker(1, &["service", "rm", "demo"]);
    described.done(&["reconfigure"]);
    expect_all(&described, "1", 2);
    described.server.nodes().docker(1, &["service", "rm", "demo"]);
    described.change(&["nombre_conteneur=0"]);
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.balance"), None);
    described.expect_settled();
}

#[test]
fn an_application_goes_from_docker_to_a_swarm_and_back_with_its_data() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/moves", &["conteneur1_type=docker"]);
    let data = described.server.folder("data");
    let out = format!("conteneur1_mountpoint_out+={}", data.display());
    described.done(&["set", "conteneur1_mountpoint_in+=/data", &out]);
    described.done(&["instance"]);
    std::fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    let kept = || {
        let kept = described.server.get("/demo/data/kept.txt").expect("nginx answers");
        assert_eq!((kept.status, kept.body.as_str()), (200, "kept"));
    };
    kept();
    let load = described.server.load("/demo/");
    described.change(&["conteneur1_type=swarm"]);
    expect_no_failure(load);
    expect_all(&described, "1", 1);
    kept();
    assert!(!described.containers().contains(&"demo".to_owned()), "the container is gone");
    described.expect_settled();

    described.registry.put("swarm/moves", "2", Demo::EndsAtOnce);
    described.done(&["set", "conteneur1_type=docker", "conteneur1_tag=2"]);
    let load = described.server.load("/demo/");
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    expect_no_failure(load);
    expect_all(&described, "1", 1);
    kept();

    let load = described.server.load("/demo/");
    described.change(&["conteneur1_tag=1"]);
    expect_no_failure(load);
    described.expect("demo", "1");
    kept();
    assert_eq!(described.services(), [""; 0]);
    assert_eq!(described.containers(), ["demo"]);
    described.expect_settled();
}

#[test]
fn a_service_of_somebody_else_is_left_alone() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/foreign", &[]);
    let image = format!("{}/swarm/foreign:1", described.registry.address());
    let nodes = described.server.nodes();
    nodes.docker(1, &["service", "create", "--detach", "--name", "demo", &image]);
    let (codes, said) = described.failed(3, &["instance"]);
    assert_eq!(codes, ["plan::service_taken"], "{said}");
    described.change(&["conteneur1_name=other"]);
    described.expect("other", "1");
    described.change(&["nombre_conteneur=0"]);
    assert_eq!(described.services(), ["demo"]);
}

#[test]
fn what_another_manager_made_is_left_alone_until_it_is_wanted() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/others", &[]);
    described.done(&["instance"]);
    // As if the galerne of another manager had made it.
    let nodes = described.server.nodes();
    nodes.docker(
        1,
        &["service", "update", "--quiet", "--label-add", "org.galerne.server=0123456789abcdef", "demo"],
    );
    described.expect_settled();
    described.change(&["conteneur1_name=other"]);
    assert_eq!(described.services(), ["demo", "other"]);
    described.change(&["nombre_conteneur=0"]);
    assert_eq!(described.services(), ["demo"]);
    described.change(&["nombre_conteneur=1", "conteneur1_name=demo"]);
    described.expect("demo", "1");
    described.change(&["nombre_conteneur=0"]);
    assert_eq!(described.services(), ["demo"], "what it was made by stays, as its release did not change");
}

#[test]
fn what_the_swarm_lacks_is_one_sentence_and_changes_nothing() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/lacks", &["conteneur1_sante_delai=3"]);
    for (assignments, code) in [
        (&["conteneur1_secret_nom[0]=absent"][..], "engine::object_absent"),
        (&["--default", "conteneur1_secret_nom", "--default", "conteneur1_config_nom"][..], ""),
        (&["conteneur1_config_nom[0]=absent"][..], "engine::object_absent"),
        (&["--default", "conteneur1_secret_nom", "--default", "conteneur1_config_nom"][..], ""),
        (&["conteneur1_memoire_reservee=16000000"][..], "engine::no_node"),
        (
            &["conteneur1_memoire_reservee=4", "conteneur1_contrainte[0]=node.labels.ssd == true"][..],
            "engine::no_node",
        ),
    ] {
        described.done(&[&["set"], assignments].concat());
        if code.is_empty() {
            continue;
        }
        let (codes, said) = described.failed(3, &["reconfigure"]);
        assert_eq!(codes, [code], "{said}");
        assert_eq!(described.services(), [""; 0]);
        assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.balance"), None);
    }
    let nodes = described.server.nodes();
    nodes.docker(1, &["node", "update", "--label-add", "ssd=true", "node1"]);
    described.done(&["reconfigure"]);
    expect_all(&described, "1", 1);

    // A node that is no manager any more, or in no swarm.
    nodes.docker(1, &["swarm", "leave", "--force"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::no_swarm"], "{said}");
}

#[test]
fn secrets_networks_checks_and_volumes_reach_the_copies() {
    let Some(lab) = Lab::open() else { return };
    let described = described(
        lab,
        1,
        "swarm/reaches",
        &[
            "conteneur1_secret_nom[0]=key",
            "conteneur1_secret_valeur[0]=hunter2",
            "conteneur1_config_nom[0]=settings",
            "conteneur1_config_cible[0]=/etc/settings",
            "conteneur1_reseaux[0]=inside",
            "conteneur1_volume_nom[0]=data",
            "conteneur1_volume_cible[0]=/data",
            "conteneur1_sante_commande+=/bin/busybox",
            "conteneur1_sante_commande+=wget",
            "conteneur1_sante_commande+=-q",
            "conteneur1_sante_commande+=-O/dev/null",
            "conteneur1_sante_commande+=http://127.0.0.1/",
            "conteneur1_sante_intervalle=1",
            "conteneur1_max_par_noeud=2",
            "conteneur1_memoire=64",
        ],
    );
    let nodes = described.server.nodes();
    let file = described.server.folder("settings");
    std::fs::create_dir_all(file.parent().expect("it has one")).expect("it can be made");
    std::fs::write(&file, "colour=blue").expect("it can be written");
    nodes.docker(1, &["config", "create", "settings", &file.display().to_string()]);
    let told = ["plan", "instance", "status"].map(|command| described.done(&[command])).concat();
    assert!(!told.contains("hunter2"), "{told}");
    expect_all(&described, "1", 1);
    let copy = nodes.docker(1, &["ps", "--quiet", "--filter", "label=org.galerne.container=demo"]);
    let inside =
        |command: &[&str]| nodes.docker(1, &[&["exec", copy.trim(), "/bin/busybox"], command].concat());
    assert_eq!(inside(&["cat", "/run/secrets/key"]), "hunter2");
    assert_eq!(inside(&["cat", "/etc/settings"]), "colour=blue");
    let found: Value = serde_json::from_str(&nodes.docker(1, &["inspect", copy.trim()])).expect("it is JSON");
    let found = &found[0];
    assert_eq!(found["HostConfig"]["Memory"], 64 << 20);
    assert_eq!(found["State"]["Health"]["Status"], "healthy");
    assert_eq!(found["HostConfig"]["Mounts"][0]["Source"], "data");
    let names = nodes.docker(1, &["network", "ls", "--format", "{{.Name}}"]);
    assert!(names.lines().any(|name| name == "inside"), "{names}");

    described.change(&["conteneur1_secret_valeur[0]=other"]);
    let copy = nodes.docker(1, &["ps", "--quiet", "--filter", "label=org.galerne.container=demo"]);
    assert_eq!(nodes.docker(1, &["exec", copy.trim(), "/bin/busybox", "cat", "/run/secrets/key"]), "other");
    described.expect_settled();
    described.change(&["nombre_conteneur=0"]);
    let left = nodes.docker(1, &["secret", "ls", "--quiet"])
        + &nodes.docker(1, &["network", "ls", "--format", "{{.Name}}"]);
    assert!(!left.contains("inside") && left.lines().count() == 5, "only what is Docker's: {left}");
    let kept = nodes.docker(1, &["volume", "ls", "--format", "{{.Name}}"])
        + &nodes.docker(1, &["config", "ls", "--format", "{{.Name}}"]);
    assert_eq!(kept, "data\nsettings\n", "what others may need stays");
}

/// nginx is told of what the swarm moved by itself, as soon as it runs there; once it knows, there is nothing to do.
fn expect_followed(described: &Described, copies: usize) {
    let knows = || {
        described.done(&["follow"]);
        let balance = described.server.read("/etc/nginx/conteneur.d/demo.balance").expect("it is there");
        balance.matches("max_fails").count() == copies && !balance.contains(".12:")
    };
    await_that("nginx knows the copies that the swarm moved", 30, knows);
    assert_eq!(described.done(&["follow"]), "nothing to do\n");
}

#[test]
fn four_copies_on_two_nodes_are_scaled_updated_drained_and_survive_a_node() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 2, "swarm/two", &["conteneur1_repliques=4"]);
    let nodes = described.server.nodes();
    described.done(&["instance"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 2), ("node2", 2)]));
    expect_all(&described, "1", 4);

    let before: BTreeSet<String> = described.copies().into_keys().collect();
    described.change(&["conteneur1_repliques=6"]);
    let after: BTreeSet<String> = described.copies().into_keys().collect();
    assert!(before.is_subset(&after), "{before:?} {after:?}");
    assert_eq!(described.spread(), node_counts(&[("node1", 3), ("node2", 3)]));
    expect_all(&described, "1", 6);

    described.registry.put("swarm/two", "2", Demo::Serves);
    described.registry.put("swarm/two", "3", Demo::EndsAtOnce);
    let load = described.server.load("/demo/");
    described.change(&["conteneur1_tag=2"]);
    let tally = expect_no_failure(load);
    assert_eq!(tally.bodies.len(), 2, "both releases served on the way");
    expect_all(&described, "2", 6);
    described.expect_settled();

    described.done(&["set", "conteneur1_tag=3"]);
    let load = described.server.load("/demo/");
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::rolled_back"], "{said}");
    assert!(said.contains("ends at once, as it was told to"), "{said}");
    expect_no_failure(load);
    expect_all(&described, "2", 6);
    described.change(&["conteneur1_tag=2", "conteneur1_repliques=4"]);

    described.done(&["set", "cluster_noeud_nom+=node1", "cluster_noeud_nom+=node2"]);
    let places = nodes.docker(1, &["node", "inspect", "--format", "{{.Status.Addr}}", "node1", "node2"]);
    for (index, (place, role)) in places.lines().zip(["manager", "worker"]).enumerate() {
        let item = |name: &str, value: &str| format!("cluster_noeud_{name}[{index}]={value}");
        described.done(&["set", &item("adresse", place), &item("role", role)]);
    }
    described.expect_settled();
    let load = described.server.load("/demo/");
    let told = described.change(&["cluster_noeud_disponibilite[1]=drain"]);
    assert!(told.contains("drain node2"), "{told}");
    assert_eq!(described.spread(), node_counts(&[("node1", 4)]));
    expect_no_failure(load);
    expect_all(&described, "2", 4);
    described.expect_settled();

    described.change(&["cluster_noeud_disponibilite[1]=active", "conteneur1_repliques=6"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 4), ("node2", 2)]));
    nodes.kill(2);
    let status = described.server.get("/demo/").expect("nginx answers");
    assert_eq!(status.status, 200, "another copy answers: {}", status.body);
    let on_first = node_counts(&[("node1", 6)]);
    await_that("the copies of a dead node come back on the other", 90, || described.spread() == on_first);
    expect_followed(&described, 6);
    expect_all(&described, "2", 6);
    described.expect_settled();
}

#[test]
fn what_only_one_node_has_is_refused_on_two() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 2, "swarm/apart", &["conteneur1_repliques=2"]);
    let nodes = described.server.nodes();
    let data = described.server.folder("data");
    let out = format!("conteneur1_mountpoint_out+={}", data.display());
    described.done(&["set", "conteneur1_mountpoint_in+=/data", &out]);
    let (codes, said) = described.failed(3, &["instance"]);
    assert_eq!(codes, ["plan::scattered_folder"], "{said}");
    assert!(said.contains("NFS") && said.contains("has 2"), "{said}");
    assert!(!data.exists() && described.services().is_empty());
    described.done(&["set", "conteneur1_contrainte+=node.hostname == node1"]);
    described.done(&["reconfigure"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 2)]));

    // Of its own, on the node that galerne asks.
    let here = format!("{}/swarm/apart:1", described.registry.address());
    nodes.docker(1, &["tag", &here, &format!("{}/swarm/absent:9", described.registry.address())]);
    described.done(&["set", "conteneur1_url=swarm/absent", "conteneur1_tag=9"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::image_on_one_node"], "{said}");
    described.expect("demo", "1");

    // A worker is asked to manage.
    let worker = described
        .server
        .galerne_command(&["--format", "json", "reconfigure"])
        .env("DOCKER_HOST", nodes.host(2))
        .output();
    let (codes, said) = crate::described::said(&worker.expect("galerne starts"), 3);
    assert_eq!(codes, ["engine::not_a_manager"], "{said}");

    // The other manager is gone, and with it the quorum.
    nodes.docker(1, &["node", "promote", "node2"]);
    let managers = ["node", "ls", "--format", "{{.ManagerStatus}}"];
    await_that("there are two managers", 30, || nodes.docker(1, &managers).contains("Reachable"));
    nodes.kill(2);
    let is_lost = || described.failed(3, &["reconfigure"]).0 == ["engine::no_quorum"];
    await_that("the quorum is lost", 60, is_lost);
    described.expect("demo", "1");
}

#[test]
fn a_rollout_that_is_killed_is_finished_by_the_next_run() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/killed", &["conteneur1_type=docker"]);
    described.done(&["instance"]);
    for at in [5, 9, 11, 14, 18, 40] {
        let here = if described.services().is_empty() { "swarm" } else { "docker" };
        described.done(&["set", &format!("conteneur1_type={here}")]);
        described.reconfigure_and_kill(at);
        described.done(&["reconfigure"]);
        described.expect("demo", "1");
        if here == "swarm" {
            assert_eq!(described.services(), ["demo"]);
            expect_all(&described, "1", 1);
        } else {
            assert_eq!((described.services(), described.containers()), (vec![], vec!["demo".to_owned()]));
        }
        described.expect_settled();
    }
}

#[test]
fn what_a_killed_run_took_from_nginx_is_told_to_it_by_the_next_one() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 1, "swarm/untold", &[]);
    described.done(&["instance"]);
    // As a run does that is killed between the file and the reload: nginx goes on listening.
    let took = described.server.command("rm").arg("/etc/nginx/conteneur.d/demo.balance").status();
    assert!(took.expect("rm starts").success());
    described.change(&["conteneur1_type=docker"]);
    described.expect("demo", "1");
    assert_eq!(described.services(), [""; 0]);
    described.expect_settled();
}

#[test]
fn a_node_that_dies_in_the_middle_of_an_update_leaves_the_release_before() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 2, "swarm/dies", &["conteneur1_repliques=4"]);
    described.done(&["instance"]);
    described.registry.put("swarm/dies", "2", Demo::Serves);
    described.done(&["set", "conteneur1_tag=2"]);
    let mut child = described.server.spawn_galerne(&["--format", "json", "reconfigure"]);
    let events = BufReader::new(child.stdout.take().expect("its output is ours"));
    let mut events = events.lines().map_while(Result::ok);
    assert!(events.any(|line| line.contains("the update is under way")), "the update begins");
    described.server.nodes().kill(2);
    let told = events.last();
    let ended = child.wait_with_output().expect("galerne ends");
    let (codes, said) = crate::described::said(&ended, 3);
    assert_eq!(codes, ["engine::unhealthy"], "{told:?} {said}");
    assert!(said.contains("node2 does not answer"), "{said}");
    assert_eq!(described.spread(), node_counts(&[("node1", 4)]));
    expect_all(&described, "1", 4);
    described.done(&["reconfigure"]);
    expect_all(&described, "2", 4);
    described.expect_settled();
}

/// What the swarm has for the service `demo`, at a path of its specification.
fn asked(described: &Described, path: &str) -> Value {
    let told = described.server.nodes().docker(1, &["service", "inspect", "demo"]);
    let told: Value = serde_json::from_str(&told).expect("it is JSON");
    told[0]["Spec"].pointer(path).cloned().unwrap_or_default()
}

#[test]
fn copies_stand_where_labels_and_numbers_say() {
    let Some(lab) = Lab::open() else { return };
    let described = described(lab, 3, "swarm/placed", &["conteneur1_repliques=4"]);
    let nodes = described.server.nodes();
    for (number, zone) in [(1, "north"), (2, "north"), (3, "south")] {
        let (label, name) = (format!("zone={zone}"), format!("node{number}"));
        nodes.docker(1, &["node", "update", "--label-add", &label, &name]);
    }
    described.done(&["set", "conteneur1_repartition=node.labels.zone"]);
    described.done(&["instance"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 1), ("node2", 1), ("node3", 2)]));
    expect_all(&described, "1", 4);

    described.registry.put("swarm/placed", "2", Demo::Serves);
    described.change(&[
        "conteneur1_tag=2",
        "conteneur1_contrainte+=node.labels.zone == north",
        "conteneur1_max_par_noeud=2",
        "conteneur1_memoire=64",
        "conteneur1_memoire_reservee=32",
        "conteneur1_processeurs_reserves=0.1",
        "conteneur1_maj_parallele=2",
        "conteneur1_maj_delai=1",
        "conteneur1_maj_ordre=stop-first",
        "conteneur1_maj_echec=continue",
    ]);
    assert_eq!(described.spread(), node_counts(&[("node1", 2), ("node2", 2)]));
    assert_eq!(asked(&described, "/UpdateConfig/Parallelism"), 2);
    assert_eq!(asked(&described, "/UpdateConfig/FailureAction"), "continue");
    assert_eq!(asked(&described, "/TaskTemplate/Resources/Reservations/NanoCPUs"), 100_000_000);
    expect_all(&described, "2", 4);
    described.expect_settled();

    described.done(&["set", "--default", "conteneur1_contrainte", "--default", "conteneur1_max_par_noeud"]);
    described.done(&["set", "conteneur1_mode=global"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["plan::mode_change"], "{said}");
    expect_all(&described, "2", 4);
    nodes.docker(1, &["service", "rm", "demo"]);
    described.done(&["reconfigure"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 1), ("node2", 1), ("node3", 1)]));
    expect_all(&described, "2", 3);
    described.expect_settled();
}

#[test]
fn a_registry_is_reached_by_all_nodes_or_the_release_before_stays() {
    let Some(lab) = Lab::open() else { return };
    let one_each =
        ["conteneur1_repliques=2", "conteneur1_max_par_noeud=1", "conteneur1_maj_ordre=stop-first"];
    let described = described(lab, 2, "swarm/moved", &one_each);
    described.done(&["instance"]);
    assert_eq!(described.spread(), node_counts(&[("node1", 1), ("node2", 1)]));
    let private = Registry::with_login(lab);
    private.put("swarm/moved", "2", Demo::Serves);
    let nodes = described.server.nodes();
    nodes.open(private.port());
    nodes.reaches(1, private.port());
    described.server.log_in(&private);
    let registry = format!("conteneur1_repository={}", private.address());
    described.done(&["set", &registry, "conteneur1_tag=2"]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["engine::rolled_back"], "{said}");
    assert!(said.contains("node2"), "{said}");
    expect_all(&described, "1", 2);

    // The nodes are handed the credentials of the new registry.
    nodes.reaches(2, private.port());
    described.done(&["reconfigure"]);
    expect_all(&described, "2", 2);
    assert_eq!(described.spread(), node_counts(&[("node1", 1), ("node2", 1)]));
    described.expect_settled();
}
