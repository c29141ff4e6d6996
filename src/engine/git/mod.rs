//! Git repositories that something is built from, whichever engine builds.

use std::path::PathBuf;

mod pins;
mod repository;

pub(super) use pins::Pins;
pub(super) use repository::{Repository, lines, pinned, unanswered};

/// What git is told of the environment: where its own settings, keys and proxies are.
pub(super) const TOLD: [&str; 8] = [
    "HOME",
    "SSH_AUTH_SOCK",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
];

/// Where repositories are kept, under the root.
const FOLDER: &str = "var/lib/galerne/git";

/// Where repositories are kept, and what git is told.
#[derive(Debug, Clone)]
pub(super) struct Keeping {
    /// The machine's root.
    pub(super) root: PathBuf,
    /// What the names of folders begin with: two engines may build of one repository at once.
    pub(super) prefix: &'static str,
    /// What git is told of the environment.
    pub(super) environment: Vec<(String, String)>,
}
