//! `%try`: its body, what it catches, and what it does in any case.

use super::cursor::{Parsed, begins_name, syntax};
use super::reader::{Block, Reader, Tag};
use super::tree::{Handler, NodeKind};
use crate::phrase;

impl Reader<'_> {
    /// `%try` with its `%except`, `%else` and `%finally`.
    pub(super) fn read_try(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        let (mut body, mut otherwise, mut finally) = (None, Vec::new(), Vec::new());
        let mut handlers: Vec<Handler> = Vec::new();
        let (mut inner, mut end) = self.body(tag, tag, block)?;
        let mut part = "try";
        loop {
            let next = end.filter(|end| end.name != "end");
            let header = match next {
                Some(next) if next.name == "except" => Some(self.read_except()?),
                Some(next) if !matches!(next.name, "else" | "finally") => {
                    return Err(syntax(
                        phrase!("tpl-not-here", "`%{name}` does not fit here", name = next.name),
                        self.tag_span(next),
                    ));
                }
                _ => None,
            };
            let following = match (next, end) {
                (Some(next), _) => Some((next, self.body(tag, next, &mut inner)?)),
                (None, Some(end)) => {
                    self.read_end(tag, end, &mut inner)?;
                    None
                }
                (None, None) => None,
            };
            let nodes = self.close(std::mem::take(&mut inner));
            match part {
                "try" => body = Some(nodes),
                "else" => otherwise = nodes,
                "finally" => finally = nodes,
                _ => handlers.last_mut().into_iter().for_each(|handler| handler.body.clone_from(&nodes)),
            }
            let Some((next, (next_inner, next_end))) = following else { break };
            handlers.extend(header);
            (part, inner, end) = (next.name, next_inner, next_end);
        }
        let body = body.unwrap_or_default();
        self.push(block, NodeKind::Try { body, handlers, otherwise, finally }, tag.start);
        Ok(())
    }

    /// What stands after `%except`.
    fn read_except(&mut self) -> Parsed<Handler> {
        let mut handler = Handler { classes: Vec::new(), name: None, body: Vec::new() };
        self.cursor.blanks();
        if self.cursor.take("(") {
            loop {
                handler.classes.push(self.dotted()?);
                if !self.cursor.spaced(",") {
                    break;
                }
            }
            self.cursor.expect(")")?;
        } else if self.cursor.peek().is_some_and(begins_name) {
            handler.classes.push(self.dotted()?);
        }
        self.cursor.blanks();
        if self.cursor.take(",") || self.cursor.take_word("as") {
            self.cursor.blanks();
            self.cursor.take("%%");
            handler.name = Some(self.dotted()?);
        }
        Ok(handler)
    }
}
