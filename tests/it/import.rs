//! `import`, as somebody who brings an older server's values uses it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::languages::{ENGLISH, FRENCH, spoken};

/// A machine's root with the dictionaries of the fixture.
struct Machine(TempDir);

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import").join(path)
}

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
        command.args(["--no-default-dicos", "--color", "never", "--dicos"]).arg(fixture("ini/dicos"));
        command.arg("--root").arg(self.0.path()).args(args);
        command
    }

    fn galerne(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// Runs the program, which must succeed, and gives what it prints.
    fn done(&self, args: &[&str]) -> String {
        let output = self.galerne(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the result is UTF-8")
    }

    /// Imports `file` and gives the report.
    fn import(&self, file: &Path, args: &[&str]) -> Json {
        let file = file.to_str().expect("it is UTF-8");
        let report = self.done(&[&["--format", "json", "import", file], args].concat());
        serde_json::from_str(&report).expect("the report is JSON")
    }

    /// Puts a file on the machine.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("the file can be written");
        path
    }

    fn config(&self) -> Option<Json> {
        let text = fs::read_to_string(self.0.path().join("etc/eole/config.eol")).ok()?;
        Some(serde_json::from_str(&text).expect("it is JSON"))
    }
}

fn names(report: &Json, part: &str) -> Vec<String> {
    let all = report[part].as_array().expect("the report has the part").iter();
    all.map(|one| one["name"].as_str().or(one.as_str()).expect("it has a name").to_owned()).collect()
}

fn reason(report: &Json, name: &str) -> String {
    let lost = report["not_placed"].as_array().expect("it has the others");
    let lost = lost.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} was placed"));
    lost["reason"].as_str().expect("it has a reason").to_owned()
}

#[test]
fn what_fits_is_placed_and_the_rest_is_listed_with_the_reason() {
    let machine = Machine::new();
    let report = machine.import(&fixture("ini/older.eol"), &[]);
    let placed = [
        "nombre",
        "nom_machine",
        "libelle",
        "secret",
        "dns",
        "invisible",
        "detail",
        "reseau",
        "taille_reseau",
        "poste2_nom",
    ];
    assert_eq!(names(&report, "placed"), placed);
    assert_eq!(names(&report, "empty"), ["activer", "port"]);
    let expected = [
        ("taille_reseau[1]", "expected an integer"),
        ("taille_reseau[2]", "its master `reseau` has 2 items"),
        ("adresse_ip", "it cannot have this value: expected an IPv4 address"),
        ("masque", "2 values for a variable that holds one"),
        ("taille", "`taille` (family `general`) is refused with the value \"12\""),
        ("calcule", "it is always calculated, by calc_val"),
        ("secret_court", "`secret_court` (family `general`) is refused"),
        ("nom_machin", "no dictionary defines it; `nom_machine` is near"),
    ];
    for (name, start) in expected {
        assert!(reason(&report, name).contains(start), "{name}: {}", reason(&report, name));
    }
    assert_eq!(names(&report, "not_placed").len(), expected.len());
    assert_eq!(report["not_placed"].as_array().unwrap().iter().filter(|one| one["line"].is_u64()).count(), 8);
    let config = machine.config().expect("it was saved");
    assert_eq!(config["libelle"], json!({"owner": "import", "val": "Collège"}));
    assert_eq!(config["dns"], json!({"owner": "import", "val": ["192.0.2.1", "192.0.2.2"]}));
    assert_eq!(config["taille_reseau"], json!({"owner": {"0": "import"}, "val": {"0": 1}}));
    assert_eq!(config["secret"]["val"], "hunter2");
    assert_eq!(config["detail"]["val"], "plus tard");
    assert_eq!(config["nom_machin"], Json::Null);
    assert!(machine.galerne(&["check"]).status.success());
}

#[test]
fn no_report_shows_a_secret() {
    let machine = Machine::new();
    let file = fixture("ini/older.eol");
    let file = file.to_str().unwrap();
    for args in [&["import", file][..], &["import", file, "--format", "json", "--keep-unknown", "--replace"]]
    {
        let output = machine.galerne(args);
        assert!(output.status.success());
        for text in [output.stdout, output.stderr] {
            assert!(!String::from_utf8_lossy(&text).contains("hunter2"));
        }
    }
}

#[test]
fn a_person_reads_what_became_of_each_value() {
    for (locale, expected) in [(ENGLISH, "ini/report.txt"), (FRENCH, "ini/report.fr.txt")] {
        let machine = Machine::new();
        let mut command = machine.command(&["import", fixture("ini/older.eol").to_str().unwrap()]);
        let output = spoken(&mut command, locale).output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report = String::from_utf8(output.stdout).expect("the result is UTF-8");
        let expected = fixture(expected);
        if std::env::var_os("GALERNE_UPDATE").is_some() {
            fs::write(&expected, &report).unwrap();
        }
        assert_eq!(report, fs::read_to_string(expected).unwrap());
    }
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let machine = Machine::new();
    let mut dry = machine.import(&fixture("ini/older.eol"), &["--dry-run"]);
    assert_eq!(fs::read_dir(machine.0.path()).unwrap().count(), 0);
    assert_eq!(dry["saved"], false);
    dry["saved"] = true.into();
    assert_eq!(dry, machine.import(&fixture("ini/older.eol"), &[]));
}

#[test]
fn what_is_set_here_stays_unless_it_is_to_be_replaced() {
    let machine = Machine::new();
    machine.done(&["set", "nom_machine=ici", "nombre=1"]);
    let report = machine.import(&fixture("ini/older.eol"), &[]);
    assert!(reason(&report, "nom_machine").contains("--replace"));
    assert!(reason(&report, "poste2_nom").starts_with("no dictionary defines it"));
    assert_eq!(machine.done(&["get", "nom_machine"]), "ici\n");
    let report = machine.import(&fixture("ini/older.eol"), &["--replace"]);
    assert_eq!(names(&report, "placed"), ["nombre", "nom_machine", "poste2_nom"]);
    assert_eq!(
        machine.done(&["get", "nom_machine", "poste2_nom"]),
        "nom_machine=scribe\nposte2_nom=bureau\n"
    );
    let report = machine.import(&fixture("ini/older.eol"), &["--replace"]);
    assert_eq!((names(&report, "placed").len(), names(&report, "unchanged").len()), (0, 10));
    assert_eq!(report["saved"], false);
}

#[test]
fn values_that_a_check_compares_are_placed_together() {
    let machine = Machine::new();
    let file = machine.file("a.eol", "[taille]\nval = ['12']\n[haut]\nval = ['2']\n[bas]\nval = ['1']\n");
    let report = machine.import(&file, &[]);
    assert_eq!(
        (names(&report, "placed"), names(&report, "not_placed")),
        (vec!["haut".to_owned(), "bas".to_owned()], vec!["taille".to_owned()])
    );
    let file = machine.file("b.eol", "[haut]\nval = ['7']\n[bas]\nval = ['8']\n");
    let report = machine.import(&file, &["--replace"]);
    assert_eq!((names(&report, "placed").len(), names(&report, "not_placed").len()), (1, 1));
    assert!(machine.galerne(&["check"]).status.success());
}

#[test]
fn what_no_dictionary_defines_is_kept_on_demand() {
    let machine = Machine::new();
    let file = machine.file("a.eol", "[plus_tard]\nval = ['1']\n[liste]\nval = ['1', '2']\n");
    machine.import(&file, &[]);
    assert_eq!(machine.config(), None);
    let report = machine.import(&file, &["--keep-unknown"]);
    assert_eq!(names(&report, "placed"), ["plus_tard", "liste"]);
    let config = machine.config().unwrap();
    assert_eq!(config["plus_tard"], json!({"owner": "import", "val": "1"}));
    assert_eq!(config["liste"], json!({"owner": "import", "val": ["1", "2"]}));
}

#[test]
fn another_servers_config_eol_keeps_its_owners() {
    let machine = Machine::new();
    let file = machine.file(
        "other.eol",
        r#" {"nombre": {"val": "1", "owner": "zephir"}, "taille_reseau": {"val": {"1": "7"}, "owner": {"1": "user"}},
            "reseau": {"val": ["a", "b"], "owner": "gen_config"}, "poste1_nom": {"val": "un", "owner": "gen_config"},
            "masque": {"val": null, "owner": "gen_config"}, "dns": {"val": [], "owner": "gen_config"},
            "libelle": {"val": "interdit", "owner": "gen_config"}, "___version___": "2.7.2"}"#,
    );
    let report = machine.import(&file, &[]);
    assert_eq!(names(&report, "not_placed"), ["libelle"]);
    let config = machine.config().unwrap();
    assert_eq!(config["nombre"], json!({"owner": "zephir", "val": 1}));
    assert_eq!(config["taille_reseau"], json!({"owner": {"1": "user"}, "val": {"1": 7}}));
    assert_eq!(config["poste1_nom"], json!({"owner": "gen_config", "val": "un"}));
    assert_eq!(config["dns"]["val"], json!([]));
    assert_ne!(config["___version___"], "2.7.2");
}

#[test]
fn a_file_that_is_not_there_or_not_readable_as_such_changes_nothing() {
    let machine = Machine::new();
    let broken = machine.file("broken.eol", "[secret]\nval = ['hunter2\n[libelle]\n");
    for (file, codes) in [
        (machine.0.path().join("none"), vec!["config_eol::unreadable"]),
        (broken, vec!["config_eol::ini_bad_list", "config_eol::ini_no_val"]),
        (machine.file("x.eol", "{\"a\": 1}"), vec!["config_eol::malformed_member"]),
    ] {
        let output = machine.galerne(&["--format", "json", "import", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        let found: Json = serde_json::from_slice(&output.stderr).expect("the messages are JSON");
        let found: Vec<&str> =
            found.as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
        assert_eq!(found, codes);
        let human = machine.galerne(&["import", file.to_str().unwrap()]);
        assert!(!String::from_utf8_lossy(&human.stderr).contains("hunter2"));
    }
    assert_eq!(machine.config(), None);
}

#[test]
fn containers_are_made_before_their_values_are_placed() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("old.eol");
    let text = "[conteneur2_name]\nval = ['wiki']\n[conteneur2_port_out]\nval = ['8081']\n[conteneur2_port_in]\nval = ['80']\n\
        [conteneur1_name]\nval = ['wiki']\n[conteneur1_url]\nval = ['a']\n[conteneur2_url]\nval = ['b']\n[conteneur2_tag]\nval = ['2']\n[nombre_conteneur]\nval = ['2']\n";
    fs::write(&file, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_galerne"))
        .args(["--format", "json", "--root"])
        .arg(root.path())
        .arg("import")
        .arg(&file)
        .output()
        .expect("the program starts");
    let report: Json = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    assert_eq!(names(&report, "placed").len(), 7, "{report:#}");
    // Two containers cannot have one name: what would make the second one is refused.
    let lost = report["not_placed"].as_array().unwrap();
    assert_eq!(lost.len(), 1);
    assert!(lost[0]["reason"].as_str().unwrap().contains("`wiki`"), "{report:#}");
}

#[test]
fn the_configurations_of_real_servers_are_imported() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real/config");
    if !real.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", real.display());
        // Straight to the terminal: the harness would keep what a green test prints.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"SKIPPED: the files of EOLE's users are not there\n",
        );
        return;
    }
    for (file, placed, kept) in [("synthetic-2.3.config.eol", 3, 6), ("synthetic-2.8.0.config.eol", 15, 4)] {
        let root = tempfile::tempdir().unwrap();
        let import = |args: &[&str]| -> Json {
            let mut command = Command::new(env!("CARGO_BIN_EXE_galerne"));
            command.args(["--format", "json", "--root"]).arg(root.path()).arg("import").arg(real.join(file));
            let output = command.args(args).output().expect("the program starts");
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice(&output.stdout).expect("the report is JSON")
        };
        let report = import(&[]);
        let lost = report["not_placed"].as_array().unwrap().iter();
        let unknown = lost.filter(|one| one["reason"].as_str().unwrap().starts_with("no dictionary")).count();
        assert_eq!(unknown, kept, "{report:#}");
        assert!(names(&report, "placed").len() >= placed, "{report:#}");
        assert_eq!(names(&import(&["--keep-unknown"]), "placed").len(), kept);
    }
}
