use serde_json::json;

use super::*;

/// `text` after `change`, and that it can be read again.
fn after(text: &str, change: impl FnOnce(&mut Saved)) -> String {
    let mut saved = saved(text);
    change(&mut saved);
    let text = saved.to_text();
    super::saved(&text);
    text
}

#[test]
fn what_is_set_changes_in_its_place_and_nothing_else_does() {
    let text = after(SAMPLE, |saved| {
        saved.set("inconnue", SavedValue::multi(["a", "b"], "creoleset")).unwrap();
        assert_eq!(saved.span("inconnue"), None);
    });
    let place = |text: &str| SAMPLE.replace(r#"{"val" : "é", "more": {"x":1}, "owner":"x"}"#, text);
    assert_eq!(text, place(r#"{"val" : ["a", "b"], "more": {"x":1}, "owner":"creoleset"}"#));
}

#[test]
fn what_is_so_already_keeps_its_bytes() {
    let odd = r#"{"a":{"owner":{"0":"x","1":"x"} , "val":{"1":"b" ,"0":"\u0061"}, "more":{}}}"#;
    let same = after(odd, |saved| {
        saved.set_item("a", 0, item("a", "x")).unwrap();
        assert!(saved.span("a").is_some());
    });
    assert_eq!(same, odd);
}

#[test]
fn a_new_variable_stands_before_the_members_of_the_file_that_end_it() {
    let new = |text: &str| after(text, |saved| saved.set("n", SavedValue::single("v", "o")).unwrap());
    let member = r#""n": {"owner": "o", "val": "v"}"#;
    assert_eq!(new("{}"), format!("{{{member}}}"));
    assert_eq!(new("{\n}\n"), format!("{{{member}\n}}\n"));
    assert_eq!(
        new(r#"{"___a": 1, "___version___": "2.8.0"}"#),
        format!(r#"{{{member}, "___a": 1, "___version___": "2.8.0"}}"#)
    );
    assert_eq!(new(r#"{"___version___": "2.8.0"}"#), format!(r#"{{{member}, "___version___": "2.8.0"}}"#));
    let expected = SAMPLE.replace(r#" , "___version"#, &format!(r#" , {member}, "___version"#));
    assert_eq!(new(SAMPLE), expected);
}

#[test]
fn a_new_variable_is_spaced_as_the_others() {
    let text = "{\n  \"a\":{\"owner\":\"o\",\"val\":1},\n  \"b\":{\"owner\":\"o\",\"val\":1}\n}\n";
    let new = after(text, |saved| saved.set("é\"", SavedValue::single("v", "o")).unwrap());
    assert_eq!(new, text.replace("}\n}", "},\n  \"é\\\"\":{\"owner\": \"o\", \"val\": \"v\"}\n}"));
}

#[test]
fn a_new_file_says_its_version() {
    for empty in ["", "\n"] {
        let text = after(empty, |saved| saved.set("n", SavedValue::single(true, "o")).unwrap());
        let expected = "{\"n\": {\"owner\": \"o\", \"val\": true}, \"___version___\": \"2.8.1\"}\n";
        assert_eq!(text, expected);
    }
}

#[test]
fn what_is_unset_takes_its_comma_with_it() {
    let text = "{ \"a\": {\"owner\":\"o\",\"val\":1} ,\n \"b\": {\"owner\":\"o\",\"val\":2},\n \"c\": {\"owner\":\"o\",\"val\":3} }";
    let without = |name: &str| after(text, |saved| assert!(saved.unset(name)));
    let [a, b, c] = [1, 2, 3].map(|value| format!("{{\"owner\":\"o\",\"val\":{value}}}"));
    assert_eq!(without("a"), format!("{{ \"b\": {b},\n \"c\": {c} }}"));
    assert_eq!(without("b"), format!("{{ \"a\": {a} ,\n \"c\": {c} }}"));
    assert_eq!(without("c"), format!("{{ \"a\": {a} ,\n \"b\": {b} }}"));
    let none = after(text, |saved| {
        for name in ["a", "b", "c"] {
            saved.unset(name);
        }
    });
    assert_eq!(none, "{ }");
    assert!(!saved(text).unset("x"));
    assert!(!saved(SAMPLE).unset("___version___"));
}

#[test]
fn one_item_of_a_slave_is_set_and_unset() {
    let mut saved = saved(SAMPLE);
    saved.set_item("masque", 1, item("255.255.0.0", "creoleset")).unwrap();
    assert!(saved.to_text().contains(
        r#""masque": {"val": {"0": 8, "1": "255.255.0.0"}, "owner": {"0": "user", "1": "creoleset"}}"#
    ));
    assert!(saved.unset_item("masque", 0));
    assert!(!saved.unset_item("masque", 0));
    assert_eq!(saved.get("masque").unwrap().items().len(), 1);
    assert!(saved.unset_item("masque", 1));
    assert_eq!(saved.get("masque"), None);
    saved.set_item("ip", 1, item("x", "me")).unwrap();
    let items = [(0, item("192.0.2.0", "gen_config")), (1, item("x", "me"))];
    assert_eq!(saved.get("ip"), Some(&SavedValue::Slave(items.into())));
}

#[test]
fn an_item_removed_from_a_master_is_removed_from_its_slaves() {
    let mut saved = saved(SAMPLE);
    for name in ["ip", "masque", "nombre", "absente"] {
        saved.remove_item(name, 0);
    }
    assert_eq!(saved.get("ip"), Some(&SavedValue::multi(["192.0.2.1"], "gen_config")));
    assert_eq!(saved.get("masque"), Some(&SavedValue::Slave([(0, item("255.0.0.0", "gen_config"))].into())));
    assert_eq!(saved.get("nombre"), Some(&SavedValue::single(2, "zephir")));
    saved.remove_item("masque", 5);
    assert!(saved.get("masque").is_some());
    saved.remove_item("masque", 0);
    assert_eq!(saved.get("masque"), None);
}

#[test]
fn what_would_be_read_back_as_something_else_is_not_set() {
    let mut saved = saved(SAMPLE);
    let refusals = [
        saved.set("___version___", SavedValue::single("3", "o")),
        saved.set("a", SavedValue::single(json!([1]), "o")),
        saved.set("a", SavedValue::single(json!({}), "o")),
        saved.set_item("a", MAX_INDEX + 1, item("x", "o")),
    ];
    assert!(refusals.iter().all(Result::is_err), "{refusals:?}");
    assert_eq!(saved.to_text(), SAMPLE);
}

#[test]
fn what_would_be_read_back_as_something_else_is_not_saved() {
    let mut saved = Saved::empty();
    let meta = saved.set("___version___", SavedValue::single("1", "me")).unwrap_err();
    assert!(matches!(meta, ConfigError::MetaMember { .. }), "{meta}");
    for value in [json!({"b": 1}), json!(["b"])] {
        let error = saved.set("a", SavedValue::single(value, "me")).unwrap_err();
        assert!(matches!(error, ConfigError::NotOneValue { .. }), "{error}");
    }
    assert_eq!(saved.to_text(), "");
}
