//! The steps of services: those whose files change are restarted, the others brought to what they should be.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Action, Observed, Step, Wanted};
use crate::phrase;

/// What is to be done to services after the changes `files`.
pub(super) fn changes(wanted: &Wanted, observed: &Observed, files: &[Step]) -> Vec<Step> {
    let changed: BTreeSet<&PathBuf> = files
        .iter()
        .filter_map(|step| match &step.action {
            Action::WriteFile { path } | Action::RemoveFile { path } => Some(path),
            _ => None,
        })
        .collect();
    let mut steps = Vec::new();
    for service in &wanted.services {
        let name = || service.name.clone();
        let Some(state) = observed.services.get(&service.name) else { continue };
        if service.active {
            if !state.enabled && !state.settled {
                steps.push(Step::new(
                    Action::EnableService { name: name() },
                    phrase!("because-start", "it is to start with the machine"),
                ));
            }
            let reads = service.files.iter().find(|path| changed.contains(path));
            match (reads, state.running) {
                (Some(path), true) => {
                    let reason =
                        phrase!("because-changes", "{path} changes", path = path.display().to_string());
                    steps.push(Step::new(Action::RestartService { name: name() }, reason));
                }
                (_, false) => steps.push(Step::new(
                    Action::StartService { name: name() },
                    phrase!("because-stopped", "it does not run"),
                )),
                (None, true) => {}
            }
        } else {
            if state.running {
                steps.push(Step::new(
                    Action::StopService { name: name() },
                    phrase!("because-switched-off", "it is switched off"),
                ));
            }
            if state.enabled && !state.settled {
                steps.push(Step::new(
                    Action::DisableService { name: name() },
                    phrase!("because-switched-off", "it is switched off"),
                ));
            }
        }
    }
    steps
}
