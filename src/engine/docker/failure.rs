//! What an engine answers, turned into a sentence that says which and what to do.

use std::error::Error as _;
use std::fmt;
use std::io;

use bollard::errors::Error;
use regex::Regex;
use serde::{Serialize, Serializer};

use super::Words;
use crate::engine::EngineError;
use crate::phrase;
use crate::plan::image;
use crate::run_spec::Source;
use crate::words::Phrase;

/// What Docker was asked when it failed.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) enum Asked<'a> {
    /// Anything that needs no more than its answering.
    Connection,
    /// Something of the image.
    Image(&'a str),
    /// To make a container of an image.
    Create(&'a str, &'a Source),
    /// To give a container another name.
    Rename(&'a str, &'a str),
    /// To do this to a container.
    Container(&'a str, &'a str),
}

/// Whether the thing that was asked for does not exist.
pub(in crate::engine) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

/// The sentence for `error`, which the engine at `address` gave.
pub(super) fn sentence(error: &Error, asked: Asked<'_>, words: Words, address: &str) -> EngineError {
    let engine = words.engine;
    let (status, message) = match error {
        Error::DockerResponseServerError { status_code, message } => (*status_code, message.as_str()),
        Error::DockerStreamError { error } => (500, error.as_str()),
        Error::RequestTimeoutError => {
            return absent(words, address, phrase!("late-answer", "it took too long"));
        }
        Error::JsonDataError { message, .. } => (200, message.as_str()),
        other => return unanswered(other, words, address),
    };
    let message = one_line(message);
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["no space left on device", "disk quota exceeded"]) {
        return EngineError::DiskFull { engine, cause: message };
    }
    match asked {
        Asked::Image(image) => of_image(engine, image.to_owned(), status, message),
        Asked::Create(_, source) if status == 404 => of_image(engine, image(source), status, message),
        // Podman says so with a status of its own.
        Asked::Create(name, _) | Asked::Rename(_, name)
            if status == 409 || has(&["name is already in use"]) =>
        {
            EngineError::NameTaken { container: name.to_owned() }
        }
        Asked::Container(_, name) | Asked::Rename(name, _) if status == 404 => {
            EngineError::ContainerAbsent { container: name.to_owned() }
        }
        Asked::Container(_, name) if has(&["already allocated", "address already in use"]) => {
            EngineError::PortTaken { container: name.to_owned(), port: port_of(&message) }
        }
        _ => EngineError::Refused { engine, what: what(asked), cause: message.into() },
    }
}

/// What was to be done, in words; languages choose theirs by a name, which has no spaces.
struct Verb<'a>(&'a str);

impl fmt::Display for Verb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Verb<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.replace(' ', "-"))
    }
}

fn what(asked: Asked<'_>) -> Phrase {
    match asked {
        Asked::Connection => phrase!("to-answer", "answer"),
        Asked::Image(image) => phrase!("to-fetch", "fetch `{image}`", image = image),
        Asked::Create(name, _) => phrase!("to-create", "create `{name}`", name = name),
        Asked::Rename(name, to) => phrase!("to-rename", "rename `{name}` to `{to}`", name = name, to = to),
        Asked::Container(verb, name) => {
            phrase!("to-do", "{verb} `{name}`", verb = Verb(verb), name = name)
        }
    }
}

fn of_image(engine: &'static str, image: String, status: u16, cause: String) -> EngineError {
    let lower = cause.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["repository does not exist", "manifest unknown"]) {
        EngineError::ImageAbsent { image, cause: cause.into() }
    } else if has(&["no basic auth", "unauthorized", "authentication required", "denied: "]) {
        EngineError::RegistryRefused { image, cause }
    } else if status == 404 || has(&["not found"]) {
        EngineError::ImageAbsent { image, cause: cause.into() }
    } else if has(&[
        "dial tcp",
        "no such host",
        "connection refused",
        "timeout",
        "deadline exceeded",
        "server gave http response",
        "x509",
        "eof",
    ]) {
        EngineError::RegistryUnreachable { image, cause: cause.into() }
    } else {
        EngineError::Refused {
            engine,
            what: phrase!("to-fetch", "fetch `{image}`", image = image),
            cause: cause.into(),
        }
    }
}

/// The engine gave no answer at all: it is not there, or does not let us in.
fn unanswered(error: &Error, words: Words, address: &str) -> EngineError {
    let mut causes = Vec::new();
    let mut next: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut denied = matches!(error, Error::IOError { err } if err.kind() == io::ErrorKind::PermissionDenied);
    while let Some(cause) = next {
        denied |= cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
        causes.push(cause.to_string());
        next = cause.source();
    }
    if denied {
        return EngineError::Permission { engine: words.engine, address: address.to_owned() };
    }
    if matches!(error, Error::SocketNotFoundError(_)) {
        return absent(words, address, phrase!("system-no-file", "no such file or directory"));
    }
    let cause = causes.pop().unwrap_or_else(|| error.to_string());
    absent(words, address, one_line(&cause).into())
}

fn absent(words: Words, address: &str, cause: Phrase) -> EngineError {
    let Words { engine, variable, .. } = words;
    EngineError::Absent { engine, variable, address: address.to_owned(), cause }
}

/// The port in "Bind for 127.0.0.1:8080 failed: port is already allocated" and its like.
pub(in crate::engine) fn port_of(message: &str) -> String {
    let found = Regex::new(r":(\d{1,5})(?::| failed)")
        .ok()
        .and_then(|port| Some(port.captures(message)?[1].to_owned()));
    found.unwrap_or_else(|| "(unknown)".to_owned())
}

fn one_line(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_spec::Technology;

    fn answer(status_code: u16, message: &str) -> Error {
        Error::DockerResponseServerError { status_code, message: message.to_owned() }
    }

    fn said(error: &Error, asked: Asked<'_>) -> String {
        sentence(error, asked, Words::of(Technology::Docker), "unix:///x").to_string()
    }

    #[test]
    fn a_taken_port_is_named() {
        for message in [
            "driver failed programming external connectivity on endpoint wiki (4f): Bind for 127.0.0.1:8080 failed: port is already allocated",
            "driver failed programming external connectivity on endpoint wiki (4f): Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use",
        ] {
            assert_eq!(
                said(&answer(500, message), Asked::Container("start", "wiki")),
                "`wiki` cannot be started: port 8080 of this server is taken"
            );
        }
    }

    #[test]
    fn registries_are_absent_refusing_or_unreachable() {
        let cases = [
            (404, "manifest for a:1 not found: manifest unknown", "does not exist"),
            (
                404,
                "pull access denied for a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
                "does not exist",
            ),
            (500, "Get \"http://127.0.0.1:5000/v2/a\": no basic auth credentials", "refused the credentials"),
            (
                500,
                "Get \"https://r.example/v2/\": dial tcp: lookup r.example: no such host",
                "cannot be reached",
            ),
            (500, "write /var/lib/x: no space left on device", "disk of the Docker"),
        ];
        for (status, message, words) in cases {
            let said = said(&answer(status, message), Asked::Image("a:1"));
            assert!(said.contains(words), "{message}: {said}");
        }
    }

    #[test]
    fn containers_are_absent_or_have_their_names_taken_and_disks_are_full() {
        use miette::Diagnostic;
        let name = "Conflict. The container name \"/wiki\" is already in use by container \"4f\".";
        for (status, message, code) in [
            (404, "No such container: wiki", "engine::container_absent"),
            (409, name, "engine::name_taken"),
            (500, "write /var/lib/x: no space left on device", "engine::disk_full"),
        ] {
            let error = sentence(
                &answer(status, message),
                Asked::Rename("wiki", "wiki"),
                Words::of(Technology::Docker),
                "unix:///x",
            );
            assert_eq!(error.code().unwrap().to_string(), code, "{message}");
        }
    }

    #[test]
    fn a_socket_that_is_not_ours_to_use_is_a_matter_of_permission() {
        let error = Error::IOError { err: io::ErrorKind::PermissionDenied.into() };
        let said = said(&error, Asked::Connection);
        assert!(said.contains("may not be used"), "{said}");
    }
}
