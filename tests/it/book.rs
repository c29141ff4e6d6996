//! The book: `docs/build` makes it of the pages and of what the program says of itself, and none of its links leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lab::run;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below `folder` that end so.
fn files(folder: &Path, ending: &str, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.insert(path);
        }
    }
}

/// What the pages of `book` link to and is not there: a file, or a place in a page.
fn dead_links(book: &Path) -> Vec<String> {
    let mut pages = BTreeSet::new();
    files(book, ".html", &mut pages);
    assert!(pages.len() > 150, "{} pages", pages.len());
    let id = regex::Regex::new(r#"\sid="([^"]*)""#).expect("it is an expression");
    let link = regex::Regex::new(r#"<[^<>]*\s(?:href|src)="([^"]*)""#).expect("it is an expression");
    let mut texts = BTreeMap::new();
    for page in pages {
        let text = fs::read_to_string(&page).expect("it can be read");
        let ids: BTreeSet<String> = id.captures_iter(&text).map(|found| found[1].to_owned()).collect();
        texts.insert(page, (text, ids));
    }
    let mut dead = Vec::new();
    for (page, (text, _)) in &texts {
        // The pages for printing and for what is not found have their links from elsewhere.
        if page.ends_with("print.html") || page.ends_with("404.html") {
            continue;
        }
        for found in link.captures_iter(text) {
            let target = found[1].replace("&amp;", "&");
            if target.contains(':') {
                continue;
            }
            let (path, place) = target.split_once('#').unwrap_or((&target, ""));
            let folder = page.parent().expect("it is in a folder");
            let path = if path.is_empty() { page.clone() } else { folder.join(path) };
            let Ok(path) = path.canonicalize() else {
                dead.push(format!("{}: {target}", page.display()));
                continue;
            };
            let places = texts.get(&path).map(|(_, ids)| ids);
            if !place.is_empty() && places.is_some_and(|ids| !ids.contains(place)) {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    dead
}

#[test]
fn the_book_is_built_and_its_links_lead_somewhere() {
    if !project("target/tools/bin/mdbook").exists() {
        assert!(
            std::env::var("GALERNE_LAB").as_deref() != Ok("required"),
            "docs/build --tools installs mdbook"
        );
        let _ = writeln!(std::io::stderr(), "skipped: mdbook is missing (docs/build --tools)");
        return;
    }
    let scratch = tempfile::tempdir().expect("a folder can be made");
    let to = scratch.path().canonicalize().expect("it is there").join("book");
    run(Command::new(project("docs/build")).arg(&to).env("GALERNE", env!("CARGO_BIN_EXE_galerne")));
    let tags = regex::Regex::new("<[^>]*>").expect("it is an expression");
    for (language, page, said) in [
        ("en", "reference/commands/reconfigure.html", "Usage: galerne reconfigure"),
        ("fr", "reference/commands/reconfigure.html", "Utilisation : galerne reconfigure"),
        ("en", "reference/variables.html", "conteneurX_description"),
        ("fr", "diagnostics/apply/disk_full.html", "apply::disk_full"),
    ] {
        let text = fs::read_to_string(to.join(language).join(page)).expect("the page was made");
        let text = tags.replace_all(&text, "").replace('\u{a0}', " ");
        assert!(text.contains(said), "{language}/{page} does not say {said}");
    }
    for language in ["en", "fr"] {
        let dead = dead_links(&to.join(language));
        assert!(dead.is_empty(), "{}", dead.join("\n"));
    }
}

#[test]
fn every_page_is_in_the_summary() {
    for folder in ["docs", "docs/fr"] {
        let summary = fs::read_to_string(project(folder).join("SUMMARY.md")).expect("it is there");
        for part in ["", "how-to", "explanation"] {
            for entry in fs::read_dir(project(folder).join(part)).expect("the folder is there").flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_page = name.strip_suffix(".md").is_some_and(|name| name != "SUMMARY");
                let path = if part.is_empty() { name } else { format!("{part}/{name}") };
                assert!(
                    !is_page || summary.contains(&format!("]({path})")),
                    "{folder}/SUMMARY.md lacks {path}"
                );
            }
        }
    }
}
