//! `man`: the pages of the manual on the commands.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use serde_json::json;

use super::{Line, Session, Status, eole, help};
use crate::apply;
use crate::phrase;
use crate::render::{Content, FileSet, GeneratedFile};
use crate::words::{Language, Words};

/// The day of the pages: that of the last change of what a command takes, so that each build makes the same bytes.
const DATE: &str = "2026-11-21";

/// Print a manual page
///
/// Without a command, that of galerne itself, which lists them.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne man reconfigure | man -l -")]
pub(super) struct Man {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write the pages of all commands below this folder, as man1/galerne-COMMAND.1
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    to: Option<PathBuf>,
}

impl Man {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let words = session.words;
        let whole = whole(words);
        if let Some(folder) = &self.to {
            let eole = eole::pages(words);
            // Those that galerne itself calls have none.
            let shown = whole.get_subcommands().filter(|command| !command.is_hide_set());
            let own = shown.flat_map(|command| {
                let inner = command.get_subcommands().map(|inner| (inner, named_below(command, inner)));
                std::iter::once((command, named(command))).chain(inner)
            });
            let eole = eole.iter().map(|command| (command, named(command)));
            let pages = std::iter::once((&whole, named(&whole))).chain(own).chain(eole);
            let files = pages.map(|(command, name)| {
                let path = format!("{}/man1/{name}.1", folder_of(words));
                page(command, &name, words).map(|text| GeneratedFile::new(path, Content::Text(text)))
            });
            let files = match files.collect::<io::Result<Vec<_>>>() {
                Ok(files) => FileSet { files, removed: Vec::new() },
                Err(error) => return session.end(Err(error)),
            };
            return match apply::write_files(&files, folder) {
                Ok(()) if session.is_json() => {
                    let written = session.json(&json!({ "files": files.files.len(), "to": folder }));
                    session.end(written)
                }
                Ok(()) => session.end(Ok(())),
                Err(error) => session.refuse(error),
            };
        }
        let eole = eole::pages(words);
        let wanted = self.command.as_deref();
        let found = wanted.map_or_else(|| Some((&whole, named(&whole))), |name| find(&whole, &eole, name));
        let Some((command, name)) = found else {
            let name = wanted.unwrap_or_default().to_owned();
            let shown = whole.get_subcommands().filter(|command| !command.is_hide_set());
            let known = shown.map(Command::get_name).chain(eole::names().map(|(name, _)| name));
            let help = crate::diagnostic::meant(&name, known)
                .unwrap_or_else(|| phrase!("list-help", "list them with: galerne --help"));
            return session.refuse(super::CommandError::UnknownCommand { name, help });
        };
        let written = page(command, &name, words).and_then(|text| session.out.write_all(text.as_bytes()));
        session.end(written)
    }
}

/// All commands, with the options that each takes.
pub(super) fn whole(words: &Words) -> Command {
    let mut whole = help::localized(Line::command(), words);
    whole.build();
    whole
}

/// The name of a command's page.
fn named(command: &Command) -> String {
    match command.get_name() {
        "galerne" => "galerne".to_owned(),
        name => format!("galerne-{name}"),
    }
}

/// The command `name`, which may be one of EOLE's names, or `COMMAND-NAME` of another's own, with the name of its page.
fn find<'a>(whole: &'a Command, eole: &'a [Command], name: &str) -> Option<(&'a Command, String)> {
    if let Some(command) = eole.iter().find(|command| command.get_name() == name) {
        return Some((command, named(command)));
    }
    let name = eole::own_command(name).unwrap_or(name);
    if let Some(command) = whole.find_subcommand(name) {
        return Some((command, named(command)));
    }
    let (outer, inner) = name.split_once('-')?;
    let outer = whole.find_subcommand(outer)?;
    let inner = outer.find_subcommand(inner)?;
    Some((inner, named_below(outer, inner)))
}

/// The name of the page of a command's own command.
fn named_below(command: &Command, inner: &Command) -> String {
    format!("{}-{}", named(command), inner.get_name())
}

/// The folder of a language's pages: that of English has no name.
fn folder_of(words: &Words) -> &'static str {
    match words.language() {
        Language::En => "",
        Language::Fr => "/fr",
    }
}

fn page(command: &Command, name: &str, words: &Words) -> io::Result<String> {
    let manual = clap_mangen::Man::new(command.clone()).title(name).section("1").manual("galerne");
    let manual = manual.source(format!("galerne {}", env!("CARGO_PKG_VERSION")));
    let manual = manual.date(DATE);
    let mut bytes = Vec::new();
    manual.render(&mut bytes)?;
    bytes.flush()?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(headed(&columned(&tidy(&text)), words.language()))
}

/// The page with the headings of its language.
fn headed(page: &str, language: Language) -> String {
    let headings: &[(&str, &str)] = match language {
        Language::En => &[("SUBCOMMANDS", "COMMANDS"), ("EXTRA", "EXAMPLE")],
        Language::Fr => &[("NAME", "NOM"), ("Commandes", "COMMANDES"), ("EXTRA", "EXEMPLE")],
    };
    let replaced = |page: String, (english, own): &(&str, &str)| {
        page.replace(&format!("\n.SH {english}\n"), &format!("\n.SH {own}\n"))
    };
    // A heading has no colon here.
    headings.iter().fold(page.replace("\u{a0}\"\n", "\"\n").replace("\u{a0}\n", "\n"), replaced)
}

/// The page whose lines stay lines where they are parted into columns.
fn columned(page: &str) -> String {
    let mut text = String::new();
    let mut is_within = false;
    for line in page.lines() {
        let is_one = !line.starts_with('.') && line.contains("   ");
        if is_one != is_within {
            text += if is_one { ".nf\n" } else { ".fi\n" };
            is_within = is_one;
        }
        text += line;
        text.push('\n');
    }
    text
}

/// The page with a blank line where it breaks a line, leaves one empty and breaks again.
fn tidy(page: &str) -> String {
    page.replace(".br\n\n.br\n", ".sp\n")
}
