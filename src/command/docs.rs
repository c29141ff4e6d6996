//! `docs`: the reference of all variables, and what changed since an earlier one.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{CommandError, Format, Session, Status};
use crate::apply;
use crate::dictionary::{Dictionary, Place, load};
use crate::docs::{Form, Reference, changes, numbering, reference};
use crate::schema::link;
use crate::words::Words;

/// Write the reference of all variables, or what changed since an earlier one
///
/// A family that is made for each number or item is described once, as it is written. With --since, PATH is a folder of
/// dictionaries, or a reference that was written as JSON: what came, changed and went since then is listed.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne docs --as html --to variables.html")]
pub(super) struct Docs {
    /// In which form; JSON is to be kept and compared with
    #[arg(long = "as", value_name = "FORM")]
    form: Option<Written>,
    /// Write it into this file
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Only what changed since these dictionaries, or this reference
    #[arg(long, value_name = "PATH")]
    since: Option<PathBuf>,
}

/// The forms by their words.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Written {
    Markdown,
    Html,
    Json,
}

impl Docs {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let places = session.options.places();
        let mut dictionaries = load(&places, session.world, &mut session.sources, &mut session.findings);
        // What is kept, or compared with what was kept, is in no reader's language.
        let is_told = self.since.is_none() && !session.is_json() && !matches!(self.form, Some(Written::Json));
        if is_told {
            session.translate(&mut dictionaries);
        }
        let plain = Words::default();
        let tongue = if is_told { session.words } else { &plain };
        let Some(now) = described(&dictionaries, tongue, session) else { return Status::Refused };
        let form = match (self.form, session.options.format) {
            (Some(Written::Html), _) => Form::Html,
            (Some(Written::Json), _) | (None, Format::Json) => Form::Json,
            (Some(Written::Markdown), _) | (None, Format::Human) => Form::Markdown,
        };
        let text = match &self.since {
            None => now.write(form, session.words),
            Some(path) => match earlier(path, session) {
                Some(earlier) => changes(&earlier, &now).write(form, session.words),
                None => return Status::Refused,
            },
        };
        if let Some(file) = &self.to {
            return match apply::write_file(file, &text) {
                Ok(()) => session.end(Ok(())),
                Err(error) => session.refuse(error),
            };
        }
        let written = session.out.write_all(text.as_bytes());
        session.end(written)
    }
}

/// The reference of `dictionaries`; none, with findings, if they cannot be linked.
fn described(dictionaries: &[Dictionary], tongue: &Words, session: &mut Session<'_>) -> Option<Reference> {
    if session.findings.has_errors() {
        return None;
    }
    let library = session.library();
    let schema = link(dictionaries, &numbering(dictionaries), &library, &mut session.findings);
    (!session.findings.has_errors()).then(|| reference(&schema, &session.sources, tongue))
}

/// The reference to compare with: that of a folder of dictionaries, or one that was written as JSON.
fn earlier(path: &Path, session: &mut Session<'_>) -> Option<Reference> {
    let unreadable = |reason: String| CommandError::NoReference { path: path.to_owned(), reason };
    match session.world.read(path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(reference) => Some(reference),
            Err(error) => {
                session.findings.add(unreadable(error.to_string()));
                None
            }
        },
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            let place = [Place::Folder(path.to_owned())];
            let dictionaries = load(&place, session.world, &mut session.sources, &mut session.findings);
            described(&dictionaries, &Words::default(), session)
        }
        Err(error) => {
            session.findings.add(unreadable(error.to_string()));
            None
        }
    }
}
