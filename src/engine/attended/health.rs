//! Whether a container that was started is up: it has run for a moment without ending, and its first port answers.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::store::{self, Found};
use super::{Kind, attend, program};
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::run_spec::RunSpec;
use crate::words::Phrase;

/// How long a container must have run before it is believed.
const MOMENT: Duration = Duration::from_millis(500);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// How many lines of the log a person is shown.
const TAIL: usize = 20;

/// Waits until the container of `spec` is up, at most as long as `spec` allows.
pub(super) async fn wait(found: &Found, spec: &RunSpec, kind: &dyn Kind) -> Result<(), EngineError> {
    let began = Instant::now();
    let deadline = began + Duration::from_secs(spec.health.within_seconds.into());
    loop {
        if let Some(cause) = lost(found) {
            return Err(unhealthy(found, spec, cause));
        }
        let cause = match ask(found, spec, kind).await {
            Ok(()) if began.elapsed() >= MOMENT => return Ok(()),
            Ok(()) => phrase!("ill-new", "it has only just started"),
            Err(cause) => cause,
        };
        if Instant::now() >= deadline {
            let cause = answer::after(&cause, spec.health.within_seconds);
            return Err(unhealthy(found, spec, cause));
        }
        sleep(PAUSE).await;
    }
}

/// Why it will not come up by waiting.
fn lost(found: &Found) -> Option<Phrase> {
    let seen = attend::seen(&found.folder);
    if let Some(code) = seen.ended {
        return Some(phrase!("ill-ended-with", "it ended with exit code {code}", code = code.to_string()));
    }
    if seen.starts > 1 {
        return Some(phrase!("ill-again", "it ended and was started again"));
    }
    attend::attendant(&found.folder).is_none().then(|| phrase!("ill-off", "it does not run"))
}

/// Asks the first port; nothing is asked of a container without ports.
async fn ask(found: &Found, spec: &RunSpec, kind: &dyn Kind) -> Result<(), Phrase> {
    let (Some(port), Some(note)) = (spec.ports.first(), &found.note) else {
        return Ok(());
    };
    answer::knock(kind.door(note, port), port.container, &spec.health).await
}

/// The cause is worth more than the last lines, which are left out where they cannot be read.
fn unhealthy(found: &Found, spec: &RunSpec, cause: Phrase) -> EngineError {
    let text = store::read(&found.folder.join("log")).unwrap_or_default();
    let log = program::lines(text.as_bytes(), TAIL);
    EngineError::Unhealthy { container: spec.name.to_string(), cause, log }
}
