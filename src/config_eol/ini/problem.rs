//! What can be wrong with an older configuration. No value is ever quoted.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::words::Phrase;

/// What is wrong with an older configuration.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum IniError {
    /// A line that is neither a section's name nor a part of one.
    #[error("expected `[VARIABLE]` or `val = […]` in a section, found another line")]
    #[diagnostic(
        code(config_eol::ini_stray_line),
        help(
            "remove the line, or put `#` before it; a value that goes on on the next line has a space before it there"
        )
    )]
    StrayLine,
    /// A section whose name is not one.
    #[error("expected a variable's name between `[` and `]`, alone on its line")]
    #[diagnostic(code(config_eol::ini_bad_section), help("write the section as `[VARIABLE]`"))]
    BadSection,
    /// Two sections have one name.
    #[error("the section `{name}` is there twice")]
    #[diagnostic(code(config_eol::ini_duplicate_section), help("remove one of the two"))]
    DuplicateSection {
        /// The name.
        name: String,
    },
    /// A part is twice in one section.
    #[error("`{part}` is there twice in the section `{name}`")]
    #[diagnostic(code(config_eol::ini_duplicate_part), help("remove one of the two"))]
    DuplicatePart {
        /// The section.
        name: String,
        /// `val`, `valprec` or `valdefault`.
        part: &'static str,
    },
    /// A section says no value.
    #[error("the section `{name}` has no `val`")]
    #[diagnostic(
        code(config_eol::ini_no_val),
        help("add `val = []` for a variable with its default, or remove the section")
    )]
    NoVal {
        /// The section.
        name: String,
    },
    /// A value is no list in Python's form.
    #[error("`{part}` of `{name}` is no list of values: {reason}")]
    #[diagnostic(code(config_eol::ini_bad_list), help("write it as ['VALUE'], or [] for nothing"))]
    BadList {
        /// The section.
        name: String,
        /// `val`, `valprec` or `valdefault`.
        part: &'static str,
        /// What was expected.
        reason: Phrase,
    },
    /// More sections or values than any server has.
    #[error("more than {limit} {what}")]
    #[diagnostic(code(config_eol::ini_too_many), help("check that this is the configuration of a server"))]
    TooMany {
        /// How many there may be.
        limit: usize,
        /// Of what.
        what: Phrase,
    },
}
