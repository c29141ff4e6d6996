//! Runs that are killed at every single event, and the runs after them.

use super::lab::{Brief, Lab, location, spec, tags, wanted};

const BEFORE: [Brief<'static>; 3] = [("wiki", "1", 8081), ("blog", "1", 8082), ("mail", "1", 8083)];

/// wiki has another tag, blog goes, forge comes on blog's port, mail has another port.
const AFTER: [Brief<'static>; 3] = [("wiki", "2", 8081), ("forge", "1", 8082), ("mail", "1", 8093)];

/// Runs `attempt` on a lab in the state `BEFORE`, killed at each event in turn, and then `check`.
fn at_each_event(attempt: &[Brief<'_>], bad: Option<Brief<'_>>, check: impl Fn(&Lab, usize)) {
    for event in 0..1000 {
        let lab = Lab::new();
        if let Some(bad) = bad {
            lab.engine.add_bad_image(&spec(bad).source);
        }
        lab.run(&wanted(&BEFORE)).unwrap();
        let killed = lab.run_and_kill(&wanted(attempt), event);
        if !killed {
            assert!(event > 50, "the run has only {event} events");
            return;
        }
        check(&lab, event);
    }
}

/// The state is that of `briefs`, with nothing left over.
fn reached(lab: &Lab, briefs: &[Brief<'_>], event: usize) {
    assert_eq!(lab.running(), tags(briefs), "after event {event}: {:?}", lab.engine.calls());
    assert_eq!(lab.engine.containers().len(), briefs.len(), "after event {event}");
    assert_eq!(lab.litter(), Vec::<std::path::PathBuf>::new(), "after event {event}");
    assert_eq!(lab.proxy.served().len(), briefs.len(), "after event {event}");
    for (name, _, port) in briefs {
        let text = format!("proxy_pass {port}");
        assert_eq!(lab.text(&location(name)), Some(text.clone()), "after event {event}");
        assert_eq!(lab.proxy.served()[&format!("{name}.conf")], text, "after event {event}");
    }
    assert!(lab.plan(&wanted(briefs)).is_empty(), "after event {event}: {}", lab.plan(&wanted(briefs)));
}

#[test]
fn the_same_run_again_ends_right() {
    at_each_event(&AFTER, None, |lab, event| {
        let again = lab.run(&wanted(&AFTER));
        assert!(again.is_ok(), "after event {event}: {:?}", again.map_err(|failed| failed.findings.codes()));
        reached(lab, &AFTER, event);
    });
}

#[test]
fn the_configuration_before_can_be_had_again() {
    at_each_event(&AFTER, None, |lab, event| {
        lab.run(&wanted(&BEFORE)).unwrap();
        reached(lab, &BEFORE, event);
    });
}

#[test]
fn a_third_configuration_can_follow() {
    let third = [("wiki", "3", 8082), ("forge", "2", 8081)];
    at_each_event(&AFTER, None, |lab, event| {
        lab.run(&wanted(&third)).unwrap();
        reached(lab, &third, event);
    });
}

#[test]
fn a_kill_while_a_failing_image_is_taken_back_is_repaired_too() {
    let bad = ("wiki", "bad", 8081);
    let attempt = [bad, ("blog", "2", 8082), ("mail", "1", 8093)];
    at_each_event(&attempt, Some(bad), |lab, event| {
        let failed = lab.run(&wanted(&attempt)).unwrap_err();
        assert_eq!(failed.findings.codes(), ["engine::unhealthy"], "after event {event}");
        let expected = [("wiki", "1", 8081), ("blog", "2", 8082), ("mail", "1", 8093)];
        assert_eq!(lab.running(), tags(&expected), "after event {event}: {:?}", lab.engine.calls());
        assert!(lab.litter().is_empty());
    });
}

#[test]
fn two_kills_in_a_row_are_repaired() {
    at_each_event(&AFTER, None, |lab, event| {
        lab.run_and_kill(&wanted(&AFTER), event % 23);
        lab.run_and_kill(&wanted(&AFTER), event % 31);
        lab.run(&wanted(&AFTER)).unwrap();
        reached(lab, &AFTER, event);
    });
}

#[test]
fn a_first_run_that_is_killed_is_repaired() {
    for event in 0..40 {
        let lab = Lab::new();
        lab.run_and_kill(&wanted(&BEFORE), event);
        lab.run(&wanted(&BEFORE)).unwrap();
        reached(&lab, &BEFORE, event);
    }
}
