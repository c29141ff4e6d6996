//! Following a change: how far an application is, seen from the object that runs its copies, and from the copies.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::Api;
use kube::api::ListParams;

use super::Kubernetes;
use super::client::to_list;
use super::copy::Copy;
use super::log;
use super::observe::{self, Live};
use super::release::Kept;
use crate::engine::EngineError;
use crate::engine::answer::{self, harmless};
use crate::engine::cluster::{Look, Progress, Watched, run, still_to_end, without};
use crate::phrase;
use crate::plan::ObservedTask;
use crate::words::Phrase;

/// How long the object that runs copies may tell of the release before.
const STALE: SignedDuration = SignedDuration::from_secs(10);

/// One look.
pub(super) async fn look(kubernetes: &Kubernetes, watched: &Watched) -> Result<Look, EngineError> {
    let absent = || EngineError::ContainerAbsent { container: watched.container.to_string() };
    let kept = kubernetes.known(&watched.container).await?;
    let live = observe::live(kubernetes, &kept).await?.ok_or_else(absent)?;
    let port = observe::port(kubernetes, &kept).await?;
    let pods = kubernetes.copies(&kept.application, &kept.namespace).await?;
    let tasks: Vec<ObservedTask> =
        pods.iter().map(Copy).filter(|copy| !copy.is_ending()).map(|copy| copy.observed(port)).collect();
    let (answering, silent) = if port.is_some() { ask(&kept, &tasks, watched).await } else { <_>::default() };
    let nodes = kubernetes.nodes().await?;
    let down = nodes.iter().filter(|node| !observe::is_ready(node));
    let down: BTreeSet<String> = down.filter_map(|node| node.metadata.name.clone()).collect();
    let mut seen = Seen {
        kept: &kept,
        live: &live,
        pods: &pods,
        down: &down,
        silent,
        refused: None,
        watched,
        now: Timestamp::now(),
    };
    if seen.may_be_refused() {
        seen.refused = refused(kubernetes, &kept, watched.since).await?;
    }
    let progress = match seen.verdict() {
        Verdict::Settled => Progress::Settled,
        Verdict::Moving(words) => Progress::Moving(words),
        Verdict::Ending(words) => Progress::Ending(words),
        Verdict::Unplaced(words) => Progress::Unplaced(words),
        Verdict::Refused(cause) => Progress::Failed(Box::new(EngineError::CopiesRefused {
            container: kept.application.clone(),
            cause,
        })),
        Verdict::Lost(cause, copy) => {
            let log = log::tail(kubernetes, &kept.application, &kept.namespace, copy).await;
            let container = kept.application.clone();
            Progress::Failed(Box::new(EngineError::Unhealthy { container, cause, log }))
        }
    };
    Ok(Look { tasks, answering, progress })
}

/// What one look has seen.
struct Seen<'a> {
    kept: &'a Kept,
    live: &'a Live,
    /// Its copies, those that are ending too.
    pods: &'a [Pod],
    /// The nodes that do not answer.
    down: &'a BTreeSet<String>,
    /// Why one of its addresses does not answer.
    silent: Option<Phrase>,
    /// Why no copies are made.
    refused: Option<String>,
    watched: &'a Watched,
    now: Timestamp,
}

enum Verdict<'a> {
    Settled,
    Moving(Phrase),
    /// All is there, but what was told to end.
    Ending(Phrase),
    Unplaced(Phrase),
    /// No copy may be made.
    Refused(String),
    /// A copy will not run by waiting.
    Lost(Phrase, Copy<'a>),
}

impl<'a> Seen<'a> {
    fn copies(&self) -> impl Iterator<Item = Copy<'a>> {
        self.pods.iter().map(Copy)
    }

    /// The copies of what is asked for.
    fn new_copies(&self) -> impl Iterator<Item = Copy<'a>> {
        self.copies().filter(|copy| self.live.asks_for(*copy) && !copy.is_ending())
    }

    /// Whether fewer copies are there than are to be, without a word of the object that runs them.
    fn may_be_refused(&self) -> bool {
        let there = u32::try_from(self.new_copies().count()).unwrap_or(u32::MAX);
        self.live.is_seen() && there < self.live.wanted()
    }

    /// Whether a condition may still tell of the release before: it is older, and had no time yet to be put right.
    fn is_of_before(&self, condition: &str) -> bool {
        let is_older = self.live.changed(condition).is_none_or(|at| at < self.watched.since);
        is_older && self.now.duration_since(self.watched.since) < STALE
    }

    fn verdict(&self) -> Verdict<'a> {
        let asked = self.watched.release.as_ref();
        if asked.is_some_and(|release| *release != self.kept.release.digest) {
            return Verdict::Moving(phrase!("rollout-other", "somebody else changes it"));
        }
        if !self.live.is_seen() {
            return Verdict::Moving(phrase!("rollout-begins", "the update is to begin"));
        }
        let refused = self.live.condition("ReplicaFailure", "True", None);
        if let Some(cause) = refused.filter(|_| self.may_be_refused() && !self.is_of_before("ReplicaFailure"))
        {
            return Verdict::Refused(harmless(cause));
        }
        if let Some(cause) = &self.refused {
            return Verdict::Refused(cause.clone());
        }
        if let Some((cause, copy)) =
            self.new_copies().find_map(|copy| Some((copy.lost(self.watched.since)?, copy)))
        {
            return Verdict::Lost(cause, copy);
        }
        let late = self.live.condition("Progressing", "False", Some("ProgressDeadlineExceeded"));
        if let Some((_, copy)) = late.zip(self.new_copies().find(|copy| !copy.is_ready())) {
            let cause = phrase!("copy-late", "it was not ready in time");
            return Verdict::Lost(cause, copy);
        }
        if let Some(words) = self.new_copies().find_map(Copy::unplaced) {
            return Verdict::Unplaced(words);
        }
        self.counts()
    }

    fn counts(&self) -> Verdict<'a> {
        let wanted = self.live.wanted();
        let (updated, total) = (self.live.updated(), self.live.total());
        if updated < wanted {
            let new = phrase!(
                "rollout-new",
                "{updated} of {wanted} copies are new",
                updated = updated,
                wanted = wanted
            );
            let words = without(new, &self.lost_nodes());
            // New ones may wait for the end of those before.
            return if self.in_the_way() > 0 { Verdict::Ending(words) } else { Verdict::Moving(words) };
        }
        let available = self.live.available();
        if available < wanted {
            return Verdict::Moving(without(run(available, wanted), &self.lost_nodes()));
        }
        // Who takes over waits for the last one; a copy that is replaced ends in its own time.
        let more = total.saturating_sub(wanted).max(if wanted == 0 { self.ending() } else { 0 });
        if more > 0 {
            return Verdict::Ending(still_to_end(more));
        }
        match &self.silent {
            Some(words) if wanted > 0 => Verdict::Moving(words.clone()),
            _ => Verdict::Settled,
        }
    }

    /// How many copies have been told to end and have not; of those on a node that does not answer nobody can tell.
    fn ending(&self) -> u32 {
        let ending = self.copies().filter(|copy| copy.is_ending() && !copy.has_ended());
        self.here(ending)
    }

    /// How many copies have to end before the next are made. Where one takes the place of another it waits until the cluster does not
    /// list that any more.
    fn in_the_way(&self) -> u32 {
        if self.live.replaces_in_place() {
            self.here(self.copies().filter(|copy| copy.is_ending()))
        } else {
            self.ending()
        }
    }

    /// How many of `copies` are on nodes that answer.
    fn here(&self, copies: impl Iterator<Item = Copy<'a>>) -> u32 {
        let is_here = |copy: &Copy<'_>| copy.node().is_some_and(|node| !self.down.contains(node));
        u32::try_from(copies.filter(is_here).count()).unwrap_or(u32::MAX)
    }

    fn lost_nodes(&self) -> Vec<String> {
        self.down.iter().cloned().collect()
    }
}

/// Asks each node that runs a copy: who answers, and why another one does not.
async fn ask(
    kept: &Kept,
    tasks: &[ObservedTask],
    watched: &Watched,
) -> (BTreeSet<SocketAddr>, Option<Phrase>) {
    let Some(inside) = kept.release.port else { return <_>::default() };
    let addresses: BTreeSet<SocketAddr> =
        tasks.iter().filter(|task| task.runs).filter_map(|task| task.address).collect();
    let answers = join_all(addresses.into_iter().map(|address| async move {
        let answer = if watched.known.contains(&address) {
            answer::knock(address, inside, &watched.health).await
        } else {
            answer::knock_through(address, inside, &watched.health).await
        };
        (address, answer)
    }))
    .await;
    let answering =
        answers.iter().filter(|(_, answer)| answer.is_ok()).map(|(address, _)| *address).collect();
    let silent = answers.iter().find_map(|(address, answer)| {
        let words = answer.as_ref().err()?;
        Some(answer::at(words, *address))
    });
    (answering, silent)
}

/// Why the object that runs copies could not make one since then, of the kinds that say so in events alone.
async fn refused(
    kubernetes: &Kubernetes,
    kept: &Kept,
    since: Timestamp,
) -> Result<Option<String>, EngineError> {
    let Some(workload) = kept.release.workload().filter(|workload| workload.kind != "Deployment") else {
        return Ok(None);
    };
    let session = kubernetes.session().await?;
    let events: Api<Event> = Api::namespaced(session.client.clone(), &kept.namespace);
    let of = format!("involvedObject.name={},reason=FailedCreate", workload.name);
    let found = match events.list(&ListParams::default().fields(&of)).await {
        Ok(found) => found,
        Err(error) => match session.failed(&error, to_list("Event")) {
            // Who may not read them waits.
            EngineError::Forbidden { .. } => return Ok(None),
            error => return Err(error),
        },
    };
    let is_recent = |event: &&Event| event.last_timestamp.as_ref().is_some_and(|time| time.0 >= since);
    let last = found.items.iter().rfind(is_recent);
    Ok(last.and_then(|event| event.message.as_deref()).map(harmless))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::engine::kubernetes::release::Release;
    use crate::manifest::DIGEST;
    use crate::run_spec::HealthCheck;

    fn pod(digest: &str, status: &Value, ends: bool) -> Pod {
        let mut pod = json!({"metadata": {"name": "wiki-1", "annotations": {DIGEST: digest}},
            "spec": {"nodeName": "srv1", "containers": []}, "status": status});
        if ends {
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        }
        serde_json::from_value(pod).unwrap()
    }

    /// What a look gives, in words, of a Deployment with this status.
    fn said(status: &Value, pods: &[Pod]) -> String {
        let data = json!({"spec": {"replicas": 2, "template": {"metadata": {"annotations": {DIGEST: "new"}}}},
            "status": status});
        let live = Live::new("Deployment", 3, data);
        let release = Release { digest: "new".to_owned(), ..Release::default() };
        let kept = Kept { application: "wiki".to_owned(), namespace: "web".to_owned(), release };
        let watched = Watched {
            container: "wiki".parse().unwrap(),
            release: Some("new".to_owned()),
            health: HealthCheck::default(),
            since: "2026-01-01T00:00:00Z".parse().unwrap(),
            known: BTreeSet::new(),
        };
        let down = BTreeSet::new();
        let seen = Seen {
            kept: &kept,
            live: &live,
            pods,
            down: &down,
            silent: None,
            refused: None,
            watched: &watched,
            now: "2026-01-01T00:00:05Z".parse().unwrap(),
        };
        match seen.verdict() {
            Verdict::Settled => "settled".to_owned(),
            Verdict::Moving(words)
            | Verdict::Ending(words)
            | Verdict::Unplaced(words)
            | Verdict::Lost(words, _) => words.to_string(),
            Verdict::Refused(cause) => format!("refused: {cause}"),
        }
    }

    #[test]
    fn a_look_tells_how_far_an_application_is() {
        let status = |updated: u32, total: u32, available: u32| json!({"observedGeneration": 3, "updatedReplicas": updated, "replicas": total, "availableReplicas": available});
        assert_eq!(said(&json!({"observedGeneration": 2}), &[]), "the update is to begin");
        assert_eq!(said(&status(1, 3, 3), &[]), "1 of 2 copies are new");
        assert_eq!(said(&status(2, 2, 1), &[]), "1 of 2 copies run");
        assert_eq!(said(&status(2, 3, 3), &[]), "1 copy is still to end");
        assert_eq!(said(&status(2, 2, 2), &[pod("old", &json!({}), true)]), "settled");
        assert_eq!(said(&status(2, 2, 2), &[]), "settled");
    }

    #[test]
    fn a_failure_is_that_of_the_release_that_is_asked_for() {
        let status =
            json!({"observedGeneration": 3, "updatedReplicas": 1, "replicas": 3, "availableReplicas": 2});
        let container = json!({"name": "wiki", "ready": false, "restartCount": 0, "image": "a", "imageID": "",
            "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}});
        let lost = json!({"phase": "Pending", "containerStatuses": [container]});
        assert_eq!(said(&status, &[pod("old", &lost, false)]), "1 of 2 copies are new");
        let words = "ImagePullBackOff: no such image (on srv1)";
        assert_eq!(said(&status, &[pod("new", &lost, false)]), words);
        let mut forbidden = status;
        forbidden["conditions"] = json!([{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small",
                "lastTransitionTime": "2026-01-01T00:00:01Z"}]);
        assert_eq!(said(&forbidden, &[]), "refused: exceeded quota: small");
        // All are there: that was another release.
        let there = || pod("new", &json!({}), false);
        assert_eq!(said(&forbidden, &[there(), there()]), "1 of 2 copies are new");
        forbidden["conditions"][0]["lastTransitionTime"] = json!("2025-12-31T23:59:59Z");
        assert_eq!(said(&forbidden, &[]), "1 of 2 copies are new");
    }
}
