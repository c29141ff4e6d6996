//! How values are written: Python's `str` and `repr`.

use super::problem::PercentProblem;
use super::value::{Answer, Heap, MAX_TEXT, Value};
use crate::phrase;

/// How deep the lists may be that are written or compared.
pub(super) const MAX_DEPTH: usize = 40;

/// As a placeholder writes it: nothing for `None`, else as `str` does.
pub(super) fn placed(value: &Value, heap: &Heap) -> Answer<String> {
    match value.plain(heap)? {
        Value::None => Ok(String::new()),
        other => string(&other, heap),
    }
}

/// Python's `str`.
pub(super) fn string(value: &Value, heap: &Heap) -> Answer<String> {
    match value.plain(heap)? {
        Value::Text(text) => {
            heap.room(text.len())?;
            Ok(text.to_string())
        }
        Value::Float(number) => Ok(general(number, 12, false)),
        other => repr(&other, heap),
    }
}

/// Python's `repr`.
pub(super) fn repr(value: &Value, heap: &Heap) -> Answer<String> {
    let mut text = String::new();
    write(value, &mut text, heap, MAX_DEPTH)?;
    heap.room(text.len())?;
    Ok(text)
}

fn write(value: &Value, text: &mut String, heap: &Heap, depth: usize) -> Answer<()> {
    heap.spend(1)?;
    if depth == 0 || text.len() > MAX_TEXT {
        return Err(PercentProblem::too_long(phrase!(
            "tpl-list-write",
            "a list is more than {most} deep, or too long to write",
            most = MAX_DEPTH
        )));
    }
    match value.plain(heap)? {
        Value::Bool(true) => text.push_str("True"),
        Value::Bool(false) => text.push_str("False"),
        Value::Int(number) => text.push_str(&number.to_string()),
        Value::Float(number) => text.push_str(&shortest(number)),
        Value::Text(inner) => quote(&inner, text),
        Value::List(items) => {
            text.push('[');
            write_all(&items.borrow(), text, heap, depth)?;
            text.push(']');
        }
        Value::Tuple(items) => {
            text.push('(');
            write_all(&items.borrow(), text, heap, depth)?;
            text.push_str(if items.borrow().len() == 1 { ",)" } else { ")" });
        }
        Value::Dict(items) => {
            text.push('{');
            for (place, (key, item)) in items.borrow().iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write(&key.value(heap)?, text, heap, depth - 1)?;
                text.push_str(": ");
                write(item, text, heap, depth - 1)?;
            }
            text.push('}');
        }
        other @ (Value::Function(_) | Value::Module(_) | Value::Match(_)) => {
            let message = phrase!("tpl-not-written", "a {kind} cannot be written", kind = other.type_name());
            return Err(PercentProblem::wrong_type(message));
        }
        _ => text.push_str("None"),
    }
    Ok(())
}

fn write_all(items: &[Value], text: &mut String, heap: &Heap, depth: usize) -> Answer<()> {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        write(item, text, heap, depth - 1)?;
    }
    Ok(())
}

/// A text in the quotes that Python takes for it.
fn quote(inner: &str, text: &mut String) {
    let quote = if inner.contains('\'') && !inner.contains('"') { '"' } else { '\'' };
    text.push(quote);
    for letter in inner.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            letter if letter == quote => text.extend(['\\', letter]),
            letter if letter.is_ascii_control() => {
                let code = u32::from(letter);
                let digit = |digit: u32| char::from_digit(digit, 16).unwrap_or('0');
                text.extend(['\\', 'x', digit(code / 16), digit(code % 16)]);
            }
            letter => text.push(letter),
        }
    }
    text.push(quote);
}

/// A number as `repr` writes it: with the fewest digits that give it back.
fn shortest(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() { "nan".into() } else { format!("{number}") };
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let plain = format!("{number}");
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    format!("{digits}{}", written_exponent(exponent))
}

/// An exponent of at least two digits.
pub(super) fn written_exponent(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}

/// A number with at most `precision` digits that count, as `%g` writes it, or as `str` does, which has `.0` at least.
pub(super) fn general(number: f64, precision: usize, is_percent: bool) -> String {
    if !number.is_finite() {
        return shortest(number);
    }
    let precision = precision.clamp(1, 300);
    let scientific = format!("{number:.*e}", precision - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    let trimmed = |digits: &str| {
        if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            digits.to_owned()
        }
    };
    if exponent < -4 || exponent >= limit {
        return format!("{}{}", trimmed(digits), written_exponent(exponent));
    }
    let decimals = usize::try_from(limit - 1 - exponent).unwrap_or_default();
    let plain = trimmed(&format!("{number:.decimals$}"));
    if is_percent || plain.contains('.') { plain } else { format!("{plain}.0") }
}
