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
    galerne_of(&["plain"], root, arguments)
}

/// Runs the program on these folders of dictionaries.
fn galerne_of(dicos: &[&str], root: &Path, arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dicos");
    let dicos = dicos.iter().flat_map(|name| ["--dicos".into(), folder.join(name)]);
    Command::new(env!("CARGO_BIN_EXE_galerne"))
        .args(["--no-default-dicos", "--format", "json"])
        .args(dicos)
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

/// An application, and a user of it, on dictionaries that check nothing.
fn with_a_door(root: &Path) -> impl Fn(&[&str]) -> Output {
    let set = [
        "set",
        "conteneur1_name=wiki",
        "conteneur1_type=docker",
        "conteneur1_url=galerne/demo",
        "conteneur1_port_in[0]=80",
        "conteneur1_port_out[0]=8081",
        "conteneur1_utilisateur_nom[0]=alice",
        "conteneur1_utilisateur_mot_de_passe[0]=hunter2",
    ];
    let run = |arguments: &[&str]| galerne_of(&["plain", "door"], root, arguments);
    assert!(run(&set).status.success());
    assert!(run(&["check"]).status.success());
    run
}

#[test]
fn no_hostile_value_opens_the_front_door() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let run = with_a_door(root.path());
    let config = root.path().join("etc/eole/config.eol");
    let before = std::fs::read(&config).expect("it was saved");
    for variable in [
        "conteneur_protocole",
        "conteneur_nom_serveur[0]",
        "conteneur_port_http",
        "conteneur_port_https",
        "conteneur_redirection_code",
        "conteneur_certificat",
        "conteneur_certificat_fichier",
        "conteneur_certificat_cle",
        "conteneur_hsts",
        "conteneur_accueil_application",
        "conteneur_maintenance_delai",
        "conteneur1_acces[0]",
        "conteneur1_utilisateur_nom[0]",
        "conteneur1_debit",
        "conteneur1_debit_rafale",
    ] {
        for value in HOSTILE {
            let lead = if variable.starts_with("conteneur_certificat_") { "/etc/" } else { "" };
            // What only nginx cannot carry is found with the file that it would be in.
            if run(&["set", &format!("{variable}={lead}{value}")]).status.success() {
                assert_eq!(run(&["check"]).status.code(), Some(1), "{variable}={value}");
                std::fs::write(&config, &before).expect("it can be written");
            }
        }
    }
}

#[test]
fn texts_of_pages_stay_texts() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let run = with_a_door(root.path());
    let to = root.path().join("out");
    let to = to.to_string_lossy();
    let hostile = "--><!--# echo var=\"uri\" --></title></p><script>alert(\"1\")</script>{{ front }}";
    for variable in [
        "conteneur_accueil_titre",
        "conteneur_maintenance_texte",
        "conteneur1_libelle",
        "conteneur1_description",
    ] {
        assert!(run(&["set", &format!("{variable}={hostile}")]).status.success(), "{variable}");
    }
    assert!(run(&["render", "--to", &to]).status.success());
    for page in ["index.html", "index.en.html", "maintenance.html"] {
        let page = root.path().join("out/var/lib/galerne/pages").join(page);
        let page = std::fs::read_to_string(page).expect("it was written");
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
        assert!(
            page.contains("{{ front }}") && !page.contains("--></title>") && !page.contains("# echo var=\""),
            "{page}"
        );
    }
    let refused = run(&["set", "conteneur_accueil_titre=a\u{1b}b"]);
    assert_eq!(refused.status.code(), Some(1));
}
