//! What is: containers, files and the web server, as they were found.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::nodes::{Availability, NodeRole};
use crate::render::{Ownership, ServiceName};
use crate::run_spec::{ContainerName, Port, Source, Technology};
use crate::words::Phrase;

/// What was found on the machine. Contents are known by their digest alone, as files may hold secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The engines that were asked, by the technology that holds its own containers; those of others are left as they are.
    pub engines: BTreeMap<Technology, EngineState>,
    /// The clusters that were asked.
    pub clusters: BTreeMap<Technology, ClusterState>,
    /// The applications that the web server hands to their copies on a cluster, each with the digest of what it has read of
    /// it; an empty one where it has not read what stands there.
    pub balances: BTreeMap<ContainerName, String>,
    /// The generated files that exist.
    pub files: BTreeMap<PathBuf, OnDisk>,
    /// The mounted folders of the host that exist.
    pub folders: BTreeSet<PathBuf>,
    /// The users and groups that files are to belong to.
    pub accounts: Accounts,
    /// What earlier runs generated.
    pub recorded: Vec<Recorded>,
    /// The services that were asked for and are there.
    pub services: BTreeMap<ServiceName, ServiceState>,
    /// The web server.
    pub proxy: ProxyState,
    /// Traefik, if it is or was the front door.
    pub traefik: ProxyState,
    /// Whether the site that nginx is delivered with is enabled.
    pub stock_site: bool,
}

/// What one engine holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineState {
    /// The containers that galerne made, leftovers of an interrupted run included.
    pub containers: Vec<ObservedContainer>,
    /// Those that it did not make.
    pub foreign: Vec<Foreign>,
    /// Which of the wanted images are there.
    pub images: BTreeSet<Source>,
    /// The wanted sources that stand for a commit, each with the one that names it.
    pub pins: BTreeMap<Source, Source>,
}

/// What a cluster holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterState {
    /// Its nodes.
    pub nodes: Vec<ClusterNode>,
    /// The services that galerne made.
    pub services: Vec<ObservedService>,
    /// Those that it did not make.
    pub foreign: Vec<Foreign>,
    /// Whether it can listen on each node for what runs on any of them.
    pub carries_ingress: bool,
    /// Whether the kernel was looked at and cannot: what is said to be listened for by the cluster would be refused without a word.
    pub lacks_ipvs: bool,
}

/// A node of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterNode {
    /// The cluster's own name for it, which no other has.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is up, and takes work.
    pub takes_work: bool,
    /// Whether it manages.
    pub role: NodeRole,
    /// Whether it is to take work.
    pub availability: Availability,
    /// The cluster's word for how it is: `ready` when it is up.
    pub state: String,
    /// Where it is reached.
    pub address: Option<IpAddr>,
    /// Its labels, but for those that galerne keeps for itself.
    pub labels: BTreeMap<String, String>,
    /// Those of them that galerne set.
    pub made: BTreeSet<String>,
    /// Whether it is this server.
    pub is_here: bool,
    /// Whether it is the one of the managers that the others follow.
    pub leads: bool,
}

impl ClusterNode {
    /// Whether it can be reached.
    pub fn is_up(&self) -> bool {
        self.state == "ready"
    }
}

/// A service that galerne made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedService {
    /// The container of the configuration that it is.
    pub container: ContainerName,
    /// The release that it is.
    pub digest: String,
    /// How many copies are wanted; none for one on each node.
    pub replicas: Option<u32>,
    /// How many copies the cluster wants to run.
    pub wanted: usize,
    /// Its copies: those that are wanted, and how far they are.
    pub tasks: Vec<ObservedTask>,
    /// Whether the cluster is changing it.
    pub changes: bool,
    /// Whether the cluster listens for it.
    pub ingress: bool,
    /// The addresses that it is reached by.
    pub ports: Vec<HostPort>,
    /// The image that it was made from.
    pub image: String,
}

impl ObservedService {
    /// Whether all of its copies run, and the cluster changes nothing.
    pub fn is_settled(&self) -> bool {
        !self.changes && self.tasks.iter().filter(|task| task.runs).count() >= self.wanted
    }

    /// Where its copies that run are reached, each by its own port.
    pub fn addresses(&self) -> BTreeSet<SocketAddr> {
        self.tasks.iter().filter(|task| task.runs).filter_map(|task| task.address).collect()
    }
}

/// A copy of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedTask {
    /// The cluster's name for it.
    pub id: String,
    /// The node that runs it; none has been found yet.
    pub node: Option<String>,
    /// The cluster's word for what it does.
    pub state: String,
    /// Whether it runs.
    pub runs: bool,
    /// Where it is reached, if it has a port of its own.
    pub address: Option<SocketAddr>,
    /// What the cluster says of it.
    pub words: Option<Phrase>,
}

/// A container that galerne made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedContainer {
    /// The container of the configuration that it is, or was, or is to be.
    pub container: ContainerName,
    /// Which of its three lives it is in.
    pub role: Role,
    /// The digest of the run spec that it was made from.
    pub digest: String,
    /// What it does.
    pub state: State,
    /// The addresses that it listens on when it runs; one that was stopped may be put back.
    pub ports: Vec<HostPort>,
    /// The image that it was made from, as the engine calls it.
    pub image: String,
}

/// A container that galerne did not make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Its name.
    pub name: String,
    /// The addresses that it listens on, while it runs.
    pub ports: Vec<HostPort>,
}

/// An address of the host that a container listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HostPort {
    /// The address.
    pub address: IpAddr,
    /// The TCP port.
    pub port: u16,
}

impl HostPort {
    /// Whether the two cannot both be listened on.
    pub fn overlaps(self, other: Self) -> bool {
        let everywhere = self.address.is_unspecified() || other.address.is_unspecified();
        self.port == other.port && (everywhere || self.address == other.address)
    }
}

impl From<&Port> for HostPort {
    fn from(port: &Port) -> Self {
        Self { address: port.address, port: port.host }
    }
}

/// Which life of a container an engine's container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The one under the container's own name.
    Current,
    /// The next one, before it takes the name.
    New,
    /// The one before, kept until the next one serves.
    Old,
}

impl Role {
    /// The name under which an engine holds `container` in this life.
    pub fn of(self, container: &ContainerName) -> String {
        format!("{container}{}", self.suffix())
    }

    /// The life of the container `name` that says to belong to `container`; none if it was renamed by someone.
    pub fn from_name(name: &str, container: &ContainerName) -> Option<Self> {
        let rest = name.strip_prefix(container.as_str())?;
        Self::ALL.into_iter().find(|role| role.suffix() == rest)
    }

    /// Whether `name` is one that a leftover of another container could have.
    pub fn is_reserved(name: &str) -> bool {
        [Self::New, Self::Old].iter().any(|role| name.ends_with(role.suffix()))
    }

    /// All of them.
    pub const ALL: [Self; 3] = [Self::Current, Self::New, Self::Old];

    fn suffix(self) -> &'static str {
        match self {
            Self::Current => "",
            Self::New => ".galerne-new",
            Self::Old => ".galerne-old",
        }
    }
}

/// What a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Running,
    /// It runs, and its image's own check says that it is not well.
    Unhealthy,
    /// It ends and is started again.
    Restarting,
    /// It was made or has ended.
    Stopped,
}

impl State {
    /// Whether it has processes, now or in a moment.
    pub fn is_up(self) -> bool {
        self != Self::Stopped
    }
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// A file.
    File {
        /// The SHA-256 of its content.
        digest: String,
        /// Its permissions.
        mode: u32,
        /// The number of its user.
        user: u32,
        /// The number of its group.
        group: u32,
    },
    /// A symbolic link to this path.
    Link(PathBuf),
    /// A folder or a device.
    Other,
}

/// A file that an earlier run generated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recorded {
    /// Where it is, without `--root`.
    pub path: PathBuf,
    /// The container that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerName>,
    /// The engine that holds that container; earlier versions had Docker's alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Technology>,
    /// Whether nginx reads it.
    #[serde(default)]
    pub nginx: bool,
    /// Whether Traefik reads it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub traefik: bool,
    /// Whether it stays once it is no longer generated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub stays: bool,
    /// The SHA-256 of its content; none of a link, and in what earlier versions noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(truth: &bool) -> bool {
    !truth
}

/// The numbers of the users and groups that files are to belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Users by their names.
    pub users: BTreeMap<String, u32>,
    /// Groups by their names.
    pub groups: BTreeMap<String, u32>,
}

impl Accounts {
    /// The numbers of the user and the group that `owner` names.
    pub fn of(&self, owner: &Ownership) -> (Option<u32>, Option<u32>) {
        let number = |names: &BTreeMap<String, u32>, name: &Option<String>| {
            name.as_ref().and_then(|name| names.get(name).copied())
        };
        (number(&self.users, &owner.user), number(&self.groups, &owner.group))
    }
}

/// What a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceState {
    /// Whether it runs.
    pub running: bool,
    /// Whether it starts with the machine.
    pub enabled: bool,
    /// Whether nobody can change that.
    pub settled: bool,
}

/// What the web server does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProxyState {
    /// Nobody asked: only files are written.
    #[default]
    NotAsked,
    /// It is not installed.
    Absent,
    /// It is installed and does not run.
    Stopped,
    /// It runs.
    Running,
}
