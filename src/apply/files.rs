//! Carrying out the changes of files, with nginx as the one who has the last word.

use std::path::PathBuf;

use super::ApplyError;
use super::chain::{Chain, Work};
use super::event::Effect;
use super::state::{MANIFEST, manifest};
use super::transaction::{Change, Transaction};
use crate::plan::{Action, Observed, Plan, ProxyState, Recorded, Step, record};
use crate::proxy::Proxy;
use crate::render::Content;
use crate::run_spec::ContainerName;

/// Writes the files of all containers that have not failed, and has nginx read them. On an error all files are as
/// they were. Gives how many files changed.
pub(super) async fn change(
    plan: &Plan,
    observed: &Observed,
    chains: &[Chain<'_>],
    work: &Work<'_>,
) -> Result<usize, ApplyError> {
    let stays = |container: Option<&ContainerName>| {
        container.is_some_and(|name| chains.iter().any(|chain| chain.has_failed() && chain.is_for(name)))
    };
    let steps = plan.files.iter().filter(|step| !stays(step.container.as_ref()));
    let changes: Vec<Change> = steps.filter_map(|step| next(step, observed, stays, work)).collect();
    let count = changes.len();
    if changes.is_empty() && observed.proxy == ProxyState::Running {
        return Ok(0);
    }
    if changes.is_empty() {
        return run_proxy(&plan.proxy, work).await.map(|_| 0);
    }
    let transaction = Transaction::run(work.root, work.reporter, &changes)?;
    let reloaded = match run_proxy(&plan.proxy, work).await {
        Ok(reloaded) => reloaded,
        Err(error) => {
            transaction.roll_back()?;
            return Err(error);
        }
    };
    match transaction.commit() {
        Ok(()) => Ok(count),
        // The changes stay; what is left beside them goes at the next run.
        Err((transaction, _)) if transaction.is_closed() => Ok(count),
        Err((transaction, error)) => {
            transaction.roll_back()?;
            if let (true, Some(proxy)) = (reloaded, &work.machine.proxy) {
                proxy.reload().await?;
            }
            Err(error)
        }
    }
}

/// What a step makes of its file; none for a list that stays as it is.
fn next(
    step: &Step,
    observed: &Observed,
    stays: impl Fn(Option<&ContainerName>) -> bool,
    work: &Work<'_>,
) -> Option<Change> {
    let (path, next) = match &step.action {
        Action::WriteFile { path } => {
            let mut files = work.wanted.files.files.iter();
            let file = files.find(|file| file.path == *path)?;
            (path.clone(), Some((file.content.clone(), file.mode)))
        }
        Action::RemoveFile { path } => (path.clone(), None),
        Action::Record => {
            let files = recorded(observed, stays, work);
            if files == observed.recorded {
                return None;
            }
            let text = Content::Text(manifest(files));
            (PathBuf::from(MANIFEST), Some((text, 0o644)))
        }
        _ => return None,
    };
    Some(Change { path, next, action: step.action.clone() })
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
