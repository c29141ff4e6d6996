//! Containers that go from one engine to another, and runs that fail or are killed on the way.

use proptest::prelude::*;

use super::lab::{Brief, Lab, spec, wanted};
use crate::plan::Wanted;
use crate::run_spec::Technology::{self, Docker, Podman};

/// A container: name, tag, port of the host, technology.
type Placed<'a> = (Brief<'a>, Technology);

fn placed(all: &[Placed<'_>]) -> Wanted {
    let briefs: Vec<Brief> = all.iter().map(|(brief, _)| *brief).collect();
    let mut wanted = wanted(&briefs);
    for (spec, (_, technology)) in wanted.containers.iter_mut().zip(all) {
        spec.engine = *technology;
    }
    wanted
}

/// What each engine is to hold: name and tag, all running.
fn expected(all: &[Placed<'_>], technology: Technology) -> Vec<(String, String, bool)> {
    let mine = all.iter().filter(|(_, placed)| *placed == technology);
    let mut mine: Vec<_> =
        mine.map(|((name, tag, _), _)| ((*name).to_owned(), (*tag).to_owned(), true)).collect();
    mine.sort();
    mine
}

fn reached(lab: &Lab, all: &[Placed<'_>], context: &str) {
    assert_eq!(lab.engine.containers(), expected(all, Docker), "{context}: {:?}", lab.engine.calls());
    assert_eq!(lab.podman.containers(), expected(all, Podman), "{context}: {:?}", lab.podman.calls());
    let plan = lab.plan(&placed(all));
    assert!(plan.is_empty(), "{context}: {plan}");
    assert_eq!(lab.litter(), Vec::<std::path::PathBuf>::new(), "{context}");
}

const WIKI: Brief<'static> = ("wiki", "1", 8081);

#[test]
fn the_new_one_is_fetched_first_and_the_old_engine_is_left_clean() {
    let lab = Lab::new();
    lab.run(&placed(&[(WIKI, Docker)])).unwrap();
    let before = lab.engine.calls().len();
    let plan = lab.plan(&placed(&[(WIKI, Podman)])).to_string();
    assert!(plan.contains("stop wiki in docker (another technology takes over)"), "{plan}");
    lab.run(&placed(&[(WIKI, Podman)])).unwrap();
    assert_eq!(lab.engine.calls()[before..], ["stop wiki", "remove wiki"]);
    let image = "fetch registry.example.org/app:1";
    let calls =
        [image, "create wiki.galerne-new", "rename wiki.galerne-new wiki", "start wiki", "health wiki"];
    assert_eq!(lab.podman.calls(), calls);
    reached(&lab, &[(WIKI, Podman)], "there");
    lab.run(&placed(&[(WIKI, Docker)])).unwrap();
    reached(&lab, &[(WIKI, Docker)], "and back");
}

#[test]
fn one_that_fails_in_the_new_engine_serves_in_the_old_one() {
    let lab = Lab::new();
    lab.run(&placed(&[(WIKI, Docker)])).unwrap();
    lab.podman.add_bad_image(&spec(WIKI).source);
    let failed = lab.run(&placed(&[(WIKI, Podman)])).unwrap_err();
    assert_eq!(failed.findings.codes(), ["engine::unhealthy"]);
    reached(&lab, &[(WIKI, Docker)], "taken back");
}

#[test]
fn a_port_is_handed_from_an_engine_to_another() {
    let lab = Lab::new();
    let before = [(("wiki", "1", 8081), Docker), (("blog", "1", 8082), Podman)];
    let after = [(("wiki", "1", 8082), Docker), (("blog", "1", 8081), Podman)];
    lab.run(&placed(&before)).unwrap();
    assert_eq!(lab.plan(&placed(&after)).containers.len(), 1);
    lab.run(&placed(&after)).unwrap();
    reached(&lab, &after, "exchanged");
}

#[test]
fn what_somebody_else_publishes_in_another_engine_is_named() {
    let lab = Lab::new();
    let port = crate::plan::HostPort { address: "0.0.0.0".parse().unwrap(), port: 8081 };
    lab.engine.add_foreign("someone", &[port]);
    let failed = lab.run(&placed(&[(WIKI, Podman)])).unwrap_err();
    assert_eq!(failed.findings.codes(), ["plan::port_taken"]);
}

/// Kills a move at each event, and then runs `after`.
fn at_each_event(before: &[Placed<'_>], attempt: &[Placed<'_>], after: &[Placed<'_>]) {
    for event in 0..1000 {
        let lab = Lab::new();
        lab.run(&placed(before)).unwrap();
        if !lab.run_and_kill(&placed(attempt), event) {
            assert!(event > 20, "the run has only {event} events");
            return;
        }
        let again = lab.run(&placed(after));
        assert!(again.is_ok(), "after event {event}: {:?}", again.map_err(|failed| failed.findings.codes()));
        reached(&lab, after, &format!("after event {event}"));
    }
}

#[test]
fn a_move_that_is_killed_is_finished_or_taken_back_by_the_next_run() {
    let (before, after) = ([(WIKI, Docker)], [(WIKI, Podman)]);
    at_each_event(&before, &after, &after);
    at_each_event(&before, &after, &before);
    let third = [(("wiki", "2", 8082), Docker)];
    at_each_event(&before, &after, &third);
    at_each_event(&before, &third, &after);
}

fn some_containers() -> impl Strategy<Value = Vec<Placed<'static>>> {
    let one = |name: &'static str, port: u16| {
        let technology = prop_oneof![Just(Docker), Just(Podman)];
        (any::<bool>(), prop_oneof![Just("1"), Just("2")], technology, prop_oneof![Just(port), Just(8084)])
            .prop_map(move |(is_there, tag, technology, port)| {
                is_there.then_some(((name, tag, port), technology))
            })
    };
    (one("wiki", 8081), one("blog", 8082)).prop_map(|(wiki, blog)| {
        let mut all: Vec<Placed> = Vec::new();
        for placed in [wiki, blog].into_iter().flatten() {
            if all.iter().all(|known| known.0.2 != placed.0.2) {
                all.push(placed);
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn after_failures_and_a_kill_the_next_run_converges(
        before in some_containers(),
        between in some_containers(),
        after in some_containers(),
        failing in 0usize..20,
        killed in 0usize..80,
    ) {
        let lab = Lab::new();
        lab.run(&placed(&before)).unwrap();
        lab.engine.fail_at([failing]);
        lab.podman.fail_at([failing / 2]);
        let _ = lab.run(&placed(&between));
        lab.run_and_kill(&placed(&after), killed);
        lab.run_and_kill(&placed(&between), killed / 2);
        lab.engine.fail_at([]);
        lab.podman.fail_at([]);
        let last = lab.run(&placed(&after));
        let codes = last.map_err(|failed| failed.findings.codes()).err();
        prop_assert!(codes.is_none(), "{codes:?} {:?}{:?}", lab.engine.calls(), lab.podman.calls());
        reached(&lab, &after, "in the end");
    }
}
