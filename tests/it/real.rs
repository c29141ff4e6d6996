//! Files that EOLE's users wrote, read from beside the project and never copied into it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the workshop's dictionaries; none, with a line that says so, where it is not there.
fn workshop() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real/eole-meta-conteneurs/dicos");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", folder.display());
    // Straight to the terminal: the harness would keep what a green test prints.
    let _ = std::io::Write::write_all(
        &mut std::io::stderr(),
        b"SKIPPED: the files of EOLE's users are not there\n",
    );
    None
}

fn galerne(dicos: &Path, root: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_galerne"))
        .args(["--no-default-dicos", "--color", "never", "--dicos"])
        .arg(dicos)
        .arg("--root")
        .arg(root)
        .args(args)
        .output()
        .expect("the program starts")
}

#[test]
fn the_workshops_dictionaries_load_unchanged_and_ask_for_what_is_mandatory() {
    let Some(dicos) = workshop() else { return };
    let root = tempfile::tempdir().expect("a folder can be made");
    let check = || galerne(&dicos, root.path(), &["check"]);
    let asked = check();
    assert_eq!(asked.status.code(), Some(1));
    let messages = String::from_utf8_lossy(&asked.stderr);
    for name in ["conteneur1_name", "conteneur1_type"] {
        assert!(
            messages.contains(&format!("`{name}` (family `Conteneur-1`) is mandatory and empty")),
            "{messages}"
        );
    }
    assert_eq!(messages.matches(" is mandatory and empty").count(), 2);
    assert!(galerne(&dicos, root.path(), &["set", "nombre_conteneur=0"]).status.success());
    assert_eq!(check().status.code(), Some(0));
}

#[test]
fn the_workshops_conditions_switch_families_by_number() {
    let Some(dicos) = workshop() else { return };
    let root = tempfile::tempdir().expect("a folder can be made");
    for (number, families) in [("0", 0), ("1", 1), ("5", 5)] {
        let assignment = format!("nombre_conteneur={number}");
        assert!(galerne(&dicos, root.path(), &["set", &assignment]).status.success());
        let values = galerne(&dicos, root.path(), &["values", "--format", "json"]);
        let values: serde_json::Value = serde_json::from_slice(&values.stdout).expect("it is JSON");
        let variables = values["variables"].as_object().expect("it has the variables");
        assert_eq!(variables.len(), 1 + 9 * families, "{number}");
    }
}
