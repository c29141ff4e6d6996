//! One HTTP request: no redirect, no cache, no chunks (HTTP/1.0), nothing that hides what the server did.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status, 200 when all is well.
    pub(crate) status: u16,
    /// The header lines, as they came.
    pub(crate) head: String,
    /// What follows them.
    pub(crate) body: String,
}

/// Gets `path` from `port` of 127.0.0.1 within ten seconds.
///
/// # Errors
/// When nobody listens, the connection breaks, the time is over, or the answer is no HTTP.
pub(crate) fn get(port: u16, path: &str) -> io::Result<Response> {
    get_from(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), path)
}

/// Like [`get`], from any address.
pub(crate) fn get_from(address: SocketAddr, path: &str) -> io::Result<Response> {
    get_within(address, path, Duration::from_secs(10))
}

/// The same, within `limit`.
pub(super) fn get_within(address: SocketAddr, path: &str, limit: Duration) -> io::Result<Response> {
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP"))
}

/// Whether `address` answers well within ten seconds.
pub(crate) fn get_patiently(address: SocketAddr) -> bool {
    (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        get_from(address, "/").is_ok_and(|response| response.status == 200)
    })
}

/// The status, head and body of an answer.
fn parse(answer: &str) -> Option<Response> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Response { status, head: head.to_owned(), body: body.to_owned() })
}
