//! What becomes of a value in each language.
//!
//! A failing escape function would lose the place in Tera, so what has no form is written between two
//! [`REFUSED`] marks, and [`super::poison`] refuses the whole text. No accepted text has a mark.

use std::io::{self, Write};

use tera::{Error, Kwargs, State, TeraResult, Value};

/// Stands before and after a value that has no form.
pub(super) const REFUSED: char = '\0';
/// Stands before a text that JSON must have within quotes.
pub(super) const QUOTED: char = '\u{1}';

/// Writes what has no meaning of its own anywhere in nginx's configuration or in a shell.
pub(super) fn harmless(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let passes = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@%+,=[]".contains(&byte);
    if !text.is_empty() && text.bytes().all(passes) {
        out.write_all(text.as_bytes())
    } else {
        write!(out, "{REFUSED}{}{REFUSED}", text.replace(REFUSED, ""))
    }
}

/// Writes what is part of a line.
pub(super) fn lines(text: &str, out: &mut dyn Write) -> io::Result<()> {
    if text.contains(|letter: char| letter.is_control() && letter != '\t') {
        write!(out, "{REFUSED}{}{REFUSED}", text.replace(REFUSED, ""))
    } else {
        out.write_all(text.as_bytes())
    }
}

/// Writes a number or a word of JSON as it is, any other text as the inside of a JSON string.
pub(super) fn json(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let scalar = serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|value| !value.is_object() && !value.is_array() && !value.is_string());
    if scalar && text.trim() == text {
        return out.write_all(text.as_bytes());
    }
    let quoted = serde_json::to_string(text)?;
    write!(out, "{QUOTED}{}", &quoted[1..quoted.len() - 1])
}

/// Writes what is a text of HTML, and of an attribute in quotes; a control character has no form there.
pub(super) fn html(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    if !text.chars().all(is_plain) {
        return write!(out, "{REFUSED}{}{REFUSED}", text.replace(REFUSED, ""));
    }
    for letter in text.chars() {
        match letter {
            '&' => out.write_all(b"&amp;")?,
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '"' => out.write_all(b"&quot;")?,
            '\'' => out.write_all(b"&#39;")?,
            '`' => out.write_all(b"&#96;")?,
            other => write!(out, "{other}")?,
        }
    }
    Ok(())
}

/// The filter `json`: any value, with its quotes.
pub(super) fn json_filter(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    if value.is_undefined() {
        return Err(Error::message("the value is undefined"));
    }
    let text = serde_json::to_string(value).map_err(Error::message)?;
    Ok(Value::safe_string(&text))
}

/// The filter `sh`: one word for a shell, in single quotes.
pub(super) fn shell_filter(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    if value.is_undefined() {
        return Err(Error::message("the value is undefined"));
    }
    let text = if value.is_none() { String::new() } else { value.to_string() };
    if text.contains(char::is_control) {
        return Err(Error::message("the value has a line end or another control character"));
    }
    Ok(Value::safe_string(&format!("'{}'", text.replace('\'', r"'\''"))))
}

/// Stands in for Tera's filters that would let a value through as it is.
pub(super) fn refused_filter(_: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    Err(Error::message("this filter is refused: it would let a value break out of its place"))
}
