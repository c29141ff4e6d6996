use super::*;
use crate::dictionary::{Namespace, parse};
use crate::function::Functions;
use crate::source::Sources;
use crate::value::{Mode, Value};

/// Links dictionaries given as the contents of `<creole>`.
fn linked(contents: &[&str], numbering: &Numbering) -> (Schema, Findings) {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let dictionaries: Vec<_> = contents
        .iter()
        .filter_map(|content| {
            let text = format!("<creole>{content}</creole>");
            let file = sources.add("t.xml", text.as_str());
            parse(&text, file, Namespace::Main, &mut findings)
        })
        .collect();
    let schema = link(&dictionaries, numbering, &Functions::default(), &mut findings);
    (schema, findings)
}

fn codes(contents: &[&str]) -> Vec<String> {
    linked(contents, &Numbering::new()).1.codes()
}

fn variables(inner: &str) -> String {
    format!("<variables><family name='f'>{inner}</family></variables>")
}

#[test]
fn families_of_one_normalised_name_merge_under_the_first_spelling() {
    let first = "<variables><family name='Réseau-1' icon='i'><variable name='a'/></family></variables>";
    let second = "<variables><family name='reseau_1'><variable name='b'/></family></variables>";
    let (schema, findings) = linked(&[first, second], &Numbering::new());
    assert!(findings.is_empty());
    let families: Vec<_> = schema.families().map(|(_, family)| family.name.as_ref()).collect();
    assert_eq!(families, ["Réseau-1"]);
}

#[test]
fn each_mistake_has_its_code() {
    let list = "<variable name='m' multi='True'/><variable name='n' multi='True'/><variable name='s'/>";
    let group = |master: &str| format!("<group master='{master}'><slave>s</slave></group>");
    let with = |inner: &str, constraints: &str| {
        format!("{}<constraints>{constraints}</constraints>", variables(inner))
    };
    let cases = [
        (variables("<variable name='a'/><variable name='a'/>"), "schema::duplicate_variable"),
        (variables("<variable name='a' redefine='True'/>"), "schema::redefines_unknown_variable"),
        (variables("<variable name='a' type='strnig'/>"), "schema::unknown_type"),
        (variables("<variable name='a' type='port'><value>http</value></variable>"), "schema::bad_default"),
        (
            variables("<variable name='a'><value>1</value><value>2</value></variable>"),
            "schema::several_defaults",
        ),
        (with(list, "<check name='valid_enum' target='ss'/>"), "schema::unknown_variable"),
        (with(list, "<check name='valid_enmu' target='s'/>"), "schema::unknown_function"),
        (with(list, "<check name='concat' target='s'/>"), "schema::wrong_purpose"),
        (
            with(list, "<check name='valid_enum' target='s'><param type='number'>c</param></check>"),
            "schema::bad_number",
        ),
        (with(list, &format!("{}{}", group("m"), group("n"))), "schema::slave_of_two_masters"),
        (with(list, "<group master='s'><slave>m</slave></group>"), "schema::master_not_multi"),
        (with(list, "<group master='m'><slave>m</slave></group>"), "schema::master_is_slave"),
        (
            with(list, "<fill name='concat' target='s'/><auto name='concat' target='s'/>"),
            "schema::calculated_twice",
        ),
        (
            with(list, "<condition name='disabled_if_in' source='x'><target>s</target></condition>"),
            "schema::unknown_variable",
        ),
        (
            with(
                list,
                "<condition name='disabled_if_in' source='s'><target type='family'>g</target></condition>",
            ),
            "schema::unknown_family",
        ),
        (with(list, "<fill name='calc_val' target='s'><param type='eole'>s</param></fill>"), "schema::cycle"),
    ];
    for (content, code) in &cases {
        assert_eq!(codes(&[content]), [*code], "{content}");
    }
}

#[test]
fn a_cycle_is_printed_in_its_order() {
    let fill = |target: &str, from: &str| {
        format!("<fill name='calc_val' target='{target}'><param type='eole'>{from}</param></fill>")
    };
    let constraints = [fill("a", "b"), fill("b", "c"), fill("c", "a")].concat();
    let content = format!(
        "{}<constraints>{constraints}</constraints>",
        variables("<variable name='a'/><variable name='b'/><variable name='c'/>")
    );
    let findings = linked(&[&content], &Numbering::new()).1;
    let message = findings.iter().next().unwrap().problem.to_string();
    assert_eq!(message, "variables depend on each other in a circle: a → b → c → a");
}

#[test]
fn redefinitions_replace_what_they_give() {
    let first = variables("<variable name='a' mandatory='True' description='d'><value>1</value></variable>");
    let second = "<variables><family name='g'><variable name='a' redefine='True' mandatory='False'><value>2</value></variable>\
        <variable name='a' exists='False'/><variable name='b' redefine='True' exists='True'/></family></variables>";
    let (schema, findings) = linked(&[&first, second], &Numbering::new());
    assert!(findings.is_empty(), "{:?}", findings.codes());
    let variable = schema.variable(schema.find("a").unwrap());
    assert_eq!(
        (&variable.default, variable.mandatory, variable.description.as_ref()),
        (&Value::from("2"), None, "d")
    );
    assert_eq!(schema.family(variable.family).name.as_ref(), "f");
    assert_eq!(schema.find("b"), None);
}

#[test]
fn a_redefinition_drops_what_it_says_it_drops() {
    let first = format!(
        "{}<constraints><check name='valid_enum' target='a'><param>['x']</param></check>\
        <condition name='disabled_if_in' source='b'><param>1</param><target>a</target></condition></constraints>",
        variables("<variable name='a'/><variable name='b'/>")
    );
    let second =
        variables("<variable name='a' redefine='True' remove_check='True' remove_condition='True'/>");
    let (schema, _) = linked(&[&first, &second], &Numbering::new());
    let variable = schema.variable(schema.find("a").unwrap());
    assert!(variable.checks.is_empty() && variable.conditions.is_empty());
}

#[test]
fn modes_follow_need_and_master() {
    let content = format!(
        "{}<constraints><group master='m'><slave>s</slave></group></constraints>",
        variables(
            "<variable name='a' mandatory='True'/><variable name='m' multi='True' mode='expert'/><variable name='s' mode='basic'/>"
        )
    );
    let (schema, _) = linked(&[&content], &Numbering::new());
    let mode = |name: &str| schema.variable(schema.find(name).unwrap()).mode;
    assert_eq!((mode("a"), mode("s")), (Mode::Basic, Mode::Expert));
}

const NUMBERED: &str = "<variables><family name='Tab-X' numbered='n'><variable name='tX_a'/><variable name='tX_b'/></family>\
    <family name='f'><variable name='n' type='number'><value>2</value></variable><variable name='Xray'/></family></variables>\
    <constraints><condition name='disabled_if_in' source='tX_a'><param>X</param><target>tX_b</target><target type='family'>Tab-X</target><target>Xray</target></condition></constraints>";

#[test]
fn a_numbered_family_is_made_for_each_item_with_what_refers_to_it() {
    let numbering = Numbering::from([("n".into(), vec!["1".to_owned(), "2".to_owned()])]);
    let (schema, findings) =
        linked(&[&NUMBERED.replace("<target type='family'>Tab-X</target>", "")], &numbering);
    assert!(findings.is_empty(), "{:?}", findings.codes());
    let names: Vec<_> = schema.names().collect();
    assert_eq!(names, ["t1_a", "t1_b", "t2_a", "t2_b", "n", "Xray"]);
    assert_eq!(schema.variable(schema.find("t2_b").unwrap()).conditions, [1]);
    assert_eq!(schema.condition(1).source_name.as_ref(), "t2_a");
    assert_eq!(schema.variable(schema.find("Xray").unwrap()).conditions, [0, 1]);
}

#[test]
fn what_a_family_is_numbered_by_comes_from_the_saved_value_or_the_default() {
    let text = format!("<creole>{NUMBERED}</creole>");
    let mut sources = Sources::default();
    let file = sources.add("t.xml", text.as_str());
    let mut findings = Findings::default();
    let dictionaries: Vec<_> = parse(&text, file, Namespace::Main, &mut findings).into_iter().collect();
    let number = |saved: Option<Value>| {
        let mut findings = Findings::default();
        let numbering = numbering(&dictionaries, &|_| saved.clone(), &mut findings);
        (numbering.get("n").map(Vec::len), findings.codes())
    };
    assert_eq!(number(None), (Some(2), vec![]));
    assert_eq!(number(Some(Value::from("12"))), (Some(12), vec![]));
    assert_eq!(number(Some(Value::from("x"))), (None, vec!["schema::bad_numbering".to_owned()]));
    assert_eq!(number(Some(Value::Number(-1))), (None, vec!["schema::bad_numbering".to_owned()]));
}
