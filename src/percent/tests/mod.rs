//! What templates become: tables of a template and its text, and the findings on the wrong ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::source::{Sources, Span};

mod bounds;
mod directives;
mod expressions;
mod failures;
mod functions;

/// What the templates of the tests see.
#[derive(Default)]
struct Sight {
    sources: Sources,
    variables: BTreeMap<String, Data>,
    templates: BTreeMap<String, (FileId, Arc<str>)>,
}

impl Surroundings for Sight {
    fn lookup(&self, name: &str) -> Lookup {
        match self.variables.get(name) {
            Some(Data::Disabled) => {
                Lookup::Disabled(self.templates.values().next().map(|(file, _)| Span::new(*file, 0, 1)))
            }
            Some(data) => Lookup::Value(data.clone()),
            None => {
                let known = self.variables.keys().map(String::as_str);
                Lookup::Unknown { near: crate::diagnostic::nearest(name, known).map(str::to_owned) }
            }
        }
    }

    fn include(&self, name: &str) -> Option<(FileId, Arc<str>)> {
        self.templates.get(name).cloned()
    }

    fn is_file(&self, path: &str) -> bool {
        path == "/etc/passwd"
    }

    fn is_folder(&self, path: &str) -> bool {
        path == "/etc"
    }

    fn is_instance(&self) -> bool {
        true
    }
}

fn texts(items: &[&str]) -> Vec<Data> {
    items.iter().map(|item| Data::from(*item)).collect()
}

/// The variables of most tests.
fn sight() -> Sight {
    let mut sight = Sight::default();
    let group = Group {
        values: texts(&["10.0.0.1", "10.0.0.2"]),
        slaves: [
            ("mask".to_owned(), texts(&["255.0.0.0", "255.255.0.0"])),
            ("part".to_owned(), vec![Data::from("p"), Data::Disabled]),
            ("gone".to_owned(), vec![Data::Disabled, Data::Disabled]),
        ]
        .into(),
    };
    sight.variables = [
        ("name", Data::from("Zoé")),
        ("word", Data::from("abc")),
        ("port", Data::Number(80)),
        ("ratio", Data::Float(0.5)),
        ("yes", Data::Boolean(true)),
        ("nothing", Data::None),
        ("empty", Data::from("")),
        ("list", Data::List(texts(&["a", "b", "c"]))),
        ("ip", Data::Group(group)),
        ("off", Data::Disabled),
        ("secret", Data::from("hunter2")),
    ]
    .into_iter()
    .map(|(name, data)| (name.to_owned(), data))
    .collect();
    for (name, text) in [
        ("inner", "[%%name]\n"),
        ("setter", "%set %%here = 1\n%set global %%there = 2\n%%here"),
        ("again", "%include 'again'\n"),
        ("broken", "ok\n%if 1\n"),
        ("plain", "%%name %if"),
        ("caller", "%%greet('x')"),
    ] {
        let file = sight.sources.add(name, text);
        sight.templates.insert(name.to_owned(), (file, text.into()));
    }
    sight
}

/// What `text` becomes, and what is found.
fn rendered(text: &str) -> (Option<String>, Findings, Sources) {
    let mut sight = sight();
    let file = sight.sources.add("template", text);
    let mut findings = Findings::default();
    let document = parse(text, file, &mut findings);
    let result = document.and_then(|document| render(&document, &sight, &mut findings));
    assert_eq!(result.is_none(), findings.has_errors(), "{text}");
    (result, findings, sight.sources)
}

/// Each template becomes its text.
fn become_texts(table: &[(&str, &str)]) {
    for (template, expected) in table {
        let (text, findings, _) = rendered(template);
        let messages: Vec<String> = findings.iter().map(|finding| finding.problem.to_string()).collect();
        assert_eq!(text.as_deref(), Some(*expected), "{template:?}: {messages:?}");
    }
}

/// Each expression has its value, as a placeholder writes it.
fn have_values(table: &[(&str, &str)]) {
    for (expression, expected) in table {
        become_texts(&[(&format!("%%{{None or {expression}}}"), expected)]);
        become_texts(&[(&format!("%echo {expression}\n"), expected)]);
    }
}

/// Each template has the finding of its code, at its line and column.
fn fail(table: &[(&str, &str, (usize, usize))]) {
    for (template, code, place) in table {
        let (text, findings, sources) = rendered(template);
        assert_eq!(text, None, "{template:?}");
        let first = findings.iter().next().expect("something is found");
        let messages: Vec<String> = findings.iter().map(|finding| finding.problem.to_string()).collect();
        assert_eq!(first.code(), *code, "{template:?}: {messages:?}");
        let at = first.at.as_ref().and_then(|label| sources.position(label.span));
        assert_eq!(at, Some(*place), "{template:?}: {messages:?}");
    }
}
