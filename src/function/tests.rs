use super::*;

fn call(name: &str, positional: &[&str], named: &[(&str, &str)]) -> (FunctionId, Arguments) {
    let value = |text: &&str| if text.is_empty() { Value::None } else { Value::from(*text) };
    let named = named.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect();
    (find(name).unwrap(), Arguments { positional: positional.iter().map(value).collect(), named })
}

fn accepts(value: &str, name: &str, positional: &[&str], named: &[(&str, &str)]) -> bool {
    let (function, arguments) = call(name, positional, named);
    function.check(&Value::from(value), &arguments, &Patterns::default()).is_ok()
}

fn calculated(name: &str, positional: &[&str], named: &[(&str, &str)]) -> String {
    let (function, arguments) = call(name, positional, named);
    function.calculate(&arguments).unwrap().to_string()
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
    let (function, arguments) = call("valid_enum", &["['a' 'b']"], &[]);
    let error = function.check(&Value::from("a"), &arguments, &Patterns::default()).unwrap_err();
    assert!(error.blames_the_call());
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
