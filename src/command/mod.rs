//! What a user calls: one file a command.
//!
//! In: the arguments, read by clap. Out: text or JSON on standard output, findings for the one place that prints
//! them, and a [`Status`]. A command decides nothing: it loads, calls the stages, and shows what they gave.

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::diagnostic::Findings;
use crate::words::Words;

mod apply;
mod attend;
mod check;
mod cluster;
mod complete;
mod diagnose;
mod docs;
mod edit;
mod eole;
mod explain;
mod follow;
mod get;
mod help;
mod import;
mod load;
mod manual;
mod options;
mod output;
mod pager;
mod problem;
mod render;
mod schema;
mod set;
mod site;
mod status;
mod system;
mod values;

pub use options::{Color, Format, Options};
pub use output::{Session, Status};
pub use pager::Pager;
pub use problem::CommandError;

/// Compiles dictionaries and saved values into running, served applications.
#[derive(Debug, Parser)]
#[command(
    name = "galerne",
    version,
    about,
    disable_help_subcommand = true,
    after_help = "Example: galerne instance"
)]
pub struct Line {
    /// What every command takes.
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    command: Command,
}

/// A call that runs no command: it is wrong, or asks for help or the version.
#[derive(Debug)]
pub struct WrongUse {
    /// What is said.
    pub text: String,
    /// The same for a terminal with colours.
    pub coloured: String,
    /// Whether it is wrong.
    pub is_wrong: bool,
    /// What is wrong with it, for programs.
    pub findings: Findings,
}

/// The commands; the doc comment of each one's own type is its help.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Get(get::Get),
    Set(set::Set),
    Edit(edit::Edit),
    Values(values::Values),
    System(system::System),
    Docs(docs::Docs),
    Explain(explain::Explain),
    #[command(name = "schema")]
    Schema(schema::PrintSchema),
    Import(import::Import),
    Man(manual::Man),
    Completions(complete::Completions),
    #[command(hide = true)]
    Complete(complete::Complete),
    Render(render::Render),
    Plan(apply::Plan),
    Instance(apply::Instance),
    Reconfigure(apply::Reconfigure),
    Rollback(apply::Rollback),
    Site(site::Site),
    Diff(site::Diff),
    Promote(apply::Promote),
    Status(status::Status),
    Follow(follow::Follow),
    Diagnose(diagnose::Diagnose),
    Cluster(cluster::Cluster),
    Logs(status::Logs),
    #[command(hide = true)]
    Attend(attend::Attend),
    /// One of EOLE's, which have names of their own.
    #[command(skip)]
    Eole(eole::Eole),
}

impl Line {
    /// Reads the arguments, of which the first is the name by which the executable was called.
    ///
    /// # Errors
    /// Wrong use; help and version come this way too.
    pub fn of(args: &[OsString], words: &Words) -> Result<Self, WrongUse> {
        let read = eole::called(args, words).unwrap_or_else(|| Self::read(args, words));
        let mut line = read.map_err(|error| help::wrong_use(&error, args, words))?;
        line.options.settle();
        Ok(line)
    }

    /// Reads the arguments of galerne's own commands.
    fn read(args: &[OsString], words: &Words) -> Result<Self, clap::Error> {
        let mut command = help::localized(Self::command(), words);
        let mut matches = command.try_get_matches_from_mut(args).map_err(|mut error| {
            help::with_near(&mut error, &command, args);
            error
        })?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }

    /// Whether what the command prints may be shown page by page: it asks nothing, and is not followed while it works.
    pub fn is_paged(&self) -> bool {
        if self.options.no_pager || self.options.format == Format::Json {
            return false;
        }
        match &self.command {
            Command::Get(_)
            | Command::Values(_)
            | Command::System(_)
            | Command::Docs(_)
            | Command::Explain(_)
            | Command::Schema(_)
            | Command::Man(_)
            | Command::Render(_)
            | Command::Plan(_)
            | Command::Diagnose(_) => true,
            Command::Status(status) => !status.goes_on(),
            Command::Logs(logs) => !logs.goes_on(),
            _ => false,
        }
    }

    /// Runs the command that was called.
    pub fn run(&self, session: &mut Session<'_>) -> Status {
        match &self.command {
            Command::Check(check) => check.run(session),
            Command::Get(get) => get.run(session),
            Command::Set(set) => set.run(session),
            Command::Edit(edit) => edit.run(session),
            Command::Values(values) => values.run(session),
            Command::Schema(schema) => schema.run(session),
            Command::Docs(docs) => docs.run(session),
            Command::Explain(explain) => explain.run(session),
            Command::System(_) => system::System::run(session),
            Command::Man(man) => man.run(session),
            Command::Completions(completions) => completions.run(session),
            Command::Complete(complete) => complete.run(session),
            Command::Import(import) => import.run(session),
            Command::Render(render) => render.run(session),
            Command::Plan(plan) => plan.run(session),
            Command::Instance(instance) => instance.run(session),
            Command::Reconfigure(reconfigure) => reconfigure.run(session),
            Command::Rollback(rollback) => rollback.run(session),
            Command::Site(site) => site.run(session),
            Command::Diff(diff) => diff.run(session),
            Command::Promote(promote) => promote.run(session),
            Command::Status(status) => status.run(session),
            Command::Follow(_) => follow::Follow::run(session),
            Command::Cluster(cluster) => cluster.run(session),
            Command::Diagnose(_) => diagnose::Diagnose::run(session),
            Command::Logs(logs) => logs.run(session),
            Command::Attend(attend) => attend.run(session),
            Command::Eole(eole) => eole.run(session),
        }
    }
}
