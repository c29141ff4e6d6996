//! The technologies that run containers, and the words for them.

use serde::{Deserialize, Serialize};

use crate::diagnostic::nearest;

/// A technology that runs containers: the word in `conteneurX_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Technology {
    /// A Docker engine that fetches images.
    Docker,
    /// A Docker engine that builds images from a git repository.
    DockerGit,
    /// Podman, through its Docker-compatible socket.
    Podman,
    /// Classic LXC, through its programs.
    Lxc,
    /// Vagrant, which has others run its machines.
    Vagrant,
    /// Virtual machines of QEMU.
    Qemu,
    /// Snaps, through snapd.
    Snap,
    /// Snaps that are built from a git repository.
    Snapcraft,
    /// Docker's swarm mode: one service on the nodes of a cluster.
    Swarm,
    /// Kubernetes, through its API.
    Kubernetes,
}

impl Technology {
    /// All of them, in the order in which documentation names them.
    pub const ALL: [Self; 10] = [
        Self::Docker,
        Self::DockerGit,
        Self::Podman,
        Self::Lxc,
        Self::Snap,
        Self::Snapcraft,
        Self::Qemu,
        Self::Vagrant,
        Self::Swarm,
        Self::Kubernetes,
    ];

    /// Its name in files and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::DockerGit => "docker-git",
            Self::Podman => "podman",
            Self::Lxc => "lxc",
            Self::Vagrant => "vagrant",
            Self::Qemu => "qemu",
            Self::Snap => "snap",
            Self::Snapcraft => "snapcraft",
            Self::Swarm => "swarm",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The technology whose engine holds its containers: how an image comes about makes no other engine.
    #[must_use]
    pub fn holder(self) -> Self {
        match self {
            Self::Docker | Self::DockerGit => Self::Docker,
            Self::Podman => Self::Podman,
            Self::Lxc => Self::Lxc,
            Self::Vagrant => Self::Vagrant,
            Self::Qemu => Self::Qemu,
            Self::Snap | Self::Snapcraft => Self::Snap,
            Self::Swarm => Self::Swarm,
            Self::Kubernetes => Self::Kubernetes,
        }
    }

    /// Whether it runs copies on the nodes of a cluster.
    pub fn is_cluster(self) -> bool {
        matches!(self, Self::Swarm | Self::Kubernetes)
    }

    /// Whether it builds what runs from a git repository.
    pub(super) fn builds(self) -> bool {
        matches!(self, Self::DockerGit | Self::Snapcraft)
    }

    /// What `word` means, if this version drives it.
    pub(super) fn of(word: &str) -> Option<Self> {
        DRIVEN.iter().find(|(known, _)| *known == word).map(|(_, technology)| *technology)
    }
}

/// The words for what this version drives.
const DRIVEN: [(&str, Technology); 12] = [
    ("docker", Technology::Docker),
    ("docker+git", Technology::DockerGit),
    ("docker-git", Technology::DockerGit),
    ("docker_git", Technology::DockerGit),
    ("podman", Technology::Podman),
    ("lxc", Technology::Lxc),
    ("snap", Technology::Snap),
    ("snapcraft", Technology::Snapcraft),
    ("qemu", Technology::Qemu),
    ("vagrant", Technology::Vagrant),
    ("swarm", Technology::Swarm),
    ("kubernetes", Technology::Kubernetes),
];

/// Words for technologies that are known, but that this version does not drive.
const KNOWN: [&str; 2] = ["lxd", "jboss"];

/// Whether `word` is a technology that this version does not drive.
pub(super) fn is_known(word: &str) -> bool {
    KNOWN.contains(&word)
}

/// What was meant by `word`, or else what can be driven.
pub(super) fn near(word: &str) -> &'static str {
    nearest(word, DRIVEN.iter().map(|(known, _)| *known).chain(KNOWN)).unwrap_or("docker")
}
