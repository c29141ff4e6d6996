//! Whether an application answers on its first port, whoever runs it.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::phrase;
use crate::run_spec::HealthCheck;
use crate::words::Phrase;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// How long who listens in the place of an application may take to find that it is not there.
const WORD: Duration = Duration::from_millis(300);

/// What is said of one that is not up when its time is over.
pub(super) fn after(cause: &Phrase, seconds: u16) -> Phrase {
    phrase!("ill-after", "{cause}, after {seconds} seconds", cause = cause, seconds = seconds)
}

/// Asks `address`, where the application's own `port` is listened on.
pub(super) async fn knock(address: SocketAddr, port: u16, check: &HealthCheck) -> Result<(), Phrase> {
    let answer = async {
        let mut stream = TcpStream::connect(address).await.map_err(|error| silent(port, &error))?;
        match &check.path {
            Some(path) => get(&mut stream, path, address).await,
            None => Ok(()),
        }
    };
    let late =
        |_| Err(phrase!("ill-late", "its port {port} does not answer in time", port = port.to_string()));
    timeout(ANSWER, answer).await.unwrap_or_else(late)
}

/// Why an image is not there that is to be by now.
pub(super) fn not_fetched() -> Phrase {
    phrase!("lacks-fetched", "it has not been fetched")
}

/// What is said of who refuses without a word.
pub(super) fn no_word() -> Phrase {
    phrase!("refuses-silently", "it does not say why")
}

/// Why what is a file is not there.
pub(super) fn no_file() -> Phrase {
    phrase!("lacks-no-file", "there is no such file")
}

/// Which address did not answer.
pub(super) fn at(why: &Phrase, address: SocketAddr) -> Phrase {
    phrase!("ill-at", "{why} (at {address})", why = why, address = address)
}

fn silent(port: u16, error: &std::io::Error) -> Phrase {
    phrase!(
        "ill-silent",
        "nothing answers on its port {port}: {error}",
        port = port.to_string(),
        error = error.to_string()
    )
}

/// The same, of an address where something may listen in the place of the application: a connection that is closed at once, without
/// a word, is one that it could not hand on.
pub(super) async fn knock_through(address: SocketAddr, port: u16, check: &HealthCheck) -> Result<(), Phrase> {
    knock(address, port, check).await?;
    if check.path.is_some() {
        return Ok(());
    }
    let mut stream = TcpStream::connect(address).await.map_err(|error| silent(port, &error))?;
    match timeout(WORD, stream.read(&mut [0; 1])).await {
        Ok(Ok(0) | Err(_)) => Err(phrase!(
            "ill-closed",
            "nothing answers on its port {port}: connections are closed at once",
            port = port.to_string()
        )),
        _ => Ok(()),
    }
}

/// Asks for `path`: any answer below 500 shows that the application is there.
async fn get(stream: &mut TcpStream, path: &str, address: SocketAddr) -> Result<(), Phrase> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: galerne\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    let failed = |error: std::io::Error| {
        phrase!("ill-path", "`{path}` does not answer: {error}", path = path, error = error.to_string())
    };
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut head = Vec::new();
    // The status line is short; who sends none in a thousand bytes does not speak HTTP.
    BufReader::new(stream.take(1000)).read_until(b'\n', &mut head).await.map_err(failed)?;
    match status(&head) {
        Some(status) if status < 500 => Ok(()),
        Some(status) => Err(phrase!(
            "ill-status",
            "`{path}` answers with the status {status}",
            path = path,
            status = status.to_string()
        )),
        None => Err(phrase!("ill-no-http", "`{path}` is not answered in HTTP", path = path)),
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
    fn why_an_application_is_not_up_is_said_in_french_too() {
        let cause = phrase!("ill-ended-with", "it ended with exit code {code}", code = "1");
        let error = crate::engine::EngineError::Unhealthy {
            container: "wiki".to_owned(),
            cause: after(&cause, 3),
            log: Vec::new(),
        };
        assert!(error.to_string().contains("it ended with exit code 1, after 3 seconds"), "{error}");
        let said =
            crate::words::Words::new(crate::words::Language::Fr).phrase(&crate::diagnostic::said(&error));
        assert!(said.contains("il s'est arrêté avec le code de sortie 1, après 3 secondes"), "{said}");
    }

    #[test]
    fn a_log_cannot_steer_the_terminal() {
        assert_eq!(harmless("\u{1b}[2Jgone\u{7}"), "[2Jgone");
    }
}
