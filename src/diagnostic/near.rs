//! Names that somebody may have meant.

use crate::phrase;
use crate::words::Phrase;

/// The name among `known` that is nearest to `wanted`, if one is near enough to be what was meant: at most
/// a third of its letters differ.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_nearest(wanted, known).into_iter().next()
}

/// All the names that are as near as the nearest one, in their order.
pub fn all_nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (wanted.chars().count() / 3).max(1);
    let near = known.into_iter().filter(|name| *name != wanted).map(|name| (distance(wanted, name), name));
    let mut near: Vec<(usize, &str)> = near.filter(|(distance, _)| *distance <= limit).collect();
    near.sort_unstable();
    let least = near.first().map(|(distance, _)| *distance);
    near.into_iter().take_while(|(distance, _)| Some(*distance) == least).map(|(_, name)| name).collect()
}

/// What to do about `wanted`, which is none of `known`: write the one that may have been meant, if there is one.
pub fn meant<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Phrase> {
    nearest(wanted, known)
        .map(|near| phrase!("write-near", "write `{near}` if that is what you mean", near = near))
}

/// `` `a`, `b` or `c` ``.
pub fn alternatives(names: &[&str]) -> Phrase {
    match names {
        [] => phrase!("nothing", "nothing"),
        [name] => phrase!("quoted", "`{name}`", name = name),
        [name, last] => phrase!("either", "`{name}` or `{last}`", name = name, last = last),
        [name, rest @ ..] => {
            let rest = alternatives(rest);
            phrase!("several", "`{name}`, {rest}", name = name, rest = rest)
        }
    }
}

/// How many letters must be put in, taken out, replaced or exchanged with the next one to make `b` of `a` (Damerau and Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut earlier: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut before = None;
    for (i, letter) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let replaced = row[j] + usize::from(letter != *other);
            let mut least = replaced.min(next[j] + 1).min(row[j + 1] + 1);
            if j > 0 && before == Some(*other) && b[j - 1] == letter {
                least = least.min(earlier[j - 1] + 1);
            }
            next.push(least);
        }
        earlier = std::mem::replace(&mut row, next);
        before = Some(letter);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_a_slip_of_the_finger_and_nothing_far_off() {
        let known = ["conteneur1_name", "conteneur1_type", "nombre_conteneur"];
        assert_eq!(nearest("conteneur1_nmae", known), Some("conteneur1_name"));
        assert_eq!(nearest("nombre_conteneurs", known), Some("nombre_conteneur"));
        assert_eq!(nearest("adresse_ip_eth0", known), None);
        assert_eq!(nearest("gte", ["set", "get"]), Some("get"), "exchanged letters are one slip");
        assert_eq!(all_nearest("siet", ["set", "get", "site", "status"]), ["set", "site"]);
        assert_eq!(distance("abcdef", "abcdef"), 0);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
