//! From a description to a page, and what a second run does.

use crate::described::Described;
use crate::lab::{Demo, Lab};

#[test]
fn an_application_is_pulled_started_and_served_and_a_second_run_does_nothing() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    described.registry.put("first/demo", "1", Demo::Serves);
    described.describe(1, "demo", "first/demo", "1");
    let data = described.server.folder("data");
    described.done(&[
        "set",
        "conteneur1_mountpoint_in+=/data",
        &format!("conteneur1_mountpoint_out+={}", data.display()),
    ]);
    let plan = described.done(&["plan"]);
    assert!(plan.contains("fetch the image") && plan.contains("have nginx check"), "{plan}");
    assert_eq!(described.server.galerne(&["plan", "--check"]).status.code(), Some(1));
    let told = described.done(&["instance"]);
    assert!(told.contains("demo is served at /demo/"), "{told}");
    described.expect("demo", "1");
    described.expect_settled();
    assert_eq!(described.done(&["reconfigure"]), "nothing to do\n");
    assert_eq!(described.done(&["plan", "--check"]), "nothing to do\n");
    let status = described.done(&["status"]);
    assert!(status.lines().any(|line| line.starts_with("demo") && line.contains("running")), "{status}");
    assert!(data.is_dir(), "the mounted folder was made");
    std::fs::write(data.join("kept.txt"), "kept").expect("it can be written");
    let kept = described.server.get("/demo/data/kept.txt").expect("the web server answers");
    assert_eq!((kept.status, kept.body.as_str()), (200, "kept"));
    let mode =
        described.server.command("stat").args(["--format=%a", "/var/lib/galerne/run/demo.json"]).output();
    assert_eq!(crate::described::text(&mode.expect("stat starts").stdout), "600\n");
}

#[test]
fn the_application_is_told_how_it_was_asked() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, "headers/demo", "1");
    let echoed = described.server.get("/demo/cgi-bin/request").expect("the web server answers").body;
    for header in [
        "HTTP_X_FORWARDED_PREFIX=/demo",
        "HTTP_X_FORWARDED_PROTO=http",
        "HTTP_X_REAL_IP=127.0.0.1",
        "HTTP_X_FORWARDED_FOR=127.0.0.1",
    ] {
        assert!(echoed.contains(header), "{header} is not in {echoed}");
    }
    let bare = described.server.get("/demo").expect("the web server answers");
    assert_eq!(bare.status, 308);
    assert!(bare.head.contains("/demo/"), "{}", bare.head);
}

#[test]
fn several_applications_come_up_together_and_one_that_fails_holds_up_no_other() {
    let Some(lab) = Lab::open() else { return };
    let described = Described::start(lab);
    for (number, (name, behaviour)) in
        [("one", Demo::Serves), ("two", Demo::EndsAtOnce), ("three", Demo::Serves)].into_iter().enumerate()
    {
        let image = format!("several/{name}");
        described.registry.put(&image, "1", behaviour);
        described.describe(number + 1, name, &image, "1");
    }
    let (codes, said) = described.failed(3, &["instance"]);
    assert_eq!(codes, ["engine::unhealthy"], "{said}");
    assert!(said.contains("two"), "{said}");
    described.expect("one", "1");
    described.expect("three", "1");
    assert_eq!(described.server.get("/two/").expect("the web server answers").status, 404);
}
