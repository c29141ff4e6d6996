//! The attributes of one element, read one after the other; what nobody asked for is unknown.

use std::sync::Arc;

use super::element::{Attribute, Element};
use super::problem::{DictionaryError, meant};
use super::tree::Name;
use crate::diagnostic::{Finding, Findings, alternatives};
use crate::phrase;
use crate::source::Spanned;
use crate::words::Phrase;

/// The attributes of an element, and those that were asked for.
pub(super) struct Fields<'e, 't> {
    element: &'e Element<'t>,
    asked: Vec<&'static str>,
    findings: Findings,
}

impl<'e, 't> Fields<'e, 't> {
    /// The attributes of `element`.
    pub(super) fn of(element: &'e Element<'t>) -> Self {
        Self { element, asked: Vec::new(), findings: Findings::default() }
    }

    fn find(&mut self, name: &'static str) -> Option<&'e Attribute<'t>> {
        self.asked.push(name);
        self.element.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The attribute `name`, if it is there.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Name> {
        self.find(name).map(|attribute| Spanned::new(Arc::clone(&attribute.value), attribute.span))
    }

    /// The attribute `name`, which must be there and not be empty; else a finding, and `None`.
    pub(super) fn required(&mut self, name: &'static str) -> Option<Name> {
        let found = self.text(name).filter(|text| !text.value.is_empty());
        if found.is_none() {
            let element = self.element.name.to_owned();
            let missing = DictionaryError::MissingAttribute { name: name.to_owned(), element };
            self.findings.push(
                Finding::new(missing).at(self.element.span, phrase!("at-this-element", "this element")),
            );
        }
        found
    }

    /// The attribute `name` as one of `words`; a finding for any other.
    pub(super) fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let attribute = self.find(name)?;
        let found = words.iter().find(|(word, _)| *word == &*attribute.value);
        if let Some((_, meaning)) = found {
            return Some(Spanned::new(*meaning, attribute.span));
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let unknown = DictionaryError::UnknownWord {
            name: name.to_owned(),
            element: self.element.name.to_owned(),
            found: attribute.value.to_string(),
            expected: alternatives(&known),
            help: meant(&attribute.value, &known),
        };
        self.findings.push(
            Finding::new(unknown)
                .at(attribute.span, phrase!("at-not-one-of-these-words", "not one of these words")),
        );
        None
    }

    /// The attribute `name` as `True` or `False`.
    pub(super) fn truth(&mut self, name: &'static str) -> Option<bool> {
        self.word(name, &[("True", true), ("False", false)]).map(|word| word.value)
    }

    /// Passes on what is wrong, attributes that nobody asked for among it.
    pub(super) fn finish(mut self, findings: &mut Findings) {
        for attribute in &self.element.attributes {
            if !self.asked.contains(&attribute.name) {
                let unknown = DictionaryError::UnknownAttribute {
                    name: attribute.name.to_owned(),
                    element: self.element.name.to_owned(),
                    help: if self.asked.is_empty() {
                        phrase!("no-attributes", "remove it: this element has no attributes")
                    } else {
                        meant(attribute.name, &self.asked)
                    },
                };
                self.findings.push(
                    Finding::new(unknown)
                        .at(attribute.name_span, phrase!("at-not-known-here", "not known here")),
                );
            }
        }
        findings.append(self.findings);
    }
}

/// The text of `element`, which may be empty, with its place; that of the start tag then.
pub(super) fn text_or_empty(element: &Element, findings: &mut Findings) -> Name {
    let (text, span) = element.text(findings);
    Spanned::new(Arc::clone(text), if text.is_empty() { element.span } else { span })
}

/// The name that is the text of `element`; a finding where it is empty.
pub(super) fn named(element: &Element, expected: Phrase, findings: &mut Findings) -> Option<Name> {
    let (text, span) = element.text(findings);
    if text.is_empty() {
        let empty = DictionaryError::EmptyElement { element: element.name.to_owned(), expected };
        findings.push(Finding::new(empty).at(element.span, phrase!("at-nothing-in-it", "nothing in it")));
        return None;
    }
    Some(Spanned::new(Arc::clone(text), span))
}
