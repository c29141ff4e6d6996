//! What hands the requests of an application to its copies on a cluster, which have a port of their own each.
//!
//! A router that comes before the application's own, for as long as its file is there; the copies stand after [`COPIES`].

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde_json::json;

use super::application::Application;
use super::{UNKNOWN, digest, dynamic, version};
use crate::front::Front;
use crate::manifest::NotWritten;
use crate::run_spec::Container;

/// What the line says after which the addresses of the copies stand; the version of the rest follows.
const COPIES: &str = " # galerne: copies of ";

/// Before the application's own router, whatever the length of its rule.
const PRIORITY: u32 = 1_000_000;

/// What is read of `container` once its copies run; none if it has no port.
pub(super) fn template(container: &Container, front: &Front) -> Option<Result<String, NotWritten>> {
    let application = Application { container, front, upstream: container.upstream()? };
    let name = container.name.as_str();
    let copies = format!("_copies-{name}");
    let mut router = application.router(&copies);
    router["priority"] = json!(PRIORITY);
    let mut balancer = json!({
        "servers": [{"url": "http://127.0.0.1:9"}],
        "serversTransport": name,
    });
    if let Some(path) = &container.health.path {
        balancer["healthCheck"] = json!({"path": path, "interval": "5s", "timeout": "3s"});
    }
    let parts = json!({"http": {
        "routers": {copies.clone(): router},
        "services": {copies: {"loadBalancer": balancer}},
    }});
    let text = dynamic(&format!("_{name}.balance"), parts);
    Some(text.map(|text| {
        let version = version(&text).unwrap_or(UNKNOWN).to_owned();
        marked(&text, &version)
    }))
}

/// The text with a mark where the copies stand: at the one line that is this key alone, as names have something before them.
fn marked(text: &str, version: &str) -> String {
    let mark = |line: &str| match line.trim_start() {
        "servers:" => format!("{line}{COPIES}{version}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(mark).collect()
}

/// Whether `text` is one that [`copies`] completes.
pub fn is_of_copies(text: &str) -> bool {
    text.lines().any(|line| line.contains(COPIES))
}

/// What Traefik reads of the application that `template` is for, with these copies; what this gave for other copies is as good
/// as the template.
pub fn copies(template: &str, copies: &BTreeSet<SocketAddr>) -> String {
    let Some(rest) = template.lines().find_map(|line| Some(line.split_once(COPIES)?.1)) else {
        return template.to_owned();
    };
    let all: Vec<String> = copies.iter().map(ToString::to_string).collect();
    let mut parts = vec![rest.as_bytes()];
    parts.extend(all.iter().map(String::as_bytes));
    let new = digest(&parts);
    let mut text = String::new();
    let mut is_old = false;
    for line in template.lines() {
        is_old &= line.trim_start().starts_with("- url:");
        if is_old {
            continue;
        }
        match version(line) {
            Some(old) => text.push_str(&line.replace(old, &new)),
            None => text.push_str(line),
        }
        text.push('\n');
        if line.contains(COPIES) {
            is_old = true;
            let indent = " ".repeat(line.len() - line.trim_start().len() + 2);
            text.extend(servers(copies).iter().map(|copy| format!("{indent}- url: \"http://{copy}\"\n")));
        }
    }
    text
}

/// Where nobody answers, if there is no copy: the request is tried again meanwhile.
fn servers(copies: &BTreeSet<SocketAddr>) -> Vec<String> {
    if copies.is_empty() {
        return vec!["127.0.0.1:9".to_owned()];
    }
    copies.iter().map(ToString::to_string).collect()
}
