//! A run spec in the words of Docker's API.

use std::path::Path;

use bollard::models::{
    ContainerCreateBody, HostConfig, Mount as DockerMount, MountType, PortBinding, PortMap,
    RestartPolicy as DockerPolicy, RestartPolicyNameEnum,
};

use super::labels::{self, Mark};
use crate::plan::image;
use crate::run_spec::{Mount, Port, RestartPolicy, RunSpec};

/// What the engine is asked to make. Host folders are looked for under the mark's root.
pub(super) fn of(spec: &RunSpec, mark: Mark<'_>) -> ContainerCreateBody {
    let environment =
        spec.environment.iter().map(|(name, value)| format!("{name}={}", value.reveal())).collect();
    ContainerCreateBody {
        image: Some(image(&spec.source)),
        env: Some(environment),
        cmd: Some(spec.command.clone()).filter(|command| !command.is_empty()),
        labels: Some(labels::of(spec, mark).into_iter().collect()),
        exposed_ports: Some(spec.ports.iter().map(exposed).collect()),
        host_config: Some(host(spec, mark.root)),
        ..ContainerCreateBody::default()
    }
}

/// The user and group of `user`, where both are numbers; a user alone is its own group, as is usual.
pub(super) fn numeric_user(user: &str) -> Option<(u32, u32)> {
    let (user, group) = user.split_once(':').unwrap_or((user, user));
    Some((user.parse().ok()?, group.parse().ok()?))
}

fn host(spec: &RunSpec, root: &Path) -> HostConfig {
    HostConfig {
        port_bindings: Some(bindings(&spec.ports)),
        mounts: Some(spec.mounts.iter().map(|mount| bind(mount, root)).collect()),
        restart_policy: Some(DockerPolicy { name: Some(policy(spec.restart)), maximum_retry_count: None }),
        memory: spec.limits.memory.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
        nano_cpus: spec.limits.milli_cpus.map(|milli| i64::from(milli) * 1_000_000),
        ..HostConfig::default()
    }
}

fn bindings(ports: &[Port]) -> PortMap {
    let mut map = PortMap::default();
    for port in ports {
        let binding =
            PortBinding { host_ip: Some(port.address.to_string()), host_port: Some(port.host.to_string()) };
        map.entry(exposed(port)).or_insert_with(|| Some(Vec::new())).get_or_insert_default().push(binding);
    }
    map
}

/// A bind mount that fails where the folder is missing: it was made before, with an owner.
fn bind(mount: &Mount, root: &Path) -> DockerMount {
    let host = root.join(mount.host.strip_prefix("/").unwrap_or(&mount.host));
    DockerMount {
        typ: Some(MountType::BIND),
        source: Some(host.to_string_lossy().into_owned()),
        target: Some(mount.container.to_string_lossy().into_owned()),
        ..DockerMount::default()
    }
}

fn exposed(port: &Port) -> String {
    format!("{}/tcp", port.container)
}

fn policy(restart: RestartPolicy) -> RestartPolicyNameEnum {
    match restart {
        RestartPolicy::UnlessStopped => RestartPolicyNameEnum::UNLESS_STOPPED,
        RestartPolicy::Always => RestartPolicyNameEnum::ALWAYS,
        RestartPolicy::OnFailure => RestartPolicyNameEnum::ON_FAILURE,
        RestartPolicy::No => RestartPolicyNameEnum::NO,
    }
}
