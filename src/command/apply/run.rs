//! A run: what is wanted is shown, agreed to, reached and kept.

use std::time::{Duration, Instant};

use clap::Args;

use super::{End, ask, planned, report};
use crate::apply::{self, ApplyError, ApplyFailed, Both, Log, Machine, Occasion, Summary};
use crate::command::load::Goal;
use crate::command::{Session, Status};
use crate::phrase;
use crate::plan::Wanted;

/// How often a run that is under way is looked for again.
const PAUSE: Duration = Duration::from_millis(200);

/// How the machine is changed.
#[derive(Debug, Clone, Args)]
pub(super) struct Run {
    /// With --root: start containers and the web server too, not only write files
    #[arg(long, requires = "root")]
    engines: bool,
    /// Show the steps, and take none
    #[arg(long = "dry-run")]
    preview: bool,
    /// Do not ask before the first step
    #[arg(short, long)]
    yes: bool,
    /// Wait this long for another run to end, instead of refusing at once
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true)]
    wait: u32,
}

/// Where a goal comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// What is configured now.
    Configuration,
    /// A state that was reached before.
    State,
}

impl Run {
    /// Whether nothing is to be changed.
    pub(super) fn only_shows(&self) -> bool {
        self.preview
    }

    /// Whether nobody is to be asked.
    pub(super) fn is_agreed(&self) -> bool {
        self.yes
    }

    /// Makes the machine what the configuration says.
    pub(super) fn run(&self, occasion: Occasion, session: &mut Session<'_>) -> End {
        let Some(goal) = session.goal() else { return End::Failed(Status::Refused) };
        self.reach(goal, Origin::Configuration, occasion, session)
    }

    /// Makes the machine what `goal` says.
    pub(super) fn reach(
        &self,
        goal: Goal,
        origin: Origin,
        occasion: Occasion,
        session: &mut Session<'_>,
    ) -> End {
        let machine = self.machine(session).with_hooks(occasion);
        if self.preview {
            let shown = planned(&machine, &goal.wanted, session).map(|plan| report::plan(&plan, session));
            return match shown {
                Ok(Status::Done) => End::Untouched,
                Ok(status) | Err(status) => End::Failed(status),
            };
        }
        if !self.yes && session.input.is_some() {
            match agreed(&machine, &goal.wanted, session) {
                Ok(true) => {}
                Ok(false) => return End::Untouched,
                Err(status) => return End::Failed(status),
            }
        }
        match self.carry_out(&machine, goal, origin, occasion, session) {
            Ok((summary, wanted)) => {
                let written = report::summary(&summary, &wanted, session);
                match session.end(written) {
                    Status::Done => End::Reached,
                    status => End::Failed(status),
                }
            }
            Err(failed) => {
                session.findings.append(failed.findings);
                End::Failed(Status::ApplyFailed)
            }
        }
    }

    /// The machine that is changed.
    pub(super) fn machine(&self, session: &Session<'_>) -> Machine {
        let root = session.options.root();
        let machine = if session.options.root.is_some() && !self.engines {
            Machine::files_only(root)
        } else {
            Machine::new(root)
        };
        machine.scoped(session.scope())
    }

    /// Reaches the goal, and keeps it to go back to it one day.
    fn carry_out(
        &self,
        machine: &Machine,
        goal: Goal,
        origin: Origin,
        occasion: Occasion,
        session: &mut Session<'_>,
    ) -> Result<(Summary, Wanted), ApplyFailed> {
        let log = Log::open(session.options.root(), occasion, &machine.scope)?;
        let shown = report::sink(session);
        let sink = Both(&*shown, &log);
        let mut run = self.begin(machine, &sink)?;
        let mut goal = goal;
        let prepared = session.wait(run.prepare()).unwrap_or_else(|| Err(ApplyFailed::default()));
        told(prepared, &log)?;
        // The scripts may have changed values, dictionaries or templates.
        if origin == Origin::Configuration && machine.has_hooks() {
            goal = session.anew(Session::goal).ok_or_else(ApplyFailed::default)?;
        }
        let reached = session.wait(run.reach(&goal.wanted)).unwrap_or_else(|| Err(ApplyFailed::default()));
        let summary = told(reached, &log)?;
        run.keep(&goal.wanted, &goal.values)?;
        Ok((summary, goal.wanted))
    }

    /// Begins, when nobody else changes the machine.
    fn begin<'a>(
        &self,
        machine: &'a Machine,
        sink: &'a dyn apply::Sink,
    ) -> Result<apply::Run<'a>, ApplyError> {
        let since = Instant::now();
        let patience = Duration::from_secs(u64::from(self.wait));
        loop {
            match apply::Run::begin(machine, sink) {
                Err(ApplyError::Locked { .. }) if since.elapsed() < patience => std::thread::sleep(PAUSE),
                begun => return begun,
            }
        }
    }
}

/// Takes away all that `machine` has of the site that it is for.
///
/// # Errors
/// How the command ends, with findings.
pub(in crate::command) fn empty(machine: &Machine, session: &mut Session<'_>) -> Result<(), Status> {
    let wanted = Wanted::default();
    let occasion = Occasion::Reconfigure;
    let emptied = Log::open(session.options.root(), occasion, &machine.scope).map_err(ApplyFailed::from);
    let emptied = emptied.and_then(|log| {
        let shown = report::sink(session);
        let sink = Both(&*shown, &log);
        let ended = session.wait(apply::reconfigure(machine, &wanted, &sink));
        told(ended.unwrap_or_else(|| Err(ApplyFailed::default())), &log)
    });
    match emptied {
        Ok(_) => Ok(()),
        Err(failed) => {
            session.findings.append(failed.findings);
            Err(Status::ApplyFailed)
        }
    }
}

/// Shows what would be done, and asks whether it shall be; nothing to do needs no answer.
fn agreed(machine: &Machine, wanted: &Wanted, session: &mut Session<'_>) -> Result<bool, Status> {
    let plan = planned(machine, wanted, session)?;
    if plan.is_empty() {
        return Ok(true);
    }
    report::plan(&plan, session);
    ask::whether(&phrase!("ask-do", "Do this?"), session)
}

/// Notes in the log why a run failed.
fn told<T>(result: Result<T, ApplyFailed>, log: &Log) -> Result<T, ApplyFailed> {
    if let Err(failed) = &result {
        for finding in &failed.findings {
            log.line(&format!("failed: {}", finding.problem));
        }
    }
    result
}
