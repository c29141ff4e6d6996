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
}

impl Technology {
    /// All of them, in the order in which documentation names them.
    pub const ALL: [Self; 6] =
        [Self::Docker, Self::DockerGit, Self::Podman, Self::Lxc, Self::Qemu, Self::Vagrant];

    /// Its name in files and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::DockerGit => "docker-git",
            Self::Podman => "podman",
            Self::Lxc => "lxc",
            Self::Vagrant => "vagrant",
            Self::Qemu => "qemu",
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
        }
    }

    /// What `word` means, if this version drives it.
    pub(super) fn of(word: &str) -> Option<Self> {
        DRIVEN.iter().find(|(known, _)| *known == word).map(|(_, technology)| *technology)
    }
}

/// The words for what this version drives.
const DRIVEN: [(&str, Technology); 8] = [
    ("docker", Technology::Docker),
    ("docker+git", Technology::DockerGit),
    ("docker-git", Technology::DockerGit),
    ("docker_git", Technology::DockerGit),
    ("podman", Technology::Podman),
    ("lxc", Technology::Lxc),
    ("qemu", Technology::Qemu),
    ("vagrant", Technology::Vagrant),
];

/// Words for technologies that are known, but that this version does not drive.
const KNOWN: [&str; 6] = ["lxd", "snap", "snapcraft", "swarm", "kubernetes", "jboss"];

/// Whether `word` is a technology that this version does not drive.
pub(super) fn is_known(word: &str) -> bool {
    KNOWN.contains(&word)
}

/// What was meant by `word`, or else what can be driven.
pub(super) fn near(word: &str) -> &'static str {
    nearest(word, DRIVEN.iter().map(|(known, _)| *known).chain(KNOWN)).unwrap_or("docker")
}
