//! What purging the package does in engines that the systems of `package.rs` do not have: in a swarm, with Vagrant and with snaps.
//! Its script is run on a server of the lab as dpkg runs it, where the program is gone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::described::{Described, text};
use crate::lab::{Demo, Lab, PATH, Server};

/// Purges in a language, with the programs of `folder` before all others, and gives what is said.
fn purge(server: &Server, language: &str, folder: &Path) -> String {
    maintain(server, ["postrm", "purge"], language, folder)
}

/// Runs a script of the package as dpkg does, which must succeed.
fn maintain(server: &Server, [script, action]: [&str; 2], language: &str, folder: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/scripts").join(script);
    let mut command = server.command("sh");
    command.arg(script).arg(action).env("LANG", language);
    command.env("PATH", format!("{}:{PATH}", folder.display()));
    let output = command.output().expect("sh starts");
    let said = text(&[output.stdout, output.stderr].concat());
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn the_server_that_was_set_up_takes_its_services_out_of_the_swarm_and_no_other() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::on(lab, Server::on_nodes(lab, 1));
    let (server, nodes) = (&described.server, described.server.nodes());
    described.registry.put("purge/swarm", "1", Demo::Serves);
    described.describe(1, "demo", "purge/swarm", "1");
    described.done(&[
        "set",
        "conteneur1_type=swarm",
        "conteneur1_reseaux=dorsale",
        "conteneur1_secret_nom[0]=key",
        "conteneur1_secret_valeur[0]=hunter2",
    ]);
    described.done(&["instance"]);
    described.expect("demo", "1");
    // The copies of a service that another manager's galerne has made are marked as ours are.
    let image = format!("{}/purge/swarm:1", described.registry.address());
    let mut theirs = vec!["service", "create", "--quiet", "--name", "theirs"];
    for label in ["org.galerne.managed=true", "org.galerne.root=/"] {
        theirs.extend(["--container-label", label]);
    }
    theirs.push(&image);
    nodes.docker(1, &theirs);
    let copy = || nodes.docker(1, &["ps", "--quiet", "--filter", "name=theirs"]);
    let services = || nodes.docker(1, &["service", "ls", "--format", "{{.Name}}"]);
    let running = copy();
    assert!(!running.is_empty());

    let nothing = tempfile::tempdir().expect("a folder can be made");
    server.command("rm").arg("/var/lib/galerne/instanciated").status().expect("rm starts");
    purge(server, "C.UTF-8", nothing.path());
    assert_eq!((services(), copy()), ("demo\ntheirs\n".to_owned(), running.clone()));

    described.done(&["instance"]);
    let said = purge(server, "fr_FR.UTF-8", nothing.path());
    assert!(said.contains("galerne: /etc/eole/config.eol reste"), "{said}");
    assert_eq!((services(), copy()), ("theirs\n".to_owned(), running));
    assert_eq!(nodes.docker(1, &["secret", "ls", "--quiet"]), "");
    let networks = ["network", "ls", "--quiet", "--filter", "label=org.galerne.managed=true"];
    assert_eq!(nodes.docker(1, &networks), "");
}

/// A program in `folder` that notes where and with what it is called.
fn put_program(folder: &Path, name: &str) {
    let path = folder.join(name);
    let calls = folder.join("calls");
    // Nothing that it is asked to take away is there.
    let script = format!("#!/bin/sh\necho \"$PWD {name} $*\" >>{}\n[ \"$1\" != --del ]\n", calls.display());
    fs::write(&path, script).expect("it is written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be changed");
}

#[test]
fn virtual_machines_are_destroyed_and_snaps_stopped_without_what_galerne_gave_them() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let programs = tempfile::tempdir().expect("a folder can be made");
    for name in ["vagrant", "snap"] {
        put_program(programs.path(), name);
    }
    let machines = "/var/lib/galerne/vagrant";
    server.write(&format!("{machines}/wiki-1/.vagrant/machines/wiki/libvirt/id"), "0815");
    server.write(&format!("{machines}/demo-1/.vagrant/machines/demo/docker/id"), "4711");
    let noted = ["var-snap-wiki-common-data\\x2d1.mount", "snap.wiki.web.service.d/galerne.conf"];
    let units = "/etc/systemd/system";
    for unit in noted {
        server.write(&format!("{units}/{unit}"), "[Unit]\n");
    }
    server.write(&format!("{units}/snap.wiki.web.service.d/mine.conf"), "[Unit]\n");
    server.write(&format!("{units}/http.port"), "no unit of ours\n");
    let note = serde_json::json!({"life": null, "units": noted, "settings": ["http.port"]});
    let note = serde_json::to_string_pretty(&note).expect("it can be written");
    server.write("/var/lib/galerne/snap/snaps/wiki.json", &note);
    server.write(
        "/var/lib/galerne/snap/snaps/idle.json",
        "{\n  \"units\": [],\n  \"settings\": [\n    \"http.port\"\n  ]\n}",
    );

    let said = purge(&server, "C.UTF-8", programs.path());
    assert!(said.contains("galerne: the snap wiki stays with its data, and is stopped"), "{said}");
    let calls = fs::read_to_string(programs.path().join("calls")).expect("they are called");
    assert!(calls.contains("vagrant/wiki-1 vagrant destroy --force\n"), "{calls}");
    assert!(!calls.contains("demo-1"), "it went with the containers: {calls}");
    assert!(calls.contains("snap stop --disable wiki\n") && calls.contains("--unhold wiki\n"), "{calls}");
    for unit in noted {
        assert_eq!(server.read(&format!("{units}/{unit}")), None, "{unit}");
    }
    for kept in ["snap.wiki.web.service.d/mine.conf", "http.port"] {
        assert!(server.read(&format!("{units}/{kept}")).is_some(), "{kept}");
    }
    assert_eq!(server.read("/var/lib/galerne/snap/snaps/wiki.json"), None);
}

#[test]
fn what_runs_on_kubernetes_stays_and_is_told_of() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let nothing = tempfile::tempdir().expect("a folder can be made");
    let label = "app.kubernetes.io/managed-by=galerne";
    assert!(!purge(&server, "C.UTF-8", nothing.path()).contains(label));
    server.write("/var/lib/galerne/run/wiki.json", "{\n  \"engine\": \"kubernetes\"\n}\n");
    let said = purge(&server, "fr_FR.UTF-8", nothing.path());
    assert!(
        said.contains(&format!("les applications sur Kubernetes y restent, avec l'étiquette {label}")),
        "{said}"
    );
    assert_eq!(server.read("/var/lib/galerne/run/wiki.json"), None);
}

#[test]
fn what_cannot_be_removed_stays_and_is_told_of_and_nothing_of_passwords_is_left() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let nothing = tempfile::tempdir().expect("a folder can be made");
    let kept =
        ["/etc/nginx/sites-enabled/conteneur.conf", "/var/log/galerne/galerne.log", "/etc/eole/config.eol"];
    let gone = [
        "/etc/eole/.config.eol.galerne-unsaved",
        "/etc/eole/sites/preprod/.config.eol.galerne-unsaved",
        "/etc/nginx/sites-available/conteneur.conf",
        "/var/lib/galerne/manifest.json",
    ];
    for path in kept.iter().chain(&gone) {
        server.write(path, "{}\n");
    }
    let mount = "mount --bind $1 $1 && mount -o remount,ro,bind $1 $1";
    for folder in ["/etc/nginx/sites-enabled", "/var/log/galerne"] {
        let mounted = server.command("sh").args(["-c", mount, "sh", folder]).status().expect("sh starts");
        assert!(mounted.success(), "{folder}");
    }
    let said = purge(&server, "fr_FR.UTF-8", nothing.path());
    for path in [kept[0], "/var/log/galerne"] {
        assert!(
            said.contains(&format!("galerne: {path} ne peut pas être supprimé, et reste donc")),
            "{said}"
        );
    }
    for path in gone {
        assert_eq!(server.read(path), None, "{path}");
    }
    assert!(server.read(kept[0]).is_some() && server.read(kept[2]).is_some());
}

#[test]
fn removal_goes_on_where_nothing_is_registered_and_is_taken_back_whole() {
    let Some(lab) = Lab::open() else { return };
    let server = Server::start(lab);
    let programs = tempfile::tempdir().expect("a folder can be made");
    for name in
        ["update-alternatives", "update-xmlcatalog", "deb-systemd-helper", "deb-systemd-invoke", "systemctl"]
    {
        put_program(programs.path(), name);
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = fs::read_to_string(project.join("packaging/eole-names")).expect("it is there");
    server.write("/usr/share/galerne/eole-names", &names);
    server.write("/run/systemd/system/booted", "");
    let calls = || {
        let calls = fs::read_to_string(programs.path().join("calls")).expect("they are called");
        fs::remove_file(programs.path().join("calls")).expect("it is there");
        calls
    };
    maintain(&server, ["prerm", "remove"], "C.UTF-8", programs.path());
    let taken = calls();
    for part in [
        "update-alternatives --quiet --remove CreoleGet",
        "update-xmlcatalog --del --type uri --id urn:x-galerne:creole.xsd --root",
        "update-xmlcatalog --del --type uri --id urn:x-galerne:creole.xsd --package galerne",
        "deb-systemd-invoke stop galerne-drift.timer galerne-follow.timer",
    ] {
        assert!(taken.contains(part), "{part}: {taken}");
    }
    for action in ["abort-remove", "abort-upgrade", "abort-deconfigure"] {
        maintain(&server, ["postinst", action], "C.UTF-8", programs.path());
        let given = calls();
        for part in [
            "update-alternatives --quiet --install /usr/bin/CreoleGet CreoleGet",
            "update-xmlcatalog --add --type uri --id urn:x-galerne:creole.xsd --package galerne",
            "update-xmlcatalog --add --type uri --id urn:x-galerne:creole.xsd --root",
            "deb-systemd-invoke start galerne-drift.timer galerne-follow.timer",
        ] {
            assert!(given.contains(part), "{action}, {part}: {given}");
        }
    }
}
