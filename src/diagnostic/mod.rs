//! What a stage found wrong, where it stands, and how it is shown.
//!
//! In: typed errors, one enum a stage ([`thiserror`] and [`miette::Diagnostic`] give message, code, help and
//! severity). Out: a person's or a program's view of them. The invariant: a run reports all that it found,
//! and nothing here ever prints.

use miette::Severity;
use serde_json::{Map, Value};

use crate::source::Span;
use crate::words::{Phrase, Words};

mod excerpt;
mod human;
mod json;
mod near;

pub use human::human;
pub use json::json;
pub use near::{all_nearest, alternatives, meant, nearest};

/// The typed error of a stage: what [`Finding`] carries.
///
/// Its own texts are English; other languages have a sentence of theirs for its code, in which its fields stand (decision 12).
pub trait Problem: miette::Diagnostic + Send + Sync + 'static {
    /// What stands in its sentences, by names.
    fn fields(&self) -> Map<String, Value>;
}

impl<P: miette::Diagnostic + serde::Serialize + Send + Sync + 'static> Problem for P {
    fn fields(&self) -> Map<String, Value> {
        let mut fields = serde_json::to_value(self).unwrap_or_default();
        // A variant is its name with its fields, and one of another stage's problems has that problem's variant in it.
        loop {
            let Value::Object(mut members) = fields else { return Map::new() };
            let variant = members.keys().next().filter(|name| name.starts_with(char::is_uppercase)).cloned();
            match variant.and_then(|name| members.remove(&name)) {
                Some(inner) => fields = inner,
                None => return members,
            }
        }
    }
}

/// What `problem` says. Languages have the sentence under a key: `engine-port-taken` for `engine::port_taken`.
pub fn said(problem: &dyn Problem) -> Phrase {
    Phrase::with(key(problem), problem.to_string(), problem.fields())
}

/// What to do about `problem`; languages have it as the part `help` of the sentence.
pub fn advice(problem: &dyn Problem) -> Option<Phrase> {
    let english = problem.help()?.to_string();
    Some(Phrase::with(key(problem) + ".help", english, problem.fields()))
}

fn key(problem: &dyn Problem) -> String {
    let code = problem.code().map(|code| code.to_string()).unwrap_or_default();
    code.replace("::", "-").replace('_', "-")
}

/// What `problem` says, in the language of `words`.
pub fn message(problem: &dyn Problem, words: &Words) -> String {
    words.phrase(&said(problem))
}

/// A place and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is wrong, or was said first, here.
    pub text: Phrase,
}

/// One problem, with its places.
#[derive(Debug)]
pub struct Finding {
    /// The typed error.
    pub problem: Box<dyn Problem>,
    /// Where it stands; none for what has no file (an engine that does not answer).
    pub at: Option<Label>,
    /// Other places that matter, perhaps in other files.
    pub related: Vec<Label>,
}

impl Finding {
    /// A problem without a place.
    pub fn new(problem: impl Problem) -> Self {
        Self { problem: Box::new(problem), at: None, related: Vec::new() }
    }

    /// Says where it stands.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<Phrase>) -> Self {
        self.at = Some(Label { span, text: text.into() });
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<Phrase>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// The stable code, such as `schema::duplicate_variable`.
    pub fn code(&self) -> String {
        self.problem.code().map(|code| code.to_string()).unwrap_or_default()
    }

    /// How grave it is; an error unless the problem says otherwise.
    pub fn severity(&self) -> Severity {
        self.problem.severity().unwrap_or(Severity::Error)
    }
}

/// All that the stages of a run found, in order.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Adds a problem without a place.
    pub fn add(&mut self, problem: impl Problem) {
        self.push(Finding::new(problem));
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Whether one of them is an error: then no later stage runs.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many of them are errors.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|finding| finding.severity() == Severity::Error).count()
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Each of them, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.found.iter()
    }

    /// The codes, in order; what tests compare.
    pub fn codes(&self) -> Vec<String> {
        self.iter().map(Finding::code).collect()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self { found: vec![finding] }
    }
}
