//! A list as Python 2 writes it: texts in quotes with their escapes, numbers, `True`, `False` and `None`.
//!
//! In: a range of a text. Out: the items with their places, or what was expected and where. The bytes that a text of
//! bytes has escaped are UTF-8 where all of them can be, else ISO-8859-1; in a text marked `u` an escape is a character.

use std::ops::Range;

use crate::config_eol::MAX_INDEX;
use crate::phrase;
use crate::words::Phrase;

/// The items of a list, each with where it stands.
pub(super) type Items = Vec<(Option<String>, Range<usize>)>;

/// What is wrong with a list, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is none.
    Expected(Phrase, Range<usize>),
    /// It has too many items.
    TooMany(Range<usize>),
}

/// Reads the list that `range` of `text` is.
pub(super) fn list(text: &str, range: Range<usize>) -> Result<Items, Broken> {
    let mut scanner = Scanner { text: &text[..range.end], at: range.start };
    scanner.space();
    if !scanner.take('[') {
        return Err(scanner.expected(phrase!("list-begins", "it does not begin with `[`")));
    }
    let mut items = Items::new();
    loop {
        scanner.space();
        if scanner.take(']') {
            break;
        }
        let start = scanner.at;
        let item = scanner.item()?;
        if items.len() > MAX_INDEX {
            return Err(Broken::TooMany(start..scanner.at));
        }
        items.push((item, start..scanner.at));
        scanner.space();
        if !scanner.take(',') && scanner.peek() != Some(']') {
            return Err(scanner.expected(phrase!("list-goes-on", "expected `,` or `]` after a value")));
        }
    }
    scanner.space();
    if scanner.peek().is_some() {
        Err(scanner.expected(phrase!("list-ends", "expected nothing after the list")))
    } else {
        Ok(items)
    }
}

/// What a text of bytes is made of.
enum Piece {
    /// A character as it stands.
    Char(char),
    /// A byte that was escaped.
    Byte(u8),
}

/// A place in a text that ends where the list has to.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Something else was expected here.
    fn expected(&self, what: Phrase) -> Broken {
        let width = self.peek().map_or(0, char::len_utf8);
        Broken::Expected(what, self.at..self.at + width)
    }

    /// One value.
    fn item(&mut self) -> Result<Option<String>, Broken> {
        let mut letters = self.rest().chars();
        match (letters.next(), letters.next()) {
            (Some('\'' | '"'), _) => self.bytes().map(Some),
            (Some('b' | 'B'), Some('\'' | '"')) => {
                self.at += 1;
                self.bytes().map(Some)
            }
            (Some('u' | 'U'), Some('\'' | '"')) => {
                self.at += 1;
                self.unicode().map(Some)
            }
            _ => self.word(),
        }
    }

    /// A number or one of Python's words.
    fn word(&mut self) -> Result<Option<String>, Broken> {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "+-._".contains(letter);
        let rest = self.rest();
        let word = &rest[..rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())];
        let number = word.strip_suffix(['L', 'l']).unwrap_or(word);
        let value = match word {
            "None" => None,
            "True" | "False" => Some(word),
            _ if number.parse::<i64>().is_ok() => Some(number),
            _ if word.bytes().any(|byte| byte.is_ascii_digit()) && word.parse::<f64>().is_ok() => Some(word),
            _ => {
                return Err(self.expected(phrase!(
                    "list-word",
                    "expected a text in quotes, a number, `True`, `False` or `None`"
                )));
            }
        };
        self.at += word.len();
        Ok(value.map(str::to_owned))
    }

    /// A text of bytes, at its quote.
    fn bytes(&mut self) -> Result<String, Broken> {
        let mut pieces = Vec::new();
        self.quoted(|scanner, escape| {
            match (escape, escape.and_then(plain)) {
                (None, _) => pieces.extend(scanner.next().map(Piece::Char)),
                (_, Some(letter)) => pieces.push(Piece::Char(letter)),
                (Some('x'), _) => pieces.push(Piece::Byte(scanner.hex(2)?.to_le_bytes()[0])),
                (Some(digit @ '0'..='7'), _) => {
                    pieces.push(Piece::Byte(scanner.octal(digit).to_le_bytes()[0]));
                }
                // The end of a line in a text is none, as in Python.
                (Some('\n'), _) => {}
                (Some(other), _) => pieces.extend([Piece::Char('\\'), Piece::Char(other)]),
            }
            Ok(())
        })?;
        Ok(joined(&pieces))
    }

    /// A text of characters, at its quote.
    fn unicode(&mut self) -> Result<String, Broken> {
        let mut text = String::new();
        self.quoted(|scanner, escape| {
            match (escape, escape.and_then(plain)) {
                (None, _) => text.extend(scanner.next()),
                (_, Some(letter)) => text.push(letter),
                (Some('x'), _) => text.push(scanner.character(2)?),
                (Some('u'), _) => text.push(scanner.character(4)?),
                (Some('U'), _) => text.push(scanner.character(8)?),
                (Some('N'), _) => {
                    return Err(scanner.expected(phrase!("list-named", "a character is escaped by its name")));
                }
                (Some(digit @ '0'..='7'), _) => text.extend(char::from_u32(scanner.octal(digit))),
                (Some('\n'), _) => {}
                (Some(other), _) => text.extend(['\\', other]),
            }
            Ok(())
        })?;
        Ok(text)
    }

    /// Walks a text from its quote to the one that ends it, and calls `each` at each character, or past each `\` with
    /// the character after it.
    fn quoted(
        &mut self,
        mut each: impl FnMut(&mut Self, Option<char>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let start = self.at;
        let open = |scanner: &Self| {
            Broken::Expected(
                phrase!("list-quotes", "a text in quotes does not end on its line"),
                start..scanner.at,
            )
        };
        let Some(quote) = self.next() else { return Err(open(self)) };
        loop {
            match self.peek() {
                None | Some('\n') => return Err(open(self)),
                Some(letter) if letter == quote => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    let Some(escape) = self.next() else { return Err(open(self)) };
                    each(self, Some(escape))?;
                }
                Some(_) => each(self, None)?,
            }
        }
    }

    /// The number that the next `count` characters are.
    fn hex(&mut self, count: usize) -> Result<u32, Broken> {
        let digits =
            self.rest().get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(number) = number else {
            return Err(self.expected(phrase!("list-hex", "expected the hexadecimal digits of an escape")));
        };
        self.at += count;
        Ok(number)
    }

    /// The character that the next `count` characters number.
    fn character(&mut self, count: usize) -> Result<char, Broken> {
        let number = self.hex(count)?;
        let high = (0xd800..0xdc00).contains(&number);
        if high && self.rest().starts_with("\\u") {
            // Python 2 wrote what is beyond 16 bits as two halves.
            self.at += 2;
            let low = self.hex(4)?;
            let whole = 0x10000 + ((number - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
            return char::from_u32(whole)
                .filter(|_| (0xdc00..0xe000).contains(&low))
                .ok_or_else(|| self.expected(phrase!("list-half", "half of a character is escaped")));
        }
        char::from_u32(number)
            .ok_or_else(|| self.expected(phrase!("list-no-character", "what is escaped is no character")))
    }

    /// The number that `first` and up to two digits more are, in base 8.
    fn octal(&mut self, first: char) -> u32 {
        let mut number = first.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|letter| letter.to_digit(8)) else { break };
            number = number * 8 + digit;
            self.at += 1;
        }
        number
    }
}

/// The character that `\` before `escape` stands for, whatever the text is made of.
fn plain(escape: char) -> Option<char> {
    Some(match escape {
        '\\' | '\'' | '"' => escape,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        _ => return None,
    })
}

/// The text of `pieces`, its bytes UTF-8 if all of them can be, else ISO-8859-1.
fn joined(pieces: &[Piece]) -> String {
    let mut bytes = Vec::new();
    let mut all = String::new();
    let mut letter = [0; 4];
    for piece in pieces {
        match piece {
            Piece::Char(one) => bytes.extend(one.encode_utf8(&mut letter).bytes()),
            Piece::Byte(byte) => bytes.push(*byte),
        }
    }
    // A character between two escaped bytes cannot complete one: its own bytes are whole.
    if let Ok(text) = String::from_utf8(bytes) {
        return text;
    }
    for piece in pieces {
        all.push(match piece {
            Piece::Char(one) => *one,
            Piece::Byte(byte) => char::from(*byte),
        });
    }
    all
}
