//! `status`: what runs, against what should. `logs`: what a container wrote.

use std::io;
use std::time::Duration;

use clap::Args;
use futures_util::StreamExt;
use serde_json::json;

use super::{CommandError, Session, Status as Ended};
use crate::apply::{self, Machine};
use crate::diagnostic::meant;
use crate::engine::LogRequest;
use crate::phrase;
use crate::plan::{CopyRow, Standing, StatusRow, Wanted, status};
use crate::run_spec::RunSpec;
use crate::words::{Phrase, Words};

/// How long `--watch` waits between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// Show what runs, against what should
///
/// Exits with 1 if a container does not run as it should.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne status")]
pub(super) struct Status {
    /// Look again every two seconds, until interrupted
    #[arg(long)]
    watch: bool,
}

/// Print what a container wrote
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne logs wiki --tail 50")]
pub(super) struct Logs {
    /// The container's name
    name: String,
    /// Go on while the container runs
    #[arg(short, long)]
    follow: bool,
    /// Only the last lines, that many
    #[arg(long, value_name = "LINES")]
    tail: Option<u32>,
}

impl Status {
    /// Whether it prints until it is interrupted.
    pub(super) fn goes_on(&self) -> bool {
        self.watch
    }

    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Ended {
        let Some(wanted) = session.wanted() else { return Ended::Refused };
        let machine = Machine::new(session.options.root()).scoped(session.scope());
        loop {
            let Some(observed) = session.wait(apply::observe(&machine, &wanted)) else {
                return Ended::ApplyFailed;
            };
            let rows = match observed {
                Ok(observed) => status(&wanted, &observed),
                Err(findings) => {
                    session.findings.append(findings);
                    return Ended::ApplyFailed;
                }
            };
            let written = self.show(&rows, session);
            if !self.watch || written.is_err() {
                let ended = session.end(written);
                return if ended == Ended::Done && !settled(&rows) { Ended::Refused } else { ended };
            }
            // Made where the runtime is: a timer needs one from its beginning.
            session.wait(async { tokio::time::sleep(PAUSE).await });
        }
    }

    /// A table, or for programs a document: one of many is a line.
    fn show(&self, rows: &[StatusRow], session: &mut Session<'_>) -> io::Result<()> {
        let document = json!({ "containers": rows });
        match (session.is_json(), self.watch) {
            (true, true) => session.json_line(&document)?,
            (true, false) => session.json(&document)?,
            (false, _) => lines(rows, session)?,
        }
        session.out.flush()
    }
}

/// Whether each container runs as it should.
pub(super) fn settled(rows: &[StatusRow]) -> bool {
    rows.iter().all(|row| row.state == Standing::Running)
}

/// A table of the containers.
pub(super) fn lines(rows: &[StatusRow], session: &mut Session<'_>) -> io::Result<()> {
    if rows.is_empty() {
        return session.say(&phrase!("no-container-configured", "no container is configured"));
    }
    let words = session.words;
    let cells: Vec<[String; 5]> = rows.iter().map(|row| cells(row, words)).collect();
    let heads = heads().map(|head| words.phrase(&head));
    let width = |column: usize| {
        cells.iter().chain([&heads]).map(|row| row[column].chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut lines = Vec::new();
    for row in std::iter::once(&heads).chain(&cells) {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        lines.push(padded.collect::<Vec<_>>().join("  ").trim_end().to_owned());
    }
    for (line, copies) in
        lines.iter().zip(std::iter::once(&Vec::new()).chain(rows.iter().map(|row| &row.copies)))
    {
        session.line(line)?;
        for copy in copies {
            session.line(&copy_line(copy, words))?;
        }
    }
    Ok(())
}

/// A copy of what runs on a cluster, under the line of the whole.
fn copy_line(copy: &CopyRow, words: &Words) -> String {
    let node = copy.node.clone().unwrap_or_else(|| words.phrase(&phrase!("no-node", "(no node)")));
    let address = copy.address.map(|address| address.to_string());
    let parts = [
        Some(node),
        Some(words.phrase(&doing(&copy.state))),
        address,
        copy.words.as_ref().map(|said| words.phrase(said)),
    ];
    format!("  - {}", parts.into_iter().flatten().collect::<Vec<_>>().join("  "))
}

/// What a copy does, of the cluster's word for it; what its node says of a failure stays as it is, to be looked up.
fn doing(state: &str) -> Phrase {
    match state {
        "running" => phrase!("is-running", "running"),
        "new" => phrase!("copy-new", "new"),
        "pending" => phrase!("copy-pending", "pending"),
        "allocated" => phrase!("copy-allocated", "allocated"),
        "assigned" => phrase!("copy-assigned", "assigned"),
        "accepted" => phrase!("copy-accepted", "accepted"),
        "preparing" => phrase!("copy-preparing", "preparing"),
        "ready" => phrase!("copy-ready", "ready"),
        "starting" => phrase!("copy-starting", "starting"),
        "complete" => phrase!("copy-complete", "complete"),
        "shutdown" => phrase!("copy-shutdown", "shutdown"),
        "failed" => phrase!("copy-failed", "failed"),
        "rejected" => phrase!("copy-rejected", "rejected"),
        "orphaned" => phrase!("copy-orphaned", "orphaned"),
        other => other.to_owned().into(),
    }
}

/// The heads of the table.
fn heads() -> [Phrase; 5] {
    [
        phrase!("head-name", "NAME"),
        phrase!("head-state", "STATE"),
        phrase!("head-image", "IMAGE"),
        phrase!("head-ports", "PORTS"),
        phrase!("head-path", "PATH"),
    ]
}

/// How a container stands, in a word.
fn state(standing: Standing) -> Phrase {
    match standing {
        Standing::Running => phrase!("is-running", "running"),
        Standing::Unhealthy => phrase!("is-unhealthy", "unhealthy"),
        Standing::Restarting => phrase!("is-restarting", "restarting"),
        Standing::Stopped => phrase!("is-stopped", "stopped"),
        Standing::Missing => phrase!("is-missing", "missing"),
        Standing::Outdated => phrase!("is-outdated", "outdated"),
        Standing::Unwanted => phrase!("is-unwanted", "unwanted"),
        Standing::Unknown => phrase!("is-unknown", "unknown"),
        Standing::Incomplete => phrase!("is-incomplete", "incomplete"),
        Standing::Changing => phrase!("is-changing", "changing"),
    }
}

fn cells(row: &StatusRow, words: &Words) -> [String; 5] {
    let state = words.phrase(&state(row.state));
    let ports: Vec<String> = row.ports.iter().map(|port| format!("{}:{}", port.address, port.port)).collect();
    [row.name.to_string(), state, row.image.clone(), ports.join(", "), row.path.clone().unwrap_or_default()]
}

impl Logs {
    /// Whether it prints until it is interrupted.
    pub(super) fn goes_on(&self) -> bool {
        self.follow
    }

    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Ended {
        let Some(wanted) = session.wanted() else { return Ended::Refused };
        let marked = session.options.site.as_ref().map(|site| format!("{}{}", self.name, site.mark()));
        let marked = marked.and_then(|name| find(&wanted, &name));
        let Some(spec) = find(&wanted, &self.name).or(marked) else {
            let names = wanted.containers.iter().map(|spec| spec.name.as_str());
            let help = meant(&self.name, names)
                .unwrap_or_else(|| phrase!("list-status", "list them with: galerne status"));
            return session.refuse(CommandError::UnknownContainer { name: self.name.clone(), help });
        };
        let machine = Machine::new(session.options.root());
        let request = LogRequest { follow: self.follow, tail: self.tail };
        let Some(mut lines) = machine.logs(spec.engine, &spec.name, request) else { return Ended::Done };
        while let Some(next) = session.wait(lines.next()).flatten() {
            let written = match next {
                Ok(text) => {
                    // Programs get one document a piece, as it comes.
                    let text = if session.is_json() {
                        format!("{}\n", json!({ "container": spec.name, "text": text }))
                    } else {
                        text
                    };
                    session.out.write_all(text.as_bytes()).and_then(|()| session.out.flush())
                }
                Err(error) => {
                    session.findings.add(error);
                    return Ended::ApplyFailed;
                }
            };
            if written.is_err() {
                return session.end(written);
            }
        }
        Ended::Done
    }
}

fn find<'w>(wanted: &'w Wanted, name: &str) -> Option<&'w RunSpec> {
    wanted.containers.iter().find(|spec| spec.name.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn what_a_copy_does_is_said_in_the_language() {
        let (english, french) = (Words::default(), Words::new(Language::Fr));
        for (state, said) in [("running", "tourne"), ("preparing", "en préparation"), ("shutdown", "arrêtée")]
        {
            assert_eq!(
                (english.phrase(&doing(state)), french.phrase(&doing(state))),
                (state.to_owned(), said.to_owned())
            );
        }
        assert_eq!(french.phrase(&doing("crashloopbackoff")), "crashloopbackoff");
    }
}
