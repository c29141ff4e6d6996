use super::*;
use crate::config_eol::Saved;
use crate::dictionary::{Namespace, parse};
use crate::evaluation::evaluate;
use crate::function::Functions;
use crate::schema::{Numbering, link};
use crate::source::{Memory, Sources};

/// The codes and messages for dictionaries given as the contents of `<creole>`, with one template of the site.
fn linted(contents: &[&str], template: &str) -> Vec<(String, String)> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let mut dictionaries = Vec::new();
    for content in contents {
        let text = format!("<creole>{content}</creole>");
        let file = sources.add("t.xml", text.as_str());
        dictionaries.extend(parse(&text, file, Namespace::Main, &mut findings));
    }
    let library = Functions::default();
    let schema = link(&dictionaries, &Numbering::new(), &library, &mut findings);
    let world = Memory::from_iter([("/site/eole/conteneur-vars.sh.tera", template)]);
    let templates = Templates::load(&world, &["/site".into()], &mut sources, &mut findings);
    assert_eq!(findings.codes(), [""; 0]);
    let snapshot = evaluate(&schema, &Saved::empty(), &library).snapshot;
    let subject = Subject {
        dictionaries: &dictionaries,
        schema: &schema,
        snapshot: &snapshot,
        templates: &templates,
        library: &library,
    };
    let found = lint(&subject);
    assert!(found.iter().all(|finding| CODES.contains(&finding.code().as_str()) && finding.at.is_some()));
    assert_eq!(found.errors(), 0);
    found.iter().map(|finding| (finding.code(), finding.problem.to_string())).collect()
}

fn family(inner: &str) -> String {
    format!("<variables><family name='F'>{inner}</family></variables>")
}

fn with(inner: &str, constraints: &str) -> String {
    format!("{}<constraints>{constraints}</constraints>", family(inner))
}

fn codes(contents: &[&str], template: &str) -> Vec<String> {
    linted(contents, template).into_iter().map(|(code, _)| code).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn what_nothing_uses_is_told() {
    assert_eq!(codes(&[&family("<variable name='a'/>")], ""), ["lint::unused_variable"]);
    assert_eq!(codes(&[&family("<variable name='a'/>")], "{{ a | default(value='') }}"), NONE);
    let checked = with("<variable name='a'/>", "<check name='valid_lower' target='a'/>");
    assert_eq!(codes(&[&checked], ""), ["lint::not_in_templates"]);
    let read = with(
        "<variable name='a'/><variable name='b'/>",
        "<fill name='calc_val' target='b'><param type='eole'>a</param></fill>",
    );
    assert_eq!(codes(&[&read], "{{ b | default(value='') }}"), NONE);
    let group = with(
        "<variable name='m' multi='True'/><variable name='s'/>",
        "<group master='m'><slave>s</slave></group>",
    );
    assert_eq!(codes(&[&group], "{{ s | length }}"), NONE);
}

fn condition(name: &str, source: &str, params: &[&str]) -> String {
    let params: Vec<String> = params.iter().map(|param| format!("<param>{param}</param>")).collect();
    let params = params.concat();
    format!("<condition name='{name}' source='{source}'>{params}<target>z</target></condition>")
}

#[test]
fn a_condition_that_never_holds_is_told() {
    let variables = "<variable name='w' type='oui/non' mandatory='True'><value>oui</value></variable>\
        <variable name='p' type='port'/><variable name='e'/><variable name='z'/>";
    let judged = |constraints: &str| {
        let check = "<check name='valid_enum' target='e'><param>['a', 'b', 'c']</param></check>";
        let content = with(variables, &format!("{check}{constraints}"));
        let text = "{{ w }}{{ p }}{{ e }}{{ z | default(value='') }}";
        codes(&[&content], text)
    };
    for (name, source, params) in [
        ("hidden_if_in", "w", &["yes"][..]),
        ("hidden_if_in", "p", &["http"]),
        ("hidden_if_in", "e", &["d"]),
        ("hidden_if_not_in", "w", &["oui", "non"]),
    ] {
        assert_eq!(judged(&condition(name, source, params)), ["lint::condition_never_holds"], "{source}");
    }
    for (name, source, params) in [
        ("hidden_if_in", "w", &["non"][..]),
        ("hidden_if_in", "p", &["80"]),
        ("hidden_if_in", "e", &["d", "a"]),
        ("hidden_if_in", "e", &[""]),
        ("hidden_if_not_in", "e", &["a", "b", "c"]),
    ] {
        assert_eq!(judged(&condition(name, source, params)), NONE, "{source} {params:?}");
    }
    let two = |last: &str| condition("hidden_if_in", "e", &["a"]) + &condition("hidden_if_in", "e", &[last]);
    assert_eq!(judged(&two("b")), ["lint::unexpected_choice"]);
    assert_eq!(judged(&condition("hidden_if_in", "e", &["a"])), NONE);
    let all = condition("hidden_if_in", "e", &["a"]) + &condition("hidden_if_in", "e", &["b", "c"]);
    assert_eq!(judged(&all), NONE);
}

#[test]
fn a_default_that_its_own_check_refuses_is_told() {
    let content = |default: &str| {
        with(
            &format!("<variable name='a'><value>{default}</value></variable>"),
            "<check name='valid_entier' target='a'><param name='maxi'>9</param></check>",
        )
    };
    let found = linted(&[&content("12")], "{{ a }}");
    assert_eq!(
        found,
        [(
            "lint::default_fails_check".to_owned(),
            "the default \"12\" of `a` fails its own check: expected an integer of at most 9".to_owned()
        )]
    );
    assert_eq!(codes(&[&content("7")], "{{ a }}"), NONE);
}

#[test]
fn templates_are_looked_through_in_all_their_branches() {
    let content = with(
        "<variable name='a' type='oui/non'><value>oui</value></variable><variable name='b'/>",
        &condition("disabled_if_in", "a", &["non"]).replace(">z<", ">b<"),
    );
    let found = linted(&[&content], "{% if a == 'non' %}{{ aa }}{% endif %}{{ b }}");
    let found: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(found, ["lint::template_unknown_variable", "lint::template_disabled_variable"]);
    assert_eq!(codes(&[&content], "{{ a }}{% if b is defined %}{{ b }}{% endif %}"), NONE);
}

#[test]
fn a_set_without_members_is_told() {
    let target = |more: &str| {
        let condition = condition("disabled_if_in", "a", &["non"]);
        let condition =
            condition.replace("<target>z</target>", &format!("<target type='filelist'{more}>f</target>"));
        with("<variable name='a' type='oui/non'><value>oui</value></variable>", &condition)
    };
    assert_eq!(codes(&[&target("")], "{{ a }}"), ["lint::list_without_members"]);
    assert_eq!(codes(&[&target(" optional='True'")], "{{ a }}"), NONE);
    let files = format!("<files><file name='/etc/x' filelist='f'/></files>{}", target(""));
    assert_eq!(codes(&[&files], "{{ a }}"), NONE);
}

#[test]
fn a_redefinition_without_effect_is_told() {
    let first = family("<variable name='a'><value>1</value></variable>");
    let redefine = |rest: &str| family(&format!("<variable name='a' redefine='True' {rest}</variable>"));
    let of = |second: &str, third: &str| codes(&[&first, &redefine(second), &redefine(third)], "{{ a }}");
    assert_eq!(of("hidden='True'>", "mandatory='True'>"), NONE);
    assert_eq!(of("><value>2</value>", "><value>3</value>"), ["lint::shadowed_redefinition"]);
    assert_eq!(of("hidden='True'><value>2</value>", "><value>3</value>"), NONE);
    assert_eq!(of(">", "hidden='True'>"), ["lint::shadowed_redefinition"]);
}
