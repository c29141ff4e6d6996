//! A container as the variables describe it, before any template has seen it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use indexmap::IndexMap;

use super::problem::Named;
use super::{Boot, Cluster, ContainerName, Door, Git, HealthCheck, Limits, Mount, Port, Technology};
use crate::source::Span;
use crate::value::Value;

/// A container as the variables describe it.
#[derive(Clone, PartialEq)]
pub struct Container {
    /// What stands for `X` in the names of its variables: a number, or a word.
    pub key: String,
    /// Its name.
    pub name: ContainerName,
    /// The word for its technology, as it was written.
    pub kind: String,
    /// Its technology.
    pub technology: Technology,
    /// What runs.
    pub image: Image,
    /// How it boots, where it is a virtual machine.
    pub boot: Boot,
    /// Folders of the host that it sees.
    pub mounts: Vec<Mount>,
    /// Its ports that the host listens for.
    pub ports: Vec<Port>,
    /// What it may use.
    pub limits: Limits,
    /// When it counts as up.
    pub health: HealthCheck,
    /// Who may use it.
    pub door: Door,
    /// How it runs on a cluster, of a technology that is one.
    pub cluster: Option<Cluster>,
    /// Where its name is defined.
    pub definition: Span,
    pub(super) named: Named,
    pub(super) variables: IndexMap<String, Value>,
}

/// An image by the parts that variables hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The image without registry and tag.
    pub url: String,
    /// The tag, or a digest.
    pub tag: String,
    /// The registry, without scheme and last slash; none for the engine's own, and for what is built.
    pub repository: Option<String>,
    /// What it is built from, of a technology that builds.
    pub git: Option<Git>,
}

impl Image {
    /// The image with its registry, without the tag.
    pub fn address(&self) -> String {
        match &self.repository {
            Some(repository) => format!("{repository}/{}", self.url),
            None => self.url.clone(),
        }
    }
}

impl Container {
    /// The value of its variable `conteneurX_SUFFIX`, or the default that `dicos/25_conteneurX.xml` states where
    /// no dictionary defines that variable.
    pub fn variable(&self, suffix: &str) -> Option<&Value> {
        self.variables.get(suffix)
    }

    /// All its variables by suffix, in order.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.variables.iter().map(|(suffix, value)| (suffix.as_str(), value))
    }

    /// Where the web server reaches it: its first port; `None` if it has none, or if its cluster has a door of its own.
    pub fn upstream(&self) -> Option<SocketAddr> {
        let port = self.host_ports().first()?;
        let address = match port.address {
            IpAddr::V4(any) if any.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(any) if any.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            address => address,
        };
        Some(SocketAddr::new(address, port.host))
    }

    /// Its ports of this machine; none where its cluster has a door of its own.
    pub fn host_ports(&self) -> &[Port] {
        Cluster::host_ports(self.cluster.as_ref(), &self.ports)
    }

    /// The program that runs in it and its arguments; none for what the image says.
    pub fn command(&self) -> Vec<String> {
        self.variable("commande").map_or(&[][..], Value::items).iter().map(ToString::to_string).collect()
    }

    /// Its environment, in order; values may be secrets.
    pub fn environment(&self) -> impl Iterator<Item = (&Value, &Value)> {
        let items = |suffix: &str| self.variable(suffix).map_or(&[][..], Value::items);
        let values = items("environnement_valeur");
        items("environnement_nom")
            .iter()
            .enumerate()
            .map(move |(index, name)| (name, values.get(index).unwrap_or(&Value::None)))
    }
}

/// Without its variables: some are secrets.
impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container")
            .field("key", &self.key)
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("image", &self.image)
            .field("mounts", &self.mounts)
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}
