//! The operators of expressions: arithmetic, comparison, indices and slices.

use std::cmp::Ordering;
use std::rc::Rc;

use super::format;
use super::problem::{PercentProblem, PythonError};
use super::show::MAX_DEPTH;
use super::tree::{Binary, Comparison};
use super::value::{Answer, Heap, Key, Value};
use crate::phrase;

fn overflow<T>() -> Answer<T> {
    Err(PercentProblem::failed(
        PythonError::Overflow,
        phrase!("tpl-64-bits", "the result has more than 64 bits"),
    ))
}

fn zero<T>() -> Answer<T> {
    Err(PercentProblem::failed(PythonError::ZeroDivision, phrase!("tpl-by-zero", "division by zero")))
}

/// `left operator right`.
pub(super) fn binary(operator: Binary, left: &Value, right: &Value, heap: &Heap) -> Answer {
    let (left, right) = (left.plain(heap)?, right.plain(heap)?);
    match (&left, &right) {
        (Value::Text(pattern), _) if operator == Binary::Remainder => {
            return heap.text(format::percent(pattern, &right, heap)?);
        }
        (Value::Text(a), Value::Text(b)) if operator == Binary::Add => {
            heap.room(a.len() + b.len())?;
            return heap.text([&**a, &**b].concat());
        }
        (Value::List(a), Value::List(b)) if operator == Binary::Add => {
            let items = a.borrow().iter().chain(b.borrow().iter()).cloned().collect();
            return heap.list(items);
        }
        (Value::Tuple(a), Value::Tuple(b)) if operator == Binary::Add => {
            let items = a.borrow().iter().chain(b.borrow().iter()).cloned().collect();
            return heap.tuple(items);
        }
        _ => {}
    }
    if operator == Binary::Multiply
        && let Some(repeated) = repeat(&left, &right, heap)?
    {
        return Ok(repeated);
    }
    if let (Some(a), Some(b)) = (whole(&left), whole(&right)) {
        return integers(operator, a, b);
    }
    if let (Some(a), Some(b)) = (number(&left), number(&right)) {
        return floats(operator, a, b);
    }
    let (left, right) = (left.type_name(), right.type_name());
    let has_text = operator == Binary::Add && (left == "str" || right == "str");
    let message = if has_text {
        phrase!(
            "tpl-operator-text",
            "this operator does not take {left} and {right}; `str` and `int` make one of the other",
            left = left,
            right = right
        )
    } else {
        phrase!("tpl-operator", "this operator does not take {left} and {right}", left = left, right = right)
    };
    Err(PercentProblem::wrong_type(message))
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(boolean) => Some(i64::from(*boolean)),
        _ => None,
    }
}

/// The number that a value is, with the precision of a float.
#[expect(clippy::cast_precision_loss, reason = "Python loses it too, where an integer meets a float")]
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        other => whole(other).map(|number| number as f64),
    }
}

/// A text, list or tuple several times.
fn repeat(left: &Value, right: &Value, heap: &Heap) -> Answer<Option<Value>> {
    let (sequence, count) = match (whole(left), whole(right)) {
        (Some(count), None) => (right, count),
        (None, Some(count)) => (left, count),
        _ => return Ok(None),
    };
    let count = usize::try_from(count).unwrap_or(0);
    match sequence {
        Value::Text(text) => {
            heap.room(text.len().saturating_mul(count))?;
            heap.text(text.repeat(count)).map(Some)
        }
        Value::List(items) | Value::Tuple(items) => {
            let length = items.borrow().len().saturating_mul(count);
            heap.spend(length.saturating_mul(2))?;
            let items: Vec<Value> = items.borrow().iter().cycle().take(length).cloned().collect();
            if matches!(sequence, Value::List(_)) {
                heap.list(items).map(Some)
            } else {
                heap.tuple(items).map(Some)
            }
        }
        _ => Ok(None),
    }
}

fn integers(operator: Binary, a: i64, b: i64) -> Answer {
    let result = match operator {
        Binary::Add => a.checked_add(b),
        Binary::Subtract => a.checked_sub(b),
        Binary::Multiply => a.checked_mul(b),
        Binary::Divide | Binary::FloorDivide | Binary::Remainder if b == 0 => return zero(),
        // Python rounds down where Rust cuts off.
        Binary::Divide | Binary::FloorDivide => a
            .checked_div(b)
            .map(|quotient| if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }),
        Binary::Remainder => {
            a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        Binary::Power => match u32::try_from(b) {
            Ok(exponent) => a.checked_pow(exponent),
            Err(_) if b < 0 => {
                return floats(
                    operator,
                    number(&Value::Int(a)).unwrap_or(0.0),
                    number(&Value::Int(b)).unwrap_or(0.0),
                );
            }
            Err(_) => matches!(a, 0 | 1).then_some(a),
        },
        Binary::BitAnd => Some(a & b),
        Binary::BitOr => Some(a | b),
        Binary::BitXor => Some(a ^ b),
        Binary::ShiftLeft | Binary::ShiftRight if b < 0 => {
            return Err(PercentProblem::wrong_value(phrase!("tpl-shift", "a shift by less than nothing")));
        }
        Binary::ShiftLeft => {
            u32::try_from(b).ok().and_then(|by| 1i64.checked_shl(by)).and_then(|by| a.checked_mul(by))
        }
        Binary::ShiftRight => Some(a >> b.min(63)),
    };
    result.map_or_else(overflow, |result| Ok(Value::Int(result)))
}

fn floats(operator: Binary, a: f64, b: f64) -> Answer {
    let result = match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide | Binary::FloorDivide | Binary::Remainder if b == 0.0 => return zero(),
        Binary::Divide => a / b,
        Binary::FloorDivide => (a / b).floor(),
        Binary::Remainder => a - b * (a / b).floor(),
        Binary::Power => a.powf(b),
        _ => {
            return Err(PercentProblem::wrong_type(phrase!(
                "tpl-integers-only",
                "this operator takes integers only"
            )));
        }
    };
    if result.is_finite() || !a.is_finite() || !b.is_finite() { Ok(Value::Float(result)) } else { overflow() }
}

/// `-value`.
pub(super) fn negative(value: &Value, heap: &Heap) -> Answer {
    match value.plain(heap)? {
        Value::Float(number) => Ok(Value::Float(-number)),
        other => match whole(&other).map(i64::checked_neg) {
            Some(Some(number)) => Ok(Value::Int(number)),
            Some(None) => overflow(),
            None => Err(PercentProblem::wrong_type(phrase!(
                "tpl-no-sign",
                "a {kind} has no sign",
                kind = other.type_name()
            ))),
        },
    }
}

/// `left comparison right`.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value, heap: &Heap) -> Answer<bool> {
    Ok(match comparison {
        Comparison::Equal => equal(left, right, heap)?,
        Comparison::NotEqual => !equal(left, right, heap)?,
        Comparison::In => contains(right, left, heap)?,
        Comparison::NotIn => !contains(right, left, heap)?,
        Comparison::Is => same(left, right, heap)?,
        Comparison::IsNot => !same(left, right, heap)?,
        Comparison::Less => order(left, right, heap)? == Ordering::Less,
        Comparison::LessEqual => order(left, right, heap)? != Ordering::Greater,
        Comparison::Greater => order(left, right, heap)? == Ordering::Greater,
        Comparison::GreaterEqual => order(left, right, heap)? != Ordering::Less,
    })
}

/// `is`: the same list or dictionary, or an equal value of the same type.
fn same(left: &Value, right: &Value, heap: &Heap) -> Answer<bool> {
    Ok(match (left.plain(heap)?, right.plain(heap)?) {
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(&a, &b),
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(&a, &b),
        (a, b) => a.type_name() == b.type_name() && equal(&a, &b, heap)?,
    })
}

/// `==`.
pub(super) fn equal(left: &Value, right: &Value, heap: &Heap) -> Answer<bool> {
    equal_within(left, right, heap, MAX_DEPTH)
}

fn equal_within(left: &Value, right: &Value, heap: &Heap, depth: usize) -> Answer<bool> {
    heap.spend(1)?;
    if depth == 0 {
        return Err(PercentProblem::too_long(phrase!(
            "tpl-deep-list",
            "a list is more than {most} deep",
            most = MAX_DEPTH
        )));
    }
    let (left, right) = (left.plain(heap)?, right.plain(heap)?);
    Ok(match (&left, &right) {
        (Value::None, Value::None) => true,
        (Value::Text(a), Value::Text(b)) => {
            heap.spend(a.len().min(b.len()) / 64)?;
            a == b
        }
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            a.len() == b.len() && all(a.iter().zip(b.iter()), |(a, b)| equal_within(a, b, heap, depth - 1))?
        }
        (Value::Dict(a), Value::Dict(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            a.len() == b.len()
                && all(a.iter(), |(key, a)| match b.get(key) {
                    Some(b) => equal_within(a, b, heap, depth - 1),
                    None => Ok(false),
                })?
        }
        (Value::Function(a), Value::Function(b)) => a == b,
        (a, b) => match (whole(a), whole(b)) {
            (Some(a), Some(b)) => a == b,
            #[expect(clippy::float_cmp, reason = "this is what `==` means")]
            _ => matches!((number(a), number(b)), (Some(a), Some(b)) if a == b),
        },
    })
}

fn all<T>(items: impl Iterator<Item = T>, mut test: impl FnMut(T) -> Answer<bool>) -> Answer<bool> {
    for item in items {
        if !test(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which comes first. Values of different types have no order: that Python 2 gives them one hides mistakes.
pub(super) fn order(left: &Value, right: &Value, heap: &Heap) -> Answer<Ordering> {
    order_within(left, right, heap, MAX_DEPTH)
}

fn order_within(left: &Value, right: &Value, heap: &Heap, depth: usize) -> Answer<Ordering> {
    heap.spend(1)?;
    let (left, right) = (left.plain(heap)?, right.plain(heap)?);
    match (&left, &right) {
        (Value::Text(a), Value::Text(b)) => {
            heap.spend(a.len().min(b.len()) / 64)?;
            Ok(a.cmp(b))
        }
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) if depth > 0 => {
            let (a, b) = (a.borrow(), b.borrow());
            for (a, b) in a.iter().zip(b.iter()) {
                let order = order_within(a, b, heap, depth - 1)?;
                if order != Ordering::Equal {
                    return Ok(order);
                }
            }
            Ok(a.len().cmp(&b.len()))
        }
        (a, b) => {
            if let (Some(a), Some(b)) = (whole(a), whole(b)) {
                return Ok(a.cmp(&b));
            }
            if let (Some(a), Some(b)) = (number(a), number(b)) {
                return Ok(a.partial_cmp(&b).unwrap_or(Ordering::Equal));
            }
            let message = phrase!(
                "tpl-no-order",
                "a {first} and a {second} have no order",
                first = a.type_name(),
                second = b.type_name()
            );
            Err(PercentProblem::wrong_type(message))
        }
    }
}

/// `item in container`.
pub(super) fn contains(container: &Value, item: &Value, heap: &Heap) -> Answer<bool> {
    match container.plain(heap)? {
        Value::Text(text) => {
            let part = item.str(heap)?;
            heap.spend(text.len() / 16)?;
            Ok(text.contains(&*part))
        }
        Value::Dict(items) => Ok(items.borrow().contains_key(&Key::of(item, heap)?)),
        Value::List(items) | Value::Tuple(items) => {
            for other in items.borrow().iter() {
                if equal(other, item, heap)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        other => Err(PercentProblem::wrong_type(phrase!(
            "tpl-nothing-in",
            "nothing can be in a {kind}",
            kind = other.type_name()
        ))),
    }
}
