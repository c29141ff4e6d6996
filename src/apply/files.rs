//! Carrying out the changes of files, with nginx as the one who has the last word.

use std::path::PathBuf;

use super::chain::{Chain, Work};
use super::event::Effect;
use super::folder::Next;
use super::hook::{self, HookStage};
use super::services;
use super::state::{MANIFEST, manifest};
use super::transaction::{Change, Transaction};
use super::{ApplyError, Machine};
use crate::plan::{Action, Observed, Plan, Recorded, Step, is_edited, record};
use crate::render::Content;
use crate::run_spec::ContainerName;

/// What was done to files.
pub(super) struct Written {
    /// How many changed.
    pub(super) count: usize,
    /// Those that somebody had changed by hand, which is kept beside them.
    pub(super) edited: Vec<PathBuf>,
}

/// Writes the files of all containers that have not failed, and has nginx read them. On an error all files are as
/// they were.
pub(super) async fn change(
    plan: &Plan,
    observed: &Observed,
    chains: &[Chain<'_>],
    work: &Work<'_>,
) -> Result<Written, ApplyError> {
    let stays = |container: Option<&ContainerName>| {
        container.is_some_and(|name| chains.iter().any(|chain| chain.has_failed() && chain.is_for(name)))
    };
    let steps = plan.files.iter().filter(|step| !stays(step.container.as_ref()));
    let changes: Vec<Change> = steps.filter_map(|step| next(step, observed, stays, work)).collect();
    let edited = changes.iter().filter(|change| change.edited).map(|change| change.path.clone());
    let written = Written { count: changes.len(), edited: edited.collect() };
    if changes.is_empty() {
        // Nobody has anything to read again; one that does not run is started.
        let starts = |action: &Action| plan.proxy.iter().any(|step| step.action == *action);
        let proxy: Vec<Step> = plan
            .proxy
            .iter()
            .filter(|step| match step.action {
                Action::CheckProxy | Action::StartProxy => starts(&Action::StartProxy),
                Action::CheckTraefik | Action::StartTraefik => starts(&Action::StartTraefik),
                _ => false,
            })
            .cloned()
            .collect();
        let mut started = Vec::new();
        return have_read(&proxy, &plan.services, &mut started, work).await.map(|()| written);
    }
    let readers = services::touched(&plan.services);
    let transaction = Transaction::run(work.root, work.reporter, &changes, readers)?;
    let mut reloaded = Vec::new();
    let read = have_read(&plan.proxy, &plan.services, &mut reloaded, work).await;
    if let Err(error) = read {
        put_back(&transaction, &reloaded, work).await?;
        return Err(error);
    }
    let Err(failed) = transaction.commit() else { return Ok(written) };
    let (transaction, error) = *failed;
    if transaction.is_closed() {
        // The changes stay; what is left beside them goes at the next run.
        return Ok(written);
    }
    put_back(&transaction, &reloaded, work).await?;
    Err(error)
}

/// Has nginx and the services read the files that are in place, with the scripts of packages around them.
async fn have_read(
    proxy: &[Step],
    services: &[Step],
    done: &mut Vec<Action>,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let hooks = work.machine.hooks.as_ref();
    hook::run_all(hooks, HookStage::PostTemplate, work.reporter)?;
    run_proxy(proxy, done, work).await?;
    hook::run_all(hooks, HookStage::PreService, work.reporter)?;
    services::run(services, work).await?;
    hook::run_all(hooks, HookStage::PostService, work.reporter)
}

/// Puts all files back, and has those read them that have read the new ones.
async fn put_back(transaction: &Transaction<'_>, done: &[Action], work: &Work<'_>) -> Result<(), ApplyError> {
    transaction.put_back()?;
    let Machine { proxy, traefik, .. } = work.machine;
    for action in done.iter().rev() {
        match (action, proxy, traefik) {
            (Action::ReloadProxy | Action::StartProxy, Some(proxy), _) => proxy.reload().await?,
            (Action::StartTraefik, _, Some(traefik)) => traefik.stop().await?,
            (Action::StopTraefik, _, Some(traefik)) => traefik.start().await?,
            (Action::RestartTraefik, _, Some(traefik)) => traefik.restart().await?,
            (Action::ReloadTraefik, _, Some(traefik)) => traefik.reload().await?,
            _ => {}
        }
    }
    services::restart_again(transaction.services(), work.machine, work.reporter).await;
    transaction.remove_journal()
}

/// What a step makes of its file; none for a list that stays as it is.
fn next(
    step: &Step,
    observed: &Observed,
    stays: impl Fn(Option<&ContainerName>) -> bool,
    work: &Work<'_>,
) -> Option<Change> {
    let mut validator = None;
    let (path, next) = match &step.action {
        Action::WriteFile { path } => {
            let mut files = work.wanted.files.files.iter();
            let file = files.find(|file| file.path == *path)?;
            let owner = observed.accounts.of(&file.owner);
            validator.clone_from(&file.validator);
            (path.clone(), Some(Next { content: file.content.clone(), mode: file.mode, owner }))
        }
        Action::RemoveFile { path } => (path.clone(), None),
        Action::Record => {
            let files = recorded(observed, stays, work);
            if files == observed.recorded {
                return None;
            }
            let content = Content::Text(manifest(files));
            (work.machine.scope.state(MANIFEST), Some(Next { content, mode: 0o644, owner: (None, None) }))
        }
        _ => return None,
    };
    let edited = is_edited(&path, observed);
    Some(Change { path, next, validator, edited, action: step.action.clone() })
}

/// What is generated now: of containers that failed, what was there before.
fn recorded(
    observed: &Observed,
    stays: impl Fn(Option<&ContainerName>) -> bool,
    work: &Work<'_>,
) -> Vec<Recorded> {
    let new = record(work.wanted).into_iter().filter(|file| !stays(file.container.as_ref()));
    let old = observed.recorded.iter().filter(|file| stays(file.container.as_ref())).cloned();
    let mut all: Vec<Recorded> = new.chain(old).collect();
    all.sort();
    all.dedup();
    all
}

/// Has nginx and Traefik do these steps, of which those that are to be taken back become `done`.
async fn run_proxy(steps: &[Step], done: &mut Vec<Action>, work: &Work<'_>) -> Result<(), ApplyError> {
    for step in steps {
        let effect = Effect::Do(step.action.clone());
        // A Traefik that was stopped and could not be started again is to be put right too.
        if step.action == Action::RestartTraefik {
            done.push(step.action.clone());
        }
        work.reporter.effect_of(effect, ask(work.machine, &step.action)).await?;
        done.push(step.action.clone());
    }
    Ok(())
}

async fn ask(machine: &Machine, action: &Action) -> Result<(), ApplyError> {
    match (action, &machine.proxy, &machine.traefik) {
        (Action::CheckProxy, Some(proxy), _) => proxy.check().await?,
        (Action::ReloadProxy, Some(proxy), _) => proxy.reload().await?,
        (Action::StartProxy, Some(proxy), _) => proxy.start().await?,
        (Action::CheckTraefik, _, Some(traefik)) => traefik.check().await?,
        (Action::ReloadTraefik, _, Some(traefik)) => traefik.reload().await?,
        (Action::StartTraefik, _, Some(traefik)) => traefik.start().await?,
        (Action::RestartTraefik, _, Some(traefik)) => traefik.restart().await?,
        (Action::StopTraefik, _, Some(traefik)) => traefik.stop().await?,
        _ => {}
    }
    Ok(())
}
