use super::*;
use crate::diagnostic::Findings;
use crate::dictionary::{Namespace, parse};
use crate::function::Functions;
use crate::schema::link;
use crate::source::Sources;
use crate::words::Words;

/// The reference of a dictionary given as the contents of `<creole>`.
fn described(content: &str) -> Reference {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let text = format!("<creole>{content}</creole>");
    let file = sources.add("t.xml", text.as_str());
    let dictionaries: Vec<_> = parse(&text, file, Namespace::Main, &mut findings).into_iter().collect();
    let schema = link(&dictionaries, &numbering(&dictionaries), &Functions::default(), &mut findings);
    assert_eq!(findings.codes(), [""; 0]);
    reference(&schema, &sources, &Words::default())
}

fn family(name: &str, inner: &str) -> String {
    format!("<variables><family name='{name}'>{inner}</family></variables>")
}

fn told(old: &str, new: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let changes = changes(&described(old), &described(new));
    let said = |of: &[Change]| of.iter().map(|change| markdown::sentence(change).to_string()).collect();
    (said(&changes.added), said(&changes.changed), said(&changes.removed))
}

#[test]
fn each_kind_of_change_is_told() {
    let with = |variable: &str, constraints: &str| {
        let others = "<variable name='b' multi='True'/><variable name='c'/>";
        format!("{}<constraints>{constraints}</constraints>", family("F", &format!("{variable}{others}")))
    };
    let plain = with("<variable name='a'/>", "");
    let group = "<group master='b'><slave>a</slave></group>";
    let condition =
        "<condition name='disabled_if_in' source='c'><param>x</param><target>a</target></condition>";
    for (variable, constraints, change) in [
        ("<variable name='a' type='port'/>", "", "type was string, is port"),
        ("<variable name='a'><value>1</value></variable>", "", "default was nothing, is 1"),
        ("<variable name='a' multi='True'/>", "", "list was no, is yes"),
        ("<variable name='a' mode='expert'/>", "", "mode was normal, is expert"),
        ("<variable name='a' hidden='True'/>", "", "hidden was no, is yes"),
        ("<variable name='a' auto_save='True'/>", "", "kept was nothing, is saved with the first save"),
        ("<variable name='a'/>", condition, "conditions was nothing, is disabled if c is 'x'"),
        (
            "<variable name='a'/>",
            "<check name='valid_lower' target='a'/>",
            "checks was nothing, is valid_lower()",
        ),
        (
            "<variable name='a'/>",
            "<check name='valid_enum' target='a'><param>['x', 'y']</param></check>",
            "values was nothing, is x, y",
        ),
        (
            "<variable name='a'/>",
            "<fill name='concat' target='a'><param type='eole'>c</param><param>-</param></fill>",
            "calculation was nothing, is concat(c, '-')",
        ),
    ] {
        let new = with(variable, constraints);
        assert_eq!(told(&plain, &new).1, [format!("variable a: {change}")], "{new}");
        assert_eq!(told(&new, &plain).1.len(), 1);
    }
    let (_, changed, _) = told(&plain, &with("<variable name='a'/>", group));
    assert_eq!(
        changed,
        ["variable a: group was nothing, is slave of b", "variable b: group was nothing, is master of a"]
    );
    assert_eq!(told(&plain, &plain), (vec![], vec![], vec![]));
}

#[test]
fn what_comes_goes_and_moves_is_told() {
    let old = family("F", "<variable name='a'/><variable name='b'/>");
    let new = family("G", "<variable name='a'/><variable name='c'/>");
    let (added, changed, removed) = told(&old, &new);
    assert_eq!(added, ["family G", "variable c"]);
    assert_eq!(changed, ["variable a: family was creole.f, is creole.g"]);
    assert_eq!(removed, ["family F", "variable b"]);
}

#[test]
fn a_reference_kept_as_json_is_read_back() {
    let reference = described(&family("F", "<variable name='a' type='oui/non' mandatory='True'/>"));
    let json = reference.write(Form::Json, &Words::default());
    assert_eq!(serde_json::from_str::<Reference>(&json).unwrap(), reference);
    assert!(
        changes(&reference, &reference).write(Form::Markdown, &Words::default()).contains("Nothing changed")
    );
}

#[test]
fn no_text_of_a_dictionary_is_more_than_text() {
    let evil = "&lt;script&gt;alert(1)&lt;/script&gt; | `x` [y](javascript:z) &quot;onload=&quot;";
    let content =
        family(evil, &format!("<variable name='a' description='{evil}'><value>{evil}</value></variable>"))
            + &format!("<help><variable name='a'>{evil}</variable></help>");
    let reference = described(&content);
    let html = reference.write(Form::Html, &Words::default());
    assert!(!html.contains("<script") && !html.contains("\"onload"), "{html}");
    let markdown = reference.write(Form::Markdown, &Words::default());
    assert!(!markdown.contains("<script") && !markdown.contains("](javascript"), "{markdown}");
    assert!(!markdown.contains(" `x`"), "{markdown}");
}

#[test]
fn a_repeated_family_and_a_secret_are_described_as_written() {
    let content = "<variables><family name='f'><variable name='n' type='number'><value>3</value></variable></family>\
        <family name='Tab-X' numbered='n'><variable name='tX_a' type='password'><value>hunter2</value></variable></family></variables>";
    let reference = described(content);
    let markdown = reference.write(Form::Markdown, &Words::default());
    assert_eq!(markdown.matches("#### ").count(), 2, "{markdown}");
    assert!(markdown.contains("#### tX\\_a") && !markdown.contains("hunter2"), "{markdown}");
}

#[test]
fn what_a_change_says_of_yes_and_no_is_said_in_french_too() {
    let words = Words::new(crate::words::Language::Fr);
    let said = |what, from: &str, to: &str| {
        let change = Change {
            of: "variable",
            name: "a".to_owned(),
            what: Some(what),
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
        };
        words.phrase(&markdown::sentence(&change))
    };
    assert!(said("mandatory", "no", "yes").ends_with("avant, non\u{a0}; maintenant, oui"));
    assert!(
        said("values", "a, b", "a (others too)")
            .ends_with("avant, a, b\u{a0}; maintenant, a (d'autres aussi)")
    );
    assert!(
        said("default", "no", "yes").ends_with("avant, no\u{a0}; maintenant, yes"),
        "a value is as it is"
    );
}
