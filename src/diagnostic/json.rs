//! Findings as a program reads them: one JSON array.

use miette::Severity;
use serde_json::{Value, json};

use super::{Finding, Findings, Label};
use crate::source::Sources;

/// All findings as a JSON array of
/// `{severity, code, message, help, file, line, column, label, related: [{file, line, column, label}]}`;
/// what has no place has no `file`, `line`, `column` and `label`.
pub fn json(findings: &Findings, sources: &Sources) -> Value {
    findings.iter().map(|finding| one(finding, sources)).collect()
}

fn one(finding: &Finding, sources: &Sources) -> Value {
    let mut object = json!({
        "severity": severity(finding.severity()),
        "code": finding.code(),
        "message": finding.problem.to_string(),
        "help": finding.problem.help().map(|help| help.to_string()),
    });
    if let (Some(members), Some(Value::Object(at))) =
        (object.as_object_mut(), finding.at.as_ref().map(|label| place(label, sources)))
    {
        members.extend(at);
    }
    let related: Vec<Value> = finding.related.iter().map(|label| place(label, sources)).collect();
    object["related"] = related.into();
    object
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

fn place(label: &Label, sources: &Sources) -> Value {
    let position = sources.position(label.span);
    json!({
        "file": sources.get(label.span.file).map(|source| source.name.to_string_lossy().into_owned()),
        "line": position.map(|(line, _)| line),
        "column": position.map(|(_, column)| column),
        "label": label.text.english(),
    })
}
