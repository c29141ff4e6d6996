//! The normalised name of a family, by which references find it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::dictionary::Namespace;

/// A family's name in lower case and without accents, each run of other characters than letters and digits made one
/// `_` (CREOLE.md: `Conteneur-1` is `conteneur_1`, `réseau avancé` is `reseau_avance`). Of a family that stands in
/// another, the names are joined with dots; of one outside of the main namespace, that comes first, with a colon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyName(String);

impl FamilyName {
    /// The normalised form of `name`.
    pub fn normalise(name: &str) -> Self {
        let mut normal = String::with_capacity(name.len());
        normalise(name, &mut normal);
        Self(normal)
    }

    /// The name of the family that stands in the others of `names`, the outermost first, in `namespace`.
    pub fn of_path<'n>(namespace: &Namespace, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut path = String::new();
        if let Namespace::Extra(space) = namespace {
            path.extend([space, ":"]);
        }
        for (place, name) in names.into_iter().enumerate() {
            if place > 0 {
                path.push('.');
            }
            normalise(name, &mut path);
        }
        Self(path)
    }

    /// The normalised name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without the families that it stands in and without its namespace.
    pub fn last(&self) -> &str {
        self.0.rsplit(['.', ':']).next().unwrap_or_default()
    }

    /// The name without its namespace.
    pub fn within_namespace(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, path)| path)
    }
}

/// Adds the normalised form of `name` to `normal`.
fn normalise(name: &str, normal: &mut String) {
    let start = normal.len();
    let name = name.trim();
    let mut add = |letter: char| {
        if letter.is_alphanumeric() {
            normal.extend(letter.to_lowercase());
        } else if normal[start..].is_empty() || !normal.ends_with('_') {
            normal.push('_');
        }
    };
    if name.is_ascii() {
        name.chars().for_each(&mut add);
    } else {
        name.nfd().filter(|letter| !is_combining_mark(*letter)).for_each(&mut add);
    }
}

impl fmt::Display for FamilyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_other_characters_do_not_matter() {
        for (name, normal) in [
            ("Conteneur-1", "conteneur_1"),
            ("réseau  avancé", "reseau_avance"),
            ("Œuvre", "œuvre"),
            ("a_b", "a_b"),
        ] {
            assert_eq!(FamilyName::normalise(name).as_str(), normal);
        }
    }

    #[test]
    fn paths_keep_namespaces_apart() {
        let extra = Namespace::Extra("extra".into());
        let in_main = FamilyName::of_path(&Namespace::Main, ["Extra", "B-1"]);
        let in_extra = FamilyName::of_path(&extra, ["B-1"]);
        assert_eq!((in_main.as_str(), in_extra.as_str()), ("extra.b_1", "extra:b_1"));
        assert_eq!((in_main.last(), in_extra.last()), ("b_1", "b_1"));
    }
}
