//! `diagnose`: what this host can run, and what to install for the rest.

use std::fmt::Write as _;
use std::io;

use clap::Args;
use serde_json::{Value as Json, json};

use super::status::{lines, settled};
use super::{Session, Status};
use crate::apply::{self, Machine};
use crate::host::{Condition, Host, Scope};
use crate::phrase;
use crate::plan::{StatusRow, Wanted, status};
use crate::render::{self, PackageName};
use crate::run_spec::ContainerName;
use crate::words::{Phrase, Words};

/// Say which technologies this host can run, what to install for the others, and whether what is configured runs
///
/// Each technology that the configuration uses is marked with ✓ or ✗; those that it does not use and that are not there, with –.
/// Exits with 1 if something that the configuration needs is missing or does not run.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne diagnose")]
pub(super) struct Diagnose {}

impl Diagnose {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let packages = packages(session);
        let wanted = session.anew(Session::wanted);
        let machine = Machine::new(session.options.root());
        let looked = Host::look(&machine, session.world, wanted.as_ref(), &packages, Scope::All);
        let Some(host) = session.wait(looked) else { return Status::Refused };
        let rows = wanted.as_ref().and_then(|wanted| rows(&machine, wanted, session));
        let is_well = host.is_ready() && host.packages.is_empty() && rows.as_deref().is_some_and(settled);
        let written = if session.is_json() {
            session.json(&document(&host, rows.as_deref()))
        } else {
            show(&host, rows.as_deref(), session)
        };
        let ended = session.end(written);
        if ended == Status::Done && !is_well { Status::Refused } else { ended }
    }
}

/// The packages that the dictionaries name; none if they cannot be read, which is told by what runs next.
pub(super) fn packages(session: &mut Session<'_>) -> Vec<PackageName> {
    let linked = session.anew(Session::linked);
    linked
        .map(|(schema, evaluated)| render::packages(schema.system(), &evaluated.snapshot))
        .unwrap_or_default()
}

/// How the containers stand; none if an engine that they need does not answer, of which the host's own lines tell.
fn rows(machine: &Machine, wanted: &Wanted, session: &mut Session<'_>) -> Option<Vec<StatusRow>> {
    let observed = session.wait(apply::observe(machine, wanted))?.ok()?;
    Some(status(wanted, &observed))
}

fn document(host: &Host, rows: Option<&[StatusRow]>) -> Json {
    let mut document = json!(host);
    document["containers"] = json!(rows);
    document
}

fn show(host: &Host, rows: Option<&[StatusRow]>, session: &mut Session<'_>) -> io::Result<()> {
    session.line(&host.system)?;
    for server in host.web_servers() {
        let line = part(server.program.name(), true, &server.condition, "", session.words);
        session.line(&line)?;
    }
    for capability in &host.technologies {
        let names: Vec<&str> = capability.containers.iter().map(ContainerName::as_str).collect();
        let used = if names.is_empty() { String::new() } else { format!(" [{}]", names.join(", ")) };
        let line = part(
            capability.technology.name(),
            !names.is_empty(),
            &capability.condition,
            &used,
            session.words,
        );
        session.line(&line)?;
    }
    if !host.packages.is_empty() {
        session.say(&phrase!(
            "host-packages",
            "  ✗ packages of the dictionaries: {install}",
            install = install(&host.packages)
        ))?;
    }
    match rows {
        Some(rows) => lines(rows, session),
        None => session.say(&phrase!("no-standing", "how the containers stand cannot be said")),
    }
}

/// One line on a part of the host.
fn part(name: &str, is_needed: bool, condition: &Condition, used: &str, words: &Words) -> String {
    let mark = match condition {
        Condition::Ready { .. } => "✓",
        _ if is_needed => "✗",
        _ => "–",
    };
    let mut line = format!("  {mark} {name:<11}");
    let _ = match condition {
        Condition::Ready { says } => write!(line, "{}", words.phrase(says)),
        Condition::Missing { packages } => write!(line, "{}", words.phrase(&install(packages))),
        Condition::Down { cause, remedy } if remedy.english().is_empty() => {
            write!(line, "{}", words.phrase(cause))
        }
        Condition::Down { cause, remedy } => {
            let both = phrase!("and-why", "{first}; {next}", first = cause, next = remedy);
            write!(line, "{}", words.phrase(&both))
        }
    };
    line + used
}

fn install(packages: &[PackageName]) -> Phrase {
    let names: Vec<&str> = packages.iter().map(PackageName::as_str).collect();
    phrase!("host-install", "not installed: apt install {packages}", packages = names.join(" "))
}
