//! The reference of variables as users call for it, in English and in French. `GALERNE_UPDATE=1 cargo test docs` writes the golden files anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::languages::{ENGLISH, FRENCH, LOCALES, spoken};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/docs")
}

/// What `docs` prints of the dictionaries in `dicos`, a folder of the fixture.
fn docs(locale: &str, dicos: &str, args: &[&str]) -> String {
    let output = spoken(&mut Command::new(env!("CARGO_BIN_EXE_galerne")), locale)
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
    for (locale, file, args) in [
        (ENGLISH, "reference.md", &[][..]),
        (FRENCH, "reference.fr.md", &[]),
        (ENGLISH, "reference.html", &["--as", "html"]),
        (FRENCH, "reference.fr.html", &["--as", "html"]),
        // What programs read is the same for everybody.
        (ENGLISH, "reference.json", &["--as", "json"]),
        (FRENCH, "reference.json", &["--as", "json"]),
        (ENGLISH, "changes.md", &["--since", "older"]),
        (FRENCH, "changes.fr.md", &["--since", "older"]),
        (ENGLISH, "changes.html", &["--since", "older", "--as", "html"]),
        (FRENCH, "changes.fr.html", &["--since", "older", "--as", "html"]),
        (ENGLISH, "changes.json", &["--since", "older", "--as", "json"]),
        (FRENCH, "changes.json", &["--since", "older", "--as", "json"]),
    ] {
        let (path, found) = (folder().join(file), docs(locale, "dicos", args));
        if std::env::var_os("GALERNE_UPDATE").is_some() {
            fs::write(&path, found).expect("it can be written");
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!("{file} ({locale}) is not what is printed:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_reference_that_was_kept_is_compared_with() {
    for (locale, nothing) in [(ENGLISH, "Nothing changed.\n"), (FRENCH, "Rien n'a changé.\n")] {
        let docs = |dicos: &str, args: &[&str]| docs(locale, dicos, args);
        let kept = docs("older", &["--as", "json"]);
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        fs::write(file.path(), kept).expect("it can be written");
        let since = file.path().to_string_lossy().into_owned();
        assert_eq!(docs("dicos", &["--since", &since]), docs("dicos", &["--since", "older"]));
        assert_eq!(docs("older", &["--since", &since]), nothing);
    }
}

#[test]
fn the_shipped_dictionaries_are_described_once() {
    for locale in LOCALES {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        let output = spoken(&mut command, locale).args(["--root", "no-root", "docs"]).output();
        let output = output.expect("the program starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success());
        assert_eq!(text.matches("#### conteneurX\\_name").count(), 1, "{text}");
    }
}

#[test]
fn the_page_is_html() {
    // Not every tool of this name knows HTML 5; the parser of XML does not mind, as the page is written as XML is.
    for file in ["reference.html", "reference.fr.html"] {
        let page = fs::read_to_string(folder().join(file)).expect("it is there");
        let page = page.replace("<!DOCTYPE html>", "").replace("<meta charset=\"utf-8\">", "");
        let page = page.replace("initial-scale=1\">", "initial-scale=1\"/>");
        let mut reader = quick_xml::Reader::from_str(&page);
        while reader.read_event().expect("its elements are closed") != quick_xml::events::Event::Eof {}
    }
}
