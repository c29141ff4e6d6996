//! The labels by which galerne knows its own containers again.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::plan::{HostPort, Role, digest};
use crate::run_spec::{ContainerName, RunSpec, Technology};

const MANAGED: &str = "org.galerne.managed";
const CONTAINER: &str = "org.galerne.container";
const ENGINE: &str = "org.galerne.engine";
const ROOT: &str = "org.galerne.root";
const DIGEST: &str = "org.galerne.digest";
const PORTS: &str = "org.galerne.ports";
const FOLDER: &str = "org.galerne.folder";

/// Labels, by their names.
pub(in crate::engine) type Labels = BTreeMap<String, String>;

/// Whose containers are ours: those of this engine, made under this root. Two technologies may share one socket.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Mark<'a> {
    pub(in crate::engine) technology: Technology,
    pub(in crate::engine) root: &'a Path,
}

/// The labels of the container that runs `spec`.
pub(in crate::engine) fn of(spec: &RunSpec, mark: Mark<'_>) -> Labels {
    let own = [
        (MANAGED, "true".to_owned()),
        (CONTAINER, spec.name.to_string()),
        (ENGINE, mark.technology.name().to_owned()),
        (ROOT, mark.root.to_string_lossy().into_owned()),
        (DIGEST, digest(spec)),
        (PORTS, ports(spec)),
    ];
    let mut labels = spec.labels.clone();
    labels.extend(own.map(|(name, value)| (name.to_owned(), value)));
    labels
}

/// The labels of a container that another technology runs on this engine for `spec`, and knows by its `folder`.
pub(super) fn of_hosted(spec: &RunSpec, folder: &Path, mark: Mark<'_>) -> Labels {
    let mut labels = of(spec, mark);
    labels.remove(DIGEST);
    labels.insert(FOLDER.to_owned(), folder.to_string_lossy().into_owned());
    labels
}

/// The folder of a container that the technology of `mark` runs on this engine.
pub(super) fn folder_of(labels: &Labels, mark: Mark<'_>) -> Option<PathBuf> {
    let label = |name| labels.get(name).map(String::as_str);
    let ours = label(MANAGED) == Some("true")
        && label(ROOT) == mark.root.to_str()
        && label(ENGINE) == Some(mark.technology.name());
    label(FOLDER).filter(|_| ours).map(PathBuf::from)
}

/// The labels of what runs the release `digest` of `spec`.
pub(in crate::engine) fn with_digest(spec: &RunSpec, digest: String, mark: Mark<'_>) -> Labels {
    let mut labels = of(spec, mark);
    labels.insert(DIGEST.to_owned(), digest);
    labels
}

/// The labels of the copies of a service, whatever its release.
pub(in crate::engine) fn of_copies(spec: &RunSpec, mark: Mark<'_>) -> Labels {
    let mut labels = shared(mark);
    labels.insert(CONTAINER.to_owned(), spec.name.to_string());
    labels
}

/// The labels of what several containers share.
pub(in crate::engine) fn shared(mark: Mark<'_>) -> Labels {
    [
        (MANAGED, "true".to_owned()),
        (ENGINE, mark.technology.name().to_owned()),
        (ROOT, mark.root.to_string_lossy().into_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// Whether it is ours, and shared.
pub(in crate::engine) fn is_shared(labels: &Labels, mark: Mark<'_>) -> bool {
    shared(mark).iter().all(|(name, value)| labels.get(name) == Some(value))
        && !labels.contains_key(CONTAINER)
}

/// Whether a container is a copy of one of our services: the swarm's affair.
pub(in crate::engine) fn is_copy(labels: &Labels, root: &Path) -> bool {
    let mark = Mark { technology: Technology::Swarm, root };
    shared(mark).iter().all(|(name, value)| labels.get(name) == Some(value))
}

/// Whose life the container `name` with these labels is. None for a foreign one, to which belongs one that was
/// made under another root or by another technology, one that was renamed by hand, and one whose image inherited our labels.
pub(in crate::engine) fn owner(labels: &Labels, name: &str, mark: Mark<'_>) -> Option<(ContainerName, Role)> {
    let label = |name| labels.get(name).map(String::as_str);
    // Earlier versions had one engine, and no label for it.
    let engine = label(ENGINE).unwrap_or(Technology::Docker.name());
    let ours = label(MANAGED) == Some("true")
        && label(ROOT) == mark.root.to_str()
        && engine == mark.technology.name();
    let container: ContainerName = label(CONTAINER)?.parse().ok()?;
    let role = Role::from_name(name, &container)?;
    ours.then_some((container, role))
}

/// The digest of the run spec that a container was made from.
pub(in crate::engine) fn digest_of(labels: &Labels) -> String {
    labels.get(DIGEST).cloned().unwrap_or_default()
}

/// The addresses of the host that a container listens on when it runs: the engine tells those of running ones alone.
pub(in crate::engine) fn ports_of(labels: &Labels) -> Vec<HostPort> {
    let ports = labels.get(PORTS).map(String::as_str).unwrap_or_default();
    ports
        .split_whitespace()
        .filter_map(|port| port.parse::<SocketAddr>().ok())
        .map(|port| HostPort { address: port.ip(), port: port.port() })
        .collect()
}

fn ports(spec: &RunSpec) -> String {
    let ports = spec.ports.iter().map(|port| SocketAddr::new(port.address, port.host).to_string());
    ports.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docker() -> Mark<'static> {
        Mark { technology: Technology::Docker, root: Path::new("/") }
    }

    fn spec() -> RunSpec {
        serde_json::from_value(serde_json::json!({
            "name": "wiki",
            "engine": "docker",
            "source": {"image": "app", "tag": "1"},
            "ports": [
                {"address": "127.0.0.1", "host": 8081, "container": 80},
                {"address": "::1", "host": 8082, "container": 81},
            ],
        }))
        .unwrap()
    }

    #[test]
    fn a_container_is_known_again_by_its_labels() {
        let labels = of(&spec(), docker());
        let wiki: ContainerName = "wiki".parse().unwrap();
        assert_eq!(owner(&labels, "wiki", docker()), Some((wiki.clone(), Role::Current)));
        assert_eq!(owner(&labels, "wiki.galerne-old", docker()), Some((wiki.clone(), Role::Old)));
        let mut earlier = labels.clone();
        earlier.remove(ENGINE);
        assert_eq!(owner(&earlier, "wiki", docker()), Some((wiki, Role::Current)));
        let ports: Vec<HostPort> = spec().ports.iter().map(HostPort::from).collect();
        assert_eq!(ports_of(&labels), ports);
        assert_eq!(digest_of(&labels), digest(&spec()));
    }

    #[test]
    fn another_name_another_root_another_engine_and_inherited_labels_are_foreign() {
        let labels = of(&spec(), docker());
        assert_eq!(owner(&labels, "wiki-backup", docker()), None);
        assert_eq!(owner(&labels, "wiki", Mark { root: Path::new("/srv/other"), ..docker() }), None);
        assert_eq!(owner(&labels, "wiki", Mark { technology: Technology::Podman, ..docker() }), None);
        assert_eq!(owner(&Labels::default(), "wiki", docker()), None);
    }
}
