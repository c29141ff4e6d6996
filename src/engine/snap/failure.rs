//! What snapd says that is no success, as a sentence.

use super::client::Failed;
use super::{ENGINE, SOCKET_VARIABLE, Snap};
use crate::engine::EngineError;
use crate::engine::answer::harmless;
use crate::phrase;
use crate::words::Phrase;

/// What is said where no server of the store can be asked.
const UNREACHABLE: [&str; 8] = [
    "dial tcp",
    "no such host",
    "connection refused",
    "connection reset",
    "i/o timeout",
    "network is unreachable",
    "TLS handshake",
    "context deadline exceeded",
];

/// snapd's kinds of errors for a snap that the store does not have so.
const LACKS: [&str; 4] = [
    "snap-not-found",
    "snap-channel-not-available",
    "snap-revision-not-available",
    "snap-architecture-not-available",
];

/// snapd's kinds of errors for a store that cannot be reached.
const AWAY: [&str; 2] = ["network-timeout", "dns-failure"];

/// What is said of a call that was to do `what`.
pub(super) fn failed(snap: &Snap, what: impl Into<Phrase>, failed: Failed) -> EngineError {
    let address = snap.client.socket().display().to_string();
    match failed {
        Failed::Absent(cause) => {
            let cause = cause.into();
            EngineError::Absent { engine: ENGINE, variable: SOCKET_VARIABLE, address, cause }
        }
        Failed::Permission => EngineError::Permission { engine: ENGINE, address },
        Failed::Said { kind, message } if is_full(&kind, message.english()) => {
            EngineError::DiskFull { engine: ENGINE, cause: shown(message).to_string() }
        }
        Failed::Said { message, .. } => refused(what, message),
    }
}

/// What is said of a snap that was to come from the store.
pub(super) fn store(snap: &Snap, image: &str, error: Failed) -> EngineError {
    let image = image.to_owned();
    match error {
        Failed::Said { kind, message } if LACKS.contains(&kind.as_str()) => {
            EngineError::ImageAbsent { image, cause: shown(message) }
        }
        Failed::Said { kind, message } if is_away(&kind, message.english()) => {
            EngineError::RegistryUnreachable { image, cause: shown(message) }
        }
        other => failed(snap, phrase!("to-fetch", "fetch `{image}`", image = image), other),
    }
}

/// What is said of what snapd refused.
pub(super) fn refused(what: impl Into<Phrase>, cause: impl Into<Phrase>) -> EngineError {
    EngineError::Refused { engine: ENGINE, what: what.into(), cause: shown(cause.into()) }
}

fn is_full(kind: &str, message: &str) -> bool {
    kind == "insufficient-disk-space" || message.contains("no space left on device")
}

fn is_away(kind: &str, message: &str) -> bool {
    AWAY.contains(&kind) || UNREACHABLE.iter().any(|words| message.contains(words))
}

/// The words on one line, without what would steer a terminal.
fn shown(message: Phrase) -> Phrase {
    if message.key().is_some() {
        return message;
    }
    let lines = message.english().lines().map(harmless).filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::snap::Settings;

    fn said(kind: &str, message: &str) -> Failed {
        Failed::Said { kind: kind.to_owned(), message: message.to_owned().into() }
    }

    #[test]
    fn each_kind_has_its_sentence() {
        let snap = Snap::new(Settings::from_environment(std::path::Path::new("/")));
        let of = |kind, message| store(&snap, "wiki:latest", said(kind, message));
        assert!(matches!(of("snap-not-found", "snap not found"), EngineError::ImageAbsent { .. }));
        assert!(matches!(of("snap-channel-not-available", "x"), EngineError::ImageAbsent { .. }));
        assert!(matches!(of("dns-failure", "x"), EngineError::RegistryUnreachable { .. }));
        let lost = "Post \"https://api.snapcraft.io/v2/snaps/refresh\": dial tcp: lookup api.snapcraft.io: no such host";
        assert!(matches!(of("", lost), EngineError::RegistryUnreachable { .. }));
        let full = "cannot write: no space left on device";
        assert!(matches!(of("", full), EngineError::DiskFull { .. }));
        assert!(matches!(of("insufficient-disk-space", "x"), EngineError::DiskFull { .. }));
        assert_eq!(of("", "a\u{1b}b\nc"), refused("fetch `wiki:latest`", "ab\nc"));
        assert!(matches!(store(&snap, "a", Failed::Permission), EngineError::Permission { .. }));
    }
}
