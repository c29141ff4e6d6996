//! One node of a cluster, made what the configuration says.

use super::report;
use crate::apply::{self, Both, Log, Machine, Occasion, Summary};
use crate::command::load::Goal;
use crate::command::{Session, Status};

/// Makes the node `name` what `goal` says, and follows what it ran; nothing else of the goal is done.
pub(in crate::command) fn reach_node(
    machine: &Machine,
    goal: &Goal,
    name: &str,
    session: &mut Session<'_>,
) -> Result<Summary, Status> {
    let failed = |findings, session: &mut Session<'_>| {
        session.findings.append(findings);
        Status::ApplyFailed
    };
    let log = match Log::open(session.options.root(), Occasion::Reconfigure, &machine.scope) {
        Ok(log) => log,
        Err(error) => return Err(session.refuse(error)),
    };
    let shown = report::sink(session);
    let sink = Both(&*shown, &log);
    let mut run = match apply::Run::begin(machine, &sink) {
        Ok(run) => run,
        Err(error) => return Err(session.refuse(error)),
    };
    let reached = session.wait(async {
        run.prepare().await?;
        run.reach_node(&goal.wanted, name).await
    });
    match reached {
        Some(Ok(summary)) => Ok(summary),
        Some(Err(error)) => Err(failed(error.findings, session)),
        None => Err(Status::ApplyFailed),
    }
}
