//! The reference of variables as users call for it. `GALERNE_UPDATE=1 cargo test docs` writes the golden files anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/docs")
}

/// What `docs` prints of the dictionaries in `dicos`, a folder of the fixture.
fn docs(dicos: &str, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
        .current_dir(folder())
        .args(["--root", "no-root", "--no-default-dicos", "--dicos", dicos, "docs"])
        .args(args)
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_form_is_as_expected() {
    let mut wrong = Vec::new();
    for (file, args) in [
        ("reference.md", &[][..]),
        ("reference.html", &["--as", "html"]),
        ("reference.json", &["--as", "json"]),
        ("changes.md", &["--since", "older"]),
        ("changes.html", &["--since", "older", "--as", "html"]),
        ("changes.json", &["--since", "older", "--as", "json"]),
    ] {
        let (path, found) = (folder().join(file), docs("dicos", args));
        if std::env::var_os("GALERNE_UPDATE").is_some() {
            fs::write(&path, found).expect("it can be written");
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!("{file} is not what is printed:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_reference_that_was_kept_is_compared_with() {
    let kept = docs("older", &["--as", "json"]);
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    fs::write(file.path(), kept).expect("it can be written");
    let since = file.path().to_string_lossy().into_owned();
    assert_eq!(docs("dicos", &["--since", &since]), docs("dicos", &["--since", "older"]));
    assert_eq!(docs("older", &["--since", &since]), "Nothing changed.\n");
}

#[test]
fn the_shipped_dictionaries_are_described_once() {
    let output = Command::new(env!("CARGO_BIN_EXE_galerne")).args(["--root", "no-root", "docs"]).output();
    let output = output.expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success());
    assert_eq!(text.matches("#### conteneurX\\_name").count(), 1, "{text}");
}

#[test]
fn the_page_is_html() {
    // Not every tool of this name knows HTML 5; the parser of XML does not mind, as the page is written as XML is.
    let page = fs::read_to_string(folder().join("reference.html")).expect("it is there");
    let page = page.replace("<!DOCTYPE html>", "").replace("<meta charset=\"utf-8\">", "");
    let page = page.replace("initial-scale=1\">", "initial-scale=1\"/>");
    let mut reader = quick_xml::Reader::from_str(&page);
    while reader.read_event().expect("its elements are closed") != quick_xml::events::Event::Eof {}
}
