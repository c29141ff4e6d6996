//! What is said, in the user's language.
//!
//! In: a key, and what is to stand in the sentence. Out: the sentence. A key that a language lacks is said in English, and one that
//! English lacks is shown as it is; `tests/it/languages.rs` sees to it that neither happens. The help of commands has its English in
//! the comments of their options, of which the other languages have translations (decision 10).

use std::ffi::OsString;
use std::sync::Arc;

use clap::ValueEnum as _;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde_json::{Map, Value};
use unic_langid::LanguageIdentifier;

mod phrase;
mod system;

pub use phrase::{Phrase, as_said, english, field, joined};

/// The sentences of a language.
const ENGLISH: [&str; 1] = [include_str!("../locales/en/editor.ftl")];
const FRENCH: [&str; 4] = [
    include_str!("../locales/fr/editor.ftl"),
    include_str!("../locales/fr/help.ftl"),
    include_str!("../locales/fr/messages.ftl"),
    include_str!("../locales/fr/phrases.ftl"),
];

/// What stands between the items of a list until it is known how the sentence joins them.
const BETWEEN: char = '\u{1f}';

/// The value that arguments give to `option`, also where they are wrong as a whole.
pub fn given<'a>(arguments: &'a [OsString], option: &str) -> Option<&'a str> {
    let mut words = arguments.iter().filter_map(|argument| argument.to_str());
    loop {
        let word = words.next()?;
        match word.strip_prefix(option) {
            _ if word == "--" => return None,
            Some("") => return words.next(),
            Some(rest) if rest.starts_with('=') => return rest.strip_prefix('='),
            _ => {}
        }
    }
}

/// A language that galerne speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// The language that the environment asks for, by the variables that say so, the first first. As with other programs, `LANGUAGE`
    /// lists those that somebody prefers whose locale is not that of programs (`C`).
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(&variable).find(|word| !word.is_empty());
        let Some(locale) = locale.filter(|word| !matches!(word.split('.').next(), Some("C" | "POSIX")))
        else {
            return Self::En;
        };
        let preferred = variable("LANGUAGE").unwrap_or_default();
        preferred.split(':').chain([&*locale]).find_map(Self::of_locale).unwrap_or_default()
    }

    /// The language of a locale such as `fr_FR.UTF-8`, if it is one that galerne speaks.
    fn of_locale(locale: &str) -> Option<Self> {
        match locale.split(['_', '.', '@']).next() {
            Some("fr") => Some(Self::Fr),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }

    /// The language that the arguments of a command ask for with `--lang`.
    pub fn of_arguments(arguments: &[OsString]) -> Option<Self> {
        Self::from_str(given(arguments, "--lang")?, true).ok()
    }

    fn texts(self) -> &'static [&'static str] {
        match self {
            Self::En => &ENGLISH,
            Self::Fr => &FRENCH,
        }
    }

    /// Its tag, as it stands in the names of files.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// The words of a language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl Default for Words {
    /// Those of English.
    fn default() -> Self {
        Self::new(Language::En)
    }
}

impl Words {
    /// The words of `language`.
    pub fn new(language: Language) -> Self {
        let tags: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(tags);
        // What stands in a sentence is no text of another direction: no marks around it.
        bundle.set_use_isolating(false);
        add_functions(&mut bundle);
        let english = Language::En.texts().iter().filter(|_| language != Language::En);
        for text in english.chain(language.texts()) {
            // A sentence that does not parse is left out, and the tests find it.
            let resource =
                FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(Arc::new(resource));
        }
        Self { language, bundle }
    }

    /// Which language it is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence `key`, if there is one.
    pub fn find(&self, key: &str) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        Some(self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }

    /// The part `attribute` of the sentence `key`, if there is one.
    pub fn part(&self, key: &str, attribute: &str) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.get_attribute(attribute)?.value();
        Some(self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }

    /// The sentence `key`.
    pub fn get(&self, key: &str) -> String {
        self.say(key, None)
    }

    /// The sentence `key` with texts in it.
    pub fn with(&self, key: &str, texts: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set((*name).to_owned(), FluentValue::from(harmless(text)));
        }
        self.say(key, Some(&args))
    }

    /// The sentence `key` with a number in it, `$count`.
    pub fn count(&self, key: &str, count: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        self.say(key, Some(&args))
    }

    /// `phrase` in this language, in English where this language lacks it.
    pub fn phrase(&self, phrase: &Phrase) -> String {
        let none = Map::new();
        let said = phrase.key().and_then(|key| self.message(key, phrase.fields().unwrap_or(&none)));
        said.unwrap_or_else(|| harmless(phrase.english()))
    }

    /// The sentence `key`, or its part if that is `key.part`, with `fields` in it; `None` if this language lacks it, or it names
    /// what is not among the fields.
    pub fn message(&self, key: &str, fields: &Map<String, Value>) -> Option<String> {
        let pattern = match key.split_once('.') {
            Some((key, part)) => self.bundle.get_message(key)?.get_attribute(part)?.value(),
            None => self.bundle.get_message(key)?.value()?,
        };
        let mut args = FluentArgs::new();
        for (name, value) in fields {
            args.set(name.clone(), self.argument(value)?);
        }
        let mut wrong = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut wrong).replace(BETWEEN, ", ");
        wrong.is_empty().then_some(text)
    }

    /// A field of a sentence; `None` if it is of a form that cannot stand in one.
    fn argument(&self, value: &Value) -> Option<FluentValue<'static>> {
        Some(match value {
            Value::Null => FluentValue::None,
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                // In full, whatever its size: no sentence rounds a number.
                let exact = number.as_i64().filter(|number| number.unsigned_abs() < 1 << 53);
                exact.map_or_else(|| number.to_string().into(), FluentValue::from)
            }
            _ => FluentValue::from(self.text(value)?),
        })
    }

    fn text(&self, value: &Value) -> Option<String> {
        match value {
            Value::Null => Some(String::new()),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::String(text) => Some(self.of_system(harmless(text))),
            Value::Array(items) => {
                let texts: Option<Vec<String>> = items.iter().map(|item| self.text(item)).collect();
                Some(texts?.join(BETWEEN.encode_utf8(&mut [0; 4])))
            }
            Value::Object(members) => {
                let fields = members.get("fields").and_then(Value::as_object)?;
                self.message(members.get("say")?.as_str()?, fields)
            }
        }
    }

    /// `text` with what the system says in it in this language.
    fn of_system(&self, text: String) -> String {
        if self.language == Language::En {
            return text;
        }
        let Some((sentence, number, phrase)) = system::find(&text) else { return text };
        let said =
            crate::phrase!("system-error", "{words} (os error {number})", words = phrase, number = number);
        text.replacen(&sentence, &self.phrase(&said), 1)
    }

    fn say(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned(),
            None => key.to_owned(),
        }
    }
}

/// What sentences can do with their fields: `JOIN($list, by: " → ")`; `LINES($log)`, each item on a line of its own;
/// `GIVEN($field)`, which is `yes` or `no`.
fn add_functions(bundle: &mut FluentBundle<Arc<FluentResource>>) {
    // Two functions of one name are the one thing that is refused, and these are all.
    let _ = bundle.add_function("JOIN", |list, named| match (list, named.get("by")) {
        ([FluentValue::String(list)], Some(FluentValue::String(by))) => list.replace(BETWEEN, by).into(),
        _ => FluentValue::Error,
    });
    let _ = bundle.add_function("LINES", |list, _| match list {
        [FluentValue::String(list)] => format!("\n  | {}", list.replace(BETWEEN, "\n  | ")).into(),
        _ => FluentValue::Error,
    });
    let _ = bundle.add_function("GIVEN", |given, _| match given {
        [FluentValue::None] | [] => "no".into(),
        [FluentValue::String(text)] if text.is_empty() => "no".into(),
        _ => "yes".into(),
    });
}

/// Whether a terminal may take `letter` for an order: the control characters of both tables (C0 and C1) but for line ends and tabs.
pub(crate) fn is_order(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t')
}

/// `text` with what a terminal would take for an order written out.
pub(crate) fn harmless(text: &str) -> String {
    if !text.contains(is_order) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_order(letter) { shown.extend(letter.escape_debug()) } else { shown.push(letter) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_said_in_the_language_with_what_stands_in_it() {
        let words = Words::new(Language::Fr);
        let inner = crate::phrase!("write-near", "write `{near}` if that is what you mean", near = "docker");
        assert_eq!(inner.to_string(), "write `docker` if that is what you mean");
        assert_eq!(words.phrase(&inner), "écrivez «\u{a0}docker\u{a0}» si c'est ce que vous voulez dire");
        let fields =
            Map::from_iter([("help".to_owned(), field(&inner)), ("name".to_owned(), "dokcer".into())]);
        let help = words.message("schema-unknown-type.help", &fields);
        assert_eq!(help.as_deref(), Some("écrivez «\u{a0}docker\u{a0}» si c'est ce que vous voulez dire"));
        assert_eq!(words.message("schema-unknown-type", &Map::new()), None, "a field is missing");
        assert_eq!(words.phrase(&Phrase::from("as it is".to_owned())), "as it is");
    }

    #[test]
    fn what_stands_behind_one_another_is_said_in_the_language() {
        let words = Words::new(Language::Fr);
        let late = crate::program::late_named("tar", std::time::Duration::from_secs(3));
        let both = joined(&["a".into(), "b".into(), late]);
        assert_eq!(both.to_string(), "a; b; `tar` took longer than 3 s");
        assert_eq!(words.phrase(&both), "a; b\u{a0}; «\u{a0}tar\u{a0}» a mis plus de 3\u{a0}s");
        assert_eq!(joined(&["a".into(), "b".into()]).key(), None);
    }

    #[test]
    fn what_the_system_says_is_said_in_the_language_too() {
        let fields = Map::from_iter([
            ("path".to_owned(), "/a".into()),
            ("cause".to_owned(), "open: Permission denied (os error 13)".into()),
        ]);
        let said = Words::new(Language::Fr).message("apply-file", &fields).expect("it is there");
        assert_eq!(said, "«\u{a0}/a\u{a0}»\u{a0}: open: permission refusée (erreur 13 du système)");
    }

    #[test]
    fn what_an_error_of_our_own_says_is_said_in_the_language_too() {
        let ours = crate::phrase!("file-not-regular", "not a regular file");
        let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, ours);
        assert_eq!(error.to_string(), "not a regular file");
        assert_eq!(
            Words::new(Language::Fr).phrase(&Phrase::from(&error)),
            "ce n'est pas un fichier ordinaire"
        );
    }

    #[test]
    fn lists_and_orders_to_a_terminal_are_shown() {
        let words = Words::new(Language::Fr);
        let fields = Map::from_iter([("cycle".to_owned(), field(["a", "b\u{1b}[2J", "a"]))]);
        let said = words.message("schema-cycle", &fields).expect("it is there");
        assert!(said.ends_with("a → b\\u{1b}[2J → a"), "{said}");
    }

    #[test]
    fn no_language_hands_orders_to_a_terminal() {
        for language in [Language::En, Language::Fr] {
            let words = Words::new(language);
            let inner = crate::phrase!(
                "write-near",
                "write `{near}` if that is what you mean",
                near = "\u{1b}c\u{7f}"
            );
            for said in [
                words.phrase(&inner),
                words.phrase(&"\u{9b}2J\r\n\tx".into()),
                words.with("unknown", &[("name", "\u{7}")]),
            ] {
                assert!(!said.contains(is_order), "{said:?}");
            }
            assert_eq!(words.phrase(&"\u{9b}2J\r\n\tx".into()), "\\u{9b}2J\\r\n\tx");
        }
    }

    #[test]
    fn sentences_have_numbers_and_names_in_them() {
        assert_eq!(Words::new(Language::Fr).count("errors", 1), "1 erreur");
        assert_eq!(Words::new(Language::En).count("errors", 2), "2 errors");
        assert_eq!(Words::new(Language::Fr).with("unknown", &[("name", "x")]), "Il n'y a pas de variable x");
    }

    #[test]
    fn french_counts_none_as_one() {
        let words = Words::new(Language::Fr);
        let map = |fields: &[(&str, Value)]| -> Map<String, Value> {
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
        };
        let said = |count: u32| {
            let count = || field(count);
            [
                words.message("step-scale", &map(&[("container", "a".into()), ("replicas", count())])),
                words.message("promoted", &map(&[("count", count())])),
                words.message("has-items", &map(&[("length", count())])),
            ]
            .map(|said| said.expect("it is there"))
            .join(" | ")
        };
        let begin = "enregistré pour la production\u{a0}:";
        assert_eq!(said(0), format!("porter a à 0 copie | {begin} 0 valeur | a 0 élément"));
        assert_eq!(said(1), format!("porter a à 1 copie | {begin} 1 valeur | a 1 élément"));
        assert_eq!(said(2), format!("porter a à 2 copies | {begin} 2 valeurs | a 2 éléments"));
    }

    #[test]
    fn the_environment_says_which_language() {
        let of = |pairs: &'static [(&str, &str)]| {
            Language::of_environment(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Language::Fr);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), Language::En);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "")]), Language::Fr);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_MESSAGES", "en_GB.UTF-8")]), Language::En);
        assert_eq!(of(&[("LC_MESSAGES", "en_GB.UTF-8"), ("LC_ALL", "fr_BE@euro")]), Language::Fr);
        assert_eq!(of(&[("LANG", "fr")]), Language::Fr);
        assert_eq!(of(&[("LANG", "frr_DE")]), Language::En, "that is Frisian");
        assert_eq!(of(&[("LANG", "de_DE.UTF-8"), ("LANGUAGE", "de:fr:en")]), Language::Fr);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LANGUAGE", "en_GB:en")]), Language::En);
        assert_eq!(of(&[("LANG", "C.UTF-8"), ("LANGUAGE", "fr")]), Language::En, "programs read that");
        assert_eq!(of(&[("LANGUAGE", "fr")]), Language::En);
        assert_eq!(of(&[]), Language::En);
    }

    #[test]
    fn the_arguments_say_which_language() {
        let of = |arguments: &[&str]| {
            Language::of_arguments(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
        };
        assert_eq!(of(&["galerne", "--lang", "fr", "check"]), Some(Language::Fr));
        assert_eq!(of(&["galerne", "check", "--lang=en"]), Some(Language::En));
        for none in
            [&["galerne", "--lang"][..], &["galerne", "--lang", "de"], &["galerne", "--", "--lang=fr"], &[]]
        {
            assert_eq!(of(none), None);
        }
    }
}
