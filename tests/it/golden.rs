//! Every folder below `fixtures/ok` and `fixtures/fail` is a case: a new case is a new folder and no Rust.
//!
//! A case holds dictionaries in `dicos/` (without them the shipped ones serve) and namespaces in `extras/`, saved values in `config.eol`, and, if
//! the command is another than `check` or `values`, its words in `args`. `ok` has what the program prints in
//! `expected/values.json`; `fail` has the exact messages in `stderr.txt`, those in French in `stderr.fr.txt`, and ends with 1. Each case is run for who has the locale
//! of programs and for who reads French.
//! `GALERNE_UPDATE=1 cargo test golden` writes what is expected anew, to be read before it is committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use crate::languages::{ENGLISH, FRENCH, spoken};

fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// One run at a time: the root of a case, with the lock of who changes something, is the same for all tests of it.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs the program in the folder of a case, below a root that has nothing else.
fn run(case: &Path, usual: &[&str], locale: &str) -> Output {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    spoken(&mut command, locale).current_dir(case).args(["--root", "no-root", "--color", "never"]);
    if case.join("config.eol").exists() {
        command.args(["--config", "config.eol"]);
    }
    if let Ok(words) = fs::read_to_string(case.join("args")) {
        command.args(words.split_whitespace());
    } else {
        if case.join("dicos").exists() {
            command.args(["--no-default-dicos", "--dicos", "dicos"]);
        }
        if case.join("extras").exists() {
            command.args(["--extras", "extras"]);
        }
        command.args(usual);
    }
    let output = command.output().expect("the program starts");
    // `set` takes its lock below the root even where it then refuses.
    let _ = fs::remove_dir_all(case.join("no-root"));
    output
}

/// Compares `found` with the file `path`, or writes it there when asked to. Gives what differs.
fn compare(path: &Path, found: &str) -> Option<String> {
    if std::env::var_os("GALERNE_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, found).expect("the file can be written");
        return None;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    (expected != found).then(|| format!("{}:\n--- expected\n{expected}\n--- found\n{found}", path.display()))
}

#[test]
fn what_is_right_has_the_values_that_are_expected() {
    let mut wrong = Vec::new();
    for case in cases("ok") {
        let command = ["values", "--all", "--format", "json"];
        let output = run(&case, &command, ENGLISH);
        if run(&case, &command, FRENCH) != output {
            wrong.push(format!("{}: JSON is another in French", case.display()));
        }
        if !output.status.success() {
            wrong.push(format!("{}: {}", case.display(), String::from_utf8_lossy(&output.stderr)));
        }
        wrong.extend(compare(&case.join("expected/values.json"), &String::from_utf8_lossy(&output.stdout)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_refused_in_the_words_that_are_expected() {
    let mut wrong = Vec::new();
    for case in cases("fail") {
        let output = run(&case, &["check"], ENGLISH);
        if output.status.code() != Some(1) {
            wrong.push(format!("{}: ended with {:?}", case.display(), output.status.code()));
        }
        if !output.stdout.is_empty() {
            wrong.push(format!("{}: printed a result", case.display()));
        }
        wrong.extend(compare(&case.join("stderr.txt"), &String::from_utf8_lossy(&output.stderr)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// English words that no French sentence has.
const ENGLISH_WORDS: [&str; 24] = [
    "the", "is", "are", "was", "were", "be", "of", "and", "or", "not", "no", "with", "without", "from",
    "here", "this", "that", "it", "expected", "found", "must", "cannot", "has", "unknown",
];

/// The English words in a French report, outside of what it quotes and of the lines of sources.
fn english_in(report: &str) -> Vec<String> {
    let is_source = |line: &&str| {
        let line = line.trim_start();
        line.starts_with(|first: char| first.is_ascii_digit()) && line.contains('│')
            || line.starts_with("╭─[")
    };
    let lines = report.lines().filter(|line| !is_source(line));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).filter(|word| *word != "│").collect();
    let mut prose = words.join(" ");
    for said in OF_LIBRARIES {
        prose = prose.replace(said, "");
    }
    for (opening, closing) in [("«", "»"), ("`", "`"), ("\"", "\""), ("{%", "%}")] {
        let mut bare = String::new();
        let mut rest = &*prose;
        while let Some((before, after)) = rest.split_once(opening) {
            bare.push_str(before);
            rest = after.split_once(closing).map_or("", |(_, after)| after);
        }
        prose = bare + rest;
    }
    let words = prose.split(|letter: char| !letter.is_alphanumeric() && !"_-'’".contains(letter));
    words.filter(|word| ENGLISH_WORDS.contains(word)).map(str::to_owned).collect()
}

/// Cases of which the words are those of the template engine Tera, which speaks English.
const IN_ITS_WORDS: [&str; 3] = ["template_failed", "template_syntax", "schema_bad_expression"];

/// What other libraries say in French reports: that of regular expressions, and that of JSON of a document of another form.
const OF_LIBRARIES: [&str; 2] =
    ["Opening parenthesis without closing parenthesis", "invalid type: integer `1`, expected a sequence"];

/// What a text says behind these heads, at the begin of lines.
fn behind<'t>(text: &'t str, heads: &[&str]) -> Vec<&'t str> {
    let said = |line: &'t str| heads.iter().find_map(|head| line.trim_start().strip_prefix(head));
    text.lines().filter_map(said).map(str::trim).collect()
}

#[test]
fn english_is_found_outside_of_what_is_quoted() {
    let report = "  × il faut « the value », et c'est `is`: expected a number\n 3 │ the source of it\n   ╰── was here\n";
    assert_eq!(english_in(report), ["expected", "was", "here"]);
}

#[test]
fn what_is_wrong_is_refused_in_french_too() {
    let mut wrong = Vec::new();
    for case in cases("fail") {
        let output = run(&case, &["check"], FRENCH);
        if output.status.code() != Some(1) || !output.stdout.is_empty() {
            wrong.push(format!(
                "{}: ended with {:?}, or printed a result",
                case.display(),
                output.status.code()
            ));
        }
        let french = String::from_utf8_lossy(&output.stderr).into_owned();
        wrong.extend(compare(&case.join("stderr.fr.txt"), &french));
        let is_own = !IN_ITS_WORDS.iter().any(|name| case.ends_with(name));
        let left = english_in(&french);
        if is_own && !left.is_empty() {
            wrong.push(format!("{}: {left:?} is not French in {french}", case.display()));
        }
        let english = fs::read_to_string(case.join("stderr.txt")).unwrap_or_default();
        for heads in [&["× ", "⚠ "][..], &["help:", "aide\u{a0}:"]] {
            let (english, french) = (behind(&english, heads), behind(&french, heads));
            if english.len() != french.len() {
                wrong.push(format!("{}: {english:?} and {french:?}", case.display()));
            }
            let same = english.iter().zip(&french).filter(|(english, french)| is_own && english == french);
            wrong.extend(same.map(|(same, _)| format!("{}: “{same}” is not in French", case.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
