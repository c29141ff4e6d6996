//! What a command has at hand, and how it ends.

use std::io::{self, BufRead, Write};

use serde_json::Value as Json;
use tokio::runtime::Runtime;

use super::{Format, Options};
use crate::diagnostic::{Finding, Findings, Problem};
use crate::source::{Sources, World};
use crate::words::{Phrase, Words};

/// What a command has at hand: what it was called with, what it reads, and where its words go.
pub struct Session<'a> {
    /// What every command takes.
    pub options: Options,
    /// What can be read.
    pub world: &'a dyn World,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// What is said, in the language that the user reads.
    pub words: &'a Words,
    /// Whether a screen may have colours.
    pub has_colours: bool,
    /// Whether the terminal is the console of Linux.
    pub is_console: bool,
    /// Where answers come from; none where nobody can be asked.
    pub input: Option<Box<dyn BufRead>>,
    /// The texts that were read.
    pub sources: Sources,
    /// What was found, to be printed when the command is done.
    pub findings: Findings,
    /// What waits for engines, once one has been asked.
    pub runtime: Option<Runtime>,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It did what it was called for.
    Done,
    /// It refused: the findings say why, and nothing was touched.
    Refused,
    /// It was called the wrong way.
    Misused,
    /// It began to change the machine, and something failed.
    ApplyFailed,
}

impl Status {
    /// The exit code (DESIGN.md, Commands).
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Misused => 2,
            Self::ApplyFailed => 3,
        }
    }
}

impl<'a> Session<'a> {
    /// A session without a person: nobody answers, and what is found is for the caller alone.
    pub(super) fn unheard(
        options: Options,
        world: &'a dyn World,
        out: &'a mut dyn Write,
        words: &'a Words,
    ) -> Self {
        Self {
            options,
            world,
            out,
            terminal: false,
            words,
            has_colours: false,
            is_console: false,
            input: None,
            sources: Sources::default(),
            findings: Findings::default(),
            runtime: None,
        }
    }
}

impl Session<'_> {
    /// Whether results are written as JSON.
    pub fn is_json(&self) -> bool {
        self.options.format == Format::Json
    }

    /// Writes a line of the result.
    ///
    /// # Errors
    /// What the system says, such as a reader that went away.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// Writes a line of the result in the user's language.
    ///
    /// # Errors
    /// What the system says, such as a reader that went away.
    pub fn say(&mut self, phrase: &Phrase) -> io::Result<()> {
        let text = self.words.phrase(phrase);
        self.line(&text)
    }

    /// Writes the result as JSON.
    ///
    /// # Errors
    /// What the system says.
    pub fn json(&mut self, value: &Json) -> io::Result<()> {
        writeln!(self.out, "{value:#}")
    }

    /// Writes the result as JSON on one line: beside events, of which each has a line.
    ///
    /// # Errors
    /// What the system says.
    pub fn json_line(&mut self, value: &Json) -> io::Result<()> {
        writeln!(self.out, "{value}")
    }

    /// Ends the command because of one problem.
    pub fn refuse(&mut self, problem: impl Problem) -> Status {
        self.findings.push(Finding::new(problem));
        Status::Refused
    }

    /// Ends the command by what was found and by whether its result could be written.
    pub fn end(&mut self, written: io::Result<()>) -> Status {
        match written {
            // Whoever reads has read enough, as `head` does.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.refuse(super::CommandError::CannotWrite { reason: error.to_string() })
            }
            _ if self.findings.has_errors() => Status::Refused,
            _ => Status::Done,
        }
    }
}
