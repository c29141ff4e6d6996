//! The pure stages, one after the other: dictionaries and saved values to files and run specs.
//!
//! In: dictionaries, saved values, templates. Out: all that the configuration amounts to. The invariant: the same
//! bytes in give the same bytes out. No stage runs on what an earlier one refused.

use serde_json::Value as Json;

use crate::config_eol::{Saved, SavedValue};
use crate::diagnostic::Findings;
use crate::dictionary::Dictionary;
use crate::distribution::Distribution;
use crate::evaluation::{Evaluated, Snapshot, evaluate};
use crate::function::Library;
use crate::render::{Rendered, Sources, render};
use crate::run_spec::{Container, fleet};
use crate::schema::{Numbering, Schema, link, link_owned, numbering};
use crate::template::Templates;
use crate::value::Value;

/// The values of a configuration and the containers that they describe.
#[derive(Debug)]
pub struct Compiled {
    /// The dictionaries, linked.
    pub schema: Schema,
    /// Every variable.
    pub snapshot: Snapshot,
    /// The containers that the variables describe.
    pub containers: Vec<Container>,
    /// What is wrong with what is there, and warnings.
    pub wrong: Findings,
    /// Mandatory variables that have no value yet.
    pub missing: Findings,
}

/// Runs the stages from the dictionaries to the snapshot.
///
/// # Errors
/// What is wrong with the dictionaries: without a schema there are no values.
pub fn evaluated(
    dictionaries: Vec<Dictionary>,
    saved: &Saved,
    library: &dyn Library,
) -> Result<(Schema, Evaluated), Findings> {
    let mut findings = Findings::default();
    let numbering = numbered(&dictionaries, saved, &mut findings);
    let schema = link_owned(dictionaries, &numbering, library, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let mut evaluated = evaluate(&schema, saved, library);
    findings.append(std::mem::take(&mut evaluated.wrong));
    evaluated.wrong = findings;
    Ok((schema, evaluated))
}

/// Links the dictionaries for what is saved.
///
/// # Errors
/// What is wrong with them, or with what numbers their families.
pub fn linked(dictionaries: &[Dictionary], saved: &Saved, library: &dyn Library) -> Result<Schema, Findings> {
    let mut findings = Findings::default();
    let numbering = numbered(dictionaries, saved, &mut findings);
    let schema = link(dictionaries, &numbering, library, &mut findings);
    if findings.has_errors() { Err(findings) } else { Ok(schema) }
}

/// Runs the stages from the dictionaries to the snapshot and its containers.
///
/// # Errors
/// What is wrong with the dictionaries: without a schema there are no values.
pub fn compile(
    dictionaries: &[Dictionary],
    saved: &Saved,
    library: &dyn Library,
) -> Result<Compiled, Findings> {
    let mut findings = Findings::default();
    let numbering = numbered(dictionaries, saved, &mut findings);
    let schema = link(dictionaries, &numbering, library, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let Evaluated { snapshot, mut wrong, missing } = evaluate(&schema, saved, library);
    let mut missing = missing.findings();
    let mut containers = Vec::new();
    if !wrong.has_errors() {
        let fleet = fleet(&snapshot);
        containers = fleet.containers;
        wrong.append(fleet.wrong);
        // What the dictionaries call mandatory need not be asked for twice.
        if missing.is_empty() {
            missing.append(fleet.missing);
        }
    }
    findings.append(wrong);
    Ok(Compiled { schema, snapshot, containers, wrong: findings, missing })
}

/// What the repeated families of `dictionaries` are made for, by what is saved.
fn numbered(dictionaries: &[Dictionary], saved: &Saved, findings: &mut Findings) -> Numbering {
    numbering(dictionaries, &|name: &str| saved.get(name).map(untyped), findings)
}

impl Compiled {
    /// Everything that was found, in the order in which it is shown.
    pub fn findings(self) -> Findings {
        let mut all = self.wrong;
        all.append(self.missing);
        all
    }

    /// Runs the last pure stage: renders the files and run specs.
    ///
    /// # Errors
    /// What is wrong with the values, or with the templates; warnings are lost then, as they were found before.
    pub fn render(
        &self,
        templates: &Templates,
        distribution: &Distribution<'_>,
    ) -> Result<Rendered, Findings> {
        let mut findings = Findings::default();
        let sources = Sources { templates, distribution };
        let system = self.schema.system();
        let rendered = render(system, &self.snapshot, &self.containers, sources, &mut findings);
        if findings.has_errors() { Err(findings) } else { Ok(rendered) }
    }
}

/// A saved value before its type is known: what numbers a family is needed before the schema is linked.
fn untyped(saved: &SavedValue) -> Value {
    let text = |json: &Json| match json {
        Json::Null => Value::None,
        Json::String(text) => Value::from(text.as_str()),
        other => Value::Text(other.to_string()),
    };
    match saved {
        SavedValue::Single(item) => text(&item.value),
        SavedValue::Multi { values, .. } => Value::List(values.iter().map(text).collect()),
        SavedValue::Slave(items) => Value::List(items.values().map(|item| text(&item.value)).collect()),
    }
}
