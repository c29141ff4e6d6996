//! Calculations that choose between two results.

use super::{Arguments, FunctionError, Surroundings, python};
use crate::phrase;
use crate::value::Value;

/// `calc_multi_condition(param, condition_1…n, operator, match, mismatch, default_match, default_mismatch)`: compares each
/// condition with `param`, which is one text for all of them or a list with one for each. With the operator `AND` all must
/// be equal, with `OR` one.
pub(super) fn multi_condition(arguments: &Arguments, _: &dyn Surroundings) -> Result<Value, FunctionError> {
    let conditions = conditions(arguments)?;
    let Some(param) = arguments.get("param", 0) else {
        return Err(FunctionError::wrong_call(phrase!(
            "be-compared-text",
            "the text or list that the conditions are compared with"
        )));
    };
    let wanted = wanted(param)?;
    let each: Vec<bool> = match &wanted[..] {
        [one] => conditions.iter().map(|condition| condition == one).collect(),
        several if several.len() == conditions.len() => {
            conditions.iter().zip(several).map(|(condition, wanted)| condition == wanted).collect()
        }
        _ => {
            return Err(FunctionError::wrong_call(phrase!(
                "be-as-many",
                "as many texts in the list as there are conditions"
            )));
        }
    };
    let all = match arguments.text("operator", usize::MAX).as_deref() {
        None | Some("AND") => true,
        Some("OR") => false,
        Some(_) => {
            return Err(FunctionError::wrong_call(phrase!("be-operator", "the operator `AND` or `OR`")));
        }
    };
    let holds = if all { each.iter().all(|equal| *equal) } else { each.contains(&true) };
    Ok(outcome(arguments, holds))
}

/// The texts of `condition_1`, `condition_2`, …, in the order of their numbers.
fn conditions(arguments: &Arguments) -> Result<Vec<String>, FunctionError> {
    const OTHERS: [&str; 6] = ["param", "operator", "match", "mismatch", "default_match", "default_mismatch"];
    let mut found: Vec<(u32, String)> = Vec::new();
    for (name, value) in &arguments.named {
        match name.strip_prefix("condition_").map(str::parse) {
            Some(Ok(number)) => found.push((number, value.to_string())),
            _ if OTHERS.contains(&name.as_str()) => {}
            _ => {
                return Err(FunctionError::wrong_call(phrase!(
                    "be-condition-names",
                    "named arguments `condition_1`, `match` and the like"
                )));
            }
        }
    }
    found.sort_by_key(|(number, _)| *number);
    Ok(found.into_iter().map(|(_, text)| text).collect())
}

/// The texts of `param`: of a list, or of the text of one.
fn wanted(param: &Value) -> Result<Vec<String>, FunctionError> {
    match param {
        Value::Text(text) if text.trim_start().starts_with('[') => {
            python::list(text).ok_or_else(|| FunctionError::BadList { text: text.clone() })
        }
        Value::List(items) => Ok(items.iter().map(ToString::to_string).collect()),
        one => Ok(vec![one.to_string()]),
    }
}

/// `match` or `mismatch`; where that is empty, its default, and without one `oui` or `non`.
fn outcome(arguments: &Arguments, holds: bool) -> Value {
    let (own, default, word) =
        if holds { ("match", "default_match", "oui") } else { ("mismatch", "default_mismatch", "non") };
    if let Some(value) = arguments.named(own).filter(|value| !value.is_empty()) {
        return value.clone();
    }
    match arguments.text(default, usize::MAX) {
        Some(text) if text == "None" => Value::None,
        Some(text) => Value::Text(text),
        None => Value::from(word),
    }
}

/// `list_len_gt(list, max_len, match, mismatch, default_match, default_mismatch)`: whether the list has more than
/// `max_len` items; what is no list has none too many.
pub(super) fn longer_than(arguments: &Arguments, _: &dyn Surroundings) -> Result<Value, FunctionError> {
    let most = arguments.text("max_len", 1).and_then(|text| text.parse::<usize>().ok());
    let Some(most) = most else {
        return Err(FunctionError::wrong_call(phrase!("be-max-len", "a number as `max_len`")));
    };
    let holds = match arguments.get("list", 0) {
        Some(Value::List(items)) => items.len() > most,
        _ => false,
    };
    Ok(outcome(arguments, holds))
}
