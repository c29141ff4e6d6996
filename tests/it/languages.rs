//! Every language says all, and nothing that nobody uses.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fluent_syntax::ast::Entry;

/// The locale of programs.
pub(crate) const ENGLISH: &str = "C.UTF-8";

/// The locale of who reads French.
pub(crate) const FRENCH: &str = "fr_FR.UTF-8";

/// Both, each of which a fixture is held to.
pub(crate) const LOCALES: [&str; 2] = [ENGLISH, FRENCH];

/// Has `command` speak the language of `locale`, whatever that of the caller is.
pub(crate) fn spoken<'c>(command: &'c mut Command, locale: &str) -> &'c mut Command {
    for other in ["LC_ALL", "LC_MESSAGES", "LANGUAGE"] {
        command.env_remove(other);
    }
    command.env("LANG", locale)
}

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
fn no_key_stands_for_two_sentences() {
    for language in ["en", "fr"] {
        let (mut known, mut found) = (BTreeSet::new(), 0);
        for entry in fs::read_dir(project("locales").join(language)).expect("it is there").flatten() {
            let keys = keys(&entry.path());
            found += keys.len();
            let twice: Vec<_> = known.intersection(&keys).cloned().collect();
            assert!(twice.is_empty(), "{language}: {twice:?} in {:?} and in another file", entry.file_name());
            known.extend(keys);
        }
        assert!(found > 50, "{found} keys are found");
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

/// What the program prints on dictionaries in French, of which one is translated.
fn printed(root: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    command
        .arg("--root")
        .arg(root)
        .args(["--no-default-dicos", "--dicos"])
        .arg(root.join("dicos"))
        .args(words);
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn dictionaries_speak_the_language_of_the_reader_and_of_no_program() {
    let root = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir(root.path().join("dicos")).expect("a folder can be made");
    let put = |name: &str, text: &str| {
        fs::write(root.path().join("dicos").join(name), text).expect("it is written");
    };
    put(
        "a.xml",
        "<creole><variables><family name='site' description='Le site'><variable name='adresse' description='Adresse du site'/>
        </family></variables><help><variable name='adresse'>Sans protocole.</variable></help></creole>",
    );
    put(
        "b.xml",
        "<creole><variables><family name='site'><variable name='nom' description='Nom du site'/></family></variables></creole>",
    );
    put(
        "a.en.ftl",
        "family-site = The site\nadresse = Address of the site\n    .help = Without the protocol.\n",
    );
    let of = |language: &str, words: &[&str]| printed(root.path(), &[&["--lang", language], words].concat());
    let (english, french) = (of("en", &["docs"]), of("fr", &["docs"]));
    for (said, other) in [
        ("The site", "Le site"),
        ("Address of the site", "Adresse du site"),
        ("Without the protocol", "Sans protocole"),
    ] {
        assert!(english.contains(said) && !english.contains(other), "{said}: {english}");
        assert!(french.contains(other) && !french.contains(said), "{other}: {french}");
    }
    assert!(english.contains("Nom du site"), "what is not translated is said as it is: {english}");
    for words in
        [&["docs", "--json"][..], &["docs", "--as", "json"], &["values", "--json"], &["render", "--json"]]
    {
        assert_eq!(of("en", words), of("fr", words), "{words:?}");
    }
    let complete = |language| {
        of(
            language,
            &[
                "complete",
                "--",
                "galerne",
                "--lang",
                language,
                "--no-default-dicos",
                "--dicos",
                &root.path().join("dicos").to_string_lossy(),
                "get",
                "adr",
            ],
        )
    };
    assert_eq!(complete("en"), "adresse\tAddress of the site\n");
    assert_eq!(complete("fr"), "adresse\tAdresse du site\n");
}

#[test]
fn the_shipped_dictionaries_speak_english_to_who_reads_english() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let of = |language: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
            .arg("--root")
            .arg(root.path())
            .args(["--lang", language, "docs"])
            .output();
        String::from_utf8_lossy(&output.expect("the program starts").stdout).into_owned()
    };
    assert!(of("en").contains("Name of the container") && !of("en").contains("Nom du conteneur"));
    assert!(of("fr").contains("Nom du conteneur") && !of("fr").contains("Name of the container"));
}
