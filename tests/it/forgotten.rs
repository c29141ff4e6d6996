//! No file of this binary is left out of it.

use std::fs;
use std::path::Path;

/// A file that no `mod` line names is never compiled: its tests would be green for ever.
#[test]
fn no_test_file_is_forgotten() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut forgotten = Vec::new();
    look_through(&here, "main.rs", &mut forgotten);
    assert!(forgotten.is_empty(), "no `mod` line names {forgotten:?}");
}

/// Adds to `forgotten` each file below `folder` that its parent, `root` of the folder, does not name.
fn look_through(folder: &Path, root: &str, forgotten: &mut Vec<String>) {
    let named = fs::read_to_string(folder.join(root)).expect("a folder of modules has a root");
    for entry in fs::read_dir(folder).expect("the tests' folder can be read") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_stem().expect("an entry has a name").to_string_lossy().into_owned();
        let nested = path.join("mod.rs").is_file();
        let is_module = nested || path.extension().is_some_and(|extension| extension == "rs");
        if !is_module || path.file_name().is_some_and(|file| file == root) {
            continue;
        }
        if !named.lines().any(|line| line.ends_with(&format!("mod {name};"))) {
            forgotten.push(path.display().to_string());
        }
        if nested {
            look_through(&path, "mod.rs", forgotten);
        }
    }
}
