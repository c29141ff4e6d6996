//! Families and variables: merged, redefined, each given its type.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::map::Entry;

use super::model::{Auto, Family, FamilyId, Role, Schema, Variable, VariableId};
use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, Findings, meant};
use crate::dictionary::{self, Dialect, Dictionary, Name, Namespace, Param};
use crate::phrase;
use crate::source::{Span, Spanned};
use crate::value::{Mode, Value, VariableType};

/// The choices that a dictionary gives a variable, to be linked.
pub(super) struct Pending {
    /// The variable.
    pub(super) variable: VariableId,
    /// Its bare name.
    pub(super) name: Arc<str>,
    /// The number of the dictionary.
    pub(super) dictionary: usize,
    /// The choices.
    pub(super) choices: Vec<Param>,
}

/// Makes the families and variables of `dictionaries`, in their order, and lets the families of those go that are owned. Gives
/// the choices too, which are to be linked when all variables are known.
pub(super) fn define(
    dictionaries: &mut [Cow<'_, Dictionary>],
    findings: &mut Findings,
) -> (Schema, Vec<Pending>) {
    let (mut schema, mut choices) = (Schema::default(), Vec::new());
    // Growing by doubling would need room for twice as many.
    let families = || dictionaries.iter().flat_map(|dictionary| &dictionary.families);
    schema.families.reserve_exact(families().count());
    schema.variables.reserve_exact(families().map(|family| family.variables.len()).sum());
    for (number, dictionary) in dictionaries.iter_mut().enumerate() {
        let (namespace, dialect) = (dictionary.namespace.clone(), dictionary.dialect);
        let home = Home { namespace: &namespace, dialect, number };
        match dictionary {
            Cow::Owned(owned) => {
                for family in std::mem::take(&mut owned.families) {
                    take_family(&mut schema, &family, &home, &mut choices, findings);
                }
            }
            Cow::Borrowed(borrowed) => {
                for family in &borrowed.families {
                    take_family(&mut schema, family, &home, &mut choices, findings);
                }
            }
        }
    }
    (schema, choices)
}

/// Takes in what a dictionary says of one family.
fn take_family(
    schema: &mut Schema,
    family: &dictionary::Family,
    home: &Home<'_>,
    choices: &mut Vec<Pending>,
    findings: &mut Findings,
) {
    let id = merge_family(schema, family, home);
    for variable in &family.variables {
        take(schema, id, variable, home, findings);
        if variable.choices.is_empty() {
            continue;
        }
        if let Some(id) = home.find(&variable.name.value, schema) {
            let (name, number) = (Arc::clone(&variable.name.value), home.number);
            let pending =
                Pending { variable: id, name, dictionary: number, choices: variable.choices.clone() };
            choices.push(pending);
        }
    }
}

/// Where the variables of a dictionary live, and how it is written.
struct Home<'d> {
    namespace: &'d Namespace,
    dialect: Dialect,
    /// The dictionary's number.
    number: usize,
}

impl Home<'_> {
    /// The name by which a variable of `family` is known.
    fn key(&self, name: &Arc<str>, family: &Family) -> Arc<str> {
        match self.namespace {
            Namespace::Main => Arc::clone(name),
            Namespace::Extra(_) => format!("{}.{name}", family.path).into(),
        }
    }

    /// The variable that is known by `name` here.
    fn find(&self, name: &Arc<str>, schema: &Schema) -> Option<VariableId> {
        match self.namespace {
            Namespace::Main => schema.variables.get_index_of(name).map(VariableId::of),
            Namespace::Extra(space) => schema.extras.get(&(Arc::clone(space), Arc::clone(name))).copied(),
        }
    }
}

/// Adds what `family` says to the family of its name; the first one to say something wins, in EOLE's dialect.
fn merge_family(schema: &mut Schema, family: &dictionary::Family, home: &Home<'_>) -> FamilyId {
    let mut parent = None;
    for depth in 0..family.within.len() {
        let (above, [name]) = family.within[..=depth].split_at(depth) else { continue };
        parent = Some(one_family(schema, above, name, parent, home));
    }
    let id = one_family(schema, &family.within, &family.name, parent, home);
    let made = &mut schema.families[id.index()];
    let text = |name: &Option<Name>| name.as_ref().map(|name| Arc::clone(&name.value));
    let replaces = home.dialect == Dialect::Rougail;
    let settle = |made: &mut Option<Arc<str>>, said: Option<Arc<str>>| {
        if made.is_none() || replaces && said.is_some() {
            *made = said;
        }
    };
    settle(&mut made.description, text(&family.description));
    settle(&mut made.icon, text(&family.icon));
    settle(&mut made.help, family.help.clone());
    if let Some(mode) = &family.mode {
        made.mode = if made.mode == Mode::default() { mode.value } else { made.mode };
    }
    made.leadership |= family.leadership == Some(true);
    for (made, said) in [(&mut made.hidden, family.hidden), (&mut made.disabled, family.disabled)] {
        match said {
            Some(true) => *made = made.or(Some(family.name.span)),
            Some(false) if replaces => *made = None,
            _ => {}
        }
    }
    id
}

/// The family `name` that stands in those of `above`, made if there is none yet.
fn one_family(
    schema: &mut Schema,
    above: &[Name],
    name: &Name,
    parent: Option<FamilyId>,
    home: &Home<'_>,
) -> FamilyId {
    let names = above.iter().chain([name]).map(|name| name.value.as_ref());
    let entry = schema.families.entry(FamilyName::of_path(home.namespace, names));
    let id = FamilyId::of(entry.index());
    let path = entry.key().within_namespace();
    let root = match home.namespace {
        Namespace::Main => home.dialect.root(),
        Namespace::Extra(space) => space,
    };
    let path = if path.is_empty() { root.into() } else { format!("{root}.{path}").into() };
    entry.or_insert_with(|| Family {
        name: Arc::clone(&name.value),
        path,
        namespace: home.namespace.clone(),
        parent,
        description: None,
        help: None,
        mode: Mode::default(),
        icon: None,
        hidden: None,
        disabled: None,
        leadership: false,
        conditions: Vec::new(),
        definition: name.span,
    });
    id
}

/// Takes in one definition or redefinition, by the rules of `redefine` and `exists`.
fn take(
    schema: &mut Schema,
    family: FamilyId,
    variable: &dictionary::Variable,
    home: &Home<'_>,
    findings: &mut Findings,
) {
    let name = &variable.name;
    let known = home.find(&name.value, schema);
    match (known, variable.redefine, variable.exists) {
        // In the other dialect the two together mean: define it, or change it.
        (Some(id), true, exists) if exists != Some(false) || home.dialect == Dialect::Rougail => {
            redefine(schema, id, variable, findings);
        }
        (Some(_), _, Some(false)) | (None, _, Some(true)) => {}
        (None, true, None) => {
            let help = meant(&name.value, schema.names()).unwrap_or_else(|| {
                phrase!("install-dictionary", "install the dictionary that defines it, or leave redefine out")
            });
            let problem = SchemaError::RedefinesUnknownVariable { name: name.value.to_string(), help };
            findings.push(
                Finding::new(problem).at(name.span, phrase!("at-not-defined-before", "not defined before")),
            );
        }
        (Some(first), ..) => {
            let first = schema.variable(first).definition;
            let problem = SchemaError::DuplicateVariable { name: name.value.to_string() };
            let finding = Finding::new(problem)
                .at(name.span, phrase!("at-defined-a-second-time-here", "defined a second time here"));
            findings.push(finding.related(first, phrase!("at-first-defined-here", "first defined here")));
        }
        (None, ..) => {
            let key = home.key(&name.value, schema.family(family));
            let made = define_variable(family, variable, findings);
            let entry = schema.variables.entry(key);
            let id = VariableId::of(entry.index());
            if let Entry::Vacant(entry) = entry {
                entry.insert(Box::new(made));
            }
            if let Namespace::Extra(space) = home.namespace {
                schema.extras.insert((Arc::clone(space), Arc::clone(&name.value)), id);
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
        description: Arc::clone(variable.description.as_ref().map_or(&name.value, |text| &text.value)),
        help: variable.help.clone(),
        separator: None,
        family,
        multi,
        unique: variable.unique.unwrap_or(false),
        mandatory: said(variable.mandatory, name.span),
        hidden: said(variable.hidden, name.span),
        disabled: said(variable.disabled, name.span),
        mode: mode(variable, &default),
        auto: Auto {
            freeze: variable.auto_freeze.unwrap_or(false),
            save: variable.auto_save.unwrap_or(false),
        },
        default,
        choices: None,
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

fn kind_of(name: &Name, findings: &mut Findings) -> VariableType {
    VariableType::from_name(&name.value).unwrap_or_else(|| {
        let help = meant(&name.value, VariableType::names())
            .unwrap_or_else(|| phrase!("use-type", "use one of the types of the dialect, such as `string`"));
        let problem = SchemaError::UnknownType { name: name.value.to_string(), help };
        findings.push(Finding::new(problem).at(name.span, phrase!("at-no-such-type", "no such type")));
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
    let values: Vec<Value> =
        variable.values.iter().filter_map(|value| one_default(variable, kind, value, findings)).collect();
    if multi {
        return Value::List(values.into_iter().filter(|value| !value.is_empty()).collect());
    }
    if let Some(second) = variable.values.get(1) {
        let name = variable.name.value.to_string();
        let problem = SchemaError::SeveralDefaults { name, count: variable.values.len() };
        findings.push(Finding::new(problem).at(second.span, phrase!("at-one-more", "one more")));
    }
    values.into_iter().next().unwrap_or_default()
}

fn one_default(
    variable: &dictionary::Variable,
    kind: VariableType,
    value: &Spanned<Arc<str>>,
    findings: &mut Findings,
) -> Option<Value> {
    kind.parse(&value.value)
        .map_err(|mismatch| {
            let problem = SchemaError::BadDefault { name: variable.name.value.to_string(), mismatch };
            findings.push(Finding::new(problem).at(value.span, phrase!("at-this-default", "this default")));
        })
        .ok()
}

/// Lets a redefinition replace what it gives; the family stays the first one.
fn redefine(schema: &mut Schema, id: VariableId, variable: &dictionary::Variable, findings: &mut Findings) {
    let made = schema.variable_mut(id);
    let span = variable.name.span;
    let former = (made.kind, made.multi);
    if let Some(kind) = &variable.kind {
        made.kind = kind_of(kind, findings);
    }
    made.multi = variable.multi.unwrap_or(made.multi);
    if !variable.values.is_empty() {
        made.default = default(variable, made.kind, made.multi, findings);
    } else if former != (made.kind, made.multi) {
        refit(made, variable, findings);
    }
    if let Some(description) = &variable.description {
        made.description = Arc::clone(&description.value);
    }
    if variable.help.is_some() {
        made.help.clone_from(&variable.help);
    }
    for (made, flag) in [
        (&mut made.mandatory, variable.mandatory),
        (&mut made.hidden, variable.hidden),
        (&mut made.disabled, variable.disabled),
    ] {
        if flag.is_some() {
            *made = said(flag, span);
        }
    }
    made.mode = variable.mode.as_ref().map_or(made.mode, |mode| mode.value);
    made.auto.freeze = variable.auto_freeze.unwrap_or(made.auto.freeze);
    made.auto.save = variable.auto_save.unwrap_or(made.auto.save);
    made.unique = variable.unique.unwrap_or(made.unique);
}

/// Makes the former default one of the new type, or one of a list, where a redefinition changes these alone.
fn refit(made: &mut Variable, variable: &dictionary::Variable, findings: &mut Findings) {
    let mut items = Vec::new();
    for item in made.default.items() {
        match made.kind.parse(&item.to_string()) {
            Ok(value) => items.push(value),
            Err(mismatch) => {
                let problem = SchemaError::BadDefault { name: variable.name.value.to_string(), mismatch };
                let finding = Finding::new(problem)
                    .at(variable.name.span, phrase!("at-redefined-here", "redefined here"));
                findings.push(finding.related(
                    made.definition,
                    phrase!("at-the-default-stands-here", "the default stands here"),
                ));
            }
        }
    }
    made.default = if made.multi { Value::List(items) } else { items.into_iter().next().unwrap_or_default() };
}

impl Schema {
    /// The variable that `id` numbers, to be completed by the linker.
    pub(super) fn variable_mut(&mut self, id: VariableId) -> &mut Variable {
        &mut self.variables[id.index()]
    }
}
