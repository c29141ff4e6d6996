//! What the system says of a call that failed, which comes in English.
//!
//! In: a text that may end with such a sentence, as the standard library writes it (`No such file or directory (os error 2)`).
//! Out: the same with the phrase for it. What is not in the table stays as it is.

use crate::phrase;
use crate::words::Phrase;

/// What marks such a sentence; the number follows.
const MARK: &str = " (os error ";

/// The sentence of the system in `text`, whole, with its number and the phrase that says it.
pub(super) fn find(text: &str) -> Option<(String, i32, Phrase)> {
    let (_, rest) = text.split_once(MARK)?;
    let number = rest.split_once(')')?.0.parse().ok()?;
    let sentence = std::io::Error::from_raw_os_error(number).to_string();
    text.contains(&sentence).then_some(())?;
    Some((sentence, number, phrase_of(number)?))
}

fn phrase_of(number: i32) -> Option<Phrase> {
    Some(match number {
        1 => phrase!("system-not-permitted", "operation not permitted"),
        2 => phrase!("system-no-file", "no such file or directory"),
        5 => phrase!("system-input-output", "input/output error"),
        12 => phrase!("system-no-memory", "cannot allocate memory"),
        13 => phrase!("system-denied", "permission denied"),
        16 => phrase!("system-busy", "device or resource busy"),
        17 => phrase!("system-exists", "file exists"),
        18 => phrase!("system-other-disk", "invalid cross-device link"),
        20 => phrase!("system-no-folder", "not a directory"),
        21 => phrase!("system-folder", "is a directory"),
        22 => phrase!("system-invalid", "invalid argument"),
        24 => phrase!("system-many-files", "too many open files"),
        26 => phrase!("system-runs", "text file busy"),
        27 => phrase!("system-large", "file too large"),
        28 => phrase!("system-disk-full", "no space left on device"),
        30 => phrase!("system-read-only", "read-only file system"),
        32 => phrase!("system-pipe", "broken pipe"),
        36 => phrase!("system-long-name", "file name too long"),
        39 => phrase!("system-not-empty", "directory not empty"),
        40 => phrase!("system-links", "too many levels of symbolic links"),
        98 => phrase!("system-address-used", "address already in use"),
        99 => phrase!("system-no-address", "cannot assign requested address"),
        101 => phrase!("system-no-network", "network is unreachable"),
        104 => phrase!("system-reset", "connection reset by peer"),
        110 => phrase!("system-timeout", "connection timed out"),
        111 => phrase!("system-refused", "connection refused"),
        113 => phrase!("system-no-route", "no route to host"),
        122 => phrase!("system-quota", "disk quota exceeded"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_is_that_of_the_system() {
        let mut known = 0;
        for number in 1..200 {
            let Some(phrase) = phrase_of(number) else { continue };
            known += 1;
            let said = std::io::Error::from_raw_os_error(number).to_string().to_lowercase();
            assert_eq!(said, format!("{} (os error {number})", phrase.english()));
        }
        assert!(known > 20);
    }

    #[test]
    fn a_sentence_is_found_where_it_stands() {
        let (sentence, number, _) = find("git: No such file or directory (os error 2)").expect("it is there");
        assert_eq!((&*sentence, number), ("No such file or directory (os error 2)", 2));
        for other in ["no such file", "it ended (os error 2)", "x (os error 9999)", "x (os error two)"] {
            assert!(find(other).is_none(), "{other}");
        }
    }
}
