//! Installing packages with `apt-get`, which shows the administrator what it does.

use std::process::{ExitStatus, Stdio};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;
use tokio::process::Command;

use crate::phrase;
use crate::program::{self, SEARCH_PATH};
use crate::render::PackageName;
use crate::words::Phrase;

/// Why packages are not installed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum HostError {
    /// `apt-get` failed, or is not there.
    #[error("the packages {} cannot be installed: {cause}", listed(.packages))]
    #[diagnostic(
        code(host::not_installed),
        help("run `apt-get update`, then `apt-get install {}`, and see what it complains of", listed(.packages))
    )]
    NotInstalled {
        /// Which.
        packages: Vec<PackageName>,
        /// How it ended, or what the system says.
        cause: Phrase,
    },
}

fn listed(packages: &[PackageName]) -> String {
    packages.iter().map(PackageName::as_str).collect::<Vec<_>>().join(" ")
}

/// Who sees what `apt-get` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The one who runs galerne.
    All,
    /// Nobody: what galerne writes is for a program.
    Nothing,
}

/// Installs `packages`, and what they need. Nothing is removed for them, and no configuration that somebody changed is replaced.
///
/// # Errors
/// `apt-get` fails, or is not there.
pub async fn install(packages: &[PackageName], shown: Shown) -> Result<(), HostError> {
    let failed = |cause: Phrase| HostError::NotInstalled { packages: packages.to_vec(), cause };
    let options = ["--yes", "--no-remove", "--option", "Dpkg::Options::=--force-confold", "--"];
    let names = packages.iter().map(PackageName::as_str);
    let mut ended = apt(&["install"], options.into_iter().chain(names.clone()), shown).await;
    if !matches!(&ended, Ok(status) if status.success()) {
        // On a new machine there are no lists of packages yet.
        let listed = apt(&["update"], [], shown).await;
        if matches!(&listed, Ok(status) if status.success()) {
            ended = apt(&["install"], options.into_iter().chain(names), shown).await;
        }
    }
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(failed(phrase!("apt-ended", "apt-get ended with {status}", status = program::ended(status))))
        }
        Err(error) => Err(failed(format!("apt-get: {error}").into())),
    }
}

async fn apt<'a>(
    verb: &[&str],
    arguments: impl IntoIterator<Item = &'a str>,
    shown: Shown,
) -> std::io::Result<ExitStatus> {
    let out = || match shown {
        Shown::All => Stdio::inherit(),
        Shown::Nothing => Stdio::null(),
    };
    Command::new("apt-get")
        .args(verb)
        .args(arguments)
        .env("PATH", SEARCH_PATH)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(out())
        .stderr(out())
        .status()
        .await
}
