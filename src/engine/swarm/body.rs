//! A run spec in the words of the swarm's API.

use std::path::Path;

use bollard::models::{
    EndpointPortConfig, EndpointPortConfigProtocolEnum, EndpointPortConfigPublishModeEnum, EndpointSpec,
    EndpointSpecModeEnum, HealthConfig, Limit, Mount as DockerMount, MountType, MountVolumeOptions,
    MountVolumeOptionsDriverConfig, NetworkAttachmentConfig, ResourceObject, ServiceSpec, ServiceSpecMode,
    ServiceSpecModeReplicated, ServiceSpecRollbackConfig, ServiceSpecRollbackConfigFailureActionEnum,
    ServiceSpecRollbackConfigOrderEnum, ServiceSpecUpdateConfig, ServiceSpecUpdateConfigFailureActionEnum,
    ServiceSpecUpdateConfigOrderEnum, TaskSpec, TaskSpecContainerSpec, TaskSpecContainerSpecConfigs,
    TaskSpecContainerSpecFile, TaskSpecContainerSpecFile1, TaskSpecContainerSpecSecrets, TaskSpecPlacement,
    TaskSpecPlacementPreferences, TaskSpecPlacementSpread, TaskSpecResources, TaskSpecRestartPolicy,
    TaskSpecRestartPolicyConditionEnum,
};

use super::objects::Objects;
use super::{INGRESS, SERVER};
use crate::engine::docker::{Labels, Mark, labels};
use crate::plan::release;
use crate::run_spec::{Check, Cluster, Failure, Held, Limits, Mode, Order, RestartPolicy, RunSpec, Volume};

/// How long a copy may take to end after it was asked to, in seconds.
const GRACE: u32 = 10;
/// Who may read a secret in a copy, as a mode of files: whoever it runs as.
const READABLE: u32 = 0o444;

/// What a service is made of.
pub(super) struct Body<'a> {
    pub(super) spec: &'a RunSpec,
    /// The image, with its digest where that is known.
    pub(super) image: String,
    pub(super) objects: &'a Objects,
    pub(super) ingress: bool,
    pub(super) mark: Mark<'a>,
    /// What this server is called.
    pub(super) server: &'a str,
}

impl Body<'_> {
    /// What the swarm is asked to run.
    pub(super) fn service(&self) -> ServiceSpec {
        let cluster = self.spec.cluster.clone().unwrap_or_default();
        let mode = match cluster.mode {
            Mode::Replicated(replicas) => ServiceSpecMode {
                replicated: Some(ServiceSpecModeReplicated { replicas: Some(i64::from(replicas)) }),
                ..ServiceSpecMode::default()
            },
            Mode::Global => ServiceSpecMode { global: Some(<_>::default()), ..ServiceSpecMode::default() },
        };
        ServiceSpec {
            name: Some(self.spec.name.to_string()),
            labels: Some(self.labels().into_iter().collect()),
            task_template: Some(self.task(&cluster)),
            mode: Some(mode),
            update_config: Some(update(&cluster)),
            rollback_config: Some(rollback(&cluster)),
            networks: None,
            endpoint_spec: Some(self.endpoint()),
        }
    }

    fn labels(&self) -> Labels {
        let mut all = labels::with_digest(self.spec, release(self.spec), self.mark);
        all.insert(INGRESS.to_owned(), self.ingress.to_string());
        all.insert(SERVER.to_owned(), self.server.to_owned());
        all
    }

    fn task(&self, cluster: &Cluster) -> TaskSpec {
        let condition = match self.spec.restart {
            RestartPolicy::UnlessStopped | RestartPolicy::Always => TaskSpecRestartPolicyConditionEnum::ANY,
            RestartPolicy::OnFailure => TaskSpecRestartPolicyConditionEnum::ON_FAILURE,
            RestartPolicy::No => TaskSpecRestartPolicyConditionEnum::NONE,
        };
        let networks = cluster.networks.iter().map(|network| NetworkAttachmentConfig {
            target: Some(network.clone()),
            ..NetworkAttachmentConfig::default()
        });
        TaskSpec {
            container_spec: Some(self.container(cluster)),
            resources: Some(resources(&self.spec.limits, &cluster.reservations)),
            restart_policy: Some(TaskSpecRestartPolicy {
                condition: Some(condition),
                delay: Some(seconds(2)),
                ..TaskSpecRestartPolicy::default()
            }),
            placement: Some(placement(cluster)),
            networks: Some(networks.collect()),
            ..TaskSpec::default()
        }
    }

    fn container(&self, cluster: &Cluster) -> TaskSpecContainerSpec {
        let spec = self.spec;
        let environment = spec.environment.iter().map(|(name, value)| format!("{name}={}", value.reveal()));
        let mounts = spec.mounts.iter().map(|mount| DockerMount {
            typ: Some(MountType::BIND),
            source: Some(self.outside(&mount.host)),
            target: Some(mount.container.to_string_lossy().into_owned()),
            ..DockerMount::default()
        });
        let mounts: Vec<DockerMount> = mounts.chain(cluster.volumes.iter().map(volume)).collect();
        // Without a digest: a new one would replace copies that need not change.
        let marked = labels::of_copies(spec, self.mark);
        TaskSpecContainerSpec {
            image: Some(self.image.clone()),
            labels: Some(marked.into_iter().collect()),
            args: Some(spec.command.clone()).filter(|command| !command.is_empty()),
            env: Some(environment.collect()),
            mounts: Some(mounts),
            secrets: Some(cluster.secrets.iter().filter_map(|held| self.secret(held)).collect()),
            configs: Some(cluster.configs.iter().filter_map(|held| self.config(held)).collect()),
            health_check: cluster.check.as_ref().map(|check| self.check(check)),
            stop_grace_period: Some(seconds(GRACE)),
            ..TaskSpecContainerSpec::default()
        }
    }

    /// The check of a copy: as long as an application may take to start, failures do not count.
    fn check(&self, check: &Check) -> HealthConfig {
        let program = std::iter::once("CMD".to_owned()).chain(check.command.iter().cloned());
        HealthConfig {
            test: Some(program.collect()),
            interval: Some(seconds(check.every_seconds)),
            timeout: Some(seconds(check.every_seconds.max(5))),
            retries: Some(3),
            start_period: Some(seconds(self.spec.health.within_seconds.into())),
            ..HealthConfig::default()
        }
    }

    fn secret(&self, held: &Held) -> Option<TaskSpecContainerSpecSecrets> {
        let object = self.objects.secrets.get(&held.name)?;
        Some(TaskSpecContainerSpecSecrets {
            file: Some(TaskSpecContainerSpecFile {
                name: Some(held.file.clone()),
                uid: Some("0".to_owned()),
                gid: Some("0".to_owned()),
                mode: Some(READABLE),
            }),
            secret_id: Some(object.id.clone()),
            secret_name: Some(object.name.clone()),
        })
    }

    fn config(&self, held: &Held) -> Option<TaskSpecContainerSpecConfigs> {
        let object = self.objects.configs.get(&held.name)?;
        let file = if held.file.starts_with('/') { held.file.clone() } else { format!("/{}", held.file) };
        Some(TaskSpecContainerSpecConfigs {
            file: Some(TaskSpecContainerSpecFile1 {
                name: Some(file),
                uid: Some("0".to_owned()),
                gid: Some("0".to_owned()),
                mode: Some(READABLE),
            }),
            config_id: Some(object.id.clone()),
            config_name: Some(object.name.clone()),
            ..TaskSpecContainerSpecConfigs::default()
        })
    }

    /// Where nodes do not balance, the first port of each copy is any that its node has free, and the web server hands requests
    /// out; the others are what the variables say, so that a node can run one copy.
    fn endpoint(&self) -> EndpointSpec {
        let ports = self.spec.ports.iter().enumerate().map(|(index, port)| {
            let (mode, published) = match (self.ingress, index) {
                (true, _) => (EndpointPortConfigPublishModeEnum::INGRESS, Some(i64::from(port.host))),
                (false, 0) => (EndpointPortConfigPublishModeEnum::HOST, None),
                (false, _) => (EndpointPortConfigPublishModeEnum::HOST, Some(i64::from(port.host))),
            };
            EndpointPortConfig {
                name: None,
                protocol: Some(EndpointPortConfigProtocolEnum::TCP),
                target_port: Some(i64::from(port.container)),
                published_port: published,
                publish_mode: Some(mode),
            }
        });
        let mode = if self.ingress { EndpointSpecModeEnum::VIP } else { EndpointSpecModeEnum::DNSRR };
        EndpointSpec { mode: Some(mode), ports: Some(ports.collect()) }
    }

    fn outside(&self, path: &Path) -> String {
        self.mark.root.join(path.strip_prefix("/").unwrap_or(path)).to_string_lossy().into_owned()
    }
}

fn volume(volume: &Volume) -> DockerMount {
    let options = volume.options.iter().filter_map(|option| option.split_once('='));
    let options = options.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    DockerMount {
        typ: Some(MountType::VOLUME),
        source: Some(volume.name.clone()),
        target: Some(volume.container.clone()),
        volume_options: Some(MountVolumeOptions {
            driver_config: Some(MountVolumeOptionsDriverConfig {
                name: Some(volume.driver.clone()),
                options: Some(options),
            }),
            ..MountVolumeOptions::default()
        }),
        ..DockerMount::default()
    }
}

fn resources(limits: &Limits, reservations: &Limits) -> TaskSpecResources {
    TaskSpecResources {
        limits: Some(Limit { nano_cpus: cpus(limits), memory_bytes: memory(limits), pids: None }),
        reservations: Some(ResourceObject {
            nano_cpus: cpus(reservations),
            memory_bytes: memory(reservations),
            generic_resources: None,
        }),
        ..TaskSpecResources::default()
    }
}

fn cpus(limits: &Limits) -> Option<i64> {
    limits.milli_cpus.map(|milli| i64::from(milli) * 1_000_000)
}

fn memory(limits: &Limits) -> Option<i64> {
    limits.memory.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
}

fn placement(cluster: &Cluster) -> TaskSpecPlacement {
    let spread = cluster.spread.iter().map(|property| TaskSpecPlacementPreferences {
        spread: Some(TaskSpecPlacementSpread { spread_descriptor: Some(property.clone()) }),
    });
    TaskSpecPlacement {
        constraints: Some(cluster.constraints.clone()),
        preferences: Some(spread.collect()),
        max_replicas: cluster.most_per_node.map(i64::from),
        platforms: None,
    }
}

fn update(cluster: &Cluster) -> ServiceSpecUpdateConfig {
    let update = &cluster.update;
    ServiceSpecUpdateConfig {
        parallelism: Some(update.parallel.into()),
        delay: Some(seconds(update.pause_seconds)),
        failure_action: Some(match update.failure {
            Failure::Rollback => ServiceSpecUpdateConfigFailureActionEnum::ROLLBACK,
            Failure::Pause => ServiceSpecUpdateConfigFailureActionEnum::PAUSE,
            Failure::Continue => ServiceSpecUpdateConfigFailureActionEnum::CONTINUE,
        }),
        monitor: Some(seconds(update.watch_seconds)),
        max_failure_ratio: Some(0.0),
        order: Some(match update.order {
            Order::StartFirst => ServiceSpecUpdateConfigOrderEnum::START_FIRST,
            Order::StopFirst => ServiceSpecUpdateConfigOrderEnum::STOP_FIRST,
        }),
    }
}

/// Back to what ran before: as carefully, but for the pauses.
fn rollback(cluster: &Cluster) -> ServiceSpecRollbackConfig {
    let update = &cluster.update;
    ServiceSpecRollbackConfig {
        parallelism: Some(update.parallel.into()),
        delay: Some(0),
        failure_action: Some(ServiceSpecRollbackConfigFailureActionEnum::PAUSE),
        monitor: Some(seconds(1)),
        max_failure_ratio: Some(0.0),
        order: Some(match update.order {
            Order::StartFirst => ServiceSpecRollbackConfigOrderEnum::START_FIRST,
            Order::StopFirst => ServiceSpecRollbackConfigOrderEnum::STOP_FIRST,
        }),
    }
}

/// Seconds as the API counts: in nanoseconds.
fn seconds(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_spec::Technology;

    fn spec() -> RunSpec {
        serde_json::from_value(serde_json::json!({
            "name": "wiki", "engine": "swarm", "source": {"image": "app", "tag": "1"},
            "ports": [
                {"address": "127.0.0.1", "host": 8081, "container": 80},
                {"address": "127.0.0.1", "host": 2525, "container": 25},
            ],
            "cluster": {
                "mode": {"replicated": 4}, "spread": "node.labels.region",
                "volumes": [{"name": "data", "container": "/data", "driver": "local",
                             "options": ["type=nfs", "o=addr=192.0.2.1,rw", "device=:/srv"]}],
                "update": {"parallel": 2, "pause_seconds": 3, "order": "stop-first", "failure": "pause",
                           "watch_seconds": 7},
                "check": {"command": ["/bin/true", "a b"], "every_seconds": 1},
            },
        }))
        .unwrap()
    }

    fn made(ingress: bool) -> ServiceSpec {
        let mark = Mark { technology: Technology::Swarm, root: Path::new("/") };
        let (spec, objects) = (spec(), Objects::default());
        let image = "app:1@sha256:ab".to_owned();
        Body { spec: &spec, image, objects: &objects, ingress, mark, server: "here" }.service()
    }

    #[test]
    fn each_copy_has_a_port_of_its_own_where_nodes_do_not_balance() {
        let endpoint = made(false).endpoint_spec.unwrap();
        assert_eq!(endpoint.mode, Some(EndpointSpecModeEnum::DNSRR));
        let ports: Vec<_> = endpoint.ports.unwrap().into_iter().map(|port| port.published_port).collect();
        assert_eq!(ports, [None, Some(2525)]);
    }

    #[test]
    fn the_cluster_listens_where_nodes_balance() {
        let endpoint = made(true).endpoint_spec.unwrap();
        assert_eq!(endpoint.mode, Some(EndpointSpecModeEnum::VIP));
        for port in endpoint.ports.unwrap() {
            assert_eq!(port.publish_mode, Some(EndpointPortConfigPublishModeEnum::INGRESS));
            assert!(port.published_port.is_some());
        }
    }

    #[test]
    fn the_way_of_an_update_and_a_volume_are_what_was_said() {
        let made = made(false);
        assert_eq!(made.labels.as_ref().unwrap()[SERVER], "here");
        let placement = made.task_template.as_ref().unwrap().placement.clone().unwrap();
        let spread = placement.preferences.unwrap()[0].spread.clone().unwrap();
        assert_eq!(spread.spread_descriptor.as_deref(), Some("node.labels.region"));
        let update = made.update_config.unwrap();
        assert_eq!((update.parallelism, update.delay), (Some(2), Some(3_000_000_000)));
        assert_eq!(update.order, Some(ServiceSpecUpdateConfigOrderEnum::STOP_FIRST));
        let container = made.task_template.unwrap().container_spec.unwrap();
        let volume = container.mounts.unwrap().remove(0).volume_options.unwrap().driver_config.unwrap();
        assert_eq!(volume.options.unwrap()["o"], "addr=192.0.2.1,rw");
        assert_eq!(container.health_check.unwrap().test.unwrap(), ["CMD", "/bin/true", "a b"]);
        let digest = |labels: Option<&String>| labels.is_some();
        assert!(digest(made.labels.unwrap().get("org.galerne.digest")));
        assert!(
            !digest(container.labels.unwrap().get("org.galerne.digest")),
            "a copy need not change with it"
        );
    }
}
