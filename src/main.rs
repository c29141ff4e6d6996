//! The executable: which command was called, and the one place that prints errors.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::ExitCode;

use galerne::command::{Color, Line, Options, Session, WrongUse};
use galerne::diagnostic::{Findings, human, json};
use galerne::phrase;
use galerne::source::{Disk, Sources};
use galerne::words::{Language, Words};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let words = Words::new(language(&arguments));
    let line = match Line::of(&arguments, &words) {
        Ok(line) => line,
        Err(wrong) => return refuse(&wrong),
    };
    // Not locked: what an engine tells while it works is written to it too.
    let mut stdout = io::stdout();
    let mut session = Session {
        options: line.options.clone(),
        world: &Disk,
        terminal: stdout.is_terminal(),
        words: &words,
        has_colours: has_colours(line.options.color),
        is_console: std::env::var_os("TERM").is_some_and(|name| name == "linux"),
        input: answers(),
        out: &mut stdout,
        sources: Sources::default(),
        findings: Findings::default(),
        runtime: None,
    };
    let status = line.run(&mut session);
    print(&session.findings, &session.sources, &session.options, &words);
    ExitCode::from(status.code())
}

/// Says what is wrong with a call, or the help that it asks for.
fn refuse(wrong: &WrongUse) -> ExitCode {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminal = if wrong.is_wrong { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let text = if terminal && !is_plain { &wrong.coloured } else { &wrong.text };
    // Where nobody reads any more there is nobody left to tell.
    if wrong.is_wrong {
        let _ = io::stderr().write_all(text.as_bytes());
        return ExitCode::from(2);
    }
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

/// The language that the user reads: the one asked for, else that of the environment.
fn language(arguments: &[OsString]) -> Language {
    Language::of_arguments(arguments)
        .unwrap_or_else(|| Language::of_environment(|name| std::env::var_os(name)?.into_string().ok()))
}

/// Whether a screen may have colours.
fn has_colours(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
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
        galerne::command::Format::Json => format!("{:#}\n", json(findings, sources)),
        galerne::command::Format::Human => {
            let mut text = human(findings, sources, colored(options.color), words);
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

/// Whether messages are coloured.
fn colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    }
}
