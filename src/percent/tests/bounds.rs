use std::sync::Mutex;

use proptest::prelude::*;

use super::*;

const TOO_LONG: &str = "percent::too_long";

/// Some of these take much memory, so they run one after the other.
static ONE: Mutex<()> = Mutex::new(());

#[test]
fn nothing_goes_on_for_ever() {
    let _guard = ONE.lock();
    for template in [
        "%while 1\n%end while\n",
        "%for x in %%range(10 ** 9)\n%end for\n",
        "%for x in %%range(2000)\n%for y in %%range(2000)\n%end for\n%end for\n",
        "%echo 'a' * 10 ** 9\n",
        "%echo [0] * 10 ** 12\n",
        "%echo 'a'.ljust(10 ** 10)\n",
        "%echo '%999999999d' % 1\n",
        "%echo '{:999999999}'.format(1)\n",
        "%repeat 10 ** 12\n%end repeat\n",
        "%include 'again'\n",
        "%def f\n%%f\n%end def\n%%f\n",
        "%set %%x = 'a'\n%repeat 100\n%set %%x = %%x + %%x\n%end repeat\n",
        "%set %%x = [1]\n%repeat 100\n%set %%x = %%x + %%x\n%end repeat\n",
        "%set %%x = []\n%silent %%x.append(%%x)\n%%x\n",
        "%set %%x = [1]\n%silent %%x.append(%%x)\n%set %%y = [1]\n%silent %%y.append(%%y)\n%%{x == y}\n",
        "%set %%x = 'a' * 10 ** 6\n%repeat 100\n%%x\n%end repeat\n",
        "%import re\n%%re.match('(a*)*b\\\\1', 'a' * 40)\n",
        "%echo [1 for a in range(2000) for b in range(2000)]\n",
        "%set %%x = 'a' * 10 ** 6\n%repeat 10 ** 6\n%set %%y = %%x.replace('a', 'b')\n%end repeat\n",
        "%try\n%while 1\n%end while\n%except\n%end try\n",
    ] {
        let (text, findings, _) = rendered(template);
        assert_eq!(text, None, "{template}");
        assert_eq!(findings.codes().last().map(String::as_str), Some(TOO_LONG), "{template}");
    }
}

#[test]
fn nothing_is_too_deep() {
    let deep = 100_000;
    for template in [
        format!("%echo {}1{}\n", "(".repeat(deep), ")".repeat(deep)),
        format!("%echo {}1\n", "not ".repeat(deep)),
        format!("%echo {}1\n", "-".repeat(deep)),
        format!("%echo 1{}\n", " + 1".repeat(deep)),
        format!("%echo {}\n", "1 if 1 else ".repeat(deep)),
        format!("%echo 1{}\n", " ** 1".repeat(deep)),
        format!("%%word{}\n", ".upper()".repeat(deep)),
        format!("%%word{}\n", "[0]".repeat(deep)),
        "%if 1\n".repeat(deep),
        "%if 1:".repeat(deep),
        "%try\n".repeat(deep),
        "%%{".repeat(deep),
        format!("%for {}x in y\n", "(".repeat(deep)),
        format!("%set x{} = 1\n", "[".repeat(deep)),
    ] {
        let (text, findings, _) = rendered(&template);
        assert_eq!(text, None);
        assert!(findings.has_errors(), "{}", &template[..20]);
    }
    // As deep as is allowed, everywhere at once.
    let expression = format!("{}%%f(%%n - 1){}", "(".repeat(20), ")".repeat(20));
    let template = format!(
        "%def f(n)\n%if 1\n%if 1\n%if 1\n%return {expression}\n%end if\n%end if\n%end if\n%end def\n%%f(1)"
    );
    assert_eq!(rendered(&template).1.codes(), [TOO_LONG]);
    let sum = format!("{}%%f(%%n - 1){}", "1 + (".repeat(30), ")".repeat(30));
    let inside = format!("{}{sum}\n{}", "%if 1\n".repeat(50), "%end if\n".repeat(50));
    for body in [
        format!("%return {sum}\n"),
        inside.replace(&sum, "%%f(1)"),
        inside.replace(&sum, &format!("%return {sum}")),
    ] {
        assert_eq!(rendered(&format!("%def f(n)\n{body}%end def\n%%f(1)")).1.codes(), [TOO_LONG]);
    }
    for body in [
        "%return [%%f(x) for x in [1] if 1]\n",
        "%return {1: %%f(n=[1][0:%%f(1)])}\n",
        "%set %%d = {}\n%set %%d[%%f(1)] = 1\n",
        "%try\n%for x in %%f(1)\n%end for\n%except\n%finally\n%end try\n",
        "%while %%f(%%f(1)).strip()\n%end while\n",
        "%include 'caller'\n",
    ] {
        let template = format!("%def f(n)\n{body}%end def\n%def greet(x)\n%%f(1)%end def\n%%f(1)");
        assert_eq!(rendered(&template).1.codes(), [TOO_LONG], "{body}");
    }
    become_texts(&[("%def f(n)\n%if %%n\n%%f(%%n - 1)%end if\n%end def\n%%f(48).strip()", "")]);
}

#[test]
fn a_list_as_deep_as_memory_is_dropped_without_harm() {
    become_texts(&[
        ("%set %%x = []\n%repeat 200000\n%set %%x = [%%x]\n%end repeat\nok", "ok"),
        ("%set %%x = ()\n%repeat 200000\n%set %%x = (%%x,)\n%end repeat\nok", "ok"),
    ]);
}

/// Pieces of which templates are made, so that many of them go far; a blank is one too.
const PIECES: &str = "%if |%elif |%else|%end if|%for |%end for|%set |%def f(a)|%end def|%try\n|%except|%end try|%%|%%{|%%word|\
    %%list|%%ip|%%f(|%%x|%raw|%end raw|%#|%|\\|\n|\n| |(|)|[|]|{|}|'|\"|,|:|.|=| in | and | not | is | if | else |x|1|\
    9223372036854775807|0.5|+|-|*|**|/|<|==|é|'a'|[1, 2]|{'k': 1}| for x in |.split(|.format(|'%s'|%%range(|.index|.mask|\
    %while |%break|%include |'inner'|#|lambda|\r\n|\0|0x|1e|then ";

fn piece() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.split('|').collect();
    prop_oneof![4 => proptest::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_template_is_fatal(pieces in proptest::collection::vec(piece(), 0..30)) {
        rendered(&pieces.concat());
    }

    #[test]
    fn no_text_is_fatal(text in "\\PC{0,60}") {
        rendered(&text);
    }

    #[test]
    fn text_without_marks_stays(text in "[^%\\\\]{0,60}") {
        let (rendered, _, _) = rendered(&text);
        prop_assert_eq!(rendered, Some(text));
    }

    #[test]
    fn slices_take_what_python_takes(start in -9i64..9, end in -9i64..9, step in prop_oneof![-3i64..0, 1i64..4]) {
        let (text, _, _) = rendered(&format!("%%{{None or 'aébcd'[{start}:{end}:{step}]}}"));
        let letters: Vec<char> = "aébcd".chars().collect();
        let clamp = |bound: i64, least: i64, most: i64| (if bound < 0 { bound + 5 } else { bound }).clamp(least, most);
        let (mut at, end) = if step > 0 { (clamp(start, 0, 5), clamp(end, 0, 5)) } else { (clamp(start, -1, 4), clamp(end, -1, 4)) };
        let mut expected = String::new();
        while (step > 0 && at < end) || (step < 0 && at > end) {
            expected.push(letters[usize::try_from(at).unwrap()]);
            at += step;
        }
        prop_assert_eq!(text, Some(expected));
    }
}

#[test]
fn a_long_line_of_directives_is_read_in_its_time() {
    let line = "%pass#".repeat(200_000);
    become_texts(&[(&line, "")]);
    let arguments = "1,".repeat(200_000);
    assert_eq!(rendered(&format!("%%len([{arguments}])")).0.as_deref(), Some("200000"));
    assert!(rendered(&format!("%%min({arguments})")).0.is_some());
}
