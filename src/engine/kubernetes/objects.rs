//! Objects of any kind: tried, applied and removed.
//!
//! Server-side apply with a field manager of our own, so that what others set stays theirs. An object that exists and was not made
//! by galerne for the same application is refused, whoever asks.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kube::api::{DeleteParams, Patch, PatchParams};
use kube::core::{ApiResource, DynamicObject, GroupVersion, GroupVersionKind};
use kube::{Api, Error, discovery};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use super::client::{Session, to_make, to_read, to_remove};
use super::older::as_taken;
use crate::engine::EngineError;
use crate::manifest::{INSTANCE, MANAGED_BY, MANAGER};
use crate::run_spec::RunSpec;

/// Kinds of which servers before a certain minor know only an earlier version, which says the same in the same words: those of 1.20
/// and earlier, and of 1.22 and earlier.
const EARLIER: [(&str, &str, &str); 2] = [
    ("PodDisruptionBudget", "policy/v1", "policy/v1beta1"),
    ("HorizontalPodAutoscaler", "autoscaling/v2", "autoscaling/v2beta2"),
];

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Reference {
    /// The version of its kind.
    pub(super) version: String,
    /// Its kind.
    pub(super) kind: String,
    /// Its namespace.
    pub(super) namespace: String,
    /// Its name.
    pub(super) name: String,
}

impl Reference {
    /// The one that `object` says to be.
    pub(super) fn of(object: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        Self {
            version: text(&object["apiVersion"]),
            kind: text(&object["kind"]),
            namespace: text(&metadata["namespace"]),
            name: text(&metadata["name"]),
        }
    }

    /// Whether both are one object, be it in two versions.
    pub(super) fn is(&self, other: &Self) -> bool {
        let group = |version: &str| version.split_once('/').map(|(group, _)| group.to_owned());
        self.kind == other.kind
            && self.name == other.name
            && self.namespace == other.namespace
            && group(&self.version) == group(&other.version)
    }

    /// Whether it says how many copies there are, by their load.
    pub(super) fn scales(&self) -> bool {
        self.kind == "HorizontalPodAutoscaler"
    }

    /// Whether it holds data, which outlive the application.
    pub(super) fn holds_data(&self) -> bool {
        self.kind == "PersistentVolumeClaim"
    }
}

/// How the API server is to be spoken to; it is asked once.
#[derive(Default)]
pub(super) struct Dialect {
    /// What it calls the kinds that were asked for.
    kinds: Mutex<BTreeMap<(String, String), ApiResource>>,
    /// Its minor; nothing where it does not say one.
    minor: OnceCell<Option<u32>>,
}

/// Objects of one cluster.
pub(super) struct Objects<'a> {
    pub(super) session: &'a Session,
    pub(super) dialect: &'a Dialect,
}

impl Objects<'_> {
    /// The minor of the API server.
    async fn minor(&self) -> Option<u32> {
        let asked = self.dialect.minor.get_or_init(async || {
            let version = self.session.client.apiserver_version().await.ok()?;
            number(&version.minor)
        });
        *asked.await
    }

    /// How the API server calls a kind, in the version that is asked for or in an earlier one of the same words.
    async fn resource(&self, version: &str, kind: &str) -> Result<ApiResource, EngineError> {
        let key = (version.to_owned(), kind.to_owned());
        if let Some(known) = self.dialect.kinds.lock().await.get(&key) {
            return Ok(known.clone());
        }
        let earlier = EARLIER.iter().find(|(known, now, _)| *known == kind && *now == version);
        let versions = [Some(version), earlier.map(|(_, _, before)| *before)];
        for version in versions.into_iter().flatten() {
            if let Some(found) = self.discover(version, kind).await? {
                self.dialect.kinds.lock().await.insert(key, found.clone());
                return Ok(found);
            }
        }
        Err(EngineError::KindUnknown { kind: kind.to_owned(), version: version.to_owned() })
    }

    async fn discover(&self, version: &str, kind: &str) -> Result<Option<ApiResource>, EngineError> {
        let group: GroupVersion = match version.parse() {
            Ok(group) => group,
            Err(_) => return Ok(None),
        };
        let kind = GroupVersionKind::gvk(&group.group, &group.version, kind);
        match discovery::pinned_kind(&self.session.client, &kind).await {
            Ok((resource, _)) => Ok(Some(resource)),
            Err(Error::Discovery(_)) => Ok(None),
            Err(Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(self.session.failed(&error, to_read(&kind.kind, version))),
        }
    }

    async fn api(&self, reference: &Reference) -> Result<(Api<DynamicObject>, ApiResource), EngineError> {
        let resource = self.resource(&reference.version, &reference.kind).await?;
        let client = self.session.client.clone();
        Ok((Api::namespaced_with(client, &reference.namespace, &resource), resource))
    }

    /// The object, if it is there.
    pub(super) async fn get(&self, reference: &Reference) -> Result<Option<DynamicObject>, EngineError> {
        let (api, _) = self.api(reference).await?;
        let found = api.get_opt(&reference.name).await;
        found.map_err(|error| self.session.failed(&error, to_read(&reference.kind, &reference.name)))
    }

    /// Refuses an object that somebody else made, or that is another application's.
    pub(super) async fn check_ours(
        &self,
        reference: &Reference,
        application: &str,
    ) -> Result<(), EngineError> {
        match self.get(reference).await? {
            Some(found) if !is_ours(&found, application) => Err(EngineError::ObjectForeign {
                kind: reference.kind.clone(),
                name: format!("{}/{}", reference.namespace, reference.name),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses a secret or configuration that somebody else is to have put there and has not: copies would wait for it.
    pub(super) async fn check_held(&self, spec: &RunSpec, namespace: &str) -> Result<(), EngineError> {
        let Some(cluster) = &spec.cluster else { return Ok(()) };
        for (held, kind, word, make) in [
            (&cluster.secrets, "Secret", "secret", "secret generic"),
            (&cluster.configs, "ConfigMap", "config", "configmap"),
        ] {
            for held in held.iter().filter(|held| held.value.is_none()) {
                let reference = Reference {
                    version: "v1".to_owned(),
                    kind: kind.to_owned(),
                    namespace: namespace.to_owned(),
                    name: held.name.clone(),
                };
                if self.get(&reference).await?.is_none() {
                    let make = format!(
                        "kubectl --namespace {namespace} create {make} {} --from-file=FILE",
                        held.name
                    );
                    return Err(EngineError::ObjectAbsent { kind: word, name: held.name.clone(), make });
                }
            }
        }
        Ok(())
    }

    /// Applies `object`, or only asks whether it would be taken.
    pub(super) async fn apply(&self, object: &Value, attempt: Attempt) -> Result<(), EngineError> {
        let reference = Reference::of(object);
        let (api, resource) = self.api(&reference).await?;
        let mut object = encoded(object.clone());
        as_taken(self.minor().await, &mut object);
        object["apiVersion"] = json!(resource.api_version);
        let mut parameters = PatchParams::apply(MANAGER).force();
        parameters.dry_run = attempt == Attempt::Trial;
        let applied = api.patch(&reference.name, &parameters, &Patch::Apply(&object)).await;
        applied
            .map(drop)
            .map_err(|error| self.session.failed(&error, to_make(&reference.kind, &reference.name)))
    }

    /// Changes some members of an object.
    pub(super) async fn merge(&self, reference: &Reference, members: &Value) -> Result<(), EngineError> {
        let (api, _) = self.api(reference).await?;
        let parameters = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
        let changed = api.patch(&reference.name, &parameters, &Patch::Merge(members)).await;
        changed
            .map(drop)
            .map_err(|error| self.session.failed(&error, to_make(&reference.kind, &reference.name)))
    }

    /// Removes an object with all that it owns; one that is gone, of a kind that is gone, or no longer ours is none.
    pub(super) async fn remove(&self, reference: &Reference, application: &str) -> Result<(), EngineError> {
        let found = match self.get(reference).await {
            Err(EngineError::KindUnknown { .. } | EngineError::NamespaceAbsent { .. }) => None,
            found => found?,
        };
        if !found.is_some_and(|found| is_ours(&found, application)) {
            return Ok(());
        }
        let (api, _) = self.api(reference).await?;
        match api.delete(&reference.name, &DeleteParams::background()).await {
            Err(Error::Api(status)) if status.code == 404 => Ok(()),
            Err(error) => Err(self.session.failed(&error, to_remove(&reference.kind, &reference.name))),
            Ok(_) => Ok(()),
        }
    }
}

/// Whether something is only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The API server says whether it would take it, and keeps nothing.
    Trial,
    /// It is meant.
    Real,
}

fn is_ours(object: &DynamicObject, application: &str) -> bool {
    let labels = object.metadata.labels.as_ref();
    let label = |name: &str| labels.and_then(|labels| labels.get(name)).map(String::as_str);
    label(MANAGED_BY) == Some(MANAGER) && label(INSTANCE) == Some(application)
}

/// The number that a version begins with: providers put a mark behind it.
fn number(minor: &str) -> Option<u32> {
    minor.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// A Secret with its values as the API server keeps them: of those that it encodes itself, it would never lose one again.
fn encoded(mut object: Value) -> Value {
    let Some(members) = object.as_object_mut() else { return object };
    if let Some(Value::Object(plain)) = members.remove("stringData") {
        let data: BTreeMap<String, String> = plain
            .into_iter()
            .map(|(key, value)| (key, BASE64_STANDARD.encode(value.as_str().unwrap_or_default())))
            .collect();
        members.insert("data".to_owned(), json!(data));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_the_same_in_two_versions_and_not_in_two_groups() {
        let object = |version: &str, kind: &str| {
            Reference::of(&json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}}))
        };
        assert!(object("policy/v1", "X").is(&object("policy/v1beta1", "X")));
        assert!(!object("apps/v1", "X").is(&object("extensions/v1", "X")));
        assert!(!object("v1", "X").is(&object("v1", "Y")));
    }

    #[test]
    fn the_values_of_a_secret_are_encoded_and_others_left() {
        let secret = encoded(json!({"kind": "Secret", "stringData": {"a": "1"}}));
        assert_eq!(secret, json!({"kind": "Secret", "data": {"a": "MQ=="}}));
        assert_eq!(encoded(json!({"kind": "ConfigMap"})), json!({"kind": "ConfigMap"}));
    }

    #[test]
    fn the_number_of_a_minor_is_what_it_begins_with() {
        assert_eq!([number("20"), number("30+"), number("")], [Some(20), Some(30), None]);
    }
}
