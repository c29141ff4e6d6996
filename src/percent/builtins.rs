//! Python's functions that need no module.

use std::sync::Arc;

use indexmap::IndexMap;

use super::methods::{Arguments, sorted};
use super::operators;
use super::problem::PercentProblem;
use super::tree::Binary;
use super::value::{Answer, Callable, Heap, Key, Value};
use super::{show, text};
use crate::phrase;

/// Their names. `map` and `filter`, which call functions themselves, are the interpreter's.
pub(super) const NAMES: [&str; 34] = [
    "len",
    "range",
    "xrange",
    "int",
    "long",
    "float",
    "str",
    "unicode",
    "repr",
    "bool",
    "list",
    "tuple",
    "dict",
    "enumerate",
    "sorted",
    "reversed",
    "zip",
    "min",
    "max",
    "sum",
    "abs",
    "any",
    "all",
    "round",
    "isinstance",
    "ord",
    "chr",
    "unichr",
    "hex",
    "oct",
    "divmod",
    "map",
    "filter",
    "basestring",
];

/// Those that are types: without brackets they stay functions.
pub(super) fn is_type(name: &str) -> bool {
    matches!(
        name,
        "int"
            | "long"
            | "float"
            | "str"
            | "unicode"
            | "basestring"
            | "bool"
            | "list"
            | "tuple"
            | "dict"
            | "xrange"
            | "enumerate"
            | "reversed"
    )
}

/// `name(…)`.
pub(super) fn call(name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let first = || arguments.want(0, "value");
    match name {
        "len" => length(&first()?.plain(heap)?, heap).map(count),
        "range" | "xrange" => range(arguments, heap),
        "int" | "long" => int(arguments, heap),
        "float" => float(&arguments.get(0, "value").cloned().unwrap_or(Value::Int(0)), heap),
        "str" | "unicode" => match arguments.get(0, "value") {
            Some(value) => text::of(value, heap),
            None => heap.text(""),
        },
        "repr" => heap.text(show::repr(first()?, heap)?),
        "bool" => Ok(Value::Bool(arguments.get(0, "value").is_some_and(Value::is_true))),
        "list" | "tuple" => {
            let items = match arguments.get(0, "items") {
                Some(items) => items.iterate(heap)?,
                None => Vec::new(),
            };
            if name == "list" { heap.list(items) } else { heap.tuple(items) }
        }
        "dict" => dict(arguments, heap),
        "sorted" | "reversed" => {
            let mut items = first()?.iterate(heap)?;
            if name == "reversed" {
                items.reverse();
                return heap.list(items);
            }
            if arguments.get(9, "key").is_some() || arguments.get(1, "cmp").is_some() {
                return Err(PercentProblem::unsupported(
                    phrase!("tpl-sorted", "`sorted` with a function"),
                    phrase!("tpl-sort-by-values", "sort by the values themselves"),
                ));
            }
            heap.list(sorted(items, arguments.get(9, "reverse"), heap)?)
        }
        "enumerate" | "zip" => pairs(name, arguments, heap),
        "any" => Ok(Value::Bool(first()?.iterate(heap)?.iter().any(Value::is_true))),
        "all" => Ok(Value::Bool(first()?.iterate(heap)?.iter().all(Value::is_true))),
        "min" | "max" => extreme(name, arguments, heap),
        "sum" => {
            let mut sum = arguments.get(1, "start").cloned().unwrap_or(Value::Int(0));
            for item in first()?.iterate(heap)? {
                sum = operators::binary(Binary::Add, &sum, &item, heap)?;
            }
            Ok(sum)
        }
        "isinstance" => is_instance(first()?, arguments.want(1, "type")?, heap).map(Value::Bool),
        _ => numeric(name, arguments, heap),
    }
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn length(value: &Value, heap: &Heap) -> Answer<usize> {
    match value {
        Value::Text(text) => {
            heap.spend(text.len() / 16)?;
            Ok(text.chars().count())
        }
        Value::List(items) | Value::Tuple(items) => Ok(items.borrow().len()),
        Value::Dict(items) => Ok(items.borrow().len()),
        other => Err(PercentProblem::wrong_type(phrase!(
            "tpl-no-length",
            "a {kind} has no length",
            kind = other.type_name()
        ))),
    }
}

fn range(arguments: &Arguments, heap: &Heap) -> Answer {
    arguments.at_most(3)?;
    let first = arguments.want(0, "stop")?.int(heap)?;
    let (start, end) = match arguments.get(1, "stop") {
        Some(end) => (first, end.int(heap)?),
        None => (0, first),
    };
    let step = arguments.get(2, "step").map_or(Ok(1), |step| step.int(heap))?;
    if step == 0 {
        return Err(PercentProblem::wrong_value(phrase!("tpl-range-step", "the step of a range is zero")));
    }
    let distance =
        if step > 0 { i128::from(end) - i128::from(start) } else { i128::from(start) - i128::from(end) };
    let count = (distance.max(0) + i128::from(step.unsigned_abs()) - 1) / i128::from(step.unsigned_abs());
    heap.spend(usize::try_from(count).unwrap_or(usize::MAX))?;
    let (mut at, mut items) = (start, Vec::new());
    while (step > 0 && at < end) || (step < 0 && at > end) {
        items.push(Value::Int(at));
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    heap.list(items)
}

fn int(arguments: &Arguments, heap: &Heap) -> Answer {
    let Some(value) = arguments.get(0, "value") else { return Ok(Value::Int(0)) };
    match value.plain(heap)? {
        Value::Text(text) => {
            let base = arguments.get(1, "base").map_or(Ok(10), |base| base.int(heap))?;
            let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base));
            let base = base.ok_or_else(|| {
                PercentProblem::wrong_value(phrase!("tpl-base", "the base is not between 2 and 36"))
            })?;
            let digits = text.trim().replace('_', " ");
            let digits = if base == 16 { digits.trim_start_matches("0x") } else { &digits };
            let number = i64::from_str_radix(digits, base);
            number.map(Value::Int).map_err(|_| {
                PercentProblem::wrong_value(phrase!("tpl-int", "`int` gets a text that is no integer"))
            })
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`int` cuts off, and what is too large is refused"
        )]
        Value::Float(number) if number.abs() < 9e18 => Ok(Value::Int(number.trunc() as i64)),
        Value::Float(_) => {
            Err(PercentProblem::wrong_value(phrase!("tpl-number-large", "the number is too large")))
        }
        other => other.int(heap).map(Value::Int),
    }
}

fn float(value: &Value, heap: &Heap) -> Answer {
    match value.plain(heap)? {
        Value::Text(text) => {
            let number: Option<f64> = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
            number.map(Value::Float).ok_or_else(|| {
                PercentProblem::wrong_value(phrase!("tpl-float", "`float` gets a text that is no number"))
            })
        }
        other => operators::number(&other).map(Value::Float).ok_or_else(|| {
            PercentProblem::wrong_type(phrase!(
                "tpl-float-kind",
                "`float` does not take a {kind}",
                kind = other.type_name()
            ))
        }),
    }
}

fn dict(arguments: &Arguments, heap: &Heap) -> Answer {
    let mut items = IndexMap::new();
    match arguments.items.first() {
        Some(Value::Dict(other)) => items.clone_from(&other.borrow()),
        Some(pairs) => {
            for pair in pairs.iterate(heap)? {
                let pair = pair.iterate(heap)?;
                let [key, value] = &pair[..] else {
                    return Err(PercentProblem::wrong_value(phrase!("tpl-dict", "`dict` wants pairs")));
                };
                items.insert(Key::of(key, heap)?, value.clone());
            }
        }
        None => {}
    }
    items
        .extend(arguments.named.iter().map(|(name, value)| (Key::Text(name.as_str().into()), value.clone())));
    heap.dict(items)
}

/// `enumerate` and `zip`.
fn pairs(name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let mut tuples = Vec::new();
    if name == "enumerate" {
        let start = arguments.get(1, "start").map_or(Ok(0), |start| start.int(heap))?;
        for (number, item) in (start..).zip(arguments.want(0, "items")?.iterate(heap)?) {
            tuples.push(heap.tuple(vec![Value::Int(number), item])?);
        }
        return heap.list(tuples);
    }
    let lists: Answer<Vec<Vec<Value>>> = arguments.items.iter().map(|list| list.iterate(heap)).collect();
    let lists = lists?;
    for place in 0..lists.iter().map(Vec::len).min().unwrap_or(0) {
        tuples.push(heap.tuple(lists.iter().map(|list| list[place].clone()).collect())?);
    }
    heap.list(tuples)
}

fn extreme(name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    if !arguments.named.is_empty() {
        return Err(PercentProblem::unsupported(
            phrase!("tpl-named-arguments", "`{name}` with named arguments", name = name),
            phrase!("tpl-compare-values", "compare the values themselves"),
        ));
    }
    let items = match &arguments.items[..] {
        [one] => one.iterate(heap)?,
        several => several.to_vec(),
    };
    let mut best: Option<Value> = None;
    for item in items {
        let is_better = match &best {
            None => true,
            Some(best) if name == "min" => operators::order(&item, best, heap)?.is_lt(),
            Some(best) => operators::order(&item, best, heap)?.is_gt(),
        };
        if is_better {
            best = Some(item);
        }
    }
    best.ok_or_else(|| {
        PercentProblem::wrong_value(phrase!("tpl-empty-list", "`{name}` gets an empty list", name = name))
    })
}

fn is_instance(value: &Value, kind: &Value, heap: &Heap) -> Answer<bool> {
    if let Value::Tuple(kinds) = kind {
        for kind in kinds.borrow().iter() {
            if is_instance(value, kind, heap)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let Value::Function(Callable::Builtin(name)) = kind else {
        return Err(PercentProblem::wrong_type(phrase!(
            "tpl-isinstance",
            "`isinstance` wants a type such as `str`"
        )));
    };
    let found = value.plain(heap)?.type_name();
    Ok(match *name {
        "unicode" | "basestring" => found == "str",
        "long" => found == "int",
        "int" => matches!(found, "int" | "bool"),
        name => found == name,
    })
}

/// The functions of numbers.
fn numeric(name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let value = arguments.want(0, "value")?.plain(heap)?;
    match name {
        "abs" => match &value {
            Value::Float(number) => Ok(Value::Float(number.abs())),
            other if other.int(heap)? < 0 => operators::negative(other, heap),
            other => Ok(other.clone()),
        },
        "round" => {
            let digits = arguments.get(1, "digits").map_or(Ok(0), |digits| digits.int(heap))?;
            let Some(number) = operators::number(&value) else {
                return Err(PercentProblem::wrong_type(phrase!(
                    "tpl-not-rounded",
                    "a {kind} cannot be rounded",
                    kind = value.type_name()
                )));
            };
            let scale = 10f64.powi(i32::try_from(digits.clamp(-300, 300)).unwrap_or(0));
            let rounded = (number * scale).round() / scale;
            Ok(Value::Float(if rounded.is_finite() { rounded } else { number }))
        }
        "divmod" => {
            let other = arguments.want(1, "other")?;
            let quotient = operators::binary(Binary::FloorDivide, &value, other, heap)?;
            heap.tuple(vec![quotient, operators::binary(Binary::Remainder, &value, other, heap)?])
        }
        "ord" => {
            let text: Arc<str> = value.str(heap)?;
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Ok(Value::Int(i64::from(u32::from(letter)))),
                _ => Err(PercentProblem::wrong_type(phrase!("tpl-ord", "`ord` wants one character"))),
            }
        }
        "chr" | "unichr" => {
            let letter = u32::try_from(value.int(heap)?).ok().and_then(char::from_u32);
            let letter = letter.ok_or_else(|| {
                PercentProblem::wrong_value(phrase!("tpl-no-character", "there is no such character"))
            })?;
            heap.text(letter.to_string())
        }
        "hex" | "oct" => {
            let number = value.int(heap)?;
            let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
            heap.text(match (name, size) {
                ("hex", size) => format!("{sign}{size:#x}"),
                (_, 0) => "0".into(),
                (_, size) => format!("{sign}0{size:o}"),
            })
        }
        _ => Err(PercentProblem::unsupported(
            phrase!("quoted", "`{name}`", name = name),
            phrase!("tpl-without", "write the template without it"),
        )),
    }
}
