//! How far a service is on its way to what was asked for.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bollard::models::{Node, NodeState, Service, ServiceUpdateStatusStateEnum, Task, TaskSpec, TaskState};
use bollard::query_parameters::LogsOptions;
use futures_util::future::join_all;
use futures_util::stream::StreamExt as _;
use jiff::Timestamp;
use tokio::time::timeout;

use super::observe::{Nodes, is_wanted, name_of, nodes, observed, wanted};
use super::{INGRESS, Swarm, labels_of};
use crate::engine::cluster::{Look, Progress, Watched, on, run, still_to_end, without};
use crate::engine::docker::labels;
use crate::engine::{EngineError, answer};
use crate::phrase;
use crate::plan::ObservedTask;
use crate::words::Phrase;

/// How many lines of the log a person is shown, and how long its node may take to send them.
const TAIL: &str = "20";
const SENDING: Duration = Duration::from_secs(5);

/// Looks at a service once.
pub(super) async fn look(swarm: &Swarm, watched: &Watched) -> Result<Look, EngineError> {
    let name = watched.container.as_str();
    let service = swarm.known(name).await?;
    let (all, nodes) = (swarm.tasks(Some(name)).await?, nodes(swarm).await?);
    let tasks: Vec<ObservedTask> =
        all.iter().filter(|task| is_wanted(task)).map(|task| observed(task, &nodes)).collect();
    let (answering, silent) = ask(&service, &tasks, watched).await;
    let seen = Seen { service: &service, all: &all, tasks: &tasks, nodes: &nodes, silent, watched };
    let progress = match seen.verdict() {
        Verdict::Settled => Progress::Settled,
        Verdict::Moving(words) => Progress::Moving(words),
        Verdict::Unplaced(words) => Progress::Unplaced(words),
        Verdict::Lost(loss, task) => {
            let log = match task {
                Some(task) => log(swarm, task).await,
                None => Vec::new(),
            };
            Progress::Failed(Box::new(loss.error(name, log)))
        }
    };
    Ok(Look { tasks, answering, progress })
}

/// What one look saw.
struct Seen<'a> {
    service: &'a Service,
    /// All tasks, those that have ended too.
    all: &'a [Task],
    /// Those that are wanted.
    tasks: &'a [ObservedTask],
    nodes: &'a Nodes,
    /// Why one of them does not answer.
    silent: Option<Phrase>,
    watched: &'a Watched,
}

enum Verdict<'a> {
    Settled,
    Moving(Phrase),
    Unplaced(Phrase),
    Lost(Loss, Option<&'a Task>),
}

/// What will not change by waiting.
enum Loss {
    /// The release failed, and the swarm is back at the one before.
    RolledBack(Phrase),
    /// The release failed, and the swarm left it there.
    Paused(Phrase),
    /// A copy ended.
    Ended(Phrase),
}

impl Loss {
    fn error(self, name: &str, log: Vec<String>) -> EngineError {
        let container = name.to_owned();
        match self {
            Self::RolledBack(cause) => EngineError::RolledBack { container, cause, log },
            Self::Paused(cause) => EngineError::UpdatePaused { container, cause, log },
            Self::Ended(cause) => EngineError::Unhealthy { container, cause, log },
        }
    }
}

impl<'a> Seen<'a> {
    fn verdict(&self) -> Verdict<'a> {
        use ServiceUpdateStatusStateEnum as Update;
        let status = self.service.update_status.clone().unwrap_or_default();
        // What the status tells is of this change, unless it was completed before.
        let state = status.state.filter(|_| self.watched.release.is_some());
        let is_release = self
            .watched
            .release
            .as_ref()
            .is_none_or(|wanted| *wanted == labels::digest_of(&labels_of(self.service)));
        match state {
            Some(Update::UPDATING) => self.under_way(phrase!("rollout-update", "the update is under way")),
            Some(Update::ROLLBACK_STARTED) => self.under_way(comes_back()),
            Some(Update::PAUSED | Update::ROLLBACK_PAUSED) => self.lost(Loss::Paused),
            Some(Update::ROLLBACK_COMPLETED) if !is_release && self.is_short() => {
                self.under_way(comes_back())
            }
            _ if !is_release => self.lost(Loss::RolledBack),
            None if self.watched.release.is_some() && self.is_before() => {
                self.under_way(phrase!("rollout-begins", "the update is to begin"))
            }
            _ => self.copies(),
        }
    }

    fn under_way(&self, words: Phrase) -> Verdict<'a> {
        match self.unplaced() {
            Some(words) => Verdict::Unplaced(words),
            None => Verdict::Moving(without(words, &self.lost_nodes())),
        }
    }

    fn copies(&self) -> Verdict<'a> {
        if let Some(task) = self.failed().next() {
            return Verdict::Lost(Loss::Ended(self.words(task)), Some(task));
        }
        if let Some(words) = self.unplaced() {
            return Verdict::Unplaced(words);
        }
        let (runs, wanted) =
            (self.tasks.iter().filter(|task| task.runs).count(), wanted(self.service, self.tasks));
        if runs < wanted {
            return Verdict::Moving(run(number(runs), number(wanted)));
        }
        let more = self.tasks.len().saturating_sub(wanted) + self.ending();
        if more > 0 {
            return Verdict::Moving(still_to_end(number(more)));
        }
        match &self.silent {
            Some(words) if wanted > 0 => Verdict::Moving(words.clone()),
            _ => Verdict::Settled,
        }
    }

    /// How many copies that are to go have not ended; nobody can tell of those on a node that is not there.
    fn ending(&self) -> usize {
        use TaskState as State;
        let is_here = |task: &&Task| {
            let node = task.node_id.as_ref().and_then(|id| self.nodes.get(id));
            node.and_then(|node| node.status.as_ref()?.state) == Some(NodeState::READY)
        };
        let runs = |task: &&Task| {
            let state = task.status.as_ref().and_then(|status| status.state);
            matches!(
                state,
                Some(
                    State::ASSIGNED
                        | State::ACCEPTED
                        | State::PREPARING
                        | State::READY
                        | State::STARTING
                        | State::RUNNING
                )
            )
        };
        self.all.iter().filter(|task| !is_wanted(task)).filter(is_here).filter(runs).count()
    }

    /// Whether a copy that runs is of a release before, which the swarm has not begun to replace.
    fn is_before(&self) -> bool {
        // Of the rest the swarm has forms of its own.
        let what = |spec: &TaskSpec| {
            let container = spec.container_spec.clone().unwrap_or_default();
            (container.image, container.env, container.args)
        };
        let template = self.service.spec.as_ref().and_then(|spec| spec.task_template.as_ref()).map(what);
        let wanted = self.all.iter().filter(|task| is_wanted(task));
        wanted.into_iter().any(|task| task.spec.as_ref().map(what) != template)
    }

    /// Which nodes do not answer: a swarm waits for the copies on one before it goes on with an update.
    fn lost_nodes(&self) -> Vec<String> {
        let is_lost =
            |node: &&Node| node.status.as_ref().and_then(|status| status.state) != Some(NodeState::READY);
        self.nodes.values().filter(is_lost).map(name_of).collect()
    }

    /// Whether not all copies run yet.
    fn is_short(&self) -> bool {
        let runs = self
            .tasks
            .iter()
            .filter(|task| task.runs && task.address.is_none_or(|own| self.watched.known.contains(&own)));
        runs.count() < wanted(self.service, self.tasks)
    }

    /// The tasks of the present release that failed since this was begun, the last one first.
    fn failed(&self) -> impl Iterator<Item = &'a Task> {
        let template = self.service.spec.as_ref().and_then(|spec| spec.task_template.as_ref());
        let image = template.and_then(|template| template.container_spec.as_ref()?.image.clone());
        let is_of_release = move |task: &&Task| {
            let spec = task.spec.as_ref().and_then(|spec| spec.container_spec.as_ref());
            spec.and_then(|spec| spec.image.clone()) == image
        };
        let since = self.watched.since;
        let failed = self.all.iter().filter(move |task| has_failed(task) && is_since(task, since));
        failed.filter(is_of_release)
    }

    fn lost(&self, loss: fn(Phrase) -> Loss) -> Verdict<'a> {
        let since = self.watched.since;
        let mut failed: Vec<&Task> =
            self.all.iter().filter(|task| has_failed(task) && is_since(task, since)).collect();
        failed.sort_by(|one, other| one.created_at.cmp(&other.created_at));
        let task = failed.first().copied();
        let message = self.service.update_status.as_ref().and_then(|status| status.message.clone());
        let words = task.map(|task| self.words(task)).or(message.map(Phrase::from));
        Verdict::Lost(loss(words.unwrap_or_else(|| "".into())), task)
    }

    /// Why no node takes a task.
    fn unplaced(&self) -> Option<Phrase> {
        self.tasks.iter().find_map(|task| {
            let words = task.words.as_ref()?;
            (task.state == "pending" && words.english().contains("no suitable node")).then(|| words.clone())
        })
    }

    fn words(&self, task: &Task) -> Phrase {
        let found = observed(task, self.nodes);
        let ended = || phrase!("copy-ended-as", "a copy ended by itself: {state}", state = found.state);
        on(found.words.unwrap_or_else(ended), found.node.as_deref())
    }
}

fn number(copies: usize) -> u32 {
    u32::try_from(copies).unwrap_or(u32::MAX)
}

fn comes_back() -> Phrase {
    phrase!("rollout-back", "a copy failed, and the release before comes back")
}

fn has_failed(task: &Task) -> bool {
    let state = task.status.as_ref().and_then(|status| status.state);
    matches!(state, Some(TaskState::FAILED | TaskState::REJECTED | TaskState::COMPLETE))
}

fn is_since(task: &Task, since: Timestamp) -> bool {
    let made = task.created_at.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
    made.is_some_and(|made| made >= since)
}

/// Asks each copy that runs, or the cluster where that listens: who answers, and why another one does not.
async fn ask(
    service: &Service,
    tasks: &[ObservedTask],
    watched: &Watched,
) -> (BTreeSet<SocketAddr>, Option<Phrase>) {
    let labels = labels_of(service);
    let ports = service.spec.as_ref().and_then(|spec| spec.endpoint_spec.as_ref()?.ports.clone());
    let inside = ports.unwrap_or_default().first().and_then(|port| u16::try_from(port.target_port?).ok());
    let Some(inside) = inside else { return (BTreeSet::new(), None) };
    let runs = tasks.iter().filter(|task| task.runs);
    let addresses: Vec<Option<SocketAddr>> = if labels.get(INGRESS).is_some_and(|ingress| ingress == "true") {
        let local =
            |port: &crate::plan::HostPort| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.port);
        labels::ports_of(&labels).first().map(local).into_iter().map(Some).collect()
    } else {
        runs.map(|task| task.address).collect()
    };
    let answers = join_all(addresses.into_iter().map(|address| async move {
        match address {
            Some(address) if watched.known.contains(&address) => {
                (Some(address), answer::knock(address, inside, &watched.health).await)
            }
            Some(address) => (Some(address), answer::knock_through(address, inside, &watched.health).await),
            None => {
                let port = inside.to_string();
                (None, Err(phrase!("ill-unpublished", "its port {port} is not published yet", port = port)))
            }
        }
    }))
    .await;
    let answering = answers.iter().filter(|(_, answer)| answer.is_ok()).filter_map(|(address, _)| *address);
    let silent = answers.iter().find_map(|(address, answer)| {
        let words = answer.as_ref().err()?;
        Some(address.map_or_else(|| words.clone(), |address| answer::at(words, address)))
    });
    (answering.collect(), silent)
}

/// The last lines that a task wrote; none if they cannot be read in time.
async fn log(swarm: &Swarm, task: &Task) -> Vec<String> {
    let (Ok(client), Some(id)) = (swarm.docker.client().await, task.id.as_ref()) else { return Vec::new() };
    let options = LogsOptions { stdout: true, stderr: true, tail: TAIL.to_owned(), ..LogsOptions::default() };
    let mut text = String::new();
    let mut parts = std::pin::pin!(client.task_logs(id, Some(options)));
    let read = async {
        while let Some(Ok(part)) = parts.next().await {
            text.push_str(&part.to_string());
        }
    };
    // What came in time is better than nothing.
    let _ = timeout(SENDING, read).await;
    text.lines().map(answer::harmless).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::run_spec::HealthCheck;

    const SINCE: &str = "2026-01-01T00:00:00Z";

    fn task(id: &str, state: &str, wanted: &str, made: &str) -> Value {
        json!({"ID": id, "NodeID": "n", "CreatedAt": made, "DesiredState": wanted,
               "Spec": {"ContainerSpec": {"Image": "a:1"}},
               "Status": {"State": state, "Err": if state == "failed" { "task: non-zero exit (3)" } else { "" }}})
    }

    /// What a look gives, in words, with this state of the update and these tasks.
    fn said(update: Option<&str>, digest: &str, tasks: &[Value]) -> String {
        let service: Service = serde_json::from_value(json!({
            "Spec": {"Name": "wiki", "Labels": {"org.galerne.digest": digest},
                     "Mode": {"Replicated": {"Replicas": 1}},
                     "TaskTemplate": {"ContainerSpec": {"Image": "a:1"}}},
            "UpdateStatus": update.map(|state| json!({"State": state})),
        }))
        .unwrap();
        let all: Vec<Task> = tasks.iter().map(|task| serde_json::from_value(task.clone()).unwrap()).collect();
        let node = json!({"ID": "n", "Description": {"Hostname": "node1"}, "Status": {"State": "ready"}});
        let nodes: Nodes = [("n".to_owned(), serde_json::from_value(node).unwrap())].into();
        let tasks: Vec<ObservedTask> =
            all.iter().filter(|task| is_wanted(task)).map(|task| observed(task, &nodes)).collect();
        let watched = Watched {
            container: "wiki".parse().unwrap(),
            release: Some("new".to_owned()),
            health: HealthCheck::default(),
            since: SINCE.parse().unwrap(),
            known: BTreeSet::new(),
        };
        let seen = Seen {
            service: &service,
            all: &all,
            tasks: &tasks,
            nodes: &nodes,
            silent: None,
            watched: &watched,
        };
        match seen.verdict() {
            Verdict::Settled => "settled".to_owned(),
            Verdict::Moving(words) | Verdict::Unplaced(words) => words.to_string(),
            Verdict::Lost(loss, _) => loss.error("wiki", Vec::new()).to_string(),
        }
    }

    #[test]
    fn a_look_tells_how_far_a_service_is() {
        let runs = task("1", "running", "running", "2025-01-01T00:00:00Z");
        let ends = task("2", "failed", "shutdown", "2026-02-01T00:00:00Z");
        let ended_before = task("3", "failed", "shutdown", "2025-02-01T00:00:00Z");
        assert_eq!(said(Some("completed"), "new", &[runs.clone(), ended_before.clone()]), "settled");
        assert_eq!(said(None, "new", &[ended_before]), "0 of 1 copies run");
        assert_eq!(said(Some("updating"), "new", std::slice::from_ref(&runs)), "the update is under way");
        let lost = said(None, "new", std::slice::from_ref(&ends));
        assert!(lost.contains("task: non-zero exit (3) (on node1)"), "{lost}");
        let back = said(Some("rollback_completed"), "old", &[runs.clone(), ends.clone()]);
        assert!(back.contains("the one before serves again: task: non-zero exit (3)"), "{back}");
        let coming = said(Some("rollback_completed"), "old", std::slice::from_ref(&ends));
        assert!(coming.contains("comes back"), "{coming}");
        let stays = task("4", "running", "shutdown", "2026-02-01T00:00:00Z");
        assert_eq!(said(Some("completed"), "new", &[runs, stays]), "1 copy is still to end");
    }

    #[test]
    fn an_update_that_stops_half_way_says_so() {
        let ends = task("2", "failed", "shutdown", "2026-02-01T00:00:00Z");
        let stopped = said(Some("paused"), "new", &[ends]);
        assert!(stopped.contains("stopped half-way: task: non-zero exit (3)"), "{stopped}");
        let error = Loss::Paused("".into()).error("wiki", Vec::new());
        assert!(matches!(error, EngineError::UpdatePaused { .. }));
    }

    #[test]
    fn a_task_that_no_node_takes_says_why() {
        let words = "no suitable node (insufficient resources on 1 node)";
        let mut waits = task("1", "pending", "running", "2026-02-01T00:00:00Z");
        waits["Status"]["Err"] = words.into();
        assert_eq!(said(None, "new", &[waits]), words);
    }
}
