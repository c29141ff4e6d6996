use serde_json::json;

use super::*;
use crate::config_eol::{self, Saved};
use crate::diagnostic::Findings;
use crate::dictionary::{self, Namespace};
use crate::function::Functions;
use crate::schema::{self, Numbering, Schema};
use crate::source::Sources;
use crate::value::Value;

mod changes;
mod items;

/// Links a dictionary given as the contents of `<creole>`.
fn linked(content: &str) -> Schema {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let text = format!("<creole>{content}</creole>");
    let file = sources.add("t.xml", text.as_str());
    let dictionaries: Vec<_> =
        dictionary::parse(&text, file, Namespace::Main, &mut findings).into_iter().collect();
    let schema = schema::link(&dictionaries, &Numbering::new(), &Functions::default(), &mut findings);
    assert_eq!(findings.codes(), [""; 0]);
    schema
}

/// The saved values that `config` writes.
fn saved_of(config: &serde_json::Value) -> Saved {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let config = config.to_string();
    let file = sources.add("config.eol", config.as_str());
    config_eol::parse(&config, file, &mut findings).unwrap()
}

/// Evaluates a dictionary given as the contents of `<creole>` with what `config` saves.
fn evaluated(content: &str, config: &serde_json::Value) -> Evaluated {
    evaluate(&linked(content), &saved_of(config), &Functions::default())
}

fn family(inner: &str) -> String {
    format!("<variables><family name='F'>{inner}</family></variables>")
}

fn value(evaluated: &Evaluated, name: &str) -> String {
    evaluated.snapshot.value(name).map_or_else(|| "(none)".to_owned(), ToString::to_string)
}

#[test]
fn the_saved_value_wins_over_the_default() {
    let content = family("<variable name='a'><value>1</value></variable>");
    let unset = evaluated(&content, &json!({}));
    assert_eq!(
        (value(&unset, "a").as_str(), &unset.snapshot.entry("a").unwrap().owner),
        ("1", &Owners::Default)
    );
    let set = evaluated(&content, &json!({"a": {"owner": "me", "val": "2"}}));
    let entry = set.snapshot.entry("a").unwrap();
    assert_eq!((&entry.value, &entry.default), (&Value::from("2"), &Value::from("1")));
    assert_eq!(entry.owner, Owners::One("me".to_owned()));
}

#[test]
fn a_value_of_the_wrong_type_or_shape_is_reported_and_dropped() {
    let content = family("<variable name='p' type='port'/><variable name='m' multi='True'/>");
    let config = json!({"p": {"owner": "me", "val": "http"}, "m": {"owner": "me", "val": ["a", "b"]}});
    let result = evaluated(&content, &config);
    assert_eq!(result.wrong.codes(), ["evaluation::wrong_type"]);
    assert_eq!((value(&result, "p").as_str(), value(&result, "m").as_str()), ("", "a\nb"));
    let result = evaluated(&content, &json!({"p": {"owner": "me", "val": ["1"]}}));
    assert_eq!(result.wrong.codes(), ["evaluation::wrong_shape"]);
}

#[test]
fn mandatory_variables_are_asked_for_and_that_is_no_wrong_value() {
    let content =
        family("<variable name='a' mandatory='True'/><variable name='h' mandatory='True' hidden='True'/>");
    let result = evaluated(&content, &json!({}));
    assert!(result.wrong.is_empty());
    let messages: Vec<String> =
        result.missing.findings().iter().map(|finding| finding.problem.to_string()).collect();
    assert_eq!(messages, ["`a` (family `F`) is mandatory and empty"]);
}

const GROUP: &str = "<variable name='m' multi='True'/><variable name='s' type='port' mandatory='True'/></family></variables>\
    <constraints><group master='m'><slave>s</slave></group></constraints><variables><family name='F'>";

#[test]
fn a_slave_has_one_item_for_each_of_its_master() {
    let config = json!({
        "m": {"owner": "me", "val": ["x", "y"]},
        "s": {"owner": {"1": "you", "7": "you"}, "val": {"1": "81", "7": "87"}},
    });
    let result = evaluated(&family(GROUP), &config);
    let entry = result.snapshot.entry("s").unwrap();
    assert_eq!(entry.value, Value::List(vec![Value::None, Value::Number(81)]));
    assert_eq!(entry.owner, Owners::Items(vec![None, Some("you".to_owned())]));
    assert_eq!(result.missing.findings().codes(), ["evaluation::mandatory_item_empty"]);
    assert_eq!(evaluated(&family(GROUP), &json!({})).missing.findings().codes(), [""; 0]);
}

#[test]
fn disabled_spreads_from_source_to_target_and_from_master_to_slave() {
    let content = family(GROUP).replace(
        "</constraints>",
        "<condition name='disabled_if_in' source='a'><param>no</param><target>b</target></condition>\
         <condition name='disabled_if_in' source='b'><param>never</param><target>m</target></condition></constraints>",
    ) + &family("<variable name='a'><value>no</value></variable><variable name='b'><value>x</value></variable>");
    let off = evaluated(&content, &json!({"m": {"owner": "me", "val": ["x"]}}));
    for name in ["b", "m", "s"] {
        assert!(off.snapshot.entry(name).unwrap().properties.is_disabled(), "{name}");
        assert_eq!(off.snapshot.value(name), None);
    }
    let why = off.snapshot.entry("b").unwrap().properties.reasons()[0].why.as_str();
    assert_eq!(why, "disabled_if_in `a` = no");
    let on =
        evaluated(&content, &json!({"a": {"owner": "me", "val": "yes"}, "m": {"owner": "me", "val": ["x"]}}));
    assert_eq!(value(&on, "m"), "x");
}

#[test]
fn hidden_and_frozen_variables_keep_their_defaults() {
    for action in ["hidden_if_in", "frozen_if_not_in"] {
        let param = if action.contains("not") { "other" } else { "" };
        let content = format!(
            "{}<constraints><condition name='{action}' source='a'><param>{param}</param><target type='family'>g</target></condition></constraints>\
             <variables><family name='G'><variable name='b'><value>d</value></variable></family></variables>",
            family("<variable name='a'/>")
        );
        let result = evaluated(&content, &json!({"b": {"owner": "me", "val": "mine"}}));
        assert_eq!(value(&result, "b"), "d", "{action}");
        let lifted = json!({"a": {"owner": "me", "val": "other"}, "b": {"owner": "me", "val": "mine"}});
        assert_eq!(value(&evaluated(&content, &lifted), "b"), "mine", "{action}");
    }
}

#[test]
fn fills_follow_their_inputs_until_overridden_and_autos_always() {
    let call = |kind: &str, target: &str| {
        format!(
            "<{kind} name='concat' target='{target}'><param type='eole'>a</param><param>!</param></{kind}>"
        )
    };
    let content = format!(
        "{}<constraints>{}{}</constraints>",
        family("<variable name='f'/><variable name='t'/><variable name='a'/>"),
        call("fill", "f"),
        call("auto", "t")
    );
    let entry = |text: &str| json!({"owner": "me", "val": text});
    let result = evaluated(&content, &json!({"a": entry("x")}));
    assert_eq!((value(&result, "f"), value(&result, "t")), ("x!".to_owned(), "x!".to_owned()));
    let result = evaluated(&content, &json!({"a": entry("x"), "f": entry("y"), "t": entry("y")}));
    assert_eq!((value(&result, "f"), value(&result, "t")), ("y".to_owned(), "x!".to_owned()));
    assert!(result.snapshot.entry("t").unwrap().properties.has(Property::Frozen));
}

#[test]
fn checks_refuse_warn_and_never_tell_a_secret() {
    let check = |target: &str, level: &str| {
        format!(
            "<check name='valid_entier' target='{target}' level='{level}'><param name='maxi'>9</param></check>"
        )
    };
    let content = format!(
        "{}<constraints>{}{}{}</constraints>",
        family("<variable name='a'/><variable name='w'/><variable name='s' type='password'/>"),
        check("a", "error"),
        check("w", "warning"),
        check("s", "error")
    );
    let entry = json!({"owner": "me", "val": "hunter2"});
    let result = evaluated(&content, &json!({"a": entry, "w": entry, "s": entry}));
    assert_eq!(result.wrong.codes(), ["evaluation::refused", "evaluation::doubtful", "evaluation::refused"]);
    assert_eq!(result.wrong.errors(), 2);
    let messages: Vec<String> = result.wrong.iter().map(|finding| finding.problem.to_string()).collect();
    assert_eq!(
        messages[0],
        "`a` (family `F`) is refused with the value \"hunter2\": expected an integer of at most 9"
    );
    assert!(!messages[2].contains("hunter2"));
}

#[test]
fn a_condition_on_nothing_is_written_as_an_empty_param() {
    let content = format!(
        "{}<constraints><condition name='mandatory_if_not_in' source='a'><param></param><target>b</target></condition></constraints>",
        family("<variable name='a'/><variable name='b'/>")
    );
    assert!(evaluated(&content, &json!({})).missing.is_empty());
    let named = evaluated(&content, &json!({"a": {"owner": "me", "val": "x"}}));
    assert_eq!(named.missing.findings().codes(), ["evaluation::mandatory_empty"]);
}
