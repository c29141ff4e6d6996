//! Findings as a person reads them: miette's graphical report, source lines underlined.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode};

use super::excerpt::Excerpt;
use super::{Finding, Findings, Label, advice, message};
use crate::phrase;
use crate::source::{Source, Sources, Span};
use crate::words::{Language, Phrase, Words, harmless, is_order};

/// How many findings are drawn: nobody reads more at a time.
const MOST: usize = 100;

/// The findings as text in the language of `words`, coloured where `color` says so; past the first hundred, only how many there are.
pub fn human(findings: &Findings, sources: &Sources, color: bool, words: &Words) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
    let mut text = String::new();
    for finding in findings.iter().take(MOST) {
        // Writing to a String fails only if a Display lies; the message alone is better than nothing then.
        let mut report = String::new();
        let view = View::of(finding, sources, words);
        if handler.render_report(&mut report, &view).is_err() {
            report.clone_from(&view.message);
        }
        text.push_str(&headed(report, words));
        text.push('\n');
    }
    let more = findings.iter().count().saturating_sub(MOST);
    if more > 0 {
        let more =
            phrase!("more-findings", "{more} more like these; --format json has them all", more = more);
        text.push_str(&words.phrase(&more));
        text.push('\n');
    }
    text
}

/// The heads that miette gives to lines, as other languages have them.
const HEADS: [(&str, Phrase); 2] =
    [("help: ", phrase!("head-help", "help:")), ("Advice: ", phrase!("head-advice", "Advice:"))];

/// `report` with the heads of its lines in the language of `words`. Only a head begins a line with its word: a message stands behind a
/// mark, and a source behind its number.
fn headed(report: String, words: &Words) -> String {
    if words.language() == Language::En {
        return report;
    }
    let mut text = String::with_capacity(report.len());
    for line in report.split_inclusive('\n') {
        let bare = line.trim_start();
        let bare =
            bare.strip_prefix("\u{1b}[").and_then(|bare| bare.split_once('m')).map_or(bare, |(_, bare)| bare);
        match HEADS.iter().find(|(head, _)| bare.starts_with(head)) {
            Some((head, phrase)) => text.push_str(&line.replacen(head.trim_end(), &words.phrase(phrase), 1)),
            None => text.push_str(line),
        }
    }
    text
}

/// A finding with its source, in the form miette draws: places in the file of the first one are drawn with it, those in
/// other files on their own.
#[derive(Debug)]
struct View<'a> {
    finding: &'a Finding,
    message: String,
    help: Option<String>,
    source: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Place>,
}

/// A place in another file, a note of the report.
#[derive(Debug)]
struct Place {
    source: Excerpt,
    span: LabeledSpan,
    text: String,
    here: String,
}

impl<'a> View<'a> {
    fn of(finding: &'a Finding, sources: &Sources, words: &Words) -> Self {
        let first = finding.at.iter().chain(&finding.related).next().map(|label| label.span.file);
        let all = || finding.at.iter().chain(&finding.related);
        let mut labels: Vec<LabeledSpan> = Vec::new();
        for label in all().filter(|label| Some(label.span.file) == first) {
            // One place has one label: a numbered family has all its copies there.
            let drawn = labelled(label, words);
            if labels.iter().all(|other| other.inner() != drawn.inner()) {
                labels.push(drawn);
            }
        }
        let elsewhere = all().filter(|label| Some(label.span.file) != first);
        Self {
            finding,
            message: message(finding.problem.as_ref(), words),
            help: advice(finding.problem.as_ref()).map(|help| words.phrase(&help)),
            source: first.and_then(|file| sources.get(file)).map(excerpt),
            labels,
            elsewhere: elsewhere.filter_map(|label| Place::of(label, sources, words)).collect(),
        }
    }
}

impl Place {
    fn of(label: &Label, sources: &Sources, words: &Words) -> Option<Self> {
        let source = excerpt(sources.get(label.span.file)?);
        let here = words.phrase(&phrase!("at-here", "here"));
        Some(Self { source, span: labelled(label, words), text: words.phrase(&label.text), here })
    }
}

fn labelled(label: &Label, words: &Words) -> LabeledSpan {
    let Span { start, end, .. } = label.span;
    LabeledSpan::new_with_span(Some(words.phrase(&label.text)), start as usize..end as usize)
}

/// `text` with a mark for each byte of what a terminal would take for an order: places in it stay where they are.
fn drawable(text: &str) -> String {
    let mut drawn = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends_line = letter == '\r' && letters.peek() == Some(&'\n');
        if is_order(letter) && !ends_line {
            drawn.extend(std::iter::repeat_n('?', letter.len_utf8()));
        } else {
            drawn.push(letter);
        }
    }
    drawn
}

fn excerpt(source: &Source) -> Excerpt {
    Excerpt { name: harmless(&source.name.to_string_lossy()), text: drawable(&source.text) }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.finding.problem.code()
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.finding.severity())
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|place| place as &dyn Diagnostic)))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Place {}

impl Diagnostic for Place {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (offset, len) = (self.span.offset(), self.span.len());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(self.here.clone()), (offset, len)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_of_a_source_is_as_long_and_no_order_to_a_terminal() {
        assert_eq!(drawable("a\u{1b}[2J\u{9b}b\r\n\tc\rd\u{7f}é"), "a?[2J??b\r\n\tc?d?é");
    }
}
