//! A `config.eol` fit to be shown: its values hidden, as passwords are among them.
//!
//! In: any text, JSON or not. Out: a text in which the names are left and all else that could be a value is dotted
//! out, each character by one that is as many bytes long, so that every span and column still holds.

/// `text` without its values.
pub(super) fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (outside, string) = rest.split_at(quote);
        shown.extend(outside.chars().map(hide));
        let (string, after) = string.split_at(string_end(string));
        if is_name(string) && after.trim_start().starts_with(':') {
            shown.push_str(string);
        } else {
            hide_string(string, &mut shown);
        }
        rest = after;
    }
    shown.extend(rest.chars().map(hide));
    shown
}

/// Where the JSON string with which `text` begins ends: after its closing quote, or with the line where there is none.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a string is the name of a variable or of a part, which may be shown.
fn is_name(string: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    string
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .is_some_and(|name| name.bytes().all(plain))
}

/// Dots a string out, its quotes aside.
fn hide_string(string: &str, shown: &mut String) {
    let inside = string.strip_prefix('"').unwrap_or(string);
    let (inside, closing) = inside.strip_suffix('"').map_or((inside, ""), |inside| (inside, "\""));
    shown.push('"');
    if inside.is_ascii() {
        shown.extend(std::iter::repeat_n('*', inside.len()));
    } else {
        shown.extend(inside.chars().map(dot));
    }
    shown.push_str(closing);
}

/// A dot for a character outside strings; the marks of JSON and white space stay.
fn hide(character: char) -> char {
    if matches!(character, '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '\t' | '\n' | '\r') {
        character
    } else {
        dot(character)
    }
}

/// A dot with as many bytes as the character.
pub(super) fn dot(character: char) -> char {
    match character.len_utf8() {
        1 => '*',
        2 => '·',
        3 => '•',
        _ => '🞄',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_values_go() {
        let text = r#"{"a_1": {"owner": "x", "val": ["s\"é€😀", 12, null]}, "___v": true}"#;
        let expected = r#"{"a_1": {"owner": "*", "val": ["***·•🞄", **, ****]}, "___v": ****}"#;
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn a_lost_quote_shows_nothing_more() {
        let text = "{\"a: {\"val\": \"secret\", \"owner\": \"x\"}, \"b\": {\"val\": \"hidden";
        let shown = masked(text);
        assert!(!shown.contains("secret") && !shown.contains("hidden"), "{shown}");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn a_string_ends_with_its_line() {
        assert_eq!(masked("{\"a\": \"se\n\"b\": \"cret\"}"), "{\"a\": \"**\n\"b\": \"****\"}");
    }
}
