//! What nginx reads to hand requests to copies on a cluster: written and read while these come and go.
//!
//! One file an application, written beside and renamed. That nginx has read it is noted elsewhere by its digest, after it has: a run
//! that is killed in between leaves a note that does not agree, and the next one has nginx read it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use super::ApplyError;
use super::chain::Work;
use super::place::{Missing, Root};
use super::state::{is_absent, read};
use crate::plan::{ProxyState, balance, balance_path, sha256};
use crate::render::LOCATIONS;
use crate::run_spec::ContainerName;

/// Where it is noted what nginx has read.
const NOTES: &str = "/var/lib/galerne/balance";

/// What was taken away in this run, in case it is to come back; nobody else changes it meanwhile.
pub(super) type Kept = tokio::sync::Mutex<BTreeMap<ContainerName, String>>;

/// The applications that nginx listens for, each with the digest of what it has read of it, or none.
pub(super) fn observed(root: &Root) -> Result<BTreeMap<ContainerName, String>, ApplyError> {
    let folder = Path::new(LOCATIONS);
    let names = match root.folder(folder, Missing::Fails).and_then(|folder| folder.names()) {
        Ok(names) => names,
        Err(error) if is_absent(&error) => return Ok(BTreeMap::new()),
        Err(error) => return Err(ApplyError::file(folder, &error)),
    };
    let mut found = BTreeMap::new();
    for container in names.iter().filter_map(|name| of(name)) {
        let text = read(root, &balance_path(&container))?.unwrap_or_default();
        let note = read(root, &Path::new(NOTES).join(container.as_str()))?.unwrap_or_default();
        let digest = sha256(&text);
        let is_read = note == digest.as_bytes();
        found.insert(container, if is_read { digest } else { String::new() });
    }
    Ok(found)
}

fn of(name: &OsStr) -> Option<ContainerName> {
    name.to_str()?.strip_suffix(".balance")?.parse().ok()
}

/// Whether nginx listens for `container`.
pub(super) fn is_balanced(container: &ContainerName, work: &Work<'_>) -> Result<bool, ApplyError> {
    Ok(read(work.root, &balance_path(container))?.is_some())
}

/// Has nginx listen for `container` and hand requests to these copies.
pub(super) async fn let_balance(
    container: &ContainerName,
    copies: &BTreeSet<SocketAddr>,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let mut kept = work.kept.lock().await;
    let before = read(work.root, &balance_path(container))?;
    let before = before.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    // One that goes back to where it was has no template any more, but what was made of it.
    let wanted = work.wanted.balances.get(container);
    let Some(template) = wanted.or(kept.get(container)).or(before.as_ref()) else { return Ok(()) };
    let text = balance(template, copies);
    if before.as_ref() != Some(&text) {
        write(container, &text, work.root)?;
    }
    if let Err(error) = have_read(work).await {
        match before {
            Some(before) => write(container, &before, work.root)?,
            None => remove(container, work.root)?,
        }
        return Err(error);
    }
    kept.insert(container.clone(), text.clone());
    note(container, &text, work.root)
}

/// Has nginx no longer listen for `container`.
pub(super) async fn unbalance(container: &ContainerName, work: &Work<'_>) -> Result<(), ApplyError> {
    let mut kept = work.kept.lock().await;
    if let Some(before) = read(work.root, &balance_path(container))? {
        kept.insert(container.clone(), String::from_utf8_lossy(&before).into_owned());
    }
    remove(container, work.root)?;
    have_read(work).await?;
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

/// Has nginx check its files and read them, if it runs; else it does so when it is started.
async fn have_read(work: &Work<'_>) -> Result<(), ApplyError> {
    let Some(proxy) = &work.machine.proxy else { return Ok(()) };
    if proxy.state().await != ProxyState::Running {
        return Ok(());
    }
    proxy.check().await?;
    Ok(proxy.reload().await?)
}

fn write(container: &ContainerName, text: &str, root: &Root) -> Result<(), ApplyError> {
    put(LOCATIONS, &OsString::from(format!("{container}.balance")), text, root)
}

fn note(container: &ContainerName, text: &str, root: &Root) -> Result<(), ApplyError> {
    put(NOTES, container.as_str().as_ref(), &sha256(text.as_bytes()), root)
}

fn put(folder: &str, name: &OsStr, text: &str, root: &Root) -> Result<(), ApplyError> {
    let path = Path::new(folder);
    let written =
        root.folder(path, Missing::IsMade).and_then(|folder| folder.replace(name, text.as_bytes(), 0o644));
    written.map_err(|error: io::Error| ApplyError::file(&path.join(name), &error))
}

fn remove(container: &ContainerName, root: &Root) -> Result<(), ApplyError> {
    let path = balance_path(container);
    let folder = Path::new(LOCATIONS);
    let name = OsString::from(format!("{container}.balance"));
    match root.folder(folder, Missing::Fails).and_then(|folder| folder.remove(&name)) {
        Err(error) if !is_absent(&error) => Err(ApplyError::file(&path, &error)),
        _ => Ok(()),
    }
}
