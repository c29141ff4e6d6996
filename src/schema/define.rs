//! Families and variables: merged, redefined, each given its type.

use std::borrow::Borrow;

use indexmap::map::Entry;

use super::model::{Family, FamilyId, Role, Schema, Variable, VariableId};
use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::dictionary::{self, Dictionary};
use crate::source::Span;
use crate::value::{Mode, Value, VariableType};

/// Makes the families and variables of `dictionaries`, in their order.
pub(super) fn define(dictionaries: &[impl Borrow<Dictionary>], findings: &mut Findings) -> Schema {
    let mut schema = Schema::default();
    for dictionary in dictionaries {
        for family in &dictionary.borrow().families {
            let id = merge_family(&mut schema, family);
            for variable in &family.variables {
                take(&mut schema, id, variable, findings);
            }
        }
    }
    schema
}

/// Adds what `family` says to the family of its name; the first one to say something wins.
fn merge_family(schema: &mut Schema, family: &dictionary::Family) -> FamilyId {
    let entry = schema.families.entry(FamilyName::normalise(&family.name.value));
    let id = FamilyId(entry.index());
    let made = entry.or_insert_with(|| Family {
        name: family.name.value.clone(),
        description: None,
        mode: family.mode.as_ref().map(|mode| mode.value).unwrap_or_default(),
        icon: None,
        hidden: None,
        conditions: Vec::new(),
    });
    let text = |name: &Option<dictionary::Name>| name.as_ref().map(|name| name.value.clone());
    made.description = made.description.take().or_else(|| text(&family.description));
    made.icon = made.icon.take().or_else(|| text(&family.icon));
    made.hidden = made.hidden.or(family.hidden.then_some(family.name.span));
    id
}

/// Takes in one definition or redefinition, by the rules of `redefine` and `exists`.
fn take(schema: &mut Schema, family: FamilyId, variable: &dictionary::Variable, findings: &mut Findings) {
    let name = &variable.name;
    let known = schema.variables.get(&name.value).map(|first| first.definition);
    match (known, variable.redefine, variable.exists) {
        (Some(_), true, exists) if exists != Some(false) => redefine(schema, variable, findings),
        (Some(_), _, Some(false)) | (None, _, Some(true)) => {}
        (None, true, None) => {
            let near = nearest(&name.value, schema.names());
            let help = near.map_or_else(
                || "install the dictionary that defines it, or leave redefine out".to_owned(),
                |near| format!("write `{near}` if that is what you mean"),
            );
            let problem = SchemaError::RedefinesUnknownVariable { name: name.value.clone(), help };
            findings.push(Finding::new(problem).at(name.span, "not defined before"));
        }
        (Some(first), ..) => {
            let problem = SchemaError::DuplicateVariable { name: name.value.clone() };
            let finding = Finding::new(problem).at(name.span, "defined a second time here");
            findings.push(finding.related(first, "first defined here"));
        }
        (None, ..) => {
            let made = define_variable(family, variable, findings);
            if let Entry::Vacant(entry) = schema.variables.entry(name.value.clone()) {
                entry.insert(made);
            }
        }
    }
}

/// The span of what says that something is so, where it is said and true.
fn said(flag: Option<bool>, span: Span) -> Option<Span> {
    flag.unwrap_or(false).then_some(span)
}

fn define_variable(family: FamilyId, variable: &dictionary::Variable, findings: &mut Findings) -> Variable {
    let name = &variable.name;
    let kind = variable.kind.as_ref().map_or(VariableType::Text, |kind| kind_of(kind, findings));
    let multi = variable.multi.unwrap_or(false);
    let default = default(variable, kind, multi, findings);
    Variable {
        kind,
        description: variable
            .description
            .as_ref()
            .map_or_else(|| name.value.clone(), |text| text.value.clone()),
        family,
        multi,
        mandatory: said(variable.mandatory, name.span),
        hidden: said(variable.hidden, name.span),
        mode: mode(variable, &default),
        auto_freeze: variable.auto_freeze.unwrap_or(false),
        auto_save: variable.auto_save.unwrap_or(false),
        default,
        role: Role::Alone,
        calculation: None,
        checks: Vec::new(),
        conditions: Vec::new(),
        definition: name.span,
    }
}

/// The mode that the definition names; without one, a mandatory variable that nothing fills is basic.
fn mode(variable: &dictionary::Variable, default: &Value) -> Mode {
    let must_be_asked = variable.mandatory == Some(true) && default.is_empty();
    let usual = if must_be_asked { Mode::Basic } else { Mode::Normal };
    variable.mode.as_ref().map_or(usual, |mode| mode.value)
}

fn kind_of(name: &dictionary::Name, findings: &mut Findings) -> VariableType {
    VariableType::from_name(&name.value).unwrap_or_else(|| {
        let help = nearest(&name.value, VariableType::names()).map_or_else(
            || "use one of the types of the dialect, such as `string`".to_owned(),
            |near| format!("write `{near}` if that is what you mean"),
        );
        let problem = SchemaError::UnknownType { name: name.value.clone(), help };
        findings.push(Finding::new(problem).at(name.span, "no such type"));
        VariableType::Text
    })
}

/// The default of the definition: a list for a multi.
fn default(
    variable: &dictionary::Variable,
    kind: VariableType,
    multi: bool,
    findings: &mut Findings,
) -> Value {
    let name = || variable.name.value.clone();
    let mut values = Vec::with_capacity(variable.values.len());
    for value in &variable.values {
        match kind.parse(&value.value) {
            Ok(parsed) => values.push(parsed),
            Err(mismatch) => {
                let problem = SchemaError::BadDefault { name: name(), mismatch };
                findings.push(Finding::new(problem).at(value.span, "this default"));
            }
        }
    }
    if multi {
        values.retain(|value| !value.is_empty());
        return Value::List(values);
    }
    if let Some(second) = variable.values.get(1) {
        let problem = SchemaError::SeveralDefaults { name: name(), count: variable.values.len() };
        findings.push(Finding::new(problem).at(second.span, "one more"));
    }
    values.into_iter().next().unwrap_or_default()
}

/// Lets a redefinition replace what it gives; the family stays the first one.
fn redefine(schema: &mut Schema, variable: &dictionary::Variable, findings: &mut Findings) {
    let Some(made) = schema.variables.get_mut(&variable.name.value) else { return };
    let span = variable.name.span;
    if let Some(kind) = &variable.kind {
        made.kind = kind_of(kind, findings);
    }
    made.multi = variable.multi.unwrap_or(made.multi);
    if !variable.values.is_empty() {
        made.default = default(variable, made.kind, made.multi, findings);
    }
    if let Some(description) = &variable.description {
        made.description.clone_from(&description.value);
    }
    if variable.mandatory.is_some() {
        made.mandatory = said(variable.mandatory, span);
    }
    if variable.hidden.is_some() {
        made.hidden = said(variable.hidden, span);
    }
    made.mode = variable.mode.as_ref().map_or(made.mode, |mode| mode.value);
    made.auto_freeze = variable.auto_freeze.unwrap_or(made.auto_freeze);
    made.auto_save = variable.auto_save.unwrap_or(made.auto_save);
}

impl Schema {
    /// The variable that `id` numbers, to be completed by the linker.
    pub(super) fn variable_mut(&mut self, id: VariableId) -> &mut Variable {
        &mut self.variables[id.0]
    }
}
