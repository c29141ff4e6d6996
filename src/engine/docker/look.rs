//! Asking about containers, more than once where the answer is of a moment.
//!
//! Podman has states that Docker does not have (`stopped`: ended, and not yet cleaned up after): the reader of Docker's API
//! knows none of them, and podman itself refuses what it is asked meanwhile. They pass, so the same is asked again for a
//! while.

use std::time::Duration;

use bollard::errors::Error;
use bollard::models::{ContainerInspectResponse, ContainerSummary};
use bollard::query_parameters::ListContainersOptions;
use tokio::time::{Instant, sleep};

use super::Docker;
use super::failure::Asked;
use crate::engine::EngineError;

/// How long a state that Docker does not have may last, and the time between two looks.
const PASSING: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// What the engine knows of the container `name`.
pub(super) async fn inspect(docker: &Docker, name: &str) -> Result<ContainerInspectResponse, EngineError> {
    let client = docker.client().await?;
    let found = patiently(|| client.inspect_container(name, None)).await;
    found.map_err(|error| docker.failed(&error, Asked::Container("look at", name)))
}

/// All containers of the engine.
pub(super) async fn list(docker: &Docker) -> Result<Vec<ContainerSummary>, EngineError> {
    let client = docker.client().await?;
    let options = ListContainersOptions { all: true, ..ListContainersOptions::default() };
    let found = patiently(|| client.list_containers(Some(options.clone()))).await;
    found.map_err(|error| docker.failed(&error, Asked::Connection))
}

/// Asks until the answer is not of a moment.
pub(super) async fn patiently<T, F: Future<Output = Result<T, Error>>>(
    ask: impl Fn() -> F,
) -> Result<T, Error> {
    let deadline = Instant::now() + PASSING;
    loop {
        match ask().await {
            Err(error) if passes(&error) && Instant::now() < deadline => sleep(PAUSE).await,
            answer => return answer,
        }
    }
}

fn passes(error: &Error) -> bool {
    match error {
        Error::JsonDataError { .. } => true,
        Error::DockerResponseServerError { message, .. } => message.contains("container state improper"),
        _ => false,
    }
}
