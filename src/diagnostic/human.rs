//! Findings as a person reads them: miette's graphical report, source lines underlined.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceCode,
};

use super::{Finding, Findings, Label};
use crate::source::{Source, Sources, Span};

/// All findings as text, coloured where `color` says so.
pub fn human(findings: &Findings, sources: &Sources, color: bool) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
    let mut text = String::new();
    for finding in findings {
        // Writing to a String fails only if a Display lies; the message alone is better than nothing then.
        if handler.render_report(&mut text, &View::of(finding, sources)).is_err() {
            text.push_str(&finding.problem.to_string());
        }
        text.push('\n');
    }
    text
}

/// A finding with its source, in the form miette draws.
#[derive(Debug)]
struct View<'a> {
    finding: &'a Finding,
    place: Option<Place>,
    related: Vec<Place>,
}

/// A label with the text that it underlines; on its own, a note of the report.
#[derive(Debug)]
struct Place {
    source: NamedSource<String>,
    span: LabeledSpan,
    text: String,
}

impl Place {
    fn of(label: &Label, sources: &Sources) -> Option<Self> {
        let Source { name, text } = sources.get(label.span.file)?;
        let Span { start, end, .. } = label.span;
        let range = start as usize..end as usize;
        Some(Self {
            source: NamedSource::new(name.to_string_lossy(), text.to_string()),
            span: LabeledSpan::new_with_span(Some(label.text.clone()), range),
            text: label.text.clone(),
        })
    }
}

impl<'a> View<'a> {
    fn of(finding: &'a Finding, sources: &Sources) -> Self {
        Self {
            finding,
            place: finding.at.as_ref().and_then(|label| Place::of(label, sources)),
            related: finding.related.iter().filter_map(|label| Place::of(label, sources)).collect(),
        }
    }
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
        self.place.as_ref().map(|place| &place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        Some(Box::new(std::iter::once(place.span.clone())))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|place| place as &dyn Diagnostic)))
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
