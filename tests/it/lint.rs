//! What is suspicious refuses nothing, can be silenced, and is never found in what is shipped.

use std::path::Path;
use std::process::{Command, Output};

use crate::languages::{ENGLISH, FRENCH, LOCALES, spoken};

/// Runs the program in the folder of a case of `fixtures/fail`, whose dictionaries and templates are suspicious.
fn check(locale: &str, case: &str, args: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fail").join(case);
    spoken(&mut Command::new(env!("CARGO_BIN_EXE_galerne")), locale)
        .current_dir(folder)
        .args(["--root", "no-root", "--no-default-dicos", "--dicos", "dicos", "--templates", "templates"])
        .arg("check")
        .args(args)
        .output()
        .expect("the program starts")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_warning_refuses_nothing_unless_that_is_wanted() {
    for locale in LOCALES {
        let usual = check(locale, "lint_unused_variable", &[]);
        assert_eq!(usual.status.code(), Some(0));
        assert!(told(&usual).contains("lint::unused_variable"), "{}", told(&usual));
        assert_eq!(check(locale, "lint_unused_variable", &["--strict"]).status.code(), Some(1));
    }
}

#[test]
fn each_warning_can_be_silenced() {
    for (locale, advice) in
        [(ENGLISH, "write `lint::unused_variable`"), (FRENCH, "écrivez «\u{a0}lint::unused_variable\u{a0}»")]
    {
        let check = |args: &[&str]| check(locale, "lint_unused_variable", args);
        let silent = check(&["--strict", "--allow", "lint::unused_variable"]);
        assert_eq!((silent.status.code(), told(&silent)), (Some(0), String::new()));
        let other = check(&["--strict", "--allow", "lint::not_in_templates"]);
        assert_eq!(other.status.code(), Some(1));
        let unknown = check(&["--allow", "lint::unused_variabel"]);
        assert_eq!(unknown.status.code(), Some(1));
        assert!(told(&unknown).contains(advice), "{}", told(&unknown));
    }
}

#[test]
fn what_is_shipped_is_not_suspicious() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let run = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_galerne"))
            .arg("--root")
            .arg(root.path())
            .args(args)
            .output()
            .expect("the program starts")
    };
    assert_eq!(run(&["set", "nombre_conteneur=2"]).status.code(), Some(0));
    let output = run(&["check", "--strict"]);
    assert_eq!((output.status.code(), told(&output)), (Some(0), String::new()));
}
