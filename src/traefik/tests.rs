use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::front::Front;
use crate::run_spec::{Container, fleet};
use crate::template::sample;

fn front(variables: &Value) -> Front {
    let mut all = json!({"proxy": "traefik"});
    all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
    Front::of(&sample::snapshot(&all))
}

fn wiki(variables: &Value) -> Container {
    let mut all = json!({
        "conteneur1_name": "wiki", "conteneur1_url": "library/wiki",
        "conteneur1_port_in": [80], "conteneur1_port_out": [8081],
    });
    all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
    let fleet = fleet(&sample::snapshot(&all));
    assert!(!fleet.wrong.has_errors(), "{:?}", fleet.wrong);
    fleet.containers.into_iter().next().unwrap()
}

fn parsed(text: &str) -> Value {
    // What Go makes of the template.
    serde_saphyr::from_str(&text.replace("{{\"{{\"}}", "{{")).unwrap()
}

#[test]
fn a_container_without_a_port_has_no_file() {
    let container = wiki(&json!({"conteneur1_port_in": [], "conteneur1_port_out": []}));
    assert!(application(&container, &front(&json!({}))).is_none());
    assert!(labels(&container, &front(&json!({}))).is_empty());
}

#[test]
fn the_place_that_says_what_was_read_changes_with_the_file_and_with_what_is_beside_it() {
    let text = |variables: &Value| application(&wiki(variables), &front(&json!({}))).unwrap().unwrap();
    let (one, other) = (text(&json!({})), text(&json!({"conteneur1_taille_max": 1})));
    assert_eq!(seen(&one).len(), 1);
    assert!(seen(&one)[0].starts_with("/.galerne/wiki/"));
    assert_ne!(seen(&one), seen(&other));
    let sealed_once = sealed(&one, &["alice:hash"]);
    assert_ne!(seen(&sealed_once), seen(&one));
    assert_ne!(seen(&sealed_once), seen(&sealed(&one, &["alice:other"])));
    assert_eq!(sealed_once.len(), one.len());
}

#[test]
fn copies_stand_in_the_file_and_make_its_version() {
    let container = wiki(&json!({"conteneur1_type": "swarm", "conteneur1_sante_chemin": "/up"}));
    let template = balance(&container, &front(&json!({}))).unwrap().unwrap();
    assert!(is_of_copies(&template));
    let copies_of = |all: &[&str]| all.iter().map(|text| text.parse().unwrap()).collect();
    let two = copies(&template, &copies_of(&["10.0.0.2:32768", "[fd00::1]:32769"]));
    let servers = &parsed(&two)["http"]["services"]["_copies-wiki"]["loadBalancer"]["servers"];
    assert_eq!(*servers, json!([{"url": "http://10.0.0.2:32768"}, {"url": "http://[fd00::1]:32769"}]));
    let none = copies(&template, &copies_of(&[]));
    assert_ne!(seen(&two), seen(&none));
    assert_eq!(copies(&two, &copies_of(&[])), none, "what was made of it is as good as the template");
    assert_eq!(copies(&none, &copies_of(&["10.0.0.2:32768", "[fd00::1]:32769"])), two);
}

#[test]
fn copies_stand_where_they_belong_whatever_the_name_is() {
    for name in ["webservers", "servers", "my_servers"] {
        let described =
            json!({"conteneur1_type": "swarm", "conteneur1_sante_chemin": "/up", "conteneur1_name": name});
        let container = wiki(&described);
        let template = balance(&container, &front(&json!({}))).unwrap().unwrap();
        let text = copies(&template, &["10.0.0.2:32768".parse().unwrap()].into());
        let parts = &parsed(&text)["http"];
        let key = format!("_copies-{name}");
        assert_eq!(
            parts["services"][&key]["loadBalancer"]["servers"],
            json!([{"url": "http://10.0.0.2:32768"}])
        );
        assert_eq!(parts["routers"][&key]["service"], json!(key));
    }
}

#[test]
fn labels_of_two_applications_have_nothing_in_common() {
    let names = |name: &str| -> BTreeSet<String> {
        let labels = labels(&wiki(&json!({"conteneur1_name": name})), &front(&json!({})));
        labels.into_keys().filter(|label| label != "traefik.enable").collect()
    };
    // The first two are one container of two sites.
    let all = ["wiki", "wiki-preprod", "wiki.strip", "wiki_strip", "wiki_-strip", "wiki-strip"];
    for (index, name) in all.iter().enumerate() {
        for other in all.iter().skip(index + 1) {
            assert!(names(name).is_disjoint(&names(other)), "{name} {other}");
        }
        assert!(names(name).iter().all(|label| label.matches('.').count() < 7), "{:?}", names(name));
    }
}

#[test]
fn labels_say_what_the_file_says() {
    let container = wiki(&json!({"conteneur1_acces": ["10.0.0.0/8", "192.0.2.7"], "conteneur1_debit": 5}));
    let labels = labels(&container, &front(&json!({"conteneur_nom_serveur": ["www.example.org"]})));
    let label = |name: &str| labels.get(&format!("traefik.http.{name}")).map(String::as_str);
    assert_eq!(label("routers.galerne-wiki.rule"), Some("Host(`www.example.org`) && PathPrefix(`/wiki/`)"));
    assert_eq!(
        label("middlewares.galerne-wiki-allow.ipallowlist.sourcerange"),
        Some("10.0.0.0/8,192.0.2.7/32")
    );
    assert_eq!(label("middlewares.galerne-wiki-strip.stripprefix.prefixes"), Some("/wiki"));
    assert_eq!(label("services.galerne-wiki.loadbalancer.server.port"), Some("80"));
}

/// What a string of Go's rules stands for, read as Go reads it.
fn unquoted(text: &str) -> Option<String> {
    if let Some(inside) = text.strip_prefix('`') {
        return inside.strip_suffix('`').filter(|inside| !inside.contains(['`', '\r'])).map(str::to_owned);
    }
    serde_json::from_str(text).ok()
}

proptest! {
    #[test]
    fn no_value_leaves_its_string_in_a_rule(text in any::<String>()) {
        prop_assert_eq!(unquoted(&rule::quoted(&text)), Some(text));
    }

    #[test]
    fn no_value_leaves_its_place_in_yaml_or_in_the_template_of_go(
        names in prop::collection::vec("[a-z`{}\"'\\\\$:#\n\r\t\u{85}\u{2028}é-]{1,12}", 0..3),
        braces in "[{}%\"` a]{0,12}",
    ) {
        let front = front(&json!({"conteneur_nom_serveur": names.clone(), "conteneur_protocole": "https"}));
        let text = shared(&front).unwrap();
        // Each opening is that of the action that stands for one.
        let opened = text.replace("{{\"{{\"}}", "");
        prop_assert!(!opened.contains("{{"));
        let value = parsed(&text);
        let expected = rule::on(&names, rule::path("/"));
        prop_assert_eq!(value["http"]["routers"]["_home"]["rule"].as_str(), Some(expected.as_str()));
        let text = untemplated(&yaml(&json!({"a": braces.clone()})).unwrap());
        let value = parsed(&text);
        prop_assert_eq!(value["a"].as_str(), Some(braces.as_str()));
    }
}
