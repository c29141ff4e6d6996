use std::io::Write;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::*;
use crate::source::{Disk, World};

/// The codes found in `text`, each with what its span underlines.
fn found(text: &str) -> Vec<(String, &str)> {
    let (saved, findings) = read(text);
    assert!(saved.is_none(), "{text}");
    let underlined = |finding: &crate::diagnostic::Finding| {
        let span = finding.at.as_ref().unwrap().span;
        (finding.code(), &text[span.start as usize..span.end as usize])
    };
    findings.iter().map(underlined).collect()
}

#[track_caller]
fn refused(text: &str, expected: &[(&str, &str)]) {
    let found = found(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(code, at)| (code.as_str(), *at)).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_form_is_read() {
    let saved = saved(SAMPLE);
    assert_eq!(saved.get("nom_machine"), Some(&SavedValue::single("eolebase", "gen_config")));
    assert_eq!(saved.get("nombre"), Some(&SavedValue::single(2, "zephir")));
    assert_eq!(saved.get("vide"), Some(&SavedValue::single(Json::Null, "user")));
    assert_eq!(saved.get("ip"), Some(&SavedValue::multi(["192.0.2.0", "192.0.2.1"], "gen_config")));
    let slave = [(0, SavedItem::new(8, "user")), (1, item("255.0.0.0", "gen_config"))];
    assert_eq!(saved.get("masque"), Some(&SavedValue::Slave(slave.into())));
    assert_eq!(saved.get("inconnue"), Some(&SavedValue::single("é", "x")));
    assert_eq!(saved.get("___version___"), None);
    assert_eq!(saved.version().as_deref(), Some("2.8.0"));
    let names: Vec<_> = saved.names().collect();
    assert_eq!(names, ["nom_machine", "nombre", "vide", "ip", "masque", "inconnue"]);
    assert_eq!(saved.to_text(), SAMPLE);
}

#[test]
fn a_span_is_where_the_value_stands() {
    let span = saved(SAMPLE).span("inconnue").unwrap();
    assert_eq!(&SAMPLE[span.start as usize..span.end as usize], "\"é\"");
}

#[test]
fn nothing_is_an_empty_configuration() {
    for text in ["", " \n\t ", "{}", " { \n} \n"] {
        let saved = saved(text);
        assert_eq!((saved.names().count(), saved.to_text().as_str()), (0, text));
    }
}

#[test]
fn what_is_no_json_is_pointed_at() {
    refused("{\n\"a\": é}", &[("config_eol::not_json", "é")]);
    refused("{\"a\": {\"val\": 1e999, \"owner\": \"x\"}}", &[("config_eol::not_json", "9")]);
    refused("{\"\\ud800\": 1}", &[("config_eol::not_json", "\"")]);
    refused("{} {}", &[("config_eol::not_json", "{")]);
    refused("[1, {}]", &[("config_eol::not_an_object", "[1, {}]")]);
    refused(" \"secret\"", &[("config_eol::not_an_object", "\"secret\"")]);
}

#[test]
fn json_too_deep_is_refused_and_unread_depth_is_kept() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let (_, findings) = read(&format!("{{\"a\": {{\"val\": {deep}, \"owner\": \"x\"}}}}"));
    assert_eq!(findings.codes(), ["config_eol::not_json"]);
    let meta = format!("{{\"___a\": {deep}}}");
    assert_eq!(saved(&meta).to_text(), meta);
}

#[test]
fn a_member_that_is_there_twice_is_refused_at_both_places() {
    let text = r#"{"a": {"val": 1, "owner": "x"}, "\u0061": {"val": 2, "owner": "x"}, "___m": 1, "___m": 2}"#;
    refused(
        text,
        &[("config_eol::duplicate_member", r#""\u0061""#), ("config_eol::duplicate_member", r#""___m""#)],
    );
    let (_, findings) = read(text);
    let first = findings.iter().next().unwrap().related[0].span;
    assert_eq!(&text[first.start as usize..first.end as usize], "\"a\"");
    refused(r#"{"a": {"val": 1, "owner": "x", "val": 2}}"#, &[("config_eol::duplicate_member", "\"val\"")]);
}

#[test]
fn members_of_no_known_form_are_refused_all_at_once() {
    let text = r#"{"a": "pw", "b": {}, "c": {"val": 1, "owner": 2}, "d": {"val": {}, "owner": "x"}, "e": {"val": [], "owner": {}}}"#;
    refused(
        text,
        &[
            ("config_eol::malformed_member", "\"pw\""),
            ("config_eol::malformed_member", "{}"),
            ("config_eol::malformed_member", "{}"),
            ("config_eol::owner_does_not_fit", "2"),
            ("config_eol::owner_does_not_fit", "\"x\""),
            ("config_eol::owner_does_not_fit", "{}"),
        ],
    );
    let (_, findings) = read(text);
    assert!(!format!("{findings:?}").contains("pw"));
}

#[test]
fn the_items_of_a_slave_need_indices_and_owners_that_fit() {
    let slave = |val: Json, owner: Json| json!({"s": {"val": val, "owner": owner}}).to_string();
    for index in ["00", "-1", "x", "", "+1", "65536", "99999999999999999999999"] {
        let text = slave(json!({index: "a"}), json!({}));
        let key = format!("\"{index}\"");
        refused(&text, &[("config_eol::bad_index", key.as_str())]);
    }
    refused(
        &slave(json!({"0": "a", "1": "b"}), json!({"0": 5, "2": "x"})),
        &[
            ("config_eol::owner_does_not_fit", "5"),
            ("config_eol::owner_does_not_fit", "\"1\""),
            ("config_eol::owner_does_not_fit", "\"2\""),
        ],
    );
}

#[test]
fn debug_shows_no_value() {
    let text = r#"{"p": {"val": "s3cret", "owner": "me"}, "q": {"val": ["s3cret"], "owner": "me"},
        "r": {"val": {"0": "s3cret"}, "owner": {"0": "me"}}}"#;
    let shown = format!("{:?}", saved(text));
    assert!(shown.contains("me") && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn a_configuration_of_a_server_is_read_and_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real/config/synthetic-2.8.0.config.eol");
    let Ok(bytes) = Disk.read(&path) else {
        return skipped(&path);
    };
    let text = String::from_utf8(bytes).unwrap();
    let mut saved = saved(&text);
    assert_eq!(saved.to_text(), text);
    assert_eq!(saved.version().as_deref(), Some("2.8.0"));
    assert_eq!(saved.get("nombre_conteneur"), Some(&SavedValue::single("2", "gen_config")));
    let Some(SavedValue::Slave(outside)) = saved.get("conteneur1_mountpoint_out") else { panic!("no slave") };
    assert_eq!(outside[&1], item("/srv/rocketchat/log", "gen_config"));

    saved.set("bash_tmout", SavedValue::single(30, "user")).unwrap();
    let expected = text.replace(r#"{"val": 0, "owner": "basique"}"#, r#"{"val": 30, "owner": "user"}"#);
    assert_eq!(saved.to_text(), expected);
}

/// Says past the test harness, which keeps what passing tests print, that a test was skipped.
fn skipped(path: &Path) {
    writeln!(std::io::stderr(), "SKIPPED: {} is not here", path.display()).unwrap();
}
