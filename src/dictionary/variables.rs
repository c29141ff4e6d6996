//! The sections `variables` and `help`.

use super::element::Element;
use super::fields::{Fields, named, text_or_empty};
use super::tree::{Dictionary, Family, Help, Part, Repeated, Separator, Variable};
use crate::diagnostic::Findings;
use crate::phrase;
use crate::source::Spanned;
use crate::value::Mode;

/// The words for modes.
pub(super) const MODES: &[(&str, Mode)] =
    &[("basic", Mode::Basic), ("normal", Mode::Normal), ("expert", Mode::Expert)];

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
    let hidden = fields.truth("hidden");
    let repeated = fields.text("numbered").map(|by| Repeated { by, appended: false });
    fields.finish(findings);
    let children = element.children("family", &["variable"], findings);
    let mut variables: Vec<Variable> =
        children.into_iter().filter_map(|child| variable(child, findings)).collect();
    // There may be very many families, and a growing list has room for more than it holds.
    variables.shrink_to_fit();
    Some(Family { description, mode, icon, hidden, repeated, variables, ..Family::new(name?) })
}

fn variable(element: &Element, findings: &mut Findings) -> Option<Variable> {
    let mut fields = Fields::of(element);
    let name = fields.required("name");
    let mut read = Variable {
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
        removes: removed(
            &mut fields,
            &[("remove_check", Part::Checks), ("remove_condition", Part::Conditions)],
        ),
        ..Variable::new(Spanned::new("".into(), element.span))
    };
    fields.finish(findings);
    for value in element.children("variable", &["value"], findings) {
        Fields::of(value).finish(findings);
        read.values.push(text_or_empty(value, findings));
    }
    read.name = name?;
    Some(read)
}

/// What the attributes in `words` that are `True` take away.
pub(super) fn removed(fields: &mut Fields<'_, '_>, words: &[(&'static str, Part)]) -> Vec<Part> {
    words.iter().filter(|(word, _)| fields.truth(word) == Some(true)).map(|(_, part)| *part).collect()
}

fn separators(element: &Element, separators: &mut Vec<Separator>, findings: &mut Findings) {
    Fields::of(element).finish(findings);
    for child in element.children("separators", &["separator"], findings) {
        let mut fields = Fields::of(child);
        let variable = fields.required("name");
        let never_hidden = fields.truth("never_hidden").unwrap_or(false);
        fields.finish(findings);
        let text = child.text(findings).0.clone();
        separators.extend(variable.map(|variable| Separator { variable, text, never_hidden }));
    }
}

/// Reads `<help>`.
pub(super) fn help(element: &Element, help: &mut Vec<Help>, findings: &mut Findings) {
    for child in element.children("help", &["variable", "family"], findings) {
        let mut fields = Fields::of(child);
        let name = fields.required("name");
        fields.finish(findings);
        let text = named(child, phrase!("be-help-text", "the text of the help"), findings);
        if let (Some(name), Some(text)) = (name, text) {
            help.push(Help { of_family: child.name == "family", name, text: text.value });
        }
    }
}
