//! The first set-up: what is missing is asked for on a terminal, and refused elsewhere.

use crate::described::text;
use crate::host::Host;
use crate::lab::Lab;
use crate::terminal::Terminal;

/// A server on which three values are missing.
fn unfilled(lab: Lab) -> Host {
    let host = Host::start(lab);
    host.0.write(
        "/usr/share/eole/creole/dicos/60_questions.xml",
        "<creole><variables><family name='questions'>\
         <variable name='ville' type='string' mandatory='True' description='La ville'/>\
         <variable name='habitants' type='number' mandatory='True' description='Combien'/>\
         <variable name='clef' type='password' mandatory='True' description='Le secret'/></family></variables></creole>",
    );
    host
}

#[test]
fn what_is_missing_is_asked_for_on_a_terminal_and_the_plan_is_agreed_to() {
    let Some(lab) = Lab::open() else { return };
    let host = unfilled(lab);
    let mut terminal = Terminal::start(host.0.galerne_command(&["instance"]));
    terminal.expect("La ville (ville): ");
    terminal.answer("");
    terminal.expect("a value is needed");
    terminal.expect("La ville (ville): ");
    terminal.answer("Angers");
    terminal.expect("Combien (habitants): ");
    terminal.answer("beaucoup");
    terminal.expect("`habitants` cannot have this value");
    terminal.expect("Combien (habitants): ");
    terminal.answer("155850");
    terminal.expect("Le secret (clef): ");
    terminal.answer("hush-hush");
    terminal.expect("/etc/demo.conf");
    terminal.expect("Do this? [y/N] ");
    terminal.answer("y");
    terminal.expect("done: ");
    let (status, shown) = terminal.end();
    assert!(status.success(), "{shown}");
    assert!(!shown.contains("hush-hush"), "a password is not shown: {shown}");
    assert_eq!(host.done(&["get", "ville", "habitants"]).matches("Angers").count(), 1);
    assert!(host.0.read("/etc/eole/config.eol").expect("it is there").contains("hush-hush"));
    assert!(host.0.read("/etc/demo.conf").is_some());
    assert!(host.0.read("/var/lib/galerne/instanciated").is_some(), "the server is marked");
}

#[test]
fn a_no_leaves_everything_as_it_is() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    let mut terminal = Terminal::start(host.0.galerne_command(&["instance"]));
    terminal.expect("Do this? [y/N] ");
    terminal.answer("n");
    assert!(terminal.end().0.success());
    assert_eq!(host.0.read("/etc/demo.conf"), None);
    assert_eq!(host.0.read("/var/lib/galerne/instanciated"), None);
    let mut terminal = Terminal::start(host.0.galerne_command(&["reconfigure", "--yes"]));
    terminal.expect("done: ");
    assert!(terminal.end().0.success());
    assert!(host.0.read("/etc/demo.conf").is_some());
}

#[test]
fn without_a_person_a_missing_value_is_refused() {
    let Some(lab) = Lab::open() else { return };
    let host = unfilled(lab);
    let (codes, _) = host.failed(1, &["instance"]);
    assert_eq!(codes, ["evaluation::mandatory_empty"; 3]);
    let (status, shown) = Terminal::start(host.0.galerne_command(&["instance", "--non-interactive"])).end();
    assert_eq!(status.code(), Some(1), "{shown}");
    assert!(!shown.contains("ville): "), "{shown}");
    assert_eq!(host.0.read("/etc/demo.conf"), None);
}

#[test]
fn a_dry_run_shows_the_steps_and_takes_none() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    for command in ["instance", "reconfigure"] {
        let shown = host.done(&[command, "--dry-run"]);
        assert_eq!(shown, host.done(&["plan"]));
        assert!(shown.contains("/etc/demo.conf"), "{shown}");
    }
    assert_eq!(host.0.read("/etc/demo.conf"), None);
    assert_eq!(host.0.read("/var/lib/galerne/instanciated"), None);
    assert_eq!(host.told(), Vec::<String>::new());
}

#[test]
fn eoles_names_are_galernes_commands() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    for name in ["instance", "reconfigure"] {
        let link = format!("/run/{name}");
        host.run("ln", &["-s", env!("CARGO_BIN_EXE_galerne"), &link]);
        let output = host.0.command(&link).arg("--dry-run").output().expect("it starts");
        assert_eq!(text(&output.stdout), host.done(&["plan"]));
    }
}

#[test]
fn a_second_run_waits_for_the_first_one_if_it_is_told_to() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.script("pretemplate", "slow", "touch /run/slow; sleep 2");
    let mut first = host.0.spawn_galerne(&["reconfigure"]);
    while host.0.read("/run/slow").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let (codes, _) = host.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["apply::locked"]);
    host.done(&["reconfigure", "--wait", "60"]);
    assert!(first.wait().expect("it was started").success());
}
