//! Whole runs: what they change, and what they leave when something fails.

use std::sync::Mutex;

use proptest::prelude::*;

use super::lab::{Brief, Lab, location, spec, tags, wanted};
use crate::apply::{Event, Sink};
use crate::plan::{HostPort, ProxyState};

const BEFORE: [Brief<'static>; 3] = [("wiki", "1", 8081), ("blog", "1", 8082), ("mail", "1", 8083)];

#[test]
fn a_second_run_has_nothing_to_do() {
    let lab = Lab::new();
    let wanted = wanted(&BEFORE);
    let summary = lab.run(&wanted).unwrap();
    assert_eq!(summary.changed.len(), 3);
    assert_eq!(lab.running(), tags(&BEFORE));
    assert_eq!(lab.proxy.served().len(), 3);
    assert!(lab.plan(&wanted).is_empty(), "{}", lab.plan(&wanted));
    assert!(lab.run(&wanted).unwrap().is_nothing());
    assert_eq!(lab.litter(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_changed_tag_is_fetched_before_anything_stops() {
    let lab = Lab::new();
    lab.run(&wanted(&[("wiki", "1", 8081)])).unwrap();
    let before = lab.engine.calls().len();
    lab.run(&wanted(&[("wiki", "2", 8081)])).unwrap();
    let expected = [
        "fetch registry.example.org/app:2",
        "create wiki.galerne-new",
        "rename wiki wiki.galerne-old",
        "rename wiki.galerne-new wiki",
        "stop wiki.galerne-old",
        "start wiki",
        "health wiki",
        "remove wiki.galerne-old",
    ];
    assert_eq!(lab.engine.calls()[before..], expected);
}

#[test]
fn a_changed_port_leaves_the_old_one_serving_until_nginx_points_at_the_new_one() {
    let lab = Lab::new();
    lab.run(&wanted(&[("wiki", "1", 8081)])).unwrap();
    let before = lab.engine.calls().len();
    lab.run(&wanted(&[("wiki", "1", 8091)])).unwrap();
    let calls = lab.engine.calls()[before..].to_vec();
    assert_eq!(calls[calls.len() - 3..], ["health wiki", "stop wiki.galerne-old", "remove wiki.galerne-old"]);
}

#[test]
fn two_containers_can_exchange_their_ports() {
    let lab = Lab::new();
    lab.run(&wanted(&[("wiki", "1", 8081), ("blog", "1", 8082)])).unwrap();
    let after = wanted(&[("wiki", "1", 8082), ("blog", "1", 8081)]);
    assert_eq!(lab.plan(&after).containers.len(), 1);
    lab.run(&after).unwrap();
    assert!(lab.plan(&after).is_empty());
    assert_eq!(lab.proxy.served()["wiki.conf"], "proxy_pass 8082");
}

#[test]
fn a_port_of_a_container_that_goes_can_be_taken() {
    let lab = Lab::new();
    lab.run(&wanted(&[("wiki", "1", 8081)])).unwrap();
    let after = [("blog", "1", 8081)];
    lab.run(&wanted(&after)).unwrap();
    assert_eq!(lab.running(), tags(&after));
}

#[test]
fn an_image_that_fails_leaves_the_old_one_and_its_files_and_stops_no_other() {
    let lab = Lab::new();
    lab.run(&wanted(&BEFORE)).unwrap();
    let bad = ("wiki", "bad", 8091);
    lab.engine.add_bad_image(&spec(bad).source);
    let failed = lab.run(&wanted(&[bad, ("blog", "2", 8082), ("mail", "1", 8083)])).unwrap_err();
    assert_eq!(failed.findings.codes(), ["engine::unhealthy"]);
    let message = failed.findings.iter().next().unwrap().problem.to_string();
    assert!(message.contains("I am not well"), "{message}");
    assert_eq!(failed.summary.failed, ["wiki".parse().unwrap()]);
    assert_eq!(lab.running(), tags(&[("wiki", "1", 8081), ("blog", "2", 8082), ("mail", "1", 8083)]));
    assert_eq!(lab.text(&location("wiki")).unwrap(), "proxy_pass 8081");
}

#[test]
fn a_first_start_that_fails_gets_no_location() {
    let lab = Lab::new();
    let bad = ("wiki", "bad", 8081);
    lab.engine.add_bad_image(&spec(bad).source);
    lab.run(&wanted(&[bad])).unwrap_err();
    assert_eq!(lab.engine.containers(), []);
    assert_eq!(lab.text(&location("wiki")), None);
}

#[test]
fn what_nginx_refuses_leaves_files_and_containers_as_they_were() {
    let lab = Lab::new();
    lab.run(&wanted(&BEFORE)).unwrap();
    lab.proxy.refuse(true);
    let after = wanted(&[("wiki", "2", 8091), ("forge", "1", 8084)]);
    let failed = lab.run(&after).unwrap_err();
    assert_eq!(failed.findings.codes(), ["proxy::refused"]);
    assert_eq!(lab.running(), tags(&BEFORE));
    assert_eq!(lab.text(&location("wiki")).unwrap(), "proxy_pass 8081");
    assert_eq!(lab.text(&location("forge")), None);
    assert!(lab.text(&location("mail")).is_some());
    assert_eq!(lab.litter(), Vec::<std::path::PathBuf>::new());
    assert!(lab.plan(&wanted(&BEFORE)).is_empty());
}

#[test]
fn a_container_that_is_no_longer_wanted_goes_and_its_data_stays() {
    let lab = Lab::new();
    let mut with_data = wanted(&[("wiki", "1", 8081)]);
    let mount = serde_json::json!({"host": "/srv/wiki", "container": "/data"});
    with_data.containers[0].mounts = vec![serde_json::from_value(mount).unwrap()];
    lab.run(&with_data).unwrap();
    let data = lab.folder.path().join("srv/wiki/page");
    std::fs::File::create(&data).unwrap();
    lab.run(&wanted(&[])).unwrap();
    assert_eq!(lab.engine.containers(), []);
    assert_eq!(lab.text(&location("wiki")), None);
    assert!(lab.proxy.served().is_empty());
    assert!(data.exists());
}

#[test]
fn foreign_containers_are_left_alone_and_named() {
    let lab = Lab::new();
    let port = HostPort { address: "0.0.0.0".parse().unwrap(), port: 8082 };
    lab.engine.add_foreign("wiki", &[]);
    lab.engine.add_foreign("someone", &[port]);
    let failed = lab.run(&wanted(&BEFORE)).unwrap_err();
    assert_eq!(failed.findings.codes(), ["plan::name_taken", "plan::port_taken"]);
    let messages: Vec<String> = failed.findings.iter().map(|finding| finding.problem.to_string()).collect();
    assert!(messages.iter().any(|message| message.contains("8082") && message.contains("someone")));
    assert_eq!(lab.running(), tags(&[("mail", "1", 8083)]));
    assert!(lab.engine.calls().iter().all(|call| !call.contains("wiki") && !call.contains("someone")));
}

#[test]
fn a_stopped_container_is_started_and_not_replaced() {
    let lab = Lab::new();
    lab.run(&wanted(&BEFORE)).unwrap();
    lab.engine.crash("blog");
    let before = lab.engine.calls().len();
    lab.run(&wanted(&BEFORE)).unwrap();
    assert_eq!(lab.engine.calls()[before..], ["start blog", "health blog"]);
}

#[test]
fn without_nginx_nothing_is_touched() {
    let lab = Lab::new();
    lab.proxy.set_state(ProxyState::Absent);
    let failed = lab.run(&wanted(&BEFORE)).unwrap_err();
    assert_eq!(failed.findings.codes(), ["proxy::absent"]);
    assert_eq!(lab.engine.calls(), Vec::<String>::new());
    assert_eq!(lab.text(&location("wiki")), None);
}

#[test]
fn a_file_that_was_changed_by_hand_is_written_again_alone() {
    let lab = Lab::new();
    lab.run(&wanted(&BEFORE)).unwrap();
    let path = lab.folder.path().join("etc/nginx/conteneur.d/wiki.conf");
    std::io::Write::write_all(&mut std::fs::File::create(path).unwrap(), b"mine").unwrap();
    let summary = lab.run(&wanted(&BEFORE)).unwrap();
    assert_eq!((summary.files, lab.running()), (1, tags(&BEFORE)));
    assert_eq!(lab.text(&location("wiki")).unwrap(), "proxy_pass 8081");
}

/// Keeps all events as JSON.
#[derive(Default)]
struct Kept(Mutex<String>);

impl Sink for Kept {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push_str(&serde_json::to_string(event).unwrap());
    }
}

#[test]
fn no_event_and_no_plan_tells_a_secret() {
    let lab = Lab::new();
    let kept = Kept::default();
    let plan = lab.plan(&wanted(&BEFORE));
    lab.run_telling(&wanted(&BEFORE), &kept).unwrap();
    let text = kept.0.into_inner().unwrap() + &format!("{plan} {plan:?}");
    assert!(text.contains("wiki") && !text.contains("hunter2"));
}

fn some_containers() -> impl Strategy<Value = Vec<Brief<'static>>> {
    let one = |name: &'static str| {
        let ports = prop_oneof![Just(8081u16), Just(8082), Just(8083), Just(8084)];
        (any::<bool>(), prop_oneof![Just("1"), Just("2"), Just("bad")], ports)
            .prop_map(move |(is_there, tag, port)| is_there.then_some((name, tag, port)))
    };
    (one("wiki"), one("blog"), one("mail")).prop_map(|(wiki, blog, mail)| {
        let mut all: Vec<Brief> = Vec::new();
        for brief in [wiki, blog, mail].into_iter().flatten() {
            // A configuration with one port twice does not come this far.
            if all.iter().all(|known| known.2 != brief.2) {
                all.push(brief);
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn after_any_failure_old_or_new_serves_and_the_next_run_converges(
        before in some_containers(),
        after in some_containers(),
        failing in 0usize..40,
    ) {
        let lab = Lab::new();
        lab.run(&wanted(&before)).unwrap();
        lab.engine.fail_at([failing]);
        let _ = lab.run(&wanted(&after));
        for (name, old, _) in &before {
            let Some((_, new, _)) = after.iter().find(|(other, ..)| other == name) else { continue };
            let lives: Vec<String> = lab
                .running()
                .into_iter()
                .filter(|(life, _)| life.starts_with(name))
                .map(|(_, tag)| tag)
                .collect();
            prop_assert!(lives.iter().any(|tag| tag == old || tag == new), "{name}: {:?}", lab.engine.calls());
        }
        lab.engine.fail_at([]);
        prop_assert!(lab.run(&wanted(&after)).is_ok(), "{:?}", lab.engine.calls());
        prop_assert!(lab.plan(&wanted(&after)).is_empty());
        prop_assert_eq!(lab.running(), tags(&after));
        prop_assert_eq!(lab.engine.containers().len(), after.len());
        prop_assert!(lab.litter().is_empty());
    }
}
