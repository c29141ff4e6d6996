//! The text of an older configuration to an [`Ini`], with every finding.

use std::collections::BTreeMap;
use std::ops::Range;

use super::literal::{Broken, Items, list};
use super::mask::PARTS;
use super::{Ini, IniError, IniItem, IniSection, MAX_SECTIONS};
use crate::config_eol::MAX_INDEX;
use crate::config_eol::problem::shown;
use crate::diagnostic::{Finding, Findings};
use crate::phrase;
use crate::source::{FileId, Span};
use crate::words::Phrase;

/// Reads the text of an older configuration. `None` if anything was found.
pub(in crate::config_eol) fn parse(text: &str, file: FileId, findings: &mut Findings) -> Option<Ini> {
    let before = findings.errors();
    let mut reader = Reader { text, file, findings, sections: Vec::new(), places: BTreeMap::new() };
    reader.document();
    let sections = reader.finished();
    (findings.errors() == before).then_some(Ini { sections })
}

/// A section while it is read.
struct Draft {
    name: String,
    span: Span,
    /// The parts in the order of [`PARTS`]; one that was refused is there, and empty.
    parts: [Option<Vec<IniItem>>; 3],
}

/// Reads the lines of one text and collects what is wrong with them.
struct Reader<'t, 'f> {
    text: &'t str,
    file: FileId,
    findings: &'f mut Findings,
    sections: Vec<Draft>,
    /// Where each name was said first.
    places: BTreeMap<&'t str, Span>,
}

impl<'t> Reader<'t, '_> {
    fn document(&mut self) {
        let mut open: Option<Range<usize>> = None;
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let range = start..start + line.trim_end().len();
            start += line.len();
            let goes_on = line.starts_with([' ', '\t']) && !range.is_empty();
            match &mut open {
                Some(part) if goes_on => {
                    part.end = range.end;
                    continue;
                }
                _ => {}
            }
            if let Some(part) = open.take() {
                self.part(part);
            }
            match line.as_bytes()[0] {
                _ if range.is_empty() => {}
                b'#' | b';' => {}
                b'[' if self.sections.len() == MAX_SECTIONS => {
                    let what = phrase!("of-sections", "sections");
                    let problem = IniError::TooMany { limit: MAX_SECTIONS, what };
                    return self.refuse(problem, range, phrase!("at-one-too-many", "one too many"));
                }
                b'[' => self.section(range),
                _ => open = Some(range),
            }
        }
        if let Some(part) = open {
            self.part(part);
        }
    }

    /// Begins the section whose line is `range`; a refused one is begun too, so that its parts are not stray.
    fn section(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        let (name, after) = line[1..].split_once(']').unwrap_or(("", ""));
        let span = Span::new(self.file, range.start + 1, range.start + 1 + name.len());
        if name.trim().is_empty() || !(after.trim().is_empty() || after.trim_start().starts_with(['#', ';']))
        {
            self.refuse(IniError::BadSection, range, phrase!("at-no-section", "no section"));
        } else if let Some(first) = self.places.get(name) {
            let problem = IniError::DuplicateSection { name: shown(name) };
            let finding = Finding::new(problem)
                .at(span, phrase!("at-the-second-one", "the second one"))
                .related(*first, phrase!("at-the-first-one", "the first one"));
            self.findings.push(finding);
        } else {
            self.places.insert(name, span);
            return self.sections.push(Draft { name: name.to_owned(), span, parts: [None, None, None] });
        }
        // What is refused needs no `val` either.
        self.sections.push(Draft { name: name.to_owned(), span, parts: [const { Some(Vec::new()) }; 3] });
    }

    /// Reads one part of a section.
    fn part(&mut self, range: Range<usize>) {
        let text: &'t str = &self.text[range.clone()];
        let (Some(delimiter), false) = (text.find(['=', ':']), self.sections.is_empty()) else {
            return self.refuse(
                IniError::StrayLine,
                range,
                phrase!("at-this-line-belongs-to-nothing", "this line belongs to nothing"),
            );
        };
        if text.starts_with([' ', '\t']) {
            return self.refuse(
                IniError::StrayLine,
                range,
                phrase!(
                    "at-there-is-nothing-here-that-could-go-on",
                    "there is nothing here that could go on"
                ),
            );
        }
        let key = text[..delimiter].trim_end();
        // Other parts are nobody's: no release of EOLE reads one.
        let Some(place) = PARTS.iter().position(|part| part.eq_ignore_ascii_case(key)) else { return };
        let items = self.items(PARTS[place], range.start + delimiter + 1..range.end);
        let Some(draft) = self.sections.last_mut() else { return };
        let refused = self.places.get(draft.name.as_str()) != Some(&draft.span);
        if draft.parts[place].is_some() && !refused {
            let problem = IniError::DuplicatePart { name: shown(&draft.name), part: PARTS[place] };
            return self.refuse(
                problem,
                range.start..range.start + key.len(),
                phrase!("at-the-second-one", "the second one"),
            );
        }
        draft.parts[place] = Some(items);
    }

    /// The values of a part; none, with a finding, of what is no list.
    fn items(&mut self, part: &'static str, range: Range<usize>) -> Vec<IniItem> {
        let name = self.sections.last().map(|draft| shown(&draft.name)).unwrap_or_default();
        match list(self.text, range) {
            Ok(items) => self.placed(items),
            Err(Broken::Expected(reason, at)) => {
                self.refuse(IniError::BadList { name, part, reason }, at, phrase!("at-here", "here"));
                Vec::new()
            }
            Err(Broken::TooMany(at)) => {
                let what = phrase!("of-values", "values in a list");
                let problem = IniError::TooMany { limit: MAX_INDEX + 1, what };
                self.refuse(problem, at, phrase!("at-one-too-many", "one too many"));
                Vec::new()
            }
        }
    }

    fn placed(&self, items: Items) -> Vec<IniItem> {
        let item =
            |(text, at): (_, Range<usize>)| IniItem { text, span: Span::new(self.file, at.start, at.end) };
        items.into_iter().map(item).collect()
    }

    /// The sections, of which each must have said its value.
    fn finished(self) -> Vec<IniSection> {
        let mut sections = Vec::with_capacity(self.sections.len());
        for Draft { name, span, parts: [val, valprec, valdefault] } in self.sections {
            let Some(val) = val else {
                let problem = IniError::NoVal { name: shown(&name) };
                self.findings
                    .push(Finding::new(problem).at(span, phrase!("at-this-section", "this section")));
                continue;
            };
            let (valprec, valdefault) = (valprec.unwrap_or_default(), valdefault.unwrap_or_default());
            sections.push(IniSection { name, span, val, valprec, valdefault });
        }
        sections
    }

    fn refuse(&mut self, problem: IniError, at: Range<usize>, label: impl Into<Phrase>) {
        let span = Span::new(self.file, at.start, at.end);
        self.findings.push(Finding::new(problem).at(span, label));
    }
}
