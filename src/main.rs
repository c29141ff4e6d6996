//! The executable: which command was called, and the one place that prints errors.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::ExitCode;

use galerne::command::{Color, Line, Options, Session};
use galerne::diagnostic::{Findings, human, json};
use galerne::editor::Language;
use galerne::source::{Disk, Sources};

fn main() -> ExitCode {
    let line = match Line::of(std::env::args_os()) {
        Ok(line) => line,
        Err(error) => {
            // Help and version come this way too; clap knows which stream and code each has.
            let code = error.exit_code();
            let _ = error.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    // Not locked: what an engine tells while it works is written to it too.
    let mut stdout = io::stdout();
    let mut session = Session {
        options: line.options.clone(),
        world: &Disk,
        terminal: stdout.is_terminal(),
        language: language(&line.options),
        has_colours: has_colours(line.options.color),
        is_console: std::env::var_os("TERM").is_some_and(|name| name == "linux"),
        input: answers(),
        out: &mut stdout,
        sources: Sources::default(),
        findings: Findings::default(),
        runtime: None,
    };
    let status = line.run(&mut session);
    print(&session.findings, &session.sources, &session.options);
    ExitCode::from(status.code())
}

/// The language that the user reads: the one asked for, else that of the environment.
fn language(options: &Options) -> Language {
    options
        .lang
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
fn print(findings: &Findings, sources: &Sources, options: &Options) {
    if findings.is_empty() {
        return;
    }
    let text = match options.format {
        galerne::command::Format::Json => format!("{:#}\n", json(findings, sources)),
        galerne::command::Format::Human => {
            let mut text = human(findings, sources, colored(options.color));
            if findings.has_errors() {
                text.push_str("More about an error: galerne explain CODE\n");
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
