//! EOLE's commands by their own names: the executable looks at the name by which it was called.
//!
//! In: the arguments, the name first. Out: the command of that name, with the options that every command takes, hidden
//! from its help. Scripts written for EOLE see what they expect: plain values, secrets too, and the exit codes.

use std::ffi::OsString;
use std::path::Path;

use clap::{Arg, Args, FromArgMatches, Parser as _};

use super::{Command, Line, Options, Session, Status};

mod cat;
mod get;
mod lint;
mod set;

/// A command of EOLE's.
#[derive(Debug)]
pub(super) enum Eole {
    Get(get::CreoleGet),
    Set(set::CreoleSet),
    Cat(cat::CreoleCat),
    Lint(lint::CreoleLint),
}

impl Eole {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        match self {
            Self::Get(get) => get.run(session),
            Self::Set(set) => set.run(session),
            Self::Cat(cat) => cat.run(session),
            Self::Lint(lint) => lint.run(session),
        }
    }
}

/// The command that `args` call, if their first one is the name of one of EOLE's.
pub(super) fn called(args: &[OsString]) -> Option<Result<Line, clap::Error>> {
    let name = Path::new(args.first()?).file_name()?.to_str()?;
    let read = match name {
        "CreoleGet" => read("CreoleGet", args, Eole::Get),
        "CreoleSet" => read("CreoleSet", args, Eole::Set),
        "CreoleCat" => read("CreoleCat", args, Eole::Cat),
        "CreoleLint" => read("CreoleLint", args, Eole::Lint),
        // These are galerne's own, with all their options.
        "instance" | "reconfigure" | "diagnose" => {
            let own = [OsString::from("galerne"), OsString::from(name)];
            Line::try_parse_from(own.into_iter().chain(args.iter().skip(1).cloned()))
        }
        "genconfig" | "gen_config" => {
            let own = [OsString::from("galerne"), OsString::from("edit")];
            Line::try_parse_from(own.into_iter().chain(args.iter().skip(1).cloned()))
        }
        _ => return None,
    };
    Some(read)
}

fn read<C: Args>(
    name: &'static str,
    args: &[OsString],
    command: impl FnOnce(C) -> Eole,
) -> Result<Line, clap::Error> {
    // Without their letters, so that a value such as `-q` is one.
    let hidden = |arg: Arg| arg.hide(true).short(None);
    let reader = Options::augment_args(clap::Command::new(name)).mut_args(hidden);
    let mut reader = C::augment_args(reader).version(env!("CARGO_PKG_VERSION"));
    let matches = reader.try_get_matches_from_mut(args)?;
    let read = Options::from_arg_matches(&matches).and_then(|options| {
        Ok(Line { options, command: Command::Eole(command(C::from_arg_matches(&matches)?)) })
    });
    read.map_err(|error| error.format(&mut reader))
}
