//! References and their changes as Markdown.

use std::fmt::Write as _;

use super::changes::{Change, Changes, NO, OPEN, YES};
use super::reference::{Family, Reference, Variable};
use crate::phrase;
use crate::words::{Phrase, Words};

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
pub(super) fn reference(reference: &Reference, tongue: &Words) -> String {
    let mut text = format!("# {}\n\n", tongue.phrase(&variables()));
    let shown = || reference.families.iter().filter(|family| !family.variables.is_empty());
    for family in shown() {
        let _ = writeln!(text, "- [{}](#{})", title(family), anchor(&family.path));
    }
    for family in shown() {
        self::family(family, tongue, &mut text);
    }
    if !reference.system.is_empty() {
        let _ = write!(text, "\n## {}\n\n", tongue.phrase(&system()));
    }
    for entry in &reference.system {
        let container = entry.container.as_ref().map(|name| within(&plain(name), tongue)).unwrap_or_default();
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

fn family(family: &Family, tongue: &Words, text: &mut String) {
    let _ = write!(text, "\n<a id=\"{}\"></a>\n\n## {}\n", anchor(&family.path), title(family));
    for more in family.description.iter().chain(&family.help) {
        let _ = write!(text, "\n{}\n", plain(more));
    }
    let hidden = family.hidden.then(|| tongue.phrase(&phrase!("now-hidden", "hidden")));
    for note in hidden.iter().chain(&family.conditions) {
        let _ = write!(text, "\n*{}*\n", plain(note));
    }
    for variable in &family.variables {
        self::variable(variable, tongue, text);
    }
}

fn variable(variable: &Variable, tongue: &Words, text: &mut String) {
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
        let pair = phrase!("doc-pair", "{what}: {said}", what = what, said = plain(&said));
        let _ = writeln!(text, "- {}", tongue.phrase(&pair));
    }
}

/// What is to be said of a variable, in order.
pub(super) fn said(variable: &Variable) -> Vec<(Phrase, String)> {
    let mut said = vec![
        (phrase!("doc-path", "path"), variable.path.clone()),
        (phrase!("doc-type", "type"), variable.kind.clone()),
    ];
    let mut add = |what, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            said.push((what, text));
        }
    };
    let values = if variable.open {
        phrase!("doc-suggested", "suggested values")
    } else {
        phrase!("doc-values", "values")
    };
    add(values, Some(variable.words.join(", ")));
    add(phrase!("doc-default", "default"), Some(variable.default.join(", ")));
    add(phrase!("doc-calculated", "calculated"), variable.calculated.clone());
    add(phrase!("doc-is", "it is"), Some(variable.is.join(", ")));
    add(phrase!("doc-group", "group"), variable.group.clone());
    add(phrase!("doc-mode", "mode"), Some(variable.mode.clone()));
    add(phrase!("doc-kept", "kept"), variable.kept.clone());
    for condition in &variable.conditions {
        add(phrase!("doc-condition", "condition"), Some(condition.clone()));
    }
    for check in &variable.checks {
        add(phrase!("doc-check", "check"), Some(check.clone()));
    }
    add(phrase!("doc-defined", "defined"), Some(variable.defined.clone()));
    said
}

/// The changes, in the manner of a change log.
pub(super) fn changes(changes: &Changes, tongue: &Words) -> String {
    if changes.is_empty() {
        return tongue.phrase(&no_changes()) + "\n";
    }
    let mut text = format!("# {}\n", tongue.phrase(&of_dictionaries()));
    for (title, of) in kinds(changes) {
        if of.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {}\n\n", tongue.phrase(&title));
        for change in of {
            let _ = writeln!(text, "- {}", plain(&tongue.phrase(&sentence(change))));
        }
    }
    text
}

/// A change in words.
pub(super) fn sentence(change: &Change) -> Phrase {
    let Change { of, name, what, from, to } = change;
    let shown = |value: &Option<String>| match (value.clone().unwrap_or_default(), *what) {
        (value, _) if value.is_empty() => phrase!("nothing", "nothing"),
        (value, Some("mandatory" | "list" | "hidden")) if value == YES => phrase!("doc-yes", "yes"),
        (value, Some("mandatory" | "list" | "hidden")) if value == NO => phrase!("doc-no", "no"),
        (value, Some("values")) => match value.strip_suffix(OPEN) {
            Some(values) => phrase!("doc-open", "{values} (others too)", values = values),
            None => value.into(),
        },
        (value, _) => value.into(),
    };
    match what {
        None => phrase!("doc-whole", "{of} {name}", of = of, name = name),
        Some(what) => phrase!(
            "doc-change",
            "{of} {name}: {what} was {from}, is {to}",
            of = of,
            name = name,
            what = what,
            from = shown(from),
            to = shown(to)
        ),
    }
}

/// The title of a reference.
pub(super) fn variables() -> Phrase {
    phrase!("doc-variables", "Variables")
}

/// The title over what dictionaries say of the system.
pub(super) fn system() -> Phrase {
    phrase!("doc-system", "Files, services and packages")
}

/// In which of EOLE's containers something stands.
pub(super) fn within(container: &str, tongue: &Words) -> String {
    format!(" {}", tongue.phrase(&phrase!("entry-in", "in {container}", container = container)))
}

/// What is said where nothing changed.
pub(super) fn no_changes() -> Phrase {
    phrase!("doc-no-changes", "Nothing changed.")
}

/// The title of changes.
pub(super) fn of_dictionaries() -> Phrase {
    phrase!("doc-changes", "Changes of the dictionaries")
}

/// The kinds of changes, each with its title.
pub(super) fn kinds(changes: &Changes) -> [(Phrase, &Vec<Change>); 3] {
    [
        (phrase!("doc-added", "Added"), &changes.added),
        (phrase!("doc-changed", "Changed"), &changes.changed),
        (phrase!("doc-removed", "Removed"), &changes.removed),
    ]
}
