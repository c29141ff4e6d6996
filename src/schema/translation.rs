//! Dictionaries in the language of whoever reads them.
//!
//! In: dictionaries as written, with their translations. Out: the same, saying in that language what was translated. Only what people read
//! changes: no name, value or constraint, and so nothing that is calculated, rendered or compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FamilyName;
use crate::dictionary::{Call, Described, Dictionary, ParamContent, Purpose, Text, Translation};
use crate::source::Spanned;
use crate::value::Value;

/// The argument of a check that says what it wants.
const MESSAGE: &str = "err_msg";

/// Puts what `dictionaries` say into `language`, such as `fr`, as far as they have it.
pub fn translate(dictionaries: &mut [Dictionary], language: &str) {
    for dictionary in dictionaries {
        let of = |translation: &&Translation| &*translation.language == language;
        let sentences = dictionary.translations.iter().find(of).map(|translation| {
            let sentences = translation.sentences.iter();
            sentences
                .filter_map(|said| Some(((said.of.clone(), said.part?), Arc::clone(&said.text))))
                .collect()
        });
        if let Some(sentences) = sentences {
            say(dictionary, &sentences);
        }
    }
}

/// The texts that people read of a dictionary, each with whose it is.
pub fn described(dictionary: &Dictionary) -> BTreeSet<(Described, Text)> {
    let mut found = BTreeSet::new();
    for family in &dictionary.families {
        let of = || Described::Family(normal(&family.name.value));
        found.extend(family.description.as_ref().map(|_| (of(), Text::Description)));
        found.extend(family.help.as_ref().map(|_| (of(), Text::Help)));
        for variable in &family.variables {
            let of = || Described::Variable(Arc::clone(&variable.name.value));
            found.extend(variable.description.as_ref().map(|_| (of(), Text::Description)));
            found.extend(variable.help.as_ref().map(|_| (of(), Text::Help)));
        }
    }
    for help in &dictionary.help {
        let name = &help.name.value;
        let of = if help.of_family {
            Described::Family(normal(name))
        } else {
            Described::Variable(Arc::clone(name))
        };
        found.insert((of, Text::Help));
    }
    let separators = dictionary.separators.iter().map(|separator| &separator.variable.value);
    found.extend(separators.map(|name| (Described::Variable(Arc::clone(name)), Text::Separator)));
    let calls = dictionary.constraints.calls.iter().filter(|call| message_of(call).is_some());
    found.extend(calls.map(|call| (Described::Variable(Arc::clone(&call.target.value)), Text::Error)));
    found
}

/// The place of the text that a check says, among its arguments.
fn message_of(call: &Call) -> Option<usize> {
    let is_message = |content: &ParamContent| matches!(content, ParamContent::Constant(Value::Text(_)));
    matches!(call.purpose, Purpose::Check | Purpose::Warn).then_some(())?;
    call.params.iter().position(|param| param.name.as_deref() == Some(MESSAGE) && is_message(&param.content))
}

fn normal(name: &str) -> Arc<str> {
    FamilyName::normalise(name).as_str().into()
}

fn say(dictionary: &mut Dictionary, sentences: &BTreeMap<(Described, Text), Arc<str>>) {
    let get = |of: Described, text: Text| sentences.get(&(of, text)).cloned();
    let replace = |kept: &mut Option<Spanned<Arc<str>>>, said: Option<Arc<str>>| {
        if let (Some(kept), Some(said)) = (kept, said) {
            kept.value = said;
        }
    };
    let exchange = |kept: &mut Option<Arc<str>>, said: Option<Arc<str>>| {
        if let (Some(kept), Some(said)) = (kept, said) {
            *kept = said;
        }
    };
    for family in &mut dictionary.families {
        let of = Described::Family(normal(&family.name.value));
        replace(&mut family.description, get(of.clone(), Text::Description));
        exchange(&mut family.help, get(of, Text::Help));
        for variable in &mut family.variables {
            let of = Described::Variable(Arc::clone(&variable.name.value));
            replace(&mut variable.description, get(of.clone(), Text::Description));
            exchange(&mut variable.help, get(of, Text::Help));
        }
    }
    for help in &mut dictionary.help {
        let name = &help.name.value;
        let of = if help.of_family {
            Described::Family(normal(name))
        } else {
            Described::Variable(Arc::clone(name))
        };
        help.text = get(of, Text::Help).unwrap_or_else(|| Arc::clone(&help.text));
    }
    for separator in &mut dictionary.separators {
        let of = Described::Variable(Arc::clone(&separator.variable.value));
        separator.text = get(of, Text::Separator).unwrap_or_else(|| Arc::clone(&separator.text));
    }
    for call in &mut dictionary.constraints.calls {
        let said = get(Described::Variable(Arc::clone(&call.target.value)), Text::Error);
        if let (Some(at), Some(said)) = (message_of(call), said) {
            call.params[at].content = ParamContent::Constant(Value::from(&*said));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::diagnostic::Findings;
    use crate::dictionary::{Place, load};
    use crate::source::{Memory, Sources};

    const XML: &str = "<creole><variables><family name='Réseau avancé' description='Le réseau'>
        <variable name='aX' description='Le nom'/><variable name='b' description='Autre'/></family>
        <separators><separator name='aX'>Titre</separator></separators></variables>
        <constraints><check name='valid_regexp' target='aX'><param name='exp_reg'>^x</param>
        <param name='err_msg'>il faut x</param></check></constraints>
        <help><variable name='aX'>Aide</variable><family name='Réseau avancé'>Aide encore</family></help></creole>";
    const ENGLISH: &str = "family-reseau_avance = The network\n    .help = More help\n\
        aX = The name\n    .separator = Title\n    .help = Help\n    .error = x is wanted\n";

    #[test]
    fn all_that_people_read_is_translated_and_the_rest_stays() {
        let files = [("/d/a.xml", XML), ("/d/a.en.ftl", ENGLISH)];
        let world: Memory = files.into_iter().collect();
        let mut findings = Findings::default();
        let place = [Place::Folder(PathBuf::from("/d"))];
        let mut read = load(&place, &world, &mut Sources::default(), &mut findings);
        assert_eq!(findings.codes(), Vec::<String>::new());
        let texts = |read: &[Dictionary]| {
            format!("{:?}", (&read[0].families, &read[0].separators, &read[0].constraints, &read[0].help))
        };
        let french = texts(&read);
        translate(&mut read, "de");
        assert_eq!(texts(&read), french, "there is no German");
        let of: Vec<String> =
            described(&read[0]).iter().map(|(of, text)| format!("{}.{text:?}", of.key())).collect();
        let all = [
            "aX.Description",
            "aX.Help",
            "aX.Separator",
            "aX.Error",
            "b.Description",
            "family-reseau_avance.Description",
            "family-reseau_avance.Help",
        ];
        assert_eq!(of, all);
        translate(&mut read, "en");
        let english = texts(&read);
        for (before, after) in [
            ("Le réseau", "The network"),
            ("Aide encore", "More help"),
            ("Le nom", "The name"),
            ("Titre", "Title"),
            ("il faut x", "x is wanted"),
            ("\"Aide\"", "\"Help\""),
        ] {
            assert!(!english.contains(before) && english.contains(after), "{before}: {english}");
        }
        assert!(
            english.contains("Réseau avancé") && english.contains("Autre") && english.contains("^x"),
            "{english}"
        );
    }
}
