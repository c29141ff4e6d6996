//! `import`: the values of another server or of an older release, placed among those of this one.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status, set};
use crate::config_eol::{self, Lock, Older};
use crate::diagnostic::{Findings, said};
use crate::words::Phrase;

mod candidate;
mod place;
mod report;

use candidate::Candidate;
use place::Placing;

/// Take over the values of an older configuration
///
/// FILE is a config.eol of another server, or what EOLE 2.2 and 2.3 saved. Each value goes to the variable of its name,
/// as far as the dictionaries of this server have one that accepts it; the rest is listed with the reason. What is
/// set here already stays.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne import --dry-run /root/old/config.eol")]
pub(super) struct Import {
    /// The older configuration
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only say what would be placed
    #[arg(long)]
    dry_run: bool,
    /// Take the imported value where one is set here already
    #[arg(long)]
    replace: bool,
    /// Keep the values of variables that no dictionary defines, for dictionaries that come later
    #[arg(long)]
    keep_unknown: bool,
}

impl Import {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let lock = match self.lock(session) {
            Ok(lock) => lock,
            Err(status) => return status,
        };
        let older =
            config_eol::load_older(session.world, &self.file, &mut session.sources, &mut session.findings);
        let (Some(older), Some(inputs)) = (older, session.inputs()) else { return Status::Refused };
        let Some(compiled) = set::compiled(&inputs.dictionaries, &inputs.saved, session) else {
            return Status::Refused;
        };
        let (before, library) = (inputs.saved.to_text(), session.library());
        let mut placing = Placing::new(self, &inputs, &library, compiled);
        placing.all(candidates(older));
        let (saved, report, warnings) = placing.done();
        let after = saved.to_text();
        if let (true, Some(lock)) = (after != before, lock)
            && let Err(status) = set::store(&inputs, &saved, &lock, session)
        {
            return status;
        }
        session.findings.append(warnings);
        let written = report.write(self.dry_run, after != before, session);
        session.end(written)
    }

    /// Takes the lock of the saved values, unless nothing is to be written.
    fn lock(&self, session: &mut Session<'_>) -> Result<Option<Lock>, Status> {
        if self.dry_run {
            return Ok(None);
        }
        set::lock(session).map(Some).map_err(|error| session.refuse(error))
    }
}

/// The variables of `older`, in its order.
fn candidates(older: Older) -> Vec<Candidate> {
    match older {
        Older::Ini(ini) => ini.sections.into_iter().map(Candidate::of_section).collect(),
        Older::Json(saved) => {
            let candidate = |(name, value)| Candidate::of_saved(name, value, saved.span(name));
            saved.iter().map(candidate).collect()
        }
    }
}

/// The messages of those of `findings` that are errors.
fn errors(findings: &Findings) -> Vec<Phrase> {
    let errors = findings.iter().filter(|finding| finding.severity() == miette::Severity::Error);
    errors.map(|finding| said(finding.problem.as_ref())).collect()
}

/// What of `after` is not in `before`; what is there twice counts twice.
fn new<M: PartialEq>(before: &[M], after: Vec<M>) -> Vec<M> {
    let mut known: Vec<&M> = before.iter().collect();
    let is_new = |message: &M| match known.iter().position(|other| *other == message) {
        Some(place) => {
            known.swap_remove(place);
            false
        }
        None => true,
    };
    after.into_iter().filter(is_new).collect()
}
