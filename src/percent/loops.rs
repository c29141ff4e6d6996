//! The loops of templates, and the turns that all of them share.

use crate::source::Span;

use super::cursor::Failure;
use super::interpreter::{Flow, Interpreter, Outcome, at};
use super::problem::PercentProblem;
use super::tree::{Expression, Node, Target};
use crate::phrase;

/// How many turns all loops together may have.
const MAX_TURNS: u32 = 1_000_000;

impl Interpreter<'_> {
    /// Counts one turn of a loop.
    pub(super) fn turn(&mut self, span: Span) -> Outcome<()> {
        self.turns += 1;
        if self.turns > MAX_TURNS {
            let what = phrase!("tpl-turns", "the loops have more than {most} turns", most = MAX_TURNS);
            return Err(Failure::new(PercentProblem::too_long(what), span));
        }
        Ok(())
    }

    /// `%for`.
    pub(super) fn run_for(&mut self, target: &Target, over: &Expression, body: &[Node]) -> Outcome<Flow> {
        let list = self.value(over)?;
        for item in at(list.iterate(&self.heap), over.span)? {
            self.turn(over.span)?;
            self.assign(target, item, false, over.span)?;
            match self.block(body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// `%while`.
    pub(super) fn run_while(&mut self, test: &Expression, body: &[Node]) -> Outcome<Flow> {
        while self.test(test)? {
            self.turn(test.span)?;
            match self.block(body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// `%repeat`.
    pub(super) fn run_repeat(&mut self, count: &Expression, body: &[Node]) -> Outcome<Flow> {
        let value = self.value(count)?;
        for _ in 0..at(value.int(&self.heap), count.span)? {
            self.turn(count.span)?;
            match self.block(body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }
}
