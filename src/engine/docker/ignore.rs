//! What a `.dockerignore` leaves out of a build.

use std::path::Path;

use regex::Regex;

/// The patterns of a `.dockerignore`, the last one that fits decides.
#[derive(Debug)]
pub(super) struct Ignored {
    patterns: Vec<(Regex, bool)>,
}

impl Ignored {
    /// Reads the lines of `text`. The build needs `dockerfile`, whatever they say; a pattern that cannot be is no pattern.
    pub(super) fn read(text: &str, dockerfile: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let patterns = lines.filter_map(|line| {
            let (stays, pattern) = line.strip_prefix('!').map_or((true, line), |rest| (false, rest.trim()));
            let parts = pattern.split('/').filter(|part| !part.is_empty() && *part != ".");
            let pattern = parts.collect::<Vec<_>>().join("/");
            Some((Regex::new(&expression(&pattern)).ok()?, stays))
        });
        let needed = [dockerfile, ".dockerignore"];
        let needed = needed.iter().filter_map(|name| Regex::new(&format!("^{}$", regex::escape(name))).ok());
        Self { patterns: patterns.chain(needed.map(|name| (name, false))).collect() }
    }

    /// Whether the file or folder `name` stays behind.
    pub(super) fn has(&self, name: &Path) -> bool {
        let name = name.to_string_lossy();
        let fits = self.patterns.iter().rfind(|(pattern, _)| pattern.is_match(&name));
        fits.is_some_and(|(_, stays)| *stays)
    }

    /// Whether something may be wanted in a folder that is not.
    pub(super) fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|(_, stays)| !stays)
    }
}

/// A pattern as a regular expression, which fits what is below it too.
fn expression(pattern: &str) -> String {
    let mut text = String::from("^");
    let mut rest = pattern;
    while !rest.is_empty() {
        let (part, after) = first(rest);
        text.push_str(&part);
        rest = after;
    }
    text + "(?:/.*)?$"
}

/// The first part of a pattern as a regular expression, and what follows it.
fn first(pattern: &str) -> (String, &str) {
    for (sign, meaning) in [("**/", "(?:.*/)?"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]")] {
        if let Some(after) = pattern.strip_prefix(sign) {
            return (meaning.to_owned(), after);
        }
    }
    if let Some((set, after)) = pattern.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (format!("[{}]", set.replace('\\', "\\\\").replace('[', "\\[")), after);
    }
    let plain = pattern.strip_prefix('\\').unwrap_or(pattern);
    let end = plain.chars().next().map_or(0, char::len_utf8);
    let (letter, after) = plain.split_at(end);
    (regex::escape(letter), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_docker_says() {
        let ignored = |text: &str, name: &str| Ignored::read(text, "Dockerfile").has(Path::new(name));
        for (pattern, name) in [
            ("secret", "secret/key"),
            ("/secret/", "secret"),
            ("*.md", "README.md"),
            ("**/*.md", "a/b/c.md"),
            ("**/*.md", "c.md"),
            ("a/**", "a/b/c"),
            ("temp?", "temp1"),
            ("temp[ab]", "tempa"),
            ("*/b", "a/b"),
        ] {
            assert!(ignored(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("secret", "a/secret"),
            ("*.md", "a/README.md"),
            ("temp?", "temp12"),
            ("*", "Dockerfile"),
            ("# secret", "secret"),
            ("*\n!kept", "kept"),
        ] {
            assert!(!ignored(pattern, name), "{pattern} {name}");
        }
    }
}
