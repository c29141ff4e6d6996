//! Formatting: `'%s' % value` and `'{}'.format(value)`.

use super::problem::{PercentProblem, PythonError};
use super::show;
use super::value::{Answer, Heap, Key, Value};
use crate::phrase;

/// How one value is to be written.
#[derive(Debug, Clone, Default)]
struct Spec {
    /// `<`, `>`, `^` or `=` (padding after the sign), if it was said.
    align: Option<char>,
    fill: Option<char>,
    /// `+` or a blank before what is not negative.
    sign: Option<char>,
    has_prefix: bool,
    has_commas: bool,
    width: usize,
    precision: Option<usize>,
}

/// The widest padding, and the most decimals.
const MAX_WIDTH: usize = 10_000;

/// The number that is next in `letters`.
fn number(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Answer<Option<usize>> {
    let mut number: Option<usize> = None;
    while let Some(digit) = letters.peek().and_then(|next| next.to_digit(10)) {
        letters.next();
        number = Some(number.unwrap_or(0) * 10 + digit as usize);
        if number > Some(MAX_WIDTH) {
            return Err(PercentProblem::too_long(phrase!(
                "tpl-width",
                "a width of more than {most}",
                most = MAX_WIDTH
            )));
        }
    }
    Ok(number)
}

fn cut_short<T>() -> Answer<T> {
    Err(PercentProblem::wrong_value(phrase!("tpl-format-early", "the format ends too early")))
}

/// The values that a `%` format takes.
struct Arguments {
    items: Vec<Value>,
    next: usize,
    whole: Value,
}

impl Arguments {
    fn next(&mut self) -> Answer {
        let item = self.items.get(self.next).cloned();
        self.next += 1;
        item.ok_or_else(|| {
            PercentProblem::wrong_type(phrase!(
                "tpl-format-more",
                "the format wants more values than it gets"
            ))
        })
    }

    fn named(&self, name: &str) -> Answer {
        let Value::Dict(items) = &self.whole else {
            return Err(PercentProblem::wrong_type(phrase!(
                "tpl-format-names",
                "the format has names, but its value is no dictionary"
            )));
        };
        let found = items.borrow().get(&Key::Text(name.into())).cloned();
        found.ok_or_else(|| {
            PercentProblem::failed(
                PythonError::Key,
                phrase!("tpl-format-lacks", "the format names what the dictionary lacks"),
            )
        })
    }
}

/// `pattern % value`.
pub(super) fn percent(pattern: &str, value: &Value, heap: &Heap) -> Answer<String> {
    let items = match value {
        Value::Tuple(items) => items.borrow().clone(),
        other => vec![other.clone()],
    };
    let mut arguments = Arguments { items, next: 0, whole: value.clone() };
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut has_names = false;
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let mut name = None;
        if letters.next_if_eq(&'(').is_some() {
            let inner: String = letters.by_ref().take_while(|next| *next != ')').collect();
            has_names = true;
            name = Some(inner);
        }
        let spec = percent_spec(&mut letters, &mut arguments, heap)?;
        let kind = match letters.next() {
            Some('%') => {
                text.push('%');
                continue;
            }
            Some(kind) => kind,
            None => return cut_short(),
        };
        let value = match name {
            Some(name) => arguments.named(&name)?,
            None => arguments.next()?,
        };
        text.push_str(&converted(kind, &value, &spec, heap)?);
        heap.room(text.len())?;
    }
    let is_dict = matches!(value, Value::Dict(_));
    if arguments.next < arguments.items.len() && !has_names && !is_dict {
        return Err(PercentProblem::wrong_type(phrase!(
            "tpl-format-all",
            "the format does not use all of its values"
        )));
    }
    Ok(text)
}

/// Flags, width and precision of a `%` format.
fn percent_spec(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    arguments: &mut Arguments,
    heap: &Heap,
) -> Answer<Spec> {
    let mut spec = Spec::default();
    while let Some(flag) = letters.next_if(|next| "-+ 0#".contains(*next)) {
        match flag {
            '-' => spec.align = Some('<'),
            '0' if spec.align.is_none() => (spec.align, spec.fill) = (Some('='), Some('0')),
            '#' => spec.has_prefix = true,
            '+' => spec.sign = Some('+'),
            ' ' if spec.sign.is_none() => spec.sign = Some(' '),
            _ => {}
        }
    }
    if spec.align == Some('<') {
        spec.fill = None;
    }
    if letters.next_if_eq(&'*').is_some() {
        let width = arguments.next()?.int(heap)?;
        spec.width = usize::try_from(width).unwrap_or(0).min(MAX_WIDTH);
    } else {
        spec.width = number(letters)?.unwrap_or(0);
    }
    if letters.next_if_eq(&'.').is_some() {
        spec.precision = Some(number(letters)?.unwrap_or(0));
    }
    while letters.next_if(|next| "hlL".contains(*next)).is_some() {}
    Ok(spec)
}

/// `value` as the conversion `kind` of a `%` format writes it.
fn converted(kind: char, value: &Value, spec: &Spec, heap: &Heap) -> Answer<String> {
    let value = value.plain(heap)?;
    match kind {
        's' | 'r' => {
            let text = if kind == 's' { show::string(&value, heap)? } else { show::repr(&value, heap)? };
            let mut spec = spec.clone();
            (spec.align, spec.fill) = (Some(spec.align.filter(|align| *align == '<').unwrap_or('>')), None);
            Ok(padded(&cut(text, spec.precision), "", &spec))
        }
        'c' => match value {
            Value::Int(code) => {
                let letter = u32::try_from(code).ok().and_then(char::from_u32);
                let letter = letter.ok_or_else(|| {
                    PercentProblem::wrong_value(phrase!("tpl-no-character", "there is no such character"))
                })?;
                Ok(padded(&letter.to_string(), "", spec))
            }
            other => Ok(padded(&other.str(heap)?, "", spec)),
        },
        'd' | 'i' | 'u' => {
            let whole = match value {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "`%d` cuts off, and what is too large is refused"
                )]
                Value::Float(number) if number.abs() < 9e18 => number.trunc() as i64,
                Value::Text(_) => {
                    return Err(PercentProblem::wrong_type(phrase!(
                        "tpl-format-number",
                        "`%d` wants a number, not a text; `int` makes one of it"
                    )));
                }
                other => other.int(heap)?,
            };
            numeric('d', &Value::Int(whole), spec, heap)
        }
        'x' | 'X' | 'o' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G' => numeric(kind, &value, spec, heap),
        _ => Err(PercentProblem::wrong_value(phrase!("tpl-no-conversion", "there is no such conversion"))),
    }
}

fn cut(text: String, precision: Option<usize>) -> String {
    match precision {
        Some(length) => text.chars().take(length).collect(),
        None => text,
    }
}

/// A number in the form `kind`, padded.
fn numeric(kind: char, value: &Value, spec: &Spec, heap: &Heap) -> Answer<String> {
    let (is_negative, digits, prefix) = if matches!(kind, 'd' | 'x' | 'X' | 'o' | 'b') {
        let whole = value.int(heap)?;
        let size = whole.unsigned_abs();
        let (digits, prefix) = match kind {
            'x' => (format!("{size:x}"), "0x"),
            'X' => (format!("{size:X}"), "0X"),
            'o' => (format!("{size:o}"), "0"),
            'b' => (format!("{size:b}"), "0b"),
            _ => (size.to_string(), ""),
        };
        let digits = match spec.precision {
            Some(least) => format!("{digits:0>least$}"),
            None => digits,
        };
        (whole < 0, digits, prefix)
    } else {
        let Some(number) = super::operators::number(value) else {
            let message =
                phrase!("tpl-wants-number", "expected a number, not a {kind}", kind = value.type_name());
            return Err(PercentProblem::wrong_type(message));
        };
        (number.is_sign_negative(), float_digits(kind, number.abs(), spec), "")
    };
    let digits = if spec.has_commas { with_commas(&digits) } else { digits };
    let sign = if is_negative { Some('-') } else { spec.sign };
    let prefix = if spec.has_prefix { prefix } else { "" };
    let start: String = sign.into_iter().chain(prefix.chars()).collect();
    Ok(padded(&digits, &start, spec))
}

fn float_digits(kind: char, number: f64, spec: &Spec) -> String {
    let precision = spec.precision.unwrap_or(6);
    match kind {
        'f' | 'F' => format!("{number:.precision$}"),
        'e' | 'E' => {
            let scientific = format!("{number:.precision$e}");
            let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            let written = format!("{digits}{}", show::written_exponent(exponent.parse().unwrap_or_default()));
            if kind == 'E' { written.to_uppercase() } else { written }
        }
        '%' => format!("{:.precision$}%", number * 100.0),
        _ => {
            let written = show::general(number, precision, true);
            if kind == 'G' { written.to_uppercase() } else { written }
        }
    }
}

fn with_commas(digits: &str) -> String {
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && place < whole && (whole - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `head` and `body` in the width of `spec`.
fn padded(body: &str, head: &str, spec: &Spec) -> String {
    let length = body.chars().count() + head.chars().count();
    let missing = spec.width.saturating_sub(length);
    let fill = |count: usize| std::iter::repeat_n(spec.fill.unwrap_or(' '), count).collect::<String>();
    match spec.align {
        Some('<') => format!("{head}{body}{}", fill(missing)),
        Some('^') => format!("{}{head}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
        Some('=') => format!("{head}{}{body}", fill(missing)),
        _ => format!("{}{head}{body}", fill(missing)),
    }
}

/// `pattern.format(…)`.
pub(super) fn braces(
    pattern: &str,
    items: &[Value],
    named: &[(String, Value)],
    heap: &Heap,
) -> Answer<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut next = 0;
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' if letters.next_if_eq(&letter).is_some() => text.push(letter),
            '{' => {
                let rest_before = letters.clone().count();
                let field: String = letters.by_ref().take_while(|next| *next != '}').collect();
                if field.contains('{') || rest_before == field.chars().count() {
                    return Err(PercentProblem::wrong_value(phrase!(
                        "tpl-format-field",
                        "a field of the format has no end, or stands in another"
                    )));
                }
                let (name, spec) = field.split_once(':').unwrap_or((&field, ""));
                let (name, conversion) = name.split_once('!').unwrap_or((name, ""));
                let value = field_value(name, items, named, &mut next)?;
                text.push_str(&formatted(&value, conversion, spec, heap)?);
                heap.room(text.len())?;
            }
            '}' => {
                return Err(PercentProblem::wrong_value(phrase!(
                    "tpl-format-closes",
                    "a `}` in the format closes nothing"
                )));
            }
            other => text.push(other),
        }
    }
    Ok(text)
}

fn field_value(name: &str, items: &[Value], named: &[(String, Value)], next: &mut usize) -> Answer {
    if name.contains(['.', '[']) {
        return Err(PercentProblem::wrong_value(phrase!(
            "tpl-format-name",
            "a field of the format may only be a number or a name"
        )));
    }
    let found = if name.is_empty() {
        *next += 1;
        items.get(*next - 1)
    } else if let Ok(place) = name.parse::<usize>() {
        items.get(place)
    } else {
        named.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    };
    found.cloned().ok_or_else(|| {
        PercentProblem::failed(
            PythonError::Index,
            phrase!("tpl-format-given", "the format wants a value that is not given"),
        )
    })
}

/// A value as a field of `format` writes it.
fn formatted(value: &Value, conversion: &str, spec: &str, heap: &Heap) -> Answer<String> {
    let value = value.plain(heap)?;
    let value = match conversion {
        "r" => Value::Text(show::repr(&value, heap)?.into()),
        "s" => Value::Text(show::string(&value, heap)?.into()),
        "" => value,
        _ => {
            return Err(PercentProblem::wrong_value(phrase!(
                "tpl-no-conversion",
                "there is no such conversion"
            )));
        }
    };
    let (spec, kind) = brace_spec(spec)?;
    match (&value, kind) {
        (Value::Float(_), None) if spec.precision.is_some() => numeric('g', &value, &spec, heap),
        (Value::Int(_), None) | (_, Some('n')) => numeric('d', &value, &spec, heap),
        (_, Some(kind)) if "dxXobfFeEgG%".contains(kind) => numeric(kind, &value, &spec, heap),
        (_, None | Some('s')) => {
            let spec = Spec { align: spec.align.or(Some('<')), ..spec };
            Ok(padded(&cut(show::string(&value, heap)?, spec.precision), "", &spec))
        }
        _ => Err(PercentProblem::wrong_value(phrase!("tpl-no-conversion", "there is no such conversion"))),
    }
}

/// What stands after the `:` of a field: the form, and the conversion.
fn brace_spec(text: &str) -> Answer<(Spec, Option<char>)> {
    let mut spec = Spec::default();
    let is_align = |letter: Option<char>| letter.filter(|letter| "<>^=".contains(*letter));
    let mut rest = text;
    let (first, second) = (text.chars().next(), text.chars().nth(1));
    if let (Some(fill), Some(align)) = (first, is_align(second)) {
        (spec.fill, spec.align) = (Some(fill), Some(align));
        rest = &text[fill.len_utf8() + 1..];
    } else if let Some(align) = is_align(first) {
        spec.align = Some(align);
        rest = &text[1..];
    }
    let mut letters = rest.chars().peekable();
    spec.sign = letters.next_if(|next| "+- ".contains(*next)).filter(|sign| *sign != '-');
    spec.has_prefix = letters.next_if_eq(&'#').is_some();
    if letters.next_if_eq(&'0').is_some() && spec.align.is_none() {
        (spec.align, spec.fill) = (Some('='), Some('0'));
    }
    spec.width = number(&mut letters)?.unwrap_or(0);
    spec.has_commas = letters.next_if_eq(&',').is_some();
    if letters.next_if_eq(&'.').is_some() {
        spec.precision = number(&mut letters)?;
    }
    let kind = letters.next();
    if letters.next().is_some() {
        return Err(PercentProblem::wrong_value(phrase!("tpl-no-format", "this is no format of a field")));
    }
    Ok((spec, kind))
}
