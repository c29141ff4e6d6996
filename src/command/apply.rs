//! `instance` and `reconfigure`: the machine made what the configuration says. `plan`: what that would do.

use std::io;

use clap::Args;
use indicatif::ProgressDrawTarget;

use super::{Session, Status, set};
use crate::apply::progress::{Bars, Detail, JsonLines, Lines};
use crate::apply::{self, Machine, Silent, Sink, Summary};
use crate::evaluation::Occasion;
use crate::plan::{Wanted, plan};
use crate::run_spec::ContainerName;

/// Show what `reconfigure` would do, and do nothing
///
/// A plan without steps says "nothing to do".
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne plan")]
pub(super) struct Plan {}

/// Set this server up for the first time: pull, start, and point the web server at what was started
///
/// Everything is validated and rendered before anything is touched. Running it again does what `reconfigure` does.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne instance")]
pub(super) struct Instance {
    #[command(flatten)]
    run: Run,
}

/// Apply the configuration after a change
///
/// What did not change is left alone: a second run does nothing. An application that cannot be replaced goes on
/// as it was; the others are not held up by it, and the exit code is 3. A run that was cut short is put right first.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne reconfigure")]
pub(super) struct Reconfigure {
    #[command(flatten)]
    run: Run,
}

/// How the machine is changed.
#[derive(Debug, Args)]
struct Run {
    /// With --root: start containers and the web server too, not only write files
    #[arg(long, requires = "root")]
    engines: bool,
}

impl Plan {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let Some(wanted) = session.wanted() else { return Status::Refused };
        let machine = Machine::new(session.options.root());
        let Some(observed) = session.wait(apply::observe(&machine, &wanted)) else {
            return Status::ApplyFailed;
        };
        let observed = match observed {
            Ok(observed) => observed,
            Err(findings) => {
                session.findings.append(findings);
                return Status::ApplyFailed;
            }
        };
        let plan = plan(&wanted, &observed);
        let written = if session.is_json() {
            session.json(&serde_json::to_value(&plan).unwrap_or_default())
        } else {
            write!(session.out, "{plan}")
        };
        session.end(written)
    }
}

impl Instance {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if let Err(status) = set::settle(Occasion::Instance, session) {
            return status;
        }
        let status = self.run.run(session);
        if status == Status::Done
            && let Err(error) = apply::mark_instanciated(session.options.root())
        {
            session.findings.add(error);
            return Status::ApplyFailed;
        }
        status
    }
}

impl Reconfigure {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if let Err(status) = set::settle(Occasion::Save, session) {
            return status;
        }
        self.run.run(session)
    }
}

impl Run {
    fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(wanted) = session.wanted() else { return Status::Refused };
        let root = session.options.root();
        let machine = if session.options.root.is_some() && !self.engines {
            Machine::files_only(root)
        } else {
            Machine::new(root)
        };
        let sink = sink(session);
        let Some(result) = session.wait(apply::reconfigure(&machine, &wanted, &*sink)) else {
            return Status::ApplyFailed;
        };
        match result {
            Ok(summary) => {
                let written = report(&summary, &wanted, session);
                session.end(written)
            }
            Err(failed) => {
                session.findings.append(failed.findings);
                Status::ApplyFailed
            }
        }
    }
}

/// Who follows the run: bars on a terminal, else lines; one JSON document a line for programs.
fn sink(session: &Session<'_>) -> Box<dyn Sink> {
    let detail = if session.options.verbose > 0 { Detail::All } else { Detail::Usual };
    if session.is_json() {
        Box::new(JsonLines::new(io::stdout()))
    } else if session.options.quiet {
        Box::new(Silent)
    } else if session.terminal {
        Box::new(Bars::new(ProgressDrawTarget::stderr(), detail))
    } else {
        Box::new(Lines::new(io::stdout(), detail))
    }
}

/// Says what was done; of JSON, the last event has said it.
fn report(summary: &Summary, wanted: &Wanted, session: &mut Session<'_>) -> io::Result<()> {
    if session.is_json() || session.options.quiet {
        return Ok(());
    }
    if summary.is_nothing() {
        return session.line("nothing to do");
    }
    let names: Vec<&str> = summary.changed.iter().map(ContainerName::as_str).collect();
    let containers = if names.is_empty() { "no container".to_owned() } else { names.join(", ") };
    session.line(&format!("done: {containers} changed, {} files", summary.files))?;
    for path in &summary.edited {
        let path = path.display();
        session
            .line(&format!("{path} had been changed by hand: what it was is kept as {path}.galerne-old"))?;
    }
    for spec in
        wanted.containers.iter().filter(|spec| summary.changed.contains(&spec.name) && !spec.ports.is_empty())
    {
        session.line(&format!("{} is served at /{}/", spec.name, spec.name))?;
    }
    Ok(())
}
