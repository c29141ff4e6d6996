//! What gives names and items their values: `%set`, loops, `%del` and `%import`.

use crate::source::Span;

use super::cursor::Failure;
use super::interpreter::{Interpreter, Outcome, at};
use super::problem::PercentProblem;
use super::tree::{Binary, Expression, Import, Target};
use super::value::Value;
use super::{index, library, operators};
use crate::phrase;

impl Interpreter<'_> {
    /// `%set`.
    pub(super) fn set(
        &mut self,
        global: bool,
        targets: &[Target],
        operator: Option<Binary>,
        value: &Expression,
    ) -> Outcome<()> {
        let mut result = self.value(value)?;
        if let (Some(operator), Some(target)) = (operator, targets.first()) {
            let before = match target {
                Target::Name(name) => self.name(name, true, value.span)?,
                Target::Item { of, index } => {
                    let (of, place) = (self.value(of)?, self.value(index)?);
                    at(index::index(&of, &place, &self.heap), value.span)?
                }
                Target::Several(_) => Value::None,
            };
            if let (Value::List(items), Binary::Add) = (&before, operator) {
                // As in Python, all who share the list see it grow.
                let more = at(result.iterate(&self.heap), value.span)?;
                at(self.heap.spend(2 * more.len()), value.span)?;
                items.borrow_mut().extend(more);
                return Ok(());
            }
            result = at(operators::binary(operator, &before, &result, &self.heap), value.span)?;
        }
        for target in targets {
            self.assign(target, result.clone(), global, value.span)?;
        }
        Ok(())
    }

    /// Gives a value to a target.
    pub(super) fn assign(&mut self, target: &Target, value: Value, global: bool, span: Span) -> Outcome<()> {
        match target {
            Target::Name(name) if global => {
                self.globals.insert(name.clone(), value);
            }
            Target::Name(name) => {
                let frame = self.frame();
                frame.broken.remove(name);
                frame.locals.insert(name.clone(), value);
            }
            Target::Item { of, index } => {
                let (of, place) = (self.value(of)?, self.value(index)?);
                at(index::assign(&of, &place, value, &self.heap), span)?;
            }
            Target::Several(targets) => {
                let values = at(value.iterate(&self.heap), span)?;
                if values.len() != targets.len() {
                    let message = phrase!(
                        "tpl-names-values",
                        "{names} names get {values} values",
                        names = targets.len(),
                        values = values.len()
                    );
                    return Err(Failure::new(PercentProblem::wrong_value(message), span));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.assign(target, value, global, span)?;
                }
            }
        }
        Ok(())
    }

    /// `%del`.
    pub(super) fn delete(&mut self, target: &Target, span: Span) -> Outcome<()> {
        match target {
            Target::Name(name) => {
                if self.frame().locals.remove(name).is_none() && self.globals.remove(name).is_none() {
                    let hint = phrase!("only-set-deleted", "only what `%set` made can be deleted");
                    let problem = PercentProblem::UnknownVariable { name: name.clone(), hint };
                    return Err(Failure::new(problem, span));
                }
            }
            Target::Item { of, index } => {
                let (of, place) = (self.value(of)?, self.value(index)?);
                at(index::delete(&of, &place, &self.heap), span)?;
            }
            Target::Several(targets) => {
                for target in targets {
                    self.delete(target, span)?;
                }
            }
        }
        Ok(())
    }

    /// `%import` and `%from`.
    pub(super) fn import(&mut self, imports: &[Import], span: Span) -> Outcome<()> {
        for import in imports {
            let imported = at(library::import(&import.path), span)?;
            // `import os.path` makes `os` known, `import os.path as p` the module itself.
            if import.name == import.path && import.path.contains('.') {
                let first = import.path.split('.').next().unwrap_or_default();
                self.imports.insert(first.to_owned(), Value::Module(first.into()));
            } else {
                self.imports.insert(import.name.clone(), imported);
            }
        }
        Ok(())
    }
}
