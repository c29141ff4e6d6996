//! Objects as YAML that readers of YAML 1.1 and 1.2 take for the same.

use miette::Diagnostic;
use serde_json::Value;
use thiserror::Error;

/// A value that YAML cannot carry.
#[derive(Debug, Error, Diagnostic)]
#[error("{0}")]
pub struct NotWritten(String);

/// The texts of `documents`, one after the other.
pub(super) fn documents(documents: &[Value]) -> Result<String, NotWritten> {
    let texts: Result<Vec<String>, NotWritten> = documents.iter().map(yaml).collect();
    Ok(texts?.join("---\n"))
}

/// The text of one document.
///
/// # Errors
/// A value is none that YAML can carry.
pub fn yaml(value: &Value) -> Result<String, NotWritten> {
    // Folded texts would be broken at their spaces, for eyes alone.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let mut text = String::new();
    serde_saphyr::to_fmt_writer_with_options(&mut text, value, options)
        .map_err(|error| NotWritten(error.to_string()))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
