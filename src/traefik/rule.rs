//! Rules: which requests a router takes. A value in one is a string of Go.

/// Requests for this path alone.
pub(super) fn path(path: &str) -> String {
    format!("Path({})", quoted(path))
}

/// Requests for all paths that begin so.
pub(super) fn prefix(path: &str) -> String {
    format!("PathPrefix({})", quoted(path))
}

/// The same requests, for these names alone; for any if there are none.
pub(super) fn on(names: &[String], rule: String) -> String {
    let hosts: Vec<String> = names.iter().map(|name| format!("Host({})", quoted(name))).collect();
    match hosts.as_slice() {
        [] => rule,
        [host] => format!("{host} && {rule}"),
        hosts => format!("({}) && {rule}", hosts.join(" || ")),
    }
}

/// A string of Go: between backquotes where it can be, as people write rules, else with what is odd escaped.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains(|letter: char| letter == '`' || letter.is_control()) {
        return format!("`{text}`");
    }
    let escaped: String = text
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => format!("\\{letter}"),
            odd if odd.is_control() => format!("\\u{:04x}", u32::from(odd)),
            plain => plain.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
