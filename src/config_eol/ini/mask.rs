//! An older configuration fit to be shown: its values hidden, as passwords are among them.
//!
//! In: any text. Out: a text in which the names of sections and parts are left and all else that could be a value is
//! dotted out, each character by one that is as many bytes long, so that every span and column still holds.

use crate::config_eol::mask::dot;

/// The parts of a section.
pub(super) const PARTS: [&str; 3] = ["val", "valprec", "valdefault"];

/// `text` without its values.
pub(in crate::config_eol) fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let kept = name_end(line);
        let (name, value) = line.split_at(kept);
        shown.push_str(name);
        hide(value, &mut shown);
    }
    shown
}

/// How much of a line is the name of a section or of a part.
fn name_end(line: &str) -> usize {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if let Some((name, _)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return if name.bytes().all(plain) { name.len() + 2 } else { 0 };
    }
    match line.split_once('=') {
        Some((part, _)) if PARTS.contains(&part.trim_end()) => part.len() + 1,
        _ => 0,
    }
}

/// Dots out what is in quotes, and all else but the marks of a list.
fn hide(value: &str, shown: &mut String) {
    let (mut quote, mut escaped) = (None, false);
    for letter in value.chars() {
        let is_end = quote == Some(letter) && !escaped;
        let is_start = quote.is_none() && matches!(letter, '\'' | '"');
        escaped = quote.is_some() && letter == '\\' && !escaped;
        let mark = quote.is_none() && matches!(letter, '[' | ']' | ',' | ' ' | '\t');
        let keep = is_start || is_end || mark || matches!(letter, '\n' | '\r');
        shown.push(if keep { letter } else { dot(letter) });
        if is_start {
            quote = Some(letter);
        } else if is_end {
            quote = None;
        }
    }
}
