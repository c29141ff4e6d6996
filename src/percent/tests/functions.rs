use super::*;

#[test]
fn builtins() {
    have_values(&[
        ("len('é') + len([1]) + len({1: 2})", "3"),
        ("range(3)", "[0, 1, 2]"),
        ("range(5, 0, -2)", "[5, 3, 1]"),
        ("int(' 12 ') + int(1.9) + int('ff', 16) + int(True)", "269"),
        ("float('1.5') + float(1)", "2.5"),
        ("str(1) + str(None) + str([1]) + unicode('u')", "1None[1]u"),
        ("repr('a')", "'a'"),
        ("bool('') or bool(1)", "True"),
        ("list('ab')", "['a', 'b']"),
        ("tuple([1])", "(1,)"),
        ("dict([('a', 1)], b=2)", "{'a': 1, 'b': 2}"),
        ("dict(a=1)", "{'a': 1}"),
        ("list(enumerate('ab', 1))", "[(1, 'a'), (2, 'b')]"),
        ("sorted([3, 1, 2])", "[1, 2, 3]"),
        ("sorted('bca', reverse=True)", "['c', 'b', 'a']"),
        ("list(reversed([1, 2]))", "[2, 1]"),
        ("zip([1, 2], 'ab')", "[(1, 'a'), (2, 'b')]"),
        ("min(3, 1) + max([1, 5])", "6"),
        ("sum([1, 2]) + sum([1], 10)", "14"),
        ("abs(-3) + abs(1.5)", "4.5"),
        ("any([0, 1])", "True"),
        ("all([0, 1]) or 'no'", "no"),
        ("round(2.567, 2)", "2.57"),
        ("isinstance('a', str) and isinstance(1, (str, int))", "True"),
        ("ord('A') + 1", "66"),
        ("chr(65)", "A"),
        ("hex(255) + oct(8)", "0xff010"),
        ("divmod(7, 2)", "(3, 1)"),
        ("map(str, [1, 2])", "['1', '2']"),
        ("filter(None, [0, 1])", "[1]"),
        ("xrange(2)", "[0, 1]"),
    ]);
}

#[test]
fn methods_of_texts() {
    have_values(&[
        ("'a b  c'.split()", "['a', 'b', 'c']"),
        ("'a,b,c'.split(',', 1)", "['a', 'b,c']"),
        ("'a,b,c'.rsplit(',', 1)", "['a,b', 'c']"),
        ("' a b c '.split(None, 1)", "['a', 'b c']"),
        ("'a b c'.rsplit(None, 1)", "['a b', 'c']"),
        ("'a\\nb\\r\\n'.splitlines()", "['a', 'b']"),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("' a '.strip() + 'xax'.strip('x') + ' b'.lstrip() + 'c '.rstrip()", "aabc"),
        ("'abc'.startswith('a') and 'abc'.endswith(('x', 'c'))", "True"),
        ("'aaa'.replace('a', 'b') + 'aaa'.replace('a', '', 1)", "bbbaa"),
        ("'a'.upper() + 'B'.lower() + 'cD'.swapcase()", "AbCd"),
        ("'hello WORLD'.capitalize() + ' ' + 'ab cd'.title()", "Hello world Ab Cd"),
        ("'héllo'.find('l')", "2"),
        ("'hello'.rfind('l') + 'a'.find('x')", "2"),
        ("'hello'.index('l', 3) + 'abab'.count('ab')", "5"),
        ("'12'.isdigit() and 'ab'.isalpha() and 'a1'.isalnum()", "True"),
        ("'A'.isupper() and 'a'.islower() and ' '.isspace()", "True"),
        ("'7'.zfill(3) + '-7'.zfill(4)", "007-007"),
        ("'a'.ljust(3, '.') + 'a'.rjust(3) + 'a'.center(4, '*')", "a..  a*a**"),
        ("'a=b=c'.partition('=')", "('a', '=', 'b=c')"),
        ("'a=b=c'.rpartition('=')", "('a=b', '=', 'c')"),
        ("'x'.partition('=')", "('x', '', '')"),
        ("'é'.encode('utf-8').decode('utf-8')", "é"),
    ]);
}

#[test]
fn methods_of_lists_and_dictionaries() {
    become_texts(&[
        (
            "%set %%l = [3, 1]\n%silent %%l.append(2)\n%silent %%l.extend([5, 4])\n%silent %%l.insert(0, 9)\n%%l",
            "[9, 3, 1, 2, 5, 4]",
        ),
        ("%set %%l = [3, 1, 2]\n%silent %%l.sort()\n%%l\n%silent %%l.reverse()\n%%l", "[1, 2, 3]\n[3, 2, 1]"),
        ("%set %%l = [3, 1, 3]\n%%l.index(1) %%l.count(3) %%l.pop() %%l.pop(0) %%l", "1 2 3 3 [1]"),
        ("%set %%l = [3, 1, 3]\n%silent %%l.remove(3)\n%silent %%l.sort(reverse=True)\n%%l", "[3, 1]"),
        ("%set %%l = [1]\n%silent %%l.append(%%l)\n%%len(%%l)", "2"),
        (
            "%set %%d = {'a': 1}\n%%d.keys() %%d.values() %%d.items() %%d.get('a') %%d.get('x', 2)",
            "['a'] [1] [('a', 1)] 1 2",
        ),
        (
            "%set %%d = {'a': 1}\n%silent %%d.update({'b': 2})\n%%d.has_key('b') %%d.pop('a') %%d.setdefault('c', 3) %%d",
            "True 1 3 {'b': 2, 'c': 3}",
        ),
        (
            "%set %%d = {'a': 1}\n%%d.a %%d.copy() %%sorted(%%d) %%d.iteritems()",
            "1 {'a': 1} ['a'] [('a', 1)]",
        ),
        ("%set %%d = {'keys': 1}\n%%d.keys %%d.keys()", "1 ['keys']"),
        ("%%{(1, 2).index(2)}", "1"),
    ]);
}

#[test]
fn helpers() {
    become_texts(&[
        ("%%is_defined('word') %%is_defined('off') %%is_defined('x')", "True False False"),
        (
            "%%getVar('word') %%getVar('off', 'd') %%getVar('x', None)| %%getVar('ip.mask')",
            "abc d | ['255.0.0.0', '255.255.0.0']",
        ),
        ("%set %%x = 1\n%%varExists('x') %%hasVar('word') %%varExists('y')", "True True False"),
        ("%%custom_join(%%list, '-') %%custom_join(%%list, sep=', ')", "a-b-c a, b, c"),
        (
            "%%is_empty(%%empty) %%is_empty(%%nothing) %%is_empty(['']) %%is_empty([]) %%is_empty(%%word)",
            "True True True True False",
        ),
        ("%%is_ip('10.0.0.1') %%is_ip('10.0.0.256') %%is_ip(%%port)", "True False False"),
        ("%%normalize_var('Été à-Là') %%normalize_family('Conteneur-1')", "ete_a_la conteneur_1"),
        ("%%is_file('/etc/passwd') %%is_file('/x')", "True False"),
        ("%%upper(%%word) %%lower('ABC') %%is_instance %%is_instanciate()", "ABC abc True True"),
        (
            "%%to_list(%%word) %%to_list(%%list) %%to_list(None) %%to_list(%%ip)",
            "['abc'] ['a', 'b', 'c'] [] ['10.0.0.1', '10.0.0.2']",
        ),
        ("%if is_defined('word') and word == 'abc'\nyes\n%end if", "yes\n"),
    ]);
}
