//! `set`: values given to variables, all or none.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::load::Inputs;
use super::{Session, Status};
use crate::compile::Compiled;
use crate::config_eol::{self, ConfigError, Lock, Saved};
use crate::diagnostic::Findings;
use crate::dictionary::Dictionary;
use crate::evaluation::{Occasion, lasting};
use crate::phrase;
use crate::site::{SiteProblem, is_productions};

mod assignment;
mod change;

pub(super) use assignment::Assignment;
pub(super) use change::{Shape, items};

/// Who owns what this command sets: the word that EOLE's own command line writes.
const OWNER: &str = "creoleset";

/// How long another writer of the saved values is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Give variables values, or their defaults back
///
/// All of it is done, or nothing: if one of the values is wrong, none is saved. A mandatory variable that is still empty elsewhere refuses nothing.
///
/// NAME=VALUE      the value of a variable; of a list, its only item; nothing after = empties it
/// NAME[2]=VALUE   the third item of a list or slave; one past the last item of a list adds one
/// NAME+=VALUE     one more item of a list; of a slave, the first item that nobody has set
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Example: galerne set nombre_conteneur=2 conteneur2_name=wiki conteneur2_port_in+=80 conteneur2_port_out+=8082"
)]
pub(super) struct Set {
    /// What to set
    #[arg(value_name = "NAME=VALUE", required_unless_present_any = ["default", "remove"])]
    assignments: Vec<String>,
    /// Give this variable its default back
    #[arg(long, value_name = "NAME")]
    default: Vec<String>,
    /// Remove this item of a list, and the same item of each of its slaves
    #[arg(long, value_name = "NAME[INDEX]")]
    remove: Vec<String>,
}

impl Set {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(assignments) = self.read(session) else { return Status::Misused };
        let changed = match save(|_, _| Some(&assignments), session) {
            Ok(changed) => changed,
            Err(status) => return status,
        };
        let count = assignments.len();
        let written = match (session.is_json(), session.options.quiet, changed) {
            (true, _, changed) => session.json(&json!({ "set": count, "changed": changed })),
            (false, true, _) => Ok(()),
            (false, false, false) => session.say(&phrase!("nothing-changed", "nothing changed")),
            (false, false, true) => {
                session.say(&phrase!("saved-not-applied", "saved; galerne reconfigure applies it"))
            }
        };
        session.end(written)
    }

    /// Reads the arguments; none, with findings, if one is no assignment.
    fn read(&self, session: &mut Session<'_>) -> Option<Vec<Assignment>> {
        let read = self.default.iter().map(|text| Assignment::default(text));
        let read = read.chain(self.remove.iter().map(|text| Assignment::remove(text)));
        let read = read.chain(self.assignments.iter().map(|text| Assignment::read(text)));
        let mut assignments = Vec::new();
        for assignment in read {
            match assignment {
                Ok(assignment) => assignments.push(assignment),
                Err(problem) => session.findings.add(problem),
            }
        }
        (!session.findings.has_errors()).then_some(assignments)
    }
}

/// Makes the assignments that `wanted` gives, which sees what is configured while nobody else can change it, and saves
/// them. Says whether anything changed.
///
/// # Errors
/// How the command ends, with findings, if one of them is refused.
pub(super) fn save<A: AsRef<[Assignment]>>(
    wanted: impl FnOnce(&Inputs, &mut Session<'_>) -> Option<A>,
    session: &mut Session<'_>,
) -> Result<bool, Status> {
    let lock = lock(session).map_err(|error| session.refuse(error))?;
    let inputs = session.inputs().ok_or(Status::Refused)?;
    let assignments = wanted(&inputs, session).ok_or(Status::Refused)?;
    behind_one_door(assignments.as_ref(), session)?;
    let before = inputs.text();
    let saved = changed(&inputs, assignments.as_ref(), session).ok_or(Status::Refused)?;
    if saved.to_text() == inputs.saved.to_text() {
        return Ok(false);
    }
    Ok(store(&inputs, &saved, &lock, session)? != before)
}

/// Refuses to give a site what belongs to production.
fn behind_one_door(assignments: &[Assignment], session: &mut Session<'_>) -> Result<(), Status> {
    if session.options.site.is_none() {
        return Ok(());
    }
    for name in assignments.iter().map(Assignment::name).filter(|name| is_productions(name)) {
        session.findings.add(SiteProblem::Productions { name: name.to_owned() });
    }
    if session.findings.has_errors() { Err(Status::Refused) } else { Ok(()) }
}

/// Saves `saved`, which was made of `inputs`: of a site, what is its own. Gives the text that is in the file now.
///
/// # Errors
/// How the command ends, with a finding: it cannot be written.
pub(super) fn store(
    inputs: &Inputs,
    saved: &Saved,
    lock: &Lock,
    session: &mut Session<'_>,
) -> Result<String, Status> {
    let text = saved.to_text();
    let written = match &inputs.own {
        Some(own) => own.save(saved, &session.options, lock),
        None => config_eol::write(&session.options.config(), &text, lock).map(|()| text),
    };
    written.map_err(|error| session.refuse(error))
}

/// Saves the values that are to last from `occasion` on, whoever made them.
pub(super) fn keep_lasting(
    compiled: &Compiled,
    occasion: Occasion,
    saved: &mut Saved,
    session: &mut Session<'_>,
) {
    for (name, value) in lasting(&compiled.schema, &compiled.snapshot, occasion) {
        if let Err(error) = saved.set(name, value) {
            session.findings.add(error);
        }
    }
}

/// Saves what is to last from `occasion` on, before anything is made of it: a generated password that is rendered now
/// must be the one that is kept. Nothing is saved while the configuration is wrong, which is for the caller to say.
///
/// # Errors
/// How the command ends, with findings, if the values cannot be saved.
pub(super) fn settle(occasion: Occasion, session: &mut Session<'_>) -> Result<(), Status> {
    let (sources, findings) = (session.sources.clone(), std::mem::take(&mut session.findings));
    let compiled = session.compiled();
    // What is wrong is found once more, and told, by what runs next.
    (session.sources, session.findings) = (sources, findings);
    let Some((_, compiled)) = compiled else { return Ok(()) };
    let complete = !compiled.wrong.has_errors() && compiled.missing.is_empty();
    if !complete || lasting(&compiled.schema, &compiled.snapshot, occasion).is_empty() {
        return Ok(());
    }
    let lock = lock(session).map_err(|error| session.refuse(error))?;
    let (inputs, compiled) = session.compiled().ok_or(Status::Refused)?;
    let mut saved = inputs.saved.clone();
    keep_lasting(&compiled, occasion, &mut saved, session);
    store(&inputs, &saved, &lock, session).map(drop)
}

/// Takes the lock of the saved values, whose folder is made if it is missing.
pub(super) fn lock(session: &Session<'_>) -> Result<Lock, ConfigError> {
    Lock::lock_within(&session.options.config_lock(), PATIENCE)
}

/// The saved values with `assignments` made; none, with findings, if one of them is refused.
fn changed(inputs: &Inputs, assignments: &[Assignment], session: &mut Session<'_>) -> Option<Saved> {
    let mut saved = inputs.saved.clone();
    let before = compiled(&inputs.dictionaries, &saved, session)?;
    let mut current = compiled(&inputs.dictionaries, &saved, session)?;
    for assignment in assignments {
        // What was set so far may have made the variable, or enabled it.
        if !change::is_settable(assignment.name(), &current.snapshot) {
            current = compiled(&inputs.dictionaries, &saved, session)?;
        }
        if let Err(problem) = change::make(assignment, &current, &mut saved) {
            session.findings.add(problem);
        }
        // The default of a site's value is production's.
        if let (Assignment::Default { name }, Some(own)) = (assignment, &inputs.own)
            && let Some(value) = own.heritage.values.get(name)
            && let Err(problem) = saved.set(name, value.clone())
        {
            session.findings.add(problem);
        }
    }
    let after = compiled(&inputs.dictionaries, &saved, session)?;
    if saved.to_text() != inputs.saved.to_text() {
        keep_lasting(&after, Occasion::Save, &mut saved, session);
    }
    report_new(&before.wrong, after.wrong, session);
    (!session.findings.has_errors()).then_some(saved)
}

pub(super) fn compiled(
    dictionaries: &[Dictionary],
    saved: &Saved,
    session: &mut Session<'_>,
) -> Option<Compiled> {
    match session.compile_here(dictionaries, saved) {
        Ok(compiled) => Some(compiled),
        Err(findings) => {
            session.findings.append(findings);
            None
        }
    }
}

/// Reports what is wrong now and was not before: what is wrong elsewhere must not keep anything from being mended.
pub(super) fn report_new(before: &Findings, after: Findings, session: &mut Session<'_>) {
    let mut known: Vec<String> = before.iter().map(|finding| finding.problem.to_string()).collect();
    for finding in after {
        match known.iter().position(|message| *message == finding.problem.to_string()) {
            Some(place) => {
                known.swap_remove(place);
            }
            None => session.findings.push(finding),
        }
    }
}
