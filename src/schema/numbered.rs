//! Repeated families: one that is written once and made for each number, or for each item of a list.
//!
//! `numbered='nombre_conteneur'` on a family makes it once for each of 1…n; `numbered` may also name a list, whose
//! normalised items then take the place of the number. `X` is replaced in the names of the family, of its variables
//! and separators, and of every constraint that refers to them. `dynamic='variable'`, of the other dialect, makes a
//! family for each item too, and puts the item at the end of the names.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FamilyName, SchemaError};
use indexmap::IndexSet;

use crate::diagnostic::{Finding, Findings, meant};
use crate::dictionary::{
    Call, Condition, Constraints, Dictionary, Family, Group, Help, Name, Param, ParamContent, Separator,
    TargetKind, Variable,
};
use crate::phrase;
use crate::value::{Value, VariableType};
use crate::words::Phrase;

/// The most families that one numbered family becomes: past it a number is a slip of the finger.
const MOST: i64 = 10_000;

/// By variable, what takes the place of `X` in the families that it numbers, in order.
pub type Numbering = BTreeMap<Arc<str>, Vec<String>>;

/// Finds what each repeated family is to be made for: the saved value of its variable as `saved` gives it, else the
/// variable's default.
pub fn numbering(
    dictionaries: &[Dictionary],
    saved: &dyn Fn(&str) -> Option<Value>,
    findings: &mut Findings,
) -> Numbering {
    let families = || dictionaries.iter().flat_map(|dictionary| &dictionary.families);
    let mut numbering = Numbering::new();
    for family in families() {
        let Some(repeated) = &family.repeated else { continue };
        let by = &repeated.by;
        if numbering.contains_key(&by.value) {
            continue;
        }
        let items = match numbering_variable(dictionaries, by) {
            None => Err(unknown(by, families().flat_map(|family| &family.variables))),
            Some(variable) => items(variable, saved(&by.value), repeated.appended),
        };
        match items {
            Ok(items) => {
                numbering.insert(by.value.clone(), items);
            }
            Err((reason, help)) => {
                let (family, by_name) = (family.name.value.to_string(), by.value.to_string());
                let problem = SchemaError::BadNumbering { family, by: by_name, reason, help };
                findings.push(
                    Finding::new(problem).at(by.span, phrase!("at-numbered-by-this", "numbered by this")),
                );
            }
        }
    }
    numbering
}

/// The definition of the variable `by`: the last one that gives it values, else the first one.
fn numbering_variable<'d>(dictionaries: &'d [Dictionary], by: &Name) -> Option<&'d Variable> {
    let (space, name) = match by.value.split_once('.') {
        Some((space, path)) => (Some(space), path.rsplit('.').next().unwrap_or(path)),
        None => (None, by.value.as_ref()),
    };
    let lives = |dictionary: &&Dictionary| {
        space.is_none_or(|space| {
            dictionary.namespace.to_string() == space || dictionary.dialect.root() == space
        })
    };
    let defined = || {
        let families = dictionaries.iter().filter(lives).flat_map(|dictionary| &dictionary.families);
        families
            .flat_map(|family| &family.variables)
            .filter(move |variable| variable.name.value.as_ref() == name)
    };
    let last = defined().rfind(|variable| !variable.values.is_empty());
    last.or_else(|| defined().next())
}

/// Why a family cannot be numbered by `by`, and what to do: there is no such variable.
fn unknown<'a>(by: &Name, known: impl Iterator<Item = &'a Variable>) -> (Phrase, Phrase) {
    let help = meant(&by.value, known.map(|variable| variable.name.value.as_ref()))
        .unwrap_or_else(|| phrase!("define-number", "define the variable, as a number or a list"));
    (phrase!("numbers-undefined", "no dictionary defines"), help)
}

/// What `variable` numbers, by its saved value or its default.
fn items(variable: &Variable, saved: Option<Value>, appended: bool) -> Result<Vec<String>, (Phrase, Phrase)> {
    let defaults = || variable.values.iter().map(|value| Value::from(value.value.as_ref())).collect();
    let value = saved.unwrap_or_else(|| Value::List(defaults()));
    let texts: Vec<String> = value.items().iter().map(ToString::to_string).collect();
    if variable.multi == Some(true) || appended {
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
    let help = || phrase!("set-number", "set it to a number from 0 to {most}", most = MOST);
    match VariableType::Number.parse(text) {
        Ok(Value::Number(count)) if (0..=MOST).contains(&count) => {
            Ok((1..=count).map(|number| number.to_string()).collect())
        }
        Ok(Value::None) => Ok(Vec::new()),
        Ok(_) => {
            let reason = phrase!("number-is", "is {text}, expected 0 to {most}", text = text, most = MOST);
            Err((reason, help()))
        }
        Err(mismatch) => {
            Err((phrase!("number-is-none", "is no number: {mismatch}", mismatch = mismatch), help()))
        }
    }
}

/// The dictionaries with each repeated family, and what refers to it, made for each of its items.
pub(super) fn expand<'a>(
    mut dictionaries: Vec<Cow<'a, Dictionary>>,
    numbering: &Numbering,
) -> Vec<Cow<'a, Dictionary>> {
    for (variable, items) in numbering {
        let template = Template::of(variable, &dictionaries);
        for dictionary in &mut dictionaries {
            if template.concerns(dictionary) {
                *dictionary = Cow::Owned(template.expand(dictionary, items));
            }
        }
    }
    dictionaries
}

/// What a name names.
#[derive(Clone, Copy)]
enum Kind {
    Variable,
    Family,
}

/// A part of a dictionary that names variables and families.
trait Names {
    /// Calls `with` with each name, always in the same order.
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>));

    /// Takes in the item for which the part is made.
    fn made_for(&mut self, _item: &str) {}
}

impl Names for Family {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        for family in self.within.iter_mut().chain([&mut self.name]) {
            with(Kind::Family, &mut family.value);
        }
        for variable in &mut self.variables {
            with(Kind::Variable, &mut variable.name.value);
        }
    }
}

impl Names for Separator {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        with(Kind::Variable, &mut self.variable.value);
    }
}

impl Names for Help {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        with(if self.of_family { Kind::Family } else { Kind::Variable }, &mut self.name.value);
    }
}

impl Names for Group {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        for name in [&mut self.master].into_iter().chain(&mut self.slaves) {
            with(Kind::Variable, &mut name.value);
        }
    }
}

impl Names for Call {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        with(Kind::Variable, &mut self.target.value);
        each_variable(&mut self.params, with);
    }

    fn made_for(&mut self, item: &str) {
        for param in self.params.iter_mut().filter(|param| param.content == ParamContent::Suffix) {
            param.content = ParamContent::Constant(Value::from(item));
        }
    }
}

impl Names for Condition {
    fn each_name(&mut self, with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
        with(Kind::Variable, &mut self.source.value);
        each_variable(&mut self.values, with);
        for target in &mut self.targets {
            match target.kind {
                TargetKind::Variable => with(Kind::Variable, &mut target.name.value),
                TargetKind::Family => with(Kind::Family, &mut target.name.value),
                TargetKind::List(_) => {}
            }
        }
    }
}

/// Calls `with` with each variable that `params` name.
fn each_variable(params: &mut [Param], with: &mut dyn FnMut(Kind, &mut Arc<str>)) {
    for param in params {
        match &mut param.content {
            ParamContent::Variable(name) | ParamContent::Information { of: Some(name), .. } => {
                with(Kind::Variable, name);
            }
            _ => {}
        }
    }
}

/// The names that belong to the families which one variable numbers, and how they are made.
struct Template<'n> {
    families: IndexSet<FamilyName>,
    variables: IndexSet<Arc<str>>,
    by: &'n str,
    appended: bool,
}

impl<'n> Template<'n> {
    fn of(by: &'n str, dictionaries: &[Cow<'_, Dictionary>]) -> Self {
        let mut template =
            Self { families: IndexSet::new(), variables: IndexSet::new(), by, appended: false };
        for family in dictionaries.iter().flat_map(|dictionary| &dictionary.families) {
            let Some(repeated) = &family.repeated else { continue };
            if repeated.by.value.as_ref() == by {
                template.appended = repeated.appended;
                template.families.insert(FamilyName::normalise(&family.name.value));
                let names = family.variables.iter().map(|variable| Arc::clone(&variable.name.value));
                template.variables.extend(names);
            }
        }
        template
    }

    /// Whether anything in `dictionary` may name one of the families: most dictionaries are then left as they are.
    fn concerns(&self, dictionary: &Dictionary) -> bool {
        let mine = |family: &Family| {
            family.repeated.as_ref().is_some_and(|repeated| repeated.by.value.as_ref() == self.by)
        };
        let Constraints { groups, calls, conditions } = &dictionary.constraints;
        dictionary.families.iter().any(mine)
            || groups.iter().any(|part| self.places(part).is_some())
            || calls.iter().any(|part| self.places(part).is_some())
            || conditions.iter().any(|part| self.places(part).is_some())
            || dictionary.separators.iter().any(|part| self.places(part).is_some())
            || dictionary.help.iter().any(|part| self.places(part).is_some())
    }

    fn expand(&self, dictionary: &Dictionary, items: &[String]) -> Dictionary {
        Dictionary {
            file: dictionary.file,
            dialect: dictionary.dialect,
            namespace: dictionary.namespace.clone(),
            entries: dictionary.entries.clone(),
            families: self.each(&dictionary.families, items),
            separators: self.each(&dictionary.separators, items),
            constraints: Constraints {
                groups: self.each(&dictionary.constraints.groups, items),
                calls: self.each(&dictionary.constraints.calls, items),
                conditions: self.each(&dictionary.constraints.conditions, items),
            },
            help: self.each(&dictionary.help, items),
            translations: Vec::new(),
        }
    }

    /// `parts`, each that names something of this template made once for each item.
    fn each<P: Clone + Names>(&self, parts: &[P], items: &[String]) -> Vec<P> {
        let mut made = Vec::with_capacity(parts.len() * items.len());
        for part in parts {
            let Some(places) = self.places(part) else {
                made.push(part.clone());
                continue;
            };
            made.extend(items.iter().map(|item| {
                let mut copy = part.clone();
                let mut place = 0;
                copy.each_name(&mut |_, name| {
                    if places[place] {
                        *name = self.named(name, item);
                    }
                    place += 1;
                });
                copy.made_for(item);
                copy
            }));
        }
        made
    }

    fn named(&self, name: &str, item: &str) -> Arc<str> {
        if self.appended { format!("{name}{item}").into() } else { name.replace('X', item).into() }
    }

    /// Which of the names in `part` are this template's; none if none is.
    fn places<P: Clone + Names>(&self, part: &P) -> Option<Vec<bool>> {
        let mut places = Vec::new();
        part.clone().each_name(&mut |kind, name| places.push(self.has(kind, name)));
        places.contains(&true).then_some(places)
    }

    fn has(&self, kind: Kind, name: &str) -> bool {
        match kind {
            Kind::Variable => self.variables.contains(name),
            Kind::Family => self.families.contains(&FamilyName::normalise(name)),
        }
    }
}
