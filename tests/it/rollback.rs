//! Going back to a state that was reached before.

use crate::described::Described;
use crate::host::Host;
use crate::lab::{Demo, Lab};

#[test]
fn files_services_and_saved_values_go_back_to_what_they_were() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    assert_eq!(host.done(&["rollback", "--list"]), "no state is kept yet\n");
    assert_eq!(host.failed(1, &["rollback"]).0, ["command::no_state"]);
    host.done(&["reconfigure"]);
    for word in ["deux", "trois"] {
        host.done(&["set", &format!("mot={word}")]);
        host.done(&["reconfigure"]);
    }
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(host.done(&["rollback", "--list"]).lines().count(), 3);
    let plan = host.done(&["rollback", "--dry-run"]);
    assert!(plan.contains("back to state 2") && plan.contains("/etc/demo.conf"), "{plan}");
    host.done(&["rollback"]);
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("deux"));
    assert_eq!(host.done(&["get", "mot"]), "deux\n");
    assert_eq!(host.done(&["plan"]), "nothing to do\n");
    assert_eq!(host.0.read("/etc/eole/config.eol.galerne-old"), None, "a state has it");
    host.done(&["set", "mot=quatre"]);
    let told = host.done(&["rollback", "1"]);
    assert!(told.contains("/etc/eole/config.eol.galerne-old"), "{told}");
    let kept = host.0.read("/etc/eole/config.eol.galerne-old").expect("what was saved is kept");
    assert!(kept.contains("quatre"), "{kept}");
    assert_eq!(host.done(&["get", "mot"]), "un\n");
    assert_eq!(host.failed(1, &["rollback", "99"]).0, ["command::no_state"]);
}

#[test]
fn after_a_run_that_failed_the_last_state_is_the_one_to_go_back_to() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    host.done(&["set", "mot=broken"]);
    assert_eq!(host.failed(3, &["reconfigure"]).0, ["service::failed"]);
    host.done(&["rollback"]);
    assert_eq!(host.done(&["get", "mot"]), "un\n");
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
}

#[test]
fn a_state_that_cannot_be_reached_changes_no_value() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    host.done(&["set", "mot=deux"]);
    host.done(&["reconfigure"]);
    host.script("postservice", "fails", "exit 1");
    assert_eq!(host.failed(3, &["rollback"]).0, ["apply::hook"]);
    assert_eq!(host.done(&["get", "mot"]), "deux\n");
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("deux"));
}

#[test]
fn an_application_goes_back_to_its_former_version() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "rollback/demo", "1");
    described.registry.put("rollback/demo", "2", Demo::Serves);
    described.done(&["set", "conteneur1_tag=2"]);
    described.done(&["reconfigure"]);
    described.expect("demo", "2");
    described.done(&["rollback"]);
    described.expect("demo", "1");
    described.expect_settled();
    let mode =
        described.server.command("stat").args(["--format=%a", "/var/lib/galerne/states/1.json"]).output();
    assert_eq!(crate::described::text(&mode.expect("stat starts").stdout), "600\n");
}
