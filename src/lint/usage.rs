//! Who uses variables: constraints, templates and run specs.

use std::collections::BTreeSet;

use super::{Lint, Subject};
use crate::diagnostic::{Finding, Findings, meant};
use crate::dictionary::Purpose;
use crate::front::VARIABLES;
use crate::nodes;
use crate::phrase;
use crate::schema::{ArgumentValue, Callee, Role, VariableId};
use crate::template::NameUse;

/// What `render` gives templates beside the variables.
const GIVEN: [&str; 6] = ["container", "containers", "front", "snapshot", "config", "file"];

/// Variables that nothing, or nothing but checks and groups, uses.
pub(super) fn variables(subject: &Subject<'_>, findings: &mut Findings) {
    let (mut read, mut known) = (BTreeSet::new(), BTreeSet::new());
    constraints(subject, &mut read, &mut known);
    let named: BTreeSet<String> = subject.templates.uses().into_iter().map(|used| used.name).collect();
    let leading = leading(subject, &read, &named);
    for id in subject.schema.ids() {
        let name = subject.schema.name(id);
        let used = read.contains(&id)
            || leading.contains(&id)
            || named.contains(name)
            || subject.schema.is_structural(name)
            || is_of_a_container(subject, name)
            || VARIABLES.contains(&name)
            || nodes::VARIABLES.contains(&name);
        if used {
            continue;
        }
        let variable = subject.schema.variable(id);
        let grouped = variable.role != Role::Alone || !variable.checks.is_empty() || known.contains(&id);
        let name = name.to_owned();
        let problem = if grouped { Lint::NotInTemplates { name } } else { Lint::UnusedVariable { name } };
        findings
            .push(Finding::new(problem).at(variable.definition, phrase!("at-defined-here", "defined here")));
    }
}

/// The variables that conditions and calculations read, and those that checks look at.
fn constraints(subject: &Subject<'_>, read: &mut BTreeSet<VariableId>, known: &mut BTreeSet<VariableId>) {
    let schema = subject.schema;
    for condition in schema.conditions() {
        read.extend(condition.source);
        read.extend(condition.values.iter().filter_map(ArgumentValue::variable));
    }
    for id in schema.ids() {
        let variable = schema.variable(id);
        for call in variable.calculation.iter().chain(&variable.checks).map(|index| schema.call(*index)) {
            let arguments = call.arguments.iter().filter_map(|argument| argument.value.variable());
            match (call.purpose, &call.callee) {
                (Purpose::Fill | Purpose::Auto, _) | (_, Callee::Expression(_)) => read.extend(arguments),
                _ => known.extend(arguments),
            }
        }
    }
}

/// Whether a variable is one of a container's: its templates see all of them.
fn is_of_a_container(subject: &Subject<'_>, name: &str) -> bool {
    let Some(rest) = name.strip_prefix("conteneur") else { return false };
    let ends = rest.match_indices('_').map(|(end, _)| &rest[..end]);
    ends.into_iter().any(|key| subject.schema.find(&format!("conteneur{key}_url")).is_some())
}

/// The masters of slaves that are used: their items are then used too.
fn leading(
    subject: &Subject<'_>,
    read: &BTreeSet<VariableId>,
    named: &BTreeSet<String>,
) -> BTreeSet<VariableId> {
    let schema = subject.schema;
    let slaves = schema.ids().filter_map(|id| match schema.variable(id).role {
        Role::Slave(master) => Some((id, master)),
        Role::Alone | Role::Master => None,
    });
    let used = slaves.filter(|(id, _)| read.contains(id) || named.contains(schema.name(*id)));
    used.map(|(_, master)| master).collect()
}

/// Templates that name what is not there, or what may not be there.
pub(super) fn templates(subject: &Subject<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for used in subject.templates.uses() {
        if used.asked || GIVEN.contains(&used.name.as_str()) {
            continue;
        }
        let problem = match subject.schema.find(&used.name) {
            None => unknown(subject, &used),
            Some(id) if may_be_disabled(subject, id) => {
                Lint::TemplateDisabledVariable { template: used.template.clone(), name: used.name.clone() }
            }
            Some(_) => continue,
        };
        let first = told.insert((used.template, used.name));
        if first {
            findings.push(Finding::new(problem).at(used.span, phrase!("at-used-here", "used here")));
        }
    }
}

fn unknown(subject: &Subject<'_>, used: &NameUse) -> Lint {
    let help = meant(&used.name, subject.schema.names())
        .unwrap_or_else(|| phrase!("define-or-ask", "define it in a dictionary, or ask `is defined`"));
    Lint::TemplateUnknownVariable { template: used.template.clone(), name: used.name.clone(), help }
}

/// Whether some condition, or its family's, can disable a variable.
fn may_be_disabled(subject: &Subject<'_>, id: VariableId) -> bool {
    let schema = subject.schema;
    let variable = schema.variable(id);
    let families = schema.families_of(variable.family);
    let conditions = families.flat_map(|family| &family.conditions).chain(&variable.conditions);
    let disables = |index: &u32| schema.condition(*index).action == crate::dictionary::Action::Disable;
    let master = match variable.role {
        Role::Slave(master) => may_be_disabled(subject, master),
        Role::Alone | Role::Master => false,
    };
    master || variable.disabled.is_some() || conditions.into_iter().any(disables)
}
