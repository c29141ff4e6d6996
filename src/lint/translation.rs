//! Translations of dictionaries that say too little, too much, or nothing that can be read.

use std::collections::BTreeSet;

use super::{Lint, Subject};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::dictionary::{Described, Dictionary, Text, Translation};
use crate::phrase;
use crate::schema::described;
use crate::source::Span;

/// Looks at each translation beside its dictionary.
pub(super) fn translations(subject: &Subject<'_>, findings: &mut Findings) {
    for dictionary in subject.dictionaries {
        let wanted = described(dictionary);
        for translation in &dictionary.translations {
            unreadable(translation, findings);
            unknown(translation, &wanted, findings);
            missing(dictionary, translation, &wanted, findings);
        }
    }
}

fn unreadable(translation: &Translation, findings: &mut Findings) {
    for unreadable in &translation.unreadable {
        let problem = Lint::TranslationUnreadable { reason: unreadable.reason.clone() };
        findings.push(Finding::new(problem).at(unreadable.span, phrase!("at-here", "here")));
    }
}

fn unknown(translation: &Translation, wanted: &BTreeSet<(Described, Text)>, findings: &mut Findings) {
    for sentence in &translation.sentences {
        let of = (sentence.of.clone(), sentence.part);
        if wanted.iter().any(|(described, text)| of == (described.clone(), Some(*text))) {
            continue;
        }
        let keys: Vec<String> = wanted.iter().map(|(of, text)| key(of, *text)).collect();
        let help = match nearest(&sentence.key.value, keys.iter().map(String::as_str)) {
            Some(near) => phrase!("write-near", "write `{near}` if that is what you mean", near = near),
            None => phrase!(
                "take-out-translation",
                "take it out, or give the dictionary the text that it translates"
            ),
        };
        let problem = Lint::TranslationUnknown { key: sentence.key.value.to_string(), help };
        let label = phrase!("at-translates-nothing", "translates nothing");
        findings.push(Finding::new(problem).at(sentence.key.span, label));
    }
}

fn missing(
    dictionary: &Dictionary,
    translation: &Translation,
    wanted: &BTreeSet<(Described, Text)>,
    findings: &mut Findings,
) {
    for (of, text) in wanted.iter().filter(|(of, _)| of.has_key()) {
        let is_it =
            |sentence: &&crate::dictionary::Sentence| sentence.of == *of && sentence.part == Some(*text);
        let is_told =
            |unreadable: &crate::dictionary::Unreadable| unreadable.key.as_deref() == Some(&key(of, *text));
        let is_there = translation.sentences.iter().any(|sentence| is_it(&sentence));
        if is_there || translation.unreadable.iter().any(is_told) {
            continue;
        }
        let language = translation.language.to_string();
        let finding = Finding::new(Lint::TranslationMissing { key: key(of, *text), language });
        let label = phrase!("at-described-here", "described here");
        findings.push(match place(dictionary, of) {
            Some(span) => finding.at(span, label),
            None => finding,
        });
    }
}

/// The key of a text.
fn key(of: &Described, text: Text) -> String {
    text.part().map_or_else(|| of.key(), |part| format!("{}.{part}", of.key()))
}

/// Where the dictionary names what is described.
fn place(dictionary: &Dictionary, of: &Described) -> Option<Span> {
    let variables = dictionary.families.iter().flat_map(|family| &family.variables);
    match of {
        Described::Variable(name) => {
            let mut named = variables
                .map(|variable| &variable.name)
                .chain(dictionary.separators.iter().map(|separator| &separator.variable))
                .chain(dictionary.constraints.calls.iter().map(|call| &call.target))
                .chain(dictionary.help.iter().map(|help| &help.name));
            named.find(|found| found.value == *name).map(|found| found.span)
        }
        Described::Family(name) => {
            let mut named = dictionary.families.iter().map(|family| &family.name);
            let is_it = |found: &&crate::dictionary::Name| {
                crate::schema::FamilyName::normalise(&found.value).as_str() == &**name
            };
            named.find(is_it).map(|found| found.span)
        }
    }
}
