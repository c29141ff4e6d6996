//! The sections `variables` and `help`.

use super::element::Element;
use super::fields::{Fields, named};
use super::tree::{Dictionary, Family, Help, Separator, Variable};
use crate::diagnostic::Findings;
use crate::source::Spanned;
use crate::value::Mode;

const MODES: &[(&str, Mode)] = &[("basic", Mode::Basic), ("normal", Mode::Normal), ("expert", Mode::Expert)];

/// Reads `<variables>`.
pub(super) fn section(element: &Element, dictionary: &mut Dictionary, findings: &mut Findings) {
    for child in element.children("variables", &["family", "separators"], findings) {
        if child.name == "family" {
            dictionary.families.extend(family(child, findings));
        } else {
            separators(child, &mut dictionary.separators, findings);
        }
    }
}

fn family(element: &Element, findings: &mut Findings) -> Option<Family> {
    let mut fields = Fields::of(element);
    let name = fields.required("name");
    let description = fields.text("description");
    let mode = fields.word("mode", MODES);
    let icon = fields.text("icon");
    let hidden = fields.truth("hidden").unwrap_or(false);
    let numbered = fields.text("numbered");
    fields.finish(findings);
    let children = element.children("family", &["variable"], findings);
    let variables = children.into_iter().filter_map(|child| variable(child, findings)).collect();
    Some(Family { name: name?, description, mode, icon, hidden, numbered, variables })
}

fn variable(element: &Element, findings: &mut Findings) -> Option<Variable> {
    let mut fields = Fields::of(element);
    let name = fields.required("name");
    let mut read = Variable {
        name: Spanned::new(String::new(), element.span),
        kind: fields.text("type"),
        description: fields.text("description"),
        multi: fields.truth("multi"),
        mandatory: fields.truth("mandatory"),
        hidden: fields.truth("hidden"),
        mode: fields.word("mode", MODES),
        auto_freeze: fields.truth("auto_freeze"),
        auto_save: fields.truth("auto_save"),
        redefine: fields.truth("redefine").unwrap_or(false),
        exists: fields.truth("exists"),
        remove_check: fields.truth("remove_check").unwrap_or(false),
        remove_condition: fields.truth("remove_condition").unwrap_or(false),
        values: Vec::new(),
    };
    fields.finish(findings);
    for value in element.children("variable", &["value"], findings) {
        Fields::of(value).finish(findings);
        let (text, span) = value.text(findings);
        let span = if text.is_empty() { value.span } else { span };
        read.values.push(Spanned::new(text.to_owned(), span));
    }
    read.name = name?;
    Some(read)
}

fn separators(element: &Element, separators: &mut Vec<Separator>, findings: &mut Findings) {
    Fields::of(element).finish(findings);
    for child in element.children("separators", &["separator"], findings) {
        let mut fields = Fields::of(child);
        let variable = fields.required("name");
        let never_hidden = fields.truth("never_hidden").unwrap_or(false);
        fields.finish(findings);
        let text = child.text(findings).0.to_owned();
        separators.extend(variable.map(|variable| Separator { variable, text, never_hidden }));
    }
}

/// Reads `<help>`.
pub(super) fn help(element: &Element, help: &mut Vec<Help>, findings: &mut Findings) {
    for child in element.children("help", &["variable", "family"], findings) {
        let mut fields = Fields::of(child);
        let name = fields.required("name");
        fields.finish(findings);
        let text = named(child, "the text of the help", findings);
        if let (Some(name), Some(text)) = (name, text) {
            help.push(Help { of_family: child.name == "family", name, text: text.value });
        }
    }
}
