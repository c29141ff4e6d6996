//! The text of a template to its tree: plain text, placeholders, comments, and the lines of directives.
//!
//! A directive is `%` with one of the names of [`NAMES`] or [`REFUSED`], anywhere in a line, as Cheetah has it; any other
//! `%` is text. A directive alone on its line takes the line with it. `#` ends a directive before its line does, as
//! Cheetah's own mark does, which EOLE leaves as it is.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use crate::source::{FileId, Span};

use super::cursor::{Cursor, Failure, Parsed, syntax};
use super::problem::PercentProblem;
use super::tree::{Definition, Document, Node, NodeKind};
use crate::phrase;

/// The names of directives.
pub(super) const NAMES: [&str; 29] = [
    "if", "elif", "elseif", "else", "unless", "for", "while", "repeat", "set", "def", "include", "import",
    "from", "echo", "silent", "slurp", "raw", "break", "continue", "pass", "stop", "return", "try", "except",
    "finally", "del", "assert", "end", "encoding",
];

/// Cheetah's directives that are for programs, not for configurations.
const REFUSED: [&str; 21] = [
    "filter",
    "block",
    "super",
    "extends",
    "implements",
    "attr",
    "cache",
    "errorCatcher",
    "call",
    "capture",
    "closure",
    "defmacro",
    "raise",
    "yield",
    "compiler",
    "compiler-settings",
    "i18n",
    "arg",
    "transform",
    "shBang",
    "breakpoint",
];

/// A directive from its `%` on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    pub name: &'static str,
    pub start: usize,
    /// How many blanks stand before it on its line, if nothing else does.
    blanks: Option<usize>,
    end_of_line: usize,
}

/// A run of parts, with the text that still grows.
#[derive(Debug, Default)]
pub(super) struct Block {
    nodes: Vec<Node>,
    text: String,
    text_start: usize,
}

impl Block {
    fn add_text(&mut self, text: &str, at: usize) {
        if self.text.is_empty() {
            self.text_start = at;
        }
        self.text.push_str(text);
    }

    /// Takes away the last `count` bytes, which are the blanks that this line began with.
    fn strip(&mut self, count: usize) {
        self.text.truncate(self.text.len().saturating_sub(count));
    }
}

/// Reads a template.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    pub cursor: Cursor<'t>,
    pub definitions: BTreeMap<String, Arc<Definition>>,
    /// How many loops, and whether a definition, are around this place.
    pub loops: usize,
    pub is_in_definition: bool,
}

/// Reads the template `text`.
pub(super) fn document(text: &str, file: FileId) -> Parsed<Document> {
    let cursor = Cursor::new(text, file);
    let mut reader = Reader { cursor, definitions: BTreeMap::new(), loops: 0, is_in_definition: false };
    let (block, end) = reader.block()?;
    if let Some(tag) = end {
        return Err(syntax(
            phrase!("tpl-closes-nothing", "`%{name}` closes or continues nothing", name = tag.name),
            reader.tag_span(tag),
        ));
    }
    let body = reader.close(block);
    Ok(Document { body, definitions: reader.definitions })
}

impl Reader<'_> {
    /// The parts up to a directive that ends or continues the block, which stays unread past its name, or up to the end.
    pub(super) fn block(&mut self) -> Parsed<(Block, Option<Tag>)> {
        let mut block = Block::default();
        loop {
            let start = self.cursor.at;
            let rest = self.cursor.rest();
            if rest.is_empty() {
                return Ok((block, None));
            }
            if let Some(escaped) = ["\\%%", "\\%"].into_iter().find(|escaped| rest.starts_with(escaped)) {
                self.cursor.at += escaped.len();
                block.add_text(&escaped[1..], start);
            } else if rest.starts_with("%#") {
                self.comment(&mut block);
            } else if self.cursor.is_placeholder() {
                let (value, silent) = self.cursor.placeholder()?;
                self.push(&mut block, NodeKind::Show { value, silent }, start);
            } else if let Some(tag) = self.tag()? {
                if matches!(tag.name, "end" | "else" | "elif" | "elseif" | "except" | "finally") {
                    return Ok((block, Some(tag)));
                }
                self.directive(tag, &mut block)?;
            } else {
                let end = rest.char_indices().skip(1).find(|(_, next)| matches!(next, '%' | '\\'));
                let text = &rest[..end.map_or(rest.len(), |(end, _)| end)];
                self.cursor.at += text.len();
                block.add_text(text, start);
            }
        }
    }

    /// A comment: the rest of its line, and the whole line if nothing else is on it.
    fn comment(&mut self, block: &mut Block) {
        let blanks = self.cursor.blanks_before(self.cursor.at);
        self.cursor.at = self.cursor.end_of_line();
        if let Some(blanks) = blanks {
            block.strip(blanks);
            self.cursor.line_end();
        }
    }

    /// The directive that begins here, if one does; goes past its name.
    pub(super) fn tag(&mut self) -> Parsed<Option<Tag>> {
        let start = self.cursor.at;
        let Some(rest) = self.cursor.rest().strip_prefix('%') else { return Ok(None) };
        let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || "_-@".contains(letter);
        let word = &rest[..rest.find(|letter| !is_in_name(letter)).unwrap_or(rest.len())];
        let known = NAMES.iter().chain(&REFUSED).find(|name| **name == word);
        let Some(name) = known else { return Ok(None) };
        let (blanks, end_of_line) = (self.cursor.blanks_before(start), self.cursor.end_of_line());
        self.cursor.at += 1 + word.len();
        let tag = Tag { name, start, blanks, end_of_line };
        if REFUSED.contains(name) {
            let hint = phrase!(
                "tpl-without-or-text",
                "write the template without it, or `\\%{name}` if it is text",
                name = name
            );
            let problem = PercentProblem::unsupported(
                phrase!("tpl-directive", "the directive `%{name}`", name = name),
                hint,
            );
            return Err(Failure::new(problem, self.tag_span(tag)));
        }
        Ok(Some(tag))
    }

    pub(super) fn tag_span(&self, tag: Tag) -> Span {
        Span::new(self.cursor.file, tag.start, tag.start + 1 + tag.name.len())
    }

    /// Goes past the end of a directive: its line end if it is alone on its line, a comment, or `#`. `is_loose` lets
    /// text follow.
    pub(super) fn finish(&mut self, tag: Tag, block: &mut Block, is_loose: bool) -> Parsed<()> {
        let end = self.cursor.at;
        self.cursor.blanks();
        let is_comment = self.cursor.rest().starts_with("%#");
        if is_comment {
            self.cursor.at = self.cursor.end_of_line();
        }
        if is_comment || !self.cursor.take("#") {
            if self.cursor.is_line_end() {
                if tag.blanks.is_some() {
                    self.cursor.line_end();
                } else if !is_comment && is_loose {
                    self.cursor.at = end;
                }
            } else if is_loose {
                self.cursor.at = end;
            } else {
                return self.cursor.wrong(phrase!(
                    "tpl-more-than",
                    "this is more than `%{name}` takes",
                    name = tag.name
                ));
            }
        }
        if let Some(blanks) = tag.blanks
            && (self.cursor.rest().is_empty() || self.cursor.at > tag.end_of_line)
        {
            block.strip(blanks);
        }
        Ok(())
    }

    /// Ends the text that grows.
    fn flush(&self, block: &mut Block) {
        if !block.text.is_empty() {
            let text = mem::take(&mut block.text);
            let span = Span::new(self.cursor.file, block.text_start, block.text_start + text.len());
            block.nodes.push(Node { kind: NodeKind::Text(text.into()), span });
        }
    }

    /// Adds a part that began at `start`.
    pub(super) fn push(&self, block: &mut Block, kind: NodeKind, start: usize) {
        self.flush(block);
        block.nodes.push(Node { kind, span: self.cursor.span(start) });
    }

    /// The parts of a block.
    pub(super) fn close(&self, mut block: Block) -> Vec<Node> {
        self.flush(&mut block);
        block.nodes
    }

    /// `%slurp`: the rest of the line is as if it were not there.
    pub(super) fn slurp(&mut self, tag: Tag, block: &mut Block) {
        if let Some(blanks) = tag.blanks {
            block.strip(blanks);
        }
        self.cursor.at = self.cursor.end_of_line();
        self.cursor.line_end();
    }

    /// `%raw`: text up to `%end raw`, or up to the end of the line after `%raw:`.
    pub(super) fn raw(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        self.cursor.blanks();
        if self.is_short_form() {
            self.cursor.at += 1;
            let start = self.cursor.at;
            self.cursor.at = self.cursor.end_of_line();
            block.add_text(self.cursor.text.get(start..self.cursor.at).unwrap_or_default(), start);
            return Ok(());
        }
        self.cursor.take(":");
        self.finish(tag, block, true)?;
        let start = self.cursor.at;
        let mut from = start;
        let end = loop {
            let after = self.cursor.text.get(from..).unwrap_or_default();
            let Some(found) = after.find("%end").map(|found| from + found) else {
                return Err(syntax(
                    phrase!("tpl-no-end", "`%{name}` has no `%end {name}`", name = "raw"),
                    self.tag_span(tag),
                ));
            };
            self.cursor.at = found + "%end".len();
            self.cursor.blanks();
            if self.cursor.take_word("raw") {
                break found;
            }
            from = found + 1;
        };
        let blanks = self.cursor.blanks_before(end);
        let text = self.cursor.text.get(start..end).unwrap_or_default();
        block.add_text(text, start);
        let end_of_line = self.cursor.end_of_line();
        self.finish(Tag { name: "end", start: end, blanks, end_of_line }, block, true)
    }

    /// Whether `:` with something after it on its line follows: then the line is the body.
    pub(super) fn is_short_form(&self) -> bool {
        let line = self.cursor.text.get(self.cursor.at..self.cursor.end_of_line()).unwrap_or_default();
        let body = line.strip_prefix(':').map(str::trim);
        body.is_some_and(|body| !body.is_empty() && !body.starts_with("%#"))
    }

    /// The rest of the line as a body, with the end of the line.
    pub(super) fn short_form(&mut self) -> Parsed<Block> {
        self.cursor.at += 1;
        let whole = self.cursor.text;
        let end = self.cursor.end_of_line();
        let end_of_line = ["\r\n", "\n"].iter().find(|end_of_line| whole[end..].starts_with(**end_of_line));
        self.cursor.text = &whole[..end + end_of_line.map_or(0, |end_of_line| end_of_line.len())];
        let read = self.cursor.nesting;
        self.cursor.nesting += 1;
        let result =
            if read < super::cursor::MAX_NESTING { self.block() } else { Err(self.cursor.too_deep()) };
        self.cursor.nesting = read;
        self.cursor.text = whole;
        let (block, end) = result?;
        match end {
            None => Ok(block),
            Some(tag) => Err(syntax(
                phrase!("tpl-one-line", "this cannot stand in a body of one line"),
                self.tag_span(tag),
            )),
        }
    }
}
