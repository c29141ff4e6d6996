//! `schema`: the schemas of what galerne reads and writes, for editors and other programs.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{CommandError, Session, Status};
use crate::apply;
use crate::diagnostic::meant;
use crate::phrase;
use crate::words::{Phrase, Words};

/// A schema: its file's name, its language, what it describes, its text.
struct Schema {
    name: &'static str,
    language: &'static str,
    describes: Phrase,
    text: &'static str,
}

/// All of them.
static SCHEMAS: [Schema; 9] = {
    macro_rules! schema {
        ($name:literal, $language:literal, $describes:expr) => {
            Schema {
                name: $name,
                language: $language,
                describes: $describes,
                text: include_str!(concat!("../../schemas/", $name)),
            }
        };
    }
    [
        schema!("creole.rnc", "RELAX NG (compact)", phrase!("describes-dictionaries", "dictionaries")),
        schema!("creole.rng", "RELAX NG", phrase!("describes-dictionaries", "dictionaries")),
        schema!("creole.xsd", "XML Schema", phrase!("describes-dictionaries", "dictionaries")),
        schema!("config.eol.schema.json", "JSON Schema", phrase!("describes-values", "saved values")),
        schema!("snapshot.schema.json", "JSON Schema", Phrase::new("", "galerne values --format json")),
        schema!("run_spec.schema.json", "JSON Schema", phrase!("describes-run-specs", "run specs")),
        schema!("plan.schema.json", "JSON Schema", Phrase::new("", "galerne plan --format json")),
        schema!(
            "results.schema.json",
            "JSON Schema",
            phrase!("describes-results", "results with --format json, one for each command")
        ),
        schema!(
            "diagnostics.schema.json",
            "JSON Schema",
            phrase!("describes-messages", "messages with --format json")
        ),
    ]
};

/// Print a schema for editors and other programs
///
/// Without a name, the schemas are listed: name, language, what they describe. docs/schemas.md says how editors use them.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne schema creole.rng > creole.rng")]
pub(super) struct PrintSchema {
    /// The schema
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Write all of them into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    to: Option<PathBuf>,
}

impl PrintSchema {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let written = match (&self.name, &self.to) {
            (_, Some(folder)) => return write_all(folder, session),
            (Some(name), None) => match SCHEMAS.iter().find(|schema| schema.name == name) {
                Some(schema) => session.line(schema.text.trim_end()),
                None => return session.refuse(unknown(name)),
            },
            (None, None) if session.is_json() => {
                let one = |schema: &Schema| json!({ "name": schema.name, "language": schema.language, "describes": schema.describes.english() });
                session.json(&json!({ "schemas": SCHEMAS.iter().map(one).collect::<Vec<_>>() }))
            }
            (None, None) => SCHEMAS.iter().try_for_each(|Schema { name, language, describes, .. }| {
                let describes = session.words.phrase(describes);
                session.line(&format!("{name:24}  {language:18}  {describes}"))
            }),
        };
        session.end(written)
    }
}

/// Each of them, with what it describes.
pub(super) fn names(words: &Words) -> Vec<(String, String)> {
    SCHEMAS.iter().map(|schema| (schema.name.to_owned(), words.phrase(&schema.describes))).collect()
}

fn write_all(folder: &Path, session: &mut Session<'_>) -> Status {
    for schema in &SCHEMAS {
        if let Err(error) = apply::write_file(&folder.join(schema.name), schema.text) {
            return session.refuse(error);
        }
    }
    let written = match (session.is_json(), session.options.quiet) {
        (true, _) => session.json(&json!({ "files": SCHEMAS.len(), "to": folder })),
        (false, true) => Ok(()),
        (false, false) => session.say(&phrase!(
            "schemas-written",
            "{count} schemas written to {folder}",
            count = SCHEMAS.len(),
            folder = folder.display().to_string()
        )),
    };
    session.end(written)
}

fn unknown(name: &str) -> CommandError {
    let help = meant(name, SCHEMAS.iter().map(|schema| schema.name))
        .unwrap_or_else(|| phrase!("list-schema", "list them with: galerne schema"));
    CommandError::UnknownSchema { name: name.to_owned(), help }
}
