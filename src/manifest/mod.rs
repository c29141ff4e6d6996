//! A run spec to the objects of Kubernetes that are the application, as texts that can be applied or kept in git.
//!
//! In: a run spec of Kubernetes. Out: files, each with objects as YAML. The invariants: a value stands in a document as a value and
//! nowhere else, as each is made of JSON; no secret stands in a file that is not [`ManifestFile::is_secret`].

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::run_spec::{Cluster, Kubernetes, RunSpec};

mod network;
mod nodes;
mod storage;
mod workload;
mod yaml;

pub use yaml::{NotWritten, yaml};

/// `value` as a document of YAML.
///
/// # Errors
/// It cannot be written.
pub fn yaml_of(value: &Value) -> Result<String, NotWritten> {
    yaml::documents(std::slice::from_ref(value))
}

/// The annotation that holds the digest of the release that an object is of.
pub const DIGEST: &str = "org.galerne/digest";

/// The annotation of copies that changes when they are to start anew though nothing that may be seen of them has changed.
pub const REVISION: &str = "org.galerne/revision";
/// The label that says what made an object.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The label that says of which application it is.
pub const INSTANCE: &str = "app.kubernetes.io/instance";
/// What we call ourselves.
pub const MANAGER: &str = "galerne";
/// The kinds that run copies.
pub const WORKLOADS: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// All objects of the application that `spec` is, in the order in which they are made; none for one of another technology. Its copies
/// start anew with another `revision`.
pub fn objects(spec: &RunSpec, revision: u64) -> Vec<Value> {
    let Some(app) = App::of(spec) else { return Vec::new() };
    let mut objects = app.secrets();
    objects.extend(app.objects());
    for object in &mut objects {
        if WORKLOADS.contains(&object["kind"].as_str().unwrap_or_default()) {
            object["spec"]["template"]["metadata"]["annotations"][REVISION] = json!(revision.to_string());
        }
    }
    objects
}

/// The digest of what `spec` keeps secret: copies read it when they start.
pub fn secrets_digest(spec: &RunSpec) -> String {
    let secrets = App::of(spec).map(|app| app.secrets()).unwrap_or_default();
    let values: Vec<&Value> = secrets.iter().map(|secret| &secret["stringData"]).collect();
    hexadecimal(&Sha256::digest(json!(values).to_string().as_bytes()))
}

/// The Secret in which it is kept which release an application is. No application has a name that ends so.
pub fn record_name(application: &str) -> String {
    format!("{application}-copies.galerne")
}

/// A file with objects of Kubernetes.
#[derive(Debug, Clone, PartialEq)]
pub struct ManifestFile {
    /// Its place below the folder of the application.
    pub path: String,
    /// What it holds, one document each.
    pub documents: Vec<Value>,
    /// Whether it holds secrets: it is for root alone, and not for git.
    pub is_secret: bool,
}

impl ManifestFile {
    /// The file as YAML.
    ///
    /// # Errors
    /// A value is none that YAML can carry.
    pub fn yaml(&self) -> Result<String, NotWritten> {
        yaml::documents(&self.documents)
    }
}

/// The files of the application that `spec` is; none for one of another technology.
///
/// `base/` is a base of Kustomize with a file an object; `manifests.yaml` has the same objects one after the other; `secrets.yaml` has
/// what must not go to git. An object that others refer to comes before them.
pub fn files(spec: &RunSpec) -> Vec<ManifestFile> {
    let Some(app) = App::of(spec) else { return Vec::new() };
    let mut files: Vec<ManifestFile> = Vec::new();
    let objects = app.objects();
    let resources: Vec<String> = objects.iter().map(|object| format!("{}.yaml", stem(object))).collect();
    let mut kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
    });
    if let Some(namespace) = &app.kubernetes.namespace {
        kustomization["namespace"] = json!(namespace);
    }
    kustomization["resources"] = json!(resources);
    let public = |path: String, documents: Vec<Value>| ManifestFile { path, documents, is_secret: false };
    files.push(public("base/kustomization.yaml".to_owned(), vec![kustomization]));
    for (object, name) in objects.iter().zip(&resources) {
        files.push(public(format!("base/{name}"), vec![object.clone()]));
    }
    files.push(public("manifests.yaml".to_owned(), objects));
    let secrets = app.secrets();
    if !secrets.is_empty() {
        let path = "secrets.yaml".to_owned();
        files.push(ManifestFile { path, documents: secrets, is_secret: true });
    }
    files
}

/// What names the file of an object: its kind, and its name where an application may have several of the kind.
fn stem(object: &Value) -> String {
    let kind = object["kind"].as_str().unwrap_or_default().to_lowercase();
    match kind.as_str() {
        "persistentvolumeclaim" | "configmap" | "service" => {
            format!("{kind}-{}", object["metadata"]["name"].as_str().unwrap_or_default())
        }
        _ => kind,
    }
}

/// An application, while its objects are made.
struct App<'a> {
    name: &'a str,
    spec: &'a RunSpec,
    cluster: &'a Cluster,
    kubernetes: &'a Kubernetes,
    digest: String,
}

impl<'a> App<'a> {
    fn of(spec: &'a RunSpec) -> Option<Self> {
        let cluster = spec.cluster.as_ref()?;
        let kubernetes = cluster.kubernetes.as_ref()?;
        let mut app = Self { name: spec.name.as_str(), spec, cluster, kubernetes, digest: String::new() };
        app.digest = app.release();
        Some(app)
    }

    /// The digest of what copies are made from: how many there are and how they are reached is none of it, nor is a secret,
    /// which could be guessed from it.
    fn release(&self) -> String {
        let environment: Vec<&String> = self.spec.environment.keys().collect();
        let release = json!([self.pod(), self.config_maps(), environment]);
        hexadecimal(&Sha256::digest(release.to_string().as_bytes()))
    }

    /// All but what holds secrets.
    fn objects(&self) -> Vec<Value> {
        let mut objects = self.config_maps();
        objects.extend(self.claims());
        objects.extend(self.services());
        objects.push(self.workload());
        objects.extend(self.scaler());
        objects.extend(self.disruption_budget());
        objects.push(self.network_policy());
        objects.extend(self.entry());
        objects
    }

    /// An object with its name, labels and digest.
    fn object(&self, version: &str, kind: &str, name: &str, rest: Value) -> Value {
        let mut metadata = json!({"name": name});
        if let Some(namespace) = &self.kubernetes.namespace {
            metadata["namespace"] = json!(namespace);
        }
        metadata["labels"] = self.labels();
        metadata["annotations"] = json!({DIGEST: self.digest});
        let mut object = Map::new();
        object.insert("apiVersion".to_owned(), json!(version));
        object.insert("kind".to_owned(), json!(kind));
        object.insert("metadata".to_owned(), metadata);
        if let Value::Object(rest) = rest {
            object.extend(rest);
        }
        Value::Object(object)
    }

    /// What its copies are found by; it never changes.
    fn selector(&self) -> Value {
        json!({"app.kubernetes.io/name": self.name, INSTANCE: self.name})
    }

    fn labels(&self) -> Value {
        let mut labels = self.selector();
        labels[MANAGED_BY] = json!(MANAGER);
        labels
    }

    /// The name of an object of its own; applications have no dot in their names, so that it is no other's.
    fn own(&self, suffix: &str) -> String {
        format!("{}.{suffix}", self.name)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests;
