//! Texts: what the types of names, paths and days accept.

/// Whether `text` has no control character but tabs and line ends.
pub(super) fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r'))
}

/// The truth value that dictionaries and saved configurations write.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "True" | "true" => Some(true),
        "False" | "false" => Some(false),
        _ => None,
    }
}

/// Whether `text` is one label of a host name of at most `longest` letters, digits and inner dashes.
pub(super) fn is_host_label(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether `text` is a domain name that is no IP address: its last label has a letter.
pub(super) fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| is_host_label(label, 63))
        && text.rsplit('.').next().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// Whether `text` is an `http` or `https` address with a host.
pub(super) fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (name, port) = host.split_once(':').unwrap_or((host, "80"));
        let known = is_domain(name) || super::net::ip(name).is_some();
        known && port.parse::<u16>().is_ok_and(|port| port > 0) && !rest.contains(is_never_in_an_address)
    })
}

/// Whether `letter` must be escaped in an address.
fn is_never_in_an_address(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || "\"'<>\\^`{|}".contains(letter)
}

/// Whether `text` is `local@domain`.
pub(super) fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
        (1..=64).contains(&local.len()) && local.bytes().all(allowed) && is_domain(domain)
    })
}

/// Whether `text` is an absolute path that never leads upwards.
pub(super) fn is_absolute_path(text: &str) -> bool {
    text.starts_with('/') && !text.contains(char::is_control) && text.split('/').all(|part| part != "..")
}

/// Whether `text` is a day of the calendar, `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let lengths = (year.len(), month.len(), day.len()) == (4, 2, 2);
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>()) else {
        return false;
    };
    lengths && (1..=days_in(year, month)).contains(&day)
}

/// How many days the month has; 0 for what is no month.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// Whether `text` is a name that `useradd` accepts on Debian.
pub(super) fn is_unix_user(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.$".contains(&byte))
}
