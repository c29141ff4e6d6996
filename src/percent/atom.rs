//! What stands between operators: names, placeholders, literals, brackets, and what follows them.

use super::cursor::{Cursor, Parsed, begins_name, syntax};
use super::tree::{Clause, Expression, Kind, Target};
use crate::phrase;

/// Words that cannot be names.
const RESERVED: [&str; 14] =
    ["and", "or", "not", "in", "is", "if", "else", "elif", "for", "while", "lambda", "def", "then", "import"];

impl Cursor<'_> {
    /// A value with what follows it: `.name`, `[…]`, `(…)`.
    pub(super) fn postfix(&mut self, start: usize) -> Parsed<Expression> {
        let mut value = self.atom()?;
        loop {
            let end = self.at;
            self.space();
            match self.peek() {
                Some('.') if self.second().is_some_and(begins_name) => {
                    value = self.attribute(value, start, false)?;
                }
                Some('(') => value = self.call(value, start)?,
                Some('[') => value = self.subscript(value, start)?,
                _ => {
                    self.at = end;
                    return Ok(value);
                }
            }
        }
    }

    fn atom(&mut self) -> Parsed<Expression> {
        let start = self.at;
        if self.is_placeholder() {
            return self.placeholder().map(|(value, _)| value);
        }
        if self.is_text() {
            let text = self.quoted()?;
            return self.make(Kind::Text(text.into()), start, &[]);
        }
        match self.peek() {
            Some('(') => self.parenthesis(),
            Some('[') => self.list(),
            Some('{') => self.dict(),
            Some('0'..='9') => {
                let kind = self.number()?;
                self.make(kind, start, &[])
            }
            Some('.') if self.second().is_some_and(|next| next.is_ascii_digit()) => {
                let kind = self.number()?;
                self.make(kind, start, &[])
            }
            Some(letter) if begins_name(letter) => self.word(),
            _ => self.wrong(phrase!("tpl-wants-expression", "expected an expression")),
        }
    }

    fn word(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let name = self.name().unwrap_or_default();
        let kind = match name {
            "None" => Kind::None,
            "True" => Kind::Boolean(true),
            "False" => Kind::Boolean(false),
            _ if RESERVED.contains(&name) => {
                return Err(syntax(
                    phrase!("tpl-wants-expression-not", "expected an expression, not `{name}`", name = name),
                    self.span(start),
                ));
            }
            _ => Kind::Name { name: name.to_owned(), marked: false },
        };
        self.make(kind, start, &[])
    }

    /// `%%name…` or `%%{…}`, and whether it is silent. Without brackets it goes as far as Cheetah takes it: names with
    /// dots, indices and one call; after a call only a dot goes on.
    pub(super) fn placeholder(&mut self) -> Parsed<(Expression, bool)> {
        let start = self.at;
        self.take("%%");
        let silent = self.take("!");
        self.take("*");
        if let Some(open) = self.peek().filter(|next| "{([".contains(*next)) {
            let value = self.nested(|cursor| cursor.enclosed(open))?;
            return Ok((Expression { span: self.span(start), ..value }, silent));
        }
        let name = self.name().unwrap_or_default().to_owned();
        let mut value = self.make(Kind::Name { name, marked: true }, start, &[])?;
        let mut was_call = false;
        loop {
            match self.peek() {
                Some('.') if self.second().is_some_and(begins_name) => {
                    value = self.attribute(value, start, true)?;
                    was_call = false;
                }
                Some('(') if !was_call => {
                    value = self.call(value, start)?;
                    was_call = true;
                }
                Some('[') if !was_call => value = self.subscript(value, start)?,
                _ => return Ok((value, silent)),
            }
        }
    }

    fn enclosed(&mut self, open: char) -> Parsed<Expression> {
        let close = closing(open);
        self.next();
        self.brackets += 1;
        let value = self.expressions();
        let value = value.and_then(|value| self.expect(close).map(|()| value));
        self.brackets -= 1;
        let mut value = value?;
        mark_first(&mut value);
        Ok(value)
    }

    fn attribute(&mut self, of: Expression, start: usize, marked: bool) -> Parsed<Expression> {
        self.take(".");
        let name = self.name().unwrap_or_default().to_owned();
        let mut made = self.make(Kind::None, start, &[&of])?;
        *made.kind = Kind::Attribute { of, name, marked };
        Ok(made)
    }

    /// Reads what stands within brackets, where line ends are white space.
    fn within<T>(&mut self, open: &str, close: &str, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.take(open);
        self.brackets += 1;
        let inner = self.nested(read).and_then(|inner| self.expect(close).map(|()| inner));
        self.brackets -= 1;
        inner
    }

    fn call(&mut self, of: Expression, start: usize) -> Parsed<Expression> {
        let arguments = self.within("(", ")", Self::arguments)?;
        let mut parts = vec![&of];
        parts.extend(arguments.iter().map(|(_, value)| value));
        let mut made = self.make(Kind::None, start, &parts)?;
        *made.kind = Kind::Call { of, arguments };
        Ok(made)
    }

    fn arguments(&mut self) -> Parsed<Vec<(Option<String>, Expression)>> {
        let (mut arguments, mut has_names) = (Vec::new(), false);
        while self.begins_expression() {
            if self.rest().starts_with('*') {
                return self.wrong(phrase!(
                    "tpl-star-arguments",
                    "arguments cannot be given as a list or a dictionary"
                ));
            }
            let keyword = self.keyword();
            if keyword.is_none() && has_names {
                return self.wrong(phrase!(
                    "tpl-argument-order",
                    "an argument without a name stands after one with a name"
                ));
            }
            has_names |= keyword.is_some();
            let start = self.at;
            let mut value = self.expression()?;
            self.space();
            if self.take_word("for") {
                value = self.comprehension(value, start)?;
            }
            arguments.push((keyword, value));
            if !self.spaced(",") {
                break;
            }
        }
        Ok(arguments)
    }

    /// `name=`, if it is next.
    fn keyword(&mut self) -> Option<String> {
        let start = self.at;
        self.take("%%");
        let name = self.name().map(str::to_owned);
        self.space();
        if let Some(name) = name.filter(|_| self.rest().starts_with('=') && !self.rest().starts_with("==")) {
            self.at += 1;
            return Some(name);
        }
        self.at = start;
        None
    }

    fn subscript(&mut self, of: Expression, start: usize) -> Parsed<Expression> {
        let bounds = self.within("[", "]", Self::bounds)?;
        let mut parts = vec![&of];
        parts.extend(bounds.0.iter().flatten());
        let mut made = self.make(Kind::None, start, &parts)?;
        *made.kind = match bounds {
            ([Some(index), None, None], false) => Kind::Index(of, index),
            (bounds, _) => Kind::Slice(of, bounds),
        };
        Ok(made)
    }

    /// An index, or the bounds of a slice, and whether it is a slice.
    fn bounds(&mut self) -> Parsed<([Option<Expression>; 3], bool)> {
        let mut bounds = [None, None, None];
        let mut is_slice = false;
        for (place, bound) in bounds.iter_mut().enumerate() {
            if self.begins_expression() {
                let value = if is_slice { self.expression()? } else { self.expressions()? };
                *bound = Some(value);
            }
            if place == 2 || !self.spaced(":") {
                break;
            }
            is_slice = true;
        }
        if is_slice || bounds[0].is_some() {
            Ok((bounds, is_slice))
        } else {
            self.wrong(phrase!("tpl-wants-index", "expected an index"))
        }
    }

    fn parenthesis(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let value = self.within("(", ")", |cursor| {
            if !cursor.begins_expression() {
                return cursor.make(Kind::Tuple(Vec::new()), start, &[]);
            }
            let value = cursor.expressions()?;
            cursor.space();
            if cursor.take_word("for") { cursor.comprehension(value, start) } else { Ok(value) }
        })?;
        Ok(Expression { span: self.span(start), ..value })
    }

    fn list(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let value = self.within("[", "]", |cursor| {
            let mut items = Vec::new();
            while cursor.begins_expression() {
                items.push(cursor.expression()?);
                cursor.space();
                if items.len() == 1 && cursor.take_word("for") {
                    let item = items.remove(0);
                    return cursor.comprehension(item, start);
                }
                if !cursor.spaced(",") {
                    break;
                }
            }
            let mut made = cursor.make(Kind::None, start, &items.iter().collect::<Vec<_>>())?;
            *made.kind = Kind::List(items);
            Ok(made)
        })?;
        Ok(Expression { span: self.span(start), ..value })
    }

    fn dict(&mut self) -> Parsed<Expression> {
        let start = self.at;
        let value = self.within("{", "}", |cursor| {
            let mut items = Vec::new();
            while cursor.begins_expression() {
                let key = cursor.expression()?;
                cursor.expect(":")?;
                let value = cursor.expression()?;
                cursor.space();
                if items.is_empty() && cursor.take_word("for") {
                    let clauses = cursor.clauses()?;
                    let mut made = cursor.make(Kind::None, start, &parts(&clauses, &[&key, &value]))?;
                    *made.kind = Kind::DictComprehension { key, value, clauses };
                    return Ok(made);
                }
                items.push((key, value));
                if !cursor.spaced(",") {
                    break;
                }
            }
            let all: Vec<&Expression> = items.iter().flat_map(|(key, value)| [key, value]).collect();
            let mut made = cursor.make(Kind::None, start, &all)?;
            *made.kind = Kind::Dict(items);
            Ok(made)
        })?;
        Ok(Expression { span: self.span(start), ..value })
    }

    /// What follows the first `for` of a comprehension.
    fn comprehension(&mut self, item: Expression, start: usize) -> Parsed<Expression> {
        let clauses = self.clauses()?;
        let mut made = self.make(Kind::None, start, &parts(&clauses, &[&item]))?;
        *made.kind = Kind::Comprehension { item, clauses };
        Ok(made)
    }

    fn clauses(&mut self) -> Parsed<Vec<Clause>> {
        let mut clauses = Vec::new();
        loop {
            let target = self.targets()?;
            self.space();
            if !self.take_word("in") {
                return self.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = "in"));
            }
            clauses.push(Clause::For(target, self.infix(1)?));
            self.space();
            while self.take_word("if") {
                clauses.push(Clause::If(self.infix(1)?));
                self.space();
            }
            if !self.take_word("for") {
                return Ok(clauses);
            }
        }
    }

    /// What can be assigned to, with commas between.
    pub(super) fn targets(&mut self) -> Parsed<Target> {
        let first = self.nested(Self::target)?;
        if !self.spaced(",") {
            return Ok(first);
        }
        let mut targets = vec![first];
        loop {
            self.space();
            let is_target = self.peek().is_some_and(|next| begins_name(next) || "%([".contains(next));
            if !is_target {
                return Ok(Target::Several(targets));
            }
            targets.push(self.nested(Self::target)?);
            if !self.spaced(",") {
                return Ok(Target::Several(targets));
            }
        }
    }

    fn target(&mut self) -> Parsed<Target> {
        self.space();
        let start = self.at;
        if let Some(open) = self.peek().filter(|next| "([".contains(*next)) {
            let (open, close) = (if open == '(' { "(" } else { "[" }, closing(open));
            return self.within(open, close, Self::targets);
        }
        let value = self.postfix(start)?;
        match *value.kind {
            Kind::Name { name, .. } => Ok(Target::Name(name)),
            Kind::Index(of, index) => Ok(Target::Item { of, index }),
            _ => Err(syntax(phrase!("tpl-not-assigned", "this cannot be assigned to"), value.span)),
        }
    }
}

fn closing(open: char) -> &'static str {
    match open {
        '(' => ")",
        '[' => "]",
        _ => "}",
    }
}

/// All expressions of a comprehension.
fn parts<'e>(clauses: &'e [Clause], items: &[&'e Expression]) -> Vec<&'e Expression> {
    let clauses = clauses.iter().map(|clause| match clause {
        Clause::For(_, value) | Clause::If(value) => value,
    });
    clauses.chain(items.iter().copied()).collect()
}

/// The first name of what stands in `%%{…}` is as if it had the mark itself.
fn mark_first(value: &mut Expression) {
    let mut next = value;
    loop {
        next = match &mut *next.kind {
            Kind::Name { marked, .. } => {
                *marked = true;
                return;
            }
            Kind::Attribute { of, marked, .. } => {
                *marked = true;
                of
            }
            Kind::Index(of, _)
            | Kind::Slice(of, _)
            | Kind::Call { of, .. }
            | Kind::Binary(_, of, _)
            | Kind::Compare(of, _)
            | Kind::And(of, _)
            | Kind::Or(of, _)
            | Kind::Choice { then: of, .. } => of,
            _ => return,
        };
    }
}
