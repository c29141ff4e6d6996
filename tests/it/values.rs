//! `check`, `get`, `set` and `values`, as an administrator uses them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::languages::{ENGLISH, spoken};

/// A machine's root with nothing in it.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn galerne(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        spoken(&mut command, ENGLISH)
            .arg("--root")
            .arg(self.path())
            .args(args)
            .output()
            .expect("the program starts")
    }

    /// Runs the program, which must succeed, and gives what it prints.
    fn done(&self, args: &[&str]) -> String {
        let output = self.galerne(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the result is UTF-8")
    }

    /// Runs the program, which must refuse, and gives the codes that it names.
    fn refused(&self, args: &[&str]) -> Vec<String> {
        let output = self.galerne(&[&["--format", "json"], args].concat());
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let found: serde_json::Value = serde_json::from_slice(&output.stderr).expect("the messages are JSON");
        let found = found.as_array().expect("they are a list").iter();
        found.map(|message| message["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn config(&self) -> String {
        fs::read_to_string(self.path().join("etc/eole/config.eol")).unwrap_or_default()
    }
}

const WIKI: [&str; 5] = [
    "conteneur1_name=wiki",
    "conteneur1_url=library/nginx",
    "conteneur1_tag=1.27",
    "conteneur1_port_in+=80",
    "conteneur1_port_out+=8081",
];

#[test]
fn a_fresh_machine_has_nothing_wrong_and_what_is_set_comes_back() {
    let machine = Machine::new();
    assert_eq!(machine.done(&["check"]), "nothing wrong: containers 0, files 6\n");
    machine.done(&[&["set"][..], &WIKI].concat());
    assert_eq!(machine.done(&["get", "conteneur1_name"]), "wiki\n");
    assert_eq!(
        machine.done(&["get", "conteneur1_port_in", "conteneur1_port_out"]),
        "conteneur1_port_in[0]=80\nconteneur1_port_out[0]=8081\n"
    );
    assert_eq!(machine.done(&["check"]), "nothing wrong: containers 1, files 8\n");
}

#[test]
fn a_number_of_containers_makes_as_many_families() {
    let machine = Machine::new();
    machine.done(&["set", "nombre_conteneur=12", "conteneur12_name=blog"]);
    let values: serde_json::Value =
        serde_json::from_str(&machine.done(&["values", "--format", "json"])).expect("it is JSON");
    let variables = values["variables"].as_object().expect("it has the variables");
    let families: std::collections::BTreeSet<&str> = variables
        .values()
        .filter_map(|variable| variable["family"].as_str())
        .filter(|family| family.starts_with("Conteneur-"))
        .collect();
    assert_eq!(families.len(), 12);
    let name = &variables["conteneur12_name"];
    assert_eq!((&name["value"], &name["owner"]), (&"blog".into(), &"creoleset".into()));
    assert_eq!((&name["type"], &name["mode"]), (&"string".into(), &"basic".into()));
}

#[test]
fn a_set_is_done_whole_or_not_at_all() {
    let machine = Machine::new();
    machine.done(&[&["set"][..], &WIKI].concat());
    let before = machine.config();
    let codes =
        machine.refused(&["set", "conteneur1_tag=1.28", "conteneur1_port_out[0]=70000", "conteneur1_nmae=x"]);
    assert_eq!(codes, ["command::wrong_type", "command::unknown_variable"]);
    assert_eq!(machine.config(), before);
}

#[test]
fn a_wrong_value_elsewhere_does_not_keep_anything_from_being_mended() {
    let machine = Machine::new();
    let folder = machine.path().join("etc/eole");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let config = r#"{"conteneur1_tag": {"owner": "gen_config", "val": "a b"}, "conteneur_port_http": {"owner": "gen_config", "val": "http"}}"#;
    fs::write(folder.join("config.eol"), config).expect("it can be written");
    assert_eq!(
        machine.refused(&["check"]),
        ["evaluation::wrong_type", "evaluation::refused", "evaluation::mandatory_empty"]
    );
    machine.done(&["set", "conteneur_port_http=8080"]);
    assert_eq!(machine.refused(&["check"]), ["evaluation::refused"]);
    machine.done(&["set", "--default", "conteneur1_tag"]);
    machine.done(&["check"]);
}

#[test]
fn items_are_added_replaced_and_removed_with_their_slaves() {
    let machine = Machine::new();
    machine.done(&["set", "conteneur1_name=wiki", "conteneur1_url=a1"]);
    machine.done(&[
        "set",
        "conteneur1_port_in+=80",
        "conteneur1_port_in+=443",
        "conteneur1_port_out+=8081",
        "conteneur1_port_out+=8443",
    ]);
    machine.done(&["set", "conteneur1_port_in[1]=444"]);
    assert_eq!(machine.done(&["get", "conteneur1_port_in"]), "80\n444\n");
    machine.done(&["set", "--remove", "conteneur1_port_in[0]"]);
    assert_eq!(
        machine.done(&["get", "conteneur1_port_in", "conteneur1_port_out"]),
        "conteneur1_port_in[0]=444\nconteneur1_port_out[0]=8443\n"
    );
    assert_eq!(machine.refused(&["set", "conteneur1_port_out[1]=1"]), ["command::wrong_index"]);
    assert_eq!(machine.refused(&["set", "conteneur1_port_out=1"]), ["command::wrong_index"]);
}

#[test]
fn the_saved_file_is_private_and_keeps_what_it_does_not_know() {
    let machine = Machine::new();
    let folder = machine.path().join("etc/eole");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let odd = "{ \"adresse_ip_eth0\" : {\"val\":\"192.0.2.15\",  \"owner\":\"zephir\"},\n\"___version___\":\"2.8.0\", \"___odd___\": [1, 2]}";
    fs::write(folder.join("config.eol"), odd).expect("it can be written");
    machine.done(&["set", "nombre_conteneur=3"]);
    let text = machine.config();
    for kept in
        ["{ \"adresse_ip_eth0\" : {\"val\":\"192.0.2.15\",  \"owner\":\"zephir\"}", "\"___odd___\": [1, 2]}"]
    {
        assert!(text.contains(kept), "{text}");
    }
    let mode = fs::metadata(folder.join("config.eol")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    machine.done(&["set", "--default", "nombre_conteneur"]);
    assert_eq!(machine.config(), odd);
}

#[test]
fn passwords_are_not_shown() {
    let machine = Machine::new();
    machine.done(&["set", "conteneur1_environnement_nom+=TOKEN", "conteneur1_environnement_valeur+=hunter2"]);
    for args in [
        &["values"][..],
        &["values", "--format", "json"],
        &["get"],
        &["get", "conteneur1_environnement_valeur"],
    ] {
        let shown = machine.done(args);
        assert!(!shown.contains("hunter2") && shown.contains("********"), "{args:?}");
    }
    assert_eq!(machine.done(&["get", "--secrets", "conteneur1_environnement_valeur"]), "hunter2\n");
}

#[test]
fn a_wrong_call_ends_with_two() {
    let machine = Machine::new();
    for args in [&["frobnicate"][..], &["set"], &["get", "--no-such-option"], &[]] {
        assert_eq!(machine.galerne(args).status.code(), Some(2), "{args:?}");
    }
}
