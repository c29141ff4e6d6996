//! The methods of texts.

use std::sync::Arc;

use super::format;
use super::methods::{Arguments, missing};
use super::problem::PercentProblem;
use super::value::{Answer, Heap, Value};
use super::{index, show};
use crate::phrase;

/// Their names.
pub(super) const METHODS: [&str; 37] = [
    "split",
    "rsplit",
    "splitlines",
    "join",
    "strip",
    "lstrip",
    "rstrip",
    "startswith",
    "endswith",
    "replace",
    "upper",
    "lower",
    "capitalize",
    "title",
    "swapcase",
    "find",
    "rfind",
    "index",
    "rindex",
    "count",
    "isdigit",
    "isalpha",
    "isalnum",
    "isspace",
    "isupper",
    "islower",
    "format",
    "zfill",
    "ljust",
    "rjust",
    "center",
    "partition",
    "rpartition",
    "encode",
    "decode",
    "expandtabs",
    "isnumeric",
];

/// `text.name(…)`.
pub(super) fn call(text: &Arc<str>, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    heap.room(text.len())?;
    match name {
        "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => split(text, name, arguments, heap),
        "join" => {
            let items = arguments.want(0, "items")?.iterate(heap)?;
            join(&items, text, heap)
        }
        "strip" | "lstrip" | "rstrip" => strip(text, name, arguments, heap),
        "startswith" | "endswith" => affix(text, name, arguments.want(0, "part")?, heap),
        "find" | "rfind" | "index" | "rindex" | "count" => find(text, name, arguments, heap),
        "replace" => replace(text, arguments, heap),
        "format" => heap.text(format::braces(text, &arguments.items, &arguments.named, heap)?),
        "zfill" | "ljust" | "rjust" | "center" => pad(text, name, arguments, heap),
        // Texts are characters throughout, so there is nothing to be done.
        "encode" | "decode" => Ok(Value::Text(Arc::clone(text))),
        _ if name.starts_with("is") && METHODS.contains(&name) => Ok(Value::Bool(is(text, name))),
        _ => heap.text(case(text, name)?),
    }
}

fn case(text: &str, name: &str) -> Answer<String> {
    Ok(match name {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "capitalize" => {
            let mut letters = text.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            first + &letters.as_str().to_lowercase()
        }
        "title" => {
            let (mut title, mut is_inside) = (String::new(), false);
            for letter in text.chars() {
                if is_inside {
                    title.extend(letter.to_lowercase());
                } else {
                    title.extend(letter.to_uppercase());
                }
                is_inside = letter.is_alphabetic();
            }
            title
        }
        "swapcase" => {
            let mut swapped = String::new();
            for letter in text.chars() {
                if letter.is_uppercase() {
                    swapped.extend(letter.to_lowercase());
                } else {
                    swapped.extend(letter.to_uppercase());
                }
            }
            swapped
        }
        "expandtabs" => text.replace('\t', "        "),
        _ => return Err(missing(&Value::Text("".into()), name)),
    })
}

fn is(text: &str, name: &str) -> bool {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    match name {
        "isdigit" => all(|letter| letter.is_ascii_digit()),
        "isnumeric" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(char::is_whitespace),
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        _ => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
    }
}

/// The texts of `items` with `between` between them.
pub(super) fn join(items: &[Value], between: &str, heap: &Heap) -> Answer {
    let mut text = String::new();
    for (place, item) in items.iter().enumerate() {
        let item = item.plain(heap)?;
        let Value::Text(item) = &item else {
            let message = phrase!(
                "tpl-join-item",
                "item {place} of the list to join is a {kind}, not a text",
                place = place,
                kind = item.type_name()
            );
            return Err(PercentProblem::wrong_type(message));
        };
        if place > 0 {
            text.push_str(between);
        }
        text.push_str(item);
        heap.spend((item.len() + between.len()) / 16 + 1)?;
        if text.len() > super::value::MAX_TEXT {
            break;
        }
    }
    heap.text(text)
}

fn texts<'t>(parts: impl Iterator<Item = &'t str>, heap: &Heap) -> Answer<Vec<Value>> {
    parts.map(|part| heap.text(part)).collect()
}

fn separator(arguments: &Arguments, heap: &Heap) -> Answer<Option<Arc<str>>> {
    let separator = match arguments.get(0, "sep") {
        None | Some(Value::None) => return Ok(None),
        Some(separator) => separator.str(heap)?,
    };
    if separator.is_empty() {
        return Err(PercentProblem::wrong_value(phrase!("tpl-separator-empty", "the separator is empty")));
    }
    Ok(Some(separator))
}

fn split(text: &str, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    if name == "splitlines" {
        let keep = arguments.get(0, "keepends").is_some_and(Value::is_true);
        let lines = text.split_inclusive('\n');
        let cut = |line: &'_ str| -> usize { line.trim_end_matches('\n').trim_end_matches('\r').len() };
        return heap.list(texts(lines.map(|line| if keep { line } else { &line[..cut(line)] }), heap)?);
    }
    if name.ends_with("partition") {
        let between = separator(arguments, heap)?;
        let Some(between) = between else {
            return Err(PercentProblem::wrong_type(phrase!(
                "tpl-separator-missing",
                "the separator is missing"
            )));
        };
        let found =
            if name == "partition" { text.split_once(&*between) } else { text.rsplit_once(&*between) };
        let parts = match found {
            Some((before, after)) => [before, &between, after],
            None if name == "partition" => [text, "", ""],
            None => ["", "", text],
        };
        return heap.tuple(texts(parts.into_iter(), heap)?);
    }
    let most = match arguments.get(1, "maxsplit") {
        Some(most) => usize::try_from(most.int(heap)?).ok(),
        None => None,
    };
    let parts = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let mut parts: Vec<&str> = match (separator(arguments, heap)?, name) {
        (Some(between), "split") => {
            return heap.list(texts(text.splitn(parts, &*between), heap)?);
        }
        (Some(between), _) => {
            let items = texts(text.rsplitn(parts, &*between), heap)?;
            return heap.list(items.into_iter().rev().collect());
        }
        (None, "split") => words(text, parts),
        (None, _) => words_from_end(text, parts),
    };
    parts.retain(|part| !part.is_empty());
    heap.list(texts(parts.into_iter(), heap)?)
}

/// The words of a text, at most `count` parts, the last with all that is left.
fn words(text: &str, count: usize) -> Vec<&str> {
    let (mut rest, mut parts) = (text.trim_start(), Vec::new());
    while !rest.is_empty() {
        if parts.len() + 1 == count {
            parts.push(rest.trim_end());
            break;
        }
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        parts.push(word);
        rest = after.trim_start();
    }
    parts
}

/// Likewise, from the end.
fn words_from_end(text: &str, count: usize) -> Vec<&str> {
    let (mut rest, mut parts) = (text.trim_end(), Vec::new());
    while !rest.is_empty() {
        if parts.len() + 1 == count {
            parts.push(rest.trim_start());
            break;
        }
        let (before, word) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        parts.push(word);
        rest = before.trim_end();
    }
    parts.reverse();
    parts
}

fn strip(text: &str, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let letters = match arguments.get(0, "chars") {
        None | Some(Value::None) => None,
        Some(letters) => Some(letters.str(heap)?),
    };
    let is_stripped = |letter: char| match &letters {
        Some(letters) => letters.contains(letter),
        None => letter.is_whitespace(),
    };
    let mut text = text;
    if name != "rstrip" {
        text = text.trim_start_matches(is_stripped);
    }
    if name != "lstrip" {
        text = text.trim_end_matches(is_stripped);
    }
    heap.text(text)
}

fn affix(text: &str, name: &str, part: &Value, heap: &Heap) -> Answer {
    let parts = match part.plain(heap)? {
        Value::Tuple(parts) => parts.borrow().clone(),
        other => vec![other],
    };
    for part in parts {
        let part = part.str(heap)?;
        if if name == "startswith" { text.starts_with(&*part) } else { text.ends_with(&*part) } {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn find(text: &str, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let part = arguments.want(0, "part")?.str(heap)?;
    let bounds = [arguments.get(1, "start").cloned(), arguments.get(2, "end").cloned(), None];
    let before = if bounds[0].is_some() {
        let skipped =
            index::slice(&Value::Text(text.into()), &[None, bounds[0].clone(), None], heap)?.str(heap)?;
        skipped.chars().count()
    } else {
        0
    };
    let inner = if before > 0 || bounds[1].is_some() {
        index::slice(&Value::Text(text.into()), &bounds, heap)?.str(heap)?
    } else {
        text.into()
    };
    if name == "count" {
        let count = if part.is_empty() { inner.chars().count() + 1 } else { inner.matches(&*part).count() };
        return Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let found = if name.starts_with('r') { inner.rfind(&*part) } else { inner.find(&*part) };
    match found {
        Some(found) => {
            let place = before + inner[..found].chars().count();
            Ok(Value::Int(i64::try_from(place).unwrap_or(i64::MAX)))
        }
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => {
            Err(PercentProblem::wrong_value(phrase!("tpl-part-missing", "the text does not have the part")))
        }
    }
}

fn replace(text: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let (old, new) = (arguments.want(0, "old")?.str(heap)?, arguments.want(1, "new")?.str(heap)?);
    let most = match arguments.get(2, "count") {
        Some(most) => usize::try_from(most.int(heap)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let count = if old.is_empty() { text.chars().count() + 1 } else { text.matches(&*old).count() }.min(most);
    heap.room(text.len().saturating_add(count.saturating_mul(new.len())))?;
    heap.text(text.replacen(&*old, &new, most))
}

fn pad(text: &str, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let width = usize::try_from(arguments.want(0, "width")?.int(heap)?).unwrap_or(0);
    let fill = match arguments.get(1, "fillchar") {
        Some(fill) => fill.str(heap)?,
        None => (if name == "zfill" { "0" } else { " " }).into(),
    };
    if fill.chars().count() != 1 {
        return Err(PercentProblem::wrong_type(phrase!("tpl-fill", "what fills must be one character")));
    }
    let missing = width.saturating_sub(text.chars().count());
    heap.room(missing.saturating_mul(fill.len()).saturating_add(text.len()))?;
    let padded = match name {
        "ljust" => format!("{text}{}", fill.repeat(missing)),
        "rjust" => format!("{}{text}", fill.repeat(missing)),
        "center" => {
            // Where it does not come out even, Python puts more on the left of an odd width.
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", fill.repeat(left), fill.repeat(missing - left))
        }
        _ => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            format!("{}{}{digits}", &text[..text.len() - digits.len()], fill.repeat(missing))
        }
    };
    heap.text(padded)
}

/// The text of any value, as `str` gives it.
pub(super) fn of(value: &Value, heap: &Heap) -> Answer {
    heap.text(show::string(value, heap)?)
}
