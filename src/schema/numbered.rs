//! Numbered families: one that is written once and made for each number, or for each item of a list.
//!
//! `numbered='nombre_conteneur'` on a family makes it once for each of 1…n; `numbered` may also name a list, whose
//! normalised items then take the place of the number. `X` is replaced in the names of the family, of its variables
//! and separators, and of every constraint of its dictionary that refers to them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{FamilyName, SchemaError};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::dictionary::{
    Call, Condition, Constraints, Dictionary, Family, Group, Help, Name, ParamKind, Separator, TargetKind,
    Variable,
};
use crate::value::{Value, VariableType};

/// The most families that one numbered family becomes: past it a number is a slip of the finger.
const MOST: i64 = 10_000;

/// By variable, what takes the place of `X` in the families that it numbers, in order.
pub type Numbering = BTreeMap<String, Vec<String>>;

/// Finds what each numbered family is to be made for: the saved value of its variable as `saved` gives it, else the
/// variable's default.
pub fn numbering(
    dictionaries: &[Dictionary],
    saved: &dyn Fn(&str) -> Option<Value>,
    findings: &mut Findings,
) -> Numbering {
    let families = || dictionaries.iter().flat_map(|dictionary| &dictionary.families);
    let mut numbering = Numbering::new();
    for family in families() {
        let Some(by) = &family.numbered else { continue };
        let variable = families()
            .flat_map(|family| &family.variables)
            .rfind(|variable| variable.name.value == by.value && !variable.values.is_empty())
            .or_else(|| {
                families()
                    .flat_map(|family| &family.variables)
                    .find(|variable| variable.name.value == by.value)
            });
        let items = match variable {
            None => Err(unknown(by, families().flat_map(|family| &family.variables))),
            Some(variable) => items(variable, saved(&by.value)),
        };
        match items {
            Ok(items) => {
                numbering.insert(by.value.clone(), items);
            }
            Err((reason, help)) => {
                let (family, by_name) = (family.name.value.clone(), by.value.clone());
                let problem = SchemaError::BadNumbering { family, by: by_name, reason, help };
                findings.push(Finding::new(problem).at(by.span, "numbered by this"));
            }
        }
    }
    numbering
}

/// Why a family cannot be numbered by `by`, and what to do: there is no such variable.
fn unknown<'a>(by: &Name, known: impl Iterator<Item = &'a Variable>) -> (String, String) {
    let near = nearest(&by.value, known.map(|variable| variable.name.value.as_str()));
    let help = near.map_or_else(
        || "define the variable, as a number or a list".to_owned(),
        |near| format!("write `{near}` if that is what you mean"),
    );
    ("no dictionary defines".to_owned(), help)
}

/// What `variable` numbers, by its saved value or its default.
fn items(variable: &Variable, saved: Option<Value>) -> Result<Vec<String>, (String, String)> {
    let defaults = || variable.values.iter().map(|value| Value::Text(value.value.clone())).collect();
    let value = saved.unwrap_or_else(|| Value::List(defaults()));
    let texts: Vec<String> = value.items().iter().map(ToString::to_string).collect();
    if variable.multi == Some(true) {
        let mut names: Vec<String> = Vec::new();
        for text in texts {
            let name = FamilyName::normalise(&text).as_str().to_owned();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        return Ok(names);
    }
    let text = texts.first().map_or("0", String::as_str);
    let help = || format!("set it to a number from 0 to {MOST}");
    match VariableType::Number.parse(text) {
        Ok(Value::Number(count)) if (0..=MOST).contains(&count) => {
            Ok((1..=count).map(|number| number.to_string()).collect())
        }
        Ok(Value::None) => Ok(Vec::new()),
        Ok(_) => Err((format!("is {text}, expected 0 to {MOST}"), help())),
        Err(mismatch) => Err((format!("is no number: {mismatch}"), help())),
    }
}

/// The dictionaries with each numbered family made for each of its items.
pub(super) fn expand<'a>(dictionaries: &'a [Dictionary], numbering: &Numbering) -> Vec<Cow<'a, Dictionary>> {
    dictionaries
        .iter()
        .map(|dictionary| {
            if dictionary.families.iter().any(|family| family.numbered.is_some()) {
                Cow::Owned(expanded(dictionary, numbering))
            } else {
                Cow::Borrowed(dictionary)
            }
        })
        .collect()
}

/// `dictionary` with its numbered families and what refers to them made for each item.
fn expanded(dictionary: &Dictionary, numbering: &Numbering) -> Dictionary {
    let numbered_by = |family: &Family| family.numbered.as_ref().map(|by| by.value.clone());
    let variables: BTreeSet<String> = dictionary.families.iter().filter_map(numbered_by).collect();
    let mut result = dictionary.clone();
    for variable in variables {
        let mine = |family: &&Family| numbered_by(family).as_deref() == Some(variable.as_str());
        let template = Template::of(dictionary.families.iter().filter(mine));
        let items = numbering.get(&variable).map_or(&[][..], Vec::as_slice);
        result = template.expand(&result, items);
    }
    result
}

/// What a name names.
#[derive(Clone, Copy)]
enum Kind {
    Variable,
    Family,
}

/// A part of a dictionary that names variables and families.
trait Names {
    fn names(&mut self) -> Vec<(Kind, &mut Name)>;
}

impl Names for Family {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        let variables = self.variables.iter_mut().map(|variable| (Kind::Variable, &mut variable.name));
        std::iter::once((Kind::Family, &mut self.name)).chain(variables).collect()
    }
}

impl Names for Separator {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        vec![(Kind::Variable, &mut self.variable)]
    }
}

impl Names for Help {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        vec![(if self.of_family { Kind::Family } else { Kind::Variable }, &mut self.name)]
    }
}

impl Names for Group {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        let all = std::iter::once(&mut self.master).chain(&mut self.slaves);
        all.map(|name| (Kind::Variable, name)).collect()
    }
}

impl Names for Call {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        let arguments = self.params.iter_mut().filter(|param| param.kind == ParamKind::Variable);
        let all = std::iter::once(&mut self.target).chain(arguments.map(|param| &mut param.text));
        all.map(|name| (Kind::Variable, name)).collect()
    }
}

impl Names for Condition {
    fn names(&mut self) -> Vec<(Kind, &mut Name)> {
        let mut names = vec![(Kind::Variable, &mut self.source)];
        let values = self.values.iter_mut().filter(|param| param.kind == ParamKind::Variable);
        names.extend(values.map(|param| (Kind::Variable, &mut param.text)));
        names.extend(self.targets.iter_mut().filter_map(|target| match target.kind {
            TargetKind::Variable => Some((Kind::Variable, &mut target.name)),
            TargetKind::Family => Some((Kind::Family, &mut target.name)),
            TargetKind::List(_) => None,
        }));
        names
    }
}

/// The names that belong to the families which one variable numbers.
struct Template {
    families: BTreeSet<FamilyName>,
    variables: BTreeSet<String>,
}

impl Template {
    fn of<'a>(families: impl Iterator<Item = &'a Family>) -> Self {
        let mut template = Self { families: BTreeSet::new(), variables: BTreeSet::new() };
        for family in families {
            template.families.insert(FamilyName::normalise(&family.name.value));
            let names = family.variables.iter().map(|variable| variable.name.value.clone());
            template.variables.extend(names);
        }
        template
    }

    fn expand(&self, dictionary: &Dictionary, items: &[String]) -> Dictionary {
        Dictionary {
            file: dictionary.file,
            entries: dictionary.entries.clone(),
            families: self.each(&dictionary.families, items),
            separators: self.each(&dictionary.separators, items),
            constraints: Constraints {
                groups: self.each(&dictionary.constraints.groups, items),
                calls: self.each(&dictionary.constraints.calls, items),
                conditions: self.each(&dictionary.constraints.conditions, items),
            },
            help: self.each(&dictionary.help, items),
        }
    }

    /// `parts`, each that names something of this template made once for each item.
    fn each<P: Clone + Names>(&self, parts: &[P], items: &[String]) -> Vec<P> {
        let mut made = Vec::with_capacity(parts.len());
        for part in parts {
            if !self.is_named_by(&mut part.clone()) {
                made.push(part.clone());
                continue;
            }
            made.extend(items.iter().map(|item| {
                let mut copy = part.clone();
                for (_, name) in copy.names().into_iter().filter(|(kind, name)| self.has(*kind, &name.value))
                {
                    name.value = name.value.replace('X', item);
                }
                copy
            }));
        }
        made
    }

    fn is_named_by(&self, part: &mut impl Names) -> bool {
        part.names().into_iter().any(|(kind, name)| self.has(kind, &name.value))
    }

    fn has(&self, kind: Kind, name: &str) -> bool {
        match kind {
            Kind::Variable => self.variables.contains(name),
            Kind::Family => self.families.contains(&FamilyName::normalise(name)),
        }
    }
}
