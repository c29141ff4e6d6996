use super::*;

/// The functions on a machine in memory.
fn functions() -> Functions {
    Functions::new(Box::new(surroundings::Fixed), SiteFunctions::default())
}

fn arguments(positional: &[&str], named: &[(&str, &str)]) -> Arguments {
    let value = |text: &&str| if text.is_empty() { Value::None } else { Value::from(*text) };
    let named = named.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect();
    Arguments { positional: positional.iter().map(value).collect(), named }
}

fn judged(value: &str, name: &str, positional: &[&str], named: &[(&str, &str)]) -> Result<(), FunctionError> {
    let functions = functions();
    let function = functions.find(name).unwrap();
    functions.check(function, &Value::from(value), &arguments(positional, named))
}

fn accepts(value: &str, name: &str, positional: &[&str], named: &[(&str, &str)]) -> bool {
    judged(value, name, positional, named).is_ok()
}

fn outcome(name: &str, positional: &[&str], named: &[(&str, &str)]) -> Result<Value, FunctionError> {
    let functions = functions();
    functions.calculate(functions.find(name).unwrap(), &arguments(positional, named))
}

fn calculated(name: &str, positional: &[&str], named: &[(&str, &str)]) -> String {
    outcome(name, positional, named).unwrap().to_string()
}

#[test]
fn valid_enum_reads_a_python_list_or_words() {
    let list = ["['docker', \"docker-git\", 'l\\'x']"];
    assert!(accepts("docker-git", "valid_enum", &list, &[]));
    assert!(accepts("l'x", "valid_enum", &list, &[]));
    assert!(accepts("", "valid_enum", &list, &[]));
    assert!(!accepts("snap", "valid_enum", &list, &[]));
    assert!(accepts("snap", "valid_enum", &list, &[("checkval", "False")]));
    assert!(accepts("b", "valid_enum", &["a", "b"], &[]));
    assert!(judged("a", "valid_enum", &["['a' 'b']"], &[]).unwrap_err().blames_the_call());
}

#[test]
fn valid_entier_includes_its_bounds() {
    let bounds = [("mini", "0"), ("maxi", "9")];
    for good in ["0", "9", ""] {
        assert!(accepts(good, "valid_entier", &[], &bounds));
    }
    for bad in ["-1", "10", "1.5", "x"] {
        assert!(!accepts(bad, "valid_entier", &[], &bounds));
    }
}

#[test]
fn valid_regexp_matches_from_the_start() {
    assert!(accepts("abc", "valid_regexp", &["b?a"], &[]));
    assert!(!accepts("xabc", "valid_regexp", &["a|b"], &[]));
    assert!(!accepts("a\nb", "valid_regexp", &["^[a-z]+$"], &[]));
}

#[test]
fn valid_differ_refuses_the_same() {
    assert!(accepts("a", "valid_differ", &["b"], &[]));
    assert!(!accepts("a", "valid_differ", &["a"], &[]));
}

#[test]
fn calculations_follow_eole() {
    assert_eq!(calculated("calc_val", &["a"], &[]), "a");
    assert_eq!(calculated("calc_val_first_value", &["", "b"], &[]), "");
    assert_eq!(calculated("concat", &["a", "b"], &[("z", "3"), ("y", "2")]), "ab23");
    assert_eq!(calculated("concat", &["a", ""], &[]), "");
    assert_eq!(calculated("calc_multi_val", &["a", "b", "a"], &[]), "a\nb");
    assert_eq!(calculated("calc_multi_val", &["a", ""], &[]), "");
    assert_eq!(calculated("calc_multi_val", &["a", ""], &[("allow_none", "True")]), "a");
}

/// A function, its positional and named arguments, and what it makes of them.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)], &'static str);

const CALCULATIONS: &[Case] = &[
    ("concat_path", &["/srv/", "/a/", "b"], &[], "/srv/a/b"),
    ("concat_path", &["/srv", ""], &[], ""),
    ("calc_network", &["192.0.2.77", "255.255.255.192"], &[], "192.0.2.64"),
    ("calc_network", &["192.0.2.77", ""], &[], ""),
    ("calc_broadcast", &["192.0.2.77", "255.255.255.192"], &[], "192.0.2.127"),
    ("calc_classe", &["255.255.255.0"], &[], "24"),
    ("calc_classe", &["0.0.0.0"], &[], "0"),
    ("auto_eth", &["eth0"], &[("parametre", "dhcp"), ("condition", "dhcp")], "192.0.2.15"),
    ("auto_eth", &["eth0", "statique", "dhcp"], &[], ""),
    ("auto_eth", &["eth9", "dhcp", "dhcp"], &[], ""),
    ("auto_netmask", &["eth0", "dhcp", "dhcp"], &[], "255.255.255.0"),
    ("auto_network", &["eth0", "dhcp", "dhcp"], &[], "192.0.2.0"),
    ("auto_broadcast", &["eth0", "dhcp", "dhcp"], &[], "192.0.2.255"),
    ("auto_defaultgw_ip", &["dhcp", "dhcp"], &[], "192.0.2.1"),
    ("auto_defaultgw_ip", &["dhcp", "statique"], &[], ""),
    ("auto_dns", &["dhcp", "dhcp"], &[], "192.0.2.53\n192.0.2.54"),
    ("calc_or_auto_network", &["10.1.2.3", "255.0.0.0", "eth0", "statique", "dhcp"], &[], "10.0.0.0"),
    ("calc_or_auto_network", &["10.1.2.3", "255.0.0.0", "eth0", "dhcp", "dhcp"], &[], "192.0.2.0"),
    ("calc_or_auto_broadcast", &["10.1.2.3", "255.0.0.0", "eth0", "statique", "dhcp"], &[], "10.255.255.255"),
    ("calc_or_auto_broadcast", &["10.1.2.3", "255.0.0.0", "eth0", "dhcp", "dhcp"], &[], "192.0.2.255"),
    ("get_version", &["EOLE_VERSION"], &[], "2.8"),
    ("get_version", &[], &[], "2.8"),
    ("is_instanciate", &[], &[], "oui"),
    ("get_net_device", &["1"], &[], "eno2"),
    ("get_net_device", &["7"], &[], ""),
    ("calc_container", &["oui", "192.0.2.51"], &[], "192.0.2.51"),
    ("calc_container", &["non", "192.0.2.51"], &[], "127.0.0.1"),
    ("calc_libelle_annuaire", &["127.0.0.1"], &[], "LDAP local"),
    ("calc_libelle_annuaire", &["ldap.example.org"], &[], "LDAP de ldap.example.org"),
    ("device_type", &["/dev/sr0"], &[], "b"),
    ("device_type", &["/srv"], &[], ""),
    ("cdrom_minormajor", &[], &[], "11:0"),
    ("extract_ad_dc_value", &["ou=a,DC=example, dc=org"], &[], "example.org"),
    ("list_files", &["/srv"], &[], "a.txt\nb.conf"),
    ("list_files", &["/srv", ".conf", "none"], &[], "none\nb.conf"),
    ("gen_random", &["4"], &[], "BTl3"),
    ("random_int", &["5", "5"], &[], "5"),
    ("random_int", &["5", "6", "5"], &[], "6"),
    ("calc_multi_condition", &["oui"], &[("condition_1", "oui"), ("condition_2", "oui")], "oui"),
    ("calc_multi_condition", &["oui"], &[("condition_1", "oui"), ("condition_2", "non")], "non"),
    (
        "calc_multi_condition",
        &["oui"],
        &[("condition_1", "oui"), ("condition_2", "non"), ("operator", "OR"), ("match", "m")],
        "m",
    ),
    (
        "calc_multi_condition",
        &["['a', 'b']"],
        &[("condition_2", "b"), ("condition_1", "a"), ("match", "m")],
        "m",
    ),
    (
        "calc_multi_condition",
        &["['a', 'b']"],
        &[("condition_1", "b"), ("condition_2", "a"), ("mismatch", "x")],
        "x",
    ),
    (
        "calc_multi_condition",
        &["a"],
        &[("condition_1", ""), ("mismatch", ""), ("default_mismatch", "d")],
        "d",
    ),
    ("calc_multi_condition", &["a"], &[("condition_1", "a"), ("default_match", "None")], ""),
    ("list_len_gt", &["text", "0"], &[("mismatch", "x")], "x"),
];

#[test]
fn every_calculation_has_eoles_result() {
    for (name, positional, named, expected) in CALCULATIONS {
        assert_eq!(&calculated(name, positional, named), expected, "{name} {positional:?} {named:?}");
    }
}

#[test]
fn a_list_longer_than_its_limit_is_told() {
    let functions = functions();
    let id = functions.find("list_len_gt").unwrap();
    let list = Value::List(vec![Value::from("a"), Value::from("b")]);
    let longer = |most: &str| {
        let arguments = Arguments { positional: vec![list.clone(), Value::from(most)], named: Vec::new() };
        functions.calculate(id, &arguments).unwrap().to_string()
    };
    assert_eq!((longer("1").as_str(), longer("2").as_str()), ("oui", "non"));
}

#[test]
fn a_wrong_call_is_blamed_on_the_dictionary() {
    let cases: [Case; 10] = [
        ("calc_network", &["x", "255.0.0.0"], &[], ""),
        ("calc_network", &["192.0.2.1", "255.0.255.0"], &[], ""),
        ("auto_eth", &["eth0"], &[], ""),
        ("auto_eth", &[], &[], ""),
        ("get_net_device", &["x"], &[], ""),
        ("random_int", &["6", "5"], &[], ""),
        ("gen_random", &["0"], &[], ""),
        ("list_len_gt", &["a"], &[], ""),
        ("calc_multi_condition", &["['a']"], &[("condition", "a")], ""),
        ("calc_multi_condition", &["['a', 'b']"], &[("condition_1", "a")], ""),
    ];
    for (name, positional, named, _) in cases {
        let error = outcome(name, positional, named).unwrap_err();
        assert!(error.blames_the_call(), "{name} {positional:?}: {error}");
    }
}

/// A check, its positional arguments, what it accepts and what it refuses.
type Judgement = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const CHECKS: &[Judgement] = &[
    ("valid_ip", &[], &["192.0.2.1", ""], &["x", "::1"]),
    ("valid_ipnetmask", &["255.255.255.0"], &["192.0.2.1", ""], &["192.0.2.0", "192.0.2.255", "x"]),
    ("valid_ip_netmask", &["24"], &["192.0.2.1"], &["192.0.2.0"]),
    ("valid_ip_netmask", &["255.255.255.255"], &["192.0.2.1"], &[]),
    ("valid_networknetmask", &["255.255.255.0"], &["192.0.2.0"], &["192.0.2.1"]),
    ("valid_network_netmask", &["255.255.255.0"], &["192.0.2.0"], &["192.0.2.1"]),
    ("valid_broadcast", &["192.0.2.0", "255.255.255.0"], &["192.0.2.255"], &["192.0.2.254"]),
    ("valid_in_network", &["192.0.2.0", "255.255.255.0"], &["192.0.2.9"], &["192.0.3.9"]),
    ("valid_in_network", &["192.0.2.0", ""], &["192.0.3.9"], &[]),
    ("valid_lower", &[], &["abc-é1"], &["aBc"]),
    ("valid_country", &[], &["FR"], &["fr", "FRA"]),
    ("valid_addr_ip_or_domain", &[], &["192.0.2.1", "a.example.org"], &["a b"]),
    ("valid_len", &["3"], &["abc", "é"], &["abcd"]),
    ("valid_name", &[], &["a-b.c"], &["-a", "a b"]),
    ("valid_regexp", &["^(?!x)[a-z]+$"], &["abc"], &["xbc"]),
];

#[test]
fn every_check_accepts_its_own_and_refuses_the_rest() {
    for (name, positional, good, bad) in CHECKS {
        for value in *good {
            assert_eq!(judged(value, name, positional, &[]), Ok(()), "{name} {value}");
        }
        for value in *bad {
            let error = judged(value, name, positional, &[]).unwrap_err();
            assert!(!error.blames_the_call(), "{name} {value}: {error}");
        }
    }
    let least = [("min_len", "2")];
    assert!(judged("ab", "valid_len", &[], &least).is_ok() && judged("a", "valid_len", &[], &least).is_err());
}

#[test]
fn a_name_is_taken_by_another_item_only() {
    let functions = functions();
    let id = functions.find("check_name_uniq").unwrap();
    let values = Value::List(vec![Value::from("a"), Value::from("b"), Value::from("a")]);
    let arguments = Arguments { positional: vec![values, Value::Number(1)], named: Vec::new() };
    assert_eq!(functions.check(id, &Value::from("b"), &arguments), Ok(()));
    assert_eq!(functions.check(id, &Value::from("a"), &arguments), Err(FunctionError::NameTaken));
}

#[test]
fn every_function_of_the_dialect_is_there() {
    const NAMES: &str = "calc_val calc_val_first_value calc_multi_val calc_multi_condition concat concat_path \
        calc_network calc_broadcast calc_or_auto_network calc_or_auto_broadcast auto_eth auto_netmask auto_broadcast \
        auto_network auto_defaultgw_ip auto_dns get_version is_instanciate gen_random random_int list_len_gt \
        get_net_device calc_container calc_libelle_annuaire calc_classe device_type extract_ad_dc_value \
        cdrom_minormajor list_files valid_enum valid_entier valid_regexp valid_differ valid_ip valid_ip_netmask \
        valid_ipnetmask valid_network_netmask valid_networknetmask valid_broadcast valid_in_network valid_lower \
        valid_country valid_addr_ip_or_domain valid_len valid_name check_name_uniq";
    let functions = functions();
    for name in NAMES.split_whitespace() {
        assert!(functions.find(name).is_some(), "{name}");
    }
    let page = include_str!("../../docs/functions.md");
    for name in functions.names() {
        assert!(page.contains(&format!("`{name}")), "docs/functions.md says nothing of {name}");
    }
    let mut names = functions.names();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), NAMES.split_whitespace().count());
}

#[test]
fn the_machine_is_asked_without_failing() {
    let folder = tempfile::tempdir().unwrap();
    let machine = Machine::new(folder.path());
    assert_eq!(machine.interface("lo").map(|(ip, _)| ip.is_loopback()), Some(true));
    assert!(machine.dns().is_empty() && machine.release("ID").is_none() && !machine.is_instanciated());
    assert!(machine.files(std::path::Path::new("/nowhere")).is_empty());
    let mut bytes = [0; 32];
    assert!(machine.random(&mut bytes) && bytes != [0; 32]);
    // Whatever this machine has, it is read.
    let _ = (machine.devices(), machine.gateway());
    let null = Machine::default().device(std::path::Path::new("/dev/null"));
    assert_eq!(null, Some(Device { block: false, major: 1, minor: 3 }));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_list_reader_panic(text in "[\\[\\],'\"\\\\ua1 é]{0,30}") {
        let _ = python::list(&text);
    }

    #[test]
    fn a_written_list_is_read_back(words in proptest::collection::vec("[a-zé ,\\]]{0,8}", 0..5)) {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        proptest::prop_assert_eq!(python::list(&format!("[{}]", quoted.join(", "))), Some(words));
    }
}
