//! The words for technologies.

use crate::diagnostic::nearest;

/// The word for the technology that this version drives.
pub(super) const DRIVEN: &str = "docker";

/// Words for technologies that are known, but that this version does not drive.
const KNOWN: [&str; 12] = [
    "docker-git",
    "docker_git",
    "docker+git",
    "lxc",
    "lxd",
    "snap",
    "snapcraft",
    "vagrant",
    "qemu",
    "swarm",
    "kubernetes",
    "jboss",
];

/// Whether `word` is a technology that this version does not drive.
pub(super) fn is_known(word: &str) -> bool {
    KNOWN.contains(&word)
}

/// What was meant by `word`, or else what can be driven.
pub(super) fn near(word: &str) -> &'static str {
    nearest(word, [DRIVEN].into_iter().chain(KNOWN)).unwrap_or(DRIVEN)
}
