//! Conditions that nothing can make true, values that they do not know, and sets that are empty.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lint, Subject};
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::schema::{ArgumentValue, Condition, VariableId};

/// The texts with which a condition compares, if all of them are constants.
fn wanted(condition: &Condition) -> Option<Vec<String>> {
    let one = |value: &ArgumentValue| match value {
        ArgumentValue::Constant(value) => Some(value.to_string()),
        _ => None,
    };
    condition.values.iter().map(one).collect()
}

/// Conditions whose source can never have a value that makes them hold.
pub(super) fn never(subject: &Subject<'_>, findings: &mut Findings) {
    for condition in subject.schema.conditions() {
        let (Some(source), Some(wanted)) = (condition.source, wanted(condition)) else { continue };
        let variable = subject.schema.variable(source);
        let why = if condition.negated {
            // It holds unless the source has one of the values: all of them are listed, and there is always one.
            let words = subject.words(source).filter(|_| variable.mandatory.is_some());
            words
                .filter(|words| words.iter().all(|word| wanted.contains(word)))
                .map(|_| phrase!("always-listed", "always has one of the values listed"))
        } else {
            let possible = |text: &String| text.is_empty() || variable.kind.parse(text).is_ok();
            let words = subject.words(source);
            let known =
                |text: &String| text.is_empty() || words.as_ref().is_none_or(|words| words.contains(text));
            (!wanted.iter().any(|text| possible(text) && known(text))).then(|| {
                words.as_ref().map_or_else(
                    || {
                        phrase!(
                            "type-lists-none",
                            "is of the type {kind}, which has none of the values listed",
                            kind = variable.kind.to_string()
                        )
                    },
                    |words| phrase!("can-only-be", "can only be {words}", words = words.join(", ")),
                )
            })
        };
        if let Some(why) = why {
            let name = condition.source_name.to_string();
            let finding = Finding::new(Lint::ConditionNeverHolds { name, why });
            let finding = finding.at(condition.span, phrase!("at-this-condition", "this condition"));
            findings.push(finding.related(variable.definition, phrase!("at-its-source", "its source")));
        }
    }
}

/// Values of an enumeration that its conditions, which list others one by one, leave out.
pub(super) fn unexpected(subject: &Subject<'_>, findings: &mut Findings) {
    let mut by_source: BTreeMap<VariableId, Vec<&Condition>> = BTreeMap::new();
    for condition in subject.schema.conditions() {
        if let Some(source) = condition.source {
            by_source.entry(source).or_default().push(condition);
        }
    }
    for (id, conditions) in by_source {
        let on = || conditions.iter().copied();
        // One condition on one word says what is special, and all the rest is usual.
        if conditions.len() < 2 || on().any(|condition| condition.negated) {
            continue;
        }
        let Some(words) = subject.words(id).filter(|words| words.len() > 2) else { continue };
        let Some(listed) = on().map(wanted).collect::<Option<Vec<_>>>() else { continue };
        let listed: BTreeSet<String> = listed.into_iter().flatten().collect();
        let left: Vec<String> = words.iter().filter(|word| !listed.contains(*word)).cloned().collect();
        if listed.len() < 2 || left.is_empty() {
            continue;
        }
        let name = subject.schema.name(id).to_owned();
        let definition = subject.schema.variable(id).definition;
        let finding = Finding::new(Lint::UnexpectedChoice { name, words: left });
        let finding =
            finding.at(definition, phrase!("at-it-can-have-these-values", "it can have these values"));
        findings.push(on().fold(finding, |finding, condition| {
            finding.related(
                condition.span,
                phrase!("at-this-condition-lists-others", "this condition lists others"),
            )
        }));
    }
}

/// Sets that a condition switches and to which nothing belongs.
pub(super) fn lists(subject: &Subject<'_>, findings: &mut Findings) {
    let targets = subject.schema.conditions().iter().flat_map(|condition| &condition.lists);
    for list in targets.filter(|list| !list.optional) {
        if !subject.schema.system().has_list(list.kind, &list.name) {
            let problem = Lint::ListWithoutMembers { kind: list.kind, name: list.name.to_string() };
            findings.push(Finding::new(problem).at(list.span, phrase!("at-this-target", "this target")));
        }
    }
}
