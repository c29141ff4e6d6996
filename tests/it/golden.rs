//! Every folder below `fixtures/ok` and `fixtures/fail` is a case: a new case is a new folder and no Rust.
//!
//! A case holds dictionaries in `dicos/` (without them the shipped ones serve) and namespaces in `extras/`, saved values in `config.eol`, and, if
//! the command is another than `check` or `values`, its words in `args`. `ok` has what the program prints in
//! `expected/values.json`; `fail` has the exact messages in `stderr.txt`, those in French in `stderr.fr.txt` where it has one, and ends with 1.
//! `GALERNE_UPDATE=1 cargo test golden` writes what is expected anew, to be read before it is committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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

/// Runs the program in the folder of a case, below a root that has nothing else.
fn run(case: &Path, usual: &[&str], language: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    command.current_dir(case).args(["--root", "no-root", "--color", "never", "--lang", language]);
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
        let output = run(&case, &["values", "--all", "--format", "json"], "en");
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
        let output = run(&case, &["check"], "en");
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

#[test]
fn what_is_wrong_is_refused_in_french_too() {
    let mut wrong = Vec::new();
    let french = |case: &PathBuf| case.join("stderr.fr.txt").exists();
    for case in cases("fail").into_iter().filter(french) {
        let output = run(&case, &["check"], "fr");
        wrong.extend(compare(&case.join("stderr.fr.txt"), &String::from_utf8_lossy(&output.stderr)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
