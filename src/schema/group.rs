//! Groups: a master, and slaves that have one value for each of its items.

use super::SchemaError;
use super::link::Linker;
use super::model::{FamilyId, Role, Schema, VariableId};
use crate::diagnostic::Finding;
use crate::dictionary;
use crate::phrase;
use crate::source::Span;

/// Links `group`.
pub(super) fn link(group: &dictionary::Group, linker: &mut Linker<'_>) {
    let master = linker.find(&group.master.value, group.master.span);
    if let Some(master) = master {
        lead(master, group.master.span, linker);
    }
    for slave in &group.slaves {
        if let (Some(id), Some(master)) = (linker.find(&slave.value, slave.span), master) {
            enslave(id, master, slave.span, linker);
        }
    }
}

/// Makes the first variable of each leadership its master, and the others its slaves.
pub(super) fn leaderships(linker: &mut Linker<'_>) {
    if linker.schema.families.values().all(|family| !family.leadership) {
        return;
    }
    let mut leaders: Vec<(FamilyId, VariableId)> = Vec::new();
    for id in linker.schema.ids() {
        let family = linker.schema.variable(id).family;
        if !linker.schema.family(family).leadership {
            continue;
        }
        let span = linker.schema.variable(id).definition;
        if let Some((_, master)) = leaders.iter().find(|(led, _)| *led == family) {
            enslave(id, *master, span, linker);
        } else {
            lead(id, span, linker);
            leaders.push((family, id));
        }
    }
}

/// Makes `id` a master.
fn lead(id: VariableId, span: Span, linker: &mut Linker<'_>) {
    let name = linker.schema.name(id).to_owned();
    let variable = linker.schema.variable_mut(id);
    if matches!(variable.role, Role::Slave(_)) {
        let problem = SchemaError::MasterIsSlave { name };
        linker
            .findings
            .push(Finding::new(problem).at(span, phrase!("at-already-a-slave", "already a slave")));
    } else if !variable.multi {
        let problem = SchemaError::MasterNotMulti { name };
        let finding = Finding::new(problem).at(span, phrase!("at-leads-this-group", "leads this group"));
        linker.findings.push(finding.related(
            variable.definition,
            phrase!("at-defined-here-without-multi", "defined here without multi='True'"),
        ));
    }
    variable.role = Role::Master;
}

/// Makes `id` a slave of `master`.
fn enslave(id: VariableId, master: VariableId, span: Span, linker: &mut Linker<'_>) {
    let name = || linker.schema.name(id).to_owned();
    match linker.role(id) {
        Role::Slave(first) if first == master => {}
        Role::Slave(first) => {
            let (first, second) =
                (linker.schema.name(first).to_owned(), linker.schema.name(master).to_owned());
            let problem = SchemaError::SlaveOfTwoMasters { slave: name(), first, second };
            linker
                .findings
                .push(Finding::new(problem).at(span, phrase!("at-a-slave-already", "a slave already")));
        }
        Role::Master => {
            let problem = SchemaError::MasterIsSlave { name: name() };
            linker
                .findings
                .push(Finding::new(problem).at(span, phrase!("at-a-master-already", "a master already")));
        }
        Role::Alone => linker.schema.variable_mut(id).role = Role::Slave(master),
    }
}

/// A slave is never shown before its master.
pub(super) fn raise_slave_modes(schema: &mut Schema) {
    for id in schema.ids() {
        if let Role::Slave(master) = schema.variable(id).role {
            let least = schema.variable(master).mode;
            let slave = schema.variable_mut(id);
            slave.mode = slave.mode.max(least);
        }
    }
}
