//! What the copies of an application wrote.

use futures_util::io::AsyncBufReadExt as _;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::LogParams;
use tokio::time::sleep;

use super::Kubernetes;
use super::client::to_read;
use super::copy::Copy;
use crate::engine::answer::harmless;
use crate::engine::{EngineError, LogRequest};
use crate::run_spec::ContainerName;

/// How many of the last lines are shown of what failed.
const TAIL: i64 = 20;
/// How often these are asked for: what ended may be removed before its successor has written anything.
const TRIES: usize = 10;
/// What a node says in place of a log that went with its container.
const REMOVED: &str = "unable to retrieve container logs";

/// The lines of all copies, as they come.
pub(super) fn logs<'a>(
    kubernetes: &'a Kubernetes,
    container: &'a ContainerName,
    request: LogRequest,
) -> BoxStream<'a, Result<String, EngineError>> {
    let all = async move {
        let kept = kubernetes.known(container).await?;
        let copies = kubernetes.copies(&kept.application, &kept.namespace).await?;
        let session = kubernetes.session().await?;
        let pods: Api<Pod> = Api::namespaced(session.stream.clone(), &kept.namespace);
        let parameters = LogParams {
            container: Some(kept.application.clone()),
            follow: request.follow,
            tail_lines: request.tail.map(i64::from),
            ..LogParams::default()
        };
        let mut streams = Vec::new();
        for copy in copies.iter().map(Copy) {
            let failed = |error| session.failed(&error, to_read("log", copy.name()));
            match pods.log_stream(copy.name(), &parameters).await {
                Ok(lines) => {
                    let name = copy.name().to_owned();
                    let lines = lines.lines().map_err(move |error| {
                        let cause = error.to_string();
                        EngineError::Refused {
                            engine: super::NAME,
                            what: to_read("log", &name),
                            cause: cause.into(),
                        }
                    });
                    streams.push(lines.map_ok(|line| line + "\n").boxed());
                }
                // One that has not begun has written nothing.
                Err(kube::Error::Api(status)) if status.code == 400 => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(stream::select_all(streams))
    };
    stream::once(all).try_flatten().boxed()
}

/// The last lines of a copy that failed, be it running again; none if they cannot be read.
pub(super) async fn tail(
    kubernetes: &Kubernetes,
    application: &str,
    namespace: &str,
    copy: Copy<'_>,
) -> Vec<String> {
    let Ok(session) = kubernetes.session().await else { return Vec::new() };
    let pods: Api<Pod> = Api::namespaced(session.client.clone(), namespace);
    for _ in 0..TRIES {
        // The container that ended first, then the one that takes its place.
        for previous in [true, false] {
            let container = Some(application.to_owned());
            let parameters =
                LogParams { container, previous, tail_lines: Some(TAIL), ..LogParams::default() };
            if let Ok(text) = pods.logs(copy.name(), &parameters).await
                && !text.trim().is_empty()
                && !text.starts_with(REMOVED)
            {
                return text.lines().map(harmless).collect();
            }
        }
        sleep(super::PAUSE).await;
    }
    Vec::new()
}
