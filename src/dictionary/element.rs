//! XML text to elements with spans: the one user of the XML parser.
//!
//! In: a text. Out: its root element, or a finding where it stops being well-formed. The document type
//! declaration is passed over and entities of its own are refused, so no text can grow.

use std::borrow::Cow;
use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, escape::resolve_predefined_entity};

use super::not_xml;
use super::problem::{DictionaryError, unknown_element};
use super::texts::Texts;
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::{FileId, Span};
use crate::words::Phrase;

/// How deep elements may stand in each other; the dialect needs five.
const MAX_DEPTH: usize = 64;

/// An element with all that it holds.
#[derive(Debug)]
pub(super) struct Element<'t> {
    /// Its name.
    pub(super) name: &'t str,
    /// Where its name stands.
    pub(super) name_span: Span,
    /// Its start tag.
    pub(super) span: Span,
    /// Its attributes, in order.
    pub(super) attributes: Vec<Attribute<'t>>,
    /// The elements in it, in order.
    inner: Vec<Element<'t>>,
    /// The text in it, outside of those elements, while it is open.
    written: Cow<'t, str>,
    /// That text without the space around it, once it is closed.
    text: Arc<str>,
    /// Where that text stands.
    text_span: Span,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute<'t> {
    /// Its name.
    pub(super) name: &'t str,
    /// Where its name stands.
    pub(super) name_span: Span,
    /// Its value, entities replaced.
    pub(super) value: Arc<str>,
    /// Where the value stands, without the quotes.
    pub(super) span: Span,
}

impl<'t> Element<'t> {
    /// The elements in this one whose names are `known`; the others, and text, go to `findings`.
    pub(super) fn children(&self, name: &str, known: &[&str], findings: &mut Findings) -> Vec<&Element<'t>> {
        for child in self.inner.iter().filter(|child| !known.contains(&child.name)) {
            findings.push(unknown_element(child, name, known));
        }
        if !self.text.is_empty() {
            let stray = DictionaryError::StrayText { element: name.to_owned() };
            findings.push(Finding::new(stray).at(self.text_span, phrase!("at-this-text", "this text")));
        }
        self.inner.iter().filter(|child| known.contains(&child.name)).collect()
    }

    /// The text of an element that holds nothing else, without the space around it.
    pub(super) fn text(&self, findings: &mut Findings) -> (&Arc<str>, Span) {
        for child in &self.inner {
            findings.push(unknown_element(child, self.name, &[]));
        }
        (&self.text, self.text_span)
    }
}

/// Reads the root element of `text`.
pub(super) fn read<'t>(
    text: &'t str,
    file: FileId,
    texts: &mut Texts,
    findings: &mut Findings,
) -> Option<Element<'t>> {
    let mut tree = Tree { text, file, texts, open: Vec::new(), root: None };
    let mut reader = Reader::from_str(text);
    loop {
        let start = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = offset(reader.error_position());
            Stop::new(not_xml::reason(&error), tree.span(at, at + 1))
        });
        let end = offset(reader.buffer_position());
        match event.and_then(|event| tree.take(event, start, end)) {
            Ok(Step::On) => {}
            Ok(Step::End) => return tree.root,
            Err(Stop { reason, at }) => {
                findings.push(
                    Finding::new(DictionaryError::NotWellFormed { reason })
                        .at(at, phrase!("at-here", "here")),
                );
                return None;
            }
        }
    }
}

/// A position of the reader as an index.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Whether there is more to read.
enum Step {
    On,
    End,
}

/// Why the text is not well-formed, and where.
struct Stop {
    reason: Phrase,
    at: Span,
}

impl Stop {
    fn new(reason: impl Into<Phrase>, at: Span) -> Self {
        Self { reason: reason.into(), at }
    }
}

/// The elements read so far.
struct Tree<'t, 'i> {
    text: &'t str,
    file: FileId,
    texts: &'i mut Texts,
    open: Vec<Element<'t>>,
    root: Option<Element<'t>>,
}

impl<'t> Tree<'t, '_> {
    /// The span from `start` to `end`, kept within the text and on the borders of its letters.
    fn span(&self, start: usize, end: usize) -> Span {
        let start = self.text.floor_char_boundary(start);
        let end = self.text.ceil_char_boundary(end.max(start));
        Span::new(self.file, start, end)
    }

    /// Takes in the event that stands from `start` to `end`.
    fn take(&mut self, event: Event<'t>, start: usize, end: usize) -> Result<Step, Stop> {
        let at = self.span(start, end);
        match event {
            Event::Start(tag) => {
                let element = self.element(&tag, at)?;
                if self.open.len() >= MAX_DEPTH {
                    return Err(Stop::new(
                        phrase!("xml-too-deep", "elements stand {most} deep in each other", most = MAX_DEPTH),
                        at,
                    ));
                }
                self.open.push(element);
            }
            Event::Empty(tag) => {
                let element = self.element(&tag, at)?;
                self.close(element, at)?;
            }
            Event::End(_) => {
                if let Some(element) = self.open.pop() {
                    self.close(element, at)?;
                }
            }
            Event::Text(text) => {
                let text = self.kept(&text.xml10_content(), start, end);
                self.write(text, at)?;
            }
            Event::CData(text) => self.write(Cow::Owned(text.xml10_content().into_owned()), at)?,
            Event::GeneralRef(entity) => self.write(Cow::Owned(replaced(&entity, at)?), at)?,
            Event::Eof => return self.end(at),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        Ok(Step::On)
    }

    /// Makes an element of its start tag, which stands at `at`.
    fn element(&mut self, tag: &BytesStart<'t>, at: Span) -> Result<Element<'t>, Stop> {
        let inside = at.start as usize + 1;
        let name = self.slice(inside, tag.name().as_ref().len());
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| Stop::new(not_xml::of_attribute(&error), at))?;
            let place = |part: &str| inside + part.as_ptr().addr().saturating_sub(tag.as_ptr().addr());
            let (name_start, value_start) = (place(attribute.key.as_ref()), place(&attribute.value));
            let span = self.span(value_start, value_start + attribute.value.len());
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| Stop::new(not_xml::reason(&error), span))?;
            let value = self.texts.keep(&value);
            let name = self.slice(name_start, attribute.key.as_ref().len());
            attributes.push(Attribute {
                name,
                name_span: self.span(name_start, name_start + name.len()),
                value,
                span,
            });
        }
        let name_span = self.span(inside, inside + name.len());
        let text_span = self.span(at.end as usize, at.end as usize);
        Ok(Element {
            name,
            name_span,
            span: at,
            attributes,
            inner: Vec::new(),
            written: Cow::Borrowed(""),
            text: self.texts.keep(""),
            text_span,
        })
    }

    /// The `length` bytes of the text from `start` on.
    fn slice(&self, start: usize, length: usize) -> &'t str {
        self.text.get(start..start + length).unwrap_or_default()
    }

    /// `read`, which the parser made of the bytes from `start` to `end`: those bytes themselves where nothing differs,
    /// so that nothing is copied.
    fn kept(&self, read: &str, start: usize, end: usize) -> Cow<'t, str> {
        match self.text.get(start..end) {
            Some(bytes) if bytes == read => Cow::Borrowed(bytes),
            _ => Cow::Owned(read.to_owned()),
        }
    }

    /// Puts a finished element into the one that holds it.
    fn close(&mut self, mut element: Element<'t>, at: Span) -> Result<(), Stop> {
        element.text = self.texts.keep(element.written.trim());
        element.written = Cow::Borrowed("");
        match self.open.last_mut() {
            Some(parent) => parent.inner.push(element),
            None if self.root.is_some() => {
                return Err(Stop::new(phrase!("xml-second-root", "a second root element"), at));
            }
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Adds text to the element that is open.
    fn write(&mut self, text: Cow<'t, str>, at: Span) -> Result<(), Stop> {
        if let Some(letter) = text.chars().find(|letter| is_no_xml(*letter)) {
            return Err(Stop::new(
                phrase!(
                    "xml-character",
                    "the character {letter} has no place in XML",
                    letter = letter.escape_debug().to_string()
                ),
                at,
            ));
        }
        match self.open.last_mut() {
            Some(element) => {
                if !text.trim().is_empty() {
                    if element.written.trim().is_empty() {
                        let start = at.start as usize + text.len() - text.trim_start().len();
                        element.text_span = Span::new(self.file, start, start + text.trim().len());
                    } else {
                        element.text_span.end = at.end;
                    }
                }
                let blank = element.written.trim().is_empty() && text.trim().is_empty();
                if element.written.is_empty() {
                    element.written = text;
                } else if !blank {
                    element.written.to_mut().push_str(&text);
                }
                Ok(())
            }
            None if text
                .trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
                .is_empty() =>
            {
                Ok(())
            }
            None => Err(Stop::new(phrase!("xml-text-outside", "text outside of the root element"), at)),
        }
    }

    /// Takes in the end of the text.
    fn end(&self, at: Span) -> Result<Step, Stop> {
        match (self.open.last(), &self.root) {
            (Some(open), _) => {
                Err(Stop::new(phrase!("xml-open", "`{name}` is never closed", name = open.name), open.span))
            }
            (None, None) => Err(Stop::new(phrase!("xml-nothing", "there is no element"), at)),
            (None, Some(_)) => Ok(Step::End),
        }
    }
}

/// Whether XML 1.0 forbids the letter.
fn is_no_xml(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}')
}

/// The text that a reference such as `&amp;` or `&#233;` stands for.
fn replaced(entity: &BytesRef, at: Span) -> Result<String, Stop> {
    if let Some(letter) = entity.resolve_char_ref().map_err(|error| Stop::new(not_xml::reason(&error), at))? {
        return Ok(letter.to_string());
    }
    let name: &str = entity;
    resolve_predefined_entity(name).map(str::to_owned).ok_or_else(|| {
        Stop::new(phrase!("xml-entity", "the entity `&{name};` is not defined", name = name), at)
    })
}
