//! Every diagnostic has a page, and something that makes it appear.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below `folder` whose names end in `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("it can be read")
}

/// The codes that the sources give to errors, each with the name of its variant.
fn codes() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for file in files(&project("src"), ".rs") {
        let source = text(&file);
        for (at, _) in source.match_indices("code(") {
            let rest = &source[at + 5..];
            let code = rest.split(')').next().unwrap_or_default().trim();
            if !code.contains("::") || code.contains(['"', '{', ' ']) {
                continue;
            }
            // The variant stands below its attributes, alone or before its fields.
            let lines = rest.lines().skip(1).map(str::trim);
            let mut names = lines.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
            let variant = names.next().unwrap_or_default();
            let end = variant.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(variant.len());
            codes.insert(code.to_owned(), variant[..end].to_owned());
        }
    }
    assert!(codes.len() > 100, "the codes are found in the sources");
    codes
}

/// The folders of pages, a language each, with the title under which a page says what to do.
const PAGES: [(&str, &str); 2] =
    [("docs/diagnostics", "## What to do"), ("docs/fr/diagnostics", "## Que faire")];

#[test]
fn every_code_has_a_page_in_each_language_and_every_page_a_code() {
    let codes: BTreeSet<String> = codes().into_keys().collect();
    for (folder, what_to_do) in PAGES {
        let pages = pages(&project(folder), what_to_do);
        let lacking: Vec<_> = codes.difference(&pages).collect();
        assert!(lacking.is_empty(), "no page in {folder} for {lacking:?}");
        let idle: Vec<_> = pages.difference(&codes).collect();
        assert!(idle.is_empty(), "no error has the code of {idle:?}, which have pages in {folder}");
    }
}

/// The codes that have a page in `folder`; each page is looked at.
fn pages(folder: &Path, what_to_do: &str) -> BTreeSet<String> {
    let index = text(&folder.join("README.md"));
    let mut pages = BTreeSet::new();
    for file in files(folder, ".md").iter().filter(|file| !file.ends_with("README.md")) {
        let below = file.strip_prefix(folder).expect("it is below").with_extension("");
        let code = below.to_string_lossy().replace('/', "::");
        let page = text(file);
        assert!(page.starts_with(&format!("# {code}\n")), "{} has another title", file.display());
        assert!(page.contains(&format!("\n{what_to_do}\n")), "{} does not say what to do", file.display());
        let link = format!("[`{code}`]({}.md)", below.display());
        assert!(index.contains(&link), "the index of {} lacks {code}", folder.display());
        pages.insert(code);
    }
    pages
}

/// The files of tests where what no fixture can bring about is brought about: an engine, a web server, a disk, a lock.
const ELSEWHERE: [(&str, &[&str]); 17] = [
    ("apply::", &["src/apply/tests", "tests/it"]),
    ("command::", &["src/command", "tests/it"]),
    ("config_eol::", &["src/config_eol", "tests/it"]),
    ("credentials::", &["src/credentials", "tests/it"]),
    ("editor::", &["src/editor", "tests/it"]),
    ("engine::", &["src/engine", "src/apply/tests", "tests/it"]),
    ("host::", &["tests/it"]),
    ("nodes::", &["src/nodes", "tests/it"]),
    ("plan::", &["src/plan/tests.rs", "src/plan/cluster", "tests/it/cluster.rs"]),
    ("provision::", &["src/provision", "tests/it"]),
    ("proxy::", &["src/proxy", "src/apply/tests", "tests/it"]),
    ("service::", &["src/service", "src/apply/tests", "tests/it"]),
    ("run_spec::", &["src/run_spec/tests.rs", "src/render/tests.rs"]),
    ("template::", &["src/template/tests.rs"]),
    ("dictionary::", &["tests/it/bad_input.rs"]),
    ("lint::", &["tests/it", "src/lint"]),
    ("site::", &["tests/it", "src/site"]),
];

/// What no test can bring about, and why not.
const UNREACHED: [(&str, &str); 6] = [
    ("command::no_runtime", "the machine must be out of threads or file descriptors, and the test with it"),
    ("proxy::not_reloaded", "nginx must refuse to load what it has just checked and accepted"),
    ("site::unwritable", "the system must keep root from removing a folder of its own"),
    ("proxy::not_started", "nginx must accept its configuration and still fail to start"),
    ("proxy::traefik_not_reloaded", "Traefik must refuse to load what it has just taken on trial"),
    ("proxy::traefik_not_stopped", "a process must survive SIGKILL"),
];

/// The tests in a source: those of a file of tests, or what stands below `#[cfg(test)]`.
fn tests_of(file: &Path) -> String {
    let source = text(file);
    if file.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests")) {
        return source;
    }
    source.split_once("#[cfg(test)]").map(|(_, tests)| tests.to_owned()).unwrap_or_default()
}

#[test]
fn every_code_is_brought_about_by_a_test() {
    let shown: String = files(&project("fixtures"), "stderr.txt").iter().map(|file| text(file)).collect();
    let fixtures: BTreeSet<&str> = shown.lines().collect();
    let mut idle = Vec::new();
    for (code, variant) in codes() {
        if fixtures.contains(code.as_str()) || UNREACHED.iter().any(|(known, _)| *known == code) {
            continue;
        }
        let places = ELSEWHERE.iter().find(|(stage, _)| code.starts_with(stage)).map(|(_, places)| *places);
        let sources = places.unwrap_or_default().iter().map(|place| project(place));
        let sources: Vec<PathBuf> = sources
            .flat_map(|place| if place.is_dir() { files(&place, ".rs") } else { vec![place] })
            .collect();
        let is_named = |tests: &str| {
            tests.contains(&code)
                || tests.contains(&format!("::{variant}"))
                || tests.contains(&format!("{variant} {{"))
        };
        if !sources.iter().any(|file| is_named(&tests_of(file))) {
            idle.push(code);
        }
    }
    assert!(idle.is_empty(), "no fixture and no test brings about {idle:?}");
}

/// Runs the program on a dictionary with one variable, below `root`.
fn galerne(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
    command
        .arg("--root")
        .arg(root)
        .args(["--no-default-dicos", "--color", "never", "--dicos"])
        .arg(project("fixtures/dicos/plain"))
        .args(args);
    command
}

#[test]
fn a_result_that_cannot_be_written_is_told() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let full = fs::File::options().write(true).open("/dev/full").expect("the device is there");
    let output = galerne(root.path(), &["values"]).stdout(full).output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("command::cannot_write") && output.status.code() == Some(1), "{told}");
}

#[test]
fn an_argument_that_is_no_assignment_is_told() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let output = galerne(root.path(), &["set", "a", "b"]).output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("command::no_assignment") && output.status.code() == Some(2), "{told}");
}

#[test]
fn a_journal_that_cannot_be_read_is_told() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let folder = root.path().join("var/lib/galerne");
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("journal.json"), "{").expect("it can be written");
    let output = galerne(root.path(), &["reconfigure"]).output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("apply::journal") && output.status.code() == Some(3), "{told}");
}

fn explain(environment: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
        .env("LC_ALL", environment)
        .arg("explain")
        .args(args)
        .output()
        .expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn explain_prints_pages() {
    let (code, page) = explain("C.UTF-8", &["schema::cycle"]);
    assert_eq!(code, Some(0));
    assert_eq!(page.trim_end(), text(&project("docs/diagnostics/schema/cycle.md")).trim_end());
    let (_, list) = explain("C.UTF-8", &[]);
    assert_eq!(list.lines().count(), codes().len());
    let (code, json) = explain("fr_FR.UTF-8", &["schema::cycle", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((code, json["code"].as_str()), (Some(0), Some("schema::cycle")));
    assert_eq!(json["text"].as_str().map(str::trim_end), Some(page.trim_end()), "JSON is in one language");
}

#[test]
fn explain_prints_the_page_of_the_language_that_is_asked_for() {
    let english = text(&project("docs/diagnostics/schema/cycle.md"));
    let french = text(&project("docs/fr/diagnostics/schema/cycle.md"));
    assert_eq!(explain("fr_FR.UTF-8", &["schema::cycle"]), (Some(0), french.clone()));
    assert_eq!(explain("C.UTF-8", &["schema::cycle", "--lang", "fr"]), (Some(0), french));
    assert_eq!(explain("fr_FR.UTF-8", &["schema::cycle", "--lang", "en"]), (Some(0), english));
    let (_, list) = explain("fr_FR.UTF-8", &[]);
    assert_eq!(list.lines().count(), codes().len());
    assert!(
        list.contains("\nschema::cycle: Des variables dépendent les unes des autres en cercle.\n"),
        "{list}"
    );
}
