//! Carrying out the changes of files, with nginx as the one who has the last word.

use std::path::PathBuf;

use super::ApplyError;
use super::chain::{Chain, Work};
use super::event::Effect;
use super::folder::Next;
use super::hook::{self, HookStage};
use super::services;
use super::state::{MANIFEST, manifest};
use super::transaction::{Change, Transaction};
use crate::plan::{Action, Observed, Plan, ProxyState, Recorded, Step, is_edited, record};
use crate::proxy::Proxy;
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
        let mut started = false;
        let proxy: &[Step] = if observed.proxy == ProxyState::Running { &[] } else { &plan.proxy };
        return have_read(proxy, &plan.services, &mut started, work).await.map(|()| written);
    }
    let readers = services::touched(&plan.services);
    let transaction = Transaction::run(work.root, work.reporter, &changes, readers)?;
    let mut reloaded = false;
    let read = have_read(&plan.proxy, &plan.services, &mut reloaded, work).await;
    if let Err(error) = read {
        put_back(&transaction, reloaded, work).await?;
        return Err(error);
    }
    let Err(failed) = transaction.commit() else { return Ok(written) };
    let (transaction, error) = *failed;
    if transaction.is_closed() {
        // The changes stay; what is left beside them goes at the next run.
        return Ok(written);
    }
    put_back(&transaction, reloaded, work).await?;
    Err(error)
}

/// Has nginx and the services read the files that are in place, with the scripts of packages around them.
async fn have_read(
    proxy: &[Step],
    services: &[Step],
    reloaded: &mut bool,
    work: &Work<'_>,
) -> Result<(), ApplyError> {
    let hooks = work.machine.hooks.as_ref();
    hook::run_all(hooks, HookStage::PostTemplate, work.reporter)?;
    *reloaded = run_proxy(proxy, work).await?;
    hook::run_all(hooks, HookStage::PreService, work.reporter)?;
    services::run(services, work).await?;
    hook::run_all(hooks, HookStage::PostService, work.reporter)
}

/// Puts all files back, and has those read them that have read the new ones.
async fn put_back(transaction: &Transaction<'_>, reloaded: bool, work: &Work<'_>) -> Result<(), ApplyError> {
    transaction.put_back()?;
    if let (true, Some(proxy)) = (reloaded, &work.machine.proxy) {
        proxy.reload().await?;
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

/// Has nginx check, reload or start. Gives whether it has read the files.
async fn run_proxy(steps: &[Step], work: &Work<'_>) -> Result<bool, ApplyError> {
    let Some(proxy) = &work.machine.proxy else {
        return Ok(false);
    };
    for step in steps {
        let effect = Effect::Do(step.action.clone());
        work.reporter.effect_of(effect, ask(proxy.as_ref(), &step.action)).await?;
    }
    Ok(!steps.is_empty())
}

async fn ask(proxy: &dyn Proxy, action: &Action) -> Result<(), ApplyError> {
    match action {
        Action::CheckProxy => proxy.check().await?,
        Action::ReloadProxy => proxy.reload().await?,
        Action::StartProxy => proxy.start().await?,
        _ => {}
    }
    Ok(())
}
