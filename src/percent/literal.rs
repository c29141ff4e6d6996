//! The numbers and texts that an expression writes, as Python reads them.

use super::cursor::{Cursor, Failure, Parsed, syntax};
use super::problem::PercentProblem;
use super::tree::Kind;
use crate::phrase;

impl Cursor<'_> {
    /// A number. An integer that begins with `0` and has more digits is refused: Python 2 takes it for an octal one.
    pub(super) fn number(&mut self) -> Parsed<Kind> {
        let start = self.at;
        for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
            if prefixes.iter().any(|prefix| self.take(prefix)) {
                let digits = self.digits(radix);
                let number = i64::from_str_radix(&digits, radix);
                return number.map(Kind::Int).or_else(|_| self.bad_number(start));
            }
        }
        self.digits(10);
        let mut is_whole = true;
        if self.rest().starts_with('.') {
            self.next();
            self.digits(10);
            is_whole = false;
        }
        self.exponent(&mut is_whole);
        let written = self.text.get(start..self.at).unwrap_or_default();
        if is_whole {
            if !self.take("L") {
                self.take("l");
            }
            let has_zero =
                written.len() > 1 && written.starts_with('0') && written.bytes().any(|digit| digit != b'0');
            return match written.parse() {
                Ok(number) if !has_zero => Ok(Kind::Int(number)),
                _ => self.bad_number(start),
            };
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Kind::Float(number)),
            _ => self.bad_number(start),
        }
    }

    /// The digits of `radix` that are next.
    fn digits(&mut self, radix: u32) -> String {
        let rest = self.rest();
        let digits = &rest[..rest.find(|letter: char| !letter.is_digit(radix)).unwrap_or(rest.len())];
        self.at += digits.len();
        digits.to_owned()
    }

    fn exponent(&mut self, is_whole: &mut bool) {
        let Some(after) = self.rest().strip_prefix(['e', 'E']) else { return };
        let unsigned = after.strip_prefix(['+', '-']).unwrap_or(after);
        if unsigned.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.at += 1 + (after.len() - unsigned.len());
            self.digits(10);
            *is_whole = false;
        }
    }

    fn bad_number<T>(&self, start: usize) -> Parsed<T> {
        Err(syntax(phrase!("tpl-no-number", "this is no number that fits"), self.span(start)))
    }

    /// Whether a text in quotes begins here, perhaps after the letters that tell its kind.
    pub(super) fn is_text(&self) -> bool {
        let rest = self.rest();
        let quotes = rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        rest.len() - quotes.len() <= 2 && quotes.starts_with(['\'', '"'])
    }

    /// A text in quotes, and those that follow it at once, which are joined.
    pub(super) fn quoted(&mut self) -> Parsed<String> {
        let mut text = String::new();
        loop {
            self.quoted_once(&mut text)?;
            let end = self.at;
            self.space();
            if !self.is_text() {
                self.at = end;
                return Ok(text);
            }
        }
    }

    fn quoted_once(&mut self, text: &mut String) -> Parsed<()> {
        let start = self.at;
        let mut is_raw = false;
        while let Some(letter) = self.next() {
            match letter.to_ascii_lowercase() {
                'r' => is_raw = true,
                'u' | 'b' => {}
                'f' | 'c' => {
                    let (what, hint) = (
                        phrase!("tpl-f-text", "a text with expressions in it"),
                        phrase!("tpl-join-texts", "join texts with `+`, or write `'%s' % value`"),
                    );
                    return Err(Failure::new(PercentProblem::unsupported(what, hint), self.span(start)));
                }
                '\'' | '"' => {
                    self.at -= 1;
                    break;
                }
                _ => {
                    return Err(syntax(
                        phrase!("tpl-no-text-kind", "there is no such kind of text"),
                        self.span(start),
                    ));
                }
            }
        }
        let quote = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| self.take(quote)).unwrap_or("'");
        loop {
            if self.take(quote) {
                return Ok(());
            }
            match self.next() {
                None => {
                    return Err(syntax(phrase!("tpl-text-end", "this text has no end"), self.span(start)));
                }
                Some('\n') if quote.len() == 1 => {
                    self.at -= 1;
                    return Err(syntax(
                        phrase!("tpl-text-line", "this text has no end on its line"),
                        self.span(start),
                    ));
                }
                Some('\\') if is_raw => {
                    text.push('\\');
                    text.extend(self.next());
                }
                Some('\\') => self.escape(text)?,
                Some(letter) => text.push(letter),
            }
        }
    }

    /// What stands after a `\`.
    fn escape(&mut self, text: &mut String) -> Parsed<()> {
        let start = self.at;
        let Some(letter) = self.next() else { return Ok(()) };
        match letter {
            '\n' => {}
            '\\' | '\'' | '"' | '%' => text.push(letter),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            'x' => text.push(self.coded(2, start)?),
            'u' => text.push(self.coded(4, start)?),
            'U' => text.push(self.coded(8, start)?),
            '0'..='7' => {
                let mut code = letter.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|next| next.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.at += 1;
                }
                text.extend(char::from_u32(code));
            }
            other => text.extend(['\\', other]),
        }
        Ok(())
    }

    fn coded(&mut self, count: usize, start: usize) -> Parsed<char> {
        let digits =
            self.rest().get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let letter = code.and_then(char::from_u32);
        let Some(letter) = letter else {
            return Err(syntax(phrase!("tpl-escaped", "what is escaped is no character"), self.span(start)));
        };
        self.at += count;
        Ok(letter)
    }
}
