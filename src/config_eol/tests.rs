//! Tests of the saved values as a whole, by what they are about.

mod editing;
mod parsing;
mod properties;
mod storing;

use super::*;
use crate::diagnostic::Findings;
use crate::source::Sources;

/// In the form in which EOLE saves, with what is odd about it.
const SAMPLE: &str = concat!(
    r#"{"nom_machine": {"val": "eolebase", "owner": "gen_config"}, "nombre": {"owner": "zephir", "val": 2}, "#,
    r#""vide": {"val": null, "owner": "user"}, "ip": {"val": ["192.0.2.0", "192.0.2.1"], "owner": "gen_config"}, "#,
    r#""masque": {"val": {"1": "255.0.0.0", "0": 8}, "owner": {"0": "user", "1": "gen_config"}}, "#,
    r#""___odd___": [1,  2], "inconnue" : {"val" : "é", "more": {"x":1}, "owner":"x"} , "___version___": "2.8.0"}"#
);

/// What is saved in `text`, in which nothing is wrong.
fn saved(text: &str) -> Saved {
    let (saved, findings) = read(text);
    assert!(findings.is_empty(), "{findings:?}");
    saved.unwrap()
}

fn read(text: &str) -> (Option<Saved>, Findings) {
    let mut findings = Findings::default();
    let file = Sources::default().add("config.eol", text);
    let saved = parse(text, file, &mut findings);
    (saved, findings)
}

fn item(value: &str, owner: &str) -> SavedItem {
    SavedItem::new(value, owner)
}
