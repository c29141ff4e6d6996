//! Which release an application is, as the cluster itself keeps it: in a Secret, as it names secrets.
//!
//! It has all that a later run, perhaps of another server, must know to go on, to go back or to take everything away again. It is
//! written before the first object is, so that a run which is killed leaves nothing that nobody knows of.

use std::fmt;

use kube::core::DynamicObject;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::objects::Reference;
use crate::manifest::{self, INSTANCE, MANAGED_BY, MANAGER, WORKLOADS, record_name};
use crate::plan::{HostPort, release as digest_of};
use crate::run_spec::{Cluster, RunSpec};

/// The label of the Secrets that hold releases.
pub(super) const RELEASE: &str = "org.galerne/release";
/// The member that holds it.
const MEMBER: &str = "release.json";

/// A release of an application.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Release {
    /// The digest of what was asked for.
    pub(super) digest: String,
    /// Whether it came up, and what it replaced is gone.
    pub(super) settled: bool,
    /// The server that asked for it.
    pub(super) server: String,
    /// Counts the changes that only show in secrets.
    pub(super) revision: u64,
    /// The digest of its secrets.
    pub(super) secrets: String,
    /// How many copies it is to have; none for one on each node.
    pub(super) replicas: Option<u32>,
    /// Whether the web server of the machine hands out its requests.
    pub(super) is_served_here: bool,
    /// The addresses of the machine by which it is reached then.
    pub(super) ports: Vec<HostPort>,
    /// The port that its copies listen on, the first of them.
    #[serde(default)]
    pub(super) port: Option<u16>,
    /// Its image.
    pub(super) image: String,
    /// Its objects, in the order in which they are made.
    pub(super) objects: Vec<Value>,
    /// What it replaced, which goes once it has come up.
    pub(super) obsolete: Vec<Reference>,
    /// The release before, which this one goes back to when it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Box<Release>>,
}

/// Where a release is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    /// The application.
    pub(super) application: String,
    /// Its namespace.
    pub(super) namespace: String,
    /// What is kept.
    pub(super) release: Release,
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its objects hold secrets.
        write!(f, "Release({}, {} objects)", self.digest, self.objects.len())
    }
}

impl Release {
    /// What its objects are called.
    pub(super) fn references(&self) -> Vec<Reference> {
        self.objects.iter().map(Reference::of).collect()
    }

    /// The object that runs its copies.
    pub(super) fn workload(&self) -> Option<Reference> {
        self.references().into_iter().find(|object| WORKLOADS.contains(&object.kind.as_str()))
    }

    /// Who scales its copies by their load.
    pub(super) fn scaler(&self) -> Option<Reference> {
        self.references().into_iter().find(Reference::scales)
    }

    /// Those of `others` that are none of its own.
    pub(super) fn not_its_own(&self, others: Vec<Reference>) -> Vec<Reference> {
        let own = self.references();
        let mut rest: Vec<Reference> = Vec::new();
        for other in others {
            if !own.iter().chain(&rest).any(|known| known.is(&other)) {
                rest.push(other);
            }
        }
        rest
    }

    /// All that was ever made for it and may be there.
    pub(super) fn all_references(&self) -> Vec<Reference> {
        let mut others = self.obsolete.clone();
        others.extend(self.before.iter().flat_map(|before| before.references()));
        let mut all = self.references();
        all.extend(self.not_its_own(others));
        all
    }

    /// Asks for so many copies.
    pub(super) fn set_replicas(&mut self, replicas: u32) {
        self.replicas = Some(replicas);
        for object in &mut self.objects {
            let kind = object["kind"].as_str().unwrap_or_default().to_owned();
            let member = if kind == "HorizontalPodAutoscaler" { "minReplicas" } else { "replicas" };
            if let Some(counted) = object["spec"].get_mut(member) {
                *counted = json!(replicas);
            }
        }
    }

    /// The same release, without the one before.
    pub(super) fn alone(&self) -> Self {
        Self { before: None, obsolete: Vec::new(), ..self.clone() }
    }
}

impl Kept {
    /// What is to be kept of `spec` once it is asked for, where `found` is kept already, by `server`.
    pub(super) fn next(spec: &RunSpec, namespace: String, server: &str, found: &[Self]) -> Self {
        let here = found.iter().find(|kept| kept.namespace == namespace);
        let last = here.or(found.first()).map(|kept| &kept.release);
        let secrets = manifest::secrets_digest(spec);
        let revision = match last {
            Some(last) if last.secrets == secrets => last.revision,
            Some(last) => last.revision + 1,
            None => 1,
        };
        // One that never came up is nothing to go back to.
        let before = last
            .and_then(|last| if last.settled { Some(Box::new(last.alone())) } else { last.before.clone() });
        let mut objects = manifest::objects(spec, revision);
        for object in &mut objects {
            object["metadata"]["namespace"] = json!(namespace);
        }
        let is_served_here = spec.cluster.as_ref().is_some_and(Cluster::is_served_here);
        let mut release = Release {
            digest: digest_of(spec),
            settled: false,
            server: server.to_owned(),
            revision,
            secrets,
            replicas: spec.replicas(),
            is_served_here,
            ports: spec.host_ports().iter().map(Into::into).collect(),
            port: spec.ports.first().map(|port| port.container),
            image: format!("{}:{}", spec.source.image, spec.source.tag),
            objects,
            obsolete: Vec::new(),
            before,
        };
        let others = found.iter().flat_map(|kept| {
            let record =
                (kept.namespace != namespace).then(|| Self::reference(&kept.application, &kept.namespace));
            record.into_iter().chain(kept.release.all_references())
        });
        release.obsolete = release.not_its_own(others.collect());
        Self { application: spec.name.to_string(), namespace, release }
    }

    /// The release before, as it is to be kept when this one goes back to it.
    pub(super) fn back(&self) -> Option<Self> {
        let before = self.release.before.as_ref()?;
        let namespace =
            before.workload().map_or_else(|| self.namespace.clone(), |workload| workload.namespace);
        let mut others = self.release.obsolete.clone();
        others.extend(self.release.references());
        let obsolete = before.not_its_own(others);
        let release = Release { settled: false, obsolete, ..before.alone() };
        Some(Self { application: self.application.clone(), namespace, release })
    }

    /// The Secret that keeps it.
    pub(super) fn secret(&self) -> Value {
        let text = serde_json::to_string(&self.release).unwrap_or_default();
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "org.galerne/release",
            "metadata": {
                "name": record_name(&self.application),
                "namespace": self.namespace,
                "labels": {
                    "app.kubernetes.io/name": self.application,
                    INSTANCE: self.application,
                    MANAGED_BY: MANAGER,
                    RELEASE: "true",
                },
            },
            "stringData": {MEMBER: text},
        })
    }

    /// Where that Secret is.
    pub(super) fn reference(application: &str, namespace: &str) -> Reference {
        Reference {
            version: "v1".to_owned(),
            kind: "Secret".to_owned(),
            namespace: namespace.to_owned(),
            name: record_name(application),
        }
    }

    /// What such a Secret keeps; none of one that somebody else made.
    pub(super) fn read(secret: &DynamicObject) -> Option<Self> {
        use base64::Engine as _;

        let metadata = &secret.metadata;
        let labels = metadata.labels.as_ref()?;
        let application = labels.get(INSTANCE)?.clone();
        let is_ours = labels.get(MANAGED_BY).is_some_and(|manager| manager == MANAGER)
            && metadata.name.as_deref() == Some(record_name(&application).as_str());
        let text = secret.data["data"][MEMBER].as_str()?;
        let bytes = base64::prelude::BASE64_STANDARD.decode(text).ok()?;
        let release = serde_json::from_slice(&bytes).ok()?;
        let namespace = metadata.namespace.clone()?;
        is_ours.then_some(Self { application, namespace, release })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn object(kind: &str) -> Value {
        json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "wiki", "namespace": "web"}})
    }

    fn names(all: &[Reference]) -> Vec<&str> {
        all.iter().map(|one| one.kind.as_str()).collect()
    }

    #[test]
    fn what_a_release_keeps_is_read_back() {
        let release = Release {
            digest: "d".to_owned(),
            objects: vec![object("Service")],
            before: Some(Box::new(Release::default())),
            ..Release::default()
        };
        let kept = Kept { application: "wiki".to_owned(), namespace: "web".to_owned(), release };
        let mut secret = kept.secret();
        let text = secret["stringData"][MEMBER].as_str().unwrap().to_owned();
        secret["data"] = json!({MEMBER: base64::prelude::BASE64_STANDARD.encode(text)});
        let read: DynamicObject = serde_json::from_value(secret.clone()).unwrap();
        assert_eq!(Kept::read(&read), Some(kept));
        secret["metadata"]["labels"][MANAGED_BY] = json!("helm");
        let other: DynamicObject = serde_json::from_value(secret).unwrap();
        assert_eq!(Kept::read(&other), None);
    }

    #[test]
    fn what_a_release_replaced_is_told_from_its_own() {
        let before = Release { objects: vec![object("Service"), object("Ingress")], ..Release::default() };
        let now = Release { objects: vec![object("Service"), object("Deployment")], ..Release::default() };
        let gone = now.not_its_own(before.references());
        assert_eq!(names(&gone), ["Ingress"]);
        let now = Release { obsolete: gone, before: Some(Box::new(before)), ..now };
        assert_eq!(names(&now.all_references()), ["Service", "Deployment", "Ingress"]);
        assert_eq!(now.workload().unwrap().kind, "Deployment");
    }
}
