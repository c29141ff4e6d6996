//! `completions` and `complete`: what comes next on a shell's line, of commands and of the live configuration.
//!
//! In: the words of the line, the last one as far as it is typed. Out: one candidate a line, with what it means after a tab. The scripts of the
//! shells only ask and show. Nothing is said of what is wrong, and no value that somebody saved is shown.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use clap::builder::StyledStr;
use clap::{Args, Command, CommandFactory as _, FromArgMatches as _};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::{Line, Options, Session, Status, eole, help, manual};
use crate::words::{Language, Words};

mod candidates;

use candidates::Candidates;

/// Print what a shell needs to complete commands, options, variables and their values
///
/// Debian's shells read it from /usr/share/bash-completion/completions/galerne,
/// `/usr/share/zsh/vendor-completions/_galerne` and `/usr/share/fish/vendor_completions.d/galerne.fish`.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne completions bash > /usr/share/bash-completion/completions/galerne")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let script = match self.shell {
            Shell::Bash => include_str!("galerne.bash"),
            Shell::Fish => include_str!("galerne.fish"),
            Shell::Zsh => include_str!("galerne.zsh"),
            // Those know commands and options alone.
            shell => {
                let mut text = Vec::new();
                clap_complete::generate(shell, &mut manual::whole(session.words), "galerne", &mut text);
                let written = session.out.write_all(&text);
                return session.end(written);
            }
        };
        let written = session.out.write_all(script.as_bytes());
        session.end(written)
    }
}

/// Say what can come next on a shell's line (the scripts of `completions` call it)
#[derive(Debug, Args)]
pub(super) struct Complete {
    /// The words so far, the last one as far as it is typed
    #[arg(last = true)]
    typed: Vec<OsString>,
}

impl Complete {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let (called, typed) = called(&self.typed);
        let options = options(&called, &typed).unwrap_or_else(|| session.options.clone());
        let words = match options.lang {
            Some(language) => &Words::new(language),
            None => session.words,
        };
        let mut command = lively(help::localized(called, words), &options, words.language());
        let place = typed.len().saturating_sub(1);
        let found = clap_complete::engine::complete(&mut command, typed, place, None);
        let written = found.and_then(|found| found.iter().try_for_each(|candidate| show(candidate, session)));
        session.end(written)
    }
}

/// The command that a line calls, and what is typed of it: the names of EOLE's that are commands of galerne's are written out.
fn called(typed: &[OsString]) -> (Command, Vec<OsString>) {
    let name = typed.first().and_then(|name| Path::new(name).file_name()?.to_str()).unwrap_or_default();
    if let Some(command) = eole::commands().into_iter().find(|command| command.get_name() == name) {
        return (command, typed.to_vec());
    }
    let Some(own) = eole::own_command(name) else { return (Line::command(), typed.to_vec()) };
    let begin = ["galerne", own].map(OsString::from);
    (Line::command(), begin.into_iter().chain(typed.iter().skip(1).cloned()).collect())
}

/// The options of every command that the line has so far.
fn options(called: &Command, typed: &[OsString]) -> Option<Options> {
    let matches = called.clone().ignore_errors(true).try_get_matches_from(typed).ok()?;
    Options::from_arg_matches(&matches).ok()
}

/// `command`, whose arguments know what the configuration has.
fn lively(command: Command, options: &Options, language: Language) -> Command {
    let known = |list: fn(&Candidates, &str) -> Vec<(String, String)>| {
        let candidates = Candidates::new(options.clone(), language);
        ArgValueCompleter::new(move |current: &OsStr| {
            let Some(current) = current.to_str() else { return Vec::new() };
            let found = list(&candidates, current).into_iter();
            let fitting = found.filter(|(value, _)| value.starts_with(current));
            fitting
                .map(|(value, help)| {
                    CompletionCandidate::new(value).help((!help.is_empty()).then(|| StyledStr::from(help)))
                })
                .collect()
        })
    };
    let lists: [(&str, &str, ArgValueCompleter); 17] = [
        ("get", "names", known(|all, _| all.variables())),
        ("set", "assignments", known(Candidates::assignments)),
        ("set", "default", known(|all, _| all.variables())),
        ("set", "remove", known(|all, _| all.variables())),
        ("logs", "name", known(|all, _| all.containers())),
        ("explain", "code", known(|all, _| all.codes())),
        ("check", "allow", known(|all, _| all.codes())),
        ("schema", "name", known(|all, _| all.schemas())),
        ("man", "command", known(|all, _| all.commands())),
        ("site", "name", known(|all, _| all.sites())),
        ("promote", "from", known(|all, _| all.sites())),
        ("promote", "names", known(|all, _| all.variables())),
        ("rollback", "number", known(|all, _| all.states())),
        ("cluster drain", "node", known(|all, _| all.nodes())),
        ("cluster label", "node", known(|all, _| all.nodes())),
        ("CreoleGet", "name", known(|all, _| all.variables())),
        ("CreoleSet", "name", known(|all, _| all.variables())),
    ];
    let sites = known(|all, _| all.sites());
    let command = command.mut_arg("site", |option| option.add(sites));
    let own = command.get_name().to_owned();
    lists.into_iter().fold(command, |command, (path, argument, completer)| {
        let is_eole = path.starts_with("Creole");
        match (is_eole, path == own) {
            (true, true) => completed(command, &[], argument, &completer),
            (false, _) if own == "galerne" => {
                let path: Vec<&str> = path.split(' ').collect();
                completed(command, &path, argument, &completer)
            }
            _ => command,
        }
    })
}

/// `command`, of whose own command at `path` an argument is completed by `completer`.
fn completed(command: Command, path: &[&str], argument: &str, completer: &ArgValueCompleter) -> Command {
    match path.split_first() {
        Some((name, rest)) => {
            command.mut_subcommand(name, |inner| completed(inner, rest, argument, completer))
        }
        None => command
            .mut_args(|known| if known.get_id() == argument { known.add(completer.clone()) } else { known }),
    }
}

fn show(candidate: &CompletionCandidate, session: &mut Session<'_>) -> io::Result<()> {
    let value = candidate.get_value().to_string_lossy();
    let means = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    // A line is a candidate: nothing in it may be taken for the end of one.
    let plain = |text: &str| text.replace(char::is_control, " ");
    let means = means.lines().next().map(plain).unwrap_or_default();
    let line = if means.is_empty() { plain(&value) } else { format!("{}\t{means}", plain(&value)) };
    session.line(&line)
}
