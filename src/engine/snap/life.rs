//! One life of a container, put in the place of what its snap runs, stopped, and taken away.
//!
//! The order of a start: the services are held, the revision is brought, its settings are made, folders and the rest are
//! written, and only then do services start. A kill in between leaves the services held or stopped, and a note that says which
//! files to take away.

use std::fs::{self, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;

use serde_json::{Value, json};

use super::client::{Failed, action};
use super::failure::{failed, refused};
use super::package::{Confinement, Package};
use super::program::{systemctl, unwritable};
use super::store::{self, Holder, Life};
use super::units::{self, Unit, Units};
use super::{Snap, settings};
use crate::engine::EngineError;
use crate::phrase;
use crate::plan::State;
use crate::run_spec::RestartPolicy;
use crate::words::{Phrase, joined};

/// Has its snap run `life`.
pub(super) async fn start(snap: &Snap, name: &str, mut life: Life) -> Result<(), EngineError> {
    let services = snap.services().await?;
    if snap.state(&life, &services) == State::Running {
        return Ok(());
    }
    check_free(snap, name, &life, &services)?;
    let wrong = |why: Phrase| EngineError::SnapUnfit { container: life.spec.name.to_string(), why };
    let environment = snap.settings.folder.join("environments").join(&life.package.name).join("variables");
    let units = units::of(&life.package, &life.spec, &environment).map_err(wrong)?;

    let mut holder = vacate(snap, &life.package).await?;
    holder.life = Some(life.id.clone());
    let holds = units::holds(&life.package);
    holder.units = holds.iter().chain(&units.files).map(|unit| unit.name.clone()).collect();
    keep(snap, &life.package.name, &holder)?;
    lay_out(snap, &life, &units)?;
    write_all(snap, &holds)?;
    reload(snap).await?;
    bring(snap, name, &mut life).await?;
    configure(snap, &life, &mut holder).await?;
    for hold in &holds {
        remove_unit(snap, &hold.name)?;
    }
    write_all(snap, &units.files)?;
    reload(snap).await?;
    let lasts = [RestartPolicy::Always, RestartPolicy::UnlessStopped].contains(&life.spec.restart);
    let what = action("start", json!({"names": [life.package.name], "enable": lasts}));
    let started = snap.client.change("POST", "/v2/apps", &what).await;
    started.map_err(|error| failed(snap, phrase!("to-start", "start `{name}`", name = name), error))?;
    check_sockets(snap, name, &units).await
}

/// Refuses to start beside another life of the same snap, or on ports that are taken.
fn check_free(snap: &Snap, name: &str, life: &Life, services: &[super::Running]) -> Result<(), EngineError> {
    let taken = |port: u16| EngineError::PortTaken { container: name.to_owned(), port: port.to_string() };
    for port in &life.spec.ports {
        let is_free = |address: SocketAddr| TcpListener::bind(address).is_ok();
        let here = SocketAddr::new(port.address, port.host);
        if !is_free(here) || !is_free(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port.container)) {
            return Err(taken(port.host));
        }
    }
    let same = |other: &Life| other.package.name == life.package.name && other.id != life.id;
    for (other, found) in snap.lives()? {
        if same(&found) && snap.state(&found, services) != State::Stopped {
            let why = phrase!(
                "snap-runs",
                "the snap `{snap}` runs as `{other}`, and a server has one of it",
                snap = life.package.name,
                other = other
            );
            return Err(EngineError::SnapUnfit { container: life.spec.name.to_string(), why });
        }
    }
    Ok(())
}

/// Stops what the snap runs, and takes away what was written for it.
async fn vacate(snap: &Snap, package: &Package) -> Result<Holder, EngineError> {
    let name = &package.name;
    let Some(mut holder) = snap.store.holder(name) else {
        if snap.is_foreign(name).await? {
            return Err(EngineError::Foreign { container: name.clone() });
        }
        return Ok(Holder::default());
    };
    // What holds the services back must stay until an earlier installation has ended.
    let quiet = snap.client.quiet(name).await;
    quiet.map_err(|error| failed(snap, phrase!("to-wait", "wait for `{name}`", name = name), error))?;
    halt(snap, name).await?;
    clear(snap, name, &mut holder).await?;
    Ok(holder)
}

/// Stops the services of the snap `name`, so that they do not start with the machine.
async fn halt(snap: &Snap, name: &str) -> Result<(), EngineError> {
    if snap.revisions(name).await?.is_empty() {
        return Ok(());
    }
    let what = action("stop", json!({"names": [name], "disable": true}));
    match snap.client.change("POST", "/v2/apps", &what).await {
        // A snap that lost its services with a revision.
        Err(error) if error.is("app-not-found") => {}
        stopped => {
            stopped.map_err(|error| failed(snap, phrase!("to-stop", "stop `{name}`", name = name), error))?;
        }
    }
    // They would end by themselves in a moment; the next life wants the ports now.
    let units = snap.store.holder(name).unwrap_or_default().units;
    for socket in units.iter().filter(|unit| units::kind(unit) == "socket") {
        systemctl(snap.settings.machine, &["stop", "--quiet", socket]).await?;
    }
    Ok(())
}

/// Takes away what was written for the snap `name`, whose services have stopped: folders first, as what is left mounted would
/// be removed with the snap.
async fn clear(snap: &Snap, name: &str, holder: &mut Holder) -> Result<(), EngineError> {
    let dead = |unit: &&String| ["mount", "socket", "service", "slice"].contains(&units::kind(unit));
    let written: Vec<&str> = holder.units.iter().filter(dead).map(String::as_str).collect();
    for unit in &written {
        systemctl(snap.settings.machine, &["stop", "--quiet", unit]).await?;
    }
    for mount in written.iter().filter(|unit| units::kind(unit) == "mount") {
        let state = systemctl(snap.settings.machine, &["is-active", mount]).await?;
        if state.success {
            return Err(refused(
                phrase!("to-unmount", "unmount a folder of `{name}`", name = name),
                phrase!("mount-used", "`{mount}` is in use", mount = mount),
            ));
        }
    }
    for unit in &holder.units {
        remove_unit(snap, unit)?;
    }
    if !holder.units.is_empty() {
        reload(snap).await?;
    }
    holder.units.clear();
    keep(snap, name, holder)
}

/// Writes the environment, and makes the places where folders are mounted.
fn lay_out(snap: &Snap, life: &Life, units: &Units) -> Result<(), EngineError> {
    let folder = snap.store.environment(&life.package.name);
    let text = units::environment(&life.spec.environment);
    store::make(&folder).and_then(|()| store::write(&folder.join("variables"), &text)).map_err(|error| {
        unwritable(phrase!("to-write-environment", "write an environment"), &folder, &error)
    })?;
    if units.mounts.is_empty() {
        return Ok(());
    }
    for mount in &life.spec.mounts {
        let wrong = |why: Phrase| EngineError::SnapUnfit { container: life.spec.name.to_string(), why };
        let place = units::inside(&life.package.name, &mount.container).map_err(wrong)?;
        let (place, source) = (snap.settings.on_host(&place), snap.settings.on_host(&mount.host));
        make_place(&place, source.is_file()).map_err(|error| {
            unwritable(phrase!("to-make-place", "make the place of a folder"), &place, &error)
        })?;
    }
    Ok(())
}

/// Makes the place where a folder or a file is mounted. The snap may have left a link there, which would lead elsewhere.
fn make_place(place: &Path, is_file: bool) -> io::Result<()> {
    let in_snap = place.ancestors().take_while(|above| !above.ends_with("var/snap"));
    if in_snap.into_iter().any(Path::is_symlink) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            phrase!("link-in-the-way", "a link is in the way"),
        ));
    }
    if !is_file {
        return fs::create_dir_all(place);
    }
    fs::create_dir_all(place.parent().unwrap_or(place))?;
    OpenOptions::new().append(true).create(true).open(place).map(drop)
}

/// Brings the revision of `life`: the one that it had, or that of its file.
async fn bring(snap: &Snap, name: &str, life: &mut Life) -> Result<(), EngineError> {
    let package = &life.package;
    let found = snap.revisions(&package.name).await?;
    let current = |found: &[super::Installed]| {
        found.iter().find(|found| found.status == "active").map(|found| found.revision.clone())
    };
    let had = life.revision.clone().filter(|had| found.iter().any(|found| found.revision == *had));
    let done = match had {
        Some(had) if current(&found).as_ref() == Some(&had) => return Ok(()),
        Some(had) => {
            let path = format!("/v2/snaps/{}", package.name);
            snap.client.change("POST", &path, &action("revert", json!({"revision": had}))).await
        }
        None => install(snap, life).await,
    };
    done.map_err(|error| failed(snap, phrase!("to-install", "install `{name}`", name = name), error))?;
    if package.signed {
        hold_back(snap, package)
            .await
            .map_err(|error| failed(snap, phrase!("to-hold-refreshes", "hold back its refreshes"), error))?;
    }
    life.revision = current(&snap.revisions(&package.name).await?);
    snap.store.keep(name, life).map_err(|error| snap.unlisted(&error))
}

async fn install(snap: &Snap, life: &Life) -> Result<(), Failed> {
    let mut options = vec![("action", "install"), ("name", life.package.name.as_str())];
    if !life.package.signed {
        options.push(("dangerous", "true"));
    }
    match life.package.confinement {
        Confinement::Strict => {}
        Confinement::Classic => options.push(("classic", "true")),
        Confinement::Devmode => options.push(("devmode", "true")),
    }
    let file = snap.store.image(&life.spec.source).join("snap");
    snap.client.install(&file, &options).await
}

/// Keeps snapd from refreshing the snap by itself: its version is the configuration's.
async fn hold_back(snap: &Snap, package: &Package) -> Result<(), Failed> {
    let path = format!("/v2/snaps/{}", package.name);
    let what = action("hold", json!({"time": "forever", "hold-level": "general"}));
    snap.client.change("POST", &path, &what).await
}

/// Makes the settings, where the snap takes any; its services are told of the variables themselves too.
async fn configure(snap: &Snap, life: &Life, holder: &mut Holder) -> Result<(), EngineError> {
    if !life.package.configures {
        return Ok(());
    }
    let wanted = settings::wanted(&life.spec.environment, &holder.settings);
    if wanted.is_empty() {
        return Ok(());
    }
    let set = wanted.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.clone());
    let set: Vec<String> = set.collect();
    // Before they are made: what a killed run made is to be taken back too.
    holder.settings = wanted.keys().cloned().collect();
    keep(snap, &life.package.name, holder)?;
    let path = format!("/v2/snaps/{}/conf", life.package.name);
    let made = snap.client.change("PUT", &path, &Value::Object(wanted)).await;
    made.map_err(|error| match error {
        Failed::Said { kind, message } => {
            let masked = settings::masked(message.english(), &life.spec.environment);
            let message = if masked == message.english() { message } else { masked.into() };
            failed(snap, to_set(), Failed::Said { kind, message })
        }
        other => failed(snap, to_set(), other),
    })?;
    holder.settings = set;
    keep(snap, &life.package.name, holder)
}

/// Says which port is taken, where a socket could not listen.
async fn check_sockets(snap: &Snap, name: &str, units: &Units) -> Result<(), EngineError> {
    for (socket, port) in &units.sockets {
        let state = systemctl(snap.settings.machine, &["is-failed", socket]).await?;
        if state.success {
            return Err(EngineError::PortTaken { container: name.to_owned(), port: port.to_string() });
        }
    }
    Ok(())
}

/// Stops what `life` runs; one that its snap does not run has stopped.
pub(super) async fn stop(snap: &Snap, life: &Life) -> Result<(), EngineError> {
    let holder = snap.store.holder(&life.package.name).unwrap_or_default();
    if holder.life.as_ref() == Some(&life.id) { halt(snap, &life.package.name).await } else { Ok(()) }
}

/// Takes `life` away, and its snap with the last one.
pub(super) async fn remove(snap: &Snap, name: &str, life: &Life) -> Result<(), EngineError> {
    let package = &life.package.name;
    if let Some(mut holder) = snap.store.holder(package) {
        let others: Vec<Life> = snap.lives()?.into_iter().map(|(_, life)| life).collect();
        let others: Vec<&Life> =
            others.iter().filter(|other| other.package.name == *package && other.id != life.id).collect();
        if holder.life.as_ref() == Some(&life.id) {
            halt(snap, package).await?;
            clear(snap, package, &mut holder).await?;
            holder.life = None;
            keep(snap, package, &holder)?;
        }
        if others.is_empty() {
            uninstall(snap, package).await?;
        } else if let Some(revision) = &life.revision {
            discard(snap, package, revision).await?;
        }
    }
    snap.store.forget(name).map_err(|error| snap.unlisted(&error))
}

/// Has snapd remove the snap, of whose own data it keeps a snapshot.
async fn uninstall(snap: &Snap, package: &str) -> Result<(), EngineError> {
    if !snap.revisions(package).await?.is_empty() {
        let removed =
            snap.client.change("POST", &format!("/v2/snaps/{package}"), &action("remove", json!({}))).await;
        removed.map_err(|error| {
            failed(snap, phrase!("to-remove", "remove `{package}`", package = package), error)
        })?;
    }
    for kept in snap.store.holder(package).unwrap_or_default().units {
        remove_unit(snap, &kept)?;
    }
    snap.store.let_go(package).map_err(|error| snap.unlisted(&error))
}

/// Has snapd remove a revision that is not the current one: nobody goes back to it any more.
async fn discard(snap: &Snap, package: &str, revision: &str) -> Result<(), EngineError> {
    let found = snap.revisions(package).await?;
    let idle = |found: &super::Installed| found.revision == revision && found.status != "active";
    if !found.iter().any(idle) {
        return Ok(());
    }
    let path = format!("/v2/snaps/{package}");
    let removed = snap.client.change("POST", &path, &action("remove", json!({"revision": revision}))).await;
    removed.map_err(|error| {
        failed(
            snap,
            phrase!("to-remove-revision", "remove a revision of `{package}`", package = package),
            error,
        )
    })
}

fn keep(snap: &Snap, package: &str, holder: &Holder) -> Result<(), EngineError> {
    snap.store.hold(package, holder).map_err(|error| snap.unlisted(&error))
}

/// Writes units into systemd's folder; what they say is no secret.
fn write_all(snap: &Snap, units: &[Unit]) -> Result<(), EngineError> {
    let folder = snap.settings.on_host(Path::new(units::FOLDER));
    for unit in units {
        let path = folder.join(&unit.name);
        let made = fs::create_dir_all(path.parent().unwrap_or(&folder));
        made.and_then(|()| store::write_as(&path, &unit.text, 0o644))
            .map_err(|error| unwritable(phrase!("to-write-unit", "write a unit"), &path, &error))?;
    }
    Ok(())
}

fn remove_unit(snap: &Snap, name: &str) -> Result<(), EngineError> {
    let folder = snap.settings.on_host(Path::new(units::FOLDER));
    let path = folder.join(name);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(unwritable(phrase!("to-remove-unit", "remove a unit"), &path, &error));
        }
        _ => {}
    }
    if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
        // It stays where somebody else has a file in it.
        let _ = fs::remove_dir(parent);
    }
    Ok(())
}

async fn reload(snap: &Snap) -> Result<(), EngineError> {
    let ended = systemctl(snap.settings.machine, &["daemon-reload"]).await?;
    if ended.success {
        Ok(())
    } else {
        Err(refused(phrase!("to-read-units", "have systemd read its units"), joined(&ended.words)))
    }
}

fn to_set() -> Phrase {
    phrase!("to-set-snap", "make the settings of the snap")
}
