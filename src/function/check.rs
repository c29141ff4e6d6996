//! Functions that judge a value. Nothing, and an empty text, pass each of them: `mandatory` is what asks for a value.

use super::{Arguments, Choices, FunctionError, Patterns, python};
use crate::value::{Value, VariableType};

/// `valid_enum(v, [list], checkval)`: one of the words, unless `checkval` is `False`.
pub(super) fn one_of(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let choices = choices(arguments)?;
    if choices.open || value.is_empty() || choices.words.contains(&value.to_string()) {
        return Ok(());
    }
    Err(FunctionError::NotAmong { words: choices.words })
}

/// The words of a `valid_enum`: one argument in Python's list syntax, or a word an argument.
pub(super) fn choices(arguments: &Arguments) -> Result<Choices, FunctionError> {
    let open = arguments.named("checkval").is_some_and(|word| word.to_string() == "False");
    let words = match &arguments.positional[..] {
        [] => return Err(FunctionError::WrongArguments { expected: "the list of values" }),
        [Value::Text(text)] if text.trim_start().starts_with('[') => {
            python::list(text).ok_or_else(|| FunctionError::BadList { text: text.clone() })?
        }
        values => values.iter().flat_map(Value::items).map(ToString::to_string).collect(),
    };
    Ok(Choices { words, open })
}

/// `valid_entier(v, mini, maxi)`: an integer within the bounds, ends included.
pub(super) fn integer(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    if value.is_empty() {
        return Ok(());
    }
    let (least, most) = (bound(arguments.get("mini", 0))?, bound(arguments.get("maxi", 1))?);
    match VariableType::Number.parse(&value.to_string()) {
        Ok(Value::Number(number))
            if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) =>
        {
            Ok(())
        }
        _ => Err(FunctionError::NotWithin { least, most }),
    }
}

fn bound(value: Option<&Value>) -> Result<Option<i64>, FunctionError> {
    match value.map(|value| VariableType::Number.parse(&value.to_string())) {
        None | Some(Ok(Value::None)) => Ok(None),
        Some(Ok(Value::Number(bound))) => Ok(Some(bound)),
        Some(_) => Err(FunctionError::WrongArguments { expected: "integers as `mini` and `maxi`" }),
    }
}

/// `valid_regexp(v, exp_reg, err_msg)`: the expression matches from the start of `v`.
pub(super) fn pattern(
    value: &Value,
    arguments: &Arguments,
    patterns: &Patterns,
) -> Result<(), FunctionError> {
    let Some(pattern) = arguments.get("exp_reg", 0).filter(|pattern| !pattern.is_empty()) else {
        return Err(FunctionError::WrongArguments { expected: "the expression `exp_reg`" });
    };
    let pattern = pattern.to_string();
    let compiled = patterns.compile(&pattern)?;
    if value.is_empty() || compiled.is_match(&value.to_string()) {
        return Ok(());
    }
    match arguments.get("err_msg", 1).filter(|message| !message.is_empty()) {
        Some(message) => Err(FunctionError::Explained { message: message.to_string() }),
        None => Err(FunctionError::NoMatch { pattern }),
    }
}

/// `valid_differ(v, other)`: not equal.
pub(super) fn differ(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let Some(other) = arguments.positional.first() else {
        return Err(FunctionError::WrongArguments { expected: "the value to differ from" });
    };
    if !value.is_empty() && value.to_string() == other.to_string() {
        return Err(FunctionError::Same);
    }
    Ok(())
}
