//! A copy of an application, which is a pod: how far it is, where it is, and what keeps it from running.

use std::net::{IpAddr, SocketAddr};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerState, ContainerStatus, Pod, PodCondition};

use crate::engine::answer::harmless;
use crate::engine::cluster::on;
use crate::phrase;
use crate::plan::ObservedTask;
use crate::words::Phrase;

/// What a container waits for that does not come by waiting. An image is asked for again after a while; once that has been told, nobody
/// is to wait for it.
const LOST: [&str; 7] = [
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "ImageInspectError",
];

/// What a node says that was too busy to learn of a secret in time, and tries again.
const PASSES: &str = "timed out waiting for the condition";

/// A pod that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copy<'a>(pub(super) &'a Pod);

impl<'a> Copy<'a> {
    /// Its name.
    pub(super) fn name(self) -> &'a str {
        self.0.metadata.name.as_deref().unwrap_or_default()
    }

    /// The node that it is on.
    pub(super) fn node(self) -> Option<&'a str> {
        self.0.spec.as_ref()?.node_name.as_deref()
    }

    /// Whether it is told to end.
    pub(super) fn is_ending(self) -> bool {
        self.0.metadata.deletion_timestamp.is_some()
    }

    /// Whether it was told to end, and has: that a cluster still lists it for a while keeps nobody waiting.
    pub(super) fn has_ended(self) -> bool {
        let is_over =
            |status: &ContainerStatus| status.state.as_ref().is_some_and(|state| state.terminated.is_some());
        self.is_ending() && self.containers().next().is_some() && self.containers().all(is_over)
    }

    /// What one of its annotations says.
    pub(super) fn annotation(self, name: &str) -> Option<&'a str> {
        self.0.metadata.annotations.as_ref()?.get(name).map(String::as_str)
    }

    fn condition(self, kind: &str) -> Option<&'a PodCondition> {
        let conditions = self.0.status.as_ref()?.conditions.as_ref()?;
        conditions.iter().find(|condition| condition.type_ == kind)
    }

    fn is(self, kind: &str) -> bool {
        self.condition(kind).is_some_and(|condition| condition.status == "True")
    }

    /// Whether it is handed requests.
    pub(super) fn is_ready(self) -> bool {
        self.is("Ready") && !self.is_ending()
    }

    /// Why no node takes it.
    pub(super) fn unplaced(self) -> Option<Phrase> {
        let condition = self.condition("PodScheduled").filter(|condition| condition.status == "False")?;
        let is_unschedulable = condition.reason.as_deref() == Some("Unschedulable");
        is_unschedulable.then(|| match &condition.message {
            Some(message) => harmless(message).into(),
            None => phrase!("copy-no-node", "no node fits"),
        })
    }

    fn containers(self) -> impl Iterator<Item = &'a ContainerStatus> {
        self.0.status.iter().flat_map(|status| status.container_statuses.iter().flatten())
    }

    /// Why it does not run, and will not by waiting: what ended before `since` may be up again.
    pub(super) fn lost(self, since: Timestamp) -> Option<Phrase> {
        let waits = |status: &'a ContainerStatus| {
            let waiting = status.state.as_ref()?.waiting.as_ref()?;
            let reason = waiting.reason.as_deref().filter(|reason| LOST.contains(reason))?;
            let message = waiting.message.as_deref().map(harmless).unwrap_or_default();
            if message.ends_with(PASSES) {
                return None;
            }
            Some(Phrase::from(format!("{reason}: {message}")))
        };
        // One that ended is started again and again, whatever it ended with.
        let ends = |status: &'a ContainerStatus| {
            let waiting = status.state.as_ref().and_then(|state| state.waiting.as_ref());
            let gives_up =
                waiting.is_some_and(|waiting| waiting.reason.as_deref() == Some("CrashLoopBackOff"));
            let last = status.last_state.as_ref()?;
            let at = last.terminated.as_ref().and_then(|last| last.finished_at.as_ref());
            let is_now = at.is_some_and(|at| at.0 >= since);
            ended(last).filter(|_| !status.ready && (gives_up || is_now))
        };
        let words = self.containers().find_map(|status| waits(status).or_else(|| ends(status)))?;
        Some(on(words, self.node()))
    }

    /// What a person is told of it.
    fn words(self) -> Option<Phrase> {
        let waiting = |status: &'a ContainerStatus| {
            let waiting = status.state.as_ref()?.waiting.as_ref()?;
            let message = waiting.message.as_deref().map(|message| harmless(message).into());
            message.or_else(|| status.last_state.as_ref().and_then(ended))
        };
        self.unplaced().or_else(|| self.containers().find_map(waiting))
    }

    fn state(self) -> String {
        if self.is_ready() {
            return "running".to_owned();
        }
        let waiting = |status: &'a ContainerStatus| status.state.as_ref()?.waiting.as_ref()?.reason.clone();
        let phase = self.0.status.as_ref().and_then(|status| status.phase.clone());
        self.containers().find_map(waiting).or(phase).unwrap_or_default().to_lowercase()
    }

    /// The copy as the plan sees it, where each node listens on `port` for it.
    pub(super) fn observed(self, port: Option<u16>) -> ObservedTask {
        let host = self.0.status.as_ref().and_then(|status| status.host_ip.as_deref());
        let host: Option<IpAddr> = host.and_then(|host| host.parse().ok());
        ObservedTask {
            id: self.name().to_owned(),
            node: self.node().map(str::to_owned),
            state: self.state(),
            runs: self.is_ready(),
            address: host.zip(port).map(|(host, port)| SocketAddr::new(host, port)),
            words: self.words(),
        }
    }
}

/// How a container ended.
fn ended(state: &ContainerState) -> Option<Phrase> {
    /// 128 and the number of SIGKILL: what does not answer is ended so.
    const KILLED: i32 = 137;
    let ended = state.terminated.as_ref()?;
    let reason = ended.reason.as_deref().filter(|reason| !matches!(*reason, "Error" | "Completed"));
    Some(match (ended.exit_code, reason) {
        (code, Some(reason)) => phrase!(
            "copy-ended-why",
            "a copy ended by itself: exit code {code} ({reason})",
            code = code,
            reason = harmless(reason)
        ),
        (KILLED, None) => phrase!("copy-was-ended", "a copy did not answer in time, and was ended"),
        (code, None) => phrase!("copy-ended", "a copy ended by itself: exit code {code}", code = code),
    })
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
    use serde_json::{Value, json};

    use super::*;

    fn since() -> Timestamp {
        "2026-01-02T00:00:00Z".parse().unwrap()
    }

    fn pod(status: &Value) -> Pod {
        let pod = json!({"metadata": {"name": "wiki-1"}, "spec": {"nodeName": "srv1", "containers": []}, "status": status});
        serde_json::from_value(pod).unwrap()
    }

    #[test]
    fn a_copy_that_runs_has_the_address_of_its_node() {
        let ready = json!([{"type": "Ready", "status": "True"}]);
        let pod = pod(&json!({"phase": "Running", "hostIP": "192.0.2.1", "conditions": ready}));
        let seen = Copy(&pod).observed(Some(30_080));
        assert!(seen.runs && seen.state == "running");
        assert_eq!(seen.address.unwrap().to_string(), "192.0.2.1:30080");
        assert_eq!((Copy(&pod).lost(since()), Copy(&pod).unplaced()), (None, None));
    }

    #[test]
    fn what_keeps_a_copy_from_running_is_said() {
        let waits = |reason: &str, message: &str, last: Value| {
            let state = json!({"waiting": {"reason": reason, "message": message}});
            let container = json!({"name": "wiki", "ready": false, "restartCount": 1, "image": "a", "imageID": "",
                "state": state, "lastState": last});
            pod(&json!({"phase": "Pending", "containerStatuses": [container]}))
        };
        let pulls = waits("ImagePullBackOff", "Back-off pulling image \"a:2\"", json!({}));
        let words = "ImagePullBackOff: Back-off pulling image \"a:2\" (on srv1)";
        assert_eq!(Copy(&pulls).lost(since()), Some(words.into()));
        assert_eq!(Copy(&pulls).observed(None).state, "imagepullbackoff");
        let crashes =
            waits("CrashLoopBackOff", "", json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}));
        let words = "a copy ended by itself: exit code 137 (OOMKilled) (on srv1)";
        assert_eq!(Copy(&crashes).lost(since()), Some(words.into()));
        let silent =
            waits("CrashLoopBackOff", "", json!({"terminated": {"exitCode": 137, "reason": "Error"}}));
        let words = "a copy did not answer in time, and was ended (on srv1)";
        assert_eq!(Copy(&silent).lost(since()), Some(words.into()));
        assert_eq!(Copy(&waits("ContainerCreating", "", json!({}))).lost(since()), None);
        let busy = "failed to sync secret cache: timed out waiting for the condition";
        assert_eq!(Copy(&waits("CreateContainerConfigError", busy, json!({}))).lost(since()), None);
        let ended = |at: &str| waits("", "", json!({"terminated": {"exitCode": 1, "finishedAt": at}}));
        assert!(Copy(&ended("2026-01-02T00:00:01Z")).lost(since()).is_some());
        assert_eq!(Copy(&ended("2026-01-01T00:00:00Z")).lost(since()), None, "that was before");
    }

    #[test]
    fn a_copy_that_no_node_takes_says_why() {
        let words = "0/2 nodes are available: 2 Insufficient memory.";
        let condition =
            json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": words}]);
        let pod = pod(&json!({"phase": "Pending", "conditions": condition}));
        assert_eq!(Copy(&pod).unplaced(), Some(words.into()));
        assert_eq!(Copy(&pod).observed(None).words, Some(words.into()));
    }

    #[test]
    fn a_copy_has_ended_once_it_was_told_to_and_all_of_it_is_over() {
        let ending = |told: bool, states: &[Value]| {
            let status = |state| json!({"name": "wiki", "ready": false, "restartCount": 0, "image": "a", "imageID": "", "state": state});
            let statuses: Vec<Value> = states.iter().map(status).collect();
            let mut pod = pod(&json!({"containerStatuses": statuses}));
            pod.metadata.deletion_timestamp = told.then(|| Time(since()));
            Copy(&pod).has_ended()
        };
        let (over, runs) = (json!({"terminated": {"exitCode": 0}}), json!({"running": {}}));
        assert!(ending(true, std::slice::from_ref(&over)));
        assert!(!ending(false, std::slice::from_ref(&over)), "it is to be started again");
        assert!(!ending(true, &[over, runs]));
        assert!(!ending(true, &[]), "nobody told of it yet");
    }
}
