//! What is said of a plan and of a run.

use std::io;

use indicatif::ProgressDrawTarget;

use crate::apply::progress::{Bars, Detail, JsonLines, Lines};
use crate::apply::{Silent, Sink, Summary};
use crate::command::{Session, Status};
use crate::credentials;
use crate::front::CERTIFICATE;
use crate::phrase;
use crate::plan::{self, Wanted};
use crate::run_spec::ContainerName;
use crate::words::Phrase;

/// The names of containers, perhaps of none.
pub(super) fn containers(names: &[&str]) -> Phrase {
    if names.is_empty() { phrase!("no-container", "no container") } else { names.join(", ").into() }
}

/// A run, or a plan, without a step.
fn nothing_to_do() -> Phrase {
    phrase!("nothing-to-do", "nothing to do")
}

/// Shows a plan.
pub(in crate::command) fn plan(plan: &plan::Plan, session: &mut Session<'_>) -> Status {
    let written = if session.is_json() {
        session.json(&serde_json::to_value(plan).unwrap_or_default())
    } else {
        {
            let text = plan.told(session.words);
            session.out.write_all(text.as_bytes())
        }
    };
    session.end(written)
}

/// Who follows a run: bars on a terminal, else lines; one JSON document a line for programs.
pub(super) fn sink<'w>(session: &Session<'w>) -> Box<dyn Sink + 'w> {
    let detail = if session.options.verbose > 0 { Detail::All } else { Detail::Usual };
    if session.is_json() {
        Box::new(JsonLines::new(io::stdout()))
    } else if session.options.quiet {
        Box::new(Silent)
    } else if session.terminal {
        Box::new(Bars::new(ProgressDrawTarget::stderr(), detail, session.words))
    } else {
        Box::new(Lines::new(io::stdout(), detail, session.words))
    }
}

/// Says what was done; of JSON, the last event has said it.
pub(super) fn summary(summary: &Summary, wanted: &Wanted, session: &mut Session<'_>) -> io::Result<()> {
    if session.is_json() || session.options.quiet {
        return Ok(());
    }
    if summary.is_nothing() {
        return session.say(&nothing_to_do());
    }
    let names: Vec<&str> = summary.changed.iter().map(ContainerName::as_str).collect();
    session.say(&phrase!(
        "done",
        "done: {containers} changed, {files} files",
        containers = containers(&names),
        files = summary.files
    ))?;
    for path in &summary.edited {
        session.say(&phrase!(
            "changed-by-hand",
            "{path} had been changed by hand: what it was is kept as {path}.galerne-old",
            path = path.display().to_string()
        ))?;
    }
    for spec in
        wanted.containers.iter().filter(|spec| summary.changed.contains(&spec.name) && !spec.ports.is_empty())
    {
        session.say(&phrase!("served-at", "{name} is served at /{name}/", name = spec.name))?;
    }
    if let Some(until) = credentials::valid_until(&wanted.files) {
        session.say(&phrase!(
            "valid-until",
            "the self-signed certificate {path} is valid until {until}",
            path = CERTIFICATE,
            until = until
        ))?;
    }
    Ok(())
}
