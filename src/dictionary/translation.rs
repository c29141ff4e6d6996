//! What a dictionary says to people, in another language: `NAME.LANGUAGE.ftl` beside `NAME.xml`.
//!
//! In: the text of such a file, in Fluent. Out: its sentences with their places. The key of a variable is its name, that of a family is
//! `family-` and its normalised name; the sentence is the description, and its parts are the other texts. Only texts stand in
//! sentences: what asks for a value, or does not parse, is kept as unreadable and left out. EOLE's own program reads `.xml` alone, so it
//! does not see these files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::unicode::unescape_unicode_to_string;

use crate::phrase;
use crate::source::{FileId, Span, Spanned};
use crate::words::Phrase;

/// With what the key of a family begins.
const FAMILY: &str = "family-";

/// What one dictionary says, in one other language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The text that it was read from.
    pub file: FileId,
    /// The language, such as `en`.
    pub language: Arc<str>,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A part of a [`Translation`] that says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The key, where there is one.
    pub key: Option<Arc<str>>,
    /// Why.
    pub reason: Phrase,
    /// Where.
    pub span: Span,
}

/// A sentence of a [`Translation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Of what it is.
    pub of: Described,
    /// Which of its texts it is; none for one that nothing has.
    pub part: Option<Text>,
    /// Its text.
    pub text: Arc<str>,
    /// Where its key stands.
    pub key: Spanned<Arc<str>>,
}

/// Of what a sentence is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Described {
    /// A variable, by its name as the dictionary writes it.
    Variable(Arc<str>),
    /// A family, by its normalised name.
    Family(Arc<str>),
}

/// Which text of a variable or family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Text {
    /// Its description.
    Description,
    /// Its help.
    Help,
    /// The title before it.
    Separator,
    /// What its checks say of a value that they refuse, the `err_msg`.
    Error,
}

impl Text {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Description, Self::Help, Self::Separator, Self::Error];

    /// The name of the part of a sentence; none for the sentence itself.
    pub fn part(self) -> Option<&'static str> {
        match self {
            Self::Description => None,
            Self::Help => Some("help"),
            Self::Separator => Some("separator"),
            Self::Error => Some("error"),
        }
    }
}

impl Described {
    /// The key of its sentence.
    pub fn key(&self) -> String {
        match self {
            Self::Variable(name) => name.to_string(),
            Self::Family(name) => format!("{FAMILY}{name}"),
        }
    }

    fn of(key: &str) -> Self {
        match key.strip_prefix(FAMILY) {
            Some(name) => Self::Family(name.into()),
            None => Self::Variable(key.into()),
        }
    }

    /// Whether Fluent can have its key.
    pub fn has_key(&self) -> bool {
        let key = self.key();
        let is_in_key = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        key.starts_with(|letter: char| letter.is_ascii_alphabetic()) && key.chars().all(is_in_key)
    }
}

/// The files among `paths` that translate the dictionary `path`, each with its language.
pub(super) fn beside<'p>(path: &Path, paths: &'p [PathBuf]) -> Vec<(&'p Path, &'p str)> {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let of = |other: &'p PathBuf| {
        let language =
            other.file_name()?.to_str()?.strip_suffix(".ftl")?.strip_prefix(stem)?.strip_prefix('.')?;
        (!language.is_empty() && !language.contains('.')).then_some((other.as_path(), language))
    };
    paths.iter().filter_map(of).collect()
}

/// Reads `text`, which is numbered `file`.
pub(super) fn read(text: &str, file: FileId, language: &str) -> Translation {
    let (resource, wrong) = match fluent_syntax::parser::parse(text) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, wrong)) => (resource, wrong),
    };
    let mut reader = Reader {
        text,
        at: 0,
        translation: Translation {
            file,
            language: language.into(),
            sentences: Vec::new(),
            unreadable: Vec::new(),
        },
    };
    for error in wrong {
        let span = Span::new(file, error.pos.start.min(text.len()), error.pos.end.min(text.len()));
        let reason = error.kind.to_string().into();
        reader.translation.unreadable.push(Unreadable { key: None, reason, span });
    }
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let of = Described::of(message.id.name);
        let span = reader.place(message.id.name, false);
        if let Some(pattern) = &message.value {
            reader.sentence(of.clone(), None, pattern, span);
        }
        for part in &message.attributes {
            let span = reader.place(part.id.name, true);
            reader.sentence(of.clone(), Some(part.id.name), &part.value, span);
        }
    }
    reader.translation
}

struct Reader<'t> {
    text: &'t str,
    /// Up to where keys were found.
    at: usize,
    translation: Translation,
}

impl Reader<'_> {
    /// Where the next key `name` stands, which begins a line or, with a dot before it, is a part.
    fn place(&mut self, name: &str, is_part: bool) -> Span {
        let mut start = self.at;
        for line in self.text[self.at..].split_inclusive('\n') {
            let bare = line.trim_start_matches(' ');
            let inside = if is_part { bare.strip_prefix('.') } else { Some(line) };
            let rest = inside.and_then(|inside| inside.strip_prefix(name));
            if let (Some(inside), Some(rest)) = (inside, rest)
                && rest.trim_start_matches(' ').starts_with('=')
            {
                let begins = start + line.len() - inside.len();
                self.at = start + line.len();
                return Span::new(self.translation.file, begins, begins + name.len());
            }
            start += line.len();
        }
        Span::new(self.translation.file, self.at, self.at)
    }

    fn sentence(&mut self, of: Described, part: Option<&str>, pattern: &Pattern<&str>, span: Span) {
        let key: Arc<str> = part.map_or_else(|| of.key(), |part| format!("{}.{part}", of.key())).into();
        let Some(text) = text_of(pattern) else {
            let reason = phrase!("texts-alone", "only texts can stand in it, and `{\"{\"}` for a brace");
            self.translation.unreadable.push(Unreadable { key: Some(key), reason, span });
            return;
        };
        let part = Text::ALL.into_iter().find(|text| text.part() == part);
        let key = Spanned::new(key, span);
        self.translation.sentences.push(Sentence { of, part, text: text.into(), key });
    }
}

/// The text of a pattern in which nothing else stands.
fn text_of(pattern: &Pattern<&str>) -> Option<String> {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => text.push_str(&unescape_unicode_to_string(value)),
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read_text(text: &str) -> Translation {
        let file = Sources::default().add(Path::new("a.en.ftl"), text);
        read(text, file, "en")
    }

    #[test]
    fn sentences_have_their_places() {
        let text =
            "# of a\nfamily-b_c = B\n    .help = H\n\na = {\"{\"}A\n    .separator = S\n    .title = T\n";
        let found = read_text(text);
        assert_eq!(found.unreadable, []);
        let all: Vec<(&str, Option<Text>, &str, &str)> = found
            .sentences
            .iter()
            .map(|sentence| {
                let span = sentence.key.span;
                let place = &text[span.start as usize..span.end as usize];
                (&*sentence.key.value, sentence.part, &*sentence.text, place)
            })
            .collect();
        let expected = [
            ("family-b_c", Some(Text::Description), "B", "family-b_c"),
            ("family-b_c.help", Some(Text::Help), "H", "help"),
            ("a", Some(Text::Description), "{A", "a"),
            ("a.separator", Some(Text::Separator), "S", "separator"),
            ("a.title", None, "T", "title"),
        ];
        assert_eq!(all, expected);
        assert_eq!(found.sentences[0].of, Described::Family("b_c".into()));
    }

    #[test]
    fn what_asks_for_values_or_does_not_parse_is_left_out() {
        let found = read_text("a = { $b }\nc = C\nd\n");
        assert_eq!(found.sentences.len(), 1);
        assert_eq!(found.unreadable.len(), 2, "{:?}", found.unreadable);
    }

    #[test]
    fn files_beside_a_dictionary_are_its_own() {
        let paths: Vec<PathBuf> =
            ["a.en.ftl", "a.fr.ftl", "ab.en.ftl", "a.ftl", "a.x.en.ftl", "a.xml"].map(PathBuf::from).into();
        let found: Vec<&str> =
            beside(Path::new("a.xml"), &paths).into_iter().map(|(_, language)| language).collect();
        assert_eq!(found, ["en", "fr"]);
    }
}
