//! References and their changes as one page that needs nothing else: no script, no style sheet, no picture.

use std::fmt::Write as _;

use super::changes::Changes;
use super::markdown::{kinds, no_changes, of_dictionaries, said, sentence, system, variables, within};
use super::reference::{Family, Reference, Variable};
use crate::phrase;
use crate::words::{Phrase, Words};

const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\
h1,h2,h3{line-height:1.2}h2{border-bottom:1px solid #8888;padding-bottom:.2rem;margin-top:2.5rem}\
section{margin:1rem 0 1.5rem}section h4{margin:0;font-family:ui-monospace,monospace;overflow-wrap:anywhere}section p{margin:.2rem 0}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.3rem 0;font-size:.93rem}\
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}nav ul{columns:14rem;padding-left:1.2rem}a{color:inherit}\
@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-left:1rem}}@media print{nav{display:none}section{break-inside:avoid}}";

/// `text` as no more than text, in an element or in an attribute in quotes.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => {}
            letter => shown.push(letter),
        }
    }
    shown
}

fn page(title: &Phrase, body: &str, tongue: &Words) -> String {
    let (title, language) = (plain(&tongue.phrase(title)), tongue.language().tag());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )
}

/// The reference, with its families listed first.
pub(super) fn reference(reference: &Reference, tongue: &Words) -> String {
    let families = tongue.phrase(&phrase!("doc-families", "Families"));
    let mut body = format!("<nav aria-label=\"{families}\"><ul>\n");
    let shown = || reference.families.iter().filter(|family| !family.variables.is_empty());
    for family in shown() {
        let (path, title) = (plain(&family.path), title(family));
        let _ = writeln!(body, "<li><a href=\"#{path}\">{title}</a></li>");
    }
    body.push_str("</ul></nav>\n");
    for family in shown() {
        self::family(family, tongue, &mut body);
    }
    if !reference.system.is_empty() {
        let _ = write!(body, "<h2>{}</h2>\n<ul>\n", plain(&tongue.phrase(&system())));
        for entry in &reference.system {
            let container = entry.container.as_ref().map(|name| within(&plain(name), tongue));
            let more: Vec<String> =
                entry.lists.iter().chain(&entry.conditions).map(|more| plain(more)).collect();
            let more = if more.is_empty() { String::new() } else { format!(": {}", more.join("; ")) };
            let _ = writeln!(
                body,
                "<li>{} <code>{}</code>{}{more}</li>",
                plain(&entry.kind),
                plain(&entry.name),
                container.unwrap_or_default()
            );
        }
        body.push_str("</ul>\n");
    }
    page(&variables(), &body, tongue)
}

fn title(family: &Family) -> String {
    plain(if family.name.is_empty() { &family.path } else { &family.name })
}

fn family(family: &Family, tongue: &Words, body: &mut String) {
    let _ = writeln!(body, "<h2 id=\"{}\">{}</h2>", plain(&family.path), title(family));
    let hidden = family.hidden.then(|| tongue.phrase(&phrase!("now-hidden", "hidden")));
    let notes = family.description.iter().chain(&family.help).chain(&hidden).chain(&family.conditions);
    for note in notes {
        let _ = writeln!(body, "<p>{}</p>", plain(note));
    }
    for variable in &family.variables {
        self::variable(variable, tongue, body);
    }
}

fn variable(variable: &Variable, tongue: &Words, body: &mut String) {
    if let Some(separator) = &variable.separator {
        let _ = writeln!(body, "<h3>{}</h3>", plain(separator));
    }
    let (path, name) = (plain(&variable.path), plain(&variable.name));
    let _ = write!(body, "<section id=\"{path}\">\n<h4><a href=\"#{path}\">{name}</a></h4>\n");
    for text in std::iter::once(&variable.description).chain(&variable.help) {
        let _ = writeln!(body, "<p>{}</p>", plain(text));
    }
    body.push_str("<dl>\n");
    for (what, said) in said(variable) {
        let _ = writeln!(body, "<dt>{}</dt><dd>{}</dd>", plain(&tongue.phrase(&what)), plain(&said));
    }
    body.push_str("</dl>\n</section>\n");
}

/// The changes, in the manner of a change log.
pub(super) fn changes(changes: &Changes, tongue: &Words) -> String {
    let mut body = String::new();
    if changes.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", plain(&tongue.phrase(&no_changes())));
    }
    for (title, of) in kinds(changes) {
        if of.is_empty() {
            continue;
        }
        let _ = write!(body, "<h2>{}</h2>\n<ul>\n", plain(&tongue.phrase(&title)));
        for change in of {
            let _ = writeln!(body, "<li>{}</li>", plain(&tongue.phrase(&sentence(change))));
        }
        body.push_str("</ul>\n");
    }
    page(&of_dictionaries(), &body, tongue)
}
