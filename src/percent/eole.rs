//! The functions that EOLE adds for its templates.

use std::net::Ipv4Addr;

use crate::schema::FamilyName;

use super::methods::Arguments;
use super::value::{Answer, Heap, Value};
use super::{show, text};

/// Their names. Those that ask about variables, or of the machine, are the interpreter's.
pub(super) const NAMES: [&str; 15] = [
    "is_defined",
    "getVar",
    "varExists",
    "hasVar",
    "is_file",
    "is_instance",
    "is_instanciate",
    "custom_join",
    "is_empty",
    "is_ip",
    "normalize_var",
    "normalize_family",
    "upper",
    "lower",
    "to_list",
];

/// What EOLE offers and a compilation cannot: it asks a server, the machine, chance or the clock.
pub(super) const REFUSED: [(&str, &str); 22] = [
    ("creole_client", "name the variable itself: `%%name`"),
    ("current_container", "name the variable itself: `%%name`"),
    ("self", "name the variable or function itself: `%%name`"),
    ("list_files", "keep the list in a variable"),
    ("list_files_in_directory", "keep the list in a variable"),
    ("gen_random", "calculate a variable with it, in a dictionary"),
    ("random_int", "calculate a variable with it, in a dictionary"),
    ("get_version", "calculate a variable with it, in a dictionary"),
    ("auto_eth", "calculate a variable with it, in a dictionary"),
    ("auto_netmask", "calculate a variable with it, in a dictionary"),
    ("auto_network", "calculate a variable with it, in a dictionary"),
    ("auto_broadcast", "calculate a variable with it, in a dictionary"),
    ("auto_defaultgw_ip", "calculate a variable with it, in a dictionary"),
    ("auto_dns", "calculate a variable with it, in a dictionary"),
    ("get_net_device", "calculate a variable with it, in a dictionary"),
    ("open", "include a template: `%include \"name\"`"),
    ("file", "include a template: `%include \"name\"`"),
    ("eval", "write the expression itself"),
    ("exec", "write directives"),
    ("set", "use a list"),
    ("print", "write `%echo`"),
    ("globals", "name the variable itself: `%%name`"),
];

/// `name(…)`, of those that only look at what they get.
pub(super) fn call(name: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    let value = arguments.want(0, "value")?;
    match name {
        "custom_join" => {
            let between = arguments.want(1, "sep")?.str(heap)?;
            let items: Answer<Vec<Value>> =
                value.iterate(heap)?.iter().map(|item| heap.text(show::placed(item, heap)?)).collect();
            text::join(&items?, &between, heap)
        }
        "is_empty" => {
            let written = show::string(value, heap)?;
            Ok(Value::Bool(matches!(
                &*written,
                "" | "\"\"" | "''" | "[]" | "['']" | "[\"\"]" | "[None]" | "None"
            )))
        }
        "is_ip" => {
            let is_ip = matches!(value.plain(heap)?, Value::Text(text) if text.parse::<Ipv4Addr>().is_ok());
            Ok(Value::Bool(is_ip))
        }
        "normalize_var" | "normalize_family" => {
            let normal = FamilyName::normalise(&show::placed(value, heap)?);
            heap.text(normal.as_str())
        }
        "upper" => heap.text(show::placed(value, heap)?.to_uppercase()),
        "lower" => heap.text(show::placed(value, heap)?.to_lowercase()),
        _ => match value.plain(heap)? {
            Value::None => heap.list(Vec::new()),
            Value::List(_) | Value::Tuple(_) => heap.list(value.iterate(heap)?),
            other => heap.list(vec![other]),
        },
    }
}
