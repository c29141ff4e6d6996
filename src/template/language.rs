//! The languages of what templates produce; the template's name says which.

use std::fmt;

use serde::{Serialize, Serializer};
use tera::EscapeFn;

use super::escape;
use crate::phrase;
use crate::words::Phrase;

/// The language of an output: it decides what becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// nginx's configuration, from `*.conf.tera`: harmless characters pass, all else is refused.
    Nginx,
    /// JSON, from `*.json.tera`: the filter `json` writes any value; a bare one is escaped within quotes.
    Json,
    /// Assignments that a shell reads, from `*.sh.tera`: the filter `sh` quotes; bare, harmless characters pass.
    Shell,
    /// HTML, from `*.html.tera`: a value is escaped for a text and for an attribute in quotes.
    Html,
    /// Lines of anything, of the files that dictionaries name: control characters are refused.
    Lines,
}

impl Language {
    /// Those that the names of templates say.
    pub const ALL: [Self; 4] = [Self::Nginx, Self::Json, Self::Shell, Self::Html];

    /// The language that the template `name` produces; `None` if its name says nothing known.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| name.ends_with(language.suffix()))
    }

    /// How the names of its templates end.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Nginx => ".conf.tera",
            Self::Json => ".json.tera",
            Self::Shell => ".sh.tera",
            Self::Html => ".html.tera",
            Self::Lines => ".tera",
        }
    }

    /// What is done to a value before it is written.
    pub(super) fn escape(self) -> EscapeFn {
        match self {
            Self::Json => escape::json,
            Self::Html => escape::html,
            Self::Lines => escape::lines,
            Self::Nginx | Self::Shell => escape::harmless,
        }
    }
}

impl Language {
    /// Who reads it, in words.
    fn phrase(self) -> Phrase {
        match self {
            Self::Nginx => phrase!("reads-nginx", "nginx's configuration"),
            Self::Json => "JSON".into(),
            Self::Shell => phrase!("reads-shell", "a shell"),
            Self::Html => "HTML".into(),
            Self::Lines => phrase!("reads-lines", "a line of a file"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.phrase().serialize(serializer)
    }
}
