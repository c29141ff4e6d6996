//! `rollback`: the machine made what it was, and the saved values with it.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::report;
use super::run::{Origin, Run};
use super::{End, planned};
use crate::apply::{self, Machine, Occasion, Reached};
use crate::command::load::Goal;
use crate::command::{CommandError, Session, Status, set};
use crate::config_eol::{self, ConfigError, Lock};
use crate::diagnostic::Findings;
use crate::phrase;
use crate::source::Sources;

/// Go back to a state that was reached before: containers, files, services and saved values
///
/// The last ten states are kept. Without a number it is the last one that differs from what is there now. A state is a
/// plan like any other: what is as it was then is left alone, and nothing is saved unless the state is reached. Saved
/// values that were never applied are kept as config.eol.galerne-old.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne rollback --dry-run")]
pub(in crate::command) struct Rollback {
    /// The state, by its number
    #[arg(value_name = "N", conflicts_with = "list")]
    number: Option<u64>,
    /// Show the states that are kept, the newest first
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    run: Run,
}

impl Rollback {
    /// Runs the command.
    pub(in crate::command) fn run(&self, session: &mut Session<'_>) -> Status {
        let states = match apply::states(session.options.root(), &session.scope()) {
            Ok(states) => states,
            Err(error) => return session.refuse(error),
        };
        if self.list {
            return list(&states, session);
        }
        let known: Vec<String> = states.iter().map(|state| state.values.clone()).collect();
        let state = match self.target(states, session) {
            Ok(state) => state,
            Err(refused) => return refused,
        };
        let number = state.number;
        if !session.is_json() && !session.options.quiet {
            let line =
                phrase!("back-to", "back to state {number} of {time}", number = number, time = when(&state));
            if let Err(error) = session.say(&line) {
                return session.end(Err(error));
            }
        }
        let goal = Goal { wanted: state.wanted, values: state.values.clone() };
        let values = state.values;
        match self.run.reach(goal, Origin::State, Occasion::Reconfigure, session) {
            End::Reached => restore(&values, &known, session),
            end => end.status(),
        }
    }

    /// The state that is asked for.
    fn target(&self, states: Vec<Reached>, session: &mut Session<'_>) -> Result<Reached, Status> {
        let numbers: Vec<String> = states.iter().map(|state| state.number.to_string()).collect();
        let help = if numbers.is_empty() {
            phrase!(
                "no-states",
                "there is one after each run of `galerne instance` or `galerne reconfigure` that succeeds"
            )
        } else {
            phrase!("states-kept", "these are kept: {numbers}", numbers = numbers.join(", "))
        };
        let found = match self.number {
            Some(number) => states.into_iter().find(|state| state.number == number),
            None => last_other(states, session)?,
        };
        found.ok_or_else(|| session.refuse(CommandError::NoState { number: self.number, help }))
    }
}

/// The newest state that is not the one that is there now.
fn last_other(states: Vec<Reached>, session: &mut Session<'_>) -> Result<Option<Reached>, Status> {
    let saved = session.inputs().map(|inputs| inputs.text());
    // Saved values that cannot be read are one more reason to go back.
    session.findings = Findings::default();
    let machine = Machine::new(session.options.root()).scoped(session.scope());
    let mut states = states.into_iter();
    let Some(newest) = states.next() else { return Ok(None) };
    let is_there =
        saved.as_ref() == Some(&newest.values) && planned(&machine, &newest.wanted, session)?.is_empty();
    Ok(if is_there { states.next() } else { Some(newest) })
}

/// Saves the values of a state, and keeps those that they replace unless a state has them.
fn restore(values: &str, known: &[String], session: &mut Session<'_>) -> Status {
    let lock = match set::lock(session) {
        Ok(lock) => lock,
        Err(error) => return session.refuse(error),
    };
    let path = session.options.config();
    let now = session.world.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if now.as_deref() == Some(values) {
        return Status::Done;
    }
    let mut beside = path.clone().into_os_string();
    beside.push(".galerne-old");
    let lost = now.filter(|now| !known.contains(now));
    let kept = lost.as_ref().map_or(Ok(()), |now| config_eol::write(beside.as_ref(), now, &lock));
    if let Err(error) = kept.and_then(|()| put_back(values, &path, &lock, session)) {
        return session.refuse(error);
    }
    if lost.is_none() || session.is_json() || session.options.quiet {
        return Status::Done;
    }
    let written = session.say(&phrase!(
        "kept-as",
        "what was saved and not applied is kept as {path}",
        path = Path::new(&beside).display().to_string()
    ));
    session.end(written)
}

/// Saves the text of saved values; of a site, with what production has where it gets values of its own again.
fn put_back(values: &str, path: &Path, lock: &Lock, session: &mut Session<'_>) -> Result<(), ConfigError> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let file = sources.add(path, "");
    let next = config_eol::parse(values, file, &mut findings);
    let own = session.anew(Session::inputs).and_then(|inputs| inputs.own);
    match own.zip(next) {
        Some((own, next)) => own.write(&next, &session.options, lock).map(drop),
        None => config_eol::write(path, values, lock),
    }
}

/// Shows the states that are kept.
fn list(states: &[Reached], session: &mut Session<'_>) -> Status {
    let written = if session.is_json() {
        let states = states.iter().map(|state| {
            let names: Vec<&str> = state.wanted.containers.iter().map(|spec| spec.name.as_str()).collect();
            json!({
                "number": state.number,
                "time": when(state),
                "containers": names,
                "files": state.wanted.files.files.len(),
            })
        });
        session.json(&states.collect())
    } else if states.is_empty() {
        session.say(&phrase!("no-state-yet", "no state is kept yet"))
    } else {
        states.iter().try_for_each(|state| {
            let names: Vec<&str> = state.wanted.containers.iter().map(|spec| spec.name.as_str()).collect();
            let files = state.wanted.files.files.len();
            session.say(&phrase!(
                "state-line",
                "{number:>4}  {time}  {containers}, {files} files",
                number = format!("{:>4}", state.number),
                time = when(state),
                containers = report::containers(&names),
                files = files
            ))
        })
    };
    session.end(written)
}

/// When a state was reached, as universal time.
pub(in crate::command) fn when(state: &Reached) -> String {
    jiff::Timestamp::from_second(state.time).map_or_else(|_| state.time.to_string(), |time| time.to_string())
}
