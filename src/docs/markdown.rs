//! References and their changes as Markdown.

use std::fmt::Write as _;

use super::changes::{Change, Changes};
use super::reference::{Family, Reference, Variable};

/// `text` as no more than text: every mark of Markdown and HTML is escaped, line ends are spaces.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => shown.push(' '),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            letter if letter.is_control() => {}
            letter => {
                if "\\`*_{}[]()#+!|~".contains(letter) {
                    shown.push('\\');
                }
                shown.push(letter);
            }
        }
    }
    shown
}

/// The reference, a heading a family and a list a variable.
pub(super) fn reference(reference: &Reference) -> String {
    let mut text = String::from("# Variables\n\n");
    let shown = || reference.families.iter().filter(|family| !family.variables.is_empty());
    for family in shown() {
        let _ = writeln!(text, "- [{}](#{})", title(family), anchor(&family.path));
    }
    for family in shown() {
        self::family(family, &mut text);
    }
    if !reference.system.is_empty() {
        text.push_str("\n## Files, services and packages\n\n");
    }
    for entry in &reference.system {
        let container =
            entry.container.as_ref().map(|name| format!(" in {}", plain(name))).unwrap_or_default();
        let _ = write!(text, "- {} {}{container}", entry.kind, plain(&entry.name));
        for more in entry.lists.iter().chain(&entry.conditions) {
            let _ = write!(text, "; {}", plain(more));
        }
        text.push('\n');
    }
    text
}

fn title(family: &Family) -> String {
    plain(if family.name.is_empty() { &family.path } else { &family.name })
}

/// The name of a place in the page.
fn anchor(path: &str) -> String {
    path.replace(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.', "-")
}

fn family(family: &Family, text: &mut String) {
    let _ = write!(text, "\n<a id=\"{}\"></a>\n\n## {}\n", anchor(&family.path), title(family));
    for more in family.description.iter().chain(&family.help) {
        let _ = write!(text, "\n{}\n", plain(more));
    }
    let hidden = family.hidden.then(|| "hidden".to_owned());
    for note in hidden.iter().chain(&family.conditions) {
        let _ = write!(text, "\n*{}*\n", plain(note));
    }
    for variable in &family.variables {
        self::variable(variable, text);
    }
}

fn variable(variable: &Variable, text: &mut String) {
    if let Some(separator) = &variable.separator {
        let _ = write!(text, "\n### {}\n", plain(separator));
    }
    let (name, path) = (plain(&variable.name), anchor(&variable.path));
    let _ = write!(text, "\n<a id=\"{path}\"></a>\n\n#### {name}\n\n{}\n", plain(&variable.description));
    if let Some(help) = &variable.help {
        let _ = write!(text, "\n{}\n", plain(help));
    }
    text.push('\n');
    for (what, said) in said(variable) {
        let _ = writeln!(text, "- {what}: {}", plain(&said));
    }
}

/// What is to be said of a variable, in order.
pub(super) fn said(variable: &Variable) -> Vec<(&'static str, String)> {
    let mut said = vec![("path", variable.path.clone()), ("type", variable.kind.clone())];
    let mut add = |what, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            said.push((what, text));
        }
    };
    add(if variable.open { "suggested values" } else { "values" }, Some(variable.words.join(", ")));
    add("default", Some(variable.default.join(", ")));
    add("calculated", variable.calculated.clone());
    add("it is", Some(variable.is.join(", ")));
    add("group", variable.group.clone());
    add("mode", Some(variable.mode.clone()));
    add("kept", variable.kept.clone());
    for condition in &variable.conditions {
        add("condition", Some(condition.clone()));
    }
    for check in &variable.checks {
        add("check", Some(check.clone()));
    }
    add("defined", Some(variable.defined.clone()));
    said
}

/// The changes, in the manner of a change log.
pub(super) fn changes(changes: &Changes) -> String {
    if changes.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let mut text = String::from("# Changes of the dictionaries\n");
    for (title, of) in
        [("Added", &changes.added), ("Changed", &changes.changed), ("Removed", &changes.removed)]
    {
        if of.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n");
        for change in of {
            let _ = writeln!(text, "- {}", plain(&sentence(change)));
        }
    }
    text
}

/// A change in words.
pub(super) fn sentence(change: &Change) -> String {
    let Change { of, name, what, from, to } = change;
    let shown = |value: &Option<String>| match value.as_deref() {
        None | Some("") => "nothing".to_owned(),
        Some(value) => value.to_owned(),
    };
    match what {
        None => format!("{of} {name}"),
        Some(what) => format!("{of} {name}: {what} was {}, is {}", shown(from), shown(to)),
    }
}
