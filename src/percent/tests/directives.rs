use super::*;

#[test]
fn text_and_placeholders_end_where_cheetah_ends_them() {
    become_texts(&[
        ("", ""),
        ("100% of %h and %p, %foo\n50%\n", "100% of %h and %p, %foo\n50%\n"),
        ("a %%word b", "a abc b"),
        ("%%{word}x %%{ word }x", "abcx abcx"),
        ("%%word. %%word, %%word: %%word-%%word", "abc. abc, abc: abc-abc"),
        ("%%word.upper() %%word.upper", "ABC ABC"),
        ("%%word.replace('a', 'x').upper()", "XBC"),
        ("%%list[0]%%list[-1]", "ac"),
        ("%%list[0].upper()", "A"),
        ("%%upper(%%word)[0]", "ABC[0]"),
        ("%%port%%port/%%port", "8080/80"),
        ("%%{port + 1} %%{'%s:%d' % (word, port)}", "81 abc:80"),
        ("%%{%%word + 'x'}", "abcx"),
        ("%%(1 + 2) %%[word]", "3 abc"),
        ("100%%%word", "100%abc"),
        ("\\%%word \\%if \\%# \\%%%%word", "%%word %if %# %%abc"),
        ("a\\b\\\\c", "a\\b\\\\c"),
        ("%%nothing|%%empty|%%yes|%%ratio|%%list", "||True|0.5|['a', 'b', 'c']"),
        ("%%!unknown.x|%%!off|%%!word|%%*word", "||abc|abc"),
        ("%% word %%", "%% word %%"),
        ("%%name", "Zoé"),
        ("%h %if_x %for-y %endif %D", "%h %if_x %for-y %endif %D"),
    ]);
}

#[test]
fn comments_take_their_line_or_its_rest() {
    become_texts(&[
        ("a\n  %# no\nb\n", "a\nb\n"),
        ("a %# no\nb", "a \nb"),
        ("%# no", ""),
        ("%set %%x = 1 %# one\n%%x", "1"),
        ("%if 1 %# yes\na\n%end if %# done\nb", "a\nb"),
        ("a\r\n%# no\r\nb\r\n", "a\r\nb\r\n"),
    ]);
}

#[test]
fn conditions() {
    let ladder = |test: &str| {
        format!(
            "%if {test} == 1\none\n%elif {test} == 2\ntwo\n%else if {test} == 3\nthree\n%elseif {test} == 4\nfour\n%else\nmore\n%end if\n"
        )
    };
    for (test, expected) in
        [("1", "one\n"), ("2", "two\n"), ("3", "three\n"), ("4", "four\n"), ("5", "more\n")]
    {
        become_texts(&[(&ladder(test), expected)]);
    }
    become_texts(&[
        ("a\n  %if 0\nb\n  %end if\nc\n", "a\nc\n"),
        ("a %if 1\nb %end if\nc", "a \nb \nc"),
        ("%if 1:\na\n%end if", "a\n"),
        ("%if 1: a\nb", " a\nb"),
        ("%if 0: a\n%elif 0: b\n%else: c\nd", " c\nd"),
        ("%if %%yes then 'a' else 'b'\n", "a"),
        ("x%if %%nothing then 'a' else 'b' \ny", "xb\ny"),
        ("%if 1#a%end if#b", "ab"),
        ("%unless %%empty\na\n%end unless\n", "a\n"),
        ("%unless 1: a\nb", "b"),
        ("#%if 1\n#a\n#%end if\n", "#\n#a\n#\n"),
        ("%if (1 and\n  0)\na\n%end if\nb", "b"),
        ("%if 1 and \\\n 1\na\n%end if", "a\n"),
        ("%if 1\n%if 0\na\n%else\nb\n%end if\n%end if\n", "b\n"),
    ]);
}

#[test]
fn loops() {
    become_texts(&[
        ("%for %%x in %%list\n%%x\n%end for\n", "a\nb\nc\n"),
        ("%for x in %%range(3)\n%%x,%slurp\n%end for\n", "0,1,2,"),
        ("%for %%a, %%b in [(1, 2), (3, 4)]\n%%a-%%b\n%end for\n", "1-2\n3-4\n"),
        ("%for a, (b, c) in [(1, (2, 3))]: %%a%%b%%c\n", " 123\n"),
        ("%for k, v in {'x': 1}.items()\n%%k=%%v\n%end for", "x=1\n"),
        ("%for x in 'ab': %%x\n", " a\n b\n"),
        ("%for x in %%list\n%if %%x == 'b'\n%continue\n%end if\n%%x\n%end for\n", "a\nc\n"),
        ("%for x in %%list\n%if %%x == 'b'\n%break\n%end if\n%%x\n%end for\n", "a\n"),
        ("%set %%i = 0\n%while %%i < 3\n%set %%i += 1\n%%i\n%end while\n", "1\n2\n3\n"),
        ("%repeat 2\nx\n%end repeat\n", "x\nx\n"),
        (
            "%for %%i in %%ip\n%%i/%%i.mask %%i.index\n%end for\n",
            "10.0.0.1/255.0.0.0 0\n10.0.0.2/255.255.0.0 1\n",
        ),
        ("%for x in []\na\n%end for\nb", "b"),
        ("%for x in 1, 2: %%x\n", " 1\n 2\n"),
    ]);
}

#[test]
fn assignments() {
    become_texts(&[
        ("%set %%x = 1\n%set y = %%x + 1\n%%x %%y", "1 2"),
        ("%set %%a, %%b = 1, 2\n%%a%%b", "12"),
        ("%set %%a = %%b = 3\n%%a%%b", "33"),
        ("%set %%x = 7\n%set %%x -= 2\n%set %%x *= 3\n%set %%x /= 2\n%set %%x %= 4\n%%x", "3"),
        ("%set %%x = 2\n%set %%x **= 5\n%set %%x //= 3\n%%x", "10"),
        ("%set %%s = 'a'\n%set %%s += 'b'\n%%s", "ab"),
        (
            "%set %%l = [1, 2]\n%set %%m = %%l\n%set %%l += [3]\n%set %%m[0] = 9\n%%l %%m",
            "[9, 2, 3] [9, 2, 3]",
        ),
        ("%set %%d = {}\n%set %%d['k'] = 1\n%set %%d['k'] += 1\n%%d.k %%d['k'] %%d", "2 2 {'k': 2}"),
        ("%set global %%g = 1\n%def f\n%%g%end def\n%%f", "\n1"),
        ("%set %%l = [1, 2, 3]\n%del %%l[0]\n%%l", "[2, 3]"),
        ("%set %%d = {1: 2, 3: 4}\n%del %%d[1]\n%%d", "{3: 4}"),
        ("%set %%word = 'x'\n%%word\n%del %%word\n%%word", "x\nabc"),
        ("%silent %%list.append('d')\n%%len(%%list)", "4"),
        ("a%silent 1\nb", "a\nb"),
        ("%echo 1 + 1\n%echo 'x'#!", "2x!"),
        ("%for x in 'ab'\n%%x %slurp\n  %end for\n|", "a b |"),
        ("a\n%slurp anything\nb%slurp\nc", "a\nbc"),
        ("%pass\n%assert 1 == 1, 'no'\nx", "x"),
        ("%encoding: utf-8\nx", "x"),
        ("a\n%stop\nb", "a\n"),
    ]);
}

#[test]
fn raw_text_is_not_read() {
    become_texts(&[
        ("%raw\n%%word %if\n%end raw\nx", "%%word %if\nx"),
        ("a%raw#%%b%end raw#c", "a%%bc"),
        ("%raw: %%word\n%%word", " %%word\nabc"),
        ("%raw\n%end if\n%end raw", "%end if\n"),
    ]);
}

#[test]
fn definitions() {
    become_texts(&[
        (
            "%def f(a, %%b='y')\n<%%a%%b>%end def\n%%f('x') %%f('1', b='2') %%f(%%b=3, a=4)",
            "\n<xy> <12> <43>",
        ),
        ("%%later\n%def later: here\n", " here\n\n"),
        ("%def double(x)\n%return %%x * 2\n%end def\n%%double(4) %%{double(3) + 1}", "8 7"),
        ("%def none\n%return\n%end def\n[%%none]", "[]"),
        ("%def f(n)\n%if %%n > 0\n%%n%%f(%%n - 1)%slurp\n%end if\n%end def\n%%f(3)", "321"),
        ("%def %%f: a\n%set %%x = %%f.strip()\n%%x", "a"),
        ("%def f\na\n%stop\nb\n%end def\n%%f()c", "a\nc"),
    ]);
}

#[test]
fn inclusions() {
    become_texts(&[
        ("%include 'inner'\nx", "[Zoé]\nx"),
        ("%set %%n = 'inner'\n%include %%n\n%include 'in' + 'ner'\n", "[Zoé]\n[Zoé]\n"),
        ("%include raw 'plain'\n", "%%name %if"),
        ("%include 'setter'\n%%there", "12"),
        ("%def greet(x)\nhi %%x%end def\n%include 'caller'\n", "\nhi x"),
    ]);
}

#[test]
fn imports() {
    become_texts(&[
        ("%import os.path\n%%os.path.join('a', 'b', '/c', 'd')", "/c/d"),
        ("%from os.path import basename, dirname as d\n%%basename('/a/b') %%d('/a/b') %%d('/a')", "b /a /"),
        (
            "%import os\n%%os.path.exists('/etc/passwd')%%os.path.exists('/x')%%os.path.isdir('/etc')",
            "TrueFalseTrue",
        ),
        ("%import os.path as p\n%%p.splitext('/a.b/c.d.e') %%p.isabs('x')", "('/a.b/c.d', '.e') False"),
        ("%import re\n%%re.sub('(b)(c)?', '<\\\\1>', 'abcb')", "a<b><b>"),
        ("%import re\n%if %%re.match('a(?P<x>b)', 'abc')\nyes\n%end if\n%%re.search('b$', 'abc')|", "yes\n|"),
        (
            "%import re\n%set %%m = %%re.match('a(?P<x>b)', 'abc')\n%%m.group(1)%%m.group('x')%%m.groups()%%m.end()",
            "bb('b',)2",
        ),
        (
            "%import re\n%%re.split('[,;]', 'a,b;c') %%re.split(',', 'a,b,c', 1) %%re.findall('[0-9]+', 'a1b22')",
            "['a', 'b', 'c'] ['a', 'b,c'] ['1', '22']",
        ),
        ("%import re\n%%re.sub('x', '-', 'xxx', 2) %%re.sub('b$', '', 'b\\n')|", "--x \n|"),
        ("%import time\n%import re as r, os\n%%r.escape('a.b')", "a\\.b"),
    ]);
}

#[test]
fn what_is_tried_can_fail() {
    become_texts(&[
        ("%try\n%%unknown\n%except\ncaught\n%end try\n", "caught\n"),
        ("%try\n%%off\n%except NotFound\ncaught\n%end try\n", "caught\n"),
        (
            "%try\na %%list[9]\n%except KeyError\nno\n%except (ValueError, IndexError), e\n%%e\n%end try\n",
            "a IndexError: there is no item of this index\n",
        ),
        (
            "%try\nfine\n%except Exception as e\nno\n%else\nelse\n%finally\nfinally\n%end try\n",
            "fine\nelse\nfinally\n",
        ),
        (
            "%try\n%%int('x')\n%except NameMapper.NotFound\nno\n%except ValueError\nyes\n%finally\nat last\n%end try\n",
            "yes\nat last\n",
        ),
        ("%for x in [1, 2]\n%try\n%break\n%finally\nf\n%end try\n%end for\n", "f\n"),
    ]);
}
