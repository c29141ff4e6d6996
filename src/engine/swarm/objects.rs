//! What a service names: networks, secrets, configurations. Those that are ours are made, and go with the service.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard::models::{NetworkCreateRequest, SecretSpec};

use super::{Asked, Swarm, is_absent, labels};
use crate::engine::EngineError;
use crate::phrase;
use crate::plan::release;
use crate::run_spec::{ContainerName, Held, RunSpec};

/// The ids of what a service names, by the names that the run spec has for them.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) secrets: BTreeMap<String, Object>,
    pub(super) configs: BTreeMap<String, Object>,
}

/// A secret or configuration of the swarm.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) id: String,
    pub(super) name: String,
}

impl Swarm {
    /// Makes sure that all is there which `spec` names.
    pub(super) async fn prepare(&self, spec: &RunSpec) -> Result<Objects, EngineError> {
        let mut objects = Objects::default();
        let Some(cluster) = &spec.cluster else { return Ok(objects) };
        for network in &cluster.networks {
            self.make_network(network).await?;
        }
        for held in &cluster.secrets {
            let object = match &held.value {
                Some(value) => self.make_secret(spec, held, value.reveal()).await?,
                None => self.secret(&held.name).await?.ok_or_else(|| absent("secret", &held.name))?,
            };
            objects.secrets.insert(held.name.clone(), object);
        }
        for held in &cluster.configs {
            let object = self.config(&held.name).await?.ok_or_else(|| absent("config", &held.name))?;
            objects.configs.insert(held.name.clone(), object);
        }
        Ok(objects)
    }

    async fn make_network(&self, name: &str) -> Result<(), EngineError> {
        let client = self.docker.client().await?;
        match client.inspect_network(name, None).await {
            Ok(found) if found.scope.as_deref() == Some("swarm") => return Ok(()),
            Ok(_) => {
                let cause = phrase!(
                    "refuses-network",
                    "the network `{name}` is of this server alone: choose another name",
                    name = name
                );
                let what = phrase!("to-use-network", "use it for a service");
                return Err(EngineError::Refused { engine: "Docker", what, cause });
            }
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(self.failed(&error, Asked::Connection)),
        }
        let request = NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("overlay".to_owned()),
            attachable: Some(true),
            labels: Some(labels::shared(self.docker.mark()).into_iter().collect()),
            ..NetworkCreateRequest::default()
        };
        let made = client.create_network(request).await;
        made.map(|_| ()).map_err(|error| self.failed(&error, Asked::Container("make the network", name)))
    }

    /// A secret cannot be changed: each release has its own.
    async fn make_secret(&self, spec: &RunSpec, held: &Held, value: &str) -> Result<Object, EngineError> {
        let release = release(spec);
        let short = release.get(..12).unwrap_or_default();
        let name = format!("{}.{}.{short}", spec.name, held.name);
        // A name of a swarm has 64 letters at most.
        let name = if name.len() > 64 { crate::plan::sha256(name.as_bytes()) } else { name };
        if let Some(object) = self.secret(&name).await? {
            return Ok(object);
        }
        let secret = SecretSpec {
            name: Some(name.clone()),
            labels: Some(labels::of(spec, self.docker.mark()).into_iter().collect()),
            data: Some(STANDARD.encode(value)),
            ..SecretSpec::default()
        };
        let made = self.docker.client().await?.create_secret(secret).await;
        let made =
            made.map_err(|error| self.failed(&error, Asked::Container("make the secret", &held.name)))?;
        Ok(Object { id: made.id, name })
    }

    async fn secret(&self, name: &str) -> Result<Option<Object>, EngineError> {
        match self.docker.client().await?.inspect_secret(name).await {
            Ok(found) => Ok(found.id.map(|id| Object { id, name: name.to_owned() })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(&error, Asked::Container("look at the secret", name))),
        }
    }

    async fn config(&self, name: &str) -> Result<Option<Object>, EngineError> {
        match self.docker.client().await?.inspect_config(name).await {
            Ok(found) => Ok(found.id.map(|id| Object { id, name: name.to_owned() })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(&error, Asked::Container("look at the configuration", name))),
        }
    }

    /// Removes the secrets that were made for `container`, but for those of the release that runs.
    pub(super) async fn prune_secrets(
        &self,
        container: &ContainerName,
        release: Option<&str>,
    ) -> Result<(), EngineError> {
        let client = self.docker.client().await?;
        let secrets = client.list_secrets(None).await;
        for secret in secrets.map_err(|error| self.failed(&error, Asked::Connection))? {
            let spec = secret.spec.unwrap_or_default();
            let found = spec.labels.unwrap_or_default().into_iter().collect();
            let owner = labels::owner(&found, container.as_str(), self.docker.mark());
            let is_old = release.is_none_or(|release| labels::digest_of(&found) != release);
            if owner.is_some_and(|(owner, _)| owner == *container)
                && is_old
                && let Some(id) = secret.id
            {
                // One that is still in use is refused, and goes the next time.
                let _ = client.delete_secret(&id).await;
            }
        }
        Ok(())
    }

    /// Removes the networks that were made for services and that none is on any more.
    pub(super) async fn prune_networks(&self) -> Result<(), EngineError> {
        let client = self.docker.client().await?;
        let networks = client.list_networks(None).await;
        for network in networks.map_err(|error| self.failed(&error, Asked::Connection))? {
            let found = network.labels.unwrap_or_default().into_iter().collect();
            if labels::is_shared(&found, self.docker.mark())
                && let Some(id) = network.id
            {
                // One that is in use is refused.
                let _ = client.remove_network(&id).await;
            }
        }
        Ok(())
    }
}

fn absent(kind: &'static str, name: &str) -> EngineError {
    let make = format!("docker {kind} create {name} FILE");
    EngineError::ObjectAbsent { kind, name: name.to_owned(), make }
}
