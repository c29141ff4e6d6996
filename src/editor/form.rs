//! A variable of the local dictionary, as it is being described.

use tui_input::{Input, InputRequest};

use super::local::LocalVariable;
use crate::value::VariableType;

/// A line of a form.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The name of what it is called.
    pub(super) title: &'static str,
    /// What stands in it.
    pub(super) entry: Entry,
}

/// What stands in a line.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// A text.
    Text(Input),
    /// One of these words.
    Word { words: Vec<&'static str>, at: usize },
}

/// A form, and the line in which the user is.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) fields: Vec<Field>,
    pub(super) at: usize,
}

impl Form {
    /// A variable of the family `family`, of which nothing is known yet.
    pub(super) fn new(family: &str) -> Self {
        let text = |title, text: &str| Field { title, entry: Entry::Text(Input::new(text.to_owned())) };
        let word = |title, words: Vec<&'static str>| Field { title, entry: Entry::Word { words, at: 0 } };
        let fields = vec![
            text("form-family", family),
            text("form-name", ""),
            text("form-description", ""),
            word("form-type", VariableType::names().collect()),
            word("form-mode", vec!["normal", "basic", "expert"]),
            text("form-default", ""),
            word("form-multi", vec!["non", "oui"]),
            word("form-mandatory", vec!["non", "oui"]),
            text("form-if-variable", ""),
            text("form-if-value", ""),
            text("form-words", ""),
            text("form-pattern", ""),
        ];
        Self { fields, at: 1 }
    }

    /// Goes a line up or down.
    pub(super) fn travel(&mut self, is_down: bool) {
        let last = self.fields.len() - 1;
        self.at = if is_down { (self.at + 1).min(last) } else { self.at.saturating_sub(1) };
    }

    /// Whether the user is in the last line.
    pub(super) fn is_at_end(&self) -> bool {
        self.at + 1 == self.fields.len()
    }

    /// Changes what stands in the line.
    pub(super) fn edit(&mut self, request: InputRequest) {
        let Some(field) = self.fields.get_mut(self.at) else { return };
        match &mut field.entry {
            Entry::Text(input) => drop(input.handle(request)),
            Entry::Word { words, at } => match request {
                InputRequest::GoToPrevChar => *at = (*at + words.len() - 1) % words.len(),
                InputRequest::GoToNextChar | InputRequest::InsertChar(' ') => *at = (*at + 1) % words.len(),
                // The next word that begins with this letter.
                InputRequest::InsertChar(letter) => {
                    let next = (1..=words.len()).map(|step| (*at + step) % words.len());
                    *at = next.into_iter().find(|place| words[*place].starts_with(letter)).unwrap_or(*at);
                }
                _ => {}
            },
        }
    }

    fn text(&self, title: &str) -> &str {
        match self.fields.iter().find(|field| field.title == title).map(|field| &field.entry) {
            Some(Entry::Text(input)) => input.value().trim(),
            Some(Entry::Word { words, at }) => words[*at],
            None => "",
        }
    }

    /// The variable; none without a name that can be one.
    pub(super) fn variable(&self) -> Option<LocalVariable> {
        let name = self.text("form-name");
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_name || self.text("form-family").is_empty() {
            return None;
        }
        let description = self.text("form-description");
        let (source, value) = (self.text("form-if-variable"), self.text("form-if-value"));
        let words = self.text("form-words").split(',').map(str::trim).filter(|word| !word.is_empty());
        Some(LocalVariable {
            family: self.text("form-family").to_owned(),
            name: name.to_owned(),
            description: if description.is_empty() { name } else { description }.to_owned(),
            kind: self.text("form-type").to_owned(),
            mode: self.text("form-mode").to_owned(),
            default: self.text("form-default").to_owned(),
            multi: self.text("form-multi") == "oui",
            mandatory: self.text("form-mandatory") == "oui",
            disabled_if: (!source.is_empty()).then(|| (source.to_owned(), value.to_owned())),
            words: words.map(str::to_owned).collect(),
            pattern: self.text("form-pattern").to_owned(),
        })
    }
}
