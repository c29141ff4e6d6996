//! What the applications of two sites cannot share on one server.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::apart::is_everybodys;
use super::{Scope, SiteName, SiteProblem};
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::run_spec::{Container, Port, Technology};

/// Another configuration on the same server.
#[derive(Debug)]
pub struct Neighbour {
    /// The site; none for production.
    pub site: Option<SiteName>,
    /// Its containers.
    pub containers: Vec<Container>,
}

/// What the `containers` of `scope` have that is another's: names, ports of the server, folders, volumes, snaps. `real` says where a
/// folder of the server is when all links are followed.
pub fn clashes(
    scope: &Scope,
    containers: &[Container],
    neighbours: &[Neighbour],
    real: &dyn Fn(&Path) -> PathBuf,
) -> Findings {
    let mut findings = Findings::default();
    for container in containers {
        name(scope, container, &mut findings);
        for neighbour in neighbours {
            for other in &neighbour.containers {
                shared(container, other, neighbour.site.as_ref(), real, &mut findings);
            }
        }
    }
    findings
}

/// The name of a site's container says so, and no other one does.
fn name(scope: &Scope, container: &Container, findings: &mut Findings) {
    if scope.has(container.name.as_str()) {
        return;
    }
    let (name, variable) = (container.name.to_string(), format!("conteneur{}_name", container.key));
    let problem = match scope.site() {
        Some(site) => SiteProblem::NotMarked { variable, name, mark: site.mark() },
        None => SiteProblem::Marked { variable, name },
    };
    findings.push(at(Finding::new(problem), container));
}

fn at(finding: Finding, container: &Container) -> Finding {
    finding.at(
        container.definition,
        phrase!("at-the-container-is-defined-here", "the container is defined here"),
    )
}

/// Finds what two containers share.
fn shared(
    container: &Container,
    other: &Container,
    site: Option<&SiteName>,
    real: &dyn Fn(&Path) -> PathBuf,
    findings: &mut Findings,
) {
    let (name, by, of) = (&container.name, &other.name, SiteName::said(site));
    let mut found = |problem| findings.push(at(Finding::new(problem), container));
    for port in &container.ports {
        if other.ports.iter().any(|theirs| meet(port, theirs)) {
            let variable = format!("conteneur{}_port_out", container.key);
            found(SiteProblem::PortTaken { variable, port: port.host, by: by.to_string(), of: of.clone() });
        }
    }
    for mount in &container.mounts {
        let theirs = other.mounts.iter().find(|theirs| overlap(&mount.host, &theirs.host, real));
        if let Some(theirs) = theirs {
            let variable = format!("conteneur{}_mountpoint_out", container.key);
            let (folder, theirs) = (mount.host.clone(), theirs.host.clone());
            found(SiteProblem::FolderShared { variable, folder, theirs, by: by.to_string(), of: of.clone() });
        }
    }
    for volume in shared_volumes(container, other) {
        let variable = format!("conteneur{}_volume_nom", container.key);
        found(SiteProblem::VolumeShared { variable, volume, by: by.to_string(), of: of.clone() });
    }
    let is_snap = |one: &Container| matches!(one.technology, Technology::Snap | Technology::Snapcraft);
    if is_snap(container) && is_snap(other) && container.image.url == other.image.url {
        let (name, snap) = (name.to_string(), container.image.url.clone());
        found(SiteProblem::OneSnap { name, snap, of });
    }
}

/// Whether both cannot be listened for.
fn meet(one: &Port, other: &Port) -> bool {
    let any = |address: IpAddr| address.is_unspecified();
    one.host == other.host && (one.address == other.address || any(one.address) || any(other.address))
}

/// Whether what is in one of two folders is in the other one.
fn overlap(one: &Path, other: &Path, real: &dyn Fn(&Path) -> PathBuf) -> bool {
    if is_everybodys(&one.to_string_lossy()) || is_everybodys(&other.to_string_lossy()) {
        return false;
    }
    let (one, other) = (real(one), real(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// The volumes of a cluster that are one: by their names, or by the device that their drivers are told.
fn shared_volumes(container: &Container, other: &Container) -> Vec<String> {
    let volumes =
        |one: &'_ Container| one.cluster.as_ref().map(|cluster| cluster.volumes.clone()).unwrap_or_default();
    let theirs = volumes(other);
    // In Kubernetes a volume is the application's own, whatever its name.
    let by_name = [container, other].iter().all(|one| one.technology == Technology::Swarm);
    let mine = volumes(container).into_iter().filter(|volume| {
        theirs.iter().any(|their| {
            let tells = !volume.options.is_empty() && volume.options == their.options;
            by_name && volume.name == their.name || tells && volume.driver == their.driver
        })
    });
    mine.map(|volume| volume.name).collect()
}
