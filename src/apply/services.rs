//! Carrying out what a plan says of services, and taking it back.

use super::chain::Work;
use super::event::{Effect, Reporter};
use super::{ApplyError, Machine};
use crate::plan::{Action, Step};
use crate::render::ServiceName;
use crate::service::{Services, Verb};

/// Does the steps in turn. At the first that fails, gives the error; what was done stays done until the files are as they were.
pub(super) async fn run(steps: &[Step], work: &Work<'_>) -> Result<(), ApplyError> {
    let Some(manager) = &work.machine.services else { return Ok(()) };
    for step in steps {
        let Some((verb, name)) = asked(&step.action) else { continue };
        let effect = Effect::Do(step.action.clone());
        work.reporter.effect_of(effect, act(manager.as_ref(), verb, name)).await?;
    }
    Ok(())
}

/// The services that `steps` have read their files again.
pub(super) fn touched(steps: &[Step]) -> Vec<ServiceName> {
    let reads = |step: &Step| match &step.action {
        Action::RestartService { name } | Action::StartService { name } => Some(name.clone()),
        _ => None,
    };
    steps.iter().filter_map(reads).collect()
}

/// Has services read the files that are back in place. One that does not run is left alone; one that refuses is
/// told by its effect, and what comes after goes on.
pub(super) async fn restart_again(names: &[ServiceName], machine: &Machine, reporter: &Reporter<'_>) {
    let Some(manager) = &machine.services else { return };
    for name in names {
        if manager.state(name).await.is_some_and(|state| state.running) {
            let effect = Effect::Undo(Action::RestartService { name: name.clone() });
            let _ = reporter.effect_of(effect, act(manager.as_ref(), Verb::Restart, name)).await;
        }
    }
}

fn asked(action: &Action) -> Option<(Verb, &ServiceName)> {
    match action {
        Action::RestartService { name } => Some((Verb::Restart, name)),
        Action::StartService { name } => Some((Verb::Start, name)),
        Action::StopService { name } => Some((Verb::Stop, name)),
        Action::EnableService { name } => Some((Verb::Enable, name)),
        Action::DisableService { name } => Some((Verb::Disable, name)),
        _ => None,
    }
}

async fn act(manager: &dyn Services, verb: Verb, name: &ServiceName) -> Result<(), ApplyError> {
    Ok(manager.act(verb, name).await?)
}
