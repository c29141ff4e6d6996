//! The machines of a cluster: which there are, and how each is to stand.
//!
//! In: a snapshot. Out: the [`Nodes`] of the family `cluster`, or findings. The invariant: names, addresses and labels hold only
//! letters that mean nothing to a shell, to YAML or to a template; what else is written there is refused, whatever it lands in later.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

mod problem;
mod read;
mod words;

pub use problem::NodesProblem;
pub use words::{Address, Labels, NodeName, PublicKey, User, is_key as is_label_name};

/// The variables that say something of one node; the first is the master of the others.
pub const NAME: &str = "cluster_noeud_nom";
/// Where it is reached.
pub const ADDRESS: &str = "cluster_noeud_adresse";
/// Whether it manages.
pub const ROLE: &str = "cluster_noeud_role";
/// What it is called by conditions.
pub const LABELS: &str = "cluster_noeud_etiquettes";
/// Whether it takes work.
pub const AVAILABILITY: &str = "cluster_noeud_disponibilite";

/// The variables that are read here.
pub const VARIABLES: [&str; 13] = [
    NAME,
    ADDRESS,
    ROLE,
    LABELS,
    AVAILABILITY,
    "cluster_ssh_utilisateur",
    "cluster_ssh_port",
    "cluster_ssh_cles",
    "cluster_mises_a_jour",
    "cluster_paquet",
    "cluster_paquet_sha256",
    "cluster_boite",
    "cluster_memoire",
];

/// The family `cluster`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nodes {
    /// The nodes, no two of one name.
    pub all: Vec<Node>,
    /// How a bare machine becomes one.
    pub making: Making,
}

/// How a node of a cluster is to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its name, which is that of its machine.
    pub name: NodeName,
    /// Where it is reached; it is missing until somebody says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Whether it manages.
    pub role: NodeRole,
    /// Whether it takes work.
    pub availability: Availability,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// Whether a node manages its cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeRole {
    /// It manages, and runs what it is given.
    Manager,
    /// It runs what it is given.
    #[default]
    Worker,
}

/// Whether a node takes work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Availability {
    /// It does.
    #[default]
    Active,
    /// It keeps what it has, and takes nothing new.
    Pause,
    /// It takes nothing, and what it has goes elsewhere.
    Drain,
}

/// How a bare machine becomes a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// Who is logged in as.
    pub user: User,
    /// The port on which its SSH listens.
    pub port: u16,
    /// The public keys that may log in.
    pub keys: Vec<PublicKey>,
    /// Whether what is installed is brought up to date.
    pub updates: bool,
    /// Where galerne's package comes from.
    pub package: Package,
    /// The box of Vagrant that a machine starts from.
    pub vagrant_box: String,
    /// Its memory, in MiB.
    pub memory: u32,
}

impl Default for Making {
    fn default() -> Self {
        Self {
            user: User::default(),
            port: 22,
            keys: Vec::new(),
            updates: true,
            package: Package::Repository,
            vagrant_box: "debian/bookworm64".to_owned(),
            memory: 1024,
        }
    }
}

/// Where galerne's package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Package {
    /// From a repository that the machine knows.
    Repository,
    /// A file of the machine that Ansible runs on.
    File(PathBuf),
    /// An address.
    Url {
        /// It.
        url: String,
        /// The SHA-256 of what is there, if it is known.
        sha256: Option<String>,
    },
}

impl NodeRole {
    /// The word that dictionaries and the swarm have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Worker => "worker",
        }
    }
}

impl Availability {
    /// The word that dictionaries and the swarm have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pause => "pause",
            Self::Drain => "drain",
        }
    }
}

impl fmt::Display for NodeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Nodes {
    /// The node `name`, with its place.
    pub fn find(&self, name: &str) -> Option<(usize, &Node)> {
        self.all.iter().enumerate().find(|(_, node)| node.name.as_str() == name)
    }
}

/// What differs between two sets of labels: those to be set, then those to be taken away.
pub fn labels_between<'a>(
    now: &'a BTreeMap<String, String>,
    wanted: &'a BTreeMap<String, String>,
) -> (BTreeMap<&'a str, &'a str>, Vec<&'a str>) {
    let set = wanted.iter().filter(|(key, value)| now.get(*key) != Some(*value));
    let gone = now.keys().filter(|key| !wanted.contains_key(*key));
    (set.map(|(key, value)| (key.as_str(), value.as_str())).collect(), gone.map(String::as_str).collect())
}

#[cfg(test)]
mod tests;
