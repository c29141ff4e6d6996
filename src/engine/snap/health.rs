//! Whether a snap that was started is up: its services have run for a moment without ending, and its first port answers.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::stream::TryStreamExt as _;
use tokio::time::{Instant, sleep};

use super::program::systemctl;
use super::store::Life;
use super::{Snap, log, units};
use crate::engine::{EngineError, LogRequest, answer};
use crate::phrase;
use crate::run_spec::RunSpec;
use crate::words::Phrase;

/// How long a service must have run before it is believed.
const MOMENT: Duration = Duration::from_millis(500);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// How many lines of the log a person is shown.
const TAIL: u32 = 20;

/// Waits until the snap of `spec` is up, at most as long as `spec` allows.
pub(super) async fn wait(snap: &Snap, spec: &RunSpec) -> Result<(), EngineError> {
    let life = snap.ours(spec.name.as_str()).await?;
    let began = Instant::now();
    let deadline = began + Duration::from_secs(spec.health.within_seconds.into());
    loop {
        if let Some(cause) = lost(snap, &life).await? {
            return Err(unhealthy(snap, &life, spec, cause).await);
        }
        let cause = match ask(spec).await {
            Ok(()) if began.elapsed() >= MOMENT => return Ok(()),
            Ok(()) => phrase!("ill-new", "it has only just started"),
            Err(cause) => cause,
        };
        if Instant::now() >= deadline {
            let cause = answer::after(&cause, spec.health.within_seconds);
            return Err(unhealthy(snap, &life, spec, cause).await);
        }
        sleep(PAUSE).await;
    }
}

/// Why it will not come up by waiting.
async fn lost(snap: &Snap, life: &Life) -> Result<Option<Phrase>, EngineError> {
    let names: Vec<String> =
        life.package.lasting().map(|name| units::service(&life.package.name, name)).collect();
    let mut arguments = vec!["show", "--property=NRestarts,ActiveState,ExecMainStatus"];
    arguments.extend(names.iter().map(String::as_str));
    let shown = systemctl(snap.settings.machine, &arguments).await?.output;
    for (name, shown) in life.package.lasting().zip(shown.split("\n\n")) {
        let of = |property: &str| {
            shown.lines().find_map(|line| line.strip_prefix(property)?.strip_prefix('=')).unwrap_or_default()
        };
        if !["0", ""].contains(&of("NRestarts")) {
            return Ok(Some(phrase!(
                "ill-service-again",
                "its service `{name}` ended and was started again",
                name = name
            )));
        }
        if ["failed", "inactive"].contains(&of("ActiveState")) {
            let code = of("ExecMainStatus");
            return Ok(Some(phrase!(
                "ill-service-ended",
                "its service `{name}` ended with exit code {code}",
                name = name,
                code = code
            )));
        }
    }
    Ok(None)
}

/// Asks the first port; nothing is asked of a snap without ports.
async fn ask(spec: &RunSpec) -> Result<(), Phrase> {
    let Some(port) = spec.ports.first() else { return Ok(()) };
    let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port.container);
    answer::knock(address, port.container, &spec.health).await
}

/// The cause is worth more than the last lines, which are left out where they cannot be read.
async fn unhealthy(snap: &Snap, life: &Life, spec: &RunSpec, cause: Phrase) -> EngineError {
    let request = LogRequest { follow: false, tail: Some(TAIL) };
    let lines =
        async { log::read(snap, &life.package.name, request).await?.try_collect::<Vec<String>>().await };
    let log = lines.await.unwrap_or_default();
    let log = log.iter().map(|line| answer::harmless(line)).filter(|line| !line.trim().is_empty()).collect();
    EngineError::Unhealthy { container: spec.name.to_string(), cause, log }
}
