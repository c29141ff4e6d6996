//! What can be wrong with keys, certificates and passwords.

use std::path::PathBuf;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::words::Phrase;

/// A problem of the stage `credentials`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize)]
pub enum CredentialsProblem {
    /// A certificate or key is not there, or is something else.
    #[error("`{}`, which the web server is to use for HTTPS, cannot be read: {reason}", path.display())]
    #[diagnostic(
        code(credentials::unreadable),
        help("put it there in PEM, or have one made: galerne set conteneur_certificat=autosigné")
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: Phrase,
    },
    /// The key is another certificate's.
    #[error("the key `{}` is not that of the certificate `{}`", key.display(), certificate.display())]
    #[diagnostic(
        code(credentials::key_mismatch),
        help("name the key with which this certificate was asked for")
    )]
    KeyMismatch {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// A certificate that no browser will soon accept.
    #[error("the certificate `{}` {} {day}", path.display(), if *is_over { "expired on" } else { "expires on" })]
    #[diagnostic(
        code(credentials::expires),
        severity(Warning),
        help("put a new one in its place, then have nginx read it: nginx -s reload")
    )]
    Expires {
        /// The file.
        path: PathBuf,
        /// Its last day.
        day: String,
        /// Whether that day is over.
        is_over: bool,
    },
    /// A key, a certificate or a hash could not be made.
    #[error("{what} cannot be made: {reason}")]
    #[diagnostic(code(credentials::not_made), help("change the value that the message names"))]
    NotMade {
        /// What.
        what: Phrase,
        /// Why.
        reason: Phrase,
    },
}
