//! Templates and a scope of values to texts, in which no value can break out of its place.
//!
//! In: the templates that galerne carries and those of the site, read through [`World`]; a [`Scope`]. Out: a
//! text, or findings on the template. The invariant: what a value becomes is decided by the language of the
//! output, never by the value, and what has no form in that language is refused. A variable that does not
//! exist or is disabled is refused too, not rendered as nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tera::Tera;

use crate::diagnostic::{Finding, Findings, alternatives};
use crate::evaluation::Snapshot;
use crate::phrase;
use crate::source::{FileId, Sources, Span, World};

mod builtin;
mod escape;
mod failure;
mod language;
mod load;
mod poison;
mod problem;
mod scope;
mod secrets;
mod uses;

pub use language::Language;
pub use problem::TemplateProblem;
pub use scope::Scope;
pub use secrets::Secrets;
pub use uses::NameUse;

/// One template.
#[derive(Debug, Clone)]
struct Template {
    file: FileId,
    text: Arc<str>,
}

/// All templates of a run, compiled.
#[derive(Debug, Clone)]
pub struct Templates {
    engines: Vec<(Language, Tera)>,
    texts: BTreeMap<String, Template>,
}

impl Templates {
    /// Reads and compiles galerne's own templates, and over them those in `places`, of which later ones win.
    /// What cannot be read or compiled is found, and galerne's own one serves instead.
    pub fn load(
        world: &dyn World,
        places: &[PathBuf],
        sources: &mut Sources,
        findings: &mut Findings,
    ) -> Self {
        let texts = load::texts(world, places, sources, findings);
        let engines =
            Language::ALL.map(|language| (language, load::compile(language, &texts, findings))).into();
        Self { engines, texts }
    }

    /// The one template `name`, whose text is lines of anything; `None` if it does not compile.
    pub(crate) fn of_one(name: &str, file: FileId, text: &str, findings: &mut Findings) -> Option<Self> {
        let before = findings.errors();
        let texts = BTreeMap::from([(name.to_owned(), Template { file, text: text.into() })]);
        let engine = load::compile(Language::Lines, &texts, findings);
        (findings.errors() == before).then(|| Self { engines: vec![(Language::Lines, engine)], texts })
    }

    /// What the template `name` produces.
    fn language(&self, name: &str) -> Option<Language> {
        match &self.engines[..] {
            [(Language::Lines, _)] => Some(Language::Lines),
            _ => Language::of(name),
        }
    }

    /// The same templates, seeing every variable of `snapshot` that is not disabled, by its name. They are told
    /// once, not with each text: there are as many texts as containers.
    #[must_use]
    pub fn knowing(&self, snapshot: &Snapshot) -> Self {
        let mut knowing = self.clone();
        for (_, engine) in &mut knowing.engines {
            let variables = engine.global_context();
            for (name, entry) in snapshot.enabled() {
                variables.insert(name.to_owned(), &entry.value);
            }
        }
        knowing
    }

    /// The names of all templates, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The names that all templates use, in the order of the templates.
    pub fn uses(&self) -> Vec<NameUse> {
        let texts = self.texts.iter();
        texts.flat_map(|(name, template)| uses::names(name, template.file, &template.text)).collect()
    }

    /// Whether there is a template `name`, such as `run/docker.json.tera`.
    pub fn contains(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// Where the template `name` begins; `None` if there is none.
    pub fn start_of(&self, name: &str) -> Option<Span> {
        self.texts.get(name).map(|template| Span::new(template.file, 0, 0))
    }

    /// The text that the template `name` makes of `scope`; `None` if something was found.
    pub fn render(&self, name: &str, scope: &Scope, findings: &mut Findings) -> Option<String> {
        let engine = self.language(name).and_then(|language| self.engine(language));
        let Some(engine) = engine.filter(|engine| engine.contains_template(name)) else {
            findings.add(TemplateProblem::Missing { name: name.to_owned() });
            return None;
        };
        match engine.render(name, scope.context()) {
            Ok(text) => self.accept(name, &text, scope, findings),
            Err(error) => {
                failure::report(&error, name, &self.texts, scope, findings);
                None
            }
        }
    }

    fn engine(&self, language: Language) -> Option<&Tera> {
        let mut engines = self.engines.iter();
        engines.find(|(other, _)| *other == language).map(|(_, engine)| engine)
    }

    /// The text without the marks of [`escape`]; `None` if one of them tells of a value that has no form here.
    fn accept(&self, name: &str, text: &str, scope: &Scope, findings: &mut Findings) -> Option<String> {
        let refused = match self.language(name)? {
            Language::Json => match poison::outside_of_quotes(text) {
                Ok(clean) => return Some(clean),
                Err(refused) => refused,
            },
            Language::Nginx | Language::Shell | Language::Html | Language::Lines => poison::refused(text),
        };
        if refused.is_empty() {
            return Some(text.to_owned());
        }
        for value in refused {
            findings.push(self.refusal(name, &value, scope));
        }
        None
    }

    fn refusal(&self, name: &str, value: &poison::Refused, scope: &Scope) -> Finding {
        let holders = scope.holders(&value.text);
        let names: Vec<&str> = holders.keys().map(AsRef::as_ref).collect();
        let problem = TemplateProblem::UnsafeValue {
            variable: if names.is_empty() { phrase!("a-value", "a value") } else { alternatives(&names) },
            language: self.language(name).unwrap_or(Language::Shell),
        };
        let mut finding = Finding::new(problem);
        if let Some(span) = poison::place(value, name, &self.texts) {
            finding =
                finding.at(span, phrase!("at-this-value-does-not-fit-here", "this value does not fit here"));
        }
        for (variable, definition) in holders {
            finding = finding.related(
                definition,
                phrase!("at-name-defined-here", "`{name}` is defined here", name = variable),
            );
        }
        finding
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
