//! Functions that judge a value. Nothing, and an empty text, pass each of them: `mandatory` is what asks for a value.

use super::{Arguments, Choices, FunctionError, Patterns, python};
use crate::phrase;
use crate::value::{Value, VariableType};
use crate::words::Phrase;

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
        [] => {
            return Err(FunctionError::WrongArguments {
                expected: phrase!("be-list-of-values", "the list of values"),
            });
        }
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
        Some(_) => Err(FunctionError::WrongArguments {
            expected: phrase!("be-bounds", "integers as `mini` and `maxi`"),
        }),
    }
}

/// `valid_regexp(v, exp_reg, err_msg)`: the expression matches from the start of `v`.
pub(super) fn pattern(
    value: &Value,
    arguments: &Arguments,
    patterns: &Patterns,
) -> Result<(), FunctionError> {
    let Some(pattern) = arguments.get("exp_reg", 0).filter(|pattern| !pattern.is_empty()) else {
        return Err(FunctionError::WrongArguments {
            expected: phrase!("be-expression", "the expression `exp_reg`"),
        });
    };
    let pattern = pattern.to_string();
    let compiled = patterns.compile(&pattern)?;
    // An expression that gives up on a text has not matched it.
    if value.is_empty() || compiled.is_match(&value.to_string()).unwrap_or(false) {
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
        return Err(FunctionError::WrongArguments {
            expected: phrase!("be-other-value", "the value to differ from"),
        });
    };
    if !value.is_empty() && value.to_string() == other.to_string() {
        return Err(FunctionError::Same);
    }
    Ok(())
}

/// Refuses a text that is not of the form `expected`; an empty one passes.
fn form(value: &Value, expected: Phrase, fits: impl Fn(&str) -> bool) -> Result<(), FunctionError> {
    if value.is_empty() || fits(&value.to_string()) {
        return Ok(());
    }
    Err(FunctionError::NotOfForm { expected })
}

/// `valid_ip(v)`: an IPv4 address.
pub(super) fn address(value: &Value, _: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let fits = |text: &str| VariableType::Ip.parse(text).is_ok();
    form(value, phrase!("type-ip", "an IPv4 address, such as 192.0.2.1"), fits)
}

/// `valid_addr_ip_or_domain(v)`: an IPv4 address or a domain name.
pub(super) fn address_or_domain(value: &Value, _: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let fits = |text: &str| VariableType::Domain { strict: false }.parse(text).is_ok();
    form(value, phrase!("be-address-or-domain", "an IPv4 address or a domain name"), fits)
}

/// `valid_lower(v)`: no capitals.
pub(super) fn lower(value: &Value, _: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    form(value, phrase!("be-lower-case", "a text without capitals"), |text| {
        !text.chars().any(char::is_uppercase)
    })
}

/// `valid_country(v)`: the two capitals of a country, as in certificates.
pub(super) fn country(value: &Value, _: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let fits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    form(value, phrase!("be-country", "the two capitals of a country, such as FR"), fits)
}

/// `valid_name(v)`: letters, digits, `-`, `_` and `.`, a letter or digit first.
pub(super) fn name(value: &Value, _: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fits = |text: &str| {
        text.bytes().all(plain) && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
    };
    form(
        value,
        phrase!(
            "be-entity-name",
            "a name of letters, digits, `-`, `_` and `.` that begins with a letter or digit"
        ),
        fits,
    )
}

/// `valid_len(v, min_len, max_len)`: a text of so many characters.
pub(super) fn length(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let least = bound(arguments.named("min_len"))?;
    let most = bound(arguments.get("max_len", 0))?;
    if value.is_empty() {
        return Ok(());
    }
    let length = i64::try_from(value.to_string().chars().count()).unwrap_or(i64::MAX);
    if least.is_none_or(|least| length >= least) && most.is_none_or(|most| length <= most) {
        return Ok(());
    }
    Err(FunctionError::WrongLength { least, most })
}

/// `check_name_uniq(v, values, index)`: no other item of the list equals `v`.
pub(super) fn unique_name(value: &Value, arguments: &Arguments, _: &Patterns) -> Result<(), FunctionError> {
    let Some(values) = arguments.get("values", 0) else {
        return Err(FunctionError::wrong_call(phrase!("be-all-names", "the list of all names as `values`")));
    };
    let text = value.to_string();
    let same = values.items().iter().filter(|item| item.to_string() == text).count();
    // The value itself is one of them.
    if value.is_empty() || same <= 1 { Ok(()) } else { Err(FunctionError::NameTaken) }
}
