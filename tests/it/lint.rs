//! What is suspicious refuses nothing, can be silenced, and is never found in what is shipped.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in the folder of a case of `fixtures/fail`, whose dictionaries and templates are suspicious.
fn check(case: &str, args: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fail").join(case);
    Command::new(env!("CARGO_BIN_EXE_galerne"))
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
    let usual = check("lint_unused_variable", &[]);
    assert_eq!(usual.status.code(), Some(0));
    assert!(told(&usual).contains("lint::unused_variable"), "{}", told(&usual));
    assert_eq!(check("lint_unused_variable", &["--strict"]).status.code(), Some(1));
}

#[test]
fn each_warning_can_be_silenced() {
    let silent = check("lint_unused_variable", &["--strict", "--allow", "lint::unused_variable"]);
    assert_eq!((silent.status.code(), told(&silent)), (Some(0), String::new()));
    let other = check("lint_unused_variable", &["--strict", "--allow", "lint::not_in_templates"]);
    assert_eq!(other.status.code(), Some(1));
    let unknown = check("lint_unused_variable", &["--allow", "lint::unused_variabel"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(told(&unknown).contains("write `lint::unused_variable`"), "{}", told(&unknown));
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
