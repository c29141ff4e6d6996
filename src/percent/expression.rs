//! Expressions: Python's, by the strength of their operators, with `%%` before names where the template has it.

use super::cursor::{Cursor, Failure, Parsed};
use super::problem::PercentProblem;
use super::tree::{Binary, Comparison, Expression, Kind};
use crate::phrase;

/// How deep the tree of an expression may be: `a + b + c` is two deep.
const MAX_DEPTH: u16 = 150;

/// An operator between two values.
#[derive(Debug, Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    Binary(Binary),
}

/// The strength of `not`, of a sign, and of `**`.
const NOT: u8 = 3;
const SIGN: u8 = 11;
const POWER: u8 = 12;

impl Infix {
    /// How strongly it binds.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Compare(_) => 4,
            Self::Binary(operator) => match operator {
                Binary::BitOr => 5,
                Binary::BitXor => 6,
                Binary::BitAnd => 7,
                Binary::ShiftLeft | Binary::ShiftRight => 8,
                Binary::Add | Binary::Subtract => 9,
                Binary::Power => POWER,
                Binary::Multiply | Binary::Divide | Binary::FloorDivide | Binary::Remainder => 10,
            },
        }
    }
}

/// The operators that are written with signs, the longer ones first.
const SIGNS: [(&str, Infix); 19] = [
    ("**", Infix::Binary(Binary::Power)),
    ("//", Infix::Binary(Binary::FloorDivide)),
    ("<<", Infix::Binary(Binary::ShiftLeft)),
    (">>", Infix::Binary(Binary::ShiftRight)),
    ("<=", Infix::Compare(Comparison::LessEqual)),
    (">=", Infix::Compare(Comparison::GreaterEqual)),
    ("==", Infix::Compare(Comparison::Equal)),
    ("!=", Infix::Compare(Comparison::NotEqual)),
    ("<>", Infix::Compare(Comparison::NotEqual)),
    ("<", Infix::Compare(Comparison::Less)),
    (">", Infix::Compare(Comparison::Greater)),
    ("+", Infix::Binary(Binary::Add)),
    ("-", Infix::Binary(Binary::Subtract)),
    ("*", Infix::Binary(Binary::Multiply)),
    ("/", Infix::Binary(Binary::Divide)),
    ("%", Infix::Binary(Binary::Remainder)),
    ("&", Infix::Binary(Binary::BitAnd)),
    ("|", Infix::Binary(Binary::BitOr)),
    ("^", Infix::Binary(Binary::BitXor)),
];

impl Cursor<'_> {
    /// Makes an expression that began at `start`, one deeper than the deepest of its parts.
    pub(super) fn make(&self, kind: Kind, start: usize, parts: &[&Expression]) -> Parsed<Expression> {
        let depth = parts.iter().map(|part| part.depth).max().unwrap_or_default() + 1;
        if depth > MAX_DEPTH {
            let problem = PercentProblem::too_long(phrase!(
                "tpl-deep-expression",
                "this expression is more than {most} deep",
                most = MAX_DEPTH
            ));
            return Err(Failure::new(problem, self.here()));
        }
        Ok(Expression { kind: Box::new(kind), span: self.span(start), depth })
    }

    /// An expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.nested(Self::choice)
    }

    /// Expressions with commas between them, which are a tuple; one alone is itself.
    pub(super) fn expressions(&mut self) -> Parsed<Expression> {
        self.space();
        let start = self.at;
        let first = self.expression()?;
        if !self.spaced(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.begins_expression() {
            items.push(self.expression()?);
            if !self.spaced(",") {
                break;
            }
        }
        self.tuple(items, start)
    }

    pub(super) fn tuple(&self, items: Vec<Expression>, start: usize) -> Parsed<Expression> {
        let mut made = self.make(Kind::None, start, &items.iter().collect::<Vec<_>>())?;
        *made.kind = Kind::Tuple(items);
        Ok(made)
    }

    /// Whether an expression can begin after the blanks that are next.
    pub(super) fn begins_expression(&mut self) -> bool {
        self.space();
        !self.is_line_end() && !self.rest().starts_with([')', ']', '}', '=', ':', '#', ';'])
    }

    /// `a if b else c`, or what is in it.
    fn choice(&mut self) -> Parsed<Expression> {
        self.space();
        let start = self.at;
        if self.take_word("lambda") {
            let problem = PercentProblem::unsupported(
                phrase!("tpl-lambda", "a function without a name (`lambda`)"),
                phrase!("tpl-write-def", "write a `%def`"),
            );
            return Err(Failure::new(problem, self.span(start)));
        }
        let value = self.infix(1)?;
        let end = self.at;
        self.space();
        if !self.take_word("if") {
            self.at = end;
            return Ok(value);
        }
        let test = self.infix(1)?;
        self.space();
        if !self.take_word("else") {
            return self.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = "else"));
        }
        let otherwise = self.expression()?;
        let mut made = self.make(Kind::None, start, &[&value, &test, &otherwise])?;
        *made.kind = Kind::Choice { test, then: value, otherwise };
        Ok(made)
    }

    /// An expression whose operators are at least as strong as `least`; also what a comprehension tests.
    pub(super) fn infix(&mut self, least: u8) -> Parsed<Expression> {
        self.space();
        let start = self.at;
        let mut left = self.prefix(start)?;
        loop {
            let end = self.at;
            let Some(operator) = self.operator().filter(|operator| operator.strength() >= least) else {
                self.at = end;
                return Ok(left);
            };
            let strength = operator.strength();
            if let Infix::Compare(first) = operator {
                left = self.comparisons(left, first, start)?;
                continue;
            }
            // `**` binds from the right.
            let right = if strength == POWER { SIGN } else { strength + 1 };
            let right = self.nested(|cursor| cursor.infix(right))?;
            let mut made = self.make(Kind::None, start, &[&left, &right])?;
            *made.kind = match operator {
                Infix::Or => Kind::Or(left, right),
                Infix::And => Kind::And(left, right),
                Infix::Binary(operator) => Kind::Binary(operator, left, right),
                Infix::Compare(_) => Kind::None,
            };
            left = made;
        }
    }

    /// `a < b < c`, from the first operator on.
    fn comparisons(&mut self, first: Expression, operator: Comparison, start: usize) -> Parsed<Expression> {
        let (mut operator, mut others) = (operator, Vec::new());
        loop {
            let other = self.nested(|cursor| cursor.infix(5))?;
            others.push((operator, other));
            let end = self.at;
            let Some(Infix::Compare(next)) = self.operator() else {
                self.at = end;
                break;
            };
            operator = next;
        }
        let mut parts = vec![&first];
        parts.extend(others.iter().map(|(_, other)| other));
        let mut made = self.make(Kind::None, start, &parts)?;
        *made.kind = Kind::Compare(first, others);
        Ok(made)
    }

    /// The operator that is next after blanks. Neither `%%name` nor `%#` is one.
    fn operator(&mut self) -> Option<Infix> {
        self.space();
        if self.is_placeholder() || self.rest().starts_with("%#") {
            return None;
        }
        for (word, operator) in
            [("or", Infix::Or), ("and", Infix::And), ("in", Infix::Compare(Comparison::In))]
        {
            if self.take_word(word) {
                return Some(operator);
            }
        }
        if self.take_word("is") {
            self.space();
            let is_not = self.take_word("not");
            return Some(Infix::Compare(if is_not { Comparison::IsNot } else { Comparison::Is }));
        }
        if self.take_word("not") {
            self.space();
            return self.take_word("in").then_some(Infix::Compare(Comparison::NotIn));
        }
        let (sign, operator) = SIGNS.iter().find(|(sign, _)| self.rest().starts_with(sign))?;
        self.at += sign.len();
        Some(*operator)
    }

    /// A value with the signs before it.
    fn prefix(&mut self, start: usize) -> Parsed<Expression> {
        let (wrap, strength): (fn(Expression) -> Kind, u8) = if self.take_word("not") {
            (Kind::Not, NOT)
        } else if self.take("-") {
            (Kind::Negative, SIGN)
        } else if self.take("+") {
            (Kind::Positive, SIGN)
        } else if self.take("~") {
            (Kind::Invert, SIGN)
        } else {
            return self.postfix(start);
        };
        let operand = self.nested(|cursor| cursor.infix(strength))?;
        let mut negated = self.make(Kind::None, start, &[&operand])?;
        *negated.kind = wrap(operand);
        Ok(negated)
    }
}
