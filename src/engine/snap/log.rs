//! What the services of a snap wrote, as snapd reads it from the journal: JSON texts, each after a mark.

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde::Deserialize;

use super::Snap;
use super::failure::{failed, refused};
use crate::engine::{EngineError, LogRequest};
use crate::phrase;

/// How long one entry may be, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Entry {
    message: String,
}

/// What is read: the answer, and what of it is not shown yet.
struct Reading {
    body: Incoming,
    rest: BytesMut,
}

/// What the services of the snap `name` wrote.
pub(super) async fn read(
    snap: &Snap,
    name: &str,
    request: LogRequest,
) -> Result<impl Stream<Item = Result<String, EngineError>> + use<>, EngineError> {
    let count = request.tail.map_or(-1, i64::from);
    let path = format!("/v2/logs?names={name}&n={count}&follow={}", request.follow);
    let response = match snap.client.stream("GET", &path, None).await {
        // It has not been installed yet, or is no longer.
        Err(error) if error.is("snap-not-found") || error.is("app-not-found") => None,
        response => Some(
            response.map_err(|error| failed(snap, phrase!("to-show-journal", "show its journal"), error))?,
        ),
    };
    let reading = response.map(|response| Reading { body: response.into_body(), rest: BytesMut::new() });
    Ok(stream::unfold(reading, next))
}

async fn next(reading: Option<Reading>) -> Option<(Result<String, EngineError>, Option<Reading>)> {
    let mut reading = reading?;
    loop {
        if let Some(end) = reading.rest.iter().position(|byte| *byte == b'\n') {
            let line = reading.rest.split_to(end + 1).freeze();
            if let Some(message) = message(&line) {
                return Some((Ok(message), Some(reading)));
            }
            continue;
        }
        let part = match reading.body.frame().await? {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => {
                return Some((
                    Err(refused(phrase!("to-show-journal", "show its journal"), error.to_string())),
                    None,
                ));
            }
        };
        reading.rest.extend_from_slice(&part);
        if reading.rest.len() > LONGEST {
            return Some((
                Err(refused(
                    phrase!("to-show-journal", "show its journal"),
                    phrase!("entry-long", "an entry is too long"),
                )),
                None,
            ));
        }
    }
}

/// The message of one entry, as a line.
fn message(line: &Bytes) -> Option<String> {
    let text = line.strip_prefix(b"\x1e").unwrap_or(line);
    serde_json::from_slice::<Entry>(text).ok().map(|entry| format!("{}\n", entry.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_line() {
        let entry = Bytes::from_static(
            b"\x1e{\"timestamp\":\"x\",\"message\":\"listens\",\"sid\":\"a\",\"pid\":\"1\"}\n",
        );
        assert_eq!(message(&entry).as_deref(), Some("listens\n"));
        assert_eq!(message(&Bytes::from_static(b"\n")), None);
    }
}
