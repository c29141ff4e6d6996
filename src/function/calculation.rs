//! Functions that make a value of others, or of what the machine is.
#![expect(clippy::unnecessary_wraps, reason = "all functions of the table have one signature")]

use std::path::Path;

use super::{Arguments, FunctionError, Surroundings};
use crate::phrase;
use crate::value::Value;

/// What a calculation results in.
type Outcome = Result<Value, FunctionError>;

/// `calc_val(v)`: `v`.
pub(super) fn val(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    Ok(arguments.get("valeur", 0).cloned().unwrap_or_default())
}

/// `calc_val_first_value(a, b, …)`: the first argument, even if it is empty.
pub(super) fn first_value(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    Ok(arguments.positional.first().cloned().unwrap_or_default())
}

/// `calc_multi_val(a, b, …, allow_none)`: one list of all, lists flattened, without repeats; if one is empty, an empty
/// list, or, with `allow_none='True'`, that one left out.
pub(super) fn multi_val(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    let allow_none = arguments.named("allow_none").is_some_and(|word| word.to_string() == "True");
    let mut list: Vec<Value> = Vec::new();
    for argument in &arguments.positional {
        if argument.is_empty() && !allow_none {
            return Ok(Value::List(Vec::new()));
        }
        for item in argument.items().iter().filter(|item| !item.is_empty()) {
            if !list.contains(item) {
                list.push(item.clone());
            }
        }
    }
    Ok(Value::List(list))
}

/// `concat(a, …, name=…)`: the positional ones joined, then the named ones in the order of their names; nothing if one
/// is empty.
pub(super) fn concat(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    let mut named: Vec<_> = arguments.named.iter().collect();
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut text = String::new();
    for value in arguments.positional.iter().chain(named.into_iter().map(|(_, value)| value)) {
        if value.is_empty() {
            return Ok(Value::None);
        }
        text.push_str(&value.to_string());
    }
    Ok(some(text))
}

/// A text; nothing for an empty one.
fn some(text: String) -> Value {
    if text.is_empty() { Value::None } else { Value::Text(text) }
}

/// `concat_path(a, b, …)`: the parts of a path joined with one `/` between them; nothing if one is empty.
pub(super) fn concat_path(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    let mut path = String::new();
    for (place, part) in arguments.positional.iter().enumerate() {
        let part = part.to_string();
        if part.is_empty() {
            return Ok(Value::None);
        }
        if place == 0 {
            path.push_str(part.trim_end_matches('/'));
        } else {
            path.push('/');
            path.push_str(part.trim_matches('/'));
        }
    }
    Ok(some(path))
}

/// `calc_container(mode_conteneur, adresse, …)`: the address of one of EOLE's own containers where they are used, that of
/// the machine itself where they are not.
pub(super) fn container(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    if arguments.text("mode_container", 0).as_deref() == Some("oui") {
        return Ok(arguments.get("container_info", 1).cloned().unwrap_or_default());
    }
    let outside = arguments.get("min_container_info", 3).filter(|value| !value.is_empty());
    Ok(outside.cloned().unwrap_or_else(|| Value::from("127.0.0.1")))
}

/// `calc_libelle_annuaire(ldap_tls, nom_machine, nom_domaine)`: how a directory is called in lists: `LDAP de NAME`; of the machine
/// itself, `LDAP local`.
pub(super) fn directory_label(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    let server = arguments.positional.iter().map(ToString::to_string).find(|text| !text.is_empty());
    Ok(match server.as_deref() {
        None => Value::None,
        Some("127.0.0.1" | "localhost") => Value::from("LDAP local"),
        Some(server) => Value::Text(format!("LDAP de {server}")),
    })
}

/// `extract_ad_dc_value(base_dn)`: the domain that the `dc=` parts of a directory's base write.
pub(super) fn directory_part(arguments: &Arguments, _: &dyn Surroundings) -> Outcome {
    let base = arguments.text("base_dn", 0).unwrap_or_default();
    let parts = base.split(',').map(str::trim).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("dc").then(|| value.trim())
    });
    Ok(some(parts.collect::<Vec<_>>().join(".")))
}

/// `get_version(name)`: what the release's description says under `name`; `EOLE_VERSION` without one.
pub(super) fn version(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let name = arguments.text("name", 0).unwrap_or_else(|| "EOLE_VERSION".to_owned());
    let found = surroundings.release(&name).or_else(|| surroundings.release("VERSION_ID"));
    Ok(found.map(some).unwrap_or_default())
}

/// `is_instanciate()`: `oui` once the server has been set up, else `non`.
pub(super) fn is_instanciated(_: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    Ok(Value::from(if surroundings.is_instanciated() { "oui" } else { "non" }))
}

/// `get_net_device(n)`: the name of the n-th network interface, from 0.
pub(super) fn net_device(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let number = arguments.text("index", 0).and_then(|text| text.parse::<usize>().ok());
    let Some(number) = number else {
        return Err(FunctionError::wrong_call(phrase!(
            "be-interface-number",
            "the number of an interface, from 0"
        )));
    };
    Ok(surroundings.devices().get(number).cloned().map(some).unwrap_or_default())
}

/// `list_files(path, extension, default)`: the names of the files in a folder, those that end in `extension` if it is given, after
/// `default` if it is given.
pub(super) fn list_files(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let Some(folder) = arguments.text("path", 0) else {
        return Err(FunctionError::wrong_call(phrase!("be-folder", "the path of a folder")));
    };
    let ending = arguments.text("extension", 1).unwrap_or_default();
    let files = surroundings.files(Path::new(&folder));
    let found = files.into_iter().filter(|name| name.ends_with(&ending)).map(Value::Text);
    let default = arguments.text("default", 2).map(Value::Text);
    Ok(Value::List(default.into_iter().chain(found).collect()))
}

/// `device_type(path)`: `b` for a device of blocks, `c` for one of characters; nothing for what is no device.
pub(super) fn device_type(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let path = arguments.text("filename", 0).unwrap_or_default();
    let device = surroundings.device(Path::new(&path));
    Ok(device.map(|device| Value::from(if device.block { "b" } else { "c" })).unwrap_or_default())
}

/// `cdrom_minormajor(path)`: the numbers of the optical drive's device as `MAJOR:MINOR`; that of `/dev/sr0` without a path.
pub(super) fn device_numbers(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let path = arguments.text("filename", 0).unwrap_or_else(|| "/dev/sr0".to_owned());
    let device = surroundings.device(Path::new(&path));
    Ok(device.map(|device| Value::Text(format!("{}:{}", device.major, device.minor))).unwrap_or_default())
}

/// `gen_random(length)`: that many random letters and digits, 10 without a number; for `auto_save` variables.
pub(super) fn random_text(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let length = match arguments.text("length", 0) {
        None => 10,
        Some(text) => text
            .parse()
            .ok()
            .filter(|length| (1..=4096).contains(length))
            .ok_or_else(|| FunctionError::wrong_call(phrase!("be-length", "a length from 1 to 4096")))?,
    };
    // Two bytes a letter, so that none is noticeably likelier than another.
    let mut bytes = vec![0; 2 * length];
    if !surroundings.random(&mut bytes) {
        return Err(FunctionError::Absent { what: phrase!("no-random", "source of random numbers") });
    }
    let letter = |pair: &[u8]| {
        let number = pair.iter().fold(0_usize, |number, byte| number * 256 + usize::from(*byte));
        char::from(LETTERS[number % LETTERS.len()])
    };
    Ok(Value::Text(bytes.chunks(2).map(letter).collect()))
}

/// `random_int(vmin, vmax, exclude)`: a random integer within the bounds, ends included, that is not `exclude`; for `auto_save`
/// variables.
pub(super) fn random_number(arguments: &Arguments, surroundings: &dyn Surroundings) -> Outcome {
    let number = |name: &str, place| arguments.text(name, place).and_then(|text| text.parse::<i64>().ok());
    let bounds = number("vmin", 0).zip(number("vmax", 1)).filter(|(least, most)| least <= most);
    let Some((least, most)) = bounds else {
        return Err(FunctionError::wrong_call(phrase!(
            "be-random-bounds",
            "integers as `vmin` and `vmax`, the smaller one first"
        )));
    };
    let exclude = number("exclude", 2).filter(|exclude| (least..=most).contains(exclude));
    let count = most.abs_diff(least).saturating_add(1) - u64::from(exclude.is_some());
    let mut bytes = [0; 16];
    if count == 0 || !surroundings.random(&mut bytes) {
        return Err(FunctionError::Absent {
            what: phrase!("no-random-within", "random number within these bounds"),
        });
    }
    // Sixteen bytes for at most eight: the remainder favours no number that anybody could notice.
    let offset = u128::from_le_bytes(bytes) % u128::from(count);
    let found = least.wrapping_add_unsigned(u64::try_from(offset).unwrap_or(0));
    Ok(Value::Number(match exclude {
        Some(exclude) if found >= exclude => found + 1,
        _ => found,
    }))
}
