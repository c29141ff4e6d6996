//! The value of an expression.

use indexmap::IndexMap;

use crate::source::Span;

use super::interpreter::{Interpreter, Outcome, at};
use super::tree::{Clause, Comparison, Expression, Kind, Target};
use super::value::{Key, Value};
use super::{index, operators};

impl Interpreter<'_> {
    /// The value of `expression`.
    pub(super) fn value(&mut self, expression: &Expression) -> Outcome {
        at(self.heap.spend(1), expression.span)?;
        self.deeper(expression.span)?;
        let result = self.kind(expression);
        self.nesting -= 1;
        result
    }

    fn kind(&mut self, expression: &Expression) -> Outcome {
        let span = expression.span;
        match &*expression.kind {
            Kind::None => Ok(Value::None),
            Kind::Boolean(boolean) => Ok(Value::Bool(*boolean)),
            Kind::Int(number) => Ok(Value::Int(*number)),
            Kind::Float(number) => Ok(Value::Float(*number)),
            Kind::Text(text) => Ok(Value::Text(text.clone())),
            Kind::Name { name, marked } => {
                let value = self.name(name, *marked, span)?;
                self.auto_called(value, *marked, span)
            }
            Kind::Attribute { of, name, marked } => {
                let of = self.value(of)?;
                self.attribute(&of, name, *marked, span)
            }
            Kind::Call { of, arguments } => self.call(of, arguments, span),
            Kind::And(left, right) => self.either(left, right, false),
            Kind::Or(left, right) => self.either(left, right, true),
            Kind::Not(value) => Ok(Value::Bool(!self.test(value)?)),
            Kind::Choice { test, then, otherwise } => {
                if self.test(test)? {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) => self.display(expression),
            Kind::Comprehension { .. } | Kind::DictComprehension { .. } => self.comprehension(expression),
            _ => self.operation(expression),
        }
    }

    /// `left and right`, or `left or right`.
    fn either(&mut self, left: &Expression, right: &Expression, is_or: bool) -> Outcome {
        let value = self.value(left)?;
        let plain = at(value.plain(&self.heap), left.span)?;
        if plain.is_true() == is_or { Ok(value) } else { self.value(right) }
    }

    fn operation(&mut self, expression: &Expression) -> Outcome {
        let span = expression.span;
        match &*expression.kind {
            Kind::Negative(value) => {
                let value = self.value(value)?;
                at(operators::negative(&value, &self.heap), span)
            }
            Kind::Positive(value) => {
                let value = self.value(value)?;
                at(operators::binary(super::tree::Binary::Add, &Value::Int(0), &value, &self.heap), span)
            }
            Kind::Invert(value) => {
                let value = self.value(value)?;
                at(value.int(&self.heap), span).map(|number| Value::Int(!number))
            }
            Kind::Binary(operator, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                at(operators::binary(*operator, &left, &right, &self.heap), span)
            }
            Kind::Compare(first, others) => self.compare(first, others, span),
            Kind::Index(of, place) => {
                let (of, place) = (self.value(of)?, self.value(place)?);
                at(index::index(&of, &place, &self.heap), span)
            }
            Kind::Slice(of, bounds) => self.slice(of, bounds, span),
            _ => Ok(Value::None),
        }
    }

    fn slice(&mut self, of: &Expression, bounds: &[Option<Expression>; 3], span: Span) -> Outcome {
        let of = self.value(of)?;
        let mut values = [None, None, None];
        for (value, bound) in values.iter_mut().zip(bounds) {
            *value = bound.as_ref().map(|bound| self.value(bound)).transpose()?;
        }
        at(index::slice(&of, &values, &self.heap), span)
    }

    /// `first < second < third`.
    fn compare(&mut self, first: &Expression, others: &[(Comparison, Expression)], span: Span) -> Outcome {
        let mut left = self.value(first)?;
        for (comparison, other) in others {
            let right = self.value(other)?;
            if !at(operators::compare(*comparison, &left, &right, &self.heap), span)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    /// A list, tuple or dictionary that is written out.
    fn display(&mut self, expression: &Expression) -> Outcome {
        let span = expression.span;
        match &*expression.kind {
            Kind::Dict(pairs) => {
                let mut items = IndexMap::new();
                for (key, value) in pairs {
                    let (key_value, value) = (self.value(key)?, self.value(value)?);
                    items.insert(at(Key::of(&key_value, &self.heap), key.span)?, value);
                }
                at(self.heap.dict(items), span)
            }
            Kind::List(items) | Kind::Tuple(items) => {
                let is_list = matches!(*expression.kind, Kind::List(_));
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value(item)?);
                }
                at(if is_list { self.heap.list(values) } else { self.heap.tuple(values) }, span)
            }
            _ => Ok(Value::None),
        }
    }

    /// A comprehension; its names are as before when it is done.
    fn comprehension(&mut self, expression: &Expression) -> Outcome {
        let (Kind::Comprehension { clauses, .. } | Kind::DictComprehension { clauses, .. }) =
            &*expression.kind
        else {
            return Ok(Value::None);
        };
        let mut names = Vec::new();
        for clause in clauses {
            if let Clause::For(target, _) = clause {
                collect(target, &mut names);
            }
        }
        let before: Vec<(String, Option<Value>)> =
            names.into_iter().map(|name| (name.to_owned(), self.frame().locals.get(name).cloned())).collect();
        let (mut items, mut pairs) = (Vec::new(), IndexMap::new());
        let result = self.clauses(expression, clauses, &mut items, &mut pairs);
        for (name, value) in before {
            match value {
                Some(value) => self.frame().locals.insert(name, value),
                None => self.frame().locals.remove(&name),
            };
        }
        result?;
        let is_list = matches!(*expression.kind, Kind::Comprehension { .. });
        at(if is_list { self.heap.list(items) } else { self.heap.dict(pairs) }, expression.span)
    }

    fn clauses(
        &mut self,
        expression: &Expression,
        clauses: &[Clause],
        items: &mut Vec<Value>,
        pairs: &mut IndexMap<Key, Value>,
    ) -> Outcome<()> {
        match clauses.split_first() {
            Some((Clause::If(test), rest)) => {
                if self.test(test)? {
                    self.clauses(expression, rest, items, pairs)?;
                }
            }
            Some((Clause::For(target, over), rest)) => {
                let list = self.value(over)?;
                for item in at(list.iterate(&self.heap), over.span)? {
                    self.turn(over.span)?;
                    self.assign(target, item, false, over.span)?;
                    self.clauses(expression, rest, items, pairs)?;
                }
            }
            None => match &*expression.kind {
                Kind::Comprehension { item, .. } => items.push(self.value(item)?),
                Kind::DictComprehension { key, value, .. } => {
                    let (key_value, value) = (self.value(key)?, self.value(value)?);
                    pairs.insert(at(Key::of(&key_value, &self.heap), key.span)?, value);
                }
                _ => {}
            },
        }
        Ok(())
    }
}

/// The names of a target.
fn collect<'t>(target: &'t Target, names: &mut Vec<&'t str>) {
    match target {
        Target::Name(name) => names.push(name),
        Target::Item { .. } => {}
        Target::Several(targets) => targets.iter().for_each(|target| collect(target, names)),
    }
}
