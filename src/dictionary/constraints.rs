//! The section `constraints`.

use super::element::Element;
use super::fields::{Fields, named};
use super::tree::{
    Action, Call, Condition, Constraints, Group, Name, Param, ParamKind, Purpose, Target, TargetKind,
};
use crate::diagnostic::Findings;
use crate::source::Spanned;

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
        slaves.extend(named(child, "the name of a slave", findings));
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
    Some(Call { purpose, function: function?, target: target?, params })
}

fn param(element: &Element, findings: &mut Findings) -> Param {
    const KINDS: &[(&str, ParamKind)] = &[
        ("string", ParamKind::Text),
        ("eole", ParamKind::Variable),
        ("number", ParamKind::Number),
        ("container", ParamKind::Container),
        ("context", ParamKind::Context),
    ];
    let mut fields = Fields::of(element);
    let kind = fields.word("type", KINDS).map_or(ParamKind::Text, |kind| kind.value);
    let name = fields.text("name");
    let optional = fields.truth("optional").unwrap_or(false);
    let hidden = fields.truth("hidden").unwrap_or(true);
    fields.finish(findings);
    Param { kind, name, optional, hidden, text: text_or_empty(element, findings) }
}

/// The text of an element that may be empty, at its start tag then.
fn text_or_empty(element: &Element, findings: &mut Findings) -> Name {
    let (text, span) = element.text(findings);
    Spanned::new(text.to_owned(), if text.is_empty() { element.span } else { span })
}

fn condition(element: &Element, findings: &mut Findings) -> Option<Condition> {
    const ACTIONS: &[(&str, (Action, bool))] = &[
        ("disabled_if_in", (Action::Disable, false)),
        ("disabled_if_not_in", (Action::Disable, true)),
        ("hidden_if_in", (Action::Hide, false)),
        ("hidden_if_not_in", (Action::Hide, true)),
        ("frozen_if_in", (Action::Freeze, false)),
        ("frozen_if_not_in", (Action::Freeze, true)),
        ("mandatory_if_in", (Action::Require, false)),
        ("mandatory_if_not_in", (Action::Require, true)),
    ];
    let mut fields = Fields::of(element);
    let name = fields.required("name").and(fields.word("name", ACTIONS));
    let source = fields.required("source");
    let fallback = fields.truth("fallback").unwrap_or(false);
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

fn target(element: &Element, findings: &mut Findings) -> Option<Target> {
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
        Some(list) => TargetKind::List(list.to_owned()),
    };
    let optional = fields.truth("optional").unwrap_or(false);
    fields.finish(findings);
    named(element, "the name of the target", findings).map(|name| Target { kind, optional, name })
}
