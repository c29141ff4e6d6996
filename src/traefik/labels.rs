//! Labels on containers and services, for a Traefik that asks Docker or a swarm itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::application::Application;
use super::{entry, rule};
use crate::front::Front;
use crate::run_spec::Container;

/// What a Traefik that asks an engine reads of `container`: the same router as in its file, to its first port. None if it has no port.
pub fn labels(container: &Container, front: &Front) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let Some(upstream) = container.upstream() else { return labels };
    let Some(port) = container.ports.first() else { return labels };
    let application = Application { container, front, upstream };
    let name = container.name.as_str();
    let id = id(name);
    labels.insert("traefik.enable".to_owned(), "true".to_owned());
    let passed = application.passed();
    let middlewares: Vec<String> = passed.iter().map(|(part, _)| format!("{id}-{part}")).collect();
    let router = format!("traefik.http.routers.{id}");
    labels.insert(format!("{router}.rule"), rule::on(&front.names, rule::prefix(&format!("/{name}/"))));
    labels.insert(format!("{router}.entrypoints"), entry::point(front).to_owned());
    labels.insert(format!("{router}.middlewares"), middlewares.join(","));
    labels.insert(format!("{router}.service"), id.clone());
    for (part, value) in &passed {
        flatten(&format!("traefik.http.middlewares.{id}-{part}"), value, &mut labels);
    }
    let service = format!("traefik.http.services.{id}.loadbalancer.server.port");
    labels.insert(service, port.container.to_string());
    labels
}

/// What an application is called in labels: by its name, which no other has on an engine, whichever site or server it is of. Dots
/// would part the labels' own.
fn id(name: &str) -> String {
    format!("galerne-{}", name.replace('_', "__").replace('.', "_-"))
}

/// Each value under the names that lead to it.
fn flatten(prefix: &str, value: &Value, labels: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(&format!("{prefix}.{}", name.to_lowercase()), value, labels);
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            labels.insert(prefix.to_owned(), items.join(","));
        }
        value => drop(labels.insert(prefix.to_owned(), plain(value))),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
