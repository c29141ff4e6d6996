//! Containers that another technology of galerne's runs on this engine: Vagrant, whose provider `docker` starts them.
//!
//! Their labels name that technology and the folder by which it knows them. To Docker's own engine they are neither its own nor
//! foreign: the technology tells of them.

use std::path::{Path, PathBuf};

use bollard::query_parameters::{RemoveContainerOptions, StopContainerOptions};

use super::failure::{Asked, is_absent};
use super::labels::{self, Mark};
use super::{Docker, GRACE_SECONDS, health, look, summary};
use crate::engine::EngineError;
use crate::plan::{HostPort, State};
use crate::run_spec::{RunSpec, Technology};

/// A container that another technology runs here.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Hosted {
    /// The engine's name for it in all its lives.
    pub(in crate::engine) id: String,
    /// Its name.
    pub(in crate::engine) name: String,
    /// The folder by which that technology knows it.
    pub(in crate::engine) folder: PathBuf,
    /// What it does.
    pub(in crate::engine) state: State,
    /// The addresses that it listens on, while it runs.
    pub(in crate::engine) ports: Vec<HostPort>,
}

impl Docker {
    fn mark_of(&self, technology: Technology) -> Mark<'_> {
        Mark { technology, root: &self.settings.root }
    }

    /// Where the engine is.
    pub(in crate::engine) fn address(&self) -> &str {
        &self.settings.address
    }

    /// The labels of a container that `technology` is to run here for `spec`, by their names.
    pub(in crate::engine) fn labels_of(
        &self,
        technology: Technology,
        spec: &RunSpec,
        folder: &Path,
    ) -> Vec<(String, String)> {
        labels::of_hosted(spec, folder, self.mark_of(technology)).into_iter().collect()
    }

    /// The containers that `technology` runs here.
    pub(in crate::engine) async fn hosted(&self, technology: Technology) -> Result<Vec<Hosted>, EngineError> {
        let mut hosted = Vec::new();
        for found in look::list(self).await? {
            let labels = found.labels.unwrap_or_default().into_iter().collect();
            let names = found.names.unwrap_or_default();
            let name = names.iter().find_map(|name| name.strip_prefix('/')).unwrap_or_default();
            let folder = labels::folder_of(&labels, self.mark_of(technology));
            let (Some(folder), Some(id)) = (folder, found.id) else { continue };
            hosted.push(Hosted {
                id,
                name: name.to_owned(),
                folder,
                state: summary::state_of(found.state, found.status.as_deref().unwrap_or_default()),
                ports: found.ports.unwrap_or_default().iter().filter_map(summary::host_port).collect(),
            });
        }
        Ok(hosted)
    }

    /// Stops and removes one of them, and none of its volumes.
    pub(in crate::engine) async fn remove_hosted(&self, hosted: &Hosted) -> Result<(), EngineError> {
        let client = self.client().await?;
        if hosted.state.is_up() {
            let options = StopContainerOptions { t: Some(GRACE_SECONDS), ..StopContainerOptions::default() };
            let stopped = client.stop_container(&hosted.id, Some(options)).await;
            match stopped {
                Err(error) if !is_absent(&error) => {
                    return Err(self.failed(&error, Asked::Container("stop", &hosted.name)));
                }
                _ => {}
            }
        }
        let options = RemoveContainerOptions { force: true, ..RemoveContainerOptions::default() };
        match client.remove_container(&hosted.id, Some(options)).await {
            Err(error) if !is_absent(&error) => {
                Err(self.failed(&error, Asked::Container("remove", &hosted.name)))
            }
            _ => Ok(()),
        }
    }

    /// Waits until `container`, which runs `spec`, is up.
    pub(in crate::engine) async fn health_of(
        &self,
        container: &str,
        spec: &RunSpec,
    ) -> Result<(), EngineError> {
        health::wait(self, container, spec).await
    }
}
