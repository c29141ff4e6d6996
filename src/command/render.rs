//! `render`: the files that a configuration amounts to.

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};

use super::{CommandError, Session, Status};
use crate::apply;
use crate::phrase;
use crate::render::{ChangeKind, Content, FileChange, Rendered, compare, diff};

/// Print the files that the configuration amounts to
///
/// Everything is rendered first; nothing is written but with --to. Passwords and the values of environments are
/// shown as `…`.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne render --diff")]
pub(super) struct Render {
    /// Print how the files differ from those that are there
    #[arg(long)]
    diff: bool,
    /// Exit with 1 if a file differs from what is there
    #[arg(long)]
    check: bool,
    /// Write the files below this folder, as they are: secrets included
    #[arg(long, value_name = "DIR", conflicts_with_all = ["diff", "check"])]
    to: Option<PathBuf>,
}

impl Render {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let Some(rendered) = session.rendered() else { return Status::Refused };
        if let Some(folder) = &self.to {
            return write(&rendered, folder, session);
        }
        let changes = compare(&rendered.files, session.world, session.options.root());
        let written = if session.is_json() {
            session.json(&changes.iter().map(|change| object(change, &rendered)).collect())
        } else if self.diff {
            let shown: String = changes.iter().map(|change| diff(change, &rendered.secrets)).collect();
            session.out.write_all(shown.as_bytes())
        } else if self.check {
            Ok(())
        } else {
            contents(&rendered, session)
        };
        let different: Vec<&FileChange> =
            changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).collect();
        for change in different.iter().filter(|_| self.check) {
            session.findings.add(CommandError::FileDiffers { path: change.path.clone() });
        }
        session.end(written)
    }
}

fn write(rendered: &Rendered, folder: &std::path::Path, session: &mut Session<'_>) -> Status {
    if let Err(error) = apply::write_files(&rendered.files, folder) {
        return session.refuse(error);
    }
    let count = rendered.files.files.len();
    let written = match (session.is_json(), session.options.quiet) {
        (true, _) => session.json(&json!({ "files": count, "to": folder })),
        (false, true) => Ok(()),
        (false, false) => session.say(&phrase!(
            "files-written",
            "{count} files written below {folder}",
            count = count,
            folder = folder.display().to_string()
        )),
    };
    session.end(written)
}

/// Each file with its content, as `head` shows several.
fn contents(rendered: &Rendered, session: &mut Session<'_>) -> io::Result<()> {
    for change in compare(&rendered.files, &crate::source::Memory::default(), session.options.root()) {
        let header = match &change.new {
            Content::Link(target) => format!("==> {} -> {}", change.path.display(), target.display()),
            Content::Text(_) => format!("==> {}", change.path.display()),
        };
        session.line(&header)?;
        if matches!(change.new, Content::Text(_)) {
            let shown = diff(&change, &rendered.secrets);
            // Of the difference to nothing, each line but the three of the header is an added one.
            let lines = shown.lines().skip(3).map(|line| line.strip_prefix('+').unwrap_or(line));
            for line in lines {
                session.line(line)?;
            }
        }
        session.line("")?;
    }
    Ok(())
}

fn object(change: &FileChange, rendered: &Rendered) -> Json {
    let kind = match change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Changed => "changed",
        ChangeKind::Unchanged => "unchanged",
    };
    json!({ "path": change.path, "change": kind, "diff": diff(change, &rendered.secrets) })
}
