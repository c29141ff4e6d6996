//! Indices and slices.

use std::rc::Rc;

use super::problem::{PercentProblem, PythonError};
use super::value::{Answer, Heap, Key, Value};
use crate::phrase;

/// The place that `index` means among `length`.
pub(super) fn place(index: i64, length: usize) -> Answer<usize> {
    let count = i64::try_from(length).unwrap_or(i64::MAX);
    let from_start = if index < 0 { index.checked_add(count) } else { Some(index) };
    let place = from_start.and_then(|place| usize::try_from(place).ok()).filter(|place| *place < length);
    place.ok_or_else(|| {
        PercentProblem::failed(PythonError::Index, phrase!("tpl-no-item", "there is no item of this index"))
    })
}

/// `value[index]`.
pub(super) fn index(value: &Value, index: &Value, heap: &Heap) -> Answer {
    match value {
        Value::Master(master) => {
            let place = place(index.int(heap)?, master.values.len())?;
            Ok(Value::Item(Rc::clone(master), place))
        }
        Value::List(items) | Value::Tuple(items) => {
            let items = items.borrow();
            Ok(items[place(index.int(heap)?, items.len())?].clone())
        }
        Value::Dict(items) => {
            let found = items.borrow().get(&Key::of(index, heap)?).cloned();
            found.ok_or_else(|| {
                PercentProblem::failed(
                    PythonError::Key,
                    phrase!("tpl-key-missing", "the dictionary has no such key"),
                )
            })
        }
        Value::Text(text) => {
            heap.spend(text.len() / 16)?;
            let place = place(index.int(heap)?, text.chars().count())?;
            Ok(Value::Text(text.chars().skip(place).take(1).collect::<String>().into()))
        }
        Value::Item(..) | Value::Disabled(_) => self::index(&value.plain(heap)?, index, heap),
        other => Err(PercentProblem::wrong_type(phrase!(
            "tpl-no-items",
            "a {kind} has no items",
            kind = other.type_name()
        ))),
    }
}

/// `value[index] = item`.
pub(super) fn assign(value: &Value, index: &Value, item: Value, heap: &Heap) -> Answer<()> {
    match value {
        Value::List(items) => {
            let mut items = items.borrow_mut();
            let place = place(index.int(heap)?, items.len())?;
            items[place] = item;
        }
        Value::Dict(items) => {
            let key = Key::of(index, heap)?;
            heap.spend(4)?;
            items.borrow_mut().insert(key, item);
        }
        other => {
            let message = phrase!(
                "tpl-items-not-assigned",
                "the items of a {kind} cannot be assigned to",
                kind = other.type_name()
            );
            return Err(PercentProblem::wrong_type(message));
        }
    }
    Ok(())
}

/// `del value[index]`.
pub(super) fn delete(value: &Value, index: &Value, heap: &Heap) -> Answer<()> {
    match value {
        Value::List(items) => {
            let mut items = items.borrow_mut();
            heap.spend(items.len())?;
            let place = place(index.int(heap)?, items.len())?;
            items.remove(place);
        }
        Value::Dict(items) => {
            heap.spend(items.borrow().len())?;
            let removed = items.borrow_mut().shift_remove(&Key::of(index, heap)?);
            if removed.is_none() {
                return Err(PercentProblem::failed(
                    PythonError::Key,
                    phrase!("tpl-key-missing", "the dictionary has no such key"),
                ));
            }
        }
        other => {
            let message = phrase!(
                "tpl-items-not-deleted",
                "the items of a {kind} cannot be deleted",
                kind = other.type_name()
            );
            return Err(PercentProblem::wrong_type(message));
        }
    }
    Ok(())
}

/// `value[start:end:step]`.
pub(super) fn slice(value: &Value, bounds: &[Option<Value>; 3], heap: &Heap) -> Answer {
    let mut numbers = [None; 3];
    for (number, bound) in numbers.iter_mut().zip(bounds) {
        *number = match bound {
            Some(bound) if !matches!(bound, Value::None) => Some(bound.int(heap)?),
            _ => None,
        };
    }
    match value.plain(heap)? {
        Value::Text(text) => {
            heap.room(text.len())?;
            let letters: Vec<char> = text.chars().collect();
            let places = places(numbers, letters.len())?;
            heap.text(places.into_iter().map(|place| letters[place]).collect::<String>())
        }
        Value::List(items) => {
            let places = places(numbers, items.borrow().len())?;
            heap.list(places.into_iter().map(|place| items.borrow()[place].clone()).collect())
        }
        Value::Tuple(items) => {
            let places = places(numbers, items.borrow().len())?;
            heap.tuple(places.into_iter().map(|place| items.borrow()[place].clone()).collect())
        }
        other => Err(PercentProblem::wrong_type(phrase!(
            "tpl-no-slices",
            "a {kind} has no slices",
            kind = other.type_name()
        ))),
    }
}

/// The places that a slice takes of `length`.
fn places([start, end, step]: [Option<i64>; 3], length: usize) -> Answer<Vec<usize>> {
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(PercentProblem::wrong_value(phrase!("tpl-slice-step", "the step of a slice is zero")));
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |bound: Option<i64>, default: i64| match bound {
        Some(bound) if bound < 0 => bound.saturating_add(length).max(lowest),
        Some(bound) => bound.min(highest),
        None => default,
    };
    let (first, last) = if step > 0 {
        (bound(start, 0), bound(end, length))
    } else {
        (bound(start, length - 1), bound(end, -1))
    };
    let (mut at, mut places) = (first, Vec::new());
    while (step > 0 && at < last) || (step < 0 && at > last) {
        places.extend(usize::try_from(at).ok());
        at = at.saturating_add(step);
    }
    Ok(places)
}
