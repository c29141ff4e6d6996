use serde_json::{Value as Json, json};

use super::*;
use crate::template::sample::snapshot;

/// EOLE's nine variables of a container that is right.
fn nine(key: &str, name: &str, port: &str) -> Json {
    let full = |suffix: &str| format!("conteneur{key}_{suffix}");
    json!({
        full("name"): name, full("type"): "docker", full("url"): "library/nginx", full("tag"): "1.27",
        full("repository"): null, full("mountpoint_in"): ["/data"], full("mountpoint_out"): ["/srv/data"],
        full("port_in"): ["80"], full("port_out"): [port],
    })
}

fn with(mut base: Json, more: &Json) -> Json {
    let members = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(members);
    base
}

fn read_fleet(json: &Json) -> (Vec<Container>, Vec<String>) {
    let Fleet { containers, wrong, missing } = fleet(&snapshot(json));
    (containers, [wrong.codes(), missing.codes()].concat())
}

#[test]
fn numbers_and_words_make_containers_with_our_defaults() {
    let base = with(nine("1", "wiki", "8080"), &nine("mon_site", "site", "8081"));
    let more = json!({"conteneur_nom_serveur": [], "conteneur2_name": null, "conteneur2_url": null,
                      "conteneur1_long_name": "not a container"});
    let (containers, codes) = read_fleet(&with(base, &more));
    assert_eq!(codes, [""; 0]);
    let keys: Vec<&str> = containers.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["1", "mon_site"]);
    let wiki = &containers[0];
    assert_eq!(wiki.upstream().unwrap().to_string(), "127.0.0.1:8080");
    assert_eq!(wiki.mounts[0].host.to_str(), Some("/srv/data"));
    assert_eq!(wiki.mounts[0].container.to_str(), Some("/data"));
    assert_eq!(wiki.variable("taille_max"), Some(&crate::value::Value::Number(64)));
    assert_eq!(wiki.health, HealthCheck::default());
}

#[test]
fn a_disabled_name_is_no_container() {
    let off = json!({"conteneur1_name": {"value": "wiki", "disabled": true}});
    assert_eq!(read_fleet(&with(nine("1", "wiki", "8080"), &off)), (vec![], vec![]));
}

#[test]
fn each_wrong_value_has_its_finding() {
    for (variable, value, code) in [
        ("name", json!("a/b"), "bad_name"),
        ("name", json!("..;"), "bad_name"),
        ("type", json!("dokcer"), "unknown_technology"),
        ("type", json!("docker+git"), "no_repository"),
        ("type", json!("lxd"), "undriven_technology"),
        ("url", json!("Nginx"), "bad_image"),
        ("url", json!("nginx\"}"), "bad_image"),
        ("url", json!(null), "no_image"),
        ("tag", json!("1;2"), "bad_image"),
        ("repository", json!("r.example.org\nx"), "bad_image"),
        ("port_in", json!(["0"]), "bad_value"),
        ("port_out", json!(["65536"]), "bad_value"),
        ("port_out", json!([null]), "missing_side"),
        ("port_in", json!(["80", "81"]), "missing_side"),
        ("mountpoint_out", json!([""]), "missing_side"),
        ("mountpoint_in", json!(["data"]), "bad_value"),
        ("mountpoint_in", json!(["/"]), "bad_value"),
        ("mountpoint_out", json!(["/srv/../etc"]), "bad_value"),
        ("port_out", json!([80]), "duplicate_port"),
        ("adresse", json!("nowhere"), "bad_value"),
        ("delai_max", json!(0), "bad_value"),
        ("processeurs", json!("1e3"), "bad_value"),
        ("sante_chemin", json!("x y"), "bad_value"),
    ] {
        let wrong = json!({format!("conteneur1_{variable}"): value});
        let (_, codes) = read_fleet(&with(nine("1", "wiki", "8080"), &wrong));
        assert_eq!(codes, [format!("run_spec::{code}")], "{variable} {value}");
    }
}

#[test]
fn a_snap_is_of_the_store_or_a_file_and_runs_its_own_services() {
    let of = |url: &str, tag: &str, command: &[&str]| {
        let more = json!({"conteneur1_type": "snap", "conteneur1_url": url, "conteneur1_tag": tag,
                          "conteneur1_commande": command});
        read_fleet(&with(nine("1", "wiki", "8080"), &more)).1
    };
    let digest = format!("sha256:{}", "a".repeat(64));
    assert_eq!(of("nextcloud", "latest/stable", &[]), [""; 0]);
    assert_eq!(of("/srv/a.snap", &digest, &[]), [""; 0]);
    for (url, tag) in
        [("nextcloud", digest.as_str()), ("nextcloud", "a/b"), ("Nextcloud", "1"), ("/srv/a.snap", "a/b")]
    {
        assert_eq!(of(url, tag, &[]), ["run_spec::bad_image"], "{url} {tag}");
    }
    assert_eq!(of("nextcloud", "latest", &["/bin/sh"]), ["run_spec::bad_value"]);
}

#[test]
fn a_tag_that_is_empty_is_latest_and_a_registry_is_taken_bare() {
    let more = json!({"conteneur1_tag": "", "conteneur1_repository": "https://r.example.org:5000/",
                      "conteneur1_memoire": 64, "conteneur1_processeurs": 1.5});
    let (containers, codes) = read_fleet(&with(nine("1", "wiki", "8080"), &more));
    assert_eq!(codes, [""; 0]);
    assert_eq!(containers[0].image.tag, "latest");
    assert_eq!(containers[0].image.address(), "r.example.org:5000/library/nginx");
    assert_eq!(containers[0].limits.memory, Some(64 * 1024 * 1024));
    assert_eq!(containers[0].limits.milli_cpus, Some(1500));
}

#[test]
fn two_containers_share_neither_name_nor_port() {
    let (_, codes) = read_fleet(&with(nine("1", "wiki", "8080"), &nine("2", "wiki", "8081")));
    assert_eq!(codes, ["run_spec::duplicate_name"]);
    let two = with(nine("1", "wiki", "8080"), &nine("2", "blog", "8080"));
    assert_eq!(read_fleet(&two).1, ["run_spec::duplicate_port"]);
    let apart = json!({"conteneur2_adresse": "127.0.0.2"});
    assert_eq!(read_fleet(&with(two.clone(), &apart)).1, [""; 0]);
    let any = json!({"conteneur2_adresse": "0.0.0.0"});
    assert_eq!(read_fleet(&with(two, &any)).1, ["run_spec::duplicate_port"]);
}

#[test]
fn a_machine_of_vagrant_is_made_from_what_its_provider_takes() {
    for (more, code) in [
        (json!({"url": "library/nginx"}), None),
        (json!({"url": "/srv/wiki.box"}), Some("bad_image")),
        (json!({"fournisseur": "libvirt", "url": "/srv/wiki.box"}), None),
        (json!({"fournisseur": "libvirt", "url": "debian/bookworm64"}), None),
        (json!({"fournisseur": "virtualbox", "url": "wiki"}), Some("bad_image")),
        (json!({"fournisseur": "vmware"}), Some("bad_value")),
        (json!({"commande": ["/bin/sh"]}), None),
        (json!({"fournisseur": "libvirt", "commande": ["/bin/sh"]}), Some("bad_value")),
    ] {
        let members = more.as_object().unwrap().iter();
        let full: serde_json::Map<String, Json> =
            members.map(|(suffix, value)| (format!("conteneur1_{suffix}"), value.clone())).collect();
        let base = with(nine("1", "wiki", "8080"), &json!({"conteneur1_type": "vagrant"}));
        let (containers, codes) = read_fleet(&with(base, &Json::Object(full)));
        let expected: Vec<String> = code.iter().map(|code| format!("run_spec::{code}")).collect();
        assert_eq!(codes, expected, "{more}");
        assert_eq!(containers.len(), usize::from(code.is_none()));
    }
    let of = |source: Json| with(spec(), &json!({"engine": "vagrant", "source": source})).to_string();
    let fits = json!({"image": "a/b", "tag": "1", "provider": "libvirt"});
    assert!(read(&of(fits.clone()), "t", &container()).is_ok());
    for more in [json!({"provider": null}), json!({"provider": "vmware"}), json!({"image": "wiki"})] {
        assert!(read(&of(with(fits.clone(), &more)), "t", &container()).is_err(), "{more}");
    }
    let elsewhere = with(spec(), &json!({"source": fits})).to_string();
    assert!(read(&elsewhere, "t", &container()).is_err(), "only Vagrant has a provider");
}

fn container() -> Container {
    read_fleet(&nine("1", "wiki", "8080")).0.remove(0)
}

fn spec() -> Json {
    json!({"name": "wiki", "engine": "docker", "source": {"image": "a/b", "tag": "1"},
           "ports": [{"address": "127.0.0.1", "host": 8080, "container": 80}]})
}

#[test]
fn a_run_spec_is_read_strictly() {
    assert!(read(&spec().to_string(), "t", &container()).is_ok());
    for more in [
        json!({"privileged": true}),
        json!({"name": "other"}),
        json!({"engine": "lxd"}),
        json!({"source": {"image": "a b", "tag": "1"}}),
        json!({"mounts": [{"host": "/a/../b", "container": "/c"}]}),
        json!({"mounts": [{"host": "/a", "container": "c"}]}),
        json!({"mounts": [{"host": "/a", "container": "/c"}, {"host": "/b", "container": "/c"}]}),
        json!({"ports": [{"address": "127.0.0.1", "host": 0, "container": 80}]}),
        json!({"ports": [{"address": "127.0.0.1", "host": 9999, "container": 80}]}),
        json!({"environment": {"A=B": "x"}}),
        json!({"environment": {"A": "x\0"}}),
        json!({"health": {"path": "x", "within_seconds": 1}}),
        json!({"limits": {"memory": 0}}),
        json!({"engine": "snap", "source": {"image": "a/b", "tag": "1"}}),
        json!({"engine": "snap", "source": {"image": "wiki", "tag": "1"}, "command": ["a"]}),
        json!({"engine": "snapcraft", "source": {"image": "wiki", "tag": "1"}}),
    ] {
        let text = with(spec(), &more).to_string();
        assert!(read(&text, "t", &container()).is_err(), "{more}");
    }
    let twice =
        spec().to_string().replace("\"engine\"", "\"environment\":{\"A\":\"1\",\"A\":\"2\"},\"engine\"");
    assert!(read(&twice, "t", &container()).is_err());
}

#[test]
fn debug_shows_no_secret() {
    let more = json!({"conteneur1_environnement_nom": ["A"],
                      "conteneur1_environnement_valeur": {"type": "password", "value": ["hunter2"]}});
    let (containers, _) = read_fleet(&with(nine("1", "wiki", "8080"), &more));
    assert_eq!(containers[0].environment().count(), 1);
    assert!(!format!("{containers:?}").contains("hunter2"));
}

#[test]
fn what_runs_on_a_cluster_is_read_and_its_mistakes_are_found() {
    let swarm =
        |more: &Json| with(with(nine("1", "wiki", "8080"), &json!({"conteneur1_type": "swarm"})), more);
    let (containers, codes) = read_fleet(&swarm(&json!({
        "conteneur1_repliques": 3,
        "conteneur1_secret_nom": ["key"],
        "conteneur1_secret_valeur": {"type": "password", "value": ["hunter2"]},
    })));
    assert_eq!(codes, [""; 0]);
    let cluster = containers[0].cluster.as_ref().unwrap();
    assert_eq!(cluster.mode, Mode::Replicated(3));
    assert_eq!(cluster.update.order, Order::StopFirst, "it mounts a folder");
    assert_eq!(cluster.secrets[0].file, "key");
    assert!(!format!("{cluster:?}").contains("hunter2"));
    for (variable, value) in [
        ("name", json!("wiki.one")),
        ("mode", json!("many")),
        ("repliques", json!(0)),
        ("contrainte", json!(["ssd"])),
        ("repartition", json!("region")),
        ("entree", json!("nulle part")),
        ("maj_ordre", json!("both")),
        ("volume_nom", json!(["a/b"])),
        ("secret_nom", json!(["a b"])),
    ] {
        let (found, codes) = read_fleet(&swarm(&json!({format!("conteneur1_{variable}"): value})));
        assert!(found.is_empty() && codes == ["run_spec::bad_value"], "{variable}: {codes:?}");
    }
    assert!(read_fleet(&nine("1", "wiki", "8080")).0[0].cluster.is_none());
}

#[test]
fn what_runs_on_kubernetes_is_read_and_its_mistakes_are_found() {
    let base = with(nine("1", "wiki", "8080"), &json!({"conteneur1_type": "kubernetes"}));
    assert_eq!(read_fleet(&base).1, [""; 0], "one copy may have a folder of its node");
    let several = with(base.clone(), &json!({"conteneur1_repliques": 2}));
    assert_eq!(read_fleet(&several).1, ["run_spec::scattered_folder"]);
    let base = with(base, &json!({"conteneur1_mountpoint_in": [], "conteneur1_mountpoint_out": []}));
    let (containers, codes) = read_fleet(&base);
    assert_eq!(codes, [""; 0]);
    assert_eq!(
        containers[0].upstream().unwrap().to_string(),
        "127.0.0.1:8080",
        "nginx hands its requests out"
    );
    let inside = read_fleet(&with(base.clone(), &json!({"conteneur1_exposition": "ingress"}))).0;
    assert_eq!(inside[0].upstream(), None, "its cluster has a door of its own");
    let kubernetes = containers[0].cluster.as_ref().and_then(|cluster| cluster.kubernetes.clone()).unwrap();
    assert_eq!((kubernetes.rights, kubernetes.body_mib), (Rights::Image, 64));
    for more in [
        json!({"name": "Wiki"}),
        json!({"name": "wiki-copies"}),
        json!({"redemarrage": "no"}),
        json!({"contrainte": ["node.id == a"]}),
        json!({"repartition": "engine.labels.region"}),
        json!({"max_par_noeud": 2}),
        json!({"reseaux": ["back-"]}),
        json!({"repliques": 3, "repliques_max": 2, "processeurs_reserves": 1}),
        json!({"repliques_max": 2}),
        json!({"repliques_max": 2, "processeurs_reserves": 1, "mode": "global"}),
        json!({"repliques_max": 2, "processeurs_reserves": 1, "charge_cible": 101}),
        json!({"volume_nom": ["Data"], "volume_cible": ["/data"]}),
        json!({"volume_nom": ["data"], "volume_cible": ["/data"], "volume_pilote": ["A B"]}),
        json!({"volume_nom": ["data"], "volume_cible": ["/data"], "volume_options": ["size=1"]}),
        json!({"volume_nom": ["data"], "volume_cible": ["/data"], "volume_taille": ["x"]}),
        json!({"volume_nom": ["data"], "volume_cible": ["/data"], "volume_partage": ["mien"]}),
        json!({"volume_nom": ["data"], "volume_cible": ["/data"], "volume_partage": ["par_copie"], "mode": "global"}),
        json!({"config_nom": ["Conf"]}),
        json!({"secret_nom": ["a_b"]}),
        json!({"secret_nom": ["a"], "secret_cible": ["/etc/a b"]}),
        json!({"espace_noms": "Web"}),
        json!({"exposition": "ingress", "espace_entree": "a.b"}),
        json!({"exposition": "ingress", "ingress_classe": "a b"}),
        json!({"exposition": "ingress", "ingress_controleur": "caddy"}),
        json!({"exposition": "ingress", "ingress_tls": "a/b"}),
        json!({"exposition": "partout"}),
        json!({"exposition": "passerelle"}),
        json!({"exposition": "passerelle", "passerelle": "a/b/c"}),
        json!({"droits": "tous"}),
        json!({"uid": 0}),
        json!({"secret_registre": "A"}),
        json!({"exposition": "ingress", "acces": ["10.0.0.0/8"]}),
        json!({"exposition": "interne", "utilisateur_nom": ["jo"], "utilisateur_mot_de_passe": ["hunter2"]}),
        json!({"exposition": "traefik", "debit": 5}),
        json!({"port_in": [], "port_out": []}),
    ] {
        let members = more.as_object().unwrap().iter();
        let more = members.map(|(name, value)| (format!("conteneur1_{name}"), value.clone())).collect();
        let (found, codes) = read_fleet(&with(base.clone(), &Json::Object(more)));
        assert!(found.is_empty() && codes == ["run_spec::bad_value"], "{codes:?}");
    }
}
