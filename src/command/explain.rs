//! `explain`: what a diagnostic means, at length.

use std::collections::BTreeMap;

use clap::Args;
use include_dir::{Dir, File, include_dir};
use serde_json::json;

use super::{CommandError, Session, Status};
use crate::diagnostic::meant;
use crate::phrase;
use crate::words::Language;

/// The pages, one a code: `docs/diagnostics/STAGE/NAME.md`.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/diagnostics");

/// The same in French.
static FRENCH: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/fr/diagnostics");

/// Explain a diagnostic: what it means, why, and what to do
///
/// Without a code, all codes are listed with what they mean in a sentence.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne explain schema::cycle")]
pub(super) struct Explain {
    /// The code, as messages show it
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// A page: the code, and the text.
type Page = (String, &'static str);

impl Explain {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        // What programs read is in one language.
        let language = if session.is_json() { Language::En } else { session.words.language() };
        let pages = pages(language);
        let written = match &self.code {
            None if session.is_json() => {
                let codes = pages.iter().map(|(code, text)| json!({ "code": code, "means": sentence(text) }));
                session.json(&json!({ "codes": codes.collect::<Vec<_>>() }))
            }
            None => {
                pages.iter().try_for_each(|(code, text)| session.line(&format!("{code}: {}", sentence(text))))
            }
            Some(code) => match pages.iter().find(|(known, _)| known == code) {
                Some((code, text)) if session.is_json() => {
                    session.json(&json!({ "code": code, "text": text }))
                }
                Some((_, text)) => session.line(text.trim_end()),
                None => return session.refuse(unknown(code, &pages)),
            },
        };
        session.end(written)
    }
}

/// Each code, with its meaning in a sentence of `language`.
pub(super) fn codes(language: Language) -> Vec<(String, String)> {
    pages(language).into_iter().map(|(code, text)| (code, sentence(text).to_owned())).collect()
}

fn unknown(code: &str, pages: &[Page]) -> CommandError {
    let help = meant(code, pages.iter().map(|(code, _)| code.as_str()))
        .unwrap_or_else(|| phrase!("list-explain", "list them with: galerne explain"));
    CommandError::UnknownCode { code: code.to_owned(), help }
}

/// All pages, in the order of their codes: those of `language`, and in English what it lacks.
fn pages(language: Language) -> Vec<Page> {
    let mut pages: BTreeMap<String, &'static str> = pages_in(&PAGES).collect();
    match language {
        Language::En => {}
        Language::Fr => pages.extend(pages_in(&FRENCH)),
    }
    pages.into_iter().collect()
}

fn pages_in(folder: &'static Dir<'static>) -> impl Iterator<Item = Page> {
    folder.dirs().flat_map(Dir::files).filter_map(page)
}

fn page(file: &'static File<'_>) -> Option<Page> {
    let path = file.path();
    let stage = path.parent()?.to_str()?;
    Some((format!("{stage}::{}", path.file_stem()?.to_str()?), file.contents_utf8()?))
}

/// The first sentence of a page, below its title.
fn sentence(text: &str) -> &str {
    text.lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default()
}
