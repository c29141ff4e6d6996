use super::*;

const SYNTAX: &str = "percent::syntax";
const UNKNOWN: &str = "percent::unknown_variable";
const UNSUPPORTED: &str = "percent::unsupported";
const FAILED: &str = "percent::failed";

#[test]
fn what_cannot_be_read_is_shown_at_its_place() {
    fail(&[
        ("a\n%if\n", SYNTAX, (2, 4)),
        ("a\n  %if 1\nb\n", SYNTAX, (2, 3)),
        ("%end if", SYNTAX, (1, 1)),
        ("%if 1\n%end for\n", SYNTAX, (2, 6)),
        ("%for x of y\n%end for", SYNTAX, (1, 8)),
        ("%%{word", SYNTAX, (1, 8)),
        ("%%f(1", SYNTAX, (1, 6)),
        ("%set %%x\n", SYNTAX, (1, 9)),
        ("%set 1 = 2\n", SYNTAX, (1, 6)),
        ("%set %%x = 'abc\n", SYNTAX, (1, 12)),
        ("%set %%x = 1 2\n", SYNTAX, (1, 14)),
        ("%break", SYNTAX, (1, 1)),
        ("%return 1", SYNTAX, (1, 1)),
        ("%raw\nx", SYNTAX, (1, 1)),
        ("%if 1\n%else\n%elif 2\n%end if", SYNTAX, (3, 1)),
        ("%if 1\n%except\n%end if", SYNTAX, (2, 1)),
        ("%else\n", SYNTAX, (1, 1)),
        ("%echo 010\n", SYNTAX, (1, 7)),
        ("%echo 99999999999999999999\n", SYNTAX, (1, 7)),
        ("%import\n", SYNTAX, (1, 8)),
        ("%def f(a, a)\n%end def", SYNTAX, (1, 12)),
        ("%include 'broken'\n", SYNTAX, (2, 1)),
        ("%pass on\n", SYNTAX, (1, 7)),
    ]);
}

#[test]
fn a_name_that_is_unknown_or_disabled_is_shown_at_its_place() {
    fail(&[
        ("a\nb %%wrod\n", UNKNOWN, (2, 3)),
        ("%if %%x.y == 1\n%end if", UNKNOWN, (1, 5)),
        ("%echo wrod\n", UNKNOWN, (1, 7)),
        ("%%set x=0\n", UNKNOWN, (1, 1)),
        ("%%off", "percent::disabled_variable", (1, 1)),
        ("%%ip.gone", "percent::disabled_variable", (1, 1)),
        ("%%ip[0].part%%ip[1].part", "percent::disabled_variable", (1, 13)),
        ("%%ip.part", "percent::disabled_variable", (1, 1)),
        ("%%uper('x')", "percent::unknown_function", (1, 1)),
        ("%%getVar('x')", UNKNOWN, (1, 1)),
        ("%include 'nowhere'", "percent::missing_include", (1, 10)),
        ("%set %%x = 1\n%def f\n%%x\n%end def\n%%f", UNKNOWN, (3, 1)),
        ("%del %%word\n", UNKNOWN, (1, 1)),
    ]);
}

#[test]
fn hints_say_what_may_be_meant() {
    for (template, hint) in [
        ("%%wrd", "write `word` if that is what you mean"),
        ("%%set x=0", "write `%set` if a directive is meant"),
        ("%%uper('x')", "write `upper` if that is what you mean"),
        (
            "%set %%x = 1\n%def f: %%x\n%%f",
            "write `%set global %%x = …` where it is set: it is used elsewhere",
        ),
        ("%set %%n = 1\nA%%n_IN", "write `%%{n}_IN` if the name ends there"),
        ("%def f(a)\n%%wrd\n%end def\n%%f(%%port)", "write `word` if that is what you mean"),
        ("%%creole_client.get('x')", "name the variable itself: `%%name`"),
        ("%%off", "ask `%if %%is_defined('off')` before using it"),
    ] {
        let (_, findings, _) = rendered(template);
        let help = findings.iter().next().and_then(|finding| finding.problem.help()).expect("it helps");
        assert_eq!(help.to_string(), hint, "{template}");
    }
}

#[test]
fn all_that_fails_is_told_once() {
    let template = "%%one %%two\n%for x in [1, 2]\n%%three\n%end for\n%set %%y = %%four\n%%y %%{y + 1}\n";
    let (_, findings, sources) = rendered(template);
    let lines: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.at.as_ref())
        .filter_map(|label| sources.position(label.span))
        .collect();
    assert_eq!(lines, [(1, 1), (1, 7), (3, 1), (5, 12)]);
}

#[test]
fn a_disabled_variable_is_shown_where_it_is_defined() {
    let (_, findings, _) = rendered("%%off");
    assert_eq!(findings.iter().map(|finding| finding.related.len()).sum::<usize>(), 1);
}

#[test]
fn what_eole_alone_can_do_is_refused() {
    fail(&[
        ("%%creole_client.get('x')", UNSUPPORTED, (1, 1)),
        ("%%list_files('/etc')", UNSUPPORTED, (1, 1)),
        ("%import time\n%%time.strftime('%Y')", UNSUPPORTED, (2, 1)),
        ("%import subprocess\n", UNSUPPORTED, (1, 1)),
        ("%from creole import x\n", UNSUPPORTED, (1, 1)),
        ("%set %%f = lambda x: x\n", UNSUPPORTED, (1, 12)),
        ("%echo f'a'\n", UNSUPPORTED, (1, 7)),
        ("a %extends b\n", UNSUPPORTED, (1, 3)),
        ("%%ip.append('x')", UNSUPPORTED, (1, 1)),
        ("%%sorted(%%list, key=%%len)", "percent::failed", (1, 22)),
        ("%%sorted([1], key=str)", UNSUPPORTED, (1, 1)),
    ]);
}

#[test]
fn what_python_would_not_do_fails() {
    for (expression, kind) in [
        ("'a' + 1", "TypeError"),
        ("1 + None", "TypeError"),
        ("[1][5]", "IndexError"),
        ("{'a': 1}['b']", "KeyError"),
        ("1 / 0", "ZeroDivisionError"),
        ("1.0 % 0", "ZeroDivisionError"),
        ("9223372036854775807 + 1", "OverflowError"),
        ("2 ** 64", "OverflowError"),
        ("1 << 64", "OverflowError"),
        ("-(-9223372036854775807 - 1)", "OverflowError"),
        ("int('x')", "ValueError"),
        ("'1' < 2", "TypeError"),
        ("len(5)", "TypeError"),
        ("word.nothing", "AttributeError"),
        ("word()", "TypeError"),
        ("word.upper", "TypeError"),
        ("'%s %s' % 'a'", "TypeError"),
        ("'%d' % 'a'", "TypeError"),
        ("'%q' % 1", "ValueError"),
        ("'%' % 1", "ValueError"),
        ("'{'.format(1)", "ValueError"),
        ("'{}'.format()", "IndexError"),
        ("{[1]: 2}", "TypeError"),
        ("[1].remove(2)", "ValueError"),
        ("','.join([1])", "TypeError"),
        ("'a'[1:2:0]", "ValueError"),
        ("str(str)", "TypeError"),
        ("range(1, 2, 0)", "ValueError"),
        ("'a'.split('')", "ValueError"),
        ("min([])", "ValueError"),
    ] {
        let (text, findings, _) = rendered(&format!("%echo {expression}\n"));
        assert_eq!(text, None, "{expression}");
        let message: String = findings.iter().map(|finding| finding.problem.to_string()).collect();
        assert!(message.starts_with(kind), "{expression}: {message}");
    }
    fail(&[("%assert 1 == 2\n", FAILED, (1, 9)), ("%set %%a, %%b = [1]\n", FAILED, (1, 17))]);
}

#[test]
fn no_message_has_a_secret() {
    for template in [
        "%%getVar(%%secret)",
        "%%getVar('word.' + %%secret)",
        "%%map(%%getVar, [%%secret])",
        "%%{map(getVar, [secret])}",
        "%include %%secret",
        "%%int(%%secret)",
        "%%secret.x",
        "%%secret[99]",
        "%%secret()",
        "%set %%d = {}\n%%d[%%secret]",
        "%echo %%secret + 1\n",
        "%echo %%secret % 1\n",
        "%import re\n%%re.match('(' + %%secret, 'x')",
        "%assert %%secret == 1, %%secret\n",
        "%%is_defined(%%secret).x",
        "%echo ('%(' + %%secret + ')s') % {}\n",
    ] {
        let (text, findings, _) = rendered(template);
        assert_eq!(text, None, "{template}");
        for finding in &findings {
            let help = finding.problem.help().map(|help| help.to_string()).unwrap_or_default();
            let told = format!("{} {help} {:?} {:?}", finding.problem, finding.at, finding.related);
            assert!(!told.contains("hunter2"), "{template}: {told}");
        }
    }
}
