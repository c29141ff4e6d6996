//! The successor's dialect: documents with the root `rougail`, read into the same tree.
//!
//! What differs from EOLE's: families stand in families, a family is a leadership or is made for each item of a variable,
//! choices are elements, a call names its targets as elements, and an expression of the template engine may stand in the
//! place of a function.

use std::sync::Arc;

use super::constraints::{ACTIONS, number, target};
use super::element::Element;
use super::fields::{Fields, text_or_empty};
use super::tree::{
    Call, Condition, Constraints, Dictionary, Fallback, Family, Name, Param, ParamContent, Part, Purpose,
    Repeated, Target, Variable,
};
use super::variables::{MODES, removed};
use crate::diagnostic::Findings;
use crate::source::Spanned;
use crate::value::Value;

/// Reads the sections of the document `root` into `dictionary`.
pub(super) fn document(root: &Element, dictionary: &mut Dictionary, findings: &mut Findings) {
    let mut fields = Fields::of(root);
    let _ = fields.word("version", &[("0.10", ())]);
    fields.finish(findings);
    for section in root.children("rougail", &["variables", "constraints"], findings) {
        Fields::of(section).finish(findings);
        if section.name == "variables" {
            let outside = Surroundings { within: Vec::new(), repeated: None };
            members(
                section,
                &Family::new(Spanned::new("".into(), section.span)),
                &outside,
                dictionary,
                findings,
            );
        } else {
            constraints(section, &mut dictionary.constraints, findings);
        }
    }
}

/// The families in which something stands.
#[derive(Clone)]
struct Surroundings {
    within: Vec<Name>,
    repeated: Option<Repeated>,
}

/// Reads what `element` holds: the variables of `family` up to the next family in it, that family, and so on, so
/// that the order of the document is kept.
fn members(
    element: &Element,
    family: &Family,
    around: &Surroundings,
    dictionary: &mut Dictionary,
    findings: &mut Findings,
) {
    let inside = Surroundings {
        within: around
            .within
            .iter()
            .chain(Some(&family.name).filter(|name| !name.value.is_empty()))
            .cloned()
            .collect(),
        repeated: family.repeated.clone(),
    };
    let again = || Family {
        within: around.within.clone(),
        repeated: family.repeated.clone(),
        ..Family::new(family.name.clone())
    };
    let mut open = Family { within: around.within.clone(), ..family.clone() };
    for child in element.children(element.name, &["family", "variable"], findings) {
        if child.name == "variable" {
            open.variables.extend(variable(child, findings));
            continue;
        }
        dictionary.families.push(std::mem::replace(&mut open, again()));
        if let Some(inner) = read_family(child, &inside, findings) {
            members(child, &inner, &inside, dictionary, findings);
        }
    }
    dictionary.families.push(open);
}

fn read_family(element: &Element, around: &Surroundings, findings: &mut Findings) -> Option<Family> {
    let mut fields = Fields::of(element);
    let name = fields.required("name");
    let by = fields.text("dynamic");
    let read = Family {
        description: fields.text("description"),
        mode: fields.word("mode", MODES),
        hidden: fields.truth("hidden"),
        disabled: fields.truth("disabled"),
        leadership: fields.truth("leadership"),
        help: fields.text("help").map(|help| help.value),
        repeated: by.map(|by| Repeated { by, appended: true }).or_else(|| around.repeated.clone()),
        ..Family::new(Spanned::new("".into(), element.span))
    };
    let _ = fields.truth("redefine");
    fields.finish(findings);
    Some(Family { name: name?, ..read })
}

/// The words for what a redefinition takes away.
const REMOVES: &[(&str, Part)] = &[
    ("remove_check", Part::Checks),
    ("remove_condition", Part::Conditions),
    ("remove_fill", Part::Calculation),
    ("remove_choice", Part::Choices),
];

fn variable(element: &Element, findings: &mut Findings) -> Option<Variable> {
    let mut fields = Fields::of(element);
    let name = fields.required("name");
    let mut read = Variable {
        kind: fields.text("type"),
        description: fields.text("description"),
        multi: fields.truth("multi"),
        mandatory: fields.truth("mandatory"),
        hidden: fields.truth("hidden"),
        disabled: fields.truth("disabled"),
        unique: fields.truth("unique"),
        mode: fields.word("mode", MODES),
        auto_freeze: fields.truth("auto_freeze"),
        auto_save: fields.truth("auto_save"),
        redefine: fields.truth("redefine").unwrap_or(false),
        exists: fields.truth("exists"),
        removes: removed(&mut fields, REMOVES),
        help: fields.text("help").map(|help| help.value),
        ..Variable::new(Spanned::new("".into(), element.span))
    };
    // What other tools of the peer use: a provider's name, values for tests.
    let _ = (fields.text("provider"), fields.text("test"));
    fields.finish(findings);
    let mut numbers = false;
    for child in element.children("variable", &["value", "choice"], findings) {
        if child.name == "choice" {
            read.choices.push(choice(child, findings));
        } else {
            numbers |= value(child, &mut read.values, findings);
        }
    }
    read.kind = read.kind.map(|kind| closed(kind, &read.choices, numbers));
    read.name = name?;
    settle_boolean(&mut read);
    Some(read)
}

/// A boolean of which nothing is said is true, as the peer has it.
fn settle_boolean(variable: &mut Variable) {
    let is_boolean = variable.kind.as_ref().is_some_and(|kind| kind.value.as_ref() == "boolean");
    if is_boolean && variable.values.is_empty() && variable.multi != Some(true) && !variable.redefine {
        variable.values.push(Spanned::new("True".into(), variable.name.span));
    }
}

/// The type of the values of a `choice`: numbers if those it is closed to are.
fn closed(kind: Name, choices: &[Param], numbers: bool) -> Name {
    if kind.value.as_ref() != "choice" {
        return kind;
    }
    let is_number = |choice: &Param| matches!(choice.content, ParamContent::Constant(Value::Number(_)));
    let all = !choices.is_empty() && choices.iter().all(is_number);
    Spanned::new(if all || numbers { "number" } else { "string" }.into(), kind.span)
}

/// Reads a default into `values`; says whether it is one by type.
fn value(element: &Element, values: &mut Vec<Name>, findings: &mut Findings) -> bool {
    let mut fields = Fields::of(element);
    let words = [("string", false), ("boolean", false), ("nil", false), ("number", true)];
    let number = fields.word("type", &words).is_some_and(|word| word.value);
    fields.finish(findings);
    values.push(text_or_empty(element, findings));
    number
}

/// How the text of a parameter is to be read.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Boolean,
    Nil,
    Space,
    Variable,
    Function,
    Information,
    Index,
    Suffix,
}

fn choice(element: &Element, findings: &mut Findings) -> Param {
    const KINDS: &[(&str, Kind)] = &[
        ("string", Kind::Text),
        ("number", Kind::Number),
        ("boolean", Kind::Boolean),
        ("nil", Kind::Nil),
        ("space", Kind::Space),
        ("variable", Kind::Variable),
        ("function", Kind::Function),
    ];
    let mut fields = Fields::of(element);
    let kind = fields.word("type", KINDS).map_or(Kind::Text, |kind| kind.value);
    let name = fields.text("name").map(|name| name.value);
    fields.finish(findings);
    if let Kind::Function = kind {
        let params = element.children("choice", &["param"], findings);
        let arguments = params.into_iter().map(|child| param(child, findings)).collect();
        let content = ParamContent::Function { name: name.unwrap_or_default(), arguments };
        return Param { content, name: None, optional: false, required: true, span: element.span };
    }
    let text = text_or_empty(element, findings);
    let content = content(kind, text.value, None);
    Param { content, name: None, optional: false, required: true, span: text.span }
}

fn param(element: &Element, findings: &mut Findings) -> Param {
    const KINDS: &[(&str, Kind)] = &[
        ("string", Kind::Text),
        ("number", Kind::Number),
        ("boolean", Kind::Boolean),
        ("nil", Kind::Nil),
        ("space", Kind::Space),
        ("variable", Kind::Variable),
        ("information", Kind::Information),
        ("index", Kind::Index),
        ("suffix", Kind::Suffix),
    ];
    let mut fields = Fields::of(element);
    let kind = fields.word("type", KINDS).map_or(Kind::Text, |kind| kind.value);
    let name = fields.text("name").map(|name| name.value);
    let of = fields.text("variable").map(|name| name.value);
    let optional = fields.truth("optional").unwrap_or(false);
    let required = fields.truth("propertyerror").unwrap_or(true);
    fields.finish(findings);
    let text = text_or_empty(element, findings);
    Param { content: content(kind, text.value, of), name, optional, required, span: text.span }
}

fn content(kind: Kind, text: Arc<str>, of: Option<Arc<str>>) -> ParamContent {
    match kind {
        Kind::Text => ParamContent::Constant(Value::Text(text.as_ref().to_owned())),
        Kind::Space => ParamContent::Constant(Value::from(" ")),
        Kind::Nil => ParamContent::Constant(Value::None),
        Kind::Boolean => ParamContent::Constant(Value::Boolean(text.as_ref() == "True")),
        Kind::Number => number(&text),
        Kind::Variable => ParamContent::Variable(text),
        Kind::Function => ParamContent::Function { name: text, arguments: Vec::new() },
        Kind::Information => ParamContent::Information { name: text, of },
        Kind::Index => ParamContent::Index,
        Kind::Suffix => ParamContent::Suffix,
    }
}

fn constraints(element: &Element, constraints: &mut Constraints, findings: &mut Findings) {
    for child in element.children("constraints", &["fill", "check", "condition"], findings) {
        if child.name == "condition" {
            constraints.conditions.extend(condition(child, findings));
        } else {
            call(child, &mut constraints.calls, findings);
        }
    }
}

/// Reads a fill or check: one call for each of its targets.
fn call(element: &Element, calls: &mut Vec<Call>, findings: &mut Findings) {
    let mut fields = Fields::of(element);
    let function = fields.required("name");
    let expression =
        fields.word("type", &[("function", false), ("jinja", true)]).is_some_and(|word| word.value);
    let purpose = if element.name == "fill" {
        Purpose::Fill
    } else {
        let levels = [("error", Purpose::Check), ("warning", Purpose::Warn)];
        fields.word("level", &levels).map_or(Purpose::Check, |level| level.value)
    };
    fields.finish(findings);
    let (params, targets) = split(element, findings);
    let Some(function) = function else { return };
    for Target { name, optional, .. } in targets {
        let (function, params) = (function.clone(), params.clone());
        calls.push(Call { purpose, function, expression, target: name, optional, params });
    }
}

fn split(element: &Element, findings: &mut Findings) -> (Vec<Param>, Vec<Target>) {
    let (mut params, mut targets) = (Vec::new(), Vec::new());
    for child in element.children(element.name, &["param", "target"], findings) {
        if child.name == "param" {
            params.push(param(child, findings));
        } else {
            targets.extend(target(child, findings));
        }
    }
    (params, targets)
}

fn condition(element: &Element, findings: &mut Findings) -> Option<Condition> {
    let mut fields = Fields::of(element);
    let name = fields.required("name").and(fields.word("name", ACTIONS));
    let source = fields.required("source");
    let optional = fields.truth("optional").unwrap_or(false);
    let applies = fields.truth("apply_on_fallback").unwrap_or(true);
    fields.finish(findings);
    let fallback = match (optional, applies) {
        (false, _) => Fallback::Refused,
        (true, true) => Fallback::Acts,
        (true, false) => Fallback::Nothing,
    };
    let (values, targets) = split(element, findings);
    let (action, negated) = name?.value;
    Some(Condition { action, negated, source: source?, fallback, values, targets, span: element.span })
}
