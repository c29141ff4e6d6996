//! Constraints: every name that they hold looked up, and attached to what it concerns.

use std::borrow::Borrow;
use std::sync::Arc;

use super::changes::Changes;
use super::define::Pending;
use super::group;
use super::model::{
    Argument, ArgumentValue, Call, Callee, Choice, Choices, Condition, ListTarget, Role, Schema, VariableId,
};
use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, Findings, meant};
use crate::dictionary::{
    self, Constraints, Dictionary, Fallback, Name, Namespace, Param, ParamContent, Part, Purpose, Target,
    TargetKind,
};
use crate::function::{Expression, FunctionRole, Library};
use crate::phrase;
use crate::source::Span;
use crate::value::Value;

/// Links the constraints of `dictionaries`, in their order, into `schema`.
pub(super) fn constraints(
    dictionaries: &[impl Borrow<Dictionary>],
    mut choices: Vec<Pending>,
    changes: Changes,
    schema: Schema,
    library: &dyn Library,
    findings: &mut Findings,
) -> Schema {
    let namespace = Namespace::Main;
    let mut linker = Linker { schema, library, changes, namespace, dictionary: 0, findings };
    for dictionary in dictionaries.iter().map(Borrow::borrow) {
        linker.namespace.clone_from(&dictionary.namespace);
        for group in &dictionary.constraints.groups {
            group::link(group, &mut linker);
        }
    }
    group::leaderships(&mut linker);
    for (number, dictionary) in dictionaries.iter().map(Borrow::borrow).enumerate() {
        linker.namespace.clone_from(&dictionary.namespace);
        linker.dictionary = number;
        for pending in choices.extract_if(.., |pending| pending.dictionary == number) {
            linker.choices(&pending);
        }
        linker.constraints(&dictionary.constraints);
        super::note::attach(dictionary, &mut linker);
    }
    group::raise_slave_modes(&mut linker.schema);
    linker.schema
}

/// The schema that is being linked, and where the linker stands.
pub(super) struct Linker<'l> {
    pub(super) schema: Schema,
    library: &'l dyn Library,
    changes: Changes,
    /// Where the variables of the dictionary live that is being linked.
    namespace: Namespace,
    /// Its number.
    dictionary: usize,
    pub(super) findings: &'l mut Findings,
}

impl Linker<'_> {
    /// The variable `name`, if there is one.
    pub(super) fn known(&self, name: &str) -> Option<VariableId> {
        self.schema.find_from(&self.namespace, name)
    }

    /// Looks `name` up; a finding where it is unknown.
    pub(super) fn find(&mut self, name: &str, span: Span) -> Option<VariableId> {
        let found = self.known(name);
        if found.is_none() {
            let help = meant(name, self.schema.names()).unwrap_or_else(|| {
                phrase!("define-variable", "define the variable, or take out what names it")
            });
            let problem = SchemaError::UnknownVariable { name: name.to_owned(), help };
            self.findings.push(
                Finding::new(problem)
                    .at(span, phrase!("at-no-dictionary-defines-this", "no dictionary defines this")),
            );
        }
        found
    }

    fn constraints(&mut self, constraints: &Constraints) {
        for call in &constraints.calls {
            let judges = matches!(call.purpose, Purpose::Check | Purpose::Warn);
            let part = if judges { Part::Checks } else { Part::Calculation };
            if self.changes.removes(&call.target.value, part, self.dictionary)
                || call.optional && self.known(&call.target.value).is_none()
            {
                continue;
            }
            let target = self.find(&call.target.value, call.target.span);
            let linked = self.call(call);
            if let (Some(target), Some(linked)) = (target, linked) {
                self.attach(target, call, linked);
            }
        }
        for condition in &constraints.conditions {
            self.condition(condition);
        }
    }

    fn attach(&mut self, target: VariableId, call: &dictionary::Call, linked: Call) {
        let number = self.schema.calls.len().try_into().unwrap_or(u32::MAX);
        let earlier = self.schema.variable(target).calculation.map(|index| self.schema.call(index).span);
        let redefined = self.changes.redefines(&call.target.value, self.dictionary);
        let variable = self.schema.variable_mut(target);
        match (call.purpose, earlier) {
            (Purpose::Check | Purpose::Warn, _) => variable.checks.push(number),
            (Purpose::Fill | Purpose::Auto, None) => variable.calculation = Some(number),
            // Whoever redefines a variable may calculate it anew.
            (Purpose::Fill | Purpose::Auto, Some(_)) if redefined => {
                variable.calculation = Some(number);
            }
            (Purpose::Fill | Purpose::Auto, Some(first)) => {
                let problem = SchemaError::CalculatedTwice { name: call.target.value.to_string() };
                let finding = Finding::new(problem).at(
                    call.target.span,
                    phrase!("at-calculated-a-second-time-here", "calculated a second time here"),
                );
                self.findings.push(
                    finding.related(first, phrase!("at-first-calculated-here", "first calculated here")),
                );
            }
        }
        self.schema.calls.push(linked);
    }

    fn call(&mut self, call: &dictionary::Call) -> Option<Call> {
        let (arguments, callee) = if call.expression {
            self.expression(&call.function)?
        } else {
            let judges = matches!(call.purpose, Purpose::Check | Purpose::Warn);
            let callee = self.function(&call.function.value, call.function.span, judges)?;
            (Vec::new(), callee)
        };
        let arguments =
            arguments.into_iter().chain(call.params.iter().filter_map(|param| self.argument(param)));
        let arguments = arguments.collect();
        let name = if call.expression { "an expression".into() } else { Arc::clone(&call.function.value) };
        Some(Call { purpose: call.purpose, name, callee, arguments, span: call.function.span })
    }

    fn function(&mut self, name: &str, span: Span, judges: bool) -> Option<Callee> {
        let Some(function) = self.library.find(name) else {
            let help = meant(name, self.library.names())
                .unwrap_or_else(|| phrase!("call-function", "call one of the functions of the dialect"));
            let problem = SchemaError::UnknownFunction { name: name.to_owned(), help };
            self.findings
                .push(Finding::new(problem).at(span, phrase!("at-no-such-function", "no such function")));
            return None;
        };
        let does = match self.library.role(function) {
            FunctionRole::Calculates if judges => phrase!("calculates", "calculates a value"),
            FunctionRole::Judges if !judges => phrase!("checks", "checks a value"),
            _ => return Some(Callee::Function(function)),
        };
        let problem = SchemaError::WrongPurpose { name: name.to_owned(), does };
        self.findings.push(Finding::new(problem).at(span, phrase!("at-not-for-this", "not for this")));
        None
    }

    /// Compiles an expression; the variables that it names are its arguments, each under its name.
    fn expression(&mut self, text: &Name) -> Option<(Vec<Argument>, Callee)> {
        let expression = match Expression::compile(&text.value) {
            Ok(expression) => expression,
            Err(reason) => {
                let problem = SchemaError::BadExpression { reason: reason.phrase() };
                self.findings.push(
                    Finding::new(problem).at(text.span, phrase!("at-this-expression", "this expression")),
                );
                return None;
            }
        };
        let named = expression.names().iter().filter_map(|name| Some((name, self.known(name)?)));
        let argument = |(name, id): (&String, _)| Argument {
            name: Some(name.as_str().into()),
            value: ArgumentValue::Variable(id),
            required: true,
        };
        let arguments = named.map(argument).collect();
        Some((arguments, Callee::Expression(Box::new(expression))))
    }

    /// Reads an argument; none if it is optional and its variable unknown, or if it is wrong.
    fn argument(&mut self, param: &Param) -> Option<Argument> {
        let value = self.argument_value(param)?;
        Some(Argument { name: param.name.clone(), value, required: param.required })
    }

    fn argument_value(&mut self, param: &Param) -> Option<ArgumentValue> {
        let (problem, label) = match &param.content {
            ParamContent::Constant(value) => return Some(ArgumentValue::Constant(value.clone())),
            ParamContent::Variable(name) if param.optional && self.known(name).is_none() => return None,
            ParamContent::Variable(name) => return self.find(name, param.span).map(ArgumentValue::Variable),
            ParamContent::Index => return Some(ArgumentValue::Index),
            ParamContent::Information { name, of } => {
                let of = match of {
                    Some(variable) => Some(self.find(variable, param.span)?),
                    None => None,
                };
                let of = of.map(|id| self.schema.path(id).into());
                return Some(ArgumentValue::Information { name: Arc::clone(name), of });
            }
            ParamContent::NoNumber(text) => (
                SchemaError::BadNumber { text: text.to_string() },
                phrase!("at-no-number", "expected a number"),
            ),
            ParamContent::Container(name) => return Some(self.container_address(name)),
            ParamContent::Context => return None,
            // Replaced where a repeated family was made; anywhere else there is no such item.
            ParamContent::Suffix => (
                SchemaError::UnsupportedArgument { kind: "suffix" },
                phrase!("at-no-items", "in no family that is made for items"),
            ),
            ParamContent::Function { .. } => (
                SchemaError::UnsupportedArgument { kind: "function" },
                phrase!("at-no-choice", "only a choice has this"),
            ),
        };
        self.findings.push(Finding::new(problem).at(param.span, label));
        None
    }

    /// The address of one of EOLE's own containers: what EOLE keeps in a variable of the container's name. Nothing on a server
    /// that has none, where `calc_container` then takes the machine's own address.
    fn container_address(&self, name: &str) -> ArgumentValue {
        match self.known(&format!("container_ip_{name}")) {
            Some(id) => ArgumentValue::Variable(id),
            None => ArgumentValue::Constant(Value::None),
        }
    }

    /// Links the choices that this dictionary gives a variable.
    fn choices(&mut self, pending: &Pending) {
        if self.changes.removes(&pending.name, Part::Choices, self.dictionary) {
            return;
        }
        let from = pending.choices.iter().filter_map(|choice| self.choice(choice)).collect();
        let Some(first) = pending.choices.first() else { return };
        let choices = Choices { from, span: first.span };
        self.schema.variable_mut(pending.variable).choices = Some(Box::new(choices));
    }

    fn choice(&mut self, choice: &Param) -> Option<Choice> {
        let ParamContent::Function { name, arguments } = &choice.content else {
            return self.argument_value(choice).map(Choice::Of);
        };
        let callee = self.function(name, choice.span, false)?;
        let arguments = arguments.iter().filter_map(|param| self.argument(param)).collect();
        let number = self.schema.calls.len().try_into().unwrap_or(u32::MAX);
        let name = Arc::clone(name);
        self.schema.calls.push(Call { purpose: Purpose::Fill, name, callee, arguments, span: choice.span });
        Some(Choice::Calculated(number))
    }

    fn condition(&mut self, condition: &dictionary::Condition) {
        let source = self.known(&condition.source.value);
        match (source, condition.fallback) {
            (Some(_), _) | (None, Fallback::Acts) => {}
            (None, Fallback::Nothing) => return,
            (None, Fallback::Refused) => {
                self.find(&condition.source.value, condition.source.span);
                return;
            }
        }
        let values = condition.values.iter().filter_map(|param| self.argument_value(param)).collect();
        let number = self.schema.conditions.len().try_into().unwrap_or(u32::MAX);
        let mut lists = Vec::new();
        for target in &condition.targets {
            match target.kind {
                TargetKind::List(kind) => lists.push(ListTarget {
                    kind,
                    name: Arc::clone(&target.name.value),
                    optional: target.optional,
                    span: target.name.span,
                }),
                TargetKind::Variable => self.aim_at_variable(target, number),
                TargetKind::Family => self.aim_at_family(target, number),
            }
        }
        self.schema.conditions.push(Condition {
            action: condition.action,
            negated: condition.negated,
            source,
            source_name: Arc::clone(&condition.source.value),
            values,
            lists,
            span: condition.span,
        });
    }

    fn aim_at_variable(&mut self, target: &Target, number: u32) {
        let name = &target.name.value;
        if self.changes.removes(name, Part::Conditions, self.dictionary)
            || target.optional && self.known(name).is_none()
        {
            return;
        }
        if let Some(id) = self.find(name, target.name.span) {
            // A leader takes its followers along: they have no life without it.
            self.schema.variable_mut(id).conditions.push(number);
        }
    }

    fn aim_at_family(&mut self, target: &Target, number: u32) {
        if let Some(name) = self.family(&target.name.value) {
            if let Some(family) = self.schema.families.get_mut(&name) {
                family.conditions.push(number);
            }
        } else if !target.optional {
            let name = FamilyName::normalise(&target.name.value);
            let help = meant(name.as_str(), self.schema.families.keys().map(FamilyName::as_str))
                .unwrap_or_else(|| phrase!("define-family", "define the family, or take out what names it"));
            let problem = SchemaError::UnknownFamily { name: target.name.value.to_string(), help };
            self.findings.push(Finding::new(problem).at(
                target.name.span,
                phrase!("at-no-dictionary-defines-this", "no dictionary defines this"),
            ));
        }
    }

    /// The family that `name` names: one of this namespace by its path or its last name, else one by its full path.
    fn family(&self, name: &str) -> Option<FamilyName> {
        let families = &self.schema.families;
        let direct = FamilyName::of_path(&self.namespace, [name]);
        if families.contains_key(&direct) {
            return Some(direct);
        }
        if let Some((space, path)) = name.split_once('.') {
            let path = |namespace| FamilyName::of_path(&namespace, path.split('.'));
            let full = match space {
                "creole" | "rougail" => path(Namespace::Main),
                space => path(Namespace::Extra(space.into())),
            };
            let here = FamilyName::of_path(&self.namespace, name.split('.'));
            return [full, here].into_iter().find(|path| families.contains_key(path));
        }
        let mut inner = families
            .iter()
            .filter(|(path, family)| {
                family.parent.is_some() && family.namespace == self.namespace && path.last() == direct.last()
            })
            .map(|(path, _)| path);
        inner.next().cloned()
    }

    /// The variable of a group's place, for [`group`].
    pub(super) fn role(&self, id: VariableId) -> Role {
        self.schema.variable(id).role
    }
}
