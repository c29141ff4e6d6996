//! The functions that EOLE adds for its templates.

use std::net::Ipv4Addr;

use crate::phrase;
use crate::schema::FamilyName;
use crate::words::Phrase;

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

// What to do instead of what is refused.
const NAME_IT: Phrase = phrase!("tpl-name-variable", "name the variable itself: `%%name`");
const NAME_EITHER: Phrase = phrase!("tpl-name-either", "name the variable or function itself: `%%name`");
const KEEP_LIST: Phrase = phrase!("tpl-keep-list", "keep the list in a variable");
const CALCULATE: Phrase = phrase!("tpl-calculate", "calculate a variable with it, in a dictionary");
const INCLUDE: Phrase = phrase!("tpl-include-it", "include a template: `%include \"name\"`");
const EXPRESSION: Phrase = phrase!("tpl-expression-itself", "write the expression itself");
const DIRECTIVES: Phrase = phrase!("tpl-write-directives", "write directives");
const A_LIST: Phrase = phrase!("tpl-use-list", "use a list");
const ECHO: Phrase = phrase!("tpl-write-echo", "write `%echo`");

/// What EOLE offers and a compilation cannot: it asks a server, the machine, chance or the clock.
pub(super) static REFUSED: [(&str, Phrase); 22] = [
    ("creole_client", NAME_IT),
    ("current_container", NAME_IT),
    ("self", NAME_EITHER),
    ("list_files", KEEP_LIST),
    ("list_files_in_directory", KEEP_LIST),
    ("gen_random", CALCULATE),
    ("random_int", CALCULATE),
    ("get_version", CALCULATE),
    ("auto_eth", CALCULATE),
    ("auto_netmask", CALCULATE),
    ("auto_network", CALCULATE),
    ("auto_broadcast", CALCULATE),
    ("auto_defaultgw_ip", CALCULATE),
    ("auto_dns", CALCULATE),
    ("get_net_device", CALCULATE),
    ("open", INCLUDE),
    ("file", INCLUDE),
    ("eval", EXPRESSION),
    ("exec", DIRECTIVES),
    ("set", A_LIST),
    ("print", ECHO),
    ("globals", NAME_IT),
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
