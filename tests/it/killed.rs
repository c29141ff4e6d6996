//! A run that is killed at any of its events is put right by the next one.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use crate::described::Described;
use crate::lab::{Demo, Lab, Registry};

/// Runs `galerne reconfigure` and kills it `delay` after its event number `at`. Says whether it got that far.
fn killed(described: &Described, at: usize, delay: Duration) -> bool {
    let mut child = described.server.spawn_galerne(&["--format", "json", "reconfigure"]);
    let events = BufReader::new(child.stdout.take().expect("its output is ours"));
    let is_effect = |line: &String| line.contains("\"started\"") || line.contains("\"finished\"");
    let reached = events.lines().map_while(Result::ok).filter(is_effect).nth(at).is_some();
    if reached {
        std::thread::sleep(delay);
        // A run that has ended meanwhile cannot be killed, and need not be.
        let _ = child.kill();
    }
    let _ = child.wait();
    reached
}

/// The next run must end where the killed one was going, with nothing left over.
fn expect_repair(described: &Described, tag: &str, at: usize) {
    let output = described.server.galerne(&["reconfigure"]);
    let messages = crate::described::text(&output.stderr);
    assert!(output.status.success(), "killed at event {at}: {messages}");
    described.expect("demo", tag);
    described.expect_settled();
    assert_eq!(described.containers(), ["demo"], "killed at event {at}");
}

/// The tag and the path in the front door change with each run, so that each has everything to do.
fn describe_version(described: &Described, registry: &Registry, image: &str, version: usize) -> String {
    let tag = version.to_string();
    registry.put(image, &tag, Demo::Serves);
    let size = format!("conteneur1_taille_max={}", 100 + version);
    described.done(&["set", &format!("conteneur1_tag={tag}"), &size]);
    tag
}

/// Kills a change at every `step`th event from `first` on, each time `delay` later.
fn kill_a_change(image: &str, first: usize, step: usize, delay: Duration) {
    let Some(lab) = Lab::open() else { return };
    let described = Described::serving(lab, image, "1");
    let mut version = 1;
    for at in (first..).step_by(step) {
        version += 1;
        let tag = describe_version(&described, described.registry, image, version);
        let reached = killed(&described, at, delay);
        // Held or served: nginx never loses its configuration.
        let status = described.server.get("/").expect("nginx answers").status;
        assert_eq!(status, 200, "killed at event {at}");
        expect_repair(&described, &tag, at);
        if !reached {
            assert!(at > 20, "a change has more than {at} events");
            return;
        }
    }
}

#[test]
fn a_change_killed_at_each_event_is_finished_by_the_next_run() {
    kill_a_change("killed/even", 0, 2, Duration::ZERO);
}

#[test]
fn a_change_killed_between_events_is_finished_by_the_next_run() {
    kill_a_change("killed/odd", 1, 2, Duration::from_millis(15));
}

#[test]
fn a_first_set_up_killed_anywhere_is_finished_by_the_next_run() {
    let Some(lab) = Lab::open() else { return };
    for at in (0..).step_by(7) {
        let described = Described::start(lab);
        described.registry.put("killed/first", "1", Demo::Serves);
        described.describe(1, "demo", "killed/first", "1");
        let reached = killed(&described, at, Duration::ZERO);
        expect_repair(&described, "1", at);
        if !reached {
            assert!(at > 20, "a first set-up has more than {at} events");
            return;
        }
    }
}
