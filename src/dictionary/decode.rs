//! Bytes to text, by the encoding that the XML declaration names.

use crate::phrase;
use crate::words::Phrase;

/// Reads `bytes` as UTF-8, or as ISO-8859-1 (or -15) where the XML declaration says so, as old dictionaries do.
///
/// # Errors
/// Which encoding is not read, or at which byte the text is none of its encoding.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, Phrase> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match declared(&bytes).as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => String::from_utf8(bytes).map_err(|error| {
            phrase!("no-utf8", "byte {byte} is no UTF-8", byte = error.utf8_error().valid_up_to())
        }),
        Some("iso-8859-1" | "latin1" | "latin-1") => Ok(bytes.iter().copied().map(char::from).collect()),
        Some("iso-8859-15") => Ok(bytes.iter().copied().map(latin9).collect()),
        Some(other) => Err(phrase!(
            "no-encoding",
            "expected UTF-8, ISO-8859-1 or ISO-8859-15, found `{other}`",
            other = other
        )),
    }
}

/// The encoding that the declaration names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(200)];
    let head: String = head.iter().copied().map(char::from).collect();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_ascii_lowercase)
}

/// The letter of ISO-8859-15: eight of them differ from ISO-8859-1.
fn latin9(byte: u8) -> char {
    match byte {
        0xa4 => '€',
        0xa6 => 'Š',
        0xa8 => 'š',
        0xb4 => 'Ž',
        0xb8 => 'ž',
        0xbc => 'Œ',
        0xbd => 'œ',
        0xbe => 'Ÿ',
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_encoding_is_used() {
        assert_eq!(
            decode("<?xml version='1.0' encoding='utf-8'?>é".as_bytes().to_vec()).unwrap().chars().last(),
            Some('é')
        );
        let old = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\xe9";
        assert_eq!(decode(old.to_vec()).unwrap().chars().last(), Some('é'));
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='iso-8859-15'?>\xa4".to_vec()).unwrap().chars().last(),
            Some('€')
        );
    }

    #[test]
    fn what_is_not_read_is_refused() {
        assert_eq!(decode(b"a\xff".to_vec()).unwrap_err().english(), "byte 1 is no UTF-8");
        assert!(
            decode(b"<?xml version='1.0' encoding='utf-16'?>".to_vec())
                .unwrap_err()
                .english()
                .contains("utf-16")
        );
    }
}
