//! Services, as `reconfigure` drives them on a server of init scripts.

use crate::host::Host;
use crate::lab::Lab;

#[test]
fn a_service_restarts_when_a_file_that_it_reads_changes_and_only_then() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    assert!(host.told().iter().any(|line| line.starts_with("start")));
    assert!(host.run("ls", &["/etc/rc2.d"]).contains("galerne-demo"), "it starts with the machine");
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
    host.done(&["set", "autre=b"]);
    host.done(&["reconfigure"]);
    assert_eq!(host.told(), Vec::<String>::new());
    host.done(&["set", "mot=deux"]);
    let plan = host.done(&["plan"]);
    assert!(plan.contains("restart the service galerne-demo (/etc/demo.conf changes)"), "{plan}");
    host.done(&["reconfigure"]);
    assert!(host.told().iter().any(|line| line.starts_with("restart")));
    host.done(&["set", "actif=non"]);
    host.done(&["reconfigure"]);
    assert_eq!(host.told(), ["stop"]);
    assert!(!host.run("ls", &["/etc/rc2.d"]).contains("S01galerne-demo"));
    assert_eq!(host.done(&["reconfigure"]), "nothing to do\n");
}

#[test]
fn a_service_that_refuses_has_its_files_back() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    host.told();
    host.done(&["set", "mot=broken", "autre=b"]);
    let (codes, messages) = host.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["service::failed"]);
    assert!(messages.contains("the word is broken"), "{messages}");
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("un"));
    assert_eq!(host.0.read("/etc/other").as_deref(), Some("a\n"));
    assert!(host.told().iter().any(|line| line.starts_with("restart")), "it reads the old file again");
}

#[test]
fn a_service_that_is_not_there_is_told_before_anything_is_touched() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.run("rm", &["/etc/init.d/galerne-demo"]);
    let (codes, _) = host.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["service::unknown"]);
    assert_eq!(host.0.read("/etc/other"), None);
    host.done(&["set", "actif=non"]);
    host.done(&["reconfigure"]);
}
