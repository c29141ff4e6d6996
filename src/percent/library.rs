//! What `%import` can bring: `os.path`, `re`, and the names in `time`, which has no clock here.

use std::rc::Rc;

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::data::Surroundings;
use super::methods::Arguments;
use super::problem::PercentProblem;
use super::value::{Answer, Callable, Heap, Matched, Value};
use crate::phrase;

/// How often a regular expression may step back, and how much work a match is counted as.
const MAX_BACKTRACKING: usize = 20_000;
const MATCH_WORK: usize = 500;

/// How much work it is to make one.
const COMPILE_WORK: usize = 50_000;

const FUNCTIONS: [&str; 14] = [
    "os.path.join",
    "os.path.basename",
    "os.path.dirname",
    "os.path.exists",
    "os.path.isfile",
    "os.path.isdir",
    "os.path.splitext",
    "os.path.isabs",
    "re.match",
    "re.search",
    "re.sub",
    "re.split",
    "re.findall",
    "re.escape",
];

/// The module or function at `path`.
pub(super) fn import(path: &str) -> Answer {
    if matches!(path, "os" | "os.path" | "re" | "time" | "string" | "sys" | "datetime") {
        return Ok(Value::Module(path.into()));
    }
    if FUNCTIONS.contains(&path) {
        return Ok(Value::Function(Callable::Library(path.to_owned())));
    }
    let hint = if path.starts_with("time") || path.starts_with("datetime") {
        phrase!(
            "tpl-no-clock",
            "take it out: a compilation has no clock, so that the same configuration gives the same files"
        )
    } else {
        phrase!("tpl-use-modules", "use `os.path` or `re`, or calculate a variable in a dictionary")
    };
    Err(PercentProblem::unsupported(phrase!("quoted", "`{name}`", name = path), hint))
}

/// The function `path`, called.
pub(super) fn call(path: &str, arguments: &Arguments, around: &dyn Surroundings, heap: &Heap) -> Answer {
    if !arguments.named.is_empty() {
        return Err(PercentProblem::unsupported(
            phrase!("tpl-named-arguments", "`{name}` with named arguments", name = path),
            phrase!("tpl-by-places", "give them by their places"),
        ));
    }
    let first = arguments.want(0, "first")?.str(heap)?;
    heap.room(first.len())?;
    match path {
        "os.path.join" => {
            let mut joined = first.to_string();
            for part in arguments.items.iter().skip(1) {
                let part = part.str(heap)?;
                if part.starts_with('/') {
                    joined.clear();
                } else if !joined.is_empty() && !joined.ends_with('/') {
                    joined.push('/');
                }
                joined.push_str(&part);
                heap.room(joined.len())?;
            }
            heap.text(joined)
        }
        "os.path.basename" => heap.text(first.rsplit('/').next().unwrap_or_default()),
        "os.path.dirname" => {
            let folder = first.rsplit_once('/').map_or("", |(_, name)| &first[..first.len() - name.len()]);
            let trimmed = folder.trim_end_matches('/');
            heap.text(if trimmed.is_empty() { folder } else { trimmed })
        }
        "os.path.exists" => Ok(Value::Bool(around.is_file(&first) || around.is_folder(&first))),
        "os.path.isfile" => Ok(Value::Bool(around.is_file(&first))),
        "os.path.isdir" => Ok(Value::Bool(around.is_folder(&first))),
        "os.path.isabs" => Ok(Value::Bool(first.starts_with('/'))),
        "os.path.splitext" => {
            let name = first.rfind('/').map_or(0, |slash| slash + 1);
            let name = name + first[name..].len() - first[name..].trim_start_matches('.').len();
            let dot = first[name..].rfind('.').map_or(first.len(), |dot| name + dot);
            heap.tuple(vec![heap.text(&first[..dot])?, heap.text(&first[dot..])?])
        }
        _ => expression(path, &first, arguments, heap),
    }
}

/// The functions of `re`.
fn expression(path: &str, pattern: &str, arguments: &Arguments, heap: &Heap) -> Answer {
    if path == "re.escape" {
        return heap.text(fancy_regex::escape(pattern).into_owned());
    }
    let most = match path {
        "re.sub" => 4,
        "re.split" => 3,
        _ => 2,
    };
    arguments.at_most(most)?;
    let place = if path == "re.sub" { 2 } else { 1 };
    let text = arguments.want(place, "text")?.str(heap)?;
    heap.spend(MATCH_WORK)?;
    let translated = translated(pattern);
    let translated = if path == "re.match" { format!("\\A(?:{translated})") } else { translated };
    heap.room(text.len())?;
    let regex = compiled(translated, heap)?;
    let limit = match arguments.get(place + 1, "count") {
        Some(limit) => usize::try_from(limit.int(heap)?).ok().filter(|limit| *limit > 0),
        None => None,
    };
    match path {
        "re.match" | "re.search" => {
            let found = regex.captures(&*text).map_err(|_| too_hard())?;
            Ok(found.map_or(Value::None, |found| Value::Match(Rc::new(matched(&found, &regex, &text)))))
        }
        "re.sub" => substitute(&regex, &arguments.want(1, "repl")?.str(heap)?, &text, limit, heap),
        "re.split" => split(&regex, &text, limit, heap),
        _ => find_all(&regex, &text, heap),
    }
}

/// A regular expression, made once.
fn compiled(pattern: String, heap: &Heap) -> Answer<Rc<Regex>> {
    heap.spend(pattern.len())?;
    if let Some(regex) = heap.regexes.borrow().get(&pattern) {
        return Ok(Rc::clone(regex));
    }
    heap.spend(COMPILE_WORK)?;
    let regex =
        RegexBuilder::new(&pattern).backtrack_limit(MAX_BACKTRACKING).delegate_size_limit(1 << 20).build();
    let regex = regex.map_err(|_| {
        PercentProblem::wrong_value(phrase!("tpl-no-regex", "this is no regular expression that can be used"))
    })?;
    let regex = Rc::new(regex);
    heap.regexes.borrow_mut().insert(pattern, Rc::clone(&regex));
    Ok(regex)
}

fn too_hard() -> PercentProblem {
    PercentProblem::too_long(phrase!("tpl-regex-steps", "a regular expression takes too many steps"))
}

/// In Python `$` also stands before a last line end, and `\Z` is the very end.
fn translated(pattern: &str) -> String {
    let has_lines = pattern.contains("(?m");
    let (mut text, mut letters, mut is_in_class) = (String::new(), pattern.chars().peekable(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('Z') => text.push_str("\\z"),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '[' if is_in_class => text.push_str("\\["),
            '[' => {
                is_in_class = true;
                text.push('[');
                text.extend(letters.next_if_eq(&'^'));
                // A `]` that comes first closes nothing.
                text.push_str(letters.next_if_eq(&']').map_or("", |_| "\\]"));
            }
            ']' => {
                is_in_class = false;
                text.push(']');
            }
            '$' if !is_in_class && !has_lines => text.push_str("(?=\\n?\\z)"),
            other => text.push(other),
        }
    }
    text
}

fn matched(found: &Captures<'_, str>, regex: &Regex, text: &str) -> Matched {
    let groups = (0..found.len()).map(|place| found.get(place).map(|group| group.as_str().into())).collect();
    let names = regex
        .capture_names()
        .enumerate()
        .filter_map(|(place, name)| Some((name?.to_owned(), place)))
        .collect();
    let letters = |end: usize| text.get(..end).map_or(0, |before| before.chars().count());
    let range = found.get(0).map_or((0, 0), |whole| (letters(whole.start()), letters(whole.end())));
    Matched { groups, names, range }
}

/// The matches in a text, each with its groups.
fn all<'t>(
    regex: &Regex,
    text: &'t str,
    limit: Option<usize>,
    heap: &Heap,
) -> Answer<Vec<Captures<'t, str>>> {
    let mut found = Vec::new();
    for captures in regex.captures_iter(text).take(limit.unwrap_or(usize::MAX)) {
        heap.spend(MATCH_WORK / 4)?;
        found.push(captures.map_err(|_| too_hard())?);
    }
    Ok(found)
}

fn substitute(regex: &Regex, template: &str, text: &str, limit: Option<usize>, heap: &Heap) -> Answer {
    let (mut result, mut at) = (String::new(), 0);
    for found in all(regex, text, limit, heap)? {
        let Some(whole) = found.get(0) else { continue };
        result.push_str(text.get(at..whole.start()).unwrap_or_default());
        expand(template, &found, &mut result)?;
        at = whole.end();
        heap.room(result.len())?;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    heap.text(result)
}

/// Writes what a match is replaced with: `\1` and `\g<name>` stand for groups.
fn expand(template: &str, found: &Captures<'_, str>, result: &mut String) -> Answer<()> {
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            result.push(letter);
            continue;
        }
        let group = match letters.next() {
            Some(digit @ '0'..='9') => {
                let second = letters.next_if(char::is_ascii_digit);
                found.get(
                    [Some(digit), second]
                        .into_iter()
                        .flatten()
                        .collect::<String>()
                        .parse()
                        .unwrap_or(usize::MAX),
                )
            }
            Some('g') => {
                let name: String = letters.by_ref().skip(1).take_while(|next| *next != '>').collect();
                match name.parse() {
                    Ok(place) => found.get(place),
                    Err(_) => found.name(&name),
                }
            }
            Some(other) => {
                match other {
                    'n' => result.push('\n'),
                    't' => result.push('\t'),
                    '\\' => result.push('\\'),
                    other => result.extend(['\\', other]),
                }
                continue;
            }
            None => {
                return Err(PercentProblem::wrong_value(phrase!(
                    "tpl-replacement",
                    "the replacement ends in a `\\`"
                )));
            }
        };
        result.push_str(group.map_or("", |group| group.as_str()));
    }
    Ok(())
}

fn split(regex: &Regex, text: &str, limit: Option<usize>, heap: &Heap) -> Answer {
    let (mut items, mut at) = (Vec::new(), 0);
    for found in all(regex, text, limit, heap)? {
        let Some(whole) = found.get(0) else { continue };
        items.push(heap.text(text.get(at..whole.start()).unwrap_or_default())?);
        for place in 1..found.len() {
            items.push(match found.get(place) {
                Some(group) => heap.text(group.as_str())?,
                None => Value::None,
            });
        }
        at = whole.end();
    }
    items.push(heap.text(text.get(at..).unwrap_or_default())?);
    heap.list(items)
}

fn find_all(regex: &Regex, text: &str, heap: &Heap) -> Answer {
    let mut items = Vec::new();
    for found in all(regex, text, None, heap)? {
        let group = |place: usize| heap.text(found.get(place).map_or("", |group| group.as_str()));
        items.push(match found.len() {
            1 => group(0)?,
            2 => group(1)?,
            count => heap.tuple((1..count).map(group).collect::<Answer<_>>()?)?,
        });
    }
    heap.list(items)
}
