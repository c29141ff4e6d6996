//! `CreoleLint`: all that is wrong with dictionaries and templates.

use clap::Args;

use super::cat::{missing, template};
use crate::command::check::Check;
use crate::command::{Session, Status};
use crate::template::Templates;

/// Print all that is wrong with dictionaries, templates and saved values
#[derive(Debug, Args)]
#[command(after_help = "Example: CreoleLint")]
pub(in crate::command) struct CreoleLint {
    /// Look for this template, which must be there
    #[arg(short, long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Look at the dictionaries only
    #[arg(short, long, conflicts_with = "template")]
    dico_only: bool,
}

impl CreoleLint {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        if self.dico_only {
            return match session.compiled() {
                Some(_) => session.end(Ok(())),
                None => Status::Refused,
            };
        }
        if let Some(wanted) = &self.template {
            let places = session.options.template_places();
            // What is wrong with them is found, and told, by the check.
            let mut findings = crate::diagnostic::Findings::default();
            let templates = Templates::load(session.world, &places, &mut session.sources, &mut findings);
            if template(wanted, &templates).is_none() {
                session.findings.append(missing(wanted));
            }
        }
        Check::usual().run(session)
    }
}
