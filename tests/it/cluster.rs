//! Nodes of a real swarm: made, joined, labelled and drained; and the files that make nodes of bare machines, as their own programs see
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::command_line::expect_of_schema;
use crate::described::{Described, await_that, said, text};
use crate::lab::{Demo, Lab, Server};
use crate::languages::{ENGLISH, spoken};

impl Described {
    /// Runs galerne with the engine of the second node, and perhaps something on its standard input.
    fn on_second(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.server.galerne_command(&[&["--format", "json"], arguments].concat());
        command.env("DOCKER_HOST", self.server.nodes().host(2));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("galerne starts");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        // One that refuses has closed it.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }

    /// What the first node says of a node.
    fn node(&self, name: &str) -> Value {
        let told = self.server.nodes().docker(1, &["node", "inspect", name]);
        serde_json::from_str::<Value>(&told).expect("it is JSON")[0].clone()
    }

    /// What `galerne cluster status` says of a node, however it ends.
    fn row(&self, name: &str) -> Value {
        let output = self.server.galerne(&["--format", "json", "cluster", "status"]);
        let told: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        expect_of_schema("cluster status", &told);
        let rows = told["nodes"].as_array().expect("they are rows").clone();
        rows.into_iter().find(|row| row["name"] == name).expect("it is there")
    }

    fn running_on(&self) -> BTreeMap<String, usize> {
        let copies = self.row("node1")["copies"]["demo"].as_u64().unwrap_or(0);
        let others = self.row("node2")["copies"]["demo"].as_u64().unwrap_or(0);
        let count = |count: u64| usize::try_from(count).unwrap_or_default();
        [("node1".to_owned(), count(copies)), ("node2".to_owned(), count(others))].into()
    }
}

/// Two engines, of which the second is part of no swarm.
fn apart(lab: Lab) -> (Described, String) {
    let described = Described::on(lab, Server::on_nodes(lab, 2));
    let nodes = described.server.nodes();
    nodes.docker(2, &["swarm", "leave"]);
    let address = nodes.docker(1, &["node", "inspect", "self", "--format", "{{.ManagerStatus.Addr}}"]);
    (described, address.trim().trim_end_matches(":2377").to_owned())
}

/// The address of the second node, beside that of the first.
fn second_of(manager: &str) -> String {
    manager.strip_suffix('1').expect("it ends in 11").to_owned() + "2"
}

#[test]
fn a_machine_joins_is_labelled_drained_and_promoted() {
    let Some(lab) = Lab::open() else { return };
    let (described, manager) = apart(lab);
    let nodes = described.server.nodes();
    let stale = nodes.docker(1, &["swarm", "join-token", "--quiet", "worker"]);
    nodes.docker(1, &["swarm", "leave", "--force"]);
    assert_eq!(described.failed(3, &["cluster", "status"]).0, ["engine::no_swarm"]);
    assert!(described.done(&["cluster", "init", &manager, "--dry-run"]).contains("would make"));
    assert!(described.done(&["cluster", "init", &manager]).contains("manages a swarm"));
    assert_eq!(described.done(&["cluster", "init", &manager]), "nothing to do\n");
    for more in [&[][..], &["--dry-run"]] {
        let told = described.done(&[&["--format", "json", "cluster", "init", &manager], more].concat());
        expect_of_schema("cluster init", &serde_json::from_str(&told).expect("it is JSON"));
    }

    joins(&described, &manager, &stale);
    stands(&described);
    is_drained(&described, lab);
}

/// A machine is let in with the token of its manager alone, which nobody sees.
fn joins(described: &Described, manager: &str, stale: &str) {
    let refused =
        |input: &str, arguments: &[&str], code: i32| said(&described.on_second(arguments, input), code).0;
    let join = ["cluster", "join", manager];
    assert_eq!(refused("hunter2\n", &join, 1), ["command::no_token"]);
    assert_eq!(refused(stale, &join, 3), ["engine::wrong_token"]);
    let file = described.server.folder("token");
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
    fs::write(&file, stale).expect("it can be written");
    let of_file = [&join[..], &["--token-file", file.to_str().expect("it is text")]].concat();
    assert_eq!(refused("", &of_file, 1), ["command::token_exposed"]);
    for host in ["root@-oProxyCommand=id", "root@127.0.0.1"] {
        let of_ssh = [&join[..], &["--ssh", host]].concat();
        assert_eq!(refused("", &of_ssh, 1), ["command::ssh_failed"], "{host}");
    }
    let into = fs::File::create(&file).expect("it can be written");
    let shown = described.server.galerne_command(&["cluster", "token"]).stdout(into).status();
    assert_eq!(shown.expect("galerne starts").code(), Some(1));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "", "a file gets no token");

    let token = described.done(&["cluster", "token"]);
    let second = second_of(manager);
    let joined = described.on_second(&[&join[..], &["--address", &second]].concat(), &token);
    assert!(joined.status.success(), "{}", text(&joined.stderr));
    let all = text(&joined.stdout) + &text(&joined.stderr);
    assert!(!all.contains(token.trim()), "{all}");
    assert_eq!(refused(&token, &join, 3), ["engine::already_in_a_swarm"]);
    assert_eq!(refused("", &["cluster", "token"], 3), ["engine::not_a_manager"]);
    await_that("it is ready", 30, || described.row("node2")["state"] == "ready");
}

/// Labels, availability and roles are those of the family, and what others set stays.
fn stands(described: &Described) {
    let nodes = described.server.nodes();
    described.done(&["reconfigure"]);
    nodes.docker(1, &["node", "update", "--label-add", "rack=3", "node2"]);
    assert_eq!(described.failed(1, &["cluster", "label", "node3", "a=b"]).0, ["command::unknown_node"]);
    assert_eq!(described.failed(2, &["cluster", "label", "node2", "{{x}}"]).0, ["command::no_label"]);
    let shown = described.done(&["cluster", "label", "node2", "ssd=true", "--dry-run"]);
    assert!(shown.contains("label node2: ssd=true"), "{shown}");
    assert_eq!(described.done(&["get", "cluster_noeud_nom"]).trim(), "", "nothing was saved");
    described.done(&["cluster", "label", "node2", "ssd=true", "region=north"]);
    assert_eq!(described.done(&["get", "cluster_noeud_nom"]), "node1\nnode2\n");
    let labels = described.node("node2")["Spec"]["Labels"].clone();
    assert_eq!((&labels["ssd"], &labels["rack"]), (&"true".into(), &"3".into()), "{labels}");
    assert_eq!(described.done(&["reconfigure"]).lines().last(), Some("nothing to do"));

    described.done(&["set", "cluster_noeud_etiquettes[1]=region=south", "cluster_noeud_role[1]=manager"]);
    assert_eq!(described.row("node2")["differs"].as_array().map(Vec::len), Some(2));
    let told = described.done(&["reconfigure"]);
    assert!(
        told.contains("make node2 a manager") && told.contains("label node2: region=south ssd-"),
        "{told}"
    );
    let node = described.node("node2");
    let labels = &node["Spec"]["Labels"];
    assert_eq!(
        (&labels["ssd"], &labels["region"], &labels["rack"]),
        (&Value::Null, &"south".into(), &"3".into())
    );
    assert_eq!(node["Spec"]["Role"], "manager");
    described.done(&["set", "cluster_noeud_role[0]=worker"]);
    let (codes, told) = described.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["plan::own_demotion"], "{told}");
    described.done(&["set", "cluster_noeud_role[0]=manager", "cluster_noeud_role[1]=worker"]);
    assert!(described.done(&["reconfigure"]).contains("make node2 a worker"));
    assert_eq!(described.done(&["plan"]), "nothing to do\n");
}

/// What a node runs goes to the others, and nginx knows where it went.
fn is_drained(described: &Described, lab: Lab) {
    lab.registry().put("cluster/drained", "1", Demo::Serves);
    described.describe(1, "demo", "cluster/drained", "1");
    described.done(&["set", "conteneur1_type=swarm", "conteneur1_repliques=2"]);
    described.done(&["instance"]);
    assert_eq!(described.running_on(), [("node1".to_owned(), 1), ("node2".to_owned(), 1)].into());
    let load = described.server.load("/demo/");
    let told = described.done(&["cluster", "drain", "node2"]);
    assert!(told.contains("drain node2"), "{told}");
    assert_eq!(described.running_on(), [("node1".to_owned(), 2), ("node2".to_owned(), 0)].into());
    let balance = described.server.read("/etc/nginx/conteneur.d/demo.balance").expect("it is there");
    assert_eq!(balance.matches("max_fails").count(), 2, "{balance}");
    let tally = load.stop();
    assert_eq!(tally.failed(), 0, "{:?} {:?}", tally.statuses, tally.failures);
    assert_eq!(described.done(&["get", "cluster_noeud_disponibilite"]), "active\ndrain\n");
    assert_eq!(described.done(&["plan"]), "nothing to do\n");
    described.done(&["cluster", "drain", "node2", "--undo"]);
    assert_eq!(described.node("node2")["Spec"]["Availability"], "active");

    // A node that left the family comes back into it with the labels that galerne gave it.
    described.done(&["set", "--default", "cluster_noeud_nom"]);
    described.done(&["cluster", "drain", "node2"]);
    assert_eq!(described.done(&["get", "cluster_noeud_etiquettes"]).trim(), "region=south");
    let labels = described.node("node2")["Spec"]["Labels"].clone();
    assert_eq!((&labels["region"], &labels["rack"]), (&"south".into(), &"3".into()), "{labels}");
}

/// A cluster of three machines, described below a root of its own.
fn three(root: &Path, more: &[&str]) {
    let values = [
        "nombre_conteneur=0",
        "cluster_noeud_nom+=srv1",
        "cluster_noeud_nom+=srv2",
        "cluster_noeud_nom+=srv3",
        "cluster_noeud_adresse[0]=192.168.56.11",
        "cluster_noeud_adresse[1]=192.168.56.12",
        "cluster_noeud_adresse[2]=192.168.56.13",
        "cluster_noeud_role[0]=manager",
        "cluster_noeud_etiquettes[1]=ssd=true region=north",
        "cluster_ssh_cles+=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk0 admin@example.org",
        "cluster_paquet=https://example.org/galerne_0.1.0_amd64.deb",
        "cluster_paquet_sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ];
    let output = galerne(root, &[&["set"], &values[..], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
}

fn galerne(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    spoken(&mut command, ENGLISH).arg("--root").arg(root).args(arguments).output().expect("galerne starts")
}

/// The files below `folder`, by their paths in it.
fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("it can be read").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).expect("it is below").to_owned();
                found.insert(path, fs::read_to_string(entry.path()).expect("it is text"));
            }
        }
    }
    found
}

#[test]
fn the_files_for_machines_are_the_golden_ones() {
    let root = tempfile::tempdir().expect("a folder can be made");
    three(root.path(), &[]);
    let into = root.path().join("hosts");
    let arguments = ["cluster", "hosts", "--into", into.to_str().expect("it is text")];
    let shown = galerne(root.path(), &[&arguments[..], &["--dry-run"]].concat());
    assert!(shown.status.success() && !into.exists(), "{}", text(&shown.stderr));
    for _ in 0..2 {
        let written = galerne(root.path(), &arguments);
        assert!(written.status.success(), "{}", text(&written.stderr));
    }
    let found = tree(&into);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hosts");
    if std::env::var_os("GALERNE_UPDATE").is_some() {
        for (path, content) in &found {
            let path = golden.join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
            fs::write(path, content).expect("it can be written");
        }
    }
    assert_eq!(found, tree(&golden), "GALERNE_UPDATE=1 writes them anew");
    assert!(found.values().all(|content| !content.contains("SWMTKN")));
}

#[test]
fn a_family_that_makes_no_machine_is_refused() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let into = root.path().join("hosts");
    let arguments = ["--format", "json", "cluster", "hosts", "--into", into.to_str().expect("it is text")];
    assert_eq!(
        said(&galerne(root.path(), &arguments), 1).0.last().map(String::as_str),
        Some("command::no_nodes")
    );
    three(root.path(), &[]);
    assert!(galerne(root.path(), &["set", "--default", "cluster_noeud_adresse"]).status.success());
    let (codes, told) = said(&galerne(root.path(), &arguments), 1);
    assert_eq!(codes, ["provision::no_address"; 3], "{told}");
    for value in ["cluster_noeud_nom[0]={{ lookup('pipe', 'id') }}", "cluster_paquet=/srv/$(id).deb"] {
        let (codes, _) = said(&galerne(root.path(), &["--format", "json", "set", value]), 1);
        assert_eq!(codes, ["nodes::bad_value"], "{value}");
    }
    for arguments in [&["cluster", "init", "192.0.2.1"][..], &["cluster", "join", "192.0.2.1"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        command.args(["--format", "json", "--root"]).arg(root.path()).args(arguments).stdin(Stdio::null());
        command.env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        let codes =
            said(&command.output().expect("galerne starts"), if arguments[1] == "init" { 1 } else { 3 }).0;
        assert!(["command::not_under_root", "engine::absent"].contains(&codes[0].as_str()), "{codes:?}");
    }
}

/// Runs a program of somebody else on the files, which must accept them.
fn accepted(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env("HOME", folder).env("ANSIBLE_LOCALHOST_WARNING", "false");
    command.env("VAGRANT_HOME", folder.join(".vagrant.d")).env("VAGRANT_DEFAULT_PROVIDER", "libvirt");
    let output = command.output().expect("it starts");
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{program}: {told}");
    told
}

#[test]
fn the_programs_that_make_machines_accept_their_files() {
    let Some(_lab) = Lab::open() else { return };
    let root = tempfile::tempdir().expect("a folder can be made");
    three(root.path(), &[]);
    let into = root.path().join("hosts");
    assert!(
        galerne(root.path(), &["cluster", "hosts", "--into", &into.display().to_string()]).status.success()
    );
    accepted(&into, "ansible-playbook", &["-i", "inventory.yml", "--syntax-check", "playbook.yml"]);
    let listed = Command::new("ansible-inventory")
        .args(["-i", "inventory.yml", "--list"])
        .current_dir(&into)
        .env("HOME", root.path())
        .output();
    let listed: Value = serde_json::from_slice(&listed.expect("it starts").stdout).expect("it is JSON");
    assert_eq!(listed["managers"]["hosts"], serde_json::json!(["srv1"]), "{listed}");
    let second = &listed["_meta"]["hostvars"]["srv2"];
    assert_eq!(second["ansible_host"], "192.168.56.12", "{second}");
    assert_eq!(second["galerne_url"], "https://example.org/galerne_0.1.0_amd64.deb");
    accepted(&into, "ansible-lint", &["--offline", "playbook.yml"]);
    for node in ["srv1", "srv2", "srv3"] {
        let told = accepted(
            &into,
            "cloud-init",
            &["schema", "--config-file", &format!("cloud-init/{node}/user-data")],
        );
        assert!(told.contains("Valid"), "{told}");
    }
    let told = accepted(&into, "vagrant", &["validate"]);
    assert!(told.contains("validated successfully"), "{told}");
}

/// The real Ansible on two real engines: it makes the swarm, hands the token over, and the second machine joins.
#[test]
fn the_playbook_makes_a_swarm_and_shows_no_token() {
    let Some(lab) = Lab::open() else { return };
    let (described, manager) = apart(lab);
    let nodes = described.server.nodes();
    nodes.docker(1, &["swarm", "leave", "--force"]);
    let second = second_of(&manager);
    described.done(&["set", "cluster_noeud_nom+=node1", "cluster_noeud_nom+=node2"]);
    let address = |index: usize, address: &str| format!("cluster_noeud_adresse[{index}]={address}");
    described.done(&["set", &address(0, &manager), &address(1, &second), "cluster_noeud_role[0]=manager"]);
    let into = described.server.folder("hosts");
    fs::create_dir_all(&into).expect("it can be made");
    described.done(&["cluster", "hosts", "--into", into.to_str().expect("it is text")]);

    // Each machine is this one, with its own engine.
    let mut own =
        String::from("cluster:\n  vars: {ansible_connection: local, ansible_become: false}\n  hosts:\n");
    let program = Path::new(env!("CARGO_BIN_EXE_galerne")).parent().expect("it is in a folder").display();
    for number in [1, 2] {
        let shell = into.join(format!("shell{number}"));
        let host = nodes.host(number);
        let script =
            format!("#!/bin/sh\nexport DOCKER_HOST={host} PATH={program}:$PATH\nexec /bin/sh \"$@\"\n");
        fs::write(&shell, script).expect("it can be written");
        crate::lab::run(Command::new("chmod").arg("755").arg(&shell));
        let shell = shell.display();
        own.extend([format!("    node{number}: {{ansible_shell_executable: {shell}}}\n")]);
    }
    fs::write(into.join("own.yml"), own).expect("it can be written");
    let play = || {
        let output = described
            .server
            .command("ansible-playbook")
            .args(["-vvv", "--tags", "join", "-i"])
            .arg(into.join("inventory.yml"))
            .arg("-i")
            .args([into.join("own.yml"), into.join("playbook.yml")])
            .env("ANSIBLE_LOCAL_TEMP", into.join("tmp"))
            .output()
            .expect("it starts");
        let told = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{told}");
        told
    };
    let told = play();
    await_that("both are ready", 30, || described.row("node2")["state"] == "ready");
    assert_eq!(described.row("node1")["role"], "manager");
    let token = described.done(&["cluster", "token"]);
    assert!(!told.contains("SWMTKN") && !told.contains(token.trim()), "{told}");
    assert!(play().contains("changed=0"), "a second run changes nothing");
}
