//! A place in the text of a template, and what can be read from there.

use std::cell::Cell;

use crate::source::{FileId, Span};

use super::problem::PercentProblem;
use crate::phrase;
use crate::words::Phrase;

/// What is wrong with a template, and where.
#[derive(Debug)]
pub(super) struct Failure {
    /// Boxed, as it goes up through the whole recursion.
    pub problem: Box<PercentProblem>,
    pub at: Span,
    /// Whether it follows from what was found already, and is not to be told again.
    pub is_told: bool,
}

impl Failure {
    pub(super) fn new(problem: PercentProblem, at: Span) -> Self {
        Self { problem: Box::new(problem), at, is_told: false }
    }
}

/// What reading gives.
pub(super) type Parsed<T> = Result<T, Failure>;

/// How deep expressions and blocks may stand in each other.
pub(super) const MAX_NESTING: u16 = 64;

/// A place in a text.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
    pub file: FileId,
    /// How many brackets are open: within them, the end of a line is white space.
    pub brackets: u16,
    /// How deep the reader has recursed.
    pub nesting: u16,
    /// From where on the end of a line was sought, and where it is: a line may be long and have many directives.
    line: Cell<(usize, usize)>,
}

/// Whether a name can begin with `letter`.
pub(super) fn begins_name(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

/// Whether a name can go on with `letter`.
pub(super) fn is_in_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, file: FileId) -> Self {
        Self { text, at: 0, file, brackets: 0, nesting: 0, line: Cell::new((1, 0)) }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next one.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Goes past `wanted`, if it is next.
    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let there = self.rest().starts_with(wanted);
        if there {
            self.at += wanted.len();
        }
        there
    }

    /// Goes past the word `wanted`, if it is next.
    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        let after = self.rest().strip_prefix(wanted);
        let there = after.is_some_and(|after| !after.starts_with(is_in_name));
        if there {
            self.at += wanted.len();
        }
        there
    }

    /// The name that is next.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        if !rest.starts_with(begins_name) {
            return None;
        }
        let name = &rest[..rest.find(|letter| !is_in_name(letter)).unwrap_or(rest.len())];
        self.at += name.len();
        Some(name)
    }

    /// Goes past blanks, but not past the end of the line.
    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{c}']).len();
    }

    /// Goes past white space: within brackets, line ends too; elsewhere only those after a `\`.
    pub(super) fn space(&mut self) {
        loop {
            self.blanks();
            let joined = ["\\\n", "\\\r\n"].iter().any(|end| self.take(end));
            if joined
                || (self.brackets > 0 && matches!(self.peek(), Some('\r' | '\n')) && self.next().is_some())
            {
                continue;
            }
            return;
        }
    }

    /// Goes past blanks and `wanted`, if it is next after them; else stays.
    pub(super) fn spaced(&mut self, wanted: &str) -> bool {
        let start = self.at;
        self.space();
        let there = self.take(wanted);
        if !there {
            self.at = start;
        }
        there
    }

    /// Whether the line ends here.
    pub(super) fn is_line_end(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n")
    }

    /// Goes past the end of the line, if it is next.
    pub(super) fn line_end(&mut self) -> bool {
        self.take("\r\n") || self.take("\n")
    }

    /// Where the line ends that has this place.
    pub(super) fn end_of_line(&self) -> usize {
        let (start, end) = self.line.get();
        if (start..=end).contains(&self.at) {
            return end;
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        let has_end = line.len() < self.rest().len();
        let line = if has_end { line.strip_suffix('\r').unwrap_or(line) } else { line };
        let end = self.at + line.len();
        self.line.set((self.at, end));
        end
    }

    /// How many bytes of blanks stand between the begin of the line and `at`; `None` if there is more than blanks.
    pub(super) fn blanks_before(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at).unwrap_or_default();
        let kept = before.trim_end_matches([' ', '\t', '\u{c}']);
        (kept.is_empty() || kept.ends_with('\n')).then_some(before.len() - kept.len())
    }

    /// Whether a placeholder begins here: `%%` with a name or an opening bracket, with `!` or `*` between them.
    pub(super) fn is_placeholder(&self) -> bool {
        let Some(rest) = self.rest().strip_prefix("%%") else { return false };
        let rest = rest.strip_prefix('!').unwrap_or(rest);
        let rest = rest.strip_prefix('*').unwrap_or(rest);
        if rest.starts_with(begins_name) {
            return true;
        }
        let Some(inner) = rest.strip_prefix(['{', '(', '[']) else { return false };
        !inner.trim_start_matches([' ', '\t', '\u{c}']).starts_with([')', '}', ']'])
            && !inner.trim_start().is_empty()
    }

    pub(super) fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    /// The place of the next character.
    pub(super) fn here(&self) -> Span {
        let width = self.peek().filter(|next| *next != '\n').map_or(0, char::len_utf8);
        Span::new(self.file, self.at, self.at + width)
    }

    /// What is next is not what has to be here.
    pub(super) fn wrong<T>(&self, message: impl Into<Phrase>) -> Parsed<T> {
        Err(syntax(message, self.here()))
    }

    /// Goes past `wanted`, or says that it is missing.
    pub(super) fn expect(&mut self, wanted: &str) -> Parsed<()> {
        if self.spaced(wanted) {
            return Ok(());
        }
        self.space();
        self.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = wanted))
    }

    /// One level deeper in the recursion of the reader.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= MAX_NESTING {
            return Err(self.too_deep());
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    pub(super) fn too_deep(&self) -> Failure {
        let what = phrase!("tpl-deep-here", "this stands in more than {most} others", most = MAX_NESTING);
        Failure::new(PercentProblem::too_long(what), self.here())
    }
}

/// The template is not written as it should be.
pub(super) fn syntax(message: impl Into<Phrase>, at: Span) -> Failure {
    Failure::new(PercentProblem::Syntax { message: message.into() }, at)
}
