//! `render` and its forms, and `reconfigure` below another root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::languages::{ENGLISH, spoken};

fn galerne(root: &Path, arguments: &[&str]) -> Output {
    spoken(&mut Command::new(env!("CARGO_BIN_EXE_galerne")), ENGLISH)
        .args(["--color", "never", "--root"])
        .arg(root)
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// A root below which one application with a secret is described.
fn described() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder can be made");
    let set = [
        "set",
        "conteneur1_name=wiki",
        "conteneur1_url=galerne/demo",
        "conteneur1_port_in+=80",
        "conteneur1_port_out+=8081",
        "conteneur1_environnement_nom+=TOKEN",
        "conteneur1_environnement_valeur+=hunter2",
    ];
    assert!(galerne(root.path(), &set).status.success());
    root
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn files_are_shown_compared_and_checked_without_their_secrets() {
    let root = described();
    let shown = text(&galerne(root.path(), &["render"]).stdout);
    assert!(
        shown.contains("==> /etc/nginx/conteneur.d/wiki.conf") && shown.contains("location ^~ /wiki/"),
        "{shown}"
    );
    assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
    assert_eq!(galerne(root.path(), &["render", "--check"]).status.code(), Some(1));
    assert!(galerne(root.path(), &["reconfigure"]).status.success());
    assert_eq!(galerne(root.path(), &["render", "--check"]).status.code(), Some(0));
    assert_eq!(text(&galerne(root.path(), &["render", "--diff"]).stdout), "");

    assert!(
        galerne(
            root.path(),
            &["set", "conteneur1_delai_max=90", "conteneur1_environnement_valeur[0]=hunter3"]
        )
        .status
        .success()
    );
    let checked = galerne(root.path(), &["render", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        text(&checked.stderr).contains("`/etc/nginx/conteneur.d/wiki.conf` is not what"),
        "{}",
        text(&checked.stderr)
    );
    let diff = text(&galerne(root.path(), &["render", "--diff"]).stdout);
    assert!(diff.contains("+    proxy_read_timeout 90s;"), "{diff}");
    assert!(!diff.contains("hunter"), "{diff}");
}

#[test]
fn below_another_root_only_files_are_written_and_a_second_run_writes_none() {
    let root = described();
    let told = galerne(root.path(), &["reconfigure"]);
    assert!(told.status.success(), "{}", text(&told.stderr));
    let spec = root.path().join("var/lib/galerne/run/wiki.json");
    assert!(fs::read_to_string(&spec).expect("it was written").contains("hunter2"));
    assert_eq!(fs::metadata(&spec).expect("it is there").permissions().mode() & 0o777, 0o600);
    let link =
        fs::read_link(root.path().join("etc/nginx/sites-enabled/conteneur.conf")).expect("it is a link");
    assert_eq!(link, Path::new("/etc/nginx/sites-available/conteneur.conf"));
    assert_eq!(text(&galerne(root.path(), &["reconfigure"]).stdout), "nothing to do\n");
}

#[test]
fn a_folder_that_is_a_link_to_elsewhere_leads_nowhere() {
    let root = described();
    let outside = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir_all(root.path().join("etc/nginx")).expect("the folder can be made");
    std::os::unix::fs::symlink(outside.path(), root.path().join("etc/nginx/conteneur.d"))
        .expect("a link can be made");
    galerne(root.path(), &["reconfigure"]);
    let reached = fs::read_dir(outside.path()).expect("it can be read").count();
    assert_eq!(reached, 0, "a file was written outside of the root");
}

#[test]
fn a_copy_of_the_files_can_be_had() {
    let root = described();
    let copy = root.path().join("copy");
    let to = copy.to_string_lossy().into_owned();
    assert!(galerne(root.path(), &["render", "--to", &to]).status.success());
    assert!(copy.join("etc/nginx/conteneur.d/wiki.conf").is_file());
    assert!(!root.path().join("etc/nginx").exists());
}

#[test]
fn a_site_template_replaces_ours_and_its_mistake_is_shown_in_it() {
    let root = described();
    let templates = root.path().join("templates");
    fs::create_dir_all(templates.join("nginx")).expect("the folder can be made");
    let site = templates.to_string_lossy().into_owned();
    let write =
        |text: &str| fs::write(templates.join("nginx/location.conf.tera"), text).expect("it can be written");
    write("# {{ container.name }} of the site\n");
    let shown = text(&galerne(root.path(), &["--templates", &site, "render"]).stdout);
    assert!(shown.contains("# wiki of the site"), "{shown}");
    write("# {{ conteneur1_nmae }}\n");
    let refused = galerne(root.path(), &["--templates", &site, "check"]);
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("location.conf.tera:1:6") && said.contains("conteneur1_name"), "{said}");
}
