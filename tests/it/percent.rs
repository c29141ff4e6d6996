//! EOLE's `%` templates, one for each directive, helper, function and method of its language, and what each becomes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tree::Tree;

/// All of the language that EOLE's templates have; each has a template of this name in `fixtures/percent/templates`.
const LANGUAGE: [&str; 53] = [
    // Directives.
    "break",
    "comment",
    "continue",
    "def",
    "echo",
    "for",
    "from",
    "if",
    "import",
    "include",
    "pass",
    "raw",
    "set",
    "set_global",
    "silent",
    "slurp",
    "try",
    "unless",
    "while",
    // Expressions.
    "boolean",
    "braces",
    "comparison",
    "group",
    "indexing",
    "literals",
    "slices",
    // Functions of Python.
    "enumerate",
    "int",
    "len",
    "range",
    "sorted",
    "str",
    "zip",
    // Methods of Python.
    "append",
    "endswith",
    "index",
    "join",
    "lower",
    "replace",
    "split",
    "startswith",
    "strip",
    "upper",
    // Helpers of EOLE.
    "custom_join",
    "getVar",
    "helper_lower",
    "helper_upper",
    "is_defined",
    "is_empty",
    "is_file",
    "is_instance",
    "is_ip",
    "normalize_var",
];

fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/percent").join(path)
}

fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fixtures(folder)).expect("it is there").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_part_of_the_language_has_a_template_and_becomes_what_is_expected() {
    let whole: BTreeSet<String> = LANGUAGE.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names("expected"), whole);
    let mut files = String::new();
    for name in LANGUAGE {
        let _ = write!(files, "<file name='/out/{name}' mkdir='True'/>");
    }
    let tree = Tree::new("", "");
    let dictionary = fs::read_to_string(fixtures("values.xml")).expect("it is there");
    tree.put("dicos/10_a.xml", &dictionary.replace("<files/>", &format!("<files>{files}</files>")));
    tree.put("etc/there", "");
    for name in names("templates") {
        let text = fs::read_to_string(fixtures("templates").join(&name)).expect("it is there");
        tree.template(&name, &text);
    }
    tree.done(&["reconfigure"]);
    let mut wrong = Vec::new();
    for name in LANGUAGE {
        let expected = fs::read_to_string(fixtures("expected").join(name)).expect("it is there");
        let found = tree.read(&format!("out/{name}")).expect("it was written");
        if std::env::var_os("GALERNE_BLESS").is_some() {
            fs::write(fixtures("expected").join(name), &found).expect("it can be written");
        } else if found != expected {
            wrong.push(format!("== {name}\n{found}== expected\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
