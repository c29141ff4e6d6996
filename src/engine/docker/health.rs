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
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::{Docker, look};
use crate::engine::EngineError;
use crate::run_spec::RunSpec;

/// How long a container must have run before it is believed.
const MOMENT: Duration = Duration::from_millis(500);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// How many lines of the log a person is shown.
const TAIL: &str = "20";

/// What one look saw.
enum Look {
    /// It is up.
    Up,
    /// Not yet, and why.
    NotYet(String),
    /// It will not come up by waiting, and why.
    Lost(String),
}

/// Waits until the container of `spec` is up, at most as long as `spec` allows.
pub(super) async fn wait(docker: &Docker, spec: &RunSpec) -> Result<(), EngineError> {
    let began = Instant::now();
    let deadline = began + Duration::from_secs(spec.health.within_seconds.into());
    let mut first_start = None;
    loop {
        let found = look::inspect(docker, spec.name.as_str()).await?;
        let state = found.state.clone().unwrap_or_default();
        let since = first_start.get_or_insert_with(|| state.started_at.clone()).clone();
        let look = if state.started_at == since {
            look(&state, &found, spec).await
        } else {
            Look::Lost("it ended and was started again".to_owned())
        };
        let cause = match look {
            Look::Up if began.elapsed() >= MOMENT => return Ok(()),
            Look::Up => "it has only just started".to_owned(),
            Look::NotYet(cause) => cause,
            Look::Lost(cause) => return Err(unhealthy(docker, spec, cause).await),
        };
        if Instant::now() >= deadline {
            let cause = format!("{cause}, after {} seconds", spec.health.within_seconds);
            return Err(unhealthy(docker, spec, cause).await);
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
        return Look::Lost("it is paused".to_owned());
    }
    match state.health.as_ref().and_then(|health| health.status) {
        Some(HealthStatusEnum::UNHEALTHY) => {
            return Look::Lost("the check of its image fails".to_owned());
        }
        Some(HealthStatusEnum::STARTING) => {
            return Look::NotYet("the check of its image has not passed".to_owned());
        }
        _ => {}
    }
    match probe(found, spec).await {
        Ok(()) => Look::Up,
        Err(cause) => Look::NotYet(cause),
    }
}

fn ended(state: &ContainerState) -> String {
    if state.oom_killed == Some(true) {
        return "it ended: it used more memory than it may".to_owned();
    }
    match state.exit_code {
        Some(code) => format!("it ended with exit code {code}"),
        None => "it ended".to_owned(),
    }
}

/// Asks the first port; nothing is asked of a container without ports.
async fn probe(found: &ContainerInspectResponse, spec: &RunSpec) -> Result<(), String> {
    let Some(port) = spec.ports.first() else {
        return Ok(());
    };
    let address = match own_address(found) {
        Some(own) => SocketAddr::new(own, port.container),
        None => SocketAddr::new(port.address, port.host),
    };
    let answer = async {
        let mut stream = TcpStream::connect(address)
            .await
            .map_err(|error| format!("nothing answers on its port {}: {error}", port.container))?;
        match &spec.health.path {
            Some(path) => get(&mut stream, path, address).await,
            None => Ok(()),
        }
    };
    timeout(ANSWER, answer)
        .await
        .unwrap_or_else(|_| Err(format!("its port {} does not answer in time", port.container)))
}

/// The container's address on the first network that gave it one, in the order of their names.
fn own_address(found: &ContainerInspectResponse) -> Option<IpAddr> {
    let networks = found.network_settings.as_ref()?.networks.as_ref()?;
    let mut named: Vec<_> = networks.iter().collect();
    named.sort_by_key(|(name, _)| name.as_str());
    named.into_iter().find_map(|(_, network)| network.ip_address.as_deref()?.parse().ok())
}

/// Asks for `path`: any answer below 500 shows that the application is there.
async fn get(stream: &mut TcpStream, path: &str, address: SocketAddr) -> Result<(), String> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: galerne\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    let failed = |error: std::io::Error| format!("`{path}` does not answer: {error}");
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut head = Vec::new();
    // The status line is short; who sends none in a thousand bytes does not speak HTTP.
    BufReader::new(stream.take(1000)).read_until(b'\n', &mut head).await.map_err(failed)?;
    match status(&head) {
        Some(status) if status < 500 => Ok(()),
        Some(status) => Err(format!("`{path}` answers with the status {status}")),
        None => Err(format!("`{path}` is not answered in HTTP")),
    }
}

/// The code of an HTTP status line.
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head).ok()?;
    let rest = line.strip_prefix("HTTP/1.")?;
    rest.split(' ').nth(1)?.trim().parse().ok()
}

async fn unhealthy(docker: &Docker, spec: &RunSpec, cause: String) -> EngineError {
    EngineError::Unhealthy { container: spec.name.to_string(), cause, log: tail(docker, spec).await }
}

/// The last lines that it wrote; none if they cannot be read, as the cause is worth more than they are.
async fn tail(docker: &Docker, spec: &RunSpec) -> Vec<String> {
    let Ok(client) = docker.client().await else {
        return Vec::new();
    };
    let options = LogsOptions { stdout: true, stderr: true, tail: TAIL.to_owned(), ..LogsOptions::default() };
    let parts: Vec<_> = client.logs(spec.name.as_str(), Some(options)).collect().await;
    let text: String = parts.into_iter().flatten().map(|part| part.to_string()).collect();
    text.lines().map(harmless).collect()
}

/// The line without what would steer a terminal, and not longer than a person reads.
fn harmless(line: &str) -> String {
    line.chars().filter(|letter| !letter.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_is_read() {
        assert_eq!(status(b"HTTP/1.1 404 Not Found\r\n"), Some(404));
        assert_eq!(status(b"HTTP/1.0 200\r\n"), Some(200));
        assert_eq!(status(b"SSH-2.0-OpenSSH"), None);
        assert_eq!(status(b""), None);
    }

    #[test]
    fn a_log_cannot_steer_the_terminal() {
        assert_eq!(harmless("\u{1b}[2Jgone\u{7}"), "[2Jgone");
    }
}
