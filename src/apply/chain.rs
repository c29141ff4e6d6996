//! Carrying out the changes of containers: side by side, each as a whole.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio::sync::OnceCell;

use super::balance::Kept;
use super::event::{Effect, Reporter};
use super::place::Root;
use super::{ApplyError, Machine, rollout};
use crate::engine::{self, Cluster, Engine, EngineError};
use crate::plan::{Action, ContainerChange, Plan, Step, Wanted};
use crate::run_spec::{ContainerName, Source, Technology};

/// What a run works on.
pub(super) struct Work<'a> {
    pub(super) machine: &'a Machine,
    pub(super) root: &'a Root,
    pub(super) wanted: &'a Wanted,
    pub(super) reporter: &'a Reporter<'a>,
    pub(super) fetches: Fetches,
    /// What nginx no longer reads, in case it is to again.
    pub(super) kept: Kept,
}

/// The images of a plan, each of which is fetched once, however many containers need it.
pub(super) struct Fetches {
    once: BTreeMap<(Technology, Source), OnceCell<Result<(), EngineError>>>,
}

impl Fetches {
    pub(super) fn of(plan: &Plan) -> Self {
        let sources = plan.containers.iter().flat_map(|change| {
            change.fetch.iter().filter_map(|step| match &step.action {
                Action::Fetch { source } => Some((change.engine_of(step), source.clone())),
                _ => None,
            })
        });
        Self { once: sources.map(|source| (source, OnceCell::new())).collect() }
    }

    /// Fetches `source`, or waits for the one who does.
    async fn fetch(
        &self,
        engine: &dyn Engine,
        source: &Source,
        reporter: &Reporter<'_>,
    ) -> Result<(), ApplyError> {
        let Some(once) = self.once.get(&(engine.technology(), source.clone())) else {
            return Ok(());
        };
        let fetch = || async { engine.fetch(source, &|layer| reporter.progress(source, layer)).await };
        Ok(once.get_or_init(fetch).await.clone()?)
    }
}

/// One change on its way: what would take it back, and what went wrong.
pub(super) struct Chain<'a> {
    pub(super) change: &'a ContainerChange,
    undo: Vec<(Technology, Vec<Action>)>,
    pub(super) errors: Vec<ApplyError>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(change: &'a ContainerChange) -> Self {
        Self {
            change,
            undo: Vec::new(),
            errors: change.refused.clone().into_iter().map(Into::into).collect(),
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(super) fn is_for(&self, container: &ContainerName) -> bool {
        self.change.containers.contains(container)
    }

    /// Does the steps in turn; at the first that fails, takes all back.
    async fn run(&mut self, steps: &[Step], work: &Work<'_>) {
        for step in steps {
            // What fails half-way may have begun.
            let starts = matches!(
                step.action,
                Action::Start { .. } | Action::Deploy { .. } | Action::Scale { .. } | Action::Balance { .. }
            );
            let engine = self.change.engine_of(step);
            let undo = (engine, step.undo.clone());
            if starts {
                self.undo.push(undo.clone());
            }
            let done = act(engine, &step.action, Effect::Do(step.action.clone()), work).await;
            match done {
                Ok(()) if !starts => self.undo.push(undo),
                Ok(()) => {}
                Err(error) => {
                    self.errors.push(error);
                    self.take_back(work).await;
                    return;
                }
            }
        }
    }

    /// Takes back what was done, the last first. Goes on past an error: the next effect may still help.
    pub(super) async fn take_back(&mut self, work: &Work<'_>) {
        while let Some((engine, actions)) = self.undo.pop() {
            for action in actions {
                if let Err(error) = act(engine, &action, Effect::Undo(action.clone()), work).await {
                    self.errors.push(error);
                }
            }
        }
    }
}

async fn act(
    technology: Technology,
    action: &Action,
    effect: Effect,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    if let Some(cluster) = work.machine.cluster(technology) {
        return work.reporter.effect_of(effect, run_on_cluster(cluster.as_ref(), action, work)).await;
    }
    let Some(engine) = work.machine.engine(technology) else {
        return Ok(());
    };
    work.reporter.effect_of(effect, run(engine.as_ref(), action, work)).await
}

async fn run_on_cluster(cluster: &dyn Cluster, action: &Action, work: &Work<'_>) -> Result<(), ApplyError> {
    if let Action::MakeFolder { path, container } = action {
        let owner = match work.wanted.container(container) {
            Some(spec) => cluster.user(&spec.source).await?,
            None => None,
        };
        return work.root.make_folder(path, owner).map_err(|error| ApplyError::file(path, &error));
    }
    rollout::run(cluster, action, work).await
}

async fn run(engine: &dyn Engine, action: &Action, work: &Work<'_>) -> Result<(), ApplyError> {
    if let Action::MakeFolder { path, container } = action {
        let owner = match work.wanted.container(container) {
            Some(spec) => engine.user(&spec.source).await?,
            None => None,
        };
        return work.root.make_folder(path, owner).map_err(|error| ApplyError::file(path, &error));
    }
    if let Action::Fetch { source } = action {
        return work.fetches.fetch(engine, source, work.reporter).await;
    }
    let spec = |name: &ContainerName| work.wanted.container(name).cloned();
    engine::run(engine, action, spec).await?;
    Ok(())
}

/// Does one part of all chains that have not failed, side by side.
pub(super) async fn side_by_side<'a>(
    chains: &mut [Chain<'a>],
    part: fn(&'a ContainerChange) -> &'a [Step],
    work: &Work<'_>,
) {
    let running = chains.iter_mut().filter(|chain| !chain.has_failed());
    join_all(running.map(|chain| {
        let steps = part(chain.change);
        chain.run(steps, work)
    }))
    .await;
}

/// Does what is left once nginx points at the new ones. Nothing is taken back any more.
pub(super) async fn clean(chains: &mut [Chain<'_>], work: &Work<'_>) {
    let running = chains.iter_mut().filter(|chain| !chain.has_failed());
    join_all(running.map(|chain| async {
        chain.undo.clear();
        for step in &chain.change.clean {
            let engine = chain.change.engine_of(step);
            if let Err(error) = act(engine, &step.action, Effect::Do(step.action.clone()), work).await {
                chain.errors.push(error);
                return;
            }
        }
    }))
    .await;
}

/// Takes all chains back that have not been taken back yet.
pub(super) async fn take_all_back(chains: &mut [Chain<'_>], work: &Work<'_>) {
    join_all(chains.iter_mut().map(|chain| chain.take_back(work))).await;
}
