//! Whether a container that was started is up.
//!
//! It is when it has run for a moment without ending, its first port answers, and the check that its image has,
//! if it has one, agrees. It is asked at its own address: the host's port is answered by Docker even when nothing
//! listens behind it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bollard::models::{ContainerInspectResponse, ContainerState, HealthStatusEnum};
use bollard::query_parameters::LogsOptions;
use futures_util::stream::StreamExt as _;
use tokio::time::{Instant, sleep};

use super::{Docker, look};
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::run_spec::RunSpec;
use crate::words::Phrase;

/// How long a container must have run before it is believed.
const MOMENT: Duration = Duration::from_millis(500);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// How many lines of the log a person is shown.
const TAIL: &str = "20";

/// What one look saw.
enum Look {
    /// It is up.
    Up,
    /// Not yet, and why.
    NotYet(Phrase),
    /// It will not come up by waiting, and why.
    Lost(Phrase),
}

/// Waits until `container`, which runs `spec`, is up, at most as long as `spec` allows.
pub(super) async fn wait(docker: &Docker, container: &str, spec: &RunSpec) -> Result<(), EngineError> {
    let began = Instant::now();
    let deadline = began + Duration::from_secs(spec.health.within_seconds.into());
    let mut first_start = None;
    loop {
        let found = look::inspect(docker, container).await?;
        let state = found.state.clone().unwrap_or_default();
        let since = first_start.get_or_insert_with(|| state.started_at.clone()).clone();
        let look = if state.started_at == since {
            look(&state, &found, spec).await
        } else {
            Look::Lost(phrase!("ill-again", "it ended and was started again"))
        };
        let cause = match look {
            Look::Up if began.elapsed() >= MOMENT => return Ok(()),
            Look::Up => phrase!("ill-new", "it has only just started"),
            Look::NotYet(cause) => cause,
            Look::Lost(cause) => return Err(unhealthy(docker, container, spec, cause).await),
        };
        if Instant::now() >= deadline {
            let cause = answer::after(&cause, spec.health.within_seconds);
            return Err(unhealthy(docker, container, spec, cause).await);
        }
        sleep(PAUSE).await;
    }
}

async fn look(state: &ContainerState, found: &ContainerInspectResponse, spec: &RunSpec) -> Look {
    if state.restarting == Some(true) {
        return Look::Lost(ended(state));
    }
    if state.running != Some(true) {
        return Look::Lost(ended(state));
    }
    if state.paused == Some(true) {
        return Look::Lost(phrase!("ill-paused", "it is paused"));
    }
    match state.health.as_ref().and_then(|health| health.status) {
        Some(HealthStatusEnum::UNHEALTHY) => {
            return Look::Lost(phrase!("ill-check", "the check of its image fails"));
        }
        Some(HealthStatusEnum::STARTING) => {
            return Look::NotYet(phrase!("ill-check-waits", "the check of its image has not passed"));
        }
        _ => {}
    }
    match probe(found, spec).await {
        Ok(()) => Look::Up,
        Err(cause) => Look::NotYet(cause),
    }
}

fn ended(state: &ContainerState) -> Phrase {
    if state.oom_killed == Some(true) {
        return phrase!("ill-memory", "it ended: it used more memory than it may");
    }
    match state.exit_code {
        Some(code) => {
            phrase!("ill-ended-with", "it ended with exit code {code}", code = code.to_string())
        }
        None => phrase!("ill-ended", "it ended"),
    }
}

/// Asks the first port; nothing is asked of a container without ports.
async fn probe(found: &ContainerInspectResponse, spec: &RunSpec) -> Result<(), Phrase> {
    let Some(port) = spec.ports.first() else {
        return Ok(());
    };
    let address = match own_address(found) {
        Some(own) => SocketAddr::new(own, port.container),
        None => SocketAddr::new(port.address, port.host),
    };
    answer::knock(address, port.container, &spec.health).await
}

/// The container's address on the first network that gave it one, in the order of their names.
fn own_address(found: &ContainerInspectResponse) -> Option<IpAddr> {
    let networks = found.network_settings.as_ref()?.networks.as_ref()?;
    let mut named: Vec<_> = networks.iter().collect();
    named.sort_by_key(|(name, _)| name.as_str());
    named.into_iter().find_map(|(_, network)| network.ip_address.as_deref()?.parse().ok())
}

async fn unhealthy(docker: &Docker, container: &str, spec: &RunSpec, cause: Phrase) -> EngineError {
    EngineError::Unhealthy { container: spec.name.to_string(), cause, log: tail(docker, container).await }
}

/// The last lines that it wrote; none if they cannot be read, as the cause is worth more than they are.
async fn tail(docker: &Docker, container: &str) -> Vec<String> {
    let Ok(client) = docker.client().await else {
        return Vec::new();
    };
    let options = LogsOptions { stdout: true, stderr: true, tail: TAIL.to_owned(), ..LogsOptions::default() };
    let parts: Vec<_> = client.logs(container, Some(options)).collect().await;
    let text: String = parts.into_iter().flatten().map(|part| part.to_string()).collect();
    text.lines().map(answer::harmless).collect()
}
