//! What makes nodes of bare machines: an inventory and a playbook for Ansible, user data for cloud-init, and a Vagrantfile.
//!
//! In: the family `cluster`. Out: files, of which the programs (playbook, Vagrantfile, the script that cloud-init runs) are the same for all
//! sites, and the rest is data that a writer of its language wrote (decision 15). The invariant: no value is a part of a program, and no
//! token of a swarm is in any of them.

use std::net::IpAddr;

use miette::Diagnostic;
use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::manifest::yaml_of;
use crate::nodes::{Making, Node, NodeName, NodeRole, Nodes, Package, PublicKey};
use crate::render::{Content, FileSet, GeneratedFile};

const PLAYBOOK: &str = include_str!("playbook.yml");
const VAGRANTFILE: &str = include_str!("Vagrantfile");
/// What cloud-init runs where a package has an address: fetch, compare, install. The address and the sum are its arguments.
const INSTALL: &str = concat!(
    "file=/var/cache/apt/archives/galerne-node.deb; wget --quiet --output-document=\"$file\" -- \"$1\"; ",
    "if [ -n \"$2\" ]; then printf '%s  %s\\n' \"$2\" \"$file\" | sha256sum --check --strict; fi; ",
    "apt-get install --yes \"$file\"",
);
const HEAD: &str = "# Written by galerne of the family `cluster`: changes made here are lost.\n";

/// Why there are no files for a node.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum ProvisionError {
    /// A node that cannot be reached.
    #[error("the node `{node}` has no address")]
    #[diagnostic(code(provision::no_address), help("give it one in cluster_noeud_adresse"))]
    NoAddress {
        /// The node.
        node: NodeName,
    },
    /// A writer refuses.
    #[error("`{file}` cannot be written: {reason}")]
    #[diagnostic(
        code(provision::not_written),
        help("look at the values of the family `cluster` for letters that have no place there")
    )]
    NotWritten {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
}

/// The files for all nodes.
///
/// # Errors
/// All nodes without an address, or what a writer says.
pub fn files(nodes: &Nodes) -> Result<FileSet, Vec<ProvisionError>> {
    let nowhere = nodes.all.iter().filter(|node| node.address.is_none());
    let nowhere: Vec<ProvisionError> =
        nowhere.map(|node| ProvisionError::NoAddress { node: node.name.clone() }).collect();
    if !nowhere.is_empty() {
        return Err(nowhere);
    }
    let mut files = vec![
        ("/playbook.yml".to_owned(), Ok(PLAYBOOK.to_owned())),
        ("/Vagrantfile".to_owned(), Ok(VAGRANTFILE.to_owned())),
        ("/machines.json".to_owned(), Ok(format!("{:#}\n", machines(nodes)))),
        ("/inventory.yml".to_owned(), yaml(&inventory(nodes)).map(|text| format!("---\n{HEAD}{text}"))),
    ];
    for node in &nodes.all {
        let folder = format!("/cloud-init/{}", node.name);
        let data = yaml(&user_data(node, &nodes.making)).map(|text| format!("#cloud-config\n{HEAD}{text}"));
        files.push((format!("{folder}/user-data"), data));
        files.push((format!("{folder}/meta-data"), yaml(&meta_data(node))));
    }
    gathered(files)
}

/// The files by their paths, or why some of them could not be written.
fn gathered(files: Vec<(String, Result<String, String>)>) -> Result<FileSet, Vec<ProvisionError>> {
    let (mut all, mut errors) = (FileSet::default(), Vec::new());
    for (path, text) in files {
        match text {
            Ok(text) => all.files.push(GeneratedFile::new(path, Content::Text(text))),
            Err(reason) => errors.push(ProvisionError::NotWritten { file: path, reason }),
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

fn yaml(value: &Value) -> Result<String, String> {
    yaml_of(value).map_err(|error| error.to_string())
}

fn address(node: &Node) -> String {
    node.address.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The variables that hold for all machines.
fn shared(making: &Making) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("cluster_updates".to_owned(), making.updates.into());
    match &making.package {
        Package::Repository => {}
        Package::File(path) => {
            all.insert("galerne_file".to_owned(), path.display().to_string().into());
        }
        Package::Url { url, sha256 } => {
            all.insert("galerne_url".to_owned(), url.clone().into());
            let sum = sha256.as_ref().map(|sum| format!("sha256:{sum}").into());
            all.extend(sum.map(|sum| ("galerne_checksum".to_owned(), sum)));
        }
    }
    all
}

fn inventory(nodes: &Nodes) -> Value {
    let making = &nodes.making;
    let hosts = |role: NodeRole| {
        let of = nodes.all.iter().filter(|node| node.role == role);
        let host = |node: &Node| {
            (node.name.to_string(), json!({"ansible_host": address(node), "cluster_address": address(node)}))
        };
        Value::Object(of.map(host).collect())
    };
    let mut variables = shared(making);
    variables.insert("ansible_user".to_owned(), making.user.as_str().into());
    variables.insert("ansible_port".to_owned(), making.port.into());
    // What is handed over stays off the disks of both sides.
    variables.insert("ansible_pipelining".to_owned(), true.into());
    variables.insert("ansible_python_interpreter".to_owned(), "auto_silent".into());
    json!({
        "cluster": {
            "children": {
                "managers": {"hosts": hosts(NodeRole::Manager)},
                "workers": {"hosts": hosts(NodeRole::Worker)},
            },
            "vars": variables,
        },
    })
}

fn machines(nodes: &Nodes) -> Value {
    let named = |role: NodeRole| {
        let of = nodes.all.iter().filter(|node| node.role == role);
        of.map(|node| node.name.as_str()).collect::<Vec<_>>()
    };
    let machines = nodes.all.iter().map(|node| {
        let ip = address(node).parse::<IpAddr>().ok();
        json!({"name": node.name, "ip": ip, "variables": {"cluster_address": address(node)}})
    });
    json!({
        "box": nodes.making.vagrant_box,
        "mebibytes": nodes.making.memory,
        "groups": {"managers": named(NodeRole::Manager), "workers": named(NodeRole::Worker),
                   "cluster:children": ["managers", "workers"]},
        "variables": shared(&nodes.making),
        "machines": machines.collect::<Vec<_>>(),
    })
}

fn meta_data(node: &Node) -> Value {
    json!({"instance-id": format!("galerne-{}", node.name), "local-hostname": node.name})
}

fn user_data(node: &Node, making: &Making) -> Value {
    let keys: Vec<&str> = making.keys.iter().map(PublicKey::as_str).collect();
    let mut packages = vec!["docker.io", "openssh-server", "wget"];
    let mut commands = vec![json!(["systemctl", "enable", "--now", "docker"])];
    match &making.package {
        Package::Repository => packages.push("galerne"),
        // The file is where Ansible runs, which brings it.
        Package::File(_) => {}
        Package::Url { url, sha256 } => {
            let sum = sha256.as_deref().unwrap_or_default();
            commands.push(json!(["sh", "-ec", INSTALL, "install", url, sum]));
        }
    }
    let mut data = json!({
        // Of a name with dots alone, cloud-init takes what stands before the first one.
        "fqdn": node.name,
        "hostname": node.name,
        "preserve_hostname": false,
        "package_update": true,
        "package_upgrade": making.updates,
        "packages": packages,
        "ssh_pwauth": false,
        "runcmd": commands,
    });
    let is_root = making.user.as_str() == "root";
    if is_root {
        data["disable_root"] = false.into();
    }
    if !keys.is_empty() {
        let mut user = json!({"name": making.user.as_str(), "ssh_authorized_keys": keys});
        if !is_root {
            user["sudo"] = json!("ALL=(ALL) NOPASSWD:ALL");
            user["shell"] = json!("/bin/bash");
            user["lock_passwd"] = true.into();
        }
        data["users"] = json!([user]);
    }
    data
}

#[cfg(test)]
mod tests;
