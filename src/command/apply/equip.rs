//! What is missing on the host, offered to be installed before the first set-up.
//!
//! In: the configuration, and whether a person or an option says yes. Out: the packages installed, or left for the run to miss: an engine
//! that is not there is an error of its own, which touches nothing.

use super::ask;
use crate::apply::Machine;
use crate::command::diagnose::packages;
use crate::command::{Session, Status};
use crate::host::{self, Host, Scope, Shown};
use crate::phrase;
use crate::render::PackageName;

/// Whether missing packages are installed without a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// They are.
    Given,
    /// Whoever sits at the terminal is asked; where nobody does, nothing is installed.
    Asked,
}

/// Installs what the configuration needs and the host lacks, if that is agreed to.
///
/// # Errors
/// How the command ends, with findings: the packages cannot be installed, or nobody can be asked any more.
pub(super) fn equip(machine: &Machine, consent: Consent, session: &mut Session<'_>) -> Result<(), Status> {
    if machine.proxy.is_none() || consent == Consent::Asked && session.input.is_none() {
        return Ok(());
    }
    let missing = missing(machine, session);
    if missing.is_empty() {
        return Ok(());
    }
    if consent == Consent::Asked {
        let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let question = phrase!(
            "ask-install",
            "Not installed here: {packages}. Install with apt-get?",
            packages = names.join(", ")
        );
        if !ask::whether(&question, session)? {
            return Ok(());
        }
    }
    let is_seen = !session.is_json() && !session.options.quiet;
    let shown = if is_seen { Shown::All } else { Shown::Nothing };
    match session.wait(host::install(&missing, shown)) {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => {
            session.findings.add(error);
            Err(Status::ApplyFailed)
        }
        None => Err(Status::ApplyFailed),
    }
}

/// What the configuration needs and the host lacks; nothing if the configuration is wrong, which is told by the run.
fn missing(machine: &Machine, session: &mut Session<'_>) -> Vec<PackageName> {
    let (sources, findings) = (session.sources.clone(), std::mem::take(&mut session.findings));
    let named = packages(session);
    let wanted = session.anew(Session::wanted);
    (session.sources, session.findings) = (sources, findings);
    let Some(wanted) = wanted else { return Vec::new() };
    let looked = Host::look(machine, session.world, Some(&wanted), &named, Scope::Used);
    session.wait(looked).map(|host| host.missing()).unwrap_or_default()
}
