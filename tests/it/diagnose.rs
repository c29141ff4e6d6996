//! What a host can run, what it lacks, and the packages that `instance` installs.

use serde_json::Value;

use crate::described::{Described, said, text};
use crate::host::Host;
use crate::lab::Lab;
use crate::terminal::Terminal;

/// What `galerne diagnose` says, which must end with `code`.
fn diagnosis(described: &Described, code: i32) -> Value {
    let output = described.server.galerne(&["--format", "json", "diagnose"]);
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

fn technology<'d>(diagnosis: &'d Value, name: &str) -> &'d Value {
    let all = diagnosis["technologies"].as_array().expect("they are listed");
    all.iter().find(|one| one["technology"] == name).expect("each technology is listed")
}

#[test]
fn diagnose_tells_what_runs_what_does_not_answer_and_what_is_not_installed() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "diagnosed/demo", "1");
    let found = diagnosis(&described, 0);
    assert!(found["system"].as_str().is_some_and(|name| !name.is_empty()), "{found}");
    assert_eq!(found["web_server"]["state"], "ready", "{found}");
    assert_eq!(technology(&found, "docker")["state"], "ready", "{found}");
    assert_eq!(technology(&found, "docker")["containers"][0], "demo", "{found}");
    assert_eq!(technology(&found, "docker-git")["state"], "ready", "{found}");
    let podman = technology(&found, "podman");
    assert_eq!(podman["state"], "down", "its socket is not there: {found}");
    assert!(podman["remedy"] == "systemctl enable --now podman.socket", "{found}");
    assert_eq!(found["containers"][0]["state"], "running", "{found}");
    let shown = described.done(&["diagnose"]);
    assert!(shown.contains("  ✓ docker     ") && shown.contains("[demo]"), "{shown}");
    assert!(shown.contains("  – podman "), "{shown}");

    // What is not a file is no program.
    for path in
        ["/usr/local/bin/git", "/usr/bin/git"].iter().filter(|path| std::path::Path::new(path).is_file())
    {
        let hidden = described.server.command("mount").args(["--bind", "/dev/null", path]).status();
        assert!(hidden.expect("mount starts").success());
    }
    let found = diagnosis(&described, 0);
    assert_eq!(technology(&found, "docker-git")["packages"], serde_json::json!(["git"]), "{found}");
    described.done(&["set", "conteneur1_type=podman"]);
    let found = diagnosis(&described, 1);
    assert_eq!(technology(&found, "podman")["containers"][0], "demo", "{found}");
    assert_eq!(found["containers"], Value::Null, "{found}");
    let shown = text(&described.server.galerne(&["diagnose"]).stdout);
    assert!(shown.contains("  ✗ podman ") && shown.contains("apt install git"), "{shown}");
}

/// A host whose dictionaries name the package `name`, and whose only source of packages has `galerne-lab` in it.
fn wanting(lab: Lab, name: &str) -> Host {
    let host = Host::start(lab);
    host.0.write(
        "/usr/share/eole/creole/dicos/70_package.xml",
        &format!("<creole><files><package>{name}</package></files></creole>"),
    );
    for place in ["/etc/apt", "/var/lib/apt/lists", "/var/cache/apt"] {
        host.run("mount", &["-t", "tmpfs", "tmpfs", place]);
    }
    host.0.write(
        "/run/build/DEBIAN/control",
        "Package: galerne-lab\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: nothing\n",
    );
    host.0.write("/run/build/run/galerne-lab", "it is here\n");
    host.run("mkdir", &["/run/packages"]);
    host.run("dpkg-deb", &["--root-owner-group", "--build", "/run/build", "/run/packages/galerne-lab.deb"]);
    let sum = host.run("sha256sum", &["/run/packages/galerne-lab.deb"]);
    let size = host.run("stat", &["--format", "%s", "/run/packages/galerne-lab.deb"]);
    let control = host.0.read("/run/build/DEBIAN/control").expect("it was written");
    let sum = sum.split_whitespace().next().unwrap_or_default();
    host.0.write(
        "/run/packages/Packages",
        &format!("{control}Filename: ./galerne-lab.deb\nSize: {}\nSHA256: {sum}\n", size.trim()),
    );
    host.0.write("/etc/apt/sources.list", "deb [trusted=yes] file:/run/packages ./\n");
    host
}

fn is_installed(host: &Host) -> bool {
    host.0.read("/run/galerne-lab").is_some()
}

#[test]
fn instance_offers_to_install_what_is_missing_and_takes_a_no() {
    let Some(lab) = Lab::open() else { return };
    let host = wanting(lab, "galerne-lab");
    for (answer, installed) in [("n", false), ("y", true)] {
        let mut terminal = Terminal::start(host.0.galerne_command(&["instance"]));
        terminal.expect("Not installed here: galerne-lab. Install with apt-get? [y/N] ");
        terminal.answer(answer);
        terminal.expect("Do this? [y/N] ");
        assert_eq!(is_installed(&host), installed);
        terminal.answer("n");
        assert!(terminal.end().0.success());
    }
    let mut terminal = Terminal::start(host.0.galerne_command(&["instance"]));
    terminal.expect("Do this? [y/N] ");
    terminal.answer("n");
    let (status, shown) = terminal.end();
    assert!(status.success() && !shown.contains("Not installed"), "{shown}");
}

#[test]
fn instance_installs_without_a_question_only_when_it_is_told_to() {
    let Some(lab) = Lab::open() else { return };
    let host = wanting(lab, "galerne-lab");
    host.done(&["instance"]);
    assert!(!is_installed(&host));
    let found: Value = serde_json::from_slice(&host.0.galerne(&["--format", "json", "diagnose"]).stdout)
        .expect("it is JSON");
    assert_eq!(found["packages"], serde_json::json!(["galerne-lab"]), "{found}");
    host.done(&["instance", "--install"]);
    assert!(is_installed(&host));
    host.done(&["diagnose"]);
}

#[test]
fn a_package_that_cannot_be_had_is_told_before_anything_is_touched() {
    let Some(lab) = Lab::open() else { return };
    let host = wanting(lab, "galerne-nowhere");
    let output = host.0.galerne(&["--format", "json", "instance", "--install"]);
    let (codes, messages) = said(&output, 3);
    assert_eq!(codes, ["host::not_installed"]);
    assert!(messages.contains("galerne-nowhere"), "{messages}");
    assert_eq!(host.0.read("/etc/demo.conf"), None);
}
