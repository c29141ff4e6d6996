//! Every message of a diagnostic, and every phrase, has its French, with the same things standing in it.
//!
//! The English is in the sources: in the attributes of errors, and in `phrase!("key", "…", field = …)`. It is read as tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

type Names = BTreeSet<String>;

/// Sentences by their keys (those of attributes as `key.help`), each with what stands in it.
type Sentences = BTreeMap<String, Names>;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The sources of the program, as tokens.
fn sources(folder: &Path, found: &mut Vec<TokenStream>) {
    for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            found.push(text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
}

/// A literal's text; escapes do not matter here.
fn literal(token: Option<&TokenTree>) -> Option<String> {
    let Some(TokenTree::Literal(literal)) = token else { return None };
    Some(literal.to_string().trim_matches('"').to_owned())
}

fn is_ident(token: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if *ident == wanted)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

fn tokens(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

/// The names in the braces of a format.
fn placeholders(format: &str) -> Names {
    let plain = format.replace("{{", "").replace("}}", "");
    let parts = plain.split('{').skip(1).filter_map(|part| part.split(['}', ':']).next());
    parts.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// All names in tokens, whatever they are nested in.
fn names(stream: TokenStream, found: &mut Names) {
    for token in stream {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The fields of a variant or struct.
fn fields(group: Option<&Group>) -> Names {
    let tokens = group.map(|group| tokens(group.stream())).unwrap_or_default();
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Alone);
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    pairs
        .filter(|(_, next)| is_colon(next))
        .filter_map(|(token, _)| match token {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        })
        .collect()
}

/// The fields that a format with its arguments, the inside of `error(…)` or `help(…)`, uses.
fn used(format: &Group, fields: &Names) -> Names {
    let inside = tokens(format.stream());
    let mut found = placeholders(&literal(inside.first()).unwrap_or_default());
    names(inside.into_iter().skip(1).collect(), &mut found);
    found.intersection(fields).cloned().collect()
}

/// The group behind `word` in the attributes of a `diagnostic`.
fn part<'t>(inside: &'t [TokenTree], word: &str) -> Option<&'t Group> {
    let at = inside.iter().position(|token| is_ident(Some(token), word))?;
    group(inside.get(at + 1), Delimiter::Parenthesis)
}

/// The attribute `word(…)` in brackets.
fn attribute(token: Option<&TokenTree>, word: &str) -> Option<Group> {
    let inside = tokens(group(token, Delimiter::Bracket)?.stream());
    is_ident(inside.first(), word).then(|| group(inside.get(1), Delimiter::Parenthesis).cloned()).flatten()
}

/// What is said by the variants of the errors in `stream`.
fn errors(stream: TokenStream, said: &mut Sentences) {
    let all = tokens(stream);
    for (at, token) in all.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            errors(group.stream(), said);
        }
        let Some(diagnostic) = attribute(Some(token), "diagnostic") else { continue };
        let inside = tokens(diagnostic.stream());
        let Some(code) = part(&inside, "code") else { continue };
        let key = code.stream().to_string().replace(' ', "").replace("::", "-").replace('_', "-");
        let error = all[..at].iter().rev().find_map(|token| attribute(Some(token), "error"));
        let error = error.unwrap_or_else(|| panic!("{key} has its message above its code"));
        // The variant stands below, a struct behind its name.
        let is_end = |token: &&TokenTree| {
            group(Some(token), Delimiter::Brace).is_some()
                || matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
        };
        let fields = fields(group(all[at + 1..].iter().find(is_end), Delimiter::Brace));
        if let Some(help) = part(&inside, "help") {
            said.insert(format!("{key}.help"), used(help, &fields));
        }
        assert!(said.insert(key.clone(), used(&error, &fields)).is_none(), "{key} is there twice");
    }
}

/// The phrases in `stream`, and the English that each key stands for.
fn phrases(stream: TokenStream, said: &mut Sentences, english: &mut BTreeMap<String, Names>) {
    let all = tokens(stream);
    for (at, token) in all.iter().enumerate() {
        let TokenTree::Group(call) = token else { continue };
        phrases(call.stream(), said, english);
        let is_call =
            at > 1 && is_ident(all.get(at - 2), "phrase") && call.delimiter() == Delimiter::Parenthesis;
        let inside = tokens(call.stream());
        let (true, Some(key), Some(format)) = (is_call, literal(inside.first()), literal(inside.get(2)))
        else {
            continue;
        };
        english.entry(key.clone()).or_default().insert(format.clone());
        // Without arguments it is no format.
        let args = if inside.len() > 4 { placeholders(&format) } else { Names::new() };
        said.insert(key, args);
    }
}

/// What stands in the sentences of a language's file.
fn french(file: &str) -> Sentences {
    let text = fs::read_to_string(project("locales/fr").join(file)).expect("French is there");
    let parsed = fluent_syntax::parser::parse(text.as_str());
    let parsed = parsed.unwrap_or_else(|(_, wrong)| panic!("{file}: {wrong:?}"));
    let mut said = Sentences::new();
    for entry in parsed.body {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name;
        let mut add = |key: String, pattern: &Pattern<&str>| {
            let mut found = Names::new();
            standing(pattern, &key, &mut found);
            assert!(said.insert(key.clone(), found).is_none(), "{key} is there twice");
        };
        if let Some(value) = &message.value {
            add(id.to_owned(), value);
        }
        for part in &message.attributes {
            add(format!("{id}.{}", part.id.name), &part.value);
        }
    }
    said
}

/// The fields in a pattern, whose typography is looked at.
fn standing(pattern: &Pattern<&str>, key: &str, found: &mut Names) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                // Operators are no typography.
                let value = value.replace("!=", "");
                for wrong in [" :", " ;", " !", " ?", " »", "« "] {
                    assert!(!value.contains(wrong), "{key}: “{wrong}” wants a no-break space in “{value}”");
                }
            }
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                of_inline(inline, key, found);
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                of_inline(selector, key, found);
                for variant in variants {
                    standing(&variant.value, key, found);
                }
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, key: &str, found: &mut Names) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            for argument in positional {
                of_inline(argument, key, found);
            }
        }
        InlineExpression::Placeable { expression } => match &**expression {
            Expression::Inline(inline) => of_inline(inline, key, found),
            Expression::Select { .. } => panic!("{key}: no selection within braces of its own"),
        },
        _ => {}
    }
}

/// What of `english` French lacks, what it has for nothing, and where other things stand in it.
fn compared(english: &Sentences, french: &Sentences) -> Vec<String> {
    let lacking = english.keys().filter(|key| !french.contains_key(*key));
    let idle = french.keys().filter(|key| !english.contains_key(*key));
    let other = english.iter().filter(|(key, names)| french.get(*key).is_some_and(|french| french != *names));
    lacking
        .map(|key| format!("{key} has no French"))
        .chain(idle.map(|key| format!("{key} is French that nobody uses")))
        .chain(
            other.map(|(key, names)| format!("{key} has {names:?} in English, {:?} in French", french[key])),
        )
        .collect()
}

#[test]
fn every_message_and_phrase_has_its_french() {
    let mut streams = Vec::new();
    sources(&project("src"), &mut streams);
    let (mut messages, mut said, mut english) = (Sentences::new(), Sentences::new(), BTreeMap::new());
    for stream in streams {
        errors(stream.clone(), &mut messages);
        phrases(stream, &mut said, &mut english);
    }
    assert!(messages.len() > 300 && said.len() > 100, "{} and {} are found", messages.len(), said.len());
    let mut wrong = compared(&messages, &french("messages.ftl"));
    wrong.extend(compared(&said, &french("phrases.ftl")));
    let several = english.iter().filter(|(_, sentences)| sentences.len() > 1);
    wrong.extend(several.map(|(key, sentences)| format!("{key} stands for {sentences:?}")));
    wrong.extend(
        said.keys().filter(|key| messages.contains_key(*key)).map(|key| format!("{key} is a code too")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What takes a phrase, and would take English words as those of somebody else.
const SAYING: [&str; 5] = ["at", "lacks", "related", "syntax", "unsupported"];

/// English words that are given where a phrase belongs, in `stream`.
fn unsaid(stream: TokenStream, found: &mut Vec<String>) {
    let all = tokens(stream);
    for (at, token) in all.iter().enumerate() {
        let TokenTree::Group(call) = token else { continue };
        let called = at.checked_sub(1).and_then(|before| match &all[before] {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        });
        let is_saying = call.delimiter() == Delimiter::Parenthesis
            && called.is_some_and(|name| SAYING.contains(&name.as_str()));
        if is_saying {
            let inside = tokens(call.stream());
            // What comes first is a place, or what a test looks for.
            let words = (1..inside.len()).filter_map(|place| literal(inside.get(place)));
            let is_sentence = |text: &String| {
                text.split(' ').filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase())).count()
                    > 1
            };
            found.extend(words.filter(is_sentence));
        }
        unsaid(call.stream(), found);
    }
}

#[test]
fn no_english_is_given_where_a_phrase_belongs() {
    let mut found = Vec::new();
    unsaid(r#"finding.at(span, "this is wrong").at(span, phrase!("k", "this is right"))"#.parse().expect("tokens"), &mut found);
    assert_eq!(found, ["this is wrong"]);
    let (mut streams, mut found) = (Vec::new(), Vec::new());
    sources(&project("src"), &mut streams);
    for stream in streams {
        unsaid(stream, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Runs the program on a dictionary with one variable, below `root`, and gives what it prints, results first.
fn printed(root: &Path, environment: &str, args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
        .env("LC_ALL", environment)
        .arg("--root")
        .arg(root)
        .args(["--no-default-dicos", "--color", "never", "--dicos"])
        .arg(project("fixtures/dicos/plain"))
        .args(args)
        .output()
        .expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn commands_and_messages_speak_the_language_of_the_environment_and_json_does_not() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let (french, english) = ("fr_FR.UTF-8", "C.UTF-8");
    let of = |environment, args: &[&str]| printed(root.path(), environment, args);
    let (done, _) = of(french, &["check"]);
    assert_eq!(done, "tout va bien\u{a0}: conteneurs 0, fichiers 6\n");
    assert_eq!(of(english, &["check"]).0, "nothing wrong: containers 0, files 6\n");
    assert_eq!(of(french, &["status"]).0, "aucun conteneur n'est configuré\n");
    assert_eq!(of(french, &["rollback", "--list"]).0, "aucun état n'est encore gardé\n");
    let (_, told) = of(french, &["get", "rien_de_tel"]);
    assert!(told.contains("la variable «\u{a0}rien_de_tel\u{a0}» n'existe pas"), "{told}");
    let json = ["get", "rien_de_tel", "--format", "json"];
    assert_eq!(of(french, &json), of(english, &json), "JSON is in one language");
    assert_eq!(of(french, &["plan", "--format", "json"]), of(english, &["plan", "--format", "json"]));
    let (plan, _) = of(french, &["plan"]);
    assert!(plan.contains("rien à faire") || plan.contains(" noter quels fichiers sont générés ("), "{plan}");
}
