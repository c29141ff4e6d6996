//! What Traefik reads, when it is the front door in nginx's place: a file for itself, one that all applications share, one an application.
//!
//! In: the front door and the containers. Out: files of its own form, or why a value cannot be written. The invariants: a value
//! stands in a rule, in YAML and in the Go template that Traefik takes each file for as a value and nowhere else; each file that Traefik
//! can read again has a place (`/.galerne/FILE/VERSION`, on this machine alone) that answers once it has.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::front::Front;
use crate::manifest::{NotWritten, yaml};
use crate::run_spec::Container;

mod application;
mod copies;
mod entry;
mod labels;
mod rule;

pub use copies::{copies, is_of_copies};
pub use labels::labels;

/// What Traefik is started with.
pub const STATIC: &str = "/etc/traefik/galerne.yml";
/// The folder of what it can read again.
pub const DYNAMIC: &str = "/etc/traefik/galerne.d";
/// What all applications share. No name of an application begins so.
pub const SHARED: &str = "/etc/traefik/galerne.d/_galerne.yml";

/// The name of the entry point on this machine alone, which tells what was read.
const CONTROL: &str = "galerne";
/// What stands for the version of a file while it is made.
const UNKNOWN: &str = "0000000000000000";
/// How long a whole request may take to arrive.
const REQUEST: &str = "3600s";

/// What Traefik is started with.
///
/// # Errors
/// A value that YAML cannot carry.
pub fn fixed(front: &Front) -> Result<String, NotWritten> {
    yaml(&entry::fixed(front))
}

/// What all applications share: the page at `/` and what HTTPS is spoken with.
///
/// # Errors
/// A value that YAML cannot carry.
pub fn shared(front: &Front) -> Result<String, NotWritten> {
    dynamic("_galerne", entry::shared(front))
}

/// How `container` is reached; none if it has no port.
///
/// # Errors
/// A value that YAML cannot carry.
pub fn application(container: &Container, front: &Front) -> Option<Result<String, NotWritten>> {
    let parts = application::of(container, front)?;
    Some(dynamic(container.name.as_str(), parts))
}

/// What is read of `container` once its copies run, but for these; none if it has no port.
///
/// # Errors
/// A value that YAML cannot carry.
pub fn balance(container: &Container, front: &Front) -> Option<Result<String, NotWritten>> {
    copies::template(container, front)
}

/// The file of the copies of an application.
pub fn balance_path(name: &str) -> String {
    format!("{DYNAMIC}/_{name}.balance.yml")
}

/// The file of users of an application.
pub fn users_path(name: &str) -> String {
    format!("{DYNAMIC}/{name}.users")
}

/// The same text, of which the version changes with what is read beside it too: a certificate, passwords.
pub fn sealed(text: &str, beside: &[&str]) -> String {
    let Some(version) = version(text).map(str::to_owned) else { return text.to_owned() };
    let beside: Vec<&[u8]> = beside.iter().map(|text| text.as_bytes()).collect();
    let new = digest(&[&[version.as_bytes()], beside.as_slice()].concat());
    text.replace(&version, &new)
}

/// The places that answer once Traefik has read `text`.
pub fn seen(text: &str) -> Vec<String> {
    let places = text.match_indices("/.galerne/").filter_map(|(at, _)| {
        let place: String = text.get(at..)?.chars().take_while(|letter| is_of_place(*letter)).collect();
        (place.len() > UNKNOWN.len()).then_some(place)
    });
    places.collect()
}

fn is_of_place(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "/._-".contains(letter)
}

fn version(text: &str) -> Option<&str> {
    let at = text.find("/.galerne/")?;
    let place = text.get(at..)?.split(|letter| !is_of_place(letter)).next()?;
    place.rsplit('/').next().filter(|version| version.len() == UNKNOWN.len())
}

/// A file that can be read again, with the place that says so.
fn dynamic(name: &str, mut parts: Value) -> Result<String, NotWritten> {
    let rule = rule::path(&format!("/.galerne/{name}/{UNKNOWN}"));
    parts["http"]["routers"][format!("_seen-{name}")] =
        json!({"rule": rule, "entryPoints": [CONTROL], "service": "ping@internal"});
    let text = untemplated(&yaml(&parts)?);
    let version = digest(&[text.as_bytes()]);
    Ok(text.replace(UNKNOWN, &version))
}

/// The text that Traefik, which takes the file for a template of Go, makes `text` of.
fn untemplated(text: &str) -> String {
    text.replace("{{", "{{\"{{\"}}")
}

fn digest(texts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or_default().to_le_bytes());
        hash.update(text);
    }
    let bytes = hash.finalize();
    bytes.iter().take(UNKNOWN.len() / 2).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests;
