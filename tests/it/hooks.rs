//! The scripts of packages around the stages of a run.

use crate::host::Host;
use crate::lab::Lab;

#[test]
fn scripts_run_in_eoles_four_places_in_the_order_of_their_names() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    let tell = |stage: &str| format!("echo {stage} $1 $(cat /etc/demo.conf 2>&1 | tail -n 1) >>/run/told");
    for stage in ["pretemplate", "posttemplate", "preservice", "postservice"] {
        host.script(stage, "10-tell", &tell(stage));
    }
    host.script("pretemplate", "02_first", "echo first >>/run/told");
    host.script("pretemplate", "03.dpkg-old", "echo never >>/run/told");
    host.0.write("/usr/share/eole/pretemplate/04-not-executable", "echo never >>/run/told");
    host.done(&["instance", "--non-interactive"]);
    let told = host.told();
    let of_scripts: Vec<&str> =
        told.iter().map(String::as_str).filter(|line| !line.starts_with("start un")).collect();
    assert_eq!(
        of_scripts,
        [
            "first",
            "pretemplate instance cat: /etc/demo.conf: No such file or directory",
            "posttemplate instance un",
            "preservice instance un",
            "postservice instance un",
        ]
    );
    let service = told.iter().position(|line| line.starts_with("start")).expect("it was started");
    let before = told.iter().position(|line| line.starts_with("preservice")).expect("it ran");
    let after = told.iter().position(|line| line.starts_with("postservice")).expect("it ran");
    assert!(before < service && service < after, "{told:?}");
    host.done(&["reconfigure"]);
    assert!(host.told().iter().any(|line| line == "pretemplate reconfigure un"), "they run each time");
}

#[test]
fn what_a_script_sets_before_the_templates_is_in_them() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.script("pretemplate", "set", &format!("{} set mot=calcule", env!("CARGO_BIN_EXE_galerne")));
    host.done(&["reconfigure"]);
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("calcule"));
}

#[test]
fn a_script_that_fails_has_all_files_put_back_and_its_words_shown() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.done(&["reconfigure"]);
    host.done(&["set", "mot=deux"]);
    for stage in ["pretemplate", "posttemplate", "preservice", "postservice"] {
        host.script(stage, "fails", "echo this is why; exit 7");
        let (codes, messages) = host.failed(3, &["reconfigure"]);
        assert_eq!(codes, ["apply::hook"], "{stage}");
        assert!(messages.contains("this is why") && messages.contains('7'), "{messages}");
        assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("un"), "{stage}");
        let told = host.told();
        assert!(
            told.last().is_none_or(|line| line.ends_with("un")),
            "the service reads the old file: {told:?}"
        );
        host.run("rm", &[&format!("/usr/share/eole/{stage}/fails")]);
    }
    let log = host.0.read("/var/log/galerne/galerne.log").expect("it is there");
    assert!(log.contains("this is why"), "{log}");
    host.done(&["reconfigure"]);
    assert!(host.0.read("/etc/demo.conf").expect("it is there").contains("deux"));
}

#[test]
fn a_script_that_anybody_could_have_written_is_refused_before_any_runs() {
    let Some(lab) = Lab::open() else { return };
    let host = Host::start(lab);
    host.script("pretemplate", "good", "echo good >>/run/told");
    host.script("postservice", "bad", "true");
    host.run("chmod", &["777", "/usr/share/eole/postservice/bad"]);
    let (codes, messages) = host.failed(3, &["reconfigure"]);
    assert_eq!(codes, ["apply::untrusted_hook"]);
    assert!(messages.contains("/usr/share/eole/postservice/bad"), "{messages}");
    assert_eq!(host.told(), Vec::<String>::new());
    assert_eq!(host.0.read("/etc/demo.conf"), None);
}
