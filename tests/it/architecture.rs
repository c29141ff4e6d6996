//! The modules use those above them in `lib.rs`, never those below.

use std::fs;
use std::path::{Path, PathBuf};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

/// The modules, in the order of the stages.
fn modules() -> Vec<String> {
    let text = fs::read_to_string(source("lib.rs")).expect("the library has a root");
    let names = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The files of a module.
fn files(module: &str) -> Vec<PathBuf> {
    let mut files = vec![source(&format!("{module}.rs"))];
    let mut folders = vec![source(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry can be read").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.retain(|path| path.is_file());
    files
}

/// The modules that a text names after `crate::`.
fn used(text: &str) -> Vec<&str> {
    text.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
        })
        .collect()
}

#[test]
fn no_module_uses_one_below_it() {
    let modules = modules();
    assert!(modules.len() > 10, "the order of the modules is read from lib.rs");
    let mut wrong = Vec::new();
    for (place, module) in modules.iter().enumerate() {
        for file in files(module) {
            let is_test = file.file_name().is_some_and(|name| name == "tests.rs")
                || file.components().any(|part| part.as_os_str() == "tests");
            let text = fs::read_to_string(&file).expect("a source can be read");
            let code: String = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            // Units may build what comes before them with anything; the code may not.
            let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for used in used(code) {
                let below = modules.iter().position(|other| other == used).is_some_and(|other| other > place);
                if below && !is_test {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_a_drawer_and_none_is_too_long() {
    let mut wrong = Vec::new();
    for file in modules().iter().flat_map(|module| files(module)) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if ["utils", "util", "helpers", "helper", "manager", "common", "misc"].contains(&name.as_str()) {
            wrong.push(format!("{} is a drawer", file.display()));
        }
        let lines = fs::read_to_string(&file).expect("a source can be read").lines().count();
        if lines > 700 {
            wrong.push(format!("{} has {lines} lines", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
