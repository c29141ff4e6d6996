//! What a stage found wrong, where it stands, and how it is shown.
//!
//! In: typed errors, one enum a stage ([`thiserror`] and [`miette::Diagnostic`] give message, code, help and
//! severity). Out: a person's or a program's view of them. The invariant: a run reports all that it found,
//! and nothing here ever prints.

use miette::Severity;

use crate::source::Span;

mod excerpt;
mod human;
mod json;
mod near;

pub use human::human;
pub use json::json;
pub use near::{meant, nearest};

/// The typed error of a stage: what [`Finding`] carries.
pub trait Problem: miette::Diagnostic + Send + Sync + 'static {}

impl<P: miette::Diagnostic + Send + Sync + 'static> Problem for P {}

/// A place and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is wrong, or was said first, here.
    pub text: String,
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
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.at = Some(Label { span, text: text.into() });
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
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
