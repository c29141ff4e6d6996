//! The log of all runs, for who asks tomorrow what happened today.
//!
//! In: events. Out: a line each in `/var/log/galerne/galerne.log`, with the time, the command and its process. Only root reads it. A line that
//! cannot be written is lost: no run fails for its log once it is open.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::hook::Occasion;
use super::place::{Missing, Root};
use super::{ApplyError, Event, Sink};
use crate::site::Scope;

/// Where the log is.
const LOG: &str = "/var/log/galerne/galerne.log";

/// The log, open at its end.
pub struct Log {
    file: Mutex<File>,
    title: String,
}

impl Log {
    /// Opens the log below `root`, for a run of the command `occasion` for a site.
    ///
    /// # Errors
    /// It cannot be made, or something else stands there.
    pub fn open(root: &Path, occasion: Occasion, scope: &Scope) -> Result<Self, ApplyError> {
        let path = Path::new(LOG);
        let failed = |error: &std::io::Error| ApplyError::file(path, error);
        let root = Root::open(root).map_err(|error| failed(&error))?;
        let (folder, name) = root.parent(path, Missing::IsMade).map_err(|error| failed(&error))?;
        let file = folder.append(OsStr::new(name)).map_err(|error| failed(&error))?;
        let site = scope.site().map(|site| format!(" --site {site}")).unwrap_or_default();
        let title = format!("{}{site}[{}]", occasion.word(), std::process::id());
        Ok(Self { file: Mutex::new(file), title })
    }

    /// Writes a line.
    pub fn line(&self, text: &str) {
        let now = Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| Timestamp::now());
        let lines =
            text.lines().fold(String::new(), |lines, line| lines + &format!("{now} {} {line}\n", self.title));
        // At once, so that two runs never mix within a line.
        let _ = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines.as_bytes());
    }
}

impl Sink for Log {
    fn event(&self, event: &Event) {
        match event {
            Event::Planned { plan } if plan.is_empty() => self.line("nothing to do"),
            Event::Planned { plan } => self.line(&format!("{} steps planned", plan.steps().count())),
            Event::Finished { effect, .. } if effect.is_bookkeeping() => {}
            Event::Finished { effect, .. } => self.line(&format!("done: {effect}")),
            Event::Failed { effect, code, message, .. } => {
                self.line(&format!("failed: {effect}: {code}: {message}"));
            }
            Event::Rollout { container, words } => self.line(&format!("{container}: {words}")),
            Event::Ended { summary } => {
                let (changed, failed) = (summary.changed.len(), summary.failed.len());
                let files = summary.files;
                self.line(&format!("ended: {changed} containers changed, {failed} failed, {files} files"));
            }
            Event::Stage { .. } | Event::Started { .. } | Event::Progress { .. } => {}
        }
    }
}

/// Tells several.
pub struct Both<'a>(pub &'a dyn Sink, pub &'a dyn Sink);

impl Sink for Both<'_> {
    fn event(&self, event: &Event) {
        self.0.event(event);
        self.1.event(event);
    }
}
