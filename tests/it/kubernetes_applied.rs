//! Applications on a real Kubernetes, whose pods really run, driven by `set` and `reconfigure` alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::described::{Described, await_that, expect_no_failure};
use crate::lab::{Demo, Kubernetes, Lab, Server};

/// A server that uses `cluster`, on which the application `demo` is described in a namespace of the test's own.
struct Applied<'a> {
    described: Described,
    cluster: &'a Kubernetes,
    space: String,
}

impl<'a> Applied<'a> {
    /// `image` is a name that no other test uses; its last part names the namespace.
    fn start(lab: Lab, cluster: &'a Kubernetes, image: &str, more: &[&str]) -> Self {
        let described = Described::start(lab);
        described.server.use_kubernetes(cluster.admin());
        described.registry.put(image, "1", Demo::Serves);
        described.describe(1, "demo", image, "1");
        let space = format!("applied-{}", image.rsplit('/').next().expect("it has a last part"));
        cluster.kubectl(&["create", "namespace", &space]);
        let applied = Self { described, cluster, space };
        applied.be_another_machine();
        let variables = [
            "conteneur1_type=kubernetes",
            &format!("conteneur1_espace_noms={}", applied.space),
            "conteneur1_maj_delai=0",
            "conteneur1_maj_surveillance=1",
            "conteneur1_sante_chemin=/",
            "conteneur1_sante_intervalle=1",
        ]
        .map(str::to_owned);
        let variables: Vec<&str> = variables.iter().map(String::as_str).chain(more.iter().copied()).collect();
        applied.set(&variables);
        applied
    }

    /// Servers are told apart by the ids of their machines, of which those of the lab have one.
    fn be_another_machine(&self) {
        let id = self.described.server.folder("machine-id");
        std::fs::create_dir_all(id.parent().expect("it has one")).expect("it can be made");
        std::fs::write(&id, &self.space).expect("it can be written");
        let mounted =
            self.described.server.command("mount").arg("--bind").arg(&id).arg("/etc/machine-id").status();
        assert!(mounted.expect("mount starts").success());
    }

    fn set(&self, assignments: &[&str]) {
        self.described.done(&[&["set"], assignments].concat());
    }

    /// Changes variables, and then the machine.
    fn change(&self, assignments: &[&str]) -> String {
        if !assignments.is_empty() {
            self.set(assignments);
        }
        self.described.done(&["reconfigure"])
    }

    /// A change that fails, with this code alone; gives all that it said.
    fn refused(&self, assignments: &[&str], code: &str) -> String {
        if !assignments.is_empty() {
            self.set(assignments);
        }
        let (codes, said) = self.described.failed(3, &["reconfigure"]);
        assert_eq!(codes, [code], "{said}");
        said
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        self.cluster.kubectl(&[&["--namespace", &self.space], arguments].concat())
    }

    /// The names of all objects of a kind, but for those that each namespace has.
    fn names(&self, kind: &str) -> Vec<String> {
        let told = self.kubectl(&["get", kind, "--output", "jsonpath={.items[*].metadata.name}"]);
        let own = |name: &&str| !name.starts_with("default-token-") && *name != "kube-root-ca.crt";
        told.split_whitespace().filter(own).map(str::to_owned).collect()
    }

    fn object(&self, what: &str) -> Value {
        serde_json::from_str(&self.kubectl(&["get", what, "--output", "json"])).expect("it is JSON")
    }

    /// The copies that are not ending, each with its node.
    fn copies(&self) -> BTreeMap<String, String> {
        let found = self.object("pods");
        let pods = found["items"].as_array().expect("it is a list").iter();
        let stay = pods.filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        stay.map(|pod| (text(&pod["metadata"]["name"]), text(&pod["spec"]["nodeName"]))).collect()
    }

    /// How many copies each node has.
    fn spread(&self) -> BTreeMap<String, usize> {
        let mut spread = BTreeMap::new();
        for node in self.copies().into_values() {
            *spread.entry(node).or_default() += 1;
        }
        spread
    }

    /// The page is that of version `tag`, and so many copies run.
    fn expect(&self, tag: &str, copies: usize) {
        for _ in 0..2 * copies {
            self.described.expect("demo", tag);
        }
        assert_eq!(self.copies().len(), copies);
    }

    /// Nothing of an application is left on the cluster; a pod that has ended is listed there for a while.
    fn expect_gone(&self) {
        for kind in ["deployments", "services", "networkpolicies", "poddisruptionbudgets", "secrets"] {
            assert_eq!(self.names(kind), [""; 0], "{kind}");
        }
        assert_eq!(self.copies(), BTreeMap::new());
        let running = "jsonpath={.items[*].status.containerStatuses[*].state.running}";
        assert_eq!(self.kubectl(&["get", "pods", "--output", running]), "");
    }

    fn balance(&self) -> Option<String> {
        self.described.server.read("/etc/nginx/conteneur.d/demo.balance")
    }

    /// nginx is told of the nodes that run copies as soon as there are so many.
    fn follow(&self, nodes: usize) {
        let knows = || {
            self.described.done(&["follow"]);
            self.balance().expect("it is there").matches("fail_timeout=2s;").count() == nodes
        };
        await_that("nginx knows where copies are", 60, knows);
        assert_eq!(self.described.done(&["follow"]), "nothing to do\n");
    }

    fn settled(&self) {
        self.described.expect_settled();
        assert_eq!(self.described.done(&["reconfigure"]), "nothing to do\n");
    }
}

#[test]
fn an_application_goes_from_docker_to_kubernetes_and_back_and_is_scaled_and_updated() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/moves", &["conteneur1_type=docker"]);
    let described = &applied.described;
    described.done(&["instance"]);
    described.expect("demo", "1");

    // One variable.
    let load = described.server.load("/demo/");
    let told = applied.change(&["conteneur1_type=kubernetes", "conteneur1_repliques=2"]);
    assert!(told.contains("deploy demo") && told.contains("copies run"), "{told}");
    expect_no_failure(load);
    applied.expect("1", 2);
    assert_eq!(described.containers(), [""; 0]);
    applied.settled();
    let status = described.done(&["status"]);
    assert!(status.contains("running") && status.contains("  - node1  running  10."), "{status}");
    assert_eq!(described.done(&["logs", "demo"]), "demo 1: listens on port 80\n".repeat(2));
    let examined = described.done(&["diagnose"]);
    assert!(examined.contains("v1.20.2 at https://") && examined.contains("nodes ready"), "{examined}");

    // Who is older than the action `sleep` is told of the program.
    let before =
        applied.object("deployment/demo")["spec"]["template"]["spec"]["containers"][0]["lifecycle"].clone();
    assert_eq!(before, json!({"preStop": {"exec": {"command": ["sleep", "3"]}}}));

    // More copies are no other release.
    let before: BTreeSet<String> = applied.copies().into_keys().collect();
    let told = applied.change(&["conteneur1_repliques=3"]);
    assert!(told.contains("scale demo to 3") && !told.contains("deploy demo"), "{told}");
    let after: BTreeSet<String> = applied.copies().into_keys().collect();
    assert!(before.is_subset(&after), "no copy was restarted: {before:?} {after:?}");
    applied.expect("1", 3);
    applied.settled();

    // Another release takes the place of the first, copy by copy.
    described.registry.put("kubernetes/moves", "2", Demo::Serves);
    let load = described.server.load("/demo/");
    let told = applied.change(&["conteneur1_tag=2"]);
    assert!(told.contains("deploy demo"), "{told}");
    expect_no_failure(load);
    applied.expect("2", 3);
    applied.settled();

    // Somebody else changes the number of copies, or takes all away: that is put right.
    applied.kubectl(&["scale", "deployment/demo", "--replicas=1"]);
    applied.change(&[]);
    applied.expect("2", 3);
    applied.kubectl(&["delete", "deployment/demo"]);
    applied.change(&[]);
    applied.expect("2", 3);

    let load = described.server.load("/demo/");
    applied.change(&["conteneur1_type=docker"]);
    expect_no_failure(load);
    described.expect("demo", "2");
    assert_eq!(described.containers(), ["demo"]);
    applied.expect_gone();
    assert_eq!(applied.balance(), None);
    applied.settled();
}

#[test]
fn one_variable_takes_an_application_from_docker_to_a_swarm_to_kubernetes_and_back() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/grows", &["conteneur1_type=docker"]);
    let described = &applied.described;
    let engine = described.server.engine();
    // A swarm of this server alone.
    let listens = format!("127.0.0.1:{}", Server::free_port());
    engine.docker(&["swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", &listens]);
    described.done(&["instance"]);
    let services = || engine.docker(&["service", "ls", "--format", "{{.Name}}"]);
    for (technology, is_in) in [
        ("swarm", ["", "demo\n", ""]),
        ("kubernetes", ["", "", "demo"]),
        ("swarm", ["", "demo\n", ""]),
        ("docker", ["demo", "", ""]),
    ] {
        let load = described.server.load("/demo/");
        applied.change(&[&format!("conteneur1_type={technology}")]);
        expect_no_failure(load);
        described.expect("demo", "1");
        let containers = described.containers().into_iter().filter(|name| !name.starts_with("demo."));
        let now = [containers.collect::<String>(), services(), applied.names("deployments").concat()];
        assert_eq!(now, is_in, "{technology}");
        applied.settled();
    }
}

#[test]
fn a_release_that_fails_is_rolled_back_and_says_why() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let applied = Applied::start(
        lab,
        lab.kubernetes(),
        "kubernetes/fails",
        &["conteneur1_repliques=2", "conteneur1_sante_delai=5"],
    );
    applied.described.done(&["instance"]);
    applied.expect("1", 2);
    applied.described.registry.put("kubernetes/fails", "2", Demo::EndsAtOnce);
    applied.described.registry.put("kubernetes/fails", "3", Demo::NeverListens);
    for (tag, words) in [("2", "ends at once, as it was told to"), ("3", "demo"), ("4", "kubernetes/fails:4")]
    {
        let load = applied.described.server.load("/demo/");
        let said = applied.refused(&[&format!("conteneur1_tag={tag}")], "engine::unhealthy");
        assert!(said.contains(words), "{said}");
        expect_no_failure(load);
        applied.expect("1", 2);
    }
    // What only the failed release had is gone with it.
    let said = applied.refused(
        &["conteneur1_tag=2", "conteneur1_config_nom[0]=more", "conteneur1_config_valeur[0]=a"],
        "engine::unhealthy",
    );
    assert!(said.contains("exit code"), "{said}");
    assert_eq!(applied.names("configmaps"), [""; 0]);
    applied.change(&["conteneur1_tag=1", "--default", "conteneur1_config_nom"]);
    applied.settled();
    applied.expect("1", 2);
}

#[test]
fn a_first_release_that_fails_leaves_nothing() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/first", &["conteneur1_sante_delai=5"]);
    applied.described.registry.put("kubernetes/first", "2", Demo::EndsAtOnce);
    applied.refused(&["conteneur1_tag=2"], "engine::unhealthy");
    applied.expect_gone();
    assert_eq!(applied.balance(), None);
    applied.change(&["conteneur1_tag=1"]);
    applied.expect("1", 1);
    applied.settled();
}

#[test]
fn what_the_cluster_refuses_is_one_sentence_and_changes_nothing() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let cluster = lab.kubernetes();
    let applied = Applied::start(lab, cluster, "kubernetes/refuses", &[]);
    applied.described.done(&["instance"]);
    applied.expect("1", 1);
    let before = applied.object("deployment/demo")["metadata"]["generation"].clone();

    applied.refused(&["conteneur1_espace_noms=nowhere-at-all"], "engine::namespace_absent");
    let back = format!("conteneur1_espace_noms={}", applied.space);
    let said = applied.refused(
        &[&back, "conteneur1_exposition=passerelle", "conteneur1_passerelle=public"],
        "engine::kind_unknown",
    );
    assert!(said.contains("HTTPRoute"), "{said}");
    applied.set(&["conteneur1_exposition=serveur", "--default", "conteneur1_passerelle"]);

    // What somebody is to have put there.
    let said = applied.refused(&["conteneur1_secret_nom[0]=absent"], "engine::object_absent");
    assert!(said.contains("kubectl --namespace applied-refuses create secret generic absent"), "{said}");
    applied.set(&["--default", "conteneur1_secret_nom"]);

    // Somebody else's object of the same name.
    applied.set(&["conteneur1_config_nom[0]=settings", "conteneur1_config_valeur[0]=a"]);
    applied.kubectl(&["create", "configmap", "demo.settings"]);
    let said = applied.refused(&[], "engine::object_foreign");
    assert!(said.contains("ConfigMap"), "{said}");
    applied.kubectl(&["delete", "configmap", "demo.settings"]);
    applied.set(&["--default", "conteneur1_config_nom"]);
    let after = applied.object("deployment/demo")["metadata"]["generation"].clone();
    assert_eq!(after, before, "nothing was touched");
    applied.settled();

    // What only shows when copies are made: the release before serves on.
    let said = applied.refused(&["conteneur1_memoire_reservee=16000000"], "engine::no_node");
    assert!(said.contains("Insufficient memory"), "{said}");
    applied.expect("1", 1);
    applied.set(&["--default", "conteneur1_memoire_reservee"]);
    applied.refused(&["conteneur1_contrainte[0]=node.labels.ssd == true"], "engine::no_node");
    applied.set(&["--default", "conteneur1_contrainte"]);
    applied.change(&[]);
    applied.kubectl(&["create", "quota", "small", "--hard=pods=1"]);
    let said = applied.refused(
        &["conteneur1_environnement_nom[0]=A", "conteneur1_environnement_valeur[0]=b"],
        "engine::copies_refused",
    );
    assert!(said.contains("exceeded quota: small"), "{said}");
    applied.kubectl(&["delete", "quota", "small"]);
    applied.change(&[]);
    applied.expect("1", 1);
    applied.settled();
}

#[test]
fn a_kubeconfig_that_is_refused_says_so() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let cluster = lab.kubernetes();
    let applied = Applied::start(lab, cluster, "kubernetes/rights", &[]);
    let folder = applied.described.server.folder("kube");
    std::fs::create_dir_all(&folder).expect("it can be made");
    let with = |kubeconfig: &Path, arguments: &[&str]| {
        let mut command =
            applied.described.server.galerne_command(&[&["--format", "json"], arguments].concat());
        command.env("KUBECONFIG", kubeconfig).output().expect("galerne starts")
    };
    let refused = |kubeconfig: &Path, code: &str| {
        let (codes, said) = crate::described::said(&with(kubeconfig, &["instance"]), 3);
        assert_eq!(codes, [code], "{said}");
    };
    refused(&folder.join("absent"), "engine::absent");
    let broken = folder.join("broken");
    std::fs::write(&broken, "clusters: [").expect("it can be written");
    refused(&broken, "engine::kubeconfig_unreadable");
    refused(&cluster.nobody(), "engine::forbidden");
    let altered = |name: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(cluster.nobody()).expect("it is there");
        assert!(text.contains(from), "{text}");
        let path = folder.join(name);
        std::fs::write(&path, text.replace(from, to)).expect("it can be written");
        path
    };
    refused(&altered("stranger", "token: ", "token: no"), "engine::credentials_refused");
    refused(&altered("away", ":6443", ":9"), "engine::absent");

    // Rights in one namespace are enough.
    let own = |arguments: &[&str]| applied.kubectl(arguments);
    own(&[
        "create",
        "role",
        "galerne",
        "--verb=get,list,create,patch,delete",
        "--resource=deployments.apps,services,networkpolicies.networking.k8s.io,secrets,configmaps,pods,pods/log,events",
    ]);
    own(&["create", "rolebinding", "galerne", "--role=galerne", "--user=nobody"]);
    let done = with(&cluster.nobody(), &["instance"]);
    assert!(done.status.success(), "{}", crate::described::text(&done.stderr));
    applied.expect("1", 1);
    let again = with(&cluster.nobody(), &["plan", "--check"]);
    assert!(again.status.success(), "{}", crate::described::text(&again.stdout));
}

/// What a copy that stays prints when it runs `command`.
fn inside(applied: &Applied<'_>, command: &[&str]) -> String {
    let copy = applied.copies().into_keys().next().expect("there is one");
    applied.kubectl(&[&["exec", &copy, "--", "/bin/busybox"], command].concat())
}

#[test]
fn secrets_configurations_and_volumes_reach_the_copies_and_no_message() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let more = [
        "conteneur1_environnement_nom[0]=TOKEN",
        "conteneur1_environnement_valeur[0]=hunter2",
        "conteneur1_secret_nom[0]=key",
        "conteneur1_secret_valeur[0]=correct-horse",
        "conteneur1_config_nom[0]=settings",
        "conteneur1_config_cible[0]=/etc/settings",
        "conteneur1_config_valeur[0]=colour=blue",
        "conteneur1_memoire=64",
        "conteneur1_mountpoint_in[0]=/etc/node-name",
        "conteneur1_mountpoint_out[0]=/etc/hostname",
    ];
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/reaches", &more);
    let told = ["plan", "instance", "status"].map(|command| applied.described.done(&[command])).concat();
    assert!(!told.contains("hunter2") && !told.contains("correct-horse"), "{told}");
    applied.expect("1", 1);
    assert_eq!(inside(&applied, &["cat", "/run/secrets/key"]), "correct-horse");
    assert_eq!(inside(&applied, &["cat", "/etc/settings"]), "colour=blue");
    assert!(inside(&applied, &["env"]).contains("TOKEN=hunter2"));
    let node = std::fs::read_to_string("/etc/hostname").expect("it can be read");
    assert_eq!(inside(&applied, &["cat", "/etc/node-name"]), node);
    let visible = applied.kubectl(&["get", "deployments,pods,services,configmaps", "--output", "json"]);
    assert!(!visible.contains("hunter2") && !visible.contains("correct-horse"), "only Secrets have them");

    // A secret alone changes: copies start anew, as they read it when they start.
    let before = applied.copies();
    applied.change(&["conteneur1_secret_valeur[0]=battery-staple"]);
    assert_eq!(inside(&applied, &["cat", "/run/secrets/key"]), "battery-staple");
    assert_ne!(applied.copies(), before);
    applied.settled();

    // What a release no longer has goes.
    assert_eq!(applied.names("configmaps"), ["demo.settings"]);
    applied.change(&["--default", "conteneur1_config_nom", "--default", "conteneur1_secret_nom"]);
    assert_eq!(applied.names("configmaps"), [""; 0]);
    assert_eq!(applied.names("secrets"), ["demo", "demo-copies.galerne"]);
    applied.change(&["conteneur1_exposition=ingress"]);
    assert_eq!((applied.names("ingresses"), applied.balance()), (vec!["demo".to_owned()], None));
    assert_eq!(applied.described.server.get("/demo/").expect("nginx answers").status, 404);
    applied.settled();
    applied.change(&["conteneur1_exposition=serveur"]);
    assert_eq!(applied.names("ingresses"), [""; 0]);
    applied.expect("1", 1);

    // Another namespace.
    let other = format!("{}-2", applied.space);
    applied.cluster.kubectl(&["create", "namespace", &other]);
    applied.change(&[&format!("conteneur1_espace_noms={other}")]);
    applied.described.expect("demo", "1");
    for kind in ["deployments", "services", "networkpolicies", "secrets"] {
        assert_eq!(applied.names(kind), [""; 0], "{kind}");
    }
    applied.settled();
    applied.change(&["nombre_conteneur=0"]);
    let left =
        applied.cluster.kubectl(&["--namespace", &other, "get", "deployments,services,networkpolicies"]);
    assert_eq!(left, "");
    applied.settled();
}

#[test]
fn claims_outlive_what_used_them_and_the_number_follows_the_load() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let more = [
        "conteneur1_repliques=2",
        "conteneur1_repliques_max=4",
        "conteneur1_processeurs_reserves=0.05",
        "conteneur1_reseaux[0]=back",
    ];
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/keeps", &more);
    applied.described.done(&["instance"]);
    applied.expect("1", 2);
    // This server knows earlier versions of both alone.
    assert_eq!(applied.names("horizontalpodautoscalers"), ["demo"]);
    assert_eq!(applied.names("poddisruptionbudgets"), ["demo"]);
    applied.settled();
    let told = applied.change(&["conteneur1_repliques=3"]);
    assert!(told.contains("scale demo to 3") && !told.contains("deploy demo"), "{told}");
    await_that("three copies run", 60, || applied.copies().len() == 3);
    applied.settled();

    // A claim that nobody fills: no copy can start, and the release before is there again; the claim stays.
    applied.refused(
        &[
            "conteneur1_repliques_max=0",
            "conteneur1_repliques=1",
            "conteneur1_volume_nom[0]=data",
            "conteneur1_volume_cible[0]=/data",
            "conteneur1_sante_delai=3",
        ],
        "engine::no_node",
    );
    assert_eq!(applied.names("persistentvolumeclaims"), ["demo.data"]);
    applied.described.expect("demo", "1");
    applied.change(&["nombre_conteneur=0"]);
    assert_eq!(applied.names("persistentvolumeclaims"), ["demo.data"], "data stay");
    assert_eq!(applied.names("deployments"), [""; 0]);
}

/// A volume of the node that waits for this claim alone.
fn fill(applied: &Applied<'_>, claim: &str) {
    let name = format!("{}-{claim}", applied.space);
    let volume = json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "100Gi"},
            "claimRef": {"namespace": applied.space, "name": claim},
            "hostPath": {"path": format!("/tmp/{name}"), "type": "DirectoryOrCreate"},
        },
    });
    applied.cluster.apply(&volume.to_string(), &[]);
}

#[test]
fn copies_with_volumes_of_their_own_leave_a_release_that_fails() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let more = [
        "conteneur1_repliques=2",
        "conteneur1_sante_delai=20",
        "conteneur1_volume_nom[0]=data",
        "conteneur1_volume_cible[0]=/data",
        "conteneur1_volume_partage[0]=par_copie",
    ];
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/owns", &more);
    for number in 0..2 {
        fill(&applied, &format!("data-data-demo-{number}"));
    }
    applied.described.done(&["instance"]);
    applied.expect("1", 2);
    assert_eq!(applied.names("statefulsets"), ["demo"]);
    inside(&applied, &["touch", "/data/kept"]);
    for tag in ["2", "3"] {
        applied.described.registry.put("kubernetes/owns", tag, Demo::Serves);
    }
    applied.change(&["conteneur1_tag=2"]);
    applied.expect("2", 2);
    applied.settled();

    // Whoever runs them would wait for the copy that cannot start before it replaced any.
    let said = applied.refused(&["conteneur1_tag=4"], "engine::unhealthy");
    assert!(said.contains("kubernetes/owns:4"), "{said}");
    applied.expect("2", 2);
    // Who is killed does not go back: a release that is right takes over all the same.
    let mut killed = applied.described.server.spawn_galerne(&["reconfigure"]);
    let waits = "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}";
    await_that("a copy cannot start", 120, || {
        applied.kubectl(&["get", "pods", "--output", waits]).contains("ImagePull")
    });
    // One that has ended meanwhile cannot be killed, and need not be.
    let _ = killed.kill();
    let _ = killed.wait();
    applied.change(&["conteneur1_tag=3"]);
    applied.expect("3", 2);
    assert_eq!(inside(&applied, &["ls", "/data"]), "kept\n");
    applied.settled();
    applied.change(&["nombre_conteneur=0"]);
}

#[test]
fn a_copy_on_each_node_leaves_a_release_that_fails() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let more = ["conteneur1_mode=global", "conteneur1_sante_delai=20"];
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/everywhere", &more);
    applied.described.done(&["instance"]);
    applied.expect("1", 1);
    assert_eq!(applied.names("daemonsets"), ["demo"]);
    applied.described.registry.put("kubernetes/everywhere", "2", Demo::Serves);
    applied.change(&["conteneur1_tag=2"]);
    applied.expect("2", 1);
    let said = applied.refused(&["conteneur1_tag=4"], "engine::unhealthy");
    assert!(said.contains("kubernetes/everywhere:4"), "{said}");
    applied.expect("2", 1);
    applied.change(&["conteneur1_tag=1"]);
    applied.expect("1", 1);
    applied.settled();
}

#[test]
fn a_rollout_that_is_killed_is_finished_by_the_next_run() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let applied = Applied::start(lab, lab.kubernetes(), "kubernetes/killed", &["conteneur1_type=docker"]);
    let described = &applied.described;
    described.done(&["instance"]);
    let mut is_here = false;
    for at in [4, 7, 9, 10, 12, 16] {
        is_here = !is_here;
        applied.set(&[if is_here { "conteneur1_type=kubernetes" } else { "conteneur1_type=docker" }]);
        described.reconfigure_and_kill(at);
        described.done(&["reconfigure"]);
        described.expect("demo", "1");
        let deployments = applied.names("deployments");
        if is_here {
            assert_eq!((deployments, described.containers()), (vec!["demo".to_owned()], vec![]));
        } else {
            assert_eq!((deployments, described.containers()), (vec![], vec!["demo".to_owned()]));
        }
        described.expect_settled();
    }
}

#[test]
fn what_another_server_made_is_left_alone_until_it_is_wanted() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let cluster = lab.kubernetes();
    let applied = Applied::start(lab, cluster, "kubernetes/others", &[]);
    applied.described.done(&["instance"]);
    // As if another server had made it.
    let named = "demo-copies.galerne";
    let secret = applied.object(&format!("secret/{named}"));
    let decode = |text: &str| {
        use base64::Engine as _;
        base64::prelude::BASE64_STANDARD.decode(text).expect("it is encoded")
    };
    let text = decode(secret["data"]["release.json"].as_str().expect("it is kept"));
    let mut release: Value = serde_json::from_slice(&text).expect("it is JSON");
    release["server"] = json!("0123456789abcdef");
    let changed = json!({"stringData": {"release.json": release.to_string()}}).to_string();
    applied.kubectl(&["patch", "secret", named, "--patch", &changed]);
    applied.described.expect_settled();
    applied.change(&["conteneur1_name=other"]);
    assert_eq!(applied.names("deployments"), ["demo", "other"]);
    applied.change(&["conteneur1_name=demo"]);
    assert_eq!(applied.names("deployments"), ["demo"]);
}

#[test]
fn four_copies_on_two_nodes_are_scaled_updated_drained_and_survive_a_node() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let cluster = Kubernetes::start(lab, 2);
    let applied = Applied::start(lab, &cluster, "kubernetes/spread", &["conteneur1_repliques=4"]);
    let described = &applied.described;
    let counts = |counts: &[(&str, usize)]| -> BTreeMap<String, usize> {
        counts.iter().map(|(node, count)| ((*node).to_owned(), *count)).collect()
    };
    described.done(&["instance"]);
    applied.expect("1", 4);
    assert_eq!(applied.spread(), counts(&[("node1", 2), ("node2", 2)]));
    let balance = applied.balance().expect("nginx hands requests out");
    assert_eq!(balance.matches("fail_timeout=2s;").count(), 2, "{balance}");

    // A folder of one node is not for several.
    let data = described.server.folder("data");
    let out = format!("conteneur1_mountpoint_out+={}", data.display());
    applied.set(&["conteneur1_repliques=1", "conteneur1_mountpoint_in+=/data", &out]);
    let (codes, said) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["plan::scattered_folder"], "{said}");
    applied.set(&["--default", "conteneur1_mountpoint_in", "--default", "conteneur1_mountpoint_out"]);

    applied.change(&["conteneur1_repliques=6"]);
    applied.expect("1", 6);
    assert_eq!(applied.spread(), counts(&[("node1", 3), ("node2", 3)]));

    described.registry.put("kubernetes/spread", "2", Demo::Serves);
    let load = described.server.load("/demo/");
    applied.change(&["conteneur1_tag=2", "conteneur1_maj_parallele=2"]);
    expect_no_failure(load);
    applied.expect("2", 6);
    applied.settled();

    let load = described.server.load("/demo/");
    cluster.kubectl(&["drain", "node2", "--ignore-daemonsets", "--timeout=180s"]);
    await_that("all run on one node", 60, || applied.spread() == counts(&[("node1", 6)]));
    applied.follow(1);
    expect_no_failure(load);
    cluster.kubectl(&["uncordon", "node2"]);
    described.registry.put("kubernetes/spread", "3", Demo::Serves);
    applied.change(&["conteneur1_tag=3"]);
    assert!(applied.spread().contains_key("node2"), "{:?}", applied.spread());

    cluster.kill(2);
    let all_here = || {
        let ready = applied.kubectl(&[
            "get",
            "pods",
            "--field-selector",
            "spec.nodeName=node1",
            "--output",
            "jsonpath={.items[*].status.containerStatuses[*].ready}",
        ]);
        ready.matches("true").count() == 6
    };
    await_that("the copies of the dead node are on the other", 120, all_here);
    applied.follow(1);
    applied.described.expect("demo", "3");
    let status = described.done(&["status"]);
    assert!(status.contains("running"), "{status}");
}
