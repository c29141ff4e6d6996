//! What is said, in the user's language.
//!
//! In: a key, and what is to stand in the sentence. Out: the sentence. A key that a language lacks is said in English, and one that
//! English lacks is shown as it is; `tests/it/languages.rs` sees to it that neither happens. The help of commands has its English in
//! the comments of their options, of which the other languages have translations (decision 10).

use std::ffi::OsString;
use std::sync::Arc;

use clap::ValueEnum as _;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The sentences of a language.
const ENGLISH: [&str; 1] = [include_str!("../locales/en/editor.ftl")];
const FRENCH: [&str; 2] = [include_str!("../locales/fr/editor.ftl"), include_str!("../locales/fr/help.ftl")];

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
    /// The language that the environment asks for, by the variables that say so, the first first.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let asked =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|word| !word.is_empty());
        if asked.is_some_and(|word| word.starts_with("fr")) { Self::Fr } else { Self::En }
    }

    /// The language that the arguments of a command ask for with `--lang`.
    pub fn of_arguments(arguments: &[OsString]) -> Option<Self> {
        let mut words = arguments.iter().filter_map(|argument| argument.to_str());
        let word = loop {
            match words.next()? {
                "--" => return None,
                "--lang" => break words.next()?,
                word => {
                    if let Some(word) = word.strip_prefix("--lang=") {
                        break word;
                    }
                }
            }
        };
        Self::from_str(word, true).ok()
    }

    fn texts(self) -> &'static [&'static str] {
        match self {
            Self::En => &ENGLISH,
            Self::Fr => &FRENCH,
        }
    }

    fn tag(self) -> &'static str {
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

impl Words {
    /// The words of `language`.
    pub fn new(language: Language) -> Self {
        let tags: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new(tags);
        // What stands in a sentence is no text of another direction: no marks around it.
        bundle.set_use_isolating(false);
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
            args.set((*name).to_owned(), FluentValue::from(*text));
        }
        self.say(key, Some(&args))
    }

    /// The sentence `key` with a number in it, `$count`.
    pub fn count(&self, key: &str, count: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        self.say(key, Some(&args))
    }

    fn say(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned(),
            None => key.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_have_numbers_and_names_in_them() {
        assert_eq!(Words::new(Language::Fr).count("errors", 1), "1 erreur");
        assert_eq!(Words::new(Language::En).count("errors", 2), "2 errors");
        assert_eq!(Words::new(Language::Fr).with("unknown", &[("name", "x")]), "Il n'y a pas de variable x");
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
