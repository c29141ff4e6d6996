//! EOLE's commands by their own names: the executable looks at the name by which it was called.
//!
//! In: the arguments, the name first. Out: the command of that name, with the options that every command takes, hidden
//! from its help. Scripts written for EOLE see what they expect: plain values, secrets too, and the exit codes.

use std::ffi::OsString;
use std::path::Path;

use clap::{Arg, Args, FromArgMatches};

use super::{Command, Line, Options, Session, Status, help};
use crate::words::Words;

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

/// The names of EOLE's that call commands of galerne's own.
const OWN: [(&str, &str); 5] = [
    ("instance", "instance"),
    ("reconfigure", "reconfigure"),
    ("diagnose", "diagnose"),
    ("genconfig", "edit"),
    ("gen_config", "edit"),
];

/// The command that `args` call, if their first one is the name of one of EOLE's.
pub(super) fn called(args: &[OsString], words: &Words) -> Option<Result<Line, clap::Error>> {
    let name = Path::new(args.first()?).file_name()?.to_str()?;
    let read = match name {
        "CreoleGet" => read("CreoleGet", args, words, Eole::Get),
        "CreoleSet" => read("CreoleSet", args, words, Eole::Set),
        "CreoleCat" => read("CreoleCat", args, words, Eole::Cat),
        "CreoleLint" => read("CreoleLint", args, words, Eole::Lint),
        name => own(own_command(name)?, args, words),
    };
    Some(read)
}

/// The command of galerne's own, with all its options, that has this name of EOLE's.
pub(super) fn own_command(name: &str) -> Option<&'static str> {
    OWN.iter().find(|(known, _)| *known == name).map(|(_, own)| *own)
}

/// All names of EOLE's, with the command of galerne's own that each calls, if it does.
pub(super) fn names() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    let alone = ["CreoleGet", "CreoleSet", "CreoleCat", "CreoleLint"].map(|name| (name, None));
    alone.into_iter().chain(OWN.map(|(name, own)| (name, Some(own))))
}

/// Galerne's own command of this name, with the arguments that come after the first one.
fn own(name: &str, args: &[OsString], words: &Words) -> Result<Line, clap::Error> {
    let begin = [OsString::from("galerne"), OsString::from(name)];
    let all: Vec<OsString> = begin.into_iter().chain(args.iter().skip(1).cloned()).collect();
    Line::read(&all, words)
}

/// The commands that have a name of EOLE's alone, as their manual pages show them.
pub(super) fn pages(words: &Words) -> [clap::Command; 4] {
    [
        described::<get::CreoleGet>("CreoleGet", words),
        described::<set::CreoleSet>("CreoleSet", words),
        described::<cat::CreoleCat>("CreoleCat", words),
        described::<lint::CreoleLint>("CreoleLint", words),
    ]
}

fn described<C: Args>(name: &'static str, words: &Words) -> clap::Command {
    let mut command = help::localized(C::augment_args(clap::Command::new(name)), words);
    command.build();
    command
}

/// What reads the arguments of the command `name`.
fn reader<C: Args>(name: &'static str) -> clap::Command {
    // Without their letters, so that a value such as `-q` is one.
    let hidden = |arg: Arg| arg.hide(true).short(None);
    let reader = Options::augment_args(clap::Command::new(name)).mut_args(hidden);
    // Else the command's own arguments would stand under the heading of those before.
    C::augment_args(reader.next_help_heading(None::<&'static str>)).version(env!("CARGO_PKG_VERSION"))
}

/// The commands that have a name of EOLE's alone, with all that each takes.
pub(super) fn commands() -> [clap::Command; 4] {
    [
        reader::<get::CreoleGet>("CreoleGet"),
        reader::<set::CreoleSet>("CreoleSet"),
        reader::<cat::CreoleCat>("CreoleCat"),
        reader::<lint::CreoleLint>("CreoleLint"),
    ]
}

fn read<C: Args>(
    name: &'static str,
    args: &[OsString],
    words: &Words,
    command: impl FnOnce(C) -> Eole,
) -> Result<Line, clap::Error> {
    let mut reader = help::localized(reader::<C>(name), words);
    let matches = reader.try_get_matches_from_mut(args)?;
    let read = Options::from_arg_matches(&matches).and_then(|options| {
        Ok(Line { options, command: Command::Eole(command(C::from_arg_matches(&matches)?)) })
    });
    read.map_err(|error| error.format(&mut reader))
}
