//! Functions that make a value.

use super::Arguments;
use crate::value::Value;

/// `calc_val(v)`: `v`.
pub(super) fn val(arguments: &Arguments) -> Value {
    arguments.get("valeur", 0).cloned().unwrap_or_default()
}

/// `calc_val_first_value(a, b, …)`: the first argument, even if it is empty.
pub(super) fn first_value(arguments: &Arguments) -> Value {
    arguments.positional.first().cloned().unwrap_or_default()
}

/// `calc_multi_val(a, b, …, allow_none)`: one list of all, lists flattened, without repeats; if one is empty, an empty
/// list, or, with `allow_none='True'`, that one left out.
pub(super) fn multi_val(arguments: &Arguments) -> Value {
    let allow_none = arguments.named("allow_none").is_some_and(|word| word.to_string() == "True");
    let mut list: Vec<Value> = Vec::new();
    for argument in &arguments.positional {
        if argument.is_empty() && !allow_none {
            return Value::List(Vec::new());
        }
        for item in argument.items().iter().filter(|item| !item.is_empty()) {
            if !list.contains(item) {
                list.push(item.clone());
            }
        }
    }
    Value::List(list)
}

/// `concat(a, …, name=…)`: the positional ones joined, then the named ones in the order of their names; nothing if one
/// is empty.
pub(super) fn concat(arguments: &Arguments) -> Value {
    let mut named: Vec<_> = arguments.named.iter().collect();
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut text = String::new();
    for value in arguments.positional.iter().chain(named.into_iter().map(|(_, value)| value)) {
        if value.is_empty() {
            return Value::None;
        }
        text.push_str(&value.to_string());
    }
    if text.is_empty() { Value::None } else { Value::Text(text) }
}
