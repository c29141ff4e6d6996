//! What nginx reads to hand requests to copies on a cluster: written and read while these come and go.
//!
//! One file an application, written beside and renamed. That nginx has read it is noted elsewhere by its digest, after it has: a run
//! that is killed in between leaves a note that does not agree, and the next one has nginx read it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use super::ApplyError;
use super::chain::Work;
use super::place::{Missing, Root};
use super::state::{is_absent, read};
use crate::plan::{ProxyState, balance, balance_path, balance_paths, sha256};
use crate::render::LOCATIONS;
use crate::run_spec::ContainerName;
use crate::traefik::{DYNAMIC, is_of_copies};

/// Where it is noted what nginx has read.
const NOTES: &str = "/var/lib/galerne/balance";

/// What was taken away in this run, in case it is to come back; nobody else changes it meanwhile.
pub(super) type Kept = tokio::sync::Mutex<BTreeMap<ContainerName, String>>;

/// The applications that the web server listens for, each with the digest of what it has read of it, or none.
pub(super) fn observed(root: &Root) -> Result<BTreeMap<ContainerName, String>, ApplyError> {
    let mut found = BTreeMap::new();
    for folder in [LOCATIONS, DYNAMIC].map(Path::new) {
        let names = match root.folder(folder, Missing::Fails).and_then(|folder| folder.names()) {
            Ok(names) => names,
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(ApplyError::file(folder, &error)),
        };
        for (container, name) in names.iter().filter_map(|name| Some((of(name)?, name))) {
            let text = read(root, &folder.join(name))?.unwrap_or_default();
            let note = read(root, &Path::new(NOTES).join(container.as_str()))?.unwrap_or_default();
            let digest = sha256(&text);
            let is_read = note == digest.as_bytes();
            // One that stands in both places is on its way from one to the other.
            let digest = if is_read && !found.contains_key(&container) { digest } else { String::new() };
            found.insert(container, digest);
        }
    }
    // A run that was killed took it away, and nobody knows whether the web server has stopped listening.
    for container in noted(root)? {
        found.entry(container).or_default();
    }
    Ok(found)
}

/// The applications of which it is noted what the web server has read.
fn noted(root: &Root) -> Result<Vec<ContainerName>, ApplyError> {
    let notes = Path::new(NOTES);
    match root.folder(notes, Missing::Fails).and_then(|folder| folder.names()) {
        Ok(names) => Ok(names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect()),
        Err(error) if is_absent(&error) => Ok(Vec::new()),
        Err(error) => Err(ApplyError::file(notes, &error)),
    }
}

fn of(name: &OsStr) -> Option<ContainerName> {
    let name = name.to_str()?;
    let traefik = || name.strip_prefix('_')?.strip_suffix(".balance.yml");
    name.strip_suffix(".balance").or_else(traefik)?.parse().ok()
}

/// What the web server has of `container`.
fn standing(container: &ContainerName, root: &Root) -> Result<Option<String>, ApplyError> {
    for path in balance_paths(container) {
        if let Some(bytes) = read(root, &path)? {
            return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(None)
}

/// Whether the web server listens for `container`.
pub(super) fn is_balanced(container: &ContainerName, work: &Work<'_>) -> Result<bool, ApplyError> {
    Ok(standing(container, work.root)?.is_some())
}

/// Has nginx listen for `container` and hand requests to these copies.
pub(super) async fn let_balance(
    container: &ContainerName,
    copies: &BTreeSet<SocketAddr>,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let mut kept = work.kept.lock().await;
    let before = standing(container, work.root)?;
    // One that goes back to where it was has no template any more, but what was made of it.
    let wanted = work.wanted.balances.get(container);
    let Some(template) = wanted.or(kept.get(container)).or(before.as_ref()) else { return Ok(()) };
    let text = balance(template, copies);
    if before.as_ref() != Some(&text) {
        write(container, &text, work.root)?;
    }
    if let Err(error) = have_read(&text, work).await {
        match before {
            Some(before) => write(container, &before, work.root)?,
            None => remove(container, work.root)?,
        }
        return Err(error);
    }
    kept.insert(container.clone(), text.clone());
    note(container, &text, work.root)
}

/// Has nginx hand requests to these copies, if that is not what it has read: `digest` is that of what it has. Gives whether it had not.
pub(super) async fn brought(
    container: &ContainerName,
    digest: &str,
    copies: &BTreeSet<SocketAddr>,
    work: &Work<'_>,
) -> Result<bool, ApplyError> {
    let Some(text) = standing(container, work.root)? else { return Ok(false) };
    if sha256(balance(&text, copies).as_bytes()) == digest {
        return Ok(false);
    }
    let_balance(container, copies, work).await.map(|()| true)
}

/// Has nginx no longer listen for `container`.
pub(super) async fn unbalance(container: &ContainerName, work: &Work<'_>) -> Result<(), ApplyError> {
    let mut kept = work.kept.lock().await;
    let before = standing(container, work.root)?;
    remove(container, work.root)?;
    // Of what a run before this one took away only the note is left. Traefik has seen that by itself; nginx has to be told.
    have_read(before.as_deref().unwrap_or_default(), work).await?;
    kept.extend(before.map(|before| (container.clone(), before)));
    let notes = Path::new(NOTES);
    match work
        .root
        .folder(notes, Missing::Fails)
        .and_then(|folder| folder.remove(container.as_str().as_ref()))
    {
        Err(error) if !is_absent(&error) => Err(ApplyError::file(notes, &error)),
        _ => Ok(()),
    }
}

/// Has the web server whose text this is check its files and read them, if it runs; else it does so when it is started.
async fn have_read(text: &str, work: &Work<'_>) -> Result<(), ApplyError> {
    if is_of_copies(text) {
        let Some(traefik) = &work.machine.traefik else { return Ok(()) };
        if traefik.state().await == ProxyState::Running {
            traefik.check().await?;
            traefik.reload().await?;
        }
        return Ok(());
    }
    let Some(proxy) = &work.machine.proxy else { return Ok(()) };
    if proxy.state().await != ProxyState::Running {
        return Ok(());
    }
    proxy.check().await?;
    Ok(proxy.reload().await?)
}

/// Writes it where it belongs; what stands in the other web server's place goes.
fn write(container: &ContainerName, text: &str, root: &Root) -> Result<(), ApplyError> {
    let path = balance_path(container, text);
    put(&path, text, root)?;
    let others = balance_paths(container).into_iter().filter(|other| *other != path);
    others.into_iter().try_for_each(|other| remove_file(&other, root))
}

fn note(container: &ContainerName, text: &str, root: &Root) -> Result<(), ApplyError> {
    put(&Path::new(NOTES).join(container.as_str()), &sha256(text.as_bytes()), root)
}

fn put(path: &Path, text: &str, root: &Root) -> Result<(), ApplyError> {
    let written = root
        .parent(path, Missing::IsMade)
        .and_then(|(folder, name)| folder.replace(name, text.as_bytes(), 0o644));
    written.map_err(|error: io::Error| ApplyError::file(path, &error))
}

fn remove(container: &ContainerName, root: &Root) -> Result<(), ApplyError> {
    balance_paths(container).iter().try_for_each(|path| remove_file(path, root))
}

fn remove_file(path: &Path, root: &Root) -> Result<(), ApplyError> {
    match root.parent(path, Missing::Fails).and_then(|(folder, name)| folder.remove(name)) {
        Err(error) if !is_absent(&error) => Err(ApplyError::file(path, &error)),
        _ => Ok(()),
    }
}
