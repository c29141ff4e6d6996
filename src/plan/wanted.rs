//! What should be: the containers and files of a configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Observed;
use crate::nodes::Node;
use crate::render::{FileSet, Service};
use crate::run_spec::{ContainerName, RunSpec};

/// What a configuration asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The containers, no two under one name.
    pub containers: Vec<RunSpec>,
    /// How the nodes of the cluster are to stand, no two of one name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    /// The files.
    pub files: FileSet,
    /// The services, no two of one name.
    #[serde(default)]
    pub services: Vec<Service>,
    /// What nginx reads to hand requests to the copies of an application, but for their addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub balances: BTreeMap<ContainerName, String>,
}

impl Wanted {
    /// The run spec of the container `name`, if it is wanted.
    pub fn container(&self, name: &ContainerName) -> Option<&RunSpec> {
        self.containers.iter().find(|spec| spec.name == *name)
    }

    /// The same, with the commits that `observed` found for branches and tags: one that moved is another source.
    #[must_use]
    pub fn pinned(&self, observed: &Observed) -> Self {
        let mut pinned = self.clone();
        for spec in &mut pinned.containers {
            let engine = observed.engines.get(&spec.engine.holder());
            if let Some(pin) = engine.and_then(|engine| engine.pins.get(&spec.source)) {
                spec.source = pin.clone();
            }
        }
        pinned
    }
}

/// The SHA-256 of the canonical JSON of `spec`, in hexadecimal: members sorted, nothing that is null or empty. So a
/// later version that knows more members still recognises the containers that an earlier one made.
pub fn digest(spec: &RunSpec) -> String {
    let value = serde_json::to_value(spec).unwrap_or_default();
    sha256(canonical(value).to_string().as_bytes())
}

/// The release that `spec` is on a cluster: its digest, whatever the number of its copies.
pub fn release(spec: &RunSpec) -> String {
    super::cluster::release_of(spec)
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// `bytes` in hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn canonical(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| (name, canonical(value)))
                .filter(|(_, value)| !says_nothing(value))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        plain => plain,
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
