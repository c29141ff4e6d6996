//! A kept evaluation that follows changes has the same result as one from scratch.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::borrow::Cow;

use super::{linked, saved_of};
use crate::config_eol::{Saved, SavedItem, SavedValue};
use crate::evaluation::{Evaluated, Evaluation, evaluate};
use crate::function::Functions;
use crate::schema::Schema;

/// A dictionary in which most things depend on each other: chains of conditions, calculations on calculations, a group
/// whose slaves look at each other, checks that look elsewhere, sets of files.
const WEB: &str = "<variables>
    <family name='A'>
        <variable name='a' type='oui/non'><value>oui</value></variable>
        <variable name='b'/>
        <variable name='c'><value>c</value></variable>
        <variable name='d' mandatory='True'/>
        <variable name='n' type='number'><value>1</value></variable>
        <variable name='kept' auto_save='True'/>
    </family>
    <family name='B'>
        <variable name='m' multi='True'/>
        <variable name='s'/>
        <variable name='t' type='port'/>
        <variable name='u'/>
        <variable name='e'><value>x</value></variable>
        <variable name='l' multi='True'/>
    </family>
    </variables>
    <constraints>
        <group master='m'><slave>s</slave><slave>t</slave><slave>u</slave></group>
        <fill name='concat' target='b'><param type='eole'>c</param><param>-</param><param type='eole'>n</param></fill>
        <fill name='concat' target='s'><param type='eole'>m</param><param type='eole'>b</param></fill>
        <auto name='calc_val' target='u'><param type='eole'>s</param></auto>
        <fill name='calc_multi_val' target='l'><param type='eole'>m</param><param type='eole' hidden='False'>e</param></fill>
        <fill name='calc_val' target='kept'><param type='eole'>b</param></fill>
        <condition name='disabled_if_in' source='a'><param>non</param><target>c</target><target type='filelist'>f</target></condition>
        <condition name='hidden_if_in' source='c'><param>x</param><target>d</target></condition>
        <condition name='frozen_if_not_in' source='n'><param>1</param><param>2</param><target>e</target></condition>
        <condition name='mandatory_if_in' source='e'><param>x</param><target>b</target></condition>
        <condition name='disabled_if_in' source='d'><param>off</param><target type='family'>B</target></condition>
        <condition name='disabled_if_in' source='s'><param>x</param><target>t</target></condition>
        <condition name='mandatory_if_in' source='m'><param>x</param><target>t</target></condition>
        <check name='valid_differ' target='b'><param type='eole'>e</param></check>
        <check name='valid_entier' target='n'><param name='maxi'>3</param></check>
        <check name='valid_differ' target='l' level='warning'><param type='eole'>c</param></check>
    </constraints>";

/// A change: a variable, and what is saved for it from now on.
fn change() -> impl Strategy<Value = (&'static str, Option<SavedValue>)> {
    let word = prop::sample::select(vec!["x", "off", "oui", "non", "1", "2", "9", "80", "c-1", ""]);
    let one =
        (prop::sample::select(vec!["a", "b", "c", "d", "n", "e", "kept"]), prop::option::of(word.clone()))
            .prop_map(|(name, word)| (name, word.map(|word| SavedValue::single(word, "me"))));
    let list =
        (prop::sample::select(vec!["m", "l"]), prop::option::of(prop::collection::vec(word.clone(), 0..4)))
            .prop_map(|(name, words)| (name, words.map(|words| SavedValue::multi(words, "me"))));
    let items =
        prop::collection::btree_map(0_usize..4, word.prop_map(|word| SavedItem::new(word, "me")), 1..4);
    let slave = (prop::sample::select(vec!["s", "t"]), prop::option::of(items))
        .prop_map(|(name, items)| (name, items.map(SavedValue::Slave)));
    prop_oneof![3 => one, 2 => list, 2 => slave]
}

/// All that an evaluation says, to be compared.
fn told(schema: &Schema, result: &Evaluated) -> Vec<String> {
    let mut told: Vec<String> = schema
        .ids()
        .filter_map(|id| result.snapshot.entry(schema.name(id)))
        .map(|entry| {
            format!(
                "{:?} {:?} {:?} {:?} {:?}",
                entry.value, entry.default, entry.owner, entry.properties, entry.items
            )
        })
        .collect();
    told.push(format!("{:?}", result.snapshot.lists()));
    told.extend(
        result.wrong.iter().chain(&result.missing.findings()).map(|finding| finding.problem.to_string()),
    );
    told
}

proptest! {
    #[test]
    fn a_change_followed_is_a_change_from_scratch(changes in prop::collection::vec(change(), 1..24)) {
        let schema = linked(WEB);
        let library = Functions::default();
        let mut saved = Saved::empty();
        let mut kept = Evaluation::new(&schema, Cow::Owned(saved.clone()), &library);
        for (name, value) in changes {
            match &value {
                Some(value) => saved.set(name, value.clone()).unwrap(),
                None => drop(saved.unset(name)),
            }
            kept.set(name, value).unwrap();
            let after = evaluate(&schema, &saved, &library);
            let snapshot = kept.snapshot();
            for id in schema.ids() {
                let entry = |snapshot: &crate::evaluation::Snapshot| format!("{:?}", snapshot.entry(schema.name(id)));
                prop_assert_eq!(entry(&snapshot), entry(&after.snapshot), "{}", schema.name(id));
            }
            prop_assert_eq!(snapshot.lists(), after.snapshot.lists());
        }
        let scratch = told(&schema, &evaluate(&schema, &saved, &library));
        prop_assert_eq!(told(&schema, &kept.finish()), scratch);
    }
}

fn single(value: &Json) -> SavedValue {
    SavedValue::single(value.clone(), "me")
}

#[test]
fn only_what_depends_on_a_change_is_evaluated_anew() {
    let schema = linked(WEB);
    let library = Functions::default();
    let mut kept = Evaluation::new(&schema, Cow::Owned(saved_of(&json!({}))), &library);
    let mut changed = |name: &str, value: Json| -> Vec<String> {
        let changed = kept.set(name, Some(single(&value))).unwrap();
        changed.iter().map(|id| schema.name(*id).to_owned()).collect()
    };
    assert_eq!(changed("d", json!("x")), ["d"]);
    assert_eq!(changed("d", json!("x")), [""; 0]);
    let mut after_n = changed("n", json!(2));
    after_n.sort();
    assert_eq!(after_n, ["b", "kept", "n"]);
}

#[test]
fn a_kept_evaluation_tells_what_is_wrong_with_a_variable() {
    let schema = linked(WEB);
    let library = Functions::default();
    let mut kept = Evaluation::new(&schema, Cow::Owned(saved_of(&json!({}))), &library);
    assert_eq!(
        kept.faults("d", &crate::words::Words::default()),
        ["`d` (family `A`) is mandatory and empty"]
    );
    kept.set("d", Some(single(&json!("x")))).unwrap();
    assert_eq!(kept.faults("d", &crate::words::Words::default()), [""; 0]);
    kept.set("n", Some(single(&json!(7)))).unwrap();
    assert_eq!(
        kept.faults("n", &crate::words::Words::default()),
        ["`n` (family `A`) is refused with the value \"7\": expected an integer of at most 3"]
    );
}
