//! How one container is to run: the typed contract between the configuration and the engines.
//!
//! In: a snapshot, from which [`fleet`] finds the containers; then the JSON that each one's template
//! rendered. Out: a [`RunSpec`] a container, read strictly: an unknown member, a wrong type or a value out of
//! its bounds is a diagnostic on the template. The invariant: two containers of a fleet never share a name, an
//! address on the host, or a path under the web server.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

mod cluster;
mod container;
mod door;
mod environment;
mod fleet;
mod git;
mod image;
mod kubernetes;
mod lxc;
mod name;
mod problem;
mod qemu;
mod read;
mod reading;
mod snap;
mod technology;
mod vagrant;

pub use cluster::{Check, Cluster, Entry, Failure, Held, Mode, Order, Update, Volume};
pub use container::{Container, Image};
pub use door::{Door, Network, Rate, User};
pub use fleet::{Fleet, fleet};
pub use git::Git;
pub use kubernetes::{Controller, Exposure, Kubernetes, Nfs, NodeCondition, Rights, Scaling, node_label};
pub use lxc::LxcImage;
pub use name::{ContainerName, NotAName};
pub use problem::{Named, RunSpecProblem};
pub use qemu::{Boot, QemuImage};
pub use read::read;
pub use snap::{SnapImage, is_name as is_snap_name};
pub use technology::Technology;
pub use vagrant::{Provider, VagrantBox};

/// How one container is to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    /// Under which name.
    pub name: ContainerName,
    /// On which technology.
    pub engine: Technology,
    /// What runs.
    pub source: Source,
    /// How it boots, where it is a virtual machine.
    #[serde(default, skip_serializing_if = "Boot::is_plain")]
    pub boot: Boot,
    /// What runs in it, program first; empty for what the image says, or its `/sbin/init`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Folders of the host that it sees.
    #[serde(default)]
    pub mounts: Vec<Mount>,
    /// Its ports that the host listens for.
    #[serde(default)]
    pub ports: Vec<Port>,
    /// Its environment; values may be secrets.
    #[serde(default, deserialize_with = "environment::once_each")]
    pub environment: BTreeMap<String, Secret>,
    /// What others read of it at its engine: labels, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// When the engine starts it again by itself.
    #[serde(default)]
    pub restart: RestartPolicy,
    /// What it may use.
    #[serde(default)]
    pub limits: Limits,
    /// When it counts as up.
    #[serde(default)]
    pub health: HealthCheck,
    /// How it runs on a cluster; nothing for what runs on this server alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Cluster>,
}

/// What runs: an image and its tag, or what an image is built from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The image with its registry, without the tag: `registry.example.org/wiki`.
    pub image: String,
    /// The tag, or a digest (`sha256:…`); of a repository a tag, a branch or a commit.
    pub tag: String,
    /// The repository from which the image is built; without it, it is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git: Option<Git>,
    /// What runs it, of a technology that leaves that to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
}

/// A folder of the host that the container sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// The folder on the host, absolute.
    pub host: PathBuf,
    /// Where the container sees it, absolute.
    pub container: PathBuf,
}

/// A TCP port of the container that the host listens for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The address of the host that listens.
    pub address: IpAddr,
    /// The host's port, 1 to 65535.
    pub host: u16,
    /// The container's port, 1 to 65535.
    pub container: u16,
}

/// When the engine starts a container again by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestartPolicy {
    /// Always, but for one that was stopped on purpose.
    #[default]
    UnlessStopped,
    /// Always.
    Always,
    /// When it ended with an error.
    OnFailure,
    /// Never.
    No,
}

/// What a container may use; nothing said is no limit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Memory, in bytes.
    pub memory: Option<u64>,
    /// Processors, in thousandths of one.
    pub milli_cpus: Option<u32>,
}

/// When a container that was started counts as up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HealthCheck {
    /// The path on its first port that must answer with a status below 500; without one, a connection is enough.
    pub path: Option<String>,
    /// How long it may take to come up, in seconds.
    pub within_seconds: u16,
}

impl Default for HealthCheck {
    fn default() -> Self {
        Self { path: None, within_seconds: 60 }
    }
}

/// A text that is never shown: not by `Debug`, not in plans, logs or messages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the engine alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests;
