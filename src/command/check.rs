//! `check`: all that is wrong.

use clap::Args;
use serde_json::json;

use super::{Session, Status};

/// Load dictionaries, templates and saved values, and print all that is wrong
///
/// Exits with 0 if `reconfigure` would accept the configuration, else with 1.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne check")]
pub(super) struct Check {}

impl Check {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let Some(rendered) = session.rendered() else { return Status::Refused };
        let (containers, files) = (rendered.specs.len(), rendered.files.files.len());
        let written = if session.is_json() {
            session.json(&json!({ "containers": containers, "files": files }))
        } else if session.options.quiet {
            Ok(())
        } else {
            session.line(&format!("nothing wrong: containers {containers}, files {files}"))
        };
        session.end(written)
    }
}
