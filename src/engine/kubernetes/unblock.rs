//! Copies of another release that hold up the one that is asked for.
//!
//! Who runs copies with volumes of their own waits for each to be ready before it replaces the next, and so for one that never
//! will be, even of a release that nobody asks for any more.

use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, Preconditions};
use kube::{Api, Error};
use tokio::time::{Duration, Instant, sleep};

use super::client::to_remove;
use super::copy::Copy;
use super::observe::{self, Live};
use super::release::Kept;
use super::{Kubernetes, PAUSE};
use crate::engine::EngineError;

/// How long it may take to see what is asked for.
const SIGHT: Duration = Duration::from_secs(10);

/// Ends the copies of other releases that are not ready, where their end is waited for: they are made anew as they are to be.
pub(super) async fn unblock(kubernetes: &Kubernetes, kept: &Kept) -> Result<(), EngineError> {
    if kept.release.workload().is_none_or(|workload| workload.kind != "StatefulSet") {
        return Ok(());
    }
    let Some(live) = seen(kubernetes, kept).await? else { return Ok(()) };
    for pod in kubernetes.copies(&kept.application, &kept.namespace).await? {
        let copy = Copy(&pod);
        if !copy.is_ending() && !copy.is_ready() && !live.asks_for(copy) {
            end(kubernetes, &kept.namespace, copy).await?;
        }
    }
    Ok(())
}

/// The object that runs copies, once it is seen by who acts on it: until then a copy that ends is made anew as it was.
async fn seen(kubernetes: &Kubernetes, kept: &Kept) -> Result<Option<Live>, EngineError> {
    let deadline = Instant::now() + SIGHT;
    loop {
        let live = observe::live(kubernetes, kept).await?;
        if live.as_ref().is_none_or(Live::is_seen) || Instant::now() >= deadline {
            return Ok(live);
        }
        sleep(PAUSE).await;
    }
}

async fn end(kubernetes: &Kubernetes, namespace: &str, copy: Copy<'_>) -> Result<(), EngineError> {
    let session = kubernetes.session().await?;
    let pods: Api<Pod> = Api::namespaced(session.client.clone(), namespace);
    // One that was made anew meanwhile has the same name.
    let preconditions = Preconditions { uid: copy.0.metadata.uid.clone(), ..Preconditions::default() };
    let parameters = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
    match pods.delete(copy.name(), &parameters).await {
        Err(Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(()),
        Err(error) => Err(session.failed(&error, to_remove("Pod", copy.name()))),
        Ok(_) => Ok(()),
    }
}
