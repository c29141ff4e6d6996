//! Finding the containers in a snapshot, and what two of them cannot share.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::problem::{Named, RunSpecProblem};
use super::reading::Reading;
use super::{Container, Port};
use crate::diagnostic::{Finding, Findings};
use crate::evaluation::{Entry, Snapshot};
use crate::front::Front;
use crate::nodes::Nodes;
use crate::phrase;
use crate::source::Span;
use crate::value::Value;
use crate::words::Phrase;

/// The containers that a configuration describes, and what is to be said of them and of the door that they are behind.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Those of which nothing is wrong or missing, in order.
    pub containers: Vec<Container>,
    /// What is wrong with them, and what two of them cannot share.
    pub wrong: Findings,
    /// What is still to be filled in before they can run.
    pub missing: Findings,
}

/// The containers of `snapshot`, in order: each has an enabled, non-empty variable `conteneurKEY_name`, where KEY
/// is a number or a normalised word, beside a `conteneurKEY_url`. All that is wrong with them is found; what
/// has a wrong part is left out.
pub fn fleet(snapshot: &Snapshot) -> Fleet {
    let mut fleet = Fleet::default();
    let variables: BTreeMap<&str, &Entry> = snapshot.enabled().collect();
    for (name, entry) in snapshot.enabled().filter(|(_, entry)| !entry.value.is_empty()) {
        if let Some(key) = key(name, snapshot) {
            let container = Reading::new(key, snapshot, &variables, &mut fleet).container(entry);
            fleet.containers.extend(container);
        }
    }
    names(&fleet.containers, &mut fleet.wrong);
    ports(&fleet.containers, snapshot, &mut fleet.wrong);
    let served = fleet.containers.iter().filter(|container| container.upstream().is_some());
    let names = served.map(|container| container.name.as_str());
    Front::check(snapshot, names, &mut fleet.wrong, &mut fleet.missing);
    Nodes::check(snapshot, &mut fleet.wrong, &mut fleet.missing);
    fleet
}

/// The KEY of `conteneurKEY_name`. A variable of another container may have such a name too
/// (`conteneur1_long_name`), so the container's image must have a variable as well.
fn key<'a>(name: &'a str, snapshot: &Snapshot) -> Option<&'a str> {
    let key = name.strip_prefix("conteneur")?.strip_suffix("_name")?;
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let fits = key.bytes().all(is_word) && key.bytes().next().is_some_and(|first| first != b'_');
    (fits && snapshot.entry(&format!("conteneur{key}_url")).is_some()).then_some(key)
}

/// A variable with what a finding says of it.
pub(super) fn named(variable: &str, entry: &Entry) -> Named {
    Named { variable: variable.to_owned(), family: entry.family.to_string() }
}

fn names(containers: &[Container], findings: &mut Findings) {
    let mut first: BTreeMap<&str, &Container> = BTreeMap::new();
    for container in containers {
        // nginx's locations know capitals, but the files and host names made of a name may not.
        let name = container.name.as_str();
        let Some(other) = first.get(name) else {
            first.insert(name, container);
            continue;
        };
        let problem = RunSpecProblem::DuplicateName {
            variable: container.named.clone(),
            other: other.named.clone(),
            name: name.to_owned(),
        };
        findings.push(
            Finding::new(problem)
                .at(container.definition, phrase!("at-this-one-comes-later", "this one comes later"))
                .related(
                    other.definition,
                    phrase!("at-the-other-one-is-defined-here", "the other one is defined here"),
                ),
        );
    }
}

/// Somebody that listens for a port of the host.
struct Listener {
    address: IpAddr,
    port: u16,
    who: Phrase,
    definition: Option<Span>,
}

fn ports(containers: &[Container], snapshot: &Snapshot, findings: &mut Findings) {
    let mut listeners = Vec::new();
    web_server(&Front::of(snapshot), snapshot, &mut listeners, findings);
    for container in containers {
        for port in container.host_ports() {
            let name = format!("conteneur{}_port_out", container.key);
            let Some(entry) = snapshot.entry(&name) else { continue };
            let mine = Listener {
                address: port.address,
                port: port.host,
                who: named(&name, entry).phrase(),
                definition: Some(entry.definition),
            };
            if let Some(other) = listeners.iter().find(|other| clashes(other, port)) {
                findings.push(clash(&name, entry, port, other));
            }
            listeners.push(mine);
        }
    }
}

/// The web server listens on every address.
fn web_server(front: &Front, snapshot: &Snapshot, listeners: &mut Vec<Listener>, findings: &mut Findings) {
    for (name, port) in front.ports() {
        let entry = snapshot.entry(name);
        let mine = Port { address: IpAddr::from([0, 0, 0, 0]), host: port, container: port };
        if let Some((entry, other)) = entry.zip(listeners.iter().find(|other| clashes(other, &mine))) {
            findings.push(clash(name, entry, &mine, other));
        }
        listeners.push(Listener {
            address: mine.address,
            port,
            who: phrase!("the-web-server", "the web server"),
            definition: entry.map(|entry| entry.definition),
        });
    }
}

/// The port that `value` holds, as a number or as text.
pub(super) fn port_number(value: &Value) -> Option<u16> {
    value.to_string().parse().ok().filter(|port| *port > 0)
}

fn clashes(listener: &Listener, port: &Port) -> bool {
    let any = listener.address.is_unspecified() || port.address.is_unspecified();
    listener.port == port.host && (any || listener.address == port.address)
}

fn clash(name: &str, entry: &Entry, port: &Port, other: &Listener) -> Finding {
    let problem = RunSpecProblem::DuplicatePort {
        variable: named(name, entry),
        other: other.who.clone(),
        port: port.host,
    };
    let finding = Finding::new(problem)
        .at(entry.definition, phrase!("at-this-one-comes-later", "this one comes later"));
    match other.definition {
        Some(definition) => finding.related(
            definition,
            phrase!("at-the-other-one-is-defined-here", "the other one is defined here"),
        ),
        None => finding,
    }
}
