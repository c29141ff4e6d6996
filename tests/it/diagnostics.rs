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

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let folder = project("docs/diagnostics");
    let index = text(&folder.join("README.md"));
    let mut pages = BTreeSet::new();
    for file in files(&folder, ".md").iter().filter(|file| !file.ends_with("README.md")) {
        let below = file.strip_prefix(&folder).expect("it is below").with_extension("");
        let code = below.to_string_lossy().replace('/', "::");
        let page = text(file);
        assert!(page.starts_with(&format!("# {code}\n")), "{} has another title", file.display());
        assert!(page.contains("\n## What to do\n"), "{} does not say what to do", file.display());
        assert!(index.contains(&format!("[`{code}`]({}.md)", below.display())), "the index lacks {code}");
        pages.insert(code);
    }
    let codes: BTreeSet<String> = codes().into_keys().collect();
    let lacking: Vec<_> = codes.difference(&pages).collect();
    assert!(lacking.is_empty(), "no page in docs/diagnostics for {lacking:?}");
    let idle: Vec<_> = pages.difference(&codes).collect();
    assert!(idle.is_empty(), "no error has the code of {idle:?}");
}

/// The files of tests where what no fixture can bring about is brought about: an engine, a web server, a disk, a lock.
const ELSEWHERE: [(&str, &[&str]); 14] = [
    ("apply::", &["src/apply/tests", "tests/it"]),
    ("command::", &["src/command", "tests/it"]),
    ("config_eol::", &["src/config_eol", "tests/it"]),
    ("credentials::", &["src/credentials", "tests/it"]),
    ("editor::", &["src/editor", "tests/it"]),
    ("engine::", &["src/engine", "src/apply/tests", "tests/it"]),
    ("host::", &["tests/it"]),
    ("plan::", &["src/plan/tests.rs"]),
    ("proxy::", &["src/proxy", "src/apply/tests", "tests/it"]),
    ("service::", &["src/service", "src/apply/tests", "tests/it"]),
    ("run_spec::", &["src/run_spec/tests.rs", "src/render/tests.rs"]),
    ("template::", &["src/template/tests.rs"]),
    ("dictionary::", &["tests/it/bad_input.rs"]),
    ("lint::", &["tests/it", "src/lint"]),
];

/// What no test can bring about, and why not.
const UNREACHED: [(&str, &str); 3] = [
    ("command::no_runtime", "the machine must be out of threads or file descriptors, and the test with it"),
    ("proxy::not_reloaded", "nginx must refuse to load what it has just checked and accepted"),
    ("proxy::not_started", "nginx must accept its configuration and still fail to start"),
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

fn explain(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
        .arg("explain")
        .args(args)
        .output()
        .expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn explain_prints_pages() {
    let (code, page) = explain(&["schema::cycle"]);
    assert_eq!(code, Some(0));
    assert_eq!(page.trim_end(), text(&project("docs/diagnostics/schema/cycle.md")).trim_end());
    let (_, list) = explain(&[]);
    assert_eq!(list.lines().count(), codes().len());
    let (code, json) = explain(&["schema::cycle", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((code, json["code"].as_str()), (Some(0), Some("schema::cycle")));
}
