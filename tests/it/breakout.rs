//! Values that try to break out of nginx or of a run spec: refused before anything is touched.
//!
//! The dictionary here has the nine variables as plain texts, as EOLE's has, so none of its checks stands before the
//! program's own.

use std::path::Path;
use std::process::{Command, Output};

/// What somebody might write to end a directive, a block, a string or a line.
const HOSTILE: [&str; 8] =
    ["wiki\nreturn 444;", "wiki\"", "wiki'", "wiki; deny all", "wiki }", "wiki{", "$host", "wiki\\"];

fn galerne(root: &Path, arguments: &[&str]) -> Output {
    let dicos = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dicos/plain");
    Command::new(env!("CARGO_BIN_EXE_galerne"))
        .args(["--no-default-dicos", "--format", "json", "--dicos"])
        .arg(dicos)
        .arg("--root")
        .arg(root)
        .args(arguments)
        .output()
        .expect("the program starts")
}

#[test]
fn no_hostile_value_reaches_a_file() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let base = [
        "set",
        "conteneur1_name=wiki",
        "conteneur1_type=docker",
        "conteneur1_url=galerne/demo",
        "conteneur1_tag=1",
        "conteneur1_repository=127.0.0.1:5000",
        "conteneur1_mountpoint_in[0]=/data",
        "conteneur1_mountpoint_out[0]=/srv/wiki",
        "conteneur1_port_in[0]=80",
        "conteneur1_port_out[0]=8081",
    ];
    assert!(galerne(root.path(), &base).status.success());
    assert!(galerne(root.path(), &["check"]).status.success());
    let saved = || std::fs::read(root.path().join("etc/eole/config.eol")).expect("it was saved");
    let before = saved();
    for variable in base[1..].iter().filter_map(|assignment| assignment.split_once('=')).map(|(name, _)| name)
    {
        for value in HOSTILE {
            // A folder may have any of these in its name: the run spec's JSON carries it, and nothing else does.
            if variable.starts_with("conteneur1_mountpoint") && !value.contains('\n') {
                continue;
            }
            let output = galerne(root.path(), &["set", &format!("{variable}={value}")]);
            assert_eq!(output.status.code(), Some(1), "{variable}={value}");
            assert_eq!(saved(), before, "{variable}={value}");
        }
    }
}

#[test]
fn a_folder_s_odd_name_stays_within_its_string() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let odd = "/srv/a\"},{\"x;}$y'\\";
    let set = [
        "set",
        "conteneur1_name=wiki",
        "conteneur1_type=docker",
        "conteneur1_url=galerne/demo",
        "conteneur1_mountpoint_in[0]=/data",
        &format!("conteneur1_mountpoint_out[0]={odd}"),
    ];
    assert!(galerne(root.path(), &set).status.success());
    assert!(galerne(root.path(), &["reconfigure"]).status.success());
    let spec = std::fs::read(root.path().join("var/lib/galerne/run/wiki.json")).expect("it was written");
    let spec: serde_json::Value = serde_json::from_slice(&spec).expect("it is JSON");
    assert_eq!(spec["mounts"][0]["host"], odd);
    let shell = Command::new("sh")
        .args(["-c", ". \"$1\" && printf %s \"$CONTENEUR1_MOUNTPOINT1_OUT\"", "sh"])
        .arg(root.path().join("etc/eole/conteneur-vars.conf"))
        .output()
        .expect("a shell starts");
    assert_eq!(String::from_utf8_lossy(&shell.stdout), odd);
}
