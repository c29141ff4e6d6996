//! Values that are saved without anybody setting them: those of `auto_save` and `auto_freeze` variables.

use std::collections::BTreeMap;

use super::snapshot::{Owners, Snapshot};
use crate::config_eol::{SavedItem, SavedValue};
use crate::dictionary::Purpose;
use crate::schema::{Role, Schema, Variable, VariableId};
use crate::value::Value;

/// When values are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody saves: what is `auto_save` is kept from now on.
    Save,
    /// The server is instanciated: what is `auto_freeze` is kept too.
    Instance,
}

/// Whose the values of `auto_save` variables are, in the words of EOLE's saved configurations.
const FORCED: &str = "forced";

/// Whose those of `auto_freeze` variables are.
const AUTO_FREEZE: &str = "auto_freeze";

/// What is to be saved on `occasion`: the defaults and calculated values that are to last, each with its variable.
/// Nothing is to be saved for a variable that is disabled, empty, always calculated, or saved already.
pub fn lasting<'s>(
    schema: &'s Schema,
    snapshot: &Snapshot,
    occasion: Occasion,
) -> Vec<(&'s str, SavedValue)> {
    let mut found = Vec::new();
    for id in schema.ids() {
        let variable = schema.variable(id);
        let owner = match (variable.auto.save, variable.auto.freeze, occasion) {
            (true, ..) => FORCED,
            (false, true, Occasion::Instance) => AUTO_FREEZE,
            _ => continue,
        };
        if let Some(value) = kept(schema, id, variable, snapshot, owner) {
            found.push((schema.name(id), value));
        }
    }
    found
}

fn kept(
    schema: &Schema,
    id: VariableId,
    variable: &Variable,
    snapshot: &Snapshot,
    owner: &str,
) -> Option<SavedValue> {
    let always = variable.calculation.is_some_and(|index| schema.call(index).purpose == Purpose::Auto);
    let entry = snapshot.entry(schema.name(id))?;
    if always || entry.properties.is_disabled() || entry.value.is_empty() {
        return None;
    }
    let write = |value: &Value| variable.kind.write(value);
    match (&entry.owner, &entry.value, variable.role) {
        (Owners::Default, value @ Value::List(items), Role::Slave(_)) if !value.is_empty() => {
            let items = items.iter().enumerate().filter(|(_, item)| !item.is_empty());
            let items: BTreeMap<usize, SavedItem> =
                items.map(|(index, item)| (index, SavedItem::new(write(item), owner))).collect();
            (!items.is_empty()).then_some(SavedValue::Slave(items))
        }
        (Owners::Default, Value::List(items), _) => {
            Some(SavedValue::multi(items.iter().map(write).collect::<Vec<_>>(), owner))
        }
        (Owners::Default, value, _) => Some(SavedValue::single(write(value), owner)),
        _ => None,
    }
}
