//! What names, attributes and calls stand for.

use crate::source::Span;

use super::cursor::Failure;
use super::data::{Data, Lookup};
use super::interpreter::{Frame, Interpreter, Outcome, at};
use super::methods::Arguments;
use super::problem::{PercentProblem, PythonError};
use super::tree::{Expression, Kind};
use super::value::{Answer, Callable, Value};
use super::{builtins, eole, library, methods, reader};
use crate::phrase;
use crate::words::Phrase;

impl Interpreter<'_> {
    /// What `name` stands for. One with `%%` is sought as Cheetah does: what the template set, its definitions, the
    /// variables, EOLE's functions, what was imported, and Python's functions. One without is Python's first.
    pub(super) fn name(&mut self, name: &str, marked: bool, span: Span) -> Outcome {
        if let Some(value) = self.frame().locals.get(name) {
            return Ok(value.clone());
        }
        if self.frame().broken.contains(name) {
            let problem = PercentProblem::UnknownVariable { name: name.to_owned(), hint: Phrase::from("") };
            return Err(Failure { is_told: true, ..Failure::new(problem, span) });
        }
        let found = if marked {
            let found = self.of_template(name, span)?;
            found.or_else(|| self.of_python(name))
        } else {
            match self.of_python(name) {
                None => self.of_template(name, span)?,
                found => found,
            }
        };
        found.map_or_else(|| Err(self.unknown(name, marked, span)), Ok)
    }

    fn of_python(&self, name: &str) -> Option<Value> {
        let builtin = || builtins::NAMES.iter().find(|known| **known == name);
        let imported = self.imports.get(name).cloned();
        imported.or_else(|| builtin().map(|name| Value::Function(Callable::Builtin(name))))
    }

    fn of_template(&mut self, name: &str, span: Span) -> Outcome<Option<Value>> {
        if let Some(value) = self.globals.get(name) {
            return Ok(Some(value.clone()));
        }
        if self.definitions.iter().any(|definitions| definitions.contains_key(name)) {
            return Ok(Some(Value::Function(Callable::Definition(name.to_owned()))));
        }
        if let Some(value) = at(self.variable(name), span)? {
            return Ok(Some(value));
        }
        let helper = eole::NAMES.iter().find(|known| **known == name);
        Ok(helper.map(|name| Value::Function(Callable::Helper(name))))
    }

    /// The variable `name`, if there is one.
    fn variable(&mut self, name: &str) -> Answer<Option<Value>> {
        if let Some(value) = self.variables.get(name) {
            return Ok(Some(value.clone()));
        }
        match self.around.lookup(name) {
            Lookup::Value(data) => {
                let value = self.heap.of_data(name, &data)?;
                self.variables.insert(name.to_owned(), value.clone());
                Ok(Some(value))
            }
            Lookup::Disabled(place) => {
                self.disabled.extend(place.map(|place| (name.to_owned(), place)));
                Err(PercentProblem::DisabledVariable { name: name.to_owned() })
            }
            Lookup::Unknown { .. } => Ok(None),
        }
    }

    /// Nothing is called `name`.
    fn unknown(&self, name: &str, marked: bool, span: Span) -> Failure {
        let is_directive = marked && reader::NAMES.contains(&name);
        let refused = eole::REFUSED.iter().find(|(known, _)| *known == name && !is_directive);
        if let Some((_, hint)) = refused {
            return Failure::new(
                PercentProblem::unsupported(phrase!("quoted", "`{name}`", name = name), hint.clone()),
                span,
            );
        }
        let is_set_elsewhere = self.frames.iter().any(|frame| frame.locals.contains_key(name));
        let is_known = |known: &&str| self.frames.iter().any(|frame| frame.locals.contains_key(*known));
        let shorter = name.char_indices().rev().map(|(end, _)| &name[..end]).find(is_known);
        let hint = match self.around.lookup(name) {
            _ if is_set_elsewhere => {
                phrase!(
                    "write-set-global",
                    "write `%set global %%{name} = …` where it is set: it is used elsewhere",
                    name = name
                )
            }
            _ if is_directive => {
                phrase!("write-directive", "write `%{name}` if a directive is meant", name = name)
            }
            _ if marked && shorter.is_some_and(|shorter| !shorter.is_empty()) => {
                let shorter = shorter.unwrap_or_default();
                let rest = &name[shorter.len()..];
                phrase!(
                    "write-shorter",
                    "write `%%{{{shorter}}}{rest}` if the name ends there",
                    shorter = shorter,
                    rest = rest
                )
            }
            Lookup::Unknown { near: Some(near) } => {
                phrase!("write-near", "write `{near}` if that is what you mean", near = near)
            }
            _ if marked => {
                phrase!(
                    "correct-or-escape",
                    "correct the name, define the variable, or write `\\%%{name}` if it is text",
                    name = name
                )
            }
            _ => phrase!("correct-or-define", "correct the name, or define the variable in a dictionary"),
        };
        Failure::new(PercentProblem::UnknownVariable { name: name.to_owned(), hint }, span)
    }

    /// What a marked name that stands for a function gives without brackets: Cheetah calls it.
    pub(super) fn auto_called(&mut self, value: Value, marked: bool, span: Span) -> Outcome {
        match &value {
            Value::Function(Callable::Builtin(name)) if builtins::is_type(name) => Ok(value),
            Value::Function(function) if marked => {
                let function = function.clone();
                self.call_function(&function, &Arguments::default(), span)
            }
            _ => Ok(value),
        }
    }

    /// `of.name`, which is not called in the template.
    pub(super) fn attribute(&mut self, of: &Value, name: &str, marked: bool, span: Span) -> Outcome {
        if let Some(value) = at(self.member(of, name), span)? {
            return self.auto_called(value, marked, span);
        }
        if let (Value::Item(_, place), "index" | "_index") = (of, name) {
            return Ok(Value::Int(i64::try_from(*place).unwrap_or(i64::MAX)));
        }
        let plain = at(of.plain(&self.heap), span)?;
        if !methods::has(&plain, name) {
            return Err(Failure::new(methods::missing(&plain, name), span));
        }
        if !marked {
            let problem = PercentProblem::wrong_type(phrase!(
                "tpl-method-not-called",
                "the method `{name}` is not called: write `{name}()`",
                name = name
            ));
            return Err(Failure::new(problem, span));
        }
        at(methods::call(of, name, &Arguments::default(), &self.heap), span)
    }

    /// What a group, a dictionary or a module has by this name.
    fn member(&mut self, of: &Value, name: &str) -> Answer<Option<Value>> {
        match of {
            Value::Item(master, _) | Value::Master(master) => {
                let disabled =
                    || PercentProblem::DisabledVariable { name: format!("{}.{name}", master.name) };
                match master.slave(name) {
                    Some(items) => match of {
                        Value::Item(_, place) => {
                            items.get(*place).cloned().unwrap_or_default().plain(&self.heap).map(Some)
                        }
                        _ if items.iter().any(|item| matches!(item, Value::Disabled(_))) => Err(disabled()),
                        _ => self.heap.list(items.to_vec()).map(Some),
                    },
                    None if master.has_slave(name) => Err(disabled()),
                    None => Ok(None),
                }
            }
            Value::Dict(items) => {
                let key = super::value::Key::Text(name.into());
                Ok(items.borrow().get(&key).cloned())
            }
            Value::Module(path) => library::import(&format!("{path}.{name}")).map(Some),
            _ => Ok(None),
        }
    }

    /// `of(…)`.
    pub(super) fn call(
        &mut self,
        of: &Expression,
        arguments: &[(Option<String>, Expression)],
        span: Span,
    ) -> Outcome {
        if let Kind::Attribute { of: inner, name, .. } = &*of.kind {
            let value = self.value(inner)?;
            let is_method = matches!(&value, Value::Dict(_)) && methods::has(&value, name);
            let member = if is_method { None } else { at(self.member(&value, name), of.span)? };
            let arguments = self.arguments(arguments)?;
            return match member {
                Some(member) => self.call_value(&member, &arguments, span),
                None => at(methods::call(&value, name, &arguments, &self.heap), span),
            };
        }
        let called = match &*of.kind {
            Kind::Name { name, marked } => self.name(name, *marked, of.span).map_err(as_function)?,
            _ => self.value(of)?,
        };
        let values = self.arguments(arguments)?;
        let result = self.call_value(&called, &values, span);
        let seeks = matches!(called, Value::Function(Callable::Helper(_) | Callable::Builtin(_)));
        result.map_err(|failure| if seeks { hidden(failure, arguments) } else { failure })
    }

    fn arguments(&mut self, arguments: &[(Option<String>, Expression)]) -> Outcome<Arguments> {
        let mut values = Arguments::default();
        for (name, argument) in arguments {
            let value = self.value(argument)?;
            match name {
                Some(name) => values.named.push((name.clone(), value)),
                None => values.items.push(value),
            }
        }
        Ok(values)
    }

    fn call_value(&mut self, called: &Value, arguments: &Arguments, span: Span) -> Outcome {
        if let Value::Function(function) = called {
            return self.call_function(function, arguments, span);
        }
        let message = phrase!(
            "tpl-not-called",
            "a {kind} cannot be called; write `%%{{…}}` if `(` follows a variable",
            kind = called.type_name()
        );
        Err(Failure::new(PercentProblem::wrong_type(message), span))
    }

    fn call_function(&mut self, function: &Callable, arguments: &Arguments, span: Span) -> Outcome {
        match function {
            Callable::Definition(name) => self.call_definition(name, arguments, span),
            Callable::Library(path) => at(library::call(path, arguments, self.around, &self.heap), span),
            Callable::Builtin("map" | "filter") => self.call_each(function, arguments, span),
            Callable::Builtin(name) => at(builtins::call(name, arguments, &self.heap), span),
            Callable::Helper(name) => self.call_helper(name, arguments, span),
        }
    }

    /// `map` and `filter`.
    fn call_each(&mut self, function: &Callable, arguments: &Arguments, span: Span) -> Outcome {
        let called = at(arguments.want(0, "function"), span)?.clone();
        let list = at(arguments.want(1, "items").and_then(|items| items.iterate(&self.heap)), span)?;
        let mut results = Vec::new();
        for item in list {
            self.turn(span)?;
            let result = match &called {
                Value::None => item.clone(),
                called => {
                    let one = Arguments { items: vec![item.clone()], named: Vec::new() };
                    self.call_value(called, &one, span)?
                }
            };
            if *function == Callable::Builtin("map") {
                results.push(result);
            } else if result.is_true() {
                results.push(item);
            }
        }
        at(self.heap.list(results), span)
    }

    fn call_definition(&mut self, name: &str, arguments: &Arguments, span: Span) -> Outcome {
        let definition = self.definitions.iter().rev().find_map(|definitions| definitions.get(name)).cloned();
        let Some(definition) = definition else { return Err(self.unknown(name, true, span)) };
        let mut frame = Frame::default();
        let wrong = |message: Phrase| Err(Failure::new(PercentProblem::wrong_type(message), span));
        if arguments.items.len() > definition.parameters.len() {
            return wrong(phrase!(
                "tpl-takes-most",
                "`{name}` takes {most} arguments at most",
                name = name,
                most = definition.parameters.len()
            ));
        }
        for (argument, _) in &arguments.named {
            if !definition.parameters.iter().any(|(parameter, _)| parameter == argument) {
                return wrong(phrase!(
                    "tpl-no-argument",
                    "`{name}` has no argument `{argument}`",
                    name = name,
                    argument = argument
                ));
            }
        }
        for (place, (parameter, default)) in definition.parameters.iter().enumerate() {
            let value = match (arguments.get(place, parameter), default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => self.value(default)?,
                (None, None) => {
                    return wrong(phrase!(
                        "tpl-lacks-argument",
                        "`{name}` lacks the argument `{argument}`",
                        name = name,
                        argument = parameter
                    ));
                }
            };
            frame.locals.insert(parameter.clone(), value);
        }
        self.run_definition(&definition, frame, span)
    }

    fn call_helper(&mut self, name: &str, arguments: &Arguments, span: Span) -> Outcome {
        let text = || arguments.want(0, "name").and_then(|name| name.str(&self.heap));
        match name {
            "is_defined" => {
                let wanted = at(text(), span)?;
                Ok(Value::Bool(self.is_defined(&wanted)))
            }
            "varExists" | "hasVar" => {
                let wanted = at(text(), span)?;
                let is_set =
                    self.frame().locals.contains_key(&*wanted) || self.globals.contains_key(&*wanted);
                Ok(Value::Bool(is_set || self.is_defined(&wanted)))
            }
            "getVar" => {
                let wanted = at(text(), span)?;
                let default = arguments.get(1, "default").cloned();
                match self.path(&wanted, span) {
                    Err(failure) if failure.problem.is_caught_as("NotFound") => default.ok_or(failure),
                    other => other,
                }
            }
            "is_file" => {
                let path = at(text(), span)?;
                Ok(Value::Bool(self.around.is_file(&path)))
            }
            "is_instance" | "is_instanciate" => Ok(Value::Bool(self.around.is_instance())),
            _ => at(eole::call(name, arguments, &self.heap), span),
        }
    }

    /// Whether there is a variable `name`, or a slave `master.slave`, that is not disabled.
    fn is_defined(&self, name: &str) -> bool {
        let (first, slave) = name.split_once('.').map_or((name, None), |(first, slave)| (first, Some(slave)));
        match (self.around.lookup(first), slave) {
            (Lookup::Value(_), None) => true,
            (Lookup::Value(Data::Group(group)), Some(slave)) => group
                .slaves
                .get(slave)
                .is_some_and(|items| items.is_empty() || items.iter().any(|item| *item != Data::Disabled)),
            _ => false,
        }
    }

    /// What a name with dots stands for.
    fn path(&mut self, path: &str, span: Span) -> Outcome {
        let mut names = path.split('.');
        let mut value = self.name(names.next().unwrap_or_default(), true, span)?;
        for name in names {
            value = self.attribute(&value, name, true, span)?;
        }
        Ok(value)
    }
}

/// What is called and not known is a function.
fn as_function(failure: Failure) -> Failure {
    let problem = match *failure.problem {
        PercentProblem::UnknownVariable { name, hint } if !failure.is_told => {
            let known = builtins::NAMES.iter().chain(&eole::NAMES).copied();
            let hint = crate::diagnostic::meant(&name, known).unwrap_or(hint);
            PercentProblem::UnknownFunction { name, hint }
        }
        other => other,
    };
    Failure { problem: Box::new(problem), ..failure }
}

/// A name that was calculated may be a secret, and is not shown.
fn hidden(failure: Failure, arguments: &[(Option<String>, Expression)]) -> Failure {
    let is_written = arguments.first().is_some_and(|(_, first)| matches!(*first.kind, Kind::Text(_)));
    let problem = match *failure.problem {
        PercentProblem::UnknownVariable { .. } if !is_written => PercentProblem::UnknownVariable {
            name: "(calculated)".to_owned(),
            hint: phrase!(
                "correct-calculated",
                "correct the name that is calculated, or give a value for when it is unknown"
            ),
        },
        PercentProblem::Failed { kind: PythonError::Attribute, .. } if !is_written => PercentProblem::failed(
            PythonError::Attribute,
            phrase!("tpl-calculated-missing", "what is named by a calculated name is not there"),
        ),
        other => other,
    };
    Failure { problem: Box::new(problem), ..failure }
}
