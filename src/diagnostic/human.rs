//! Findings as a person reads them: miette's graphical report, source lines underlined.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode};

use super::excerpt::Excerpt;
use super::{Finding, Findings, Label};
use crate::source::{Source, Sources, Span};

/// How many findings are drawn: nobody reads more at a time.
const MOST: usize = 100;

/// The findings as text, coloured where `color` says so; past the first hundred, only how many there are.
pub fn human(findings: &Findings, sources: &Sources, color: bool) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
    let mut text = String::new();
    for finding in findings.iter().take(MOST) {
        // Writing to a String fails only if a Display lies; the message alone is better than nothing then.
        if handler.render_report(&mut text, &View::of(finding, sources)).is_err() {
            text.push_str(&finding.problem.to_string());
        }
        text.push('\n');
    }
    let more = findings.iter().count().saturating_sub(MOST);
    if more > 0 {
        text.push_str(&more.to_string());
        text.push_str(" more like these; --format json has them all\n");
    }
    text
}

/// A finding with its source, in the form miette draws: places in the file of the first one are drawn with it, those in
/// other files on their own.
#[derive(Debug)]
struct View<'a> {
    finding: &'a Finding,
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
}

impl<'a> View<'a> {
    fn of(finding: &'a Finding, sources: &Sources) -> Self {
        let first = finding.at.iter().chain(&finding.related).next().map(|label| label.span.file);
        let all = || finding.at.iter().chain(&finding.related);
        let mut labels: Vec<LabeledSpan> = Vec::new();
        for label in all().filter(|label| Some(label.span.file) == first) {
            // One place has one label: a numbered family has all its copies there.
            let drawn = labelled(label);
            if labels.iter().all(|other| other.inner() != drawn.inner()) {
                labels.push(drawn);
            }
        }
        let elsewhere = all().filter(|label| Some(label.span.file) != first);
        Self {
            finding,
            source: first.and_then(|file| sources.get(file)).map(excerpt),
            labels,
            elsewhere: elsewhere.filter_map(|label| Place::of(label, sources)).collect(),
        }
    }
}

impl Place {
    fn of(label: &Label, sources: &Sources) -> Option<Self> {
        let source = excerpt(sources.get(label.span.file)?);
        Some(Self { source, span: labelled(label), text: label.text.clone() })
    }
}

fn labelled(label: &Label) -> LabeledSpan {
    let Span { start, end, .. } = label.span;
    LabeledSpan::new_with_span(Some(label.text.clone()), start as usize..end as usize)
}

fn excerpt(source: &Source) -> Excerpt {
    Excerpt { name: source.name.to_string_lossy().into_owned(), text: source.text.to_string() }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.finding.problem, f)
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
        self.finding.problem.help()
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
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some("here".into()), (offset, len)))))
    }
}
