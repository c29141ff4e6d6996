//! The methods of texts, lists and dictionaries.

use std::sync::Arc;

use super::problem::{PercentProblem, PythonError};
use super::text;
use super::value::{Answer, Heap, Items, Key, Mapping, Matched, Value};
use super::{index, operators};
use crate::phrase;

/// What a call gives: values by their places, then by their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Arguments {
    pub items: Vec<Value>,
    pub named: Vec<(String, Value)>,
}

impl Arguments {
    /// The value at `place`, or called `name`.
    pub(super) fn get(&self, place: usize, name: &str) -> Option<&Value> {
        let named = || self.named.iter().find(|(other, _)| other == name).map(|(_, value)| value);
        self.items.get(place).or_else(named)
    }

    /// The value at `place`, or called `name`, which there must be.
    pub(super) fn want(&self, place: usize, name: &str) -> Answer<&Value> {
        self.get(place, name).ok_or_else(|| {
            PercentProblem::wrong_type(phrase!(
                "tpl-argument-missing",
                "the argument `{name}` is missing",
                name = name
            ))
        })
    }

    /// Makes sure that there are no more than `most`.
    pub(super) fn at_most(&self, most: usize) -> Answer<()> {
        if self.items.len() + self.named.len() <= most {
            return Ok(());
        }
        Err(PercentProblem::wrong_type(phrase!(
            "tpl-arguments-most",
            "there are more arguments than {most}",
            most = most
        )))
    }
}

/// The names of all methods of texts, lists and dictionaries.
pub(super) fn has(value: &Value, name: &str) -> bool {
    match value {
        Value::Text(_) => text::METHODS.contains(&name),
        Value::List(_) => LIST.contains(&name),
        Value::Tuple(_) => matches!(name, "index" | "count"),
        Value::Dict(_) => DICT.contains(&name),
        Value::Match(_) => MATCH.contains(&name),
        _ => false,
    }
}

const LIST: [&str; 9] = ["append", "extend", "insert", "index", "count", "pop", "remove", "sort", "reverse"];
const DICT: [&str; 14] = [
    "keys",
    "values",
    "items",
    "get",
    "has_key",
    "update",
    "pop",
    "setdefault",
    "clear",
    "copy",
    "iterkeys",
    "itervalues",
    "iteritems",
    "popitem",
];
const MATCH: [&str; 6] = ["group", "groups", "groupdict", "start", "end", "span"];

/// `value.name(…)`.
pub(super) fn call(value: &Value, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    if matches!(value, Value::Master(_)) && !matches!(name, "index" | "count") && LIST.contains(&name) {
        let hint = phrase!("tpl-copy-first", "copy it first: `%set %%copy = list(%%master)`");
        return Err(PercentProblem::unsupported(
            phrase!("tpl-master-change", "a change of the list of a master"),
            hint,
        ));
    }
    match value.plain(heap)? {
        Value::Text(text) => text::call(&text, name, arguments, heap),
        Value::List(items) => list(&items, name, arguments, heap),
        Value::Tuple(items) if matches!(name, "index" | "count") => list(&items, name, arguments, heap),
        Value::Dict(items) => dict(&items, name, arguments, heap),
        Value::Match(matched) => group(&matched, name, arguments, heap),
        other => Err(missing(&other, name)),
    }
}

/// There is no such attribute.
pub(super) fn missing(value: &Value, name: &str) -> PercentProblem {
    let message = phrase!(
        "tpl-no-attribute",
        "a {kind} has no `{name}`; write `%%{{…}}` if a text follows a variable",
        kind = value.type_name(),
        name = name
    );
    PercentProblem::failed(PythonError::Attribute, message)
}

fn list(items: &Items, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    heap.spend(match name {
        "append" => 2,
        _ => items.borrow().len() + 1,
    })?;
    match name {
        "append" => {
            let item = arguments.want(0, "item")?.clone();
            items.borrow_mut().push(item);
        }
        "extend" => {
            let more = arguments.want(0, "items")?.iterate(heap)?;
            heap.spend(2 * more.len())?;
            items.borrow_mut().extend(more);
        }
        "insert" => {
            let place = arguments.want(0, "index")?.int(heap)?;
            let item = arguments.want(1, "item")?.clone();
            let mut items = items.borrow_mut();
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let place = if place < 0 { place.saturating_add(length).max(0) } else { place.min(length) };
            items.insert(usize::try_from(place).unwrap_or(0), item);
        }
        "index" | "count" | "remove" => return search(items, name, arguments.want(0, "item")?, heap),
        "pop" => {
            let last = Value::Int(-1);
            let place = arguments.get(0, "index").unwrap_or(&last).int(heap)?;
            let mut items = items.borrow_mut();
            let place = index::place(place, items.len())?;
            return Ok(items.remove(place));
        }
        "sort" => {
            let sorted = sorted(items.borrow().clone(), arguments.get(9, "reverse"), heap)?;
            *items.borrow_mut() = sorted;
        }
        "reverse" => items.borrow_mut().reverse(),
        _ => return Err(missing(&Value::List(Items::clone(items)), name)),
    }
    Ok(Value::None)
}

fn search(items: &Items, name: &str, wanted: &Value, heap: &Heap) -> Answer {
    let mut places = Vec::new();
    for (place, item) in items.borrow().iter().enumerate() {
        if operators::equal(item, wanted, heap)? {
            places.push(place);
        }
    }
    if name == "count" {
        return Ok(Value::Int(i64::try_from(places.len()).unwrap_or(i64::MAX)));
    }
    let first = *places.first().ok_or_else(|| {
        PercentProblem::wrong_value(phrase!("tpl-item-missing", "the list does not have the item"))
    })?;
    if name == "remove" {
        items.borrow_mut().remove(first);
        return Ok(Value::None);
    }
    Ok(Value::Int(i64::try_from(first).unwrap_or(i64::MAX)))
}

/// The items in their order; equal ones stay as they stand.
pub(super) fn sorted(items: Vec<Value>, reverse: Option<&Value>, heap: &Heap) -> Answer<Vec<Value>> {
    let is_reversed = reverse.is_some_and(Value::is_true);
    merge_sorted(items, is_reversed, heap)
}

/// A merge sort of our own: a comparison may fail, and then there is no order at all.
fn merge_sorted(mut items: Vec<Value>, is_reversed: bool, heap: &Heap) -> Answer<Vec<Value>> {
    heap.spend(items.len())?;
    if items.len() < 2 {
        return Ok(items);
    }
    let upper = items.split_off(items.len() / 2);
    let lower = merge_sorted(items, is_reversed, heap)?;
    let upper = merge_sorted(upper, is_reversed, heap)?;
    let mut merged = Vec::with_capacity(lower.len() + upper.len());
    let mut upper = upper.into_iter().peekable();
    for item in lower {
        while let Some(other) = upper.peek() {
            let order = operators::order(other, &item, heap)?;
            if !(if is_reversed { order.is_gt() } else { order.is_lt() }) {
                break;
            }
            merged.extend(upper.next());
        }
        merged.push(item);
    }
    merged.extend(upper);
    Ok(merged)
}

fn dict(items: &Mapping, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    heap.spend(1)?;
    match name {
        "keys" | "iterkeys" => heap.list(Value::Dict(Mapping::clone(items)).iterate(heap)?),
        "values" | "itervalues" => heap.list(items.borrow().values().cloned().collect()),
        "items" | "iteritems" => {
            let pairs: Answer<Vec<Value>> = items
                .borrow()
                .iter()
                .map(|(key, value)| heap.tuple(vec![key.value(heap)?, value.clone()]))
                .collect();
            heap.list(pairs?)
        }
        "copy" => heap.dict(items.borrow().clone()),
        "clear" => {
            items.borrow_mut().clear();
            Ok(Value::None)
        }
        "update" => {
            let Value::Dict(more) = arguments.want(0, "items")?.plain(heap)? else {
                return Err(PercentProblem::wrong_type(phrase!(
                    "tpl-dictionary-only",
                    "only a dictionary can be added to a dictionary"
                )));
            };
            let more = more.borrow().clone();
            heap.spend(4 * more.len())?;
            items.borrow_mut().extend(more);
            Ok(Value::None)
        }
        "get" | "has_key" | "pop" | "setdefault" => keyed(items, name, arguments, heap),
        _ => Err(missing(&Value::Dict(Mapping::clone(items)), name)),
    }
}

/// The methods of dictionaries that take a key.
fn keyed(items: &Mapping, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let key = Key::of(arguments.want(0, "key")?, heap)?;
    let default = arguments.get(1, "default").cloned();
    let found = items.borrow().get(&key).cloned();
    match name {
        "has_key" => Ok(Value::Bool(found.is_some())),
        "get" => Ok(found.or(default).unwrap_or_default()),
        "setdefault" => Ok(found.unwrap_or_else(|| {
            let value = default.unwrap_or_default();
            items.borrow_mut().insert(key, value.clone());
            value
        })),
        _ => {
            heap.spend(items.borrow().len())?;
            items.borrow_mut().shift_remove(&key);
            found.or(default).ok_or_else(|| {
                PercentProblem::failed(
                    PythonError::Key,
                    phrase!("tpl-key-missing", "the dictionary has no such key"),
                )
            })
        }
    }
}

/// The methods of what a regular expression matched.
fn group(matched: &Matched, name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let text =
        |group: &Option<Arc<str>>| group.as_ref().map_or(Value::None, |group| Value::Text(Arc::clone(group)));
    let count = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    match name {
        "group" => {
            let place = match arguments.get(0, "group").map(|group| group.plain(heap)).transpose()? {
                None => Some(0),
                Some(Value::Text(name)) => {
                    matched.names.iter().find(|(other, _)| **other == *name).map(|(_, place)| *place)
                }
                Some(other) => usize::try_from(other.int(heap)?).ok(),
            };
            let group = place.and_then(|place| matched.groups.get(place));
            group.map(text).ok_or_else(|| {
                PercentProblem::failed(PythonError::Index, phrase!("tpl-no-group", "there is no such group"))
            })
        }
        "groups" => heap.tuple(matched.groups.iter().skip(1).map(text).collect()),
        "groupdict" => {
            let items = matched.names.iter().map(|(name, place)| {
                (Key::Text(name.as_str().into()), matched.groups.get(*place).map_or(Value::None, text))
            });
            heap.dict(items.collect())
        }
        "start" => Ok(count(matched.range.0)),
        "end" => Ok(count(matched.range.1)),
        _ => heap.tuple(vec![count(matched.range.0), count(matched.range.1)]),
    }
}
