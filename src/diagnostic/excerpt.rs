//! The part of a text that is drawn: saved configurations are one line of any length.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// The longest line that is drawn whole, in bytes.
const WHOLE: usize = 200;

/// How much is drawn on each side of a place in a longer line, in bytes.
const AROUND: usize = 60;

/// A text with its name, of whose long lines only the part around a place is drawn.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The name of the file.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        let name = self.name.clone();
        let long = contents.data().split(|byte| *byte == b'\n').any(|line| line.len() > WHOLE);
        if !long {
            let (data, at) = (contents.data(), *contents.span());
            let (line, column, count) = (contents.line(), contents.column(), contents.line_count());
            return Ok(Box::new(MietteSpanContents::new_named(name, data, at, line, column, count)));
        }
        let exact = self.text.read_span(span, 0, 0)?;
        let start = self.text.floor_char_boundary(span.offset());
        let end = self.text.ceil_char_boundary(span.offset() + span.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |before| before + 1);
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |length| end + length);
        // Without context it is the place itself that is asked for.
        let around = if lines_before + lines_after == 0 { 0 } else { AROUND };
        let from = self.text.floor_char_boundary(start.saturating_sub(around).max(line_start));
        let to = self.text.ceil_char_boundary((end + around).min(line_end));
        let data = &self.text.as_bytes()[from..to];
        let at = (from, to - from).into();
        Ok(Box::new(MietteSpanContents::new_named(name, data, at, exact.line(), from - line_start, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, at: usize) -> (String, usize, usize) {
        let excerpt = Excerpt { name: "f".to_owned(), text: text.to_owned() };
        let contents = excerpt.read_span(&(at, 1).into(), 1, 1).unwrap();
        (String::from_utf8_lossy(contents.data()).into_owned(), contents.line(), contents.column())
    }

    #[test]
    fn short_lines_are_drawn_whole_and_of_long_ones_the_part_that_matters() {
        assert_eq!(drawn("a\nbc\nd", 3), ("a\nbc\nd".to_owned(), 0, 0));
        let long = format!("a\n{}é{}\nb", "x".repeat(300), "y".repeat(300));
        let (text, line, column) = drawn(&long, 2 + 300);
        assert!(text.len() <= 2 * AROUND + 4 && text.contains("xéy"), "{text}");
        assert_eq!((line, column), (1, 300 - AROUND));
        assert_eq!(drawn(&long, 2).0.len(), AROUND + 1);
    }
}
