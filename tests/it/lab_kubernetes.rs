//! The lab's clusters of Kubernetes: their nodes run pods of the lab's registry, which the machine reaches; who may do nothing is
//! refused; and a node can be emptied and killed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Demo, Kubernetes, Lab, http};

/// A namespace with so many copies of `image` in it, behind a service on a port of each node.
fn manifest(namespace: &str, image: &str, copies: u32) -> String {
    let labels = json!({"app": "demo"});
    let container = json!({
        "name": "demo",
        "image": image,
        "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1},
    });
    let pod = json!({"terminationGracePeriodSeconds": 2, "containers": [container]});
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "demo", "namespace": namespace},
        "spec": {
            "replicas": copies,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    });
    let service = json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "demo", "namespace": namespace},
        "spec": {"type": "NodePort", "selector": labels, "ports": [{"port": 80}]},
    });
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
    json!({"apiVersion": "v1", "kind": "List", "items": [namespace, deployment, service]}).to_string()
}

/// Applies [`manifest`] and waits until all copies are available.
fn deploy(cluster: &Kubernetes, namespace: &str, image: &str, copies: u32) {
    cluster.apply(&manifest(namespace, image, copies), &[]);
    await_rollout(cluster, namespace);
}

fn await_rollout(cluster: &Kubernetes, namespace: &str) {
    cluster.kubectl(&["--namespace", namespace, "rollout", "status", "deployment/demo", "--timeout=60s"]);
}

fn get(cluster: &Kubernetes, namespace: &str, kind: &str) -> Value {
    let told = cluster.kubectl(&["--namespace", namespace, "get", kind, "--output", "json"]);
    serde_json::from_str(&told).expect("it is JSON")
}

/// The port of each node on which the service answers.
fn node_port(cluster: &Kubernetes, namespace: &str) -> u16 {
    let told = get(cluster, namespace, "service/demo");
    told["spec"]["ports"][0]["nodePort"].as_u64().and_then(|port| port.try_into().ok()).expect("it has one")
}

/// How many pods are ready on each node.
fn spread(cluster: &Kubernetes, namespace: &str) -> BTreeMap<String, usize> {
    let mut spread = BTreeMap::new();
    for pod in get(cluster, namespace, "pods")["items"].as_array().expect("it is a list") {
        let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
        let ready = conditions
            .into_iter()
            .any(|condition| condition["type"] == "Ready" && condition["status"] == "True");
        if ready && pod["metadata"]["deletionTimestamp"].is_null() {
            let node = pod["spec"]["nodeName"].as_str().expect("it is on a node");
            *spread.entry(node.to_owned()).or_default() += 1;
        }
    }
    spread
}

/// Waits until so many pods are ready on each node.
fn await_spread(cluster: &Kubernetes, namespace: &str, wanted: &[(&str, usize)]) {
    let wanted: BTreeMap<String, usize> =
        wanted.iter().map(|(node, count)| ((*node).to_owned(), *count)).collect();
    let began = Instant::now();
    while spread(cluster, namespace) != wanted {
        let pods = || cluster.kubectl(&["--namespace", namespace, "get", "pods", "--output", "wide"]);
        assert!(began.elapsed() < Duration::from_mins(3), "{wanted:?}: {}", pods());
    }
}

#[test]
fn pods_run_and_answer_and_a_stranger_is_refused() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let (cluster, space) = (lab.kubernetes(), "lab-stands");
    lab.registry().put("kubernetes/stands", "1", Demo::Serves);
    let image = format!("{}/kubernetes/stands:1", lab.registry().address());
    deploy(cluster, space, &image, 1);

    let pod = &get(cluster, space, "pods")["items"][0];
    let address = pod["status"]["podIP"].as_str().and_then(|ip| ip.parse().ok()).expect("it has an address");
    for address in [SocketAddr::new(address, 80), (cluster.address(1), node_port(cluster, space)).into()] {
        let response = http::get_from(address, "/").expect("it answers");
        assert!(response.body.contains("Served by version 1."), "{response:?}");
    }
    let logs = cluster.kubectl(&["--namespace", space, "logs", "deployment/demo"]);
    assert_eq!(logs, "demo 1: listens on port 80\n");
    // By the name of the service, from within.
    let asked = ["exec", "deployment/demo", "--", "/bin/busybox", "wget", "-q", "-O", "-", "http://demo/"];
    let told = cluster.kubectl(&[&["--namespace", space], &asked[..]].concat());
    assert!(told.contains("Served by version 1."), "{told}");
    assert!(cluster.docker(1, &["ps"]).contains("demo"));
    let version = cluster.kubectl(&["version", "--short"]);
    assert_eq!(version, "Client Version: v1.20.2\nServer Version: v1.20.2\n");

    let refused = cluster
        .command(&["--namespace", space, "get", "pods"])
        .arg("--kubeconfig")
        .arg(cluster.nobody())
        .output()
        .expect("kubectl starts");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("User \"nobody\" cannot list resource \"pods\""), "{said}");
    cluster.kubectl(&["delete", "namespace", space, "--wait=false"]);
}

#[test]
fn a_node_is_emptied_and_another_is_killed() {
    let Some(lab) = Lab::open_with_kubernetes() else { return };
    let (cluster, space) = (Kubernetes::start(lab, 2), "lab-nodes");
    lab.registry().put("kubernetes/nodes", "1", Demo::Serves);
    let image = format!("{}/kubernetes/nodes:1", lab.registry().address());
    deploy(&cluster, space, &image, 4);
    assert_eq!(spread(&cluster, space), [("node1".to_owned(), 2), ("node2".to_owned(), 2)].into());
    let port = node_port(&cluster, space);
    for number in [1, 2] {
        assert!(http::get_patiently((cluster.address(number), port).into()), "node {number} answers");
    }

    // A pod that has ended is listed until its node has cleaned up, which it does once a minute.
    cluster.kubectl(&["drain", "node1", "--timeout=180s"]);
    await_spread(&cluster, space, &[("node2", 4)]);
    cluster.kubectl(&["uncordon", "node1"]);
    cluster.kill(2);
    await_spread(&cluster, space, &[("node1", 4)]);
    assert!(http::get_patiently((cluster.address(1), port).into()), "the other node answers");
}
