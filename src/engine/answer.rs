//! Whether an application answers on its first port, whoever runs it.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::run_spec::HealthCheck;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// How long who listens in the place of an application may take to find that it is not there.
const WORD: Duration = Duration::from_millis(300);

/// Asks `address`, where the application's own `port` is listened on.
pub(super) async fn ask(address: SocketAddr, port: u16, check: &HealthCheck) -> Result<(), String> {
    let answer = async {
        let mut stream = TcpStream::connect(address)
            .await
            .map_err(|error| format!("nothing answers on its port {port}: {error}"))?;
        match &check.path {
            Some(path) => get(&mut stream, path, address).await,
            None => Ok(()),
        }
    };
    timeout(ANSWER, answer).await.unwrap_or_else(|_| Err(format!("its port {port} does not answer in time")))
}

/// The same, of an address where something may listen in the place of the application: a connection that is closed at once, without
/// a word, is one that it could not hand on.
pub(super) async fn ask_through(address: SocketAddr, port: u16, check: &HealthCheck) -> Result<(), String> {
    ask(address, port, check).await?;
    if check.path.is_some() {
        return Ok(());
    }
    let mut stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    match timeout(WORD, stream.read(&mut [0; 1])).await {
        Ok(Ok(0) | Err(_)) => {
            Err(format!("nothing answers on its port {port}: connections are closed at once"))
        }
        _ => Ok(()),
    }
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

/// The line without what would steer a terminal, and not longer than a person reads.
pub(super) fn harmless(line: &str) -> String {
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
