//! What holds of the items of a slave, of sets of files, and of what is kept by itself.

use serde_json::json;

use super::{evaluated, family, linked, saved_of, value};
use crate::config_eol::Saved;
use crate::evaluation::{Occasion, Owners, Property, evaluate, lasting};
use crate::function::Functions;
use crate::value::Value;

const GROUP: &str = "<variable name='m' multi='True'/><variable name='kind'><value>a</value></variable><variable name='s'><value>d</value></variable>";

fn group(condition: &str) -> String {
    format!(
        "{}<constraints><group master='m'><slave>kind</slave><slave>s</slave></group>{condition}</constraints>",
        family(GROUP)
    )
}

#[test]
fn a_slave_acts_on_its_sisters_item_by_item() {
    let condition =
        "<condition name='disabled_if_in' source='kind'><param>b</param><target>s</target></condition>";
    let config = json!({
        "m": {"owner": "me", "val": ["x", "y", "z"]},
        "kind": {"owner": {"1": "me"}, "val": {"1": "b"}},
        "s": {"owner": {"0": "me", "1": "me"}, "val": {"0": "mine", "1": "lost"}},
    });
    let result = evaluated(&group(condition), &config);
    let entry = result.snapshot.entry("s").unwrap();
    assert_eq!(entry.value, Value::List(vec!["mine".into(), Value::None, "d".into()]));
    assert_eq!(entry.owner, Owners::Items(vec![Some("me".into()), None, None]));
    assert!(!entry.properties.is_disabled() && entry.items[1].is_disabled());
    assert_eq!(entry.items[1].reasons()[0].why.as_str(), "disabled_if_in `kind[1]` = b");
    assert!(entry.items[0].is_empty() && entry.items[2].is_empty());
}

#[test]
fn a_master_acts_on_its_slaves_item_by_item() {
    let condition = "<condition name='mandatory_if_in' source='m'><param>y</param><target>s</target></condition>\
         <condition name='frozen_if_in' source='m'><param>x</param><target>s</target></condition>";
    let config = json!({
        "m": {"owner": "me", "val": ["x", "y"]},
        "s": {"owner": {"0": "me", "1": "me"}, "val": {"0": "lost", "1": ""}},
    });
    let result = evaluated(&group(condition), &config);
    let entry = result.snapshot.entry("s").unwrap();
    assert_eq!(entry.value, Value::List(vec!["d".into(), "d".into()]));
    assert!(entry.items[0].has(Property::Frozen) && entry.items[1].has(Property::Mandatory));
    let empty =
        group(condition).replace("<variable name='s'><value>d</value></variable>", "<variable name='s'/>");
    let messages: Vec<_> =
        evaluated(&empty, &config).missing.findings().iter().map(|f| f.problem.to_string()).collect();
    assert_eq!(messages, ["item 1 of `s` (family `F`) is mandatory and empty"]);
}

#[test]
fn a_slave_acts_as_a_list_outside_of_its_group() {
    let content = group(
        "<condition name='disabled_if_in' source='kind'><param>b</param><target>out</target></condition>",
    ) + &family("<variable name='out'><value>o</value></variable>");
    let config = |kind: &str| json!({"m": {"owner": "me", "val": ["x", "y"]}, "kind": {"owner": {"1": "me"}, "val": {"1": kind}}});
    assert_eq!(value(&evaluated(&content, &config("b")), "out"), "(none)");
    assert_eq!(value(&evaluated(&content, &config("c")), "out"), "o");
}

#[test]
fn conditions_switch_sets_of_files() {
    let content = format!(
        "{}<constraints><condition name='disabled_if_in' source='a'><param>non</param>\
         <target type='filelist'>f</target><target type='servicelist'>s</target></condition></constraints>",
        family("<variable name='a' type='oui/non'><value>oui</value></variable>")
    );
    let on = evaluated(&content, &json!({}));
    assert!(on.snapshot.lists().is_empty() && !on.snapshot.is_list_disabled("filelist", "f"));
    let off = evaluated(&content, &json!({"a": {"owner": "me", "val": "non"}}));
    assert!(
        off.snapshot.is_list_disabled("filelist", "f") && off.snapshot.is_list_disabled("servicelist", "s")
    );
    assert!(!off.snapshot.is_list_disabled("filelist", "s"));
    assert_eq!(off.snapshot.lists()[0].reason.why.as_str(), "disabled_if_in `a` = non");
}

#[test]
fn what_is_to_last_is_saved_once_and_wins_from_then_on() {
    let content = family(
        "<variable name='a' auto_save='True' hidden='True'><value>1</value></variable>\
         <variable name='f' auto_freeze='True'><value>2</value></variable>\
         <variable name='e' auto_save='True'/><variable name='m' multi='True' auto_save='True'><value>x</value></variable>",
    );
    let schema = linked(&content);
    let names = |saved: &Saved, occasion| -> Vec<String> {
        let result = evaluate(&schema, saved, &Functions::default());
        lasting(&schema, &result.snapshot, occasion).iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    assert_eq!(names(&Saved::empty(), Occasion::Save), ["a", "m"]);
    assert_eq!(names(&Saved::empty(), Occasion::Instance), ["a", "f", "m"]);
    let kept = saved_of(&json!({
        "a": {"owner": "forced", "val": "old"}, "f": {"owner": "auto_freeze", "val": "old"},
        "m": {"owner": "forced", "val": ["old"]},
    }));
    let result = evaluate(&schema, &kept, &Functions::default());
    for name in ["a", "f", "m"] {
        assert_eq!(value(&result, name), "old", "{name}");
    }
    assert_eq!(names(&kept, Occasion::Instance), [""; 0]);
}
