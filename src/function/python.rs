//! The one piece of Python that dictionaries write: a list of literals, such as `['docker', "snap", 3]`.

/// The items of the list that `text` writes, as texts; `None` if it writes none.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim_start();
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (item, after) = literal(rest)?;
        items.push(item);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(items)
}

/// The literal at the start of `text`, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let unprefixed = text.strip_prefix('u').unwrap_or(text);
    if let Some(quote) = unprefixed.chars().next().filter(|first| matches!(first, '\'' | '"')) {
        return quoted(&unprefixed[1..], quote);
    }
    let (word, after) = text.split_at(text.find(',').unwrap_or(text.len()));
    let word = word.trim();
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    (is_word && !word.is_empty()).then(|| (word.to_owned(), after))
}

/// The text up to the closing `quote`, its escapes replaced, and what follows it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next()?.1 {
                'n' => item.push('\n'),
                't' => item.push('\t'),
                other => item.push(other),
            },
            letter if letter == quote => return Some((item, &text[at + letter.len_utf8()..])),
            letter => item.push(letter),
        }
    }
    None
}
