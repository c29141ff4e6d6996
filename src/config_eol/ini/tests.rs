use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Findings;
use crate::source::Sources;

fn read(text: &str) -> (Option<Ini>, Findings) {
    let mut findings = Findings::default();
    let file = Sources::default().add("old.eol", text);
    let ini = parse(text, file, &mut findings);
    (ini, findings)
}

/// The texts of the `val` of the one section of `text`.
#[track_caller]
fn values(list: &str) -> Vec<Option<String>> {
    let (ini, findings) = read(&format!("[a]\nval = {list}\n"));
    assert!(findings.is_empty(), "{list}: {:?}", findings.codes());
    ini.unwrap().sections.remove(0).val.into_iter().map(|item| item.text).collect()
}

#[track_caller]
fn value(list: &str) -> String {
    values(list).remove(0).unwrap()
}

/// The codes found in `text`, each with what its span underlines.
#[track_caller]
fn refused(text: &str, expected: &[(&str, &str)]) {
    let (ini, findings) = read(text);
    assert!(ini.is_none());
    let found: Vec<(String, &str)> = findings
        .iter()
        .map(|finding| {
            let span = finding.at.as_ref().unwrap().span;
            (finding.code().replace("config_eol::ini_", ""), &text[span.start as usize..span.end as usize])
        })
        .collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(code, at)| (code.as_str(), *at)).collect();
    assert_eq!(found, expected);
}

#[test]
fn sections_are_read_in_order_with_their_parts_and_places() {
    let text = "# saved by gen_config\n[b]\nvaldefault = ['x']\nvalprec = []\nval = ['1', '2']\n\n[a]\nVAL: []\nmore = ?\n";
    let ini = read(text).0.unwrap();
    let names: Vec<&str> = ini.sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    let first = &ini.sections[0];
    assert_eq!((first.val.len(), first.valprec.len(), first.valdefault.len()), (2, 0, 1));
    let span = first.val[1].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "'2'");
    assert!(!format!("{ini:?}").contains('x'), "{ini:?}");
}

#[test]
fn texts_are_read_as_python_wrote_them() {
    assert_eq!(value(r"['Coll\xe8ge de d\xe9mo']"), "Collège de démo");
    assert_eq!(value(r"['Coll\xc3\xa8ge']"), "Collège");
    assert_eq!(value(r"['\303\250']"), "è");
    assert_eq!(value(r"['é\xc3\xa8']"), "éè");
    assert_eq!(value(r"['\xc3\xa8 \xe8']"), "Ã¨ è");
    assert_eq!(value(r"[u'Coll\xe8ge \u20ac \U0001f600 \ud83d\ude00']"), "Collège € 😀 😀");
    assert_eq!(value(r#"["l'air"]"#), "l'air");
    assert_eq!(value(r"['a\\b\'c\nd\te']"), "a\\b'c\nd\te");
    assert_eq!(value(r"['C:\dir \u00e8']"), r"C:\dir \u00e8");
    assert_eq!(value(r"[b'x']"), "x");
    let words = values("[ 'a' , 12, -3L, 1.5, True, None , ]");
    let words: Vec<_> = words.iter().map(|word| word.as_deref().unwrap_or("-")).collect();
    assert_eq!(words, ["a", "12", "-3", "1.5", "True", "-"]);
    assert_eq!(values("['a',\n  'b']").len(), 2);
}

#[test]
fn bytes_of_either_encoding_are_a_text() {
    assert_eq!(decoded(b"\xe8\xe9".to_vec()), "èé");
    assert_eq!(decoded("\u{feff}è".into()), "è");
}

#[test]
fn all_that_is_wrong_is_found_where_it_stands() {
    refused("val = []\n[a]\nval = []\nhello\n", &[("stray_line", "val = []"), ("stray_line", "hello")]);
    refused("  x = 1\n", &[("stray_line", "  x = 1")]);
    refused(
        "[]\nval = ['a']\n[b\n[c] d\n",
        &[("bad_section", "[]"), ("bad_section", "[b"), ("bad_section", "[c] d")],
    );
    refused("[a]\nval = []\n[a]\nval = []\n", &[("duplicate_section", "a")]);
    refused("[a]\nval = []\nval = ['x']\n", &[("duplicate_part", "val")]);
    refused("[a]\nvalprec = []\n[b]\n", &[("no_val", "a"), ("no_val", "b")]);
    refused("[a]\nval = 'x'\n[b]\nval =\n", &[("bad_list", "'"), ("bad_list", "")]);
    refused("[a]\nval = ['x' 'y']\n", &[("bad_list", "'")]);
    refused("[a]\nval = ['x\n", &[("bad_list", "'x")]);
    refused("[a]\nval = ['x'\n", &[("bad_list", "")]);
    refused("[a]\nval = [x, [1]]\n", &[("bad_list", "x")]);
    refused("[a]\nval = ['\\xg1'] \n", &[("bad_list", "g")]);
    refused("[a]\nval = [u'\\ud800']\n", &[("bad_list", "'")]);
    refused("[a]\nval = [] []\n", &[("bad_list", "[")]);
}

#[test]
fn size_is_limited() {
    let many = "[a]\nval = [".to_owned() + &"1,".repeat(70_000) + "]";
    assert_eq!(read(&many).1.codes(), ["config_eol::ini_too_many"]);
    let many: Vec<String> = (0..MAX_SECTIONS + 3).map(|number| format!("[a{number}]\nval = []\n")).collect();
    let many = many.concat();
    assert_eq!(read(&many).1.codes(), ["config_eol::ini_too_many"]);
}

#[test]
fn values_are_not_shown() {
    let text = "[a_1]\nval = ['sec\\'ret', \"é]€\", 12]\n[a b]\nsecret\nsecret = ['x']\nvaldefault=['s\n";
    let expected = "[a_1]\nval = ['********', \"·]•\", **]\n[* *]\n******\n****** * ['*']\nvaldefault=['*\n";
    assert_eq!(masked(text), expected.replace("·]•", "·*•"));
}

/// A text as Python 2 prints it, in one of its ways.
fn printed(text: &str, way: u8) -> String {
    let mut printed = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => printed.push_str("\\\\"),
            '\'' => printed.push_str("\\'"),
            '\n' => printed.push_str("\\n"),
            _ if letter.is_ascii() && !letter.is_ascii_control() => printed.push(letter),
            _ if way == 0 => write!(printed, "\\U{:08x}", u32::from(letter)).unwrap(),
            _ if way == 1 => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    write!(printed, "\\x{byte:02x}").unwrap();
                }
            }
            _ if letter.is_control() => write!(printed, "\\x{:02x}", u32::from(letter)).unwrap(),
            _ => printed.push(letter),
        }
    }
    format!("{}'{printed}'", if way == 0 { "u" } else { "" })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_in_its_bounds(text in "\\PC*|([\\[\\]val='\",\\\\xuUN0-9 \n]|é)*") {
        let (_, findings) = read(&text);
        for label in findings.iter().flat_map(|finding| finding.at.iter().chain(&finding.related)) {
            prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some());
        }
        prop_assert_eq!(masked(&text).len(), text.len());
    }

    #[test]
    fn any_list_is_read_or_refused(list in "\\[([u'\",\\\\xuUN0-9 a-f]|é){0,40}\\]?") {
        let text = format!("[a]\nval = {list}\n");
        let (_, findings) = read(&text);
        for label in findings.iter().filter_map(|finding| finding.at.as_ref()) {
            prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some());
        }
    }

    #[test]
    fn what_python_prints_is_read_back(
        sections in prop::collection::btree_map("[a-z_][a-z0-9_]{0,8}", prop::collection::vec(("[^\u{80}-\u{9f}]{0,12}", 0..3_u8), 0..4), 0..6)
    ) {
        let mut text = String::new();
        for (name, values) in &sections {
            let values: Vec<String> = values.iter().map(|(value, way)| printed(value, *way)).collect();
            write!(text, "[{name}]\nvaldefault = []\nvalprec = []\nval = [{}]\n\n", values.join(", ")).unwrap();
        }
        let (ini, findings) = read(&text);
        prop_assert!(findings.is_empty(), "{:?}\n{}", findings.codes(), text);
        let read: Vec<(String, Vec<String>)> = ini.unwrap().sections.into_iter()
            .map(|section| (section.name, section.val.into_iter().map(|item| item.text.unwrap()).collect()))
            .collect();
        let wanted: Vec<(String, Vec<String>)> = sections.into_iter()
            .map(|(name, values)| (name, values.into_iter().map(|(value, _)| value).collect()))
            .collect();
        prop_assert_eq!(read, wanted);
    }
}
