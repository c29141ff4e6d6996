//! What copies read and write: claims, configurations, secrets, and where each is mounted.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::App;
use crate::run_spec::{Held, Volume};

/// Where secrets and configurations are whose file is a name alone, as on a swarm.
const SECRETS: &str = "/run/secrets";

/// Folders of which single files, sockets and devices are mounted.
const OF_FILES: [&str; 6] = ["/dev", "/etc", "/proc", "/run", "/sys", "/var/run"];

impl App<'_> {
    /// The claims that all copies share; those of one copy each are of the `StatefulSet`.
    pub(super) fn claims(&self) -> Vec<Value> {
        let shared = self.cluster.volumes.iter().filter(|volume| !volume.per_copy && volume.nfs().is_none());
        let mode = if self.cluster.has_several_copies() { "ReadWriteMany" } else { "ReadWriteOnce" };
        let claim = |volume: &Volume| {
            let rest = json!({"spec": claim_spec(volume, mode)});
            self.object("v1", "PersistentVolumeClaim", &self.own(&volume.name), rest)
        };
        shared.map(claim).collect()
    }

    /// The claims that each copy has for itself.
    pub(super) fn own_claims(&self) -> Vec<Value> {
        let own = self.cluster.volumes.iter().filter(|volume| volume.per_copy);
        own.map(|volume| {
            json!({
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"name": volume_name(volume), "labels": self.labels()},
                "spec": claim_spec(volume, "ReadWriteOnce"),
            })
        })
        .collect()
    }

    /// The configurations whose texts are known.
    pub(super) fn config_maps(&self) -> Vec<Value> {
        let held = self.cluster.configs.iter();
        held.filter_map(|config| {
            let value = config.value.as_ref()?;
            let rest = json!({"data": {key(config): value.reveal()}});
            Some(self.object("v1", "ConfigMap", &self.own(&config.name), rest))
        })
        .collect()
    }

    /// The secrets whose values are known, and the environment, which may hold some.
    pub(super) fn secrets(&self) -> Vec<Value> {
        let secret = |name: String, data: Map<String, Value>| {
            self.object("v1", "Secret", &name, json!({"type": "Opaque", "stringData": data}))
        };
        let environment: Map<String, Value> =
            self.spec.environment.iter().map(|(name, value)| (name.clone(), json!(value.reveal()))).collect();
        let environment = (!environment.is_empty()).then(|| secret(self.name.to_owned(), environment));
        let held = self.cluster.secrets.iter().filter_map(|held| {
            let value = held.value.as_ref()?;
            let data = Map::from_iter([(key(held).to_owned(), json!(value.reveal()))]);
            Some(secret(self.own(&held.name), data))
        });
        environment.into_iter().chain(held).collect()
    }

    /// The volumes of a pod, and where its container mounts each.
    pub(super) fn volumes(&self) -> (Vec<Value>, Vec<Value>) {
        let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
        for volume in &self.cluster.volumes {
            let name = volume_name(volume);
            mounts.push(json!({"name": name, "mountPath": volume.container}));
            if let Some(nfs) = volume.nfs() {
                let source = json!({"server": nfs.server, "path": nfs.path, "readOnly": nfs.read_only});
                volumes.push(json!({"name": name, "nfs": source}));
            } else if !volume.per_copy {
                let claim = json!({"claimName": self.own(&volume.name)});
                volumes.push(json!({"name": name, "persistentVolumeClaim": claim}));
            }
        }
        for (index, mount) in self.spec.mounts.iter().enumerate() {
            let name = format!("folder-{index}");
            mounts.push(json!({"name": name, "mountPath": mount.container}));
            let mut source = json!({"path": mount.host});
            // Without it, a folder that is missing on the node would be made, and the application begin with nothing.
            if !may_be_a_file(&mount.host) {
                source["type"] = json!("Directory");
            }
            volumes.push(json!({"name": name, "hostPath": source}));
        }
        for (index, config) in self.cluster.configs.iter().enumerate() {
            let name = format!("config-{index}");
            volumes.push(json!({"name": name, "configMap": {"name": self.held(config)}}));
            mounts.push(mount_of(&name, config, ""));
        }
        for (index, secret) in self.cluster.secrets.iter().enumerate() {
            let name = format!("secret-{index}");
            let mut source = json!({"secretName": self.held(secret)});
            // The group is root's where nothing is said, and copies are not root.
            if self.kubernetes.user.is_some() {
                source["defaultMode"] = json!(0o440);
            }
            volumes.push(json!({"name": name, "secret": source}));
            mounts.push(mount_of(&name, secret, SECRETS));
        }
        (volumes, mounts)
    }

    /// The object of a configuration or secret: ours where its value is known, else one that somebody else made.
    fn held(&self, held: &Held) -> String {
        if held.value.is_some() { self.own(&held.name) } else { held.name.clone() }
    }
}

/// Whether a path of a node may be that of a file: what is there is only known on that node.
fn may_be_a_file(path: &Path) -> bool {
    let has_ending = path.file_name().is_some_and(|name| name.as_encoded_bytes().contains(&b'.'));
    has_ending || OF_FILES.iter().any(|folder| path.starts_with(folder))
}

/// The name of a volume within a pod; those that are numbered end in their numbers and begin with other words.
fn volume_name(volume: &Volume) -> String {
    format!("data-{}", volume.name)
}

/// The key of a configuration or secret: the name of its file.
fn key(held: &Held) -> &str {
    held.file.rsplit('/').next().unwrap_or(&held.file)
}

fn mount_of(name: &str, held: &Held, folder: &str) -> Value {
    let path = if held.file.starts_with('/') { held.file.clone() } else { format!("{folder}/{}", held.file) };
    json!({"name": name, "mountPath": path, "subPath": key(held), "readOnly": true})
}

fn claim_spec(volume: &Volume, mode: &str) -> Value {
    let storage = format!("{}Gi", volume.gib);
    let mut spec = json!({"accessModes": [mode], "resources": {"requests": {"storage": storage}}});
    if volume.driver != "local" {
        spec["storageClassName"] = json!(volume.driver);
    }
    spec
}
