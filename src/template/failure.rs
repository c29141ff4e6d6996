//! What Tera says went wrong, as findings on the template.

use std::collections::BTreeMap;

use tera::{Error, ErrorKind, ReportError};

use super::{Scope, Template, TemplateProblem};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::phrase;
use crate::source::Span;
use crate::words::Phrase;

/// Reports an error of compiling; gives the names of the templates that are to blame.
pub(super) fn report_build(
    error: &Error,
    texts: &BTreeMap<String, Template>,
    findings: &mut Findings,
) -> Vec<String> {
    if let ErrorKind::SyntaxError(report) = error.kind() {
        let problem = TemplateProblem::Syntax { message: lower_first(report.message()) };
        findings.push(placed(problem, report, texts, phrase!("at-here", "here")));
        return vec![report.filename().to_owned()];
    }
    let mut guilty = Vec::new();
    for report in error.to_string().split("\n\n") {
        let mut lines = report.lines();
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ");
        let mut finding = Finding::new(TemplateProblem::Syntax { message: lower_first(message) });
        let place = lines.find_map(|line| line.trim().strip_prefix("--> "));
        if let Some((name, span)) = place.and_then(|place| locate(place, texts)) {
            finding = finding.at(span, phrase!("at-here", "here"));
            guilty.push(name);
        }
        findings.push(finding);
    }
    guilty
}

/// The template and the place that `name:line:column` says.
fn locate(place: &str, texts: &BTreeMap<String, Template>) -> Option<(String, Span)> {
    let mut parts = place.rsplitn(3, ':');
    let column: usize = parts.next()?.parse().ok()?;
    let line: usize = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let template = texts.get(name)?;
    let before: usize = template.text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let start = (before + column.saturating_sub(1)).min(template.text.len());
    Some((name.to_owned(), Span::new(template.file, start, start)))
}

/// Reports an error of rendering the template `name`.
pub(super) fn report(
    error: &Error,
    name: &str,
    texts: &BTreeMap<String, Template>,
    scope: &Scope,
    findings: &mut Findings,
) {
    let ErrorKind::RenderingError(report) = error.kind() else {
        let message = scope.without_secrets(&lower_first(&error.to_string()));
        let mut finding = Finding::new(TemplateProblem::Failed { message });
        if let Some(template) = texts.get(name) {
            finding = finding
                .at(Span::new(template.file, 0, 0), phrase!("at-in-this-template", "in this template"));
        }
        return findings.push(finding);
    };
    let finding = if let Some(variable) = undefined(report, texts) {
        unknown(variable, report, texts, scope)
    } else {
        let message = scope.without_secrets(&lower_first(report.message()));
        placed(TemplateProblem::Failed { message }, report, texts, phrase!("at-here", "here"))
    };
    findings.push(finding);
}

/// The variable that the template names there, if that it is undefined is what went wrong.
fn undefined(report: &ReportError, texts: &BTreeMap<String, Template>) -> Option<String> {
    let message = report.message();
    let first_line = message.lines().next().unwrap_or_default();
    if !first_line.contains("undefined") && !first_line.contains("is not defined") {
        return None;
    }
    let text = &texts.get(report.filename())?.text;
    let expression = text.get(report.span().range.clone())?;
    let is_name = |letter: char| letter.is_alphanumeric() || "._".contains(letter);
    let name: String = expression.chars().take_while(|&letter| is_name(letter)).collect();
    (!name.is_empty()).then_some(name)
}

fn unknown(name: String, report: &ReportError, texts: &BTreeMap<String, Template>, scope: &Scope) -> Finding {
    let snapshot = scope.snapshot();
    if let Some(entry) = snapshot.entry(&name) {
        let definition = entry.definition;
        let problem = TemplateProblem::DisabledVariable { name };
        return placed(problem, report, texts, phrase!("at-it-is-used-here", "it is used here"))
            .related(definition, phrase!("at-it-is-defined-here", "it is defined here"));
    }
    let near = nearest(&name, snapshot.all().map(|(other, _)| other));
    let hint = near.map_or_else(
        || phrase!("ask-or-define", "ask `is defined` before using it, or define it in a dictionary"),
        |near| phrase!("write-it", "write `{near}`", near = near),
    );
    let related = near.and_then(|near| snapshot.entry(near)).map(|entry| entry.definition);
    let problem = TemplateProblem::UndefinedVariable { name, hint };
    let finding = placed(problem, report, texts, phrase!("at-it-is-used-here", "it is used here"));
    match related {
        Some(definition) => finding
            .related(definition, phrase!("at-the-near-one-is-defined-here", "the near one is defined here")),
        None => finding,
    }
}

/// `problem` at the place that Tera reports.
fn placed(
    problem: TemplateProblem,
    report: &ReportError,
    texts: &BTreeMap<String, Template>,
    label: impl Into<Phrase>,
) -> Finding {
    let finding = Finding::new(problem);
    let Some(template) = texts.get(report.filename()) else {
        return finding;
    };
    let range = &report.span().range;
    let end = range.end.min(template.text.len());
    finding.at(Span::new(template.file, range.start.min(end), end), label)
}

/// `message` as our messages are written: its first word without a capital, no full stop, its first line only.
fn lower_first(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = line.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
