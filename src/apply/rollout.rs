//! Carrying out what is done on a cluster: it is asked for, then followed until it is there or has failed.
//!
//! Meanwhile nginx is told of each copy that comes and goes, so that none of its requests meets one that has gone for long.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::ApplyError;
use super::balance::{is_balanced, let_balance, unbalance};
use super::chain::Work;
use super::event::Event;
use crate::engine::EngineError;
use crate::engine::cluster::{Cluster, Look, Progress, Watched};
use crate::phrase;
use crate::plan::{Action, release};
use crate::run_spec::{ContainerName, Failure, HealthCheck, RunSpec};
use crate::words::Phrase;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(150);
/// How long all must have been as it should before that is believed: a cluster takes a moment to begin, and a copy to end.
const MOMENT: Duration = Duration::from_millis(1500);
/// How long no node may take a copy.
const UNPLACED: Duration = Duration::from_secs(8);
/// How long what was told to end may take: nodes of Kubernetes clean up once a minute.
const ENDING: Duration = Duration::from_secs(90);
/// What is granted beside what the application itself takes.
const SLACK: Duration = Duration::from_secs(10);

/// Does one action on a cluster.
pub(super) async fn run(cluster: &dyn Cluster, action: &Action, work: &Work<'_>) -> Result<(), ApplyError> {
    match action {
        Action::Fetch { source } => {
            let tell = |layer| work.reporter.progress(source, layer);
            Ok(cluster.fetch(source, &tell).await?)
        }
        Action::Deploy { container } => {
            let Some(spec) = work.wanted.container(container) else { return Ok(()) };
            let watched = watch(container, Some(spec));
            cluster.deploy(spec).await?;
            follow(cluster, watched, patience(Some(spec)), work).await?;
            Ok(cluster.confirm(container).await?)
        }
        Action::AwaitHealthy { container } => {
            let spec = work.wanted.container(container);
            follow(cluster, watch(container, spec), patience(spec), work).await
        }
        Action::Scale { container, replicas } => {
            let spec = work.wanted.container(container).filter(|spec| spec.cluster.is_some());
            let watched = Watched { release: None, ..watch(container, spec) };
            cluster.scale(container, *replicas).await?;
            follow(cluster, watched, patience(spec), work).await
        }
        Action::RollBack { container } => roll_back(cluster, container, work).await,
        Action::Withdraw { container } => Ok(cluster.withdraw(container).await?),
        Action::Balance { container } => {
            let tasks = match cluster.look(&watch(container, work.wanted.container(container))).await {
                Ok(look) => look.tasks,
                // It is about to be made.
                Err(EngineError::ContainerAbsent { .. }) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            let copies = tasks.iter().filter(|task| task.runs).filter_map(|task| task.address);
            let_balance(container, &copies.collect(), work).await
        }
        Action::Unbalance { container } => unbalance(container, work).await,
        _ => Ok(()),
    }
}

/// What is looked at when `spec` is to run; what another technology is to run has other ports.
fn watch(container: &ContainerName, spec: Option<&RunSpec>) -> Watched {
    let mine = spec.filter(|spec| spec.cluster.is_some());
    Watched {
        container: container.clone(),
        release: mine.map(release),
        health: mine.map_or_else(HealthCheck::default, |spec| spec.health.clone()),
        since: Timestamp::now(),
        known: BTreeSet::new(),
    }
}

/// How long nothing may change on the way.
fn patience(spec: Option<&RunSpec>) -> Duration {
    let within = spec.map_or_else(HealthCheck::default, |spec| spec.health.clone()).within_seconds;
    let update =
        spec.and_then(|spec| spec.cluster.as_ref()).map(|cluster| cluster.update).unwrap_or_default();
    let seconds = u64::from(within) + u64::from(update.pause_seconds) + u64::from(update.watch_seconds);
    Duration::from_secs(seconds) + SLACK
}

/// Has the release before come back, unless the cluster has done so by itself, or is told to leave things as they are.
async fn roll_back(
    cluster: &dyn Cluster,
    container: &ContainerName,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let Some(spec) = work.wanted.container(container) else { return Ok(()) };
    let policy = spec.cluster.as_ref().map(|cluster| cluster.update.failure).unwrap_or_default();
    if policy != Failure::Rollback || !cluster.roll_back(container, &release(spec)).await? {
        return Ok(());
    }
    let watched = Watched { release: None, ..watch(container, Some(spec)) };
    follow(cluster, watched, patience(Some(spec)), work).await?;
    Ok(cluster.confirm(container).await?)
}

/// Looks until the service is settled.
async fn follow(
    cluster: &dyn Cluster,
    mut watched: Watched,
    patience: Duration,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let container = &watched.container.clone();
    let (mut told, mut known) = (None, BTreeSet::new());
    let (mut moved, mut settled, mut unplaced) = (Instant::now(), None, None);
    let mut was_ending = false;
    loop {
        let look = cluster.look(&watched).await?;
        watched.known.clone_from(&look.answering);
        // With nobody left nginx may as well try those that it knows.
        if look.answering != known && !look.answering.is_empty() && is_balanced(container, work)? {
            let_balance(container, &look.answering, work).await?;
            known.clone_from(&look.answering);
        }
        let words = words(&look);
        // What waited for an end begins only now.
        let is_ending = matches!(look.progress, Progress::Ending(_));
        if std::mem::replace(&mut was_ending, is_ending) && !is_ending {
            moved = Instant::now();
        }
        if told.as_ref() != Some(&words) {
            moved = Instant::now();
            let container = container.clone();
            work.reporter.tell(&Event::Rollout { container, words: words.clone() });
            told = Some(words);
        }
        let stuck = match look.progress {
            Progress::Failed(error) => return Err((*error).into()),
            Progress::Settled => {
                if settled.get_or_insert_with(Instant::now).elapsed() >= MOMENT {
                    return finish(container, &look.answering, &known, work).await;
                }
                None
            }
            Progress::Moving(cause) => {
                (settled, unplaced) = (None, None);
                (moved.elapsed() >= patience).then(|| unhealthy(container, &cause, patience))
            }
            Progress::Ending(cause) => {
                (settled, unplaced) = (None, None);
                let patience = patience.max(ENDING);
                (moved.elapsed() >= patience).then(|| unhealthy(container, &cause, patience))
            }
            Progress::Unplaced(cause) => {
                settled = None;
                let since = unplaced.get_or_insert_with(Instant::now).elapsed();
                let no_node = || EngineError::NoNode { container: container.to_string(), cause };
                (since >= UNPLACED).then(no_node)
            }
        };
        if let Some(error) = stuck {
            return Err(error.into());
        }
        sleep(PAUSE).await;
    }
}

/// Tells nginx of those that answer in the end.
async fn finish(
    container: &ContainerName,
    answering: &BTreeSet<SocketAddr>,
    known: &BTreeSet<SocketAddr>,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    if answering != known && is_balanced(container, work)? {
        let_balance(container, answering, work).await?;
    }
    Ok(())
}

fn unhealthy(container: &ContainerName, cause: &Phrase, patience: Duration) -> EngineError {
    EngineError::Unhealthy {
        container: container.to_string(),
        cause: phrase!(
            "ill-still",
            "{cause}, and nothing changed for {seconds} seconds",
            cause = cause,
            seconds = patience.as_secs()
        ),
        log: Vec::new(),
    }
}

/// What a person is told of a look: how far it is, and how many copies each node runs.
fn words(look: &Look) -> Phrase {
    let mut nodes: BTreeMap<&str, usize> = BTreeMap::new();
    for task in look.tasks.iter().filter(|task| task.runs) {
        *nodes.entry(task.node.as_deref().unwrap_or("?")).or_default() += 1;
    }
    let nodes: Vec<String> = nodes.iter().map(|(node, copies)| format!("{node} {copies}")).collect();
    let nodes =
        if nodes.is_empty() { phrase!("rollout-none", "no copy runs") } else { nodes.join(", ").into() };
    match &look.progress {
        Progress::Settled => phrase!("rollout-settled", "all copies run: {nodes}", nodes = nodes),
        Progress::Moving(words) | Progress::Ending(words) | Progress::Unplaced(words) => {
            phrase!("rollout-moves", "{words}: {nodes}", words = words, nodes = nodes)
        }
        Progress::Failed(_) => phrase!("rollout-failed", "it failed: {nodes}", nodes = nodes),
    }
}
