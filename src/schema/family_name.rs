//! The normalised name of a family, by which references find it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A family's name in lower case and without accents, each run of other characters than letters and digits made one
/// `_` (CREOLE.md: `Conteneur-1` is `conteneur_1`, `réseau avancé` is `reseau_avance`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyName(String);

impl FamilyName {
    /// The normalised form of `name`.
    pub fn normalise(name: &str) -> Self {
        let mut normal = String::with_capacity(name.len());
        for letter in name.trim().nfd().filter(|letter| !is_combining_mark(*letter)) {
            if letter.is_alphanumeric() {
                normal.extend(letter.to_lowercase());
            } else if !normal.ends_with('_') {
                normal.push('_');
            }
        }
        Self(normal)
    }

    /// The normalised name as text.
    pub fn as_str(&self) -> &str {
        &self.0
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
}
