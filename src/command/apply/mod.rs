//! `instance` and `reconfigure`: the machine made what the configuration says. `plan`: what that would do. `rollback`: back to
//! what it was.

use clap::Args;

use super::{Session, Status, set};
use crate::apply::{self, Machine, Occasion};
use crate::evaluation;
use crate::plan::{self, Wanted};

mod ask;
mod equip;
mod promote;
mod node;
mod report;
mod rollback;
mod run;

pub(super) use ask::whether;
pub(super) use node::reach_node;
pub(super) use promote::Promote;
pub(super) use report::plan as show_plan;
pub(super) use rollback::{Rollback, when};
pub(super) use run::empty;

use equip::{Consent, equip};
use run::Run;

/// Show what `reconfigure` would do, and do nothing
///
/// A plan without steps says "nothing to do".
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne plan --check")]
pub(super) struct Plan {
    /// Exit with 1 if there is a step: the machine is not what is configured
    #[arg(long)]
    check: bool,
}

/// Set this server up for the first time: pull, start, and point the web server at what was started
///
/// On a terminal it asks for the mandatory values that are missing. Everything is validated and rendered before anything is
/// touched. Running it again does what `reconfigure` does.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne instance --non-interactive")]
pub(super) struct Instance {
    #[command(flatten)]
    run: Run,
    /// Ask nothing: a missing value is an error
    #[arg(long)]
    non_interactive: bool,
    /// Install the packages that the configuration needs, without asking
    #[arg(long)]
    install: bool,
}

/// Apply the configuration after a change
///
/// What did not change is left alone: a second run does nothing. An application that cannot be replaced goes on
/// as it was; the others are not held up by it, and the exit code is 3. A run that was cut short is put right first.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne reconfigure --dry-run")]
pub(super) struct Reconfigure {
    #[command(flatten)]
    run: Run,
}

impl Plan {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(wanted) = session.wanted() else { return Status::Refused };
        let machine = Machine::new(session.options.root()).scoped(session.scope());
        match planned(&machine, &wanted, session) {
            Ok(plan) => match report::plan(&plan, session) {
                Status::Done if self.check && !plan.is_empty() => Status::Refused,
                status => status,
            },
            Err(status) => status,
        }
    }
}

impl Instance {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if self.non_interactive {
            session.input = None;
        }
        if !self.run.only_shows() {
            let asked = ask::for_missing(session);
            let settled = asked.and_then(|()| set::settle(evaluation::Occasion::Instance, session));
            let consent = if self.install { Consent::Given } else { Consent::Asked };
            let machine = self.run.machine(session);
            if let Err(status) = settled.and_then(|()| equip(&machine, consent, session)) {
                return status;
            }
        }
        let end = self.run.run(Occasion::Instance, session);
        // Other sites are set up on a server that is: that is production's to be.
        if end == End::Reached
            && session.options.site.is_none()
            && let Err(error) = apply::mark_instanciated(session.options.root())
        {
            session.findings.add(error);
            return Status::ApplyFailed;
        }
        end.status()
    }
}

impl Reconfigure {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if !self.run.only_shows()
            && let Err(status) = set::settle(evaluation::Occasion::Save, session)
        {
            return status;
        }
        self.run.run(Occasion::Reconfigure, session).status()
    }
}

/// What became of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The machine is what it is to be.
    Reached,
    /// It was only shown, or the person at the terminal would not have it.
    Untouched,
    /// Something is wrong.
    Failed(Status),
}

impl End {
    fn status(self) -> Status {
        match self {
            Self::Reached | Self::Untouched => Status::Done,
            Self::Failed(status) => status,
        }
    }
}

/// The steps from what is there to `wanted`.
fn planned(machine: &Machine, wanted: &Wanted, session: &mut Session<'_>) -> Result<plan::Plan, Status> {
    let observed = session.wait(apply::observe(machine, wanted)).ok_or(Status::ApplyFailed)?;
    match observed {
        Ok(observed) => Ok(plan::plan(wanted, &observed)),
        Err(findings) => {
            session.findings.append(findings);
            Err(Status::ApplyFailed)
        }
    }
}
