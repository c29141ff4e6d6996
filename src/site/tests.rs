//! Inheriting and promoting, on the dictionaries that we ship.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::inherit::plain;
use super::*;
use crate::compile::{Compiled, compile};
use crate::config_eol::{self, Saved, SavedItem, SavedValue};
use crate::diagnostic::Findings;
use crate::dictionary::{self, Dictionary, Place};
use crate::function::Functions;
use crate::source::{Memory, Sources};

thread_local! {
    static DICTIONARIES: Vec<Dictionary> = dictionaries();
}

fn dictionaries() -> Vec<Dictionary> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let places = [Place::FolderOrBuiltIn("/usr/share/galerne/dicos".into())];
    let dictionaries = dictionary::load(&places, &Memory::default(), &mut sources, &mut findings);
    assert_eq!(findings.codes(), [""; 0]);
    dictionaries
}

fn saved(config: &Json) -> Saved {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let config = config.to_string();
    let file = sources.add("config.eol", config.as_str());
    config_eol::parse(&config, file, &mut findings).expect("it parses")
}

fn compiled(saved: &Saved) -> Compiled {
    DICTIONARIES.with(|all| compile(all, saved, &Functions::default())).expect("it links")
}

fn preprod() -> SiteName {
    "preprod".parse().unwrap()
}

/// A server with a wiki, a folder and a variable of its environment.
fn production() -> Saved {
    saved(&json!({
        "nombre_conteneur": {"owner": "me", "val": 1},
        "conteneur1_name": {"owner": "me", "val": "wiki"},
        "conteneur1_url": {"owner": "me", "val": "school/wiki"},
        "conteneur1_tag": {"owner": "me", "val": "1"},
        "conteneur1_port_in": {"owner": "me", "val": ["80"]},
        "conteneur1_port_out": {"owner": {"0": "me"}, "val": {"0": "8081"}},
        "conteneur1_mountpoint_in": {"owner": "me", "val": ["/data"]},
        "conteneur1_mountpoint_out": {"owner": {"0": "me"}, "val": {"0": "/srv/wiki"}},
        "conteneur1_environnement_nom": {"owner": "me", "val": ["MODE"]},
        "conteneur1_environnement_valeur": {"owner": {"0": "me"}, "val": {"0": "live"}},
    }))
}

/// A site under test.
struct Case {
    production: Saved,
    own: Saved,
    base: Saved,
    site: SiteName,
}

impl Case {
    fn new() -> Self {
        Self { production: production(), own: Saved::empty(), base: Saved::empty(), site: preprod() }
    }

    fn mark(&self) -> Mark<'_> {
        Mark { site: &self.site, number: 1 }
    }

    fn heritage(&self) -> Heritage {
        Heritage::of(&self.production, &compiled(&self.production).snapshot, self.mark()).unwrap()
    }

    fn units(&self) -> Units {
        let naive = self.heritage().with(&self.own, &Units::default()).unwrap();
        Units::of(&[&compiled(&self.production).snapshot, &compiled(&naive).snapshot])
    }

    fn values(&self) -> Saved {
        self.heritage().with(&self.own, &self.units()).unwrap()
    }

    /// Makes the site's values what `change` makes of them.
    fn change(&mut self, change: impl FnOnce(&mut Saved)) {
        let mut after = self.values();
        change(&mut after);
        let naive = compiled(&after);
        let units = Units::of(&[&compiled(&self.production).snapshot, &naive.snapshot]);
        let next = own_of(&self.own, &self.heritage(), &after, &units).unwrap();
        self.base = base_of(&self.base, &self.own, &next, &self.production, &units).unwrap();
        self.own = next;
    }

    fn promotion(&self, chosen: &dyn Fn(&str) -> bool) -> Promotion {
        let snapshot = compiled(&self.production).snapshot;
        let here = compiled(&self.values()).snapshot;
        let sides =
            Sides { production: &self.production, snapshot: &snapshot, own: &self.own, base: &self.base };
        promotion(sides, &self.units(), &Keys::of(&[&snapshot, &here]), self.mark(), chosen)
    }

    fn promote(&mut self) -> Promotion {
        let promotion = self.promotion(&|_| true);
        let (production, own) =
            (promotion.production(&self.production).unwrap(), promotion.own(&self.own, &self.units()));
        self.base = base_of(&self.base, &self.own, &own, &production, &self.units()).unwrap();
        (self.production, self.own) = (production, own);
        promotion
    }
}

fn one(value: impl Into<Json>) -> SavedValue {
    SavedValue::single(value, "me")
}

fn slave(value: impl Into<Json>) -> SavedValue {
    SavedValue::Slave(BTreeMap::from([(0, SavedItem::new(value, "me"))]))
}

fn vals(saved: &Saved) -> BTreeMap<String, Json> {
    saved.iter().filter_map(|(name, value)| Some((name.to_owned(), plain(Some(value))?))).collect()
}

#[test]
fn a_new_site_is_production_but_for_what_is_kept_apart() {
    let case = Case::new();
    let (production, site) = (vals(&case.production), vals(&case.values()));
    let changed: Vec<&String> = site.keys().filter(|name| site.get(*name) != production.get(*name)).collect();
    assert_eq!(changed, ["conteneur1_mountpoint_out", "conteneur1_name", "conteneur1_port_out"]);
    assert_eq!(site["conteneur1_name"], "wiki-preprod");
    assert_eq!(site["conteneur1_port_out"], json!({"0": "18081"}));
    assert_eq!(site["conteneur1_mountpoint_out"], json!({"0": "/srv/wiki-preprod"}));
    let site = compiled(&case.values());
    assert_eq!(site.wrong.codes(), [""; 0]);
    assert_eq!(site.containers[0].name.as_str(), "wiki-preprod");
    assert!(case.promotion(&|_| true).is_empty());
}

#[test]
fn a_site_follows_production_but_for_its_own() {
    let mut case = Case::new();
    case.change(|values| values.set("conteneur1_tag", one("2")).unwrap());
    assert_eq!(case.own.names().collect::<Vec<_>>(), ["conteneur1_tag"]);
    case.production.set("conteneur1_tag", one("1.1")).unwrap();
    case.production.set("conteneur1_url", one("school/wiki2")).unwrap();
    let site = vals(&case.values());
    assert_eq!((&site["conteneur1_tag"], &site["conteneur1_url"]), (&json!("2"), &json!("school/wiki2")));
    assert_eq!(case.promotion(&|_| true).conflicts, ["conteneur1_tag"]);
    let other = |name: &str| name == "conteneur1_url";
    assert!(case.promotion(&other).is_empty());
}

#[test]
fn what_belongs_together_is_of_one_of_the_two() {
    let mut case = Case::new();
    case.change(|values| values.set("conteneur1_environnement_valeur", slave("test")).unwrap());
    let own: Vec<&str> = case.own.names().collect();
    assert_eq!(own, ["conteneur1_environnement_nom", "conteneur1_environnement_valeur"]);
    let more = SavedValue::multi(["FIRST", "MODE"], "me");
    case.production.set("conteneur1_environnement_nom", more).unwrap();
    assert_eq!(vals(&case.values())["conteneur1_environnement_nom"], json!(["MODE"]));
    assert_eq!(case.promotion(&|_| true).conflicts, ["conteneur1_environnement_nom"]);
}

#[test]
fn what_is_kept_apart_is_never_promoted() {
    let mut case = Case::new();
    case.change(|values| {
        values.set("conteneur1_port_out", slave("9999")).unwrap();
        values.set("conteneur1_name", one("test-preprod")).unwrap();
        values.set("conteneur1_tag", one("2")).unwrap();
    });
    let before = vals(&case.values());
    let promotion = case.promote();
    let names: Vec<&str> = promotion.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, ["conteneur1_tag"]);
    assert_eq!(vals(&case.production)["conteneur1_port_out"], json!({"0": "8081"}));
    assert_eq!(vals(&case.values()), before);
}

#[test]
fn a_new_application_is_promoted_under_the_name_that_production_gives_it() {
    let mut case = Case::new();
    case.change(|values| {
        values.set("nombre_conteneur", one(2)).unwrap();
        values.set("conteneur2_name", one("shop-preprod")).unwrap();
        values.set("conteneur2_url", one("school/shop")).unwrap();
        values.set("conteneur2_port_in", SavedValue::multi(["80"], "me")).unwrap();
        values.set("conteneur2_port_out", slave("8082")).unwrap();
    });
    assert_eq!(case.promotion(&|_| true).needed, ["conteneur2_port_out"]);
    case.change(|values| values.set("conteneur2_port_out", slave("18082")).unwrap());
    let before = vals(&case.values());
    assert!(case.promote().needed.is_empty());
    let production = compiled(&case.production);
    assert_eq!(production.containers[1].name.as_str(), "shop");
    assert_eq!(production.containers[1].ports[0].host, 8_082);
    assert_eq!(vals(&case.values()), before);
}

#[test]
fn sites_never_share_names_ports_and_folders() {
    let case = Case::new();
    let scope = Scope::new(Some(preprod()), vec![preprod()]);
    let neighbours = |saved: &Saved| [Neighbour { site: None, containers: compiled(saved).containers }];
    let real = |path: &std::path::Path| path.to_owned();
    let found = |values: &Saved| {
        clashes(&scope, &compiled(values).containers, &neighbours(&case.production), &real).codes()
    };
    assert_eq!(found(&case.values()), [""; 0]);
    let mut values = case.values();
    values.set("conteneur1_name", one("wiki2")).unwrap();
    values.set("conteneur1_port_out", slave("8081")).unwrap();
    values.set("conteneur1_mountpoint_out", slave("/srv/wiki/below")).unwrap();
    assert_eq!(found(&values), ["site::not_marked", "site::port_taken", "site::folder_shared"]);
    let production = Scope::new(None, vec![preprod()]);
    let theirs = compiled(&case.values()).containers;
    assert_eq!(clashes(&production, &theirs, &[], &real).codes(), ["site::marked"]);
}

#[test]
fn a_volume_of_a_swarm_and_a_snap_are_one_sites() {
    let of = |name: &str, kind: &str, volume: &str| {
        compiled(&saved(&json!({
            "nombre_conteneur": {"owner": "me", "val": 1},
            "conteneur1_name": {"owner": "me", "val": name},
            "conteneur1_type": {"owner": "me", "val": kind},
            "conteneur1_url": {"owner": "me", "val": "wiki"},
            "conteneur1_volume_nom": {"owner": "me", "val": [volume]},
            "conteneur1_volume_cible": {"owner": {"0": "me"}, "val": {"0": "/data"}},
        })))
        .containers
    };
    let scope = Scope::new(Some(preprod()), vec![preprod()]);
    let real = |path: &std::path::Path| path.to_owned();
    for (kind, volume, expected) in [
        ("swarm", "data", vec!["site::volume_shared"]),
        ("swarm", "data-preprod", vec![]),
        ("snap", "data", vec!["site::one_snap"]),
    ] {
        let neighbours = [Neighbour { site: None, containers: of("wiki", kind, "data") }];
        assert_eq!(neighbours[0].containers.len(), 1, "{kind}");
        assert_eq!(clashes(&scope, &of("wiki-preprod", kind, volume), &neighbours, &real).codes(), expected);
    }
}

/// A change that somebody may make in a site.
fn edits() -> impl Strategy<Value = Vec<(&'static str, SavedValue)>> {
    let word = "[a-z]{1,5}";
    let edit = prop_oneof![
        word.prop_map(|tag| ("conteneur1_tag", one(tag))),
        word.prop_map(|url| ("conteneur1_url", one(url))),
        word.prop_map(|name| ("conteneur1_name", one(name + "-preprod"))),
        (9_000u16..9_900).prop_map(|port| ("conteneur1_port_out", slave(port.to_string()))),
        word.prop_map(|text| ("conteneur1_environnement_valeur", slave(text))),
        word.prop_map(|text| (
            "conteneur1_environnement_nom",
            SavedValue::multi([text.to_uppercase()], "me")
        )),
        word.prop_map(|text| ("conteneur1_libelle", one(text))),
        (1u16..90).prop_map(|seconds| ("conteneur1_delai_max", one(seconds))),
    ];
    prop::collection::vec(edit, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_site_has_what_was_given_to_it(edits in edits()) {
        let mut case = Case::new();
        let mut wanted = case.values();
        for (name, value) in &edits {
            wanted.set(name, value.clone()).unwrap();
        }
        case.change(|values| *values = wanted.clone());
        prop_assert_eq!(vals(&case.values()), vals(&wanted));
        let again = own_of(&case.own, &case.heritage(), &case.values(), &case.units()).unwrap();
        prop_assert_eq!(again.to_text(), case.own.to_text(), "nothing changes when nothing is changed");
    }

    #[test]
    fn promoted_twice_is_promoted_once_and_the_site_stays_as_it_is(edits in edits()) {
        let mut case = Case::new();
        for (name, value) in edits {
            case.change(|values| values.set(name, value).unwrap());
        }
        let (before, production) = (vals(&case.values()), vals(&case.production));
        let promoted = case.promote();
        prop_assert!(promoted.conflicts.is_empty() && promoted.needed.is_empty());
        prop_assert_eq!(promoted.is_empty(), vals(&case.production) == production);
        prop_assert_eq!(vals(&case.values()), before);
        let again = case.promotion(&|_| true);
        prop_assert!(again.is_empty(), "{:?}", again);
    }
}
