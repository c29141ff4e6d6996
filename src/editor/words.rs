//! The words of the editor, in the user's language.
//!
//! In: a key, and what is to stand in the sentence. Out: the sentence. A key that a language lacks is said in English, and one that
//! English lacks is shown as it is; the tests see to it that neither happens.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("../../locales/en/editor.ftl");
const FRENCH: &str = include_str!("../../locales/fr/editor.ftl");

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

    fn text(self) -> &'static str {
        match self {
            Self::En => ENGLISH,
            Self::Fr => FRENCH,
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
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl Words {
    /// The words of `language`.
    pub fn new(language: Language) -> Self {
        let tags: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new(tags);
        // What stands in a sentence is no text of another direction: no marks around it.
        bundle.set_use_isolating(false);
        for text in [ENGLISH, language.text()] {
            // A sentence that does not parse is left out, and the tests find it.
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(Arc::new(resource));
        }
        Self { bundle }
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
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        let begins = |line: &&str| line.starts_with(|first: char| first.is_ascii_lowercase());
        text.lines().filter(begins).filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect()
    }

    #[test]
    fn each_language_parses_and_says_all() {
        for language in [Language::En, Language::Fr] {
            assert!(FluentResource::try_new(language.text().to_owned()).is_ok(), "{language:?}");
            assert_eq!(keys(language.text()), keys(ENGLISH), "{language:?}");
        }
        assert_eq!(Words::new(Language::Fr).count("errors", 1), "1 erreur");
        assert_eq!(Words::new(Language::En).count("errors", 2), "2 errors");
        assert_eq!(Words::new(Language::Fr).with("unknown", &[("name", "x")]), "Il n'y a pas de variable x");
    }

    #[test]
    fn each_sentence_is_used() {
        let sources = [
            include_str!("update/mod.rs"),
            include_str!("update/looks.rs"),
            include_str!("update/popup.rs"),
            include_str!("update/typing.rs"),
            include_str!("keys.rs"),
            include_str!("form.rs"),
            include_str!("view/mod.rs"),
            include_str!("view/lists.rs"),
            include_str!("view/popup.rs"),
            include_str!("../command/edit/mod.rs"),
        ];
        for key in keys(ENGLISH) {
            let quoted = format!("\"{key}\"");
            let is_made = ["level-", "ask-"].iter().any(|begins| key.starts_with(begins));
            assert!(is_made || sources.iter().any(|source| source.contains(&quoted)), "{key} is not used");
        }
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
}
