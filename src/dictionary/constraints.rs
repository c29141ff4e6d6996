//! The section `constraints`.

use std::sync::Arc;

use super::element::Element;
use super::fields::{Fields, named, text_or_empty};
use super::tree::{
    Action, Call, Condition, Constraints, Fallback, Group, Param, ParamContent, Purpose, Target, TargetKind,
};
use crate::diagnostic::Findings;
use crate::phrase;
use crate::value::{Value, VariableType};

/// Reads `<constraints>`.
pub(super) fn section(element: &Element, constraints: &mut Constraints, findings: &mut Findings) {
    let known = ["group", "fill", "auto", "check", "condition"];
    for child in element.children("constraints", &known, findings) {
        match child.name {
            "group" => constraints.groups.extend(group(child, findings)),
            "condition" => constraints.conditions.extend(condition(child, findings)),
            _ => constraints.calls.extend(call(child, findings)),
        }
    }
}

fn group(element: &Element, findings: &mut Findings) -> Option<Group> {
    let mut fields = Fields::of(element);
    let master = fields.required("master");
    fields.finish(findings);
    let mut slaves = Vec::new();
    for child in element.children("group", &["slave"], findings) {
        Fields::of(child).finish(findings);
        slaves.extend(named(child, phrase!("be-slave-name", "the name of a slave"), findings));
    }
    Some(Group { master: master?, slaves })
}

fn call(element: &Element, findings: &mut Findings) -> Option<Call> {
    let mut fields = Fields::of(element);
    let function = fields.required("name");
    let target = fields.required("target");
    let purpose = match element.name {
        "fill" => Purpose::Fill,
        "auto" => Purpose::Auto,
        _ => {
            let levels = [("error", Purpose::Check), ("warning", Purpose::Warn)];
            fields.word("level", &levels).map_or(Purpose::Check, |level| level.value)
        }
    };
    fields.finish(findings);
    let children = element.children(element.name, &["param"], findings);
    let params = children.into_iter().map(|child| param(child, findings)).collect();
    Some(Call { purpose, function: function?, expression: false, target: target?, optional: false, params })
}

fn param(element: &Element, findings: &mut Findings) -> Param {
    const KINDS: &[(&str, Kind)] = &[
        ("string", Kind::Text),
        ("eole", Kind::Variable),
        ("number", Kind::Number),
        ("container", Kind::Container),
        ("context", Kind::Context),
    ];
    let mut fields = Fields::of(element);
    let kind = fields.word("type", KINDS).map_or(Kind::Text, |kind| kind.value);
    let name = fields.text("name").map(|name| name.value);
    let optional = fields.truth("optional").unwrap_or(false);
    let required = fields.truth("hidden").unwrap_or(true);
    fields.finish(findings);
    let text = text_or_empty(element, findings);
    let content = match kind {
        Kind::Text => ParamContent::Constant(Value::Text(text.value.as_ref().to_owned())),
        Kind::Variable => ParamContent::Variable(text.value),
        Kind::Number => number(&text.value),
        Kind::Container => ParamContent::Container(text.value),
        Kind::Context => ParamContent::Context,
    };
    Param { content, name, optional, required, span: text.span }
}

/// How the text of an argument is to be read.
#[derive(Clone, Copy)]
enum Kind {
    /// As it is.
    Text,
    /// As the name of a variable, whose value it is.
    Variable,
    /// As a number.
    Number,
    /// As one of EOLE's own containers.
    Container,
    /// As something of the call's context.
    Context,
}

/// The number that `text` writes, with a fraction or without.
pub(super) fn number(text: &Arc<str>) -> ParamContent {
    let read = VariableType::Number.parse(text).or_else(|_| VariableType::Float.parse(text));
    match read {
        Ok(Value::None) | Err(_) => ParamContent::NoNumber(Arc::clone(text)),
        Ok(number) => ParamContent::Constant(number),
    }
}

/// The words for what a condition does, and whether it does so when its source has none of the values.
pub(super) const ACTIONS: &[(&str, (Action, bool))] = &[
    ("disabled_if_in", (Action::Disable, false)),
    ("disabled_if_not_in", (Action::Disable, true)),
    ("hidden_if_in", (Action::Hide, false)),
    ("hidden_if_not_in", (Action::Hide, true)),
    ("frozen_if_in", (Action::Freeze, false)),
    ("frozen_if_not_in", (Action::Freeze, true)),
    ("mandatory_if_in", (Action::Require, false)),
    ("mandatory_if_not_in", (Action::Require, true)),
];

fn condition(element: &Element, findings: &mut Findings) -> Option<Condition> {
    let mut fields = Fields::of(element);
    let name = fields.required("name").and(fields.word("name", ACTIONS));
    let source = fields.required("source");
    let falls_back = fields.truth("fallback").unwrap_or(false);
    let fallback = if falls_back { Fallback::Acts } else { Fallback::Refused };
    fields.finish(findings);
    let (mut values, mut targets) = (Vec::new(), Vec::new());
    for child in element.children("condition", &["param", "target"], findings) {
        if child.name == "param" {
            values.push(param(child, findings));
        } else {
            targets.extend(target(child, findings));
        }
    }
    let (action, negated) = name?.value;
    Some(Condition { action, negated, source: source?, fallback, values, targets, span: element.span })
}

/// Reads a target.
pub(super) fn target(element: &Element, findings: &mut Findings) -> Option<Target> {
    const KINDS: &[(&str, &str)] = &[
        ("variable", "variable"),
        ("family", "family"),
        ("filelist", "filelist"),
        ("servicelist", "servicelist"),
        ("packagelist", "packagelist"),
        ("interfacelist", "interfacelist"),
        ("hostlist", "hostlist"),
        ("fstablist", "fstablist"),
        ("service_accesslist", "service_accesslist"),
        ("service_restrictionlist", "service_restrictionlist"),
    ];
    let mut fields = Fields::of(element);
    let kind = match fields.word("type", KINDS).map(|kind| kind.value) {
        None | Some("variable") => TargetKind::Variable,
        Some("family") => TargetKind::Family,
        Some(list) => TargetKind::List(list),
    };
    let optional = fields.truth("optional").unwrap_or(false);
    fields.finish(findings);
    named(element, phrase!("be-target-name", "the name of the target"), findings).map(|name| Target {
        kind,
        optional,
        name,
    })
}
