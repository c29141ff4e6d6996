//! What a change costs those who use the application, and what it never takes away.

use std::io::Write;
use std::time::Duration;

use crate::described::Described;
use crate::lab::{Demo, Lab};

/// Changes the tag of the demo under a steady load; says what became of the requests.
fn change_under_load(image: &str, next: Demo) {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, image, "1");
    described.registry.put(image, "2", next);
    described.done(&["set", "conteneur1_tag=2"]);
    let load = described.server.load("/demo/");
    std::thread::sleep(Duration::from_millis(500));
    described.done(&["reconfigure"]);
    std::thread::sleep(Duration::from_millis(500));
    let tally = load.stop();
    let figures = format!(
        "{next:?}: {} requests, {} failed, the longest took {:?}; {:?} {:?}\n",
        tally.total(),
        tally.failed(),
        tally.longest,
        tally.statuses,
        tally.failures
    );
    // Straight to the terminal: the figures are quoted in the README.
    let _ = std::io::stderr().write_all(figures.as_bytes());
    described.expect("demo", "2");
    described.expect_settled();
    assert_eq!(described.containers(), ["demo"]);
    assert!(tally.total() > 50, "{figures}");
    assert_eq!(tally.failed(), 0, "{figures}");
}

#[test]
fn a_new_version_fails_no_request() {
    change_under_load("load/demo", Demo::Serves);
}

#[test]
fn a_new_version_that_starts_slowly_fails_no_request() {
    change_under_load("load/slow", Demo::ServesAfter(2));
}

#[test]
fn a_version_that_fails_leaves_the_old_one_serving() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "failing/demo", "1");
    for (tag, behaviour) in [("ends", Demo::EndsAtOnce), ("deaf", Demo::NeverListens)] {
        described.registry.put("failing/demo", tag, behaviour);
        described.done(&["set", &format!("conteneur1_tag={tag}"), "conteneur1_sante_delai=3"]);
        let before = described.server.read("/etc/nginx/conteneur.d/demo.conf");
        let (codes, said) = described.failed(3, &["reconfigure"]);
        assert_eq!(codes, ["engine::unhealthy"], "{said}");
        described.expect("demo", "1");
        assert_eq!(described.containers(), ["demo"]);
        assert_eq!(described.server.read("/etc/nginx/conteneur.d/demo.conf"), before);
    }
    described.done(&["set", "conteneur1_tag=1", "--default", "conteneur1_sante_delai"]);
    described.done(&["set", "conteneur1_sante_delai=10"]);
    described.done(&["reconfigure"]);
    described.expect_settled();
}

#[test]
fn a_removed_application_leaves_its_data() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "removed/demo", "1");
    described.describe(2, "second", "removed/demo", "1");
    let data = described.server.folder("second");
    let out = format!("conteneur2_mountpoint_out+={}", data.display());
    described.done(&["set", "conteneur2_mountpoint_in+=/data", &out]);
    described.done(&["reconfigure"]);
    described.expect("second", "1");
    std::fs::write(data.join("kept.txt"), "kept").expect("it can be written");

    described.done(&["set", "nombre_conteneur=1"]);
    described.done(&["reconfigure"]);
    assert_eq!(described.server.get("/second/").expect("the web server answers").status, 404);
    assert_eq!(described.server.read("/etc/nginx/conteneur.d/second.conf"), None);
    assert_eq!(described.containers(), ["demo"]);
    described.expect("demo", "1");

    described.done(&["set", "--default", "conteneur1_name"]);
    described.done(&["reconfigure"]);
    assert_eq!(described.containers(), [""; 0]);
    assert_eq!(std::fs::read_to_string(data.join("kept.txt")).expect("the data is there"), "kept");
    described.expect_settled();
}

#[test]
/// Seen at once by the plan; `engine::foreign` is the same one step later, should it appear meanwhile.
fn a_container_of_somebody_else_is_never_touched() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    described.registry.put("foreign/demo", "1", Demo::Serves);
    let image = format!("{}/foreign/demo:1", described.registry.address());
    let id = described.server.engine().docker(&["run", "--detach", "--name", "demo", &image]);
    described.describe(1, "demo", "foreign/demo", "1");
    let (codes, said) = described.failed(3, &["instance"]);
    assert_eq!(codes, ["plan::name_taken"], "{said}");
    described.done(&["set", "conteneur1_name=other"]);
    described.done(&["instance"]);
    described.expect("other", "1");
    described.done(&["set", "nombre_conteneur=0"]);
    described.done(&["reconfigure"]);
    let inspected =
        described.server.engine().docker(&["inspect", "--format", "{{.Id}} {{.State.Running}}", "demo"]);
    assert_eq!(inspected.trim(), format!("{} true", id.trim()));
}
