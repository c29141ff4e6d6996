use std::path::Path;

use super::*;
use crate::source::{Disk, Sources, Span, World};

fn parsed(text: &str) -> (Option<Dictionary>, Findings) {
    let mut sources = Sources::default();
    let file = sources.add("t.xml", text);
    let mut findings = Findings::default();
    let dictionary = parse(text, file, Namespace::Main, &mut findings);
    (dictionary, findings)
}

fn codes(text: &str) -> Vec<String> {
    parsed(text).1.codes()
}

#[test]
fn a_variable_is_read_with_its_place() {
    let text = "<creole><variables><family name='É'><variable name=\"v\" multi='True'><value> a&amp;b </value></variable></family></variables></creole>";
    let (dictionary, findings) = parsed(text);
    assert!(findings.is_empty());
    let dictionary = dictionary.unwrap();
    let variable = &dictionary.families[0].variables[0];
    assert_eq!((variable.name.value.as_ref(), variable.multi), ("v", Some(true)));
    assert_eq!(variable.values[0].value.as_ref(), "a&b");
    let Span { start, end, .. } = variable.name.span;
    assert_eq!(&text[start as usize..end as usize], "v");
}

#[test]
fn each_misuse_has_its_code_and_all_are_reported() {
    let text = "<creole colour='red'><variables><family><variable name='a' typ='ip'/></family></variables>\
        <constraints><condition name='disabled_if_inn' source='a'/><groop/></constraints>stray</creole>";
    let mut found = codes(text);
    found.sort();
    let expected = [
        "dictionary::missing_attribute",
        "dictionary::stray_text",
        "dictionary::unknown_attribute",
        "dictionary::unknown_attribute",
        "dictionary::unknown_element",
        "dictionary::unknown_word",
    ];
    assert_eq!(found, expected);
}

#[test]
fn text_that_is_not_well_formed_is_refused_with_its_place() {
    for text in [
        "",
        "<creole>",
        "<creole><a></b></creole>",
        "<creole/><creole/>",
        "<creole>&lol;</creole>",
        "<creole a='1' a='2'/>",
        "<creole><![CDATA[</creole>",
        "x<creole/>",
        "<creole>\0</creole>",
    ] {
        assert_eq!(codes(text), ["dictionary::not_well_formed"], "{text}");
    }
    let deep = "<a>".repeat(100);
    assert_eq!(codes(&deep), ["dictionary::not_well_formed"]);
    assert_eq!(codes("<eole/>"), ["dictionary::unknown_element"]);
}

#[test]
fn an_entity_bomb_does_not_grow() {
    let text = "<!DOCTYPE creole [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><creole>&b;</creole>";
    assert_eq!(codes(text), ["dictionary::not_well_formed"]);
}

#[test]
fn the_shipped_dictionaries_are_well_formed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dicos");
    let paths = Disk.list(&folder).unwrap();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xml")) {
        let text = decode(Disk.read(path).unwrap()).unwrap();
        assert_eq!(codes(&text), [""; 0], "{}", path.display());
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic_or_point_outside(text in "[<>/&;a-c='\" é\\[\\]!-]{0,60}") {
        let (_, findings) = parsed(&text);
        for finding in &findings {
            if let Some(label) = &finding.at {
                proptest::prop_assert!(text.get(label.span.start as usize..).is_some() || label.span.start as usize >= text.len());
                proptest::prop_assert!((label.span.end as usize) <= text.len());
            }
        }
    }
}
