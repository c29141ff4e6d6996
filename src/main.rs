//! The executable: which command was called, and the one place that prints errors.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::ExitCode;

use galerne::command::{Color, Format, Line, Options, Pager, Session, WrongUse};
use galerne::diagnostic::{Findings, human, json};
use galerne::phrase;
use galerne::source::{Disk, Sources};
use galerne::words::{Language, Words};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let words = Words::new(language(&arguments));
    let line = match Line::of(&arguments, &words) {
        Ok(line) => line,
        Err(wrong) => return refuse(&wrong, &arguments),
    };
    // Not locked: what an engine tells while it works is written to it too.
    let mut stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let mut pager = if line.is_paged() && terminal { pager() } else { None };
    let out: &mut dyn Write = match &mut pager {
        Some(pager) => pager,
        None => &mut stdout,
    };
    let mut session = Session {
        options: line.options.clone(),
        world: &Disk,
        terminal,
        words: &words,
        has_colours: line.options.color.shows(true, |name| std::env::var_os(name)),
        is_console: std::env::var_os("TERM").is_some_and(|name| name == "linux"),
        input: answers(),
        out,
        sources: Sources::default(),
        findings: Findings::default(),
        runtime: None,
    };
    let status = line.run(&mut session);
    let Session { findings, sources, options, .. } = session;
    if let Some(pager) = pager {
        // A terminal that is gone reads nothing any more.
        let _ = pager.show(&mut io::stdout());
    }
    print(&findings, &sources, &options, &words);
    ExitCode::from(status.code())
}

/// Says what is wrong with a call, or the help that it asks for.
fn refuse(wrong: &WrongUse, arguments: &[OsString]) -> ExitCode {
    let terminal = if wrong.is_wrong { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let color = Color::of_arguments(arguments).unwrap_or_default();
    let text =
        if color.shows(terminal, |name| std::env::var_os(name)) { &wrong.coloured } else { &wrong.text };
    // Where nobody reads any more there is nobody left to tell.
    if wrong.is_wrong {
        let text = match Format::of_arguments(arguments) {
            Format::Json => &format!("{:#}\n", json(&wrong.findings, &Sources::default())),
            Format::Human => text,
        };
        let _ = io::stderr().write_all(text.as_bytes());
        return ExitCode::from(2);
    }
    let is_paged = terminal && !arguments.iter().any(|argument| argument == "--no-pager");
    match pager().filter(|_| is_paged) {
        Some(mut pager) => {
            let _ = pager.write_all(text.as_bytes()).and_then(|()| pager.show(&mut io::stdout()));
        }
        None => {
            let _ = io::stdout().write_all(text.as_bytes());
        }
    }
    ExitCode::SUCCESS
}

/// The pager that the user wants, if one can be had.
fn pager() -> Option<Pager> {
    let (_, rows) = ratatui::crossterm::terminal::size().ok()?;
    Pager::of_environment(|name| std::env::var_os(name), usize::from(rows))
}

/// The language that the user reads: the one asked for, else that of the environment.
fn language(arguments: &[OsString]) -> Language {
    Language::of_arguments(arguments)
        .unwrap_or_else(|| Language::of_environment(|name| std::env::var_os(name)?.into_string().ok()))
}

/// Where answers come from: a person sits at both ends only if both are terminals.
fn answers() -> Option<Box<dyn BufRead>> {
    // Not locked: the editor listens to it too.
    let (input, output) = (io::stdin(), io::stdout());
    (input.is_terminal() && output.is_terminal()).then(|| Box::new(BufReader::new(input)) as Box<dyn BufRead>)
}

/// Prints what was found on standard error, in the form that the user chose.
fn print(findings: &Findings, sources: &Sources, options: &Options, words: &Words) {
    if findings.is_empty() {
        return;
    }
    let text = match options.format {
        Format::Json => format!("{:#}\n", json(findings, sources)),
        Format::Human => {
            let mut text = human(
                findings,
                sources,
                options.color.shows(io::stderr().is_terminal(), |name| std::env::var_os(name)),
                words,
            );
            if findings.has_errors() {
                let more = phrase!("more-about", "More about an error: galerne explain CODE");
                text.push_str(&words.phrase(&more));
                text.push('\n');
            }
            text
        }
    };
    // Where standard error is closed there is nobody left to tell.
    let _ = io::stderr().write_all(text.as_bytes());
}
