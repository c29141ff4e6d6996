//! The names that a template uses, found in its text without rendering it: in branches that no render takes too.

use std::collections::BTreeSet;

use crate::source::{FileId, Span};

/// A name that a template uses and does not make itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse {
    /// The template.
    pub template: String,
    /// The name, without what follows a dot.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether the template asks for it with `is defined`, or has a default for it.
    pub asked: bool,
}

/// Words of the engine's own.
const WORDS: [&str; 34] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "in",
    "set",
    "set_global",
    "include",
    "import",
    "as",
    "macro",
    "endmacro",
    "extends",
    "block",
    "endblock",
    "filter",
    "endfilter",
    "raw",
    "endraw",
    "and",
    "or",
    "not",
    "is",
    "true",
    "false",
    "True",
    "False",
    "none",
    "None",
    "loop",
    "break",
    "continue",
];

/// The names that the template `template`, whose `text` is `file`, uses, in order.
pub(super) fn names(template: &str, file: FileId, text: &str) -> Vec<NameUse> {
    let (mut own, mut asked, mut found) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (start, code) in blocks(text) {
        let tokens = tokens(code);
        for (place, (at, token)) in tokens.iter().enumerate() {
            let is_name = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
            if !is_name || WORDS.contains(token) {
                continue;
            }
            let before = place.checked_sub(1).map_or("", |place| tokens[place].1);
            let after = tokens.get(place + 1).map_or("", |(_, token)| *token);
            let then = tokens.get(place + 2).map_or("", |(_, token)| *token);
            let makes =
                matches!(before, "set" | "set_global" | "for" | "macro" | "as") || loop_pair(&tokens, place);
            if makes {
                own.insert((*token).to_owned());
            }
            // A filter, a test, an attribute, a call, or the name of an argument.
            let other = matches!(before, "|" | "is" | "." | "block" | "endblock" | "filter")
                || before == "not" && place > 1 && tokens[place - 2].1 == "is"
                || after == "("
                || after == "=" && matches!(before, "(" | ",");
            if makes || other {
                continue;
            }
            if after == "is" || after == "|" && then == "default" {
                asked.insert((*token).to_owned());
            }
            let span = Span::new(file, start + at, start + at + token.len());
            found.push((token.to_string(), span));
        }
    }
    let made = |(name, span): (String, Span)| {
        let is_asked = asked.contains(&name);
        (!own.contains(&name)).then(|| NameUse { template: template.to_owned(), name, span, asked: is_asked })
    };
    found.into_iter().filter_map(made).collect()
}

/// Whether the token is the second of `for KEY, VALUE in`.
fn loop_pair(tokens: &[(usize, &str)], place: usize) -> bool {
    place >= 3 && tokens[place - 1].1 == "," && tokens[place - 3].1 == "for"
}

/// The code between the marks of the engine, with its places; comments and raw text are none.
fn blocks(text: &str) -> Vec<(usize, &str)> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let close = match text.get(open..open + 2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let start = open + 2;
        let Some(end) = text[start..].find(close).map(|end| start + end) else { break };
        if close != "#}" {
            blocks.push((start, &text[start..end]));
        }
        at = end + 2;
    }
    blocks
}

/// The words and marks of `code` with their places; texts in quotes are left out.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let (mut tokens, mut letters) = (Vec::new(), code.char_indices().peekable());
    while let Some((at, letter)) = letters.next() {
        if matches!(letter, '"' | '\'' | '`') {
            for (_, other) in letters.by_ref() {
                if other == letter {
                    break;
                }
            }
            tokens.push((at, "\"\""));
        } else if letter.is_alphanumeric() || letter == '_' {
            let mut end = at + letter.len_utf8();
            while let Some((_, next)) = letters.next_if(|(_, next)| next.is_alphanumeric() || *next == '_') {
                end += next.len_utf8();
            }
            tokens.push((at, &code[at..end]));
        } else if !letter.is_whitespace() && letter != '-' {
            tokens.push((at, &code[at..at + letter.len_utf8()]));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn used(text: &str) -> Vec<(String, bool)> {
        let file = Sources::default().add("t", text);
        names("t", file, text).into_iter().map(|used| (used.name, used.asked)).collect()
    }

    #[test]
    fn names_are_found_and_what_the_template_makes_is_not() {
        let text = "{{ a.b | upper }} {%- for k, x in list | filter(attribute=\"y\") -%}{{ x }}{{ k }}{{ loop.index }}\
            {% endfor %}{% set s = f(arg=c) %}{{ s }}{# {{ no }} #}{% if d is not defined %}{{ 'e' }}{% endif %}{{ g | default(value=1) }}";
        let expected = [("a", false), ("list", false), ("c", false), ("d", true), ("g", true)];
        let expected: Vec<_> = expected.map(|(name, asked)| (name.to_owned(), asked)).into();
        assert_eq!(used(text), expected);
    }
}
