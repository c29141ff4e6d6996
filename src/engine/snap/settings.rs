//! A snap's settings, made of the variables of the environment.
//!
//! A setting is written in small letters with dots and dashes, a variable in capitals with underscores: `HTTP__MAX_SIZE` is
//! `http.max-size`. A value is what `snap set` would make of it: a number or a truth where it reads as one, else a text.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::run_spec::Secret;

/// The setting that the variable `name` stands for, if snapd allows one of such a name.
pub(super) fn key(name: &str) -> Option<String> {
    let parts = name.split("__").map(part);
    Some(parts.collect::<Option<Vec<_>>>()?.join("."))
}

fn part(text: &str) -> Option<String> {
    let part = text.to_ascii_lowercase().replace('_', "-");
    let words = part.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    (words && part.bytes().any(|byte| byte.is_ascii_lowercase())).then_some(part)
}

fn value(text: &str) -> Value {
    let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    match (number, text) {
        (Some(number), _) => number.into(),
        (None, "true") => true.into(),
        (None, "false") => false.into(),
        (None, text) => text.into(),
    }
}

/// What snapd is to set for `environment`; those of `earlier` that are no longer wanted are taken back.
pub(super) fn wanted(environment: &BTreeMap<String, Secret>, earlier: &[String]) -> Map<String, Value> {
    let mut wanted: Map<String, Value> = earlier.iter().map(|key| (key.clone(), Value::Null)).collect();
    for (name, text) in environment {
        if let Some(key) = key(name) {
            wanted.insert(key, value(text.reveal()));
        }
    }
    wanted
}

/// `message` without the values of `environment`: a snap's own words may quote them.
pub(super) fn masked(message: &str, environment: &BTreeMap<String, Secret>) -> String {
    let mut values: Vec<&str> =
        environment.values().map(Secret::reveal).filter(|text| text.len() > 1).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values.iter().fold(message.to_owned(), |message, value| message.replace(value, "…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_settings() {
        assert_eq!(key("GREETING").as_deref(), Some("greeting"));
        assert_eq!(key("HTTP__MAX_SIZE").as_deref(), Some("http.max-size"));
        assert_eq!(key("A1_2").as_deref(), Some("a1-2"));
        for none in ["_A", "A_", "A___B", "1", "__", "A__1"] {
            assert_eq!(key(none), None, "{none}");
        }
    }

    #[test]
    fn values_are_what_snap_set_makes_of_them() {
        assert_eq!(value("80"), Value::from(80));
        assert_eq!(value("true"), Value::from(true));
        for text in ["080", "1e5", "null", "{}", "\"a\"", ""] {
            assert_eq!(value(text), Value::from(text));
        }
    }

    #[test]
    fn what_is_no_longer_wanted_is_taken_back() {
        let environment = BTreeMap::from([("PORT".to_owned(), Secret::new("80"))]);
        let wanted = Value::Object(wanted(&environment, &["port".to_owned(), "old".to_owned()]));
        assert_eq!(wanted, serde_json::json!({"port": 80, "old": null}));
    }

    #[test]
    fn words_of_a_snap_show_no_secret() {
        let environment = BTreeMap::from([
            ("A".to_owned(), Secret::new("secret")),
            ("B".to_owned(), Secret::new("secretary")),
        ]);
        assert_eq!(
            masked("bad value \"secretary\", not \"secret\"", &environment),
            "bad value \"…\", not \"…\""
        );
    }
}
