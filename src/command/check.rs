//! `check`: all that is wrong, and what is suspicious.

use clap::Args;
use serde_json::json;

use super::{CommandError, Session, Status};
use crate::diagnostic::{Findings, meant};
use crate::lint::{self, Subject, lint};
use crate::phrase;
use crate::template::Templates;

/// Load dictionaries, templates and saved values, and print all that is wrong
///
/// Exits with 0 if `reconfigure` would accept the configuration, else with 1. Where nothing is wrong, what is suspicious
/// is printed: `lint::…` warnings, which refuse nothing. `galerne explain CODE` says more of each.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne check --allow lint::unused_variable")]
pub(super) struct Check {
    /// Do not print warnings of this code
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// Let warnings refuse too
    #[arg(long)]
    strict: bool,
}

impl Check {
    /// What `CreoleLint` does.
    pub(super) fn usual() -> Self {
        Self { allow: Vec::new(), strict: false }
    }

    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if let Some(code) = self.allow.iter().find(|code| !lint::CODES.contains(&code.as_str())) {
            let help = meant(code, lint::CODES)
                .unwrap_or_else(|| phrase!("list-codes", "list the codes with: galerne explain"));
            return session.refuse(CommandError::UnknownCode { code: code.clone(), help });
        }
        let Some(rendered) = session.rendered() else { return Status::Refused };
        let (containers, files) = (rendered.specs.len(), rendered.files.files.len());
        let suspicious = self.suspicious(session);
        let count = suspicious.iter().count();
        session.findings.append(suspicious);
        let written = if session.is_json() {
            session.json(&json!({ "containers": containers, "files": files, "warnings": count }))
        } else if session.options.quiet {
            Ok(())
        } else {
            session.say(&phrase!(
                "nothing-wrong",
                "nothing wrong: containers {containers}, files {files}",
                containers = containers,
                files = files
            ))
        };
        match session.end(written) {
            Status::Done if self.strict && !session.findings.is_empty() => Status::Refused,
            status => status,
        }
    }

    /// What is suspicious and not allowed, of a configuration of which nothing is wrong.
    fn suspicious(&self, session: &mut Session<'_>) -> Findings {
        // What loading finds was found and told before.
        let told = std::mem::take(&mut session.findings);
        let places = session.options.template_places();
        let templates = Templates::load(session.world, &places, &mut session.sources, &mut session.findings);
        let compiled = session.compiled();
        session.findings = told;
        let Some((inputs, compiled)) = compiled else { return Findings::default() };
        let library = session.library();
        let subject = Subject {
            dictionaries: &inputs.dictionaries,
            schema: &compiled.schema,
            snapshot: &compiled.snapshot,
            templates: &templates,
            library: &library,
        };
        let mut kept = Findings::default();
        for finding in lint(&subject) {
            if !self.allow.contains(&finding.code()) {
                kept.push(finding);
            }
        }
        kept
    }
}
