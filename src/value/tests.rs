use super::*;

/// A type, texts that it accepts, texts that it refuses.
const CASES: [(&str, &[&str], &[&str]); 22] = [
    ("string", &["a", "é\n"], &["a\u{7}", "\0"]),
    ("number", &["0", "-12"], &["1.5", "x", "1 "]),
    ("float", &["1.5", "2"], &["NaN", "inf", "x"]),
    ("boolean", &["True", "False"], &["oui", "1"]),
    ("oui/non", &["oui", "non"], &["yes", "Oui"]),
    ("schedule", &["daily"], &["hourly"]),
    ("ip", &["192.0.2.1"], &["192.0.2.256", "192.0.2", "::1", "01.2.3.4"]),
    ("local_ip", &["10.0.0.1", "192.168.1.1"], &["192.0.2.1"]),
    ("netmask", &["255.255.255.0", "0.0.0.0", "255.255.255.255"], &["255.0.255.0"]),
    ("cidr", &["192.0.2.1/24"], &["192.0.2.1", "192.0.2.1/33"]),
    ("network_cidr", &["192.0.2.0/24", "0.0.0.0/0"], &["192.0.2.1/24"]),
    ("domain", &["wiki.example.org", "192.0.2.1"], &["-a.org", "a..b"]),
    ("domain_strict", &["wiki.example.org"], &["192.0.2.1"]),
    ("hostname_strict", &["scribe"], &["a.b", "192.0.2.1"]),
    (
        "web_address",
        &["https://a.org/x?y", "http://192.0.2.1:8080"],
        &["ftp://a.org", "http://", "http://a.org/ x"],
    ),
    ("mail", &["a.b@example.org"], &["a@", "a b@example.org"]),
    ("port", &["1", "65535"], &["0", "65536", "http"]),
    ("mac", &["52:54:00:12:34:56"], &["52:54:00:12:34", "zz:54:00:12:34:56"]),
    ("filename", &["/srv/wiki"], &["srv", "/srv/../etc", "/a\nb"]),
    ("date", &["2024-02-29"], &["2025-02-29", "2025-13-01", "25-1-1"]),
    ("unix_user", &["www-data", "_apt"], &["0day", "a b", "Root"]),
    ("netbios", &["ETAB-1"], &["a-name-that-is-too-long"]),
];

#[test]
fn each_type_accepts_its_own_and_refuses_the_rest() {
    for (name, good, bad) in CASES {
        let kind = VariableType::from_name(name).unwrap_or_else(|| panic!("no type {name}"));
        for text in good {
            assert!(kind.parse(text).is_ok(), "{name} refuses {text:?}");
        }
        for text in bad {
            assert!(kind.parse(text).is_err(), "{name} accepts {text:?}");
        }
    }
}

#[test]
fn nothing_is_a_value_of_every_type() {
    for name in VariableType::names() {
        assert_eq!(VariableType::from_name(name).map(|kind| kind.parse("")), Some(Ok(Value::None)));
    }
}

#[test]
fn a_type_is_called_as_the_dictionaries_call_it() {
    assert_eq!(VariableType::from_name("oui/non").map(VariableType::name), Some("oui/non"));
    assert_eq!(VariableType::from_name("hostname_strict").map(VariableType::name), Some("hostname_strict"));
    assert_eq!(VariableType::from_name("strnig"), None);
}

#[test]
fn a_mismatch_says_what_was_expected_and_never_tells_a_secret() {
    let error = VariableType::Port.parse("70000").unwrap_err();
    assert_eq!(error.to_string(), "expected a port from 1 to 65535, found \"70000\"");
    let secret = VariableType::Password.parse("hunter2\0").unwrap_err();
    assert!(!secret.to_string().contains("hunter2"));
}
