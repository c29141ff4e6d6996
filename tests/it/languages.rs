//! Every language says all, and nothing that nobody uses.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::Entry;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The sentences of a file, by their keys.
fn keys(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let parsed = fluent_syntax::parser::parse(text);
    let parsed = parsed.unwrap_or_else(|(_, wrong)| panic!("{}: {wrong:?}", path.display()));
    let messages = parsed.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message.id.name),
        _ => None,
    });
    messages.collect()
}

/// The sources of the program, one after the other.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, text);
        } else {
            text.push_str(&fs::read_to_string(path).expect("a source is text"));
        }
    }
}

#[test]
fn french_says_what_english_says_and_each_sentence_is_used() {
    let mut program = String::new();
    sources(&project("src"), &mut program);
    let mut files = 0;
    for entry in fs::read_dir(project("locales/en")).expect("English is there").flatten() {
        files += 1;
        let english = keys(&entry.path());
        assert_eq!(english, keys(&project("locales/fr").join(entry.file_name())), "{:?}", entry.file_name());
        for key in english {
            // These are made of a word and what it is about.
            let is_made = ["level-", "ask-"].iter().any(|begins| key.starts_with(begins));
            assert!(is_made || program.contains(&format!("\"{key}\"")), "{key} is not used");
        }
    }
    assert!(files > 0);
}
