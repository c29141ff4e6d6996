//! The directives: what each takes, and the blocks that they open.

use std::sync::Arc;

use super::cursor::{Parsed, begins_name, syntax};
use super::reader::{Block, Reader, Tag};
use super::tree::{Binary, Definition, Expression, Import, Kind, Node, NodeKind, Target};
use crate::phrase;

/// The operators of `%set` that also calculate, the longer ones first.
const AUGMENTED: [(&str, Binary); 12] = [
    ("**=", Binary::Power),
    ("//=", Binary::FloorDivide),
    ("<<=", Binary::ShiftLeft),
    (">>=", Binary::ShiftRight),
    ("+=", Binary::Add),
    ("-=", Binary::Subtract),
    ("*=", Binary::Multiply),
    ("/=", Binary::Divide),
    ("%=", Binary::Remainder),
    ("&=", Binary::BitAnd),
    ("|=", Binary::BitOr),
    ("^=", Binary::BitXor),
];

/// How many arguments a definition may have.
const MAX_PARAMETERS: usize = 255;

impl Reader<'_> {
    /// Reads the directive whose name was read.
    pub(super) fn directive(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        let kind = match tag.name {
            "if" => return self.read_if(tag, block),
            "unless" => return self.read_unless(tag, block),
            "for" | "while" | "repeat" => return self.read_loop(tag, block),
            "def" => return self.read_def(tag, block),
            "try" => return self.read_try(tag, block),
            "raw" => return self.raw(tag, block),
            "slurp" | "encoding" => {
                self.slurp(tag, block);
                return Ok(());
            }
            "set" => self.read_set()?,
            "include" => self.read_include()?,
            "import" => NodeKind::Import(self.read_imports(None)?),
            "from" => self.read_from()?,
            "echo" => NodeKind::Show { value: self.cursor.expressions()?, silent: false },
            "silent" => NodeKind::Silent(self.cursor.expressions()?),
            "del" => NodeKind::Delete(vec![self.cursor.targets()?]),
            "assert" => self.read_assert()?,
            "break" | "continue" if self.loops == 0 => {
                return Err(syntax(
                    phrase!("tpl-no-loop", "`%{name}` stands in no loop", name = tag.name),
                    self.tag_span(tag),
                ));
            }
            "break" => NodeKind::Break,
            "continue" => NodeKind::Continue,
            "stop" => NodeKind::Stop,
            "return" if !self.is_in_definition => {
                return Err(syntax(
                    phrase!("tpl-no-def", "`%return` stands in no `%def`"),
                    self.tag_span(tag),
                ));
            }
            "return" if self.cursor.begins_expression() => NodeKind::Return(Some(self.cursor.expressions()?)),
            "return" => NodeKind::Return(None),
            // `%pass` does nothing.
            _ => return self.finish(tag, block, false),
        };
        let end = self.cursor.at;
        self.finish(tag, block, false)?;
        let next = std::mem::replace(&mut self.cursor.at, end);
        self.push(block, kind, tag.start);
        self.cursor.at = next;
        Ok(())
    }

    /// The body below `tag`, which `owner` is or goes on with, and the directive that ended it: none after a body of one
    /// line.
    pub(super) fn body(&mut self, owner: Tag, tag: Tag, block: &mut Block) -> Parsed<(Block, Option<Tag>)> {
        self.cursor.space();
        if self.is_short_form() {
            return Ok((self.short_form()?, None));
        }
        self.cursor.take(":");
        self.finish(tag, block, false)?;
        if self.cursor.nesting >= super::cursor::MAX_NESTING {
            return Err(self.cursor.too_deep());
        }
        self.cursor.nesting += 1;
        let result = self.block();
        self.cursor.nesting -= 1;
        let (inner, end) = result?;
        match end {
            Some(end) => Ok((inner, Some(end))),
            None => Err(syntax(
                phrase!("tpl-no-end", "`%{name}` has no `%end {name}`", name = owner.name),
                self.tag_span(owner),
            )),
        }
    }

    /// The end of the directive `name`, which `tag` began; `end` was read up to its name.
    pub(super) fn read_end(&mut self, tag: Tag, end: Tag, inner: &mut Block) -> Parsed<()> {
        self.cursor.blanks();
        if end.name != "end" {
            return Err(syntax(
                phrase!(
                    "tpl-other-end",
                    "`%{end}` does not belong to `%{name}`",
                    end = end.name,
                    name = tag.name
                ),
                self.tag_span(end),
            ));
        }
        if !self.cursor.take_word(tag.name) {
            return self.cursor.wrong(phrase!("tpl-wants-end", "expected `%end {name}`", name = tag.name));
        }
        self.finish(end, inner, true)
    }

    /// A body that only `%end` can end.
    fn simple_body(&mut self, tag: Tag, block: &mut Block) -> Parsed<Vec<Node>> {
        let (mut inner, end) = self.body(tag, tag, block)?;
        if let Some(end) = end {
            self.read_end(tag, end, &mut inner)?;
        }
        Ok(self.close(inner))
    }

    fn read_if(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        let first = self.cursor.expressions()?;
        self.cursor.space();
        if self.cursor.take_word("then") {
            return self.read_choice(first, tag, block);
        }
        let (mut branches, mut otherwise, mut test) = (Vec::new(), Vec::new(), Some(first));
        let (mut inner, mut end) = self.body(tag, tag, block)?;
        loop {
            let next = if end.is_some() { end } else { self.continued()? };
            let Some(next) = next.filter(|next| next.name != "end") else {
                if let Some(end) = next {
                    self.read_end(tag, end, &mut inner)?;
                }
                break;
            };
            if test.is_none() || matches!(next.name, "except" | "finally") {
                return Err(syntax(
                    phrase!("tpl-not-here", "`%{name}` does not fit here", name = next.name),
                    self.tag_span(next),
                ));
            }
            let next_test = self.read_else(next)?;
            let (following, following_end) = self.body(tag, next, &mut inner)?;
            let nodes = self.close(std::mem::replace(&mut inner, following));
            branches.extend(std::mem::replace(&mut test, next_test).map(|test| (test, nodes)));
            end = following_end;
        }
        let nodes = self.close(inner);
        match test {
            Some(test) => branches.push((test, nodes)),
            None => otherwise = nodes,
        }
        self.push(block, NodeKind::If { branches, otherwise }, tag.start);
        Ok(())
    }

    /// `%if a then b else c`, from `b` on.
    fn read_choice(&mut self, test: Expression, tag: Tag, block: &mut Block) -> Parsed<()> {
        let then = self.cursor.expression()?;
        self.cursor.space();
        if !self.cursor.take_word("else") {
            return self.cursor.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = "else"));
        }
        let otherwise = self.cursor.expression()?;
        let mut value = self.cursor.make(Kind::None, tag.start, &[&test, &then, &otherwise])?;
        *value.kind = Kind::Choice { test, then, otherwise };
        self.finish(tag, block, false)?;
        self.push(block, NodeKind::Show { value, silent: false }, tag.start);
        Ok(())
    }

    /// The test of `%elif`, `%elseif` or `%else if`; none of `%else`.
    fn read_else(&mut self, tag: Tag) -> Parsed<Option<Expression>> {
        self.cursor.blanks();
        if tag.name != "else" || self.cursor.take_word("if") {
            return self.cursor.expressions().map(Some);
        }
        Ok(None)
    }

    /// The `%else` or `%elif` that follows a body of one line.
    fn continued(&mut self) -> Parsed<Option<Tag>> {
        let start = self.cursor.at;
        self.cursor.blanks();
        let tag = self.tag()?.filter(|tag| tag.name.starts_with("el"));
        if tag.is_none() {
            self.cursor.at = start;
        }
        Ok(tag)
    }

    fn read_unless(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        let start = self.cursor.at;
        let test = self.cursor.expressions()?;
        let mut negated = self.cursor.make(Kind::None, start, &[&test])?;
        *negated.kind = Kind::Not(test);
        let body = self.simple_body(tag, block)?;
        self.push(block, NodeKind::If { branches: vec![(negated, body)], otherwise: Vec::new() }, tag.start);
        Ok(())
    }

    fn read_loop(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        let target = if tag.name == "for" {
            let target = self.cursor.targets()?;
            self.cursor.space();
            if !self.cursor.take_word("in") {
                return self.cursor.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = "in"));
            }
            Some(target)
        } else {
            None
        };
        let over = self.cursor.expressions()?;
        self.loops += 1;
        let body = self.simple_body(tag, block);
        self.loops -= 1;
        let body = body?;
        let kind = match target {
            Some(target) => NodeKind::For { target, over, body },
            None if tag.name == "while" => NodeKind::While { test: over, body },
            None => NodeKind::Repeat { count: over, body },
        };
        self.push(block, kind, tag.start);
        Ok(())
    }

    fn read_def(&mut self, tag: Tag, block: &mut Block) -> Parsed<()> {
        self.cursor.blanks();
        self.cursor.take("%%");
        let Some(name) = self.cursor.name().map(str::to_owned) else {
            return self.cursor.wrong(phrase!("tpl-wants-name", "expected a name"));
        };
        let parameters = if self.cursor.spaced("(") { self.read_parameters()? } else { Vec::new() };
        let outer = (self.loops, self.is_in_definition);
        (self.loops, self.is_in_definition) = (0, true);
        let body = self.simple_body(tag, block);
        (self.loops, self.is_in_definition) = outer;
        let definition = Definition { parameters, body: body? };
        self.definitions.insert(name, Arc::new(definition));
        Ok(())
    }

    /// What stands between the brackets of `%def`.
    fn read_parameters(&mut self) -> Parsed<Vec<(String, Option<Expression>)>> {
        self.cursor.brackets += 1;
        let result = self.read_parameters_within();
        self.cursor.brackets -= 1;
        result
    }

    fn read_parameters_within(&mut self) -> Parsed<Vec<(String, Option<Expression>)>> {
        let mut parameters: Vec<(String, Option<Expression>)> = Vec::new();
        while self.cursor.begins_expression() {
            self.cursor.take("%%");
            let Some(name) = self.cursor.name().map(str::to_owned) else {
                return self.cursor.wrong(phrase!("tpl-wants-argument", "expected the name of an argument"));
            };
            if parameters.iter().any(|(other, _)| *other == name) {
                return self.cursor.wrong(phrase!(
                    "tpl-two-arguments",
                    "there are two arguments `{name}`",
                    name = name
                ));
            }
            if parameters.len() >= MAX_PARAMETERS {
                return self.cursor.wrong(phrase!(
                    "tpl-many-arguments",
                    "there are more than {most} arguments",
                    most = MAX_PARAMETERS
                ));
            }
            let default = if self.cursor.spaced("=") { Some(self.cursor.expression()?) } else { None };
            parameters.push((name, default));
            if !self.cursor.spaced(",") {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(parameters)
    }

    fn read_set(&mut self) -> Parsed<NodeKind> {
        self.cursor.blanks();
        let global = self.cursor.take_word("global");
        let mut targets = vec![self.cursor.targets()?];
        self.cursor.space();
        let augmented = AUGMENTED.iter().find(|(sign, _)| self.cursor.rest().starts_with(sign));
        if let Some((sign, operator)) = augmented {
            self.cursor.at += sign.len();
            let value = self.cursor.expressions()?;
            if matches!(targets[..], [Target::Several(_)]) {
                return Err(syntax(
                    phrase!("tpl-calculated-on", "only one thing can be calculated on"),
                    value.span,
                ));
            }
            return Ok(NodeKind::Set { global, targets, operator: Some(*operator), value });
        }
        self.cursor.expect("=")?;
        loop {
            let value = self.cursor.expressions()?;
            if !self.cursor.spaced("=") {
                return Ok(NodeKind::Set { global, targets, operator: None, value });
            }
            targets.push(as_target(value)?);
        }
    }

    fn read_include(&mut self) -> Parsed<NodeKind> {
        self.cursor.blanks();
        let raw = self.cursor.take_word("raw");
        self.cursor.blanks();
        if self.cursor.rest().starts_with("source") {
            return self
                .cursor
                .wrong(phrase!("tpl-include-name", "only a template by its name can be included"));
        }
        Ok(NodeKind::Include { name: self.cursor.expressions()?, raw })
    }

    /// A name with dots.
    pub(super) fn dotted(&mut self) -> Parsed<String> {
        self.cursor.blanks();
        let start = self.cursor.at;
        while self.cursor.name().is_some() {
            if !(self.cursor.peek() == Some('.') && self.cursor.second().is_some_and(begins_name)) {
                break;
            }
            self.cursor.next();
        }
        match self.cursor.text.get(start..self.cursor.at) {
            Some(name) if !name.is_empty() => Ok(name.to_owned()),
            _ => self.cursor.wrong(phrase!("tpl-wants-name", "expected a name")),
        }
    }

    /// The names that are imported, from the module `from` if there is one.
    fn read_imports(&mut self, from: Option<&str>) -> Parsed<Vec<Import>> {
        let mut imports = Vec::new();
        loop {
            let name = self.dotted()?;
            self.cursor.space();
            let alias = if self.cursor.take_word("as") { Some(self.dotted()?) } else { None };
            let path = from.map_or_else(|| name.clone(), |module| format!("{module}.{name}"));
            imports.push(Import { path, name: alias.unwrap_or(name) });
            if !self.cursor.spaced(",") {
                return Ok(imports);
            }
        }
    }

    fn read_from(&mut self) -> Parsed<NodeKind> {
        let module = self.dotted()?;
        self.cursor.space();
        if !self.cursor.take_word("import") {
            return self.cursor.wrong(phrase!("tpl-wants", "expected `{wanted}`", wanted = "import"));
        }
        self.read_imports(Some(&module)).map(NodeKind::Import)
    }

    /// `%assert`; its message is for those who wrote the template, and is not kept.
    fn read_assert(&mut self) -> Parsed<NodeKind> {
        let test = self.cursor.expression()?;
        if self.cursor.spaced(",") {
            self.cursor.expression()?;
        }
        Ok(NodeKind::Assert(test))
    }
}

/// What is written as a value and stands before a `=`.
fn as_target(value: Expression) -> Parsed<Target> {
    match *value.kind {
        Kind::Name { name, .. } => Ok(Target::Name(name)),
        Kind::Index(of, index) => Ok(Target::Item { of, index }),
        Kind::Tuple(items) => {
            let targets: Parsed<Vec<Target>> = items.into_iter().map(as_target).collect();
            targets.map(Target::Several)
        }
        _ => Err(syntax(phrase!("tpl-not-assigned", "this cannot be assigned to"), value.span)),
    }
}
