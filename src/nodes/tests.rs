use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::diagnostic::Findings;
use crate::template::sample;

fn nodes(variables: &Json) -> Nodes {
    Nodes::of(&sample::snapshot(variables))
}

/// The messages of what is wrong.
fn wrong(variables: &Json) -> Vec<String> {
    let (mut wrong, mut missing) = <(Findings, Findings)>::default();
    Nodes::check(&sample::snapshot(variables), &mut wrong, &mut missing);
    wrong.append(missing);
    wrong.iter().map(|finding| finding.problem.to_string()).collect()
}

fn three() -> Json {
    json!({
        "cluster_noeud_nom": ["srv1", "srv2", "srv3"],
        "cluster_noeud_adresse": ["192.0.2.1", "2001:db8::2", "srv3.example.org"],
        "cluster_noeud_role": ["manager", "", "worker"],
        "cluster_noeud_etiquettes": ["", "ssd=true  region=north", null],
        "cluster_noeud_disponibilite": ["active", "drain", "pause"],
    })
}

#[test]
fn each_item_is_a_node() {
    let nodes = nodes(&three()).all;
    assert_eq!(wrong(&three()), [""; 0]);
    let said: Vec<String> = nodes
        .iter()
        .map(|node| {
            let address = node.address.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {address} {} {} {}", node.name, node.role, node.availability, node.labels)
        })
        .collect();
    assert_eq!(
        said,
        [
            "srv1 192.0.2.1 manager active ",
            "srv2 2001:db8::2 worker drain region=north ssd=true",
            "srv3 srv3.example.org worker pause ",
        ]
    );
}

#[test]
fn without_variables_there_is_no_node_and_nothing_is_wrong() {
    assert_eq!(nodes(&json!({})), Nodes::default());
    assert_eq!(wrong(&json!({})), [""; 0]);
}

/// The codes of what is wrong.
fn codes(variables: &Json) -> Vec<String> {
    let (mut wrong, mut missing) = <(Findings, Findings)>::default();
    Nodes::check(&sample::snapshot(variables), &mut wrong, &mut missing);
    wrong.append(missing);
    wrong.iter().filter_map(|finding| Some(finding.problem.code()?.to_string())).collect()
}

#[test]
fn a_node_twice_and_a_cluster_without_a_manager_are_refused() {
    let twice = json!({"cluster_noeud_nom": ["a", "a"], "cluster_noeud_role": ["manager", "worker"]});
    assert_eq!(wrong(&twice), ["`cluster_noeud_nom` has the node `a` twice"]);
    assert_eq!(codes(&twice), ["nodes::duplicate"]);
    let none = json!({"cluster_noeud_nom": ["a"], "cluster_noeud_role": ["worker"]});
    assert_eq!(codes(&none), ["nodes::no_manager"]);
    assert_eq!(wrong(&none), ["none of the nodes in `cluster_noeud_role` manages the cluster"]);
}

/// What would break out of what it lands in.
const HOSTILE: [&str; 10] = [
    "a b",
    "a\nb: c",
    "{{ lookup('pipe', 'id') }}",
    "$(id)",
    "`id`",
    "#{`id`}",
    "a' b",
    "a\" b",
    "-oProxyCommand=id",
    "a;id",
];

#[test]
fn what_could_break_out_is_refused_wherever_it_stands() {
    for text in HOSTILE {
        for variable in ["nom", "adresse", "role", "etiquettes", "disponibilite"] {
            if variable == "etiquettes" && text.split_whitespace().all(|word| word.contains('=')) {
                continue;
            }
            let mut variables = three();
            variables[format!("cluster_noeud_{variable}")][1] = text.into();
            assert_eq!(wrong(&variables).len(), 1, "{variable} {text}");
        }
        for variable in
            ["ssh_utilisateur", "ssh_cles", "paquet", "paquet_sha256", "boite", "ssh_port", "memoire"]
        {
            let mut variables = three();
            variables[format!("cluster_{variable}")] = text.into();
            assert_eq!(wrong(&variables).len(), 1, "{variable} {text}");
        }
    }
    for label in ["ssd={{x}}", "ssd=a'b", "ssd=", "=true", "ssd", "a=1 a=2", "org.galerne.labels=x"] {
        let mut variables = three();
        variables["cluster_noeud_etiquettes"][0] = label.into();
        assert_eq!(wrong(&variables).len(), 1, "{label}");
    }
}

#[test]
fn a_package_comes_from_a_file_an_address_or_the_repository() {
    let sum = "a".repeat(64);
    let package = |place: &str, sum: &str| {
        let mut variables = three();
        variables["cluster_paquet"] = place.into();
        variables["cluster_paquet_sha256"] = sum.into();
        (nodes(&variables).making.package, wrong(&variables).len())
    };
    let url = |url: &str, sum: Option<&str>| Package::Url { url: url.into(), sha256: sum.map(str::to_owned) };
    assert_eq!(package("", ""), (Package::Repository, 0));
    assert_eq!(
        package("/srv/galerne_1_amd64.deb", ""),
        (Package::File("/srv/galerne_1_amd64.deb".into()), 0)
    );
    assert_eq!(package("https://example.org/g.deb", ""), (url("https://example.org/g.deb", None), 0));
    let with_sum = package("http://example.org/g.deb", &sum);
    assert_eq!(with_sum, (url("http://example.org/g.deb", Some(&sum)), 0));
    for (place, sum) in [
        ("http://example.org/g.deb", ""),
        ("galerne.deb", ""),
        ("/srv/../galerne.deb", ""),
        ("/srv/galerne", ""),
        ("/srv/galerne.deb", "abc"),
    ] {
        assert_eq!(package(place, sum).1, 1, "{place}");
    }
}

#[test]
fn labels_are_changed_and_said_as_they_are_read() {
    let labels = Labels::read("ssd=true region=north").unwrap();
    let changed = labels.changed(&Labels::read("region=south zone=1").unwrap(), &["ssd".to_owned()]);
    assert_eq!(changed.to_string(), "region=south zone=1");
    let (set, gone) = labels_between(labels.all(), changed.all());
    assert_eq!(set.into_iter().collect::<Vec<_>>(), [("region", "south"), ("zone", "1")]);
    assert_eq!(gone, ["ssd"]);
}

proptest! {
    #[test]
    fn labels_read_again_are_the_same(text in "[a-z0-9=./:_ -]{0,40}") {
        if let Ok(labels) = Labels::read(&text) {
            prop_assert_eq!(Labels::read(&labels.to_string()), Ok(labels));
        }
    }

    #[test]
    fn a_name_has_no_letter_that_means_something_elsewhere(text in ".{0,20}") {
        if let Ok(name) = NodeName::try_from(text) {
            prop_assert!(name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)));
        }
    }
}
