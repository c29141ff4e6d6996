//! Files that EOLE's users wrote, read from beside the project and never copied into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::languages::{ENGLISH, spoken};

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
    spoken(&mut Command::new(env!("CARGO_BIN_EXE_galerne")), ENGLISH)
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

/// A set of the users' files: where its dictionaries are, what stands beside them, and a saved configuration.
struct Set {
    name: &'static str,
    dicos: &'static str,
    beside: Option<&'static str>,
    config: Option<&'static str>,
}

const SETS: [Set; 5] = [
    Set { name: "workshop", dicos: "eole-meta-conteneurs/dicos", beside: None, config: None },
    Set {
        name: "workshop_saved",
        dicos: "eole-meta-conteneurs/dicos",
        beside: None,
        config: Some("config/synthetic-2.8.0.config.eol"),
    },
    Set { name: "creolelint", dicos: "creolelint", beside: None, config: None },
    Set {
        name: "freeradius",
        dicos: "freeradius/dicos",
        beside: Some("fixtures/real/freeradius/dicos"),
        config: None,
    },
    Set {
        name: "freeradius_ad",
        dicos: "freeradius/dicos",
        beside: Some("fixtures/real/freeradius/dicos"),
        config: Some("fixtures/real/freeradius/ad.config.eol"),
    },
];

/// What the program says of `set`, whose files stand in a folder of their own so that paths are always the same.
fn said(set: &Set, real: &Path, project: &Path, command: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let copy = |from: &Path, to: &str| {
        fs::create_dir(folder.path().join(to)).expect("a folder can be made");
        for entry in fs::read_dir(from).expect("the files are there") {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().expect("a file has a name").to_owned();
            fs::copy(&path, folder.path().join(to).join(name)).expect("it can be copied");
        }
    };
    copy(&real.join(set.dicos), "dicos");
    let mut args = vec!["--no-default-dicos", "--color", "never", "--root", "root"];
    if let Some(beside) = set.beside {
        copy(&project.join(beside), "beside");
        args.extend(["--dicos", "beside"]);
    }
    args.extend(["--dicos", "dicos"]);
    if let Some(config) = set.config {
        let from = [project.join(config), real.join(config)].into_iter().find(|path| path.exists());
        fs::copy(from.expect("the configuration is there"), folder.path().join("config.eol"))
            .expect("it can be copied");
        args.extend(["--config", "config.eol"]);
    }
    Command::new(env!("CARGO_BIN_EXE_galerne"))
        .current_dir(folder.path())
        .args(args)
        .args(command)
        .output()
        .expect("the program starts")
}

#[test]
fn every_file_of_the_users_loads_with_the_values_that_are_expected() {
    let Some(workshop) = workshop() else { return };
    let real = workshop.ancestors().nth(2).expect("the workshop's files stand two folders below");
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for set in &SETS {
        for (command, what) in [
            (&["values", "--all", "--format", "json"][..], "values"),
            (&["system", "--format", "json"][..], "system"),
        ] {
            let output = said(set, real, project, command);
            let found = String::from_utf8_lossy(&output.stdout);
            if !output.status.success() {
                wrong.push(format!("{} {what}: {}", set.name, String::from_utf8_lossy(&output.stderr)));
            }
            let path = project.join(format!("fixtures/real/{}.{what}.json", set.name));
            if std::env::var_os("GALERNE_UPDATE").is_some() {
                fs::write(&path, found.as_bytes()).expect("it can be written");
            } else if fs::read_to_string(&path).unwrap_or_default() != found {
                wrong.push(format!("{} {what} is not {}:\n{found}", set.name, path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_workshops_templates_render_or_say_what_they_lack() {
    let Some(dicos) = workshop() else { return };
    let root = tempfile::tempdir().expect("a folder can be made");
    let templates = dicos.with_file_name("tmpl");
    let run = |program: &Path, args: &[&str]| {
        let mut command = std::process::Command::new(program);
        command.args(["--no-default-dicos", "--color", "never", "--dicos"]).arg(&dicos);
        command.arg("--root").arg(root.path()).arg("--templates").arg(&templates).args(args);
        spoken(&mut command, ENGLISH).output().expect("the program starts")
    };
    let values = "conteneur1_name=demo conteneur1_type=docker conteneur1_url=a/b conteneur1_tag=1 \
                  conteneur1_repository=r.example.org conteneur1_mountpoint_in[0]=/a conteneur1_mountpoint_out[0]=/b \
                  conteneur1_port_in[0]=80 conteneur1_port_out[0]=8080";
    let words: Vec<&str> = ["set"].into_iter().chain(values.split_whitespace()).collect();
    let galerne = Path::new(env!("CARGO_BIN_EXE_galerne"));
    assert!(run(galerne, &words).status.success());
    let cat = root.path().join("CreoleCat");
    std::os::unix::fs::symlink(galerne, &cat).expect("a link can be made");
    let first = run(&cat, &["-t", "conteneur-vars.conf"]);
    let text = String::from_utf8_lossy(&first.stdout);
    assert!(first.status.success() && text.starts_with("NOMBRE_CONTENEURS='1'"), "{text}");
    let second = run(&cat, &["-t", "conteneur1-vars.conf"]);
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1));
    assert!(said.contains("there is no variable `conteneur1_port`"), "{said}");
    assert!(said.contains("conteneur1-vars.conf:5:7"), "{said}");
}
