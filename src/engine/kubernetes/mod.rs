//! Kubernetes, through its API, with the rights of a kubeconfig.
//!
//! What is applied are the objects of [`crate::manifest`], by server-side apply and with a field manager of our own; a Secret of each
//! application keeps which release it is, and the one before (decision 17). Nothing of an application is changed before the API server
//! has said that it would take all of it. What a release replaced goes when the release has come up; volumes never do.

use std::collections::BTreeSet;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::Api;
use kube::api::ListParams;
use serde_json::json;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::{Duration, Instant, sleep};

use super::cluster::{Cluster, Look, Sought, Watched};
use super::{EngineError, FetchProgress, LogRequest};
use crate::manifest::{INSTANCE, MANAGED_BY, MANAGER};
use crate::phrase;
use crate::plan::ClusterState;
use crate::run_spec::{ContainerName, RunSpec, Source, Technology};
use crate::words::Phrase;

mod client;
mod copy;
mod log;
mod look;
mod objects;
mod observe;
mod older;
mod release;
mod unblock;

pub use client::Settings;

use client::{Session, to_list, to_read};
use copy::Copy;
use objects::{Attempt, Dialect, Objects, Reference};
use release::Kept;

/// What it is called.
const NAME: &str = "kubernetes";

/// How long copies may take to end, beside what each is granted, and the time between two looks.
const ENDING: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(200);

/// Kubernetes.
pub struct Kubernetes {
    settings: Settings,
    session: OnceCell<Session>,
    dialect: Dialect,
    /// The namespaces of what is wanted: where we may not look everywhere, these are looked at.
    places: Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for Kubernetes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kubernetes").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Kubernetes {
    /// The cluster that `settings` lead to; nothing is asked of it yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, session: OnceCell::new(), dialect: Dialect::default(), places: Mutex::default() }
    }

    async fn session(&self) -> Result<&Session, EngineError> {
        self.session.get_or_try_init(|| Session::open(&self.settings)).await
    }

    async fn objects(&self) -> Result<Objects<'_>, EngineError> {
        Ok(Objects { session: self.session().await?, dialect: &self.dialect })
    }

    /// The nodes; none where we may not see them.
    async fn nodes(&self) -> Result<Vec<Node>, EngineError> {
        let session = self.session().await?;
        let nodes: Api<Node> = Api::all(session.client.clone());
        match nodes.list(&ListParams::default()).await {
            Ok(list) => Ok(list.items),
            Err(error) => match session.failed(&error, to_list("Node")) {
                EngineError::Forbidden { .. } => Ok(Vec::new()),
                error => Err(error),
            },
        }
    }

    /// The copies of an application, those that are ending too.
    async fn copies(&self, application: &str, namespace: &str) -> Result<Vec<Pod>, EngineError> {
        let session = self.session().await?;
        let pods: Api<Pod> = Api::namespaced(session.client.clone(), namespace);
        let found = pods.list(&ListParams::default().labels(&selector(application))).await;
        found.map(|list| list.items).map_err(|error| session.failed(&error, to_list("Pod")))
    }

    /// What is kept of an application: of one that moves to another namespace, first where it goes to.
    async fn records(&self, container: &ContainerName) -> Result<Vec<Kept>, EngineError> {
        let mut all = observe::releases(self, Some(container)).await?;
        all.sort_by_key(|kept| kept.release.settled);
        Ok(all)
    }

    async fn known(&self, container: &ContainerName) -> Result<Kept, EngineError> {
        let absent = || EngineError::ContainerAbsent { container: container.to_string() };
        self.records(container).await?.into_iter().next().ok_or_else(absent)
    }

    /// Applies what is kept, which is noted before.
    async fn make(&self, kept: &Kept) -> Result<(), EngineError> {
        let objects = self.objects().await?;
        objects.apply(&kept.secret(), Attempt::Real).await?;
        // Who scales by load would go on doing so against the number that is asked for.
        for scaler in kept.release.obsolete.iter().filter(|object| object.scales()) {
            objects.remove(scaler, &kept.application).await?;
        }
        for object in &kept.release.objects {
            objects.apply(object, Attempt::Real).await?;
        }
        if let Some(least) = kept.release.scaler().and(kept.release.replicas) {
            self.wake(kept, least).await?;
        }
        unblock::unblock(self, kept).await
    }

    /// Has at least so many copies run of what is scaled by its load: one without any is left alone by who does that, and a new one has one.
    async fn wake(&self, kept: &Kept, least: u32) -> Result<(), EngineError> {
        let Some(workload) = kept.release.workload() else { return Ok(()) };
        let objects = self.objects().await?;
        let live = objects.get(&workload).await?.and_then(|found| found.data["spec"]["replicas"].as_u64());
        if live.is_some_and(|live| live < u64::from(least)) {
            objects.merge(&workload, &json!({"spec": {"replicas": least}})).await?;
        }
        Ok(())
    }

    /// Removes objects, but for what holds data.
    async fn remove(&self, kept: &Kept, gone: &[Reference]) -> Result<(), EngineError> {
        let objects = self.objects().await?;
        // The last one made goes first: who leads requests to copies before these.
        for object in gone.iter().rev().filter(|object| !object.holds_data()) {
            objects.remove(object, &kept.application).await?;
        }
        Ok(())
    }

    /// Removes all of an application in its namespace, and last what is kept of it.
    async fn take_away(&self, kept: &Kept) -> Result<(), EngineError> {
        let here = |object: &Reference| object.namespace == kept.namespace;
        let all: Vec<Reference> = kept.release.all_references().into_iter().filter(here).collect();
        self.remove(kept, &all).await?;
        self.await_end(&kept.application, &kept.namespace).await?;
        let record = Kept::reference(&kept.application, &kept.namespace);
        self.objects().await?.remove(&record, &kept.application).await
    }

    /// Waits until no copy runs any more. One that has ended is nobody's trouble while the cluster still lists it.
    async fn await_end(&self, application: &str, namespace: &str) -> Result<(), EngineError> {
        let deadline = Instant::now() + ENDING;
        loop {
            let copies = self.copies(application, namespace).await?;
            if copies.iter().all(|pod| Copy(pod).has_ended()) {
                return Ok(());
            }
            // Of a node that is gone nobody tells the end.
            if Instant::now() >= deadline {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
    }

    /// The namespace of what `spec` asks for.
    async fn namespace_of(&self, spec: &RunSpec) -> Result<String, EngineError> {
        let said = spec.cluster.as_ref().and_then(|cluster| cluster.kubernetes.as_ref()?.namespace.clone());
        Ok(match said {
            Some(namespace) => namespace,
            None => self.session().await?.namespace.clone(),
        })
    }
}

/// What the copies of an application are found by.
fn selector(application: &str) -> String {
    format!("{INSTANCE}={application},{MANAGED_BY}={MANAGER}")
}

#[async_trait]
impl Cluster for Kubernetes {
    fn technology(&self) -> Technology {
        Technology::Kubernetes
    }

    async fn examine(&self) -> Result<Phrase, EngineError> {
        let session = self.session().await?;
        let version = session.client.apiserver_version().await;
        let version = version.map_err(|error| session.failed(&error, to_read("version", "server")))?;
        let nodes = self.nodes().await?;
        let ready = nodes.iter().filter(|node| observe::is_ready(node)).count();
        Ok(phrase!(
            "has-kubernetes",
            "{version} at {address}, {ready} of {nodes} nodes ready, namespace {namespace}",
            version = version.git_version,
            address = session.address,
            ready = ready,
            nodes = nodes.len(),
            namespace = session.namespace
        ))
    }

    async fn observe(&self, sought: Sought<'_>) -> Result<ClusterState, EngineError> {
        observe::observe(self, sought).await
    }

    async fn fetch(&self, _: &Source, _: &FetchProgress<'_>) -> Result<(), EngineError> {
        // Nodes fetch it themselves, each when it is to run a copy; the old ones run until then.
        self.session().await.map(drop)
    }

    async fn user(&self, _: &Source) -> Result<Option<(u32, u32)>, EngineError> {
        Ok(None)
    }

    async fn deploy(&self, spec: &RunSpec) -> Result<(), EngineError> {
        let (application, namespace) = (spec.name.as_str(), self.namespace_of(spec).await?);
        self.places.lock().await.insert(namespace.clone());
        let objects = self.objects().await?;
        objects.check_held(spec, &namespace).await?;
        objects.check_ours(&Kept::reference(application, &namespace), application).await?;
        let next = Kept::next(spec, namespace, &self.settings.server, &self.records(&spec.name).await?);
        for object in next.release.references() {
            objects.check_ours(&object, application).await?;
        }
        for object in &next.release.objects {
            objects.apply(object, Attempt::Trial).await?;
        }
        self.make(&next).await
    }

    async fn confirm(&self, container: &ContainerName) -> Result<(), EngineError> {
        let Some(mut kept) = self.records(container).await?.into_iter().next() else { return Ok(()) };
        if kept.release.settled {
            return Ok(());
        }
        let gone = std::mem::take(&mut kept.release.obsolete);
        self.remove(&kept, &gone).await?;
        kept.release.settled = true;
        self.objects().await?.apply(&kept.secret(), Attempt::Real).await
    }

    async fn scale(&self, container: &ContainerName, replicas: u32) -> Result<(), EngineError> {
        let mut kept = self.known(container).await?;
        let objects = self.objects().await?;
        let absent = || EngineError::ContainerAbsent { container: container.to_string() };
        let workload = kept.release.workload().ok_or_else(absent)?;
        let scaler = kept.release.scaler().filter(|_| replicas > 0);
        if let Some(scaler) = &scaler {
            objects.merge(scaler, &json!({"spec": {"minReplicas": replicas}})).await?;
        }
        if scaler.is_some() {
            self.wake(&kept, replicas).await?;
        } else {
            objects.merge(&workload, &json!({"spec": {"replicas": replicas}})).await?;
        }
        if replicas > 0 {
            kept.release.set_replicas(replicas);
            objects.apply(&kept.secret(), Attempt::Real).await?;
        }
        Ok(())
    }

    async fn roll_back(&self, container: &ContainerName, digest: &str) -> Result<bool, EngineError> {
        let Some(kept) = self.records(container).await?.into_iter().next() else { return Ok(false) };
        if kept.release.digest != digest {
            return Ok(false);
        }
        let Some(back) = kept.back() else { return Ok(false) };
        if back.namespace == kept.namespace {
            self.make(&back).await?;
        } else {
            // What it was still stands where it was.
            self.take_away(&kept).await?;
        }
        Ok(true)
    }

    async fn withdraw(&self, container: &ContainerName) -> Result<(), EngineError> {
        for kept in self.records(container).await? {
            self.take_away(&kept).await?;
        }
        Ok(())
    }

    async fn look(&self, watched: &Watched) -> Result<Look, EngineError> {
        look::look(self, watched).await
    }

    fn logs<'a>(
        &'a self,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> BoxStream<'a, Result<String, EngineError>> {
        log::logs(self, name, request)
    }
}
