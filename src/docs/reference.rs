//! The reference itself: what is to be said of each family, variable, file and service.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words;
use crate::dictionary::{Dictionary, Purpose};
use crate::phrase;
use crate::schema::{self, Choice, Numbering, Role, Schema, VariableId};
use crate::source::Sources;
use crate::words::Words;

/// All that there is to say of the dictionaries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The families, in order.
    pub families: Vec<Family>,
    /// Files, services and the like, in order.
    pub system: Vec<Entry>,
}

/// A family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Its name, as displayed.
    pub name: String,
    /// Its full path.
    pub path: String,
    /// What it is.
    pub description: Option<String>,
    /// More of it.
    pub help: Option<String>,
    /// From which mode on it is shown.
    pub mode: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// The conditions on it.
    pub conditions: Vec<String>,
    /// Its variables, in order.
    pub variables: Vec<Variable>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its full path.
    pub path: String,
    /// The title before it.
    pub separator: Option<String>,
    /// What it is.
    pub description: String,
    /// More of it.
    pub help: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The words that it can have, or that are suggested.
    pub words: Vec<String>,
    /// Whether other words are accepted too.
    pub open: bool,
    /// Its default, an item a text.
    pub default: Vec<String>,
    /// How it is calculated.
    pub calculated: Option<String>,
    /// What it is of `mandatory`, `list` and `hidden`.
    pub is: Vec<String>,
    /// Its place in a group.
    pub group: Option<String>,
    /// From which mode on it is shown.
    pub mode: String,
    /// When its value is kept by itself.
    pub kept: Option<String>,
    /// The conditions on it.
    pub conditions: Vec<String>,
    /// The checks of it.
    pub checks: Vec<String>,
    /// Where it is defined.
    pub defined: String,
}

/// A file, service or the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is: `file`, `service`, …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The container of EOLE's that it is in.
    pub container: Option<String>,
    /// The sets that it belongs to.
    pub lists: Vec<String>,
    /// The conditions that switch them.
    pub conditions: Vec<String>,
}

/// What makes each repeated family once, with names as they are written.
pub fn numbering(dictionaries: &[Dictionary]) -> Numbering {
    let families = dictionaries.iter().flat_map(|dictionary| &dictionary.families);
    let repeated = families.filter_map(|family| family.repeated.as_ref());
    let item = |appended: bool| if appended { "*" } else { "X" };
    repeated.map(|by| (by.by.value.clone(), vec![item(by.appended).to_owned()])).collect()
}

/// The reference of `schema`, whose texts are in `sources`, in the language of `tongue`.
pub fn reference(schema: &Schema, sources: &Sources, tongue: &Words) -> Reference {
    let writer = Writer { schema, sources, tongue, slaves: slaves(schema) };
    let mut families: Vec<Family> = schema.families().map(|(_, family)| writer.family(family)).collect();
    for id in schema.ids() {
        families[schema.variable(id).family.index()].variables.push(writer.variable(id));
    }
    Reference { families, system: writer.system() }
}

/// The slaves of each master.
fn slaves(schema: &Schema) -> BTreeMap<VariableId, Vec<String>> {
    let mut slaves: BTreeMap<VariableId, Vec<String>> = BTreeMap::new();
    for id in schema.ids() {
        if let Role::Slave(master) = schema.variable(id).role {
            slaves.entry(master).or_default().push(schema.name(id).to_owned());
        }
    }
    slaves
}

struct Writer<'a> {
    schema: &'a Schema,
    sources: &'a Sources,
    tongue: &'a Words,
    slaves: BTreeMap<VariableId, Vec<String>>,
}

impl Writer<'_> {
    fn conditions(&self, indices: &[u32]) -> Vec<String> {
        let conditions = indices.iter().map(|index| self.schema.condition(*index));
        conditions
            .map(|condition| words::condition(condition, self.schema, self.sources, self.tongue))
            .collect()
    }

    fn family(&self, family: &schema::Family) -> Family {
        Family {
            name: family.name.to_string(),
            path: family.path.to_string(),
            description: family.description.as_ref().map(ToString::to_string),
            help: family.help.as_ref().map(ToString::to_string),
            mode: family.mode.as_str().to_owned(),
            hidden: family.hidden.is_some(),
            conditions: self.conditions(&family.conditions),
            variables: Vec::new(),
        }
    }

    fn variable(&self, id: VariableId) -> Variable {
        let variable = self.schema.variable(id);
        let call = |index: &u32| self.schema.call(*index);
        let (words, open) = self.words(variable);
        let calculated = variable.calculation.as_ref().map(call).map(|call| {
            let called = words::call(call, self.schema, self.tongue);
            match call.purpose {
                Purpose::Auto => self.tongue.phrase(&phrase!("doc-always", "always {call}", call = called)),
                _ => called,
            }
        });
        let checks = variable.checks.iter().map(call).filter(|call| words::enumeration(call).is_none());
        Variable {
            name: self.schema.name(id).to_owned(),
            path: self.schema.path(id),
            separator: variable.separator.as_ref().map(|separator| separator.text.to_string()),
            description: variable.description.to_string(),
            help: variable.help.as_ref().map(ToString::to_string),
            kind: variable.kind.name().to_owned(),
            words,
            open,
            default: default(variable),
            calculated,
            is: is(variable, self.tongue),
            group: self.group(id, variable.role),
            mode: variable.mode.as_str().to_owned(),
            kept: kept(variable, self.tongue),
            conditions: self.conditions(&variable.conditions),
            checks: checks.map(|call| words::call(call, self.schema, self.tongue)).collect(),
            defined: words::place(variable.definition, self.sources),
        }
    }

    fn words(&self, variable: &schema::Variable) -> (Vec<String>, bool) {
        if let Some(words) = variable.kind.words() {
            return (words.iter().map(|word| (*word).to_owned()).collect(), false);
        }
        if let Some(choices) = &variable.choices {
            let one = |choice: &Choice| match choice {
                Choice::Of(crate::schema::ArgumentValue::Constant(value)) => value.to_string(),
                Choice::Of(crate::schema::ArgumentValue::Variable(id)) => self.tongue.phrase(&phrase!(
                    "doc-items-of",
                    "the items of {name}",
                    name = self.schema.name(*id)
                )),
                Choice::Of(_) => self.tongue.phrase(&phrase!("doc-elsewhere", "what is known elsewhere")),
                Choice::Calculated(index) => words::call(self.schema.call(*index), self.schema, self.tongue),
            };
            return (choices.from.iter().map(one).collect(), false);
        }
        let checks = variable.checks.iter().map(|index| self.schema.call(*index));
        checks.into_iter().find_map(words::enumeration).unwrap_or_default()
    }

    fn group(&self, id: VariableId, role: Role) -> Option<String> {
        match role {
            Role::Alone => None,
            Role::Master => {
                let slaves = self.slaves.get(&id)?.join(", ");
                Some(self.tongue.phrase(&phrase!("doc-master-of", "master of {slaves}", slaves = slaves)))
            }
            Role::Slave(master) => {
                let name = self.schema.name(master);
                Some(self.tongue.phrase(&phrase!("doc-slave-of", "slave of {name}", name = name)))
            }
        }
    }

    fn system(&self) -> Vec<Entry> {
        let entry = |entry: &crate::dictionary::SystemEntry| {
            let lists = entry.attributes.iter().filter(|(name, _)| name.ends_with("list"));
            let lists: Vec<(&str, &str)> = lists.map(|(kind, name)| (*kind, &*name.value)).collect();
            let switches = |condition: &&schema::Condition| {
                condition.lists.iter().any(|list| lists.contains(&(list.kind, &*list.name)))
            };
            let conditions = self.schema.conditions().iter().filter(switches);
            Entry {
                kind: entry.kind.to_owned(),
                name: entry.name().to_owned(),
                container: entry.container.as_ref().map(ToString::to_string),
                lists: lists.iter().map(|(kind, name)| format!("{kind} {name}")).collect(),
                conditions: conditions
                    .map(|condition| words::condition(condition, self.schema, self.sources, self.tongue))
                    .collect(),
            }
        };
        self.schema.system().entries().iter().map(entry).collect()
    }
}

/// The default, unless it is a secret.
fn default(variable: &schema::Variable) -> Vec<String> {
    let items = variable.default.items().iter().filter(|item| !item.is_empty());
    let shown = |item: &crate::value::Value| {
        if variable.kind.is_secret() { "********".to_owned() } else { item.to_string() }
    };
    items.map(shown).collect()
}

fn is(variable: &schema::Variable, tongue: &Words) -> Vec<String> {
    let words = [
        (variable.mandatory.is_some(), phrase!("now-mandatory", "mandatory")),
        (variable.multi, phrase!("doc-list", "list")),
        (variable.hidden.is_some(), phrase!("now-hidden", "hidden")),
    ];
    words.iter().filter(|(is, _)| *is).map(|(_, word)| tongue.phrase(word)).collect()
}

fn kept(variable: &schema::Variable, tongue: &Words) -> Option<String> {
    let words = match (variable.auto.save, variable.auto.freeze) {
        (false, false) => return None,
        (true, false) => phrase!("doc-saved", "saved with the first save"),
        (false, true) => phrase!("doc-frozen", "frozen once the server is instanciated"),
        (true, true) => {
            phrase!(
                "doc-saved-frozen",
                "saved with the first save, and frozen once the server is instanciated"
            )
        }
    };
    Some(tongue.phrase(&words))
}
