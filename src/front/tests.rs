use serde_json::{Value as Json, json};

use super::*;
use crate::diagnostic::Findings;
use crate::template::sample;

fn front(variables: &Json) -> Front {
    Front::of(&sample::snapshot(variables))
}

/// How much is wrong, and how much is missing, where an application `wiki` is served.
fn found(variables: &Json) -> (usize, usize) {
    let (mut wrong, mut missing) = <(Findings, Findings)>::default();
    Front::check(&sample::snapshot(variables), ["wiki"].into_iter(), &mut wrong, &mut missing);
    (wrong.errors(), missing.errors())
}

#[test]
fn without_variables_it_is_http_with_a_page() {
    let front = front(&json!({}));
    assert_eq!((front.http, &front.https, front.names.len()), (Some(80), &None, 0));
    assert_eq!(front.home, Home::Page { title: "Applications".to_owned() });
    assert_eq!(front.maintenance.map(|page| page.retry_after), Some(30));
    assert!(front.default_server && front.ipv6);
    assert_eq!(found(&json!({})), (0, 0));
}

#[test]
fn each_protocol_has_its_ports() {
    let ports = |protocol: &str| front(&json!({"conteneur_protocole": protocol})).ports().collect::<Vec<_>>();
    let (http, https) = (("conteneur_port_http", 80), ("conteneur_port_https", 443));
    assert_eq!(ports("http"), [http]);
    assert_eq!(ports("https"), [https]);
    assert_eq!(ports("redirection"), [http, https]);
}

#[test]
fn a_certificate_is_for_the_names_or_for_this_machine() {
    let names = |names: Json| {
        let front = front(&json!({"conteneur_protocole": "https", "conteneur_nom_serveur": names}));
        match front.https.map(|https| https.certificate) {
            Some(Certificate::SelfSigned { names }) => names,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(names(json!(["www.example.org", ""])), ["www.example.org"]);
    assert_eq!(names(json!([])), ["localhost", "127.0.0.1", "::1"]);
}

#[test]
fn hsts_is_not_sent_with_a_certificate_that_nobody_vouches_for() {
    let hsts = |more: Json| {
        let mut all = json!({"conteneur_protocole": "https", "conteneur_hsts": 600});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        front(&all).https.unwrap().hsts
    };
    assert_eq!(hsts(json!({})), 0);
    assert_eq!(hsts(json!({"conteneur_hsts_autosigne": "oui"})), 600);
    let own = json!({
        "conteneur_certificat": "manuel",
        "conteneur_certificat_fichier": "/etc/ssl/a.pem",
        "conteneur_certificat_cle": "/etc/ssl/a.key",
    });
    assert_eq!(hsts(own), 600);
}

#[test]
fn what_is_wrong_is_told_and_what_may_come_next_is_missing() {
    let manual = |file: &str| {
        json!({
            "conteneur_protocole": "https",
            "conteneur_certificat": "manuel",
            "conteneur_certificat_fichier": file,
            "conteneur_certificat_cle": "/etc/ssl/a.key",
        })
    };
    for (variables, expected) in [
        (json!({"conteneur_protocole": "gopher"}), (1, 0)),
        (json!({"conteneur_port_http": 0}), (1, 0)),
        (json!({"conteneur_protocole": "redirection", "conteneur_redirection_code": 302}), (1, 0)),
        (json!({"conteneur_protocole": "https", "conteneur_hsts": -1}), (1, 0)),
        (json!({"conteneur_maintenance_delai": 86_401}), (1, 0)),
        (json!({"conteneur_maintenance": "non", "conteneur_maintenance_delai": 0}), (0, 0)),
        (json!({"conteneur_accueil_application": "wiki"}), (0, 0)),
        (json!({"conteneur_accueil_application": "blog"}), (0, 1)),
        (manual("/etc/ssl/a.pem"), (0, 0)),
        (manual("a.pem"), (1, 0)),
        (manual("/etc/../a.pem"), (1, 0)),
        (manual("/etc/a\n.pem"), (1, 0)),
        (manual(""), (0, 1)),
    ] {
        assert_eq!(found(&variables), expected, "{variables}");
    }
}
