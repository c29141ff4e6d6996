//! What a user calls: one file a command.
//!
//! In: the arguments, read by clap. Out: text or JSON on standard output, findings for the one place that prints
//! them, and a [`Status`]. A command decides nothing: it loads, calls the stages, and shows what they gave.

use clap::{Parser, Subcommand};

mod apply;
mod check;
mod get;
mod load;
mod options;
mod output;
mod problem;
mod render;
mod set;
mod status;
mod values;

pub use options::{Color, Format, Options};
pub use output::{Session, Status};
pub use problem::CommandError;

/// Compiles dictionaries and saved values into running, served applications.
#[derive(Debug, Parser)]
#[command(name = "galerne", version, about, disable_help_subcommand = true)]
pub struct Line {
    /// What every command takes.
    #[command(flatten)]
    pub options: Options,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load dictionaries, templates and saved values, and print all that is wrong
    Check(check::Check),
    /// Print values
    Get(get::Get),
    /// Give variables values, or their defaults back
    Set(set::Set),
    /// Print every variable with its value, owner and properties
    Values(values::Values),
    /// Print the files that the configuration amounts to
    Render(render::Render),
    /// Show what `reconfigure` would do, and do nothing
    Plan(apply::Plan),
    /// Set this server up for the first time
    Instance(apply::Instance),
    /// Apply the configuration after a change
    Reconfigure(apply::Reconfigure),
    /// Show what runs, against what should
    Status(status::Status),
    /// Print what a container wrote
    Logs(status::Logs),
}

impl Command {
    /// Runs the command.
    pub fn run(&self, session: &mut Session<'_>) -> Status {
        match self {
            Self::Check(_) => check::Check::run(session),
            Self::Get(get) => get.run(session),
            Self::Set(set) => set.run(session),
            Self::Values(values) => values.run(session),
            Self::Render(render) => render.run(session),
            Self::Plan(_) => apply::Plan::run(session),
            Self::Instance(instance) => instance.run(session),
            Self::Reconfigure(reconfigure) => reconfigure.run(session),
            Self::Status(status) => status.run(session),
            Self::Logs(logs) => logs.run(session),
        }
    }
}
