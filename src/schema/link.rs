//! Constraints: every name that they hold looked up, and attached to what it concerns.

use std::borrow::Borrow;

use super::model::{Argument, ArgumentValue, Call, Condition, Role, Schema, VariableId};
use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::dictionary::{self, Constraints, Dictionary, Name, Param, ParamKind, Purpose, Target, TargetKind};
use crate::function;
use crate::source::Spanned;
use crate::value::{Value, VariableType};

/// Links the constraints of `dictionaries`, in their order, into `schema`.
pub(super) fn constraints(
    dictionaries: &[impl Borrow<Dictionary>],
    schema: &mut Schema,
    findings: &mut Findings,
) {
    let removed = removals(dictionaries);
    let all = || dictionaries.iter().map(|dictionary| &dictionary.borrow().constraints);
    for group in all().flat_map(|constraints| &constraints.groups) {
        link_group(group, schema, findings);
    }
    for (index, constraints) in all().enumerate() {
        link_calls(constraints, index, &removed, schema, findings);
        for condition in &constraints.conditions {
            link_condition(condition, index, &removed, schema, findings);
        }
    }
    raise_slave_modes(schema);
}

/// What redefinitions take away: the variable, the number of the dictionary that says so, checks and conditions.
struct Removal<'a> {
    name: &'a str,
    by: usize,
    checks: bool,
    conditions: bool,
}

fn removals(dictionaries: &[impl Borrow<Dictionary>]) -> Vec<Removal<'_>> {
    let mut removals = Vec::new();
    for (by, dictionary) in dictionaries.iter().enumerate() {
        let variables = dictionary.borrow().families.iter().flat_map(|family| &family.variables);
        for variable in variables.filter(|variable| variable.remove_check || variable.remove_condition) {
            let (checks, conditions) = (variable.remove_check, variable.remove_condition);
            removals.push(Removal { name: &variable.name.value, by, checks, conditions });
        }
    }
    removals
}

/// Looks `name` up; a finding where it is unknown.
fn find(name: &Name, schema: &Schema, findings: &mut Findings) -> Option<VariableId> {
    let found = schema.find(&name.value);
    if found.is_none() {
        let help = nearest(&name.value, schema.names()).map_or_else(
            || "define the variable, or take out what names it".to_owned(),
            |near| format!("write `{near}` if that is what you mean"),
        );
        let problem = SchemaError::UnknownVariable { name: name.value.clone(), help };
        findings.push(Finding::new(problem).at(name.span, "no dictionary defines this"));
    }
    found
}

fn link_group(group: &dictionary::Group, schema: &mut Schema, findings: &mut Findings) {
    let master = find(&group.master, schema, findings);
    if let Some(master) = master {
        let variable = schema.variable_mut(master);
        if matches!(variable.role, Role::Slave(_)) {
            let problem = SchemaError::MasterIsSlave { name: group.master.value.clone() };
            findings.push(Finding::new(problem).at(group.master.span, "already a slave"));
        } else if !variable.multi {
            let problem = SchemaError::MasterNotMulti { name: group.master.value.clone() };
            let finding = Finding::new(problem).at(group.master.span, "leads this group");
            findings.push(finding.related(variable.definition, "defined here without multi='True'"));
        }
        variable.role = Role::Master;
    }
    for slave in &group.slaves {
        if let (Some(id), Some(master)) = (find(slave, schema, findings), master) {
            enslave(id, master, slave, schema, findings);
        }
    }
}

/// Makes `id` a slave of `master`.
fn enslave(id: VariableId, master: VariableId, name: &Name, schema: &mut Schema, findings: &mut Findings) {
    match schema.variable(id).role {
        Role::Slave(first) if first == master => {}
        Role::Slave(first) => {
            let (first, second) = (schema.name(first).to_owned(), schema.name(master).to_owned());
            let problem = SchemaError::SlaveOfTwoMasters { slave: name.value.clone(), first, second };
            findings.push(Finding::new(problem).at(name.span, "a slave already"));
        }
        Role::Master => {
            let problem = SchemaError::MasterIsSlave { name: name.value.clone() };
            findings.push(Finding::new(problem).at(name.span, "a master already"));
        }
        Role::Alone => schema.variable_mut(id).role = Role::Slave(master),
    }
}

/// A slave is never shown before its master.
fn raise_slave_modes(schema: &mut Schema) {
    for id in schema.ids() {
        if let Role::Slave(master) = schema.variable(id).role {
            let least = schema.variable(master).mode;
            let slave = schema.variable_mut(id);
            slave.mode = slave.mode.max(least);
        }
    }
}

fn link_calls(
    constraints: &Constraints,
    index: usize,
    removed: &[Removal<'_>],
    schema: &mut Schema,
    findings: &mut Findings,
) {
    for call in &constraints.calls {
        let is_check = matches!(call.purpose, Purpose::Check | Purpose::Warn);
        let dropped = removed
            .iter()
            .any(|removal| removal.checks && index < removal.by && removal.name == call.target.value);
        if is_check && dropped {
            continue;
        }
        let target = find(&call.target, schema, findings);
        let linked = link_call(call, schema, findings);
        if let (Some(target), Some(linked)) = (target, linked) {
            attach(target, call, linked, schema, findings);
        }
    }
}

fn attach(
    target: VariableId,
    call: &dictionary::Call,
    linked: Call,
    schema: &mut Schema,
    findings: &mut Findings,
) {
    let number = schema.calls.len();
    let earlier = schema.variable(target).calculation.map(|index| schema.calls[index].span);
    let variable = schema.variable_mut(target);
    match (call.purpose, earlier) {
        (Purpose::Check | Purpose::Warn, _) => variable.checks.push(number),
        (Purpose::Fill | Purpose::Auto, None) => variable.calculation = Some(number),
        (Purpose::Fill | Purpose::Auto, Some(first)) => {
            let problem = SchemaError::CalculatedTwice { name: call.target.value.clone() };
            let finding = Finding::new(problem).at(call.target.span, "calculated a second time here");
            findings.push(finding.related(first, "first calculated here"));
        }
    }
    schema.calls.push(linked);
}

fn link_call(call: &dictionary::Call, schema: &Schema, findings: &mut Findings) -> Option<Call> {
    let Some(function) = function::find(&call.function.value) else {
        let help = nearest(&call.function.value, function::names()).map_or_else(
            || "call one of the functions of the dialect".to_owned(),
            |near| format!("write `{near}` if that is what you mean"),
        );
        let problem = SchemaError::UnknownFunction { name: call.function.value.clone(), help };
        findings.push(Finding::new(problem).at(call.function.span, "no such function"));
        return None;
    };
    let is_check = matches!(call.purpose, Purpose::Check | Purpose::Warn);
    if is_check != function.is_check() {
        let does = if is_check { "calculates a value" } else { "checks a value" };
        let problem = SchemaError::WrongPurpose { name: call.function.value.clone(), does };
        findings.push(Finding::new(problem).at(call.function.span, "not for this"));
        return None;
    }
    let arguments = call.params.iter().filter_map(|param| argument(param, schema, findings)).collect();
    Some(Call { purpose: call.purpose, function, arguments, span: call.function.span })
}

/// Reads an argument; none if it is optional and its variable unknown, or if it is wrong.
fn argument(param: &Param, schema: &Schema, findings: &mut Findings) -> Option<Argument> {
    let value = argument_value(param, schema, findings)?;
    let name = param.name.as_ref().map(|name| name.value.clone());
    Some(Argument { name, value, required: param.hidden })
}

fn argument_value(param: &Param, schema: &Schema, findings: &mut Findings) -> Option<ArgumentValue> {
    let constant = |value| Some(ArgumentValue::Constant(Spanned::new(value, param.text.span)));
    let unsupported =
        |kind| Finding::new(SchemaError::UnsupportedArgument { kind }).at(param.text.span, "this argument");
    match param.kind {
        ParamKind::Number if VariableType::Float.parse(&param.text.value).is_err() => {
            let problem = SchemaError::BadNumber { text: param.text.value.clone() };
            findings.push(Finding::new(problem).at(param.text.span, "expected a number"));
            None
        }
        ParamKind::Text | ParamKind::Number => constant(Value::from(param.text.value.as_str())),
        ParamKind::Variable if param.optional && schema.find(&param.text.value).is_none() => None,
        ParamKind::Variable => find(&param.text, schema, findings).map(ArgumentValue::Variable),
        ParamKind::Container => {
            findings.push(unsupported("container"));
            None
        }
        ParamKind::Context => {
            findings.push(unsupported("context"));
            None
        }
    }
}

fn link_condition(
    condition: &dictionary::Condition,
    index: usize,
    removed: &[Removal<'_>],
    schema: &mut Schema,
    findings: &mut Findings,
) {
    let source = schema.find(&condition.source.value);
    if source.is_none() && !condition.fallback {
        find(&condition.source, schema, findings);
        return;
    }
    let values =
        condition.values.iter().filter_map(|param| argument_value(param, schema, findings)).collect();
    let number = schema.conditions.len();
    let mut lists = Vec::new();
    for target in &condition.targets {
        let dropped = removed
            .iter()
            .any(|removal| removal.conditions && index < removal.by && removal.name == target.name.value);
        match &target.kind {
            TargetKind::List(attribute) => lists.push((attribute.clone(), target.name.value.clone())),
            TargetKind::Variable if dropped => {}
            TargetKind::Variable => aim_at_variable(target, number, schema, findings),
            TargetKind::Family => aim_at_family(target, number, schema, findings),
        }
    }
    schema.conditions.push(Condition {
        action: condition.action,
        negated: condition.negated,
        source,
        source_name: condition.source.value.clone(),
        values,
        lists,
        span: condition.span,
    });
}

fn aim_at_variable(target: &Target, number: usize, schema: &mut Schema, findings: &mut Findings) {
    if target.optional && schema.find(&target.name.value).is_none() {
        return;
    }
    if let Some(id) = find(&target.name, schema, findings) {
        schema.variable_mut(id).conditions.push(number);
    }
}

fn aim_at_family(target: &Target, number: usize, schema: &mut Schema, findings: &mut Findings) {
    let name = FamilyName::normalise(&target.name.value);
    if let Some(family) = schema.families.get_mut(&name) {
        family.conditions.push(number);
    } else if !target.optional {
        let help = nearest(name.as_str(), schema.families.keys().map(FamilyName::as_str)).map_or_else(
            || "define the family, or take out what names it".to_owned(),
            |near| format!("write `{near}` if that is what you mean"),
        );
        let problem = SchemaError::UnknownFamily { name: target.name.value.clone(), help };
        findings.push(Finding::new(problem).at(target.name.span, "no dictionary defines this"));
    }
}
