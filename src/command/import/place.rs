//! The candidates, placed as far as the dictionaries accept them.
//!
//! Masters go before their slaves, and what makes families before what is in them. A group is placed whole if nothing
//! becomes wrong by it, else in parts, down to single values: what is wrong says which. What was refused is tried again
//! once others are placed, as a check may look at two variables.

use std::collections::BTreeSet;

use crate::command::load::Inputs;
use crate::compile::{Compiled, compile};
use crate::config_eol::{Saved, SavedValue};
use crate::diagnostic::{Findings, nearest, said};
use crate::dictionary::Dictionary;
use crate::evaluation::Entry;
use crate::function::Library;
use crate::words::{Phrase, joined};

use super::candidate::{Candidate, Fit, Reason, says_the_same};
use super::report::Report;
use super::{Import, errors, new};

/// An import under way.
pub(super) struct Placing<'a> {
    command: &'a Import,
    dictionaries: &'a [Dictionary],
    library: &'a dyn Library,
    /// What was saved before.
    before: &'a Saved,
    /// What was wrong before.
    wrong: Vec<Phrase>,
    /// What was wrong or doubtful before.
    warnings: BTreeSet<String>,
    saved: Saved,
    /// What `saved` amounts to.
    current: Compiled,
    report: Report,
}

impl<'a> Placing<'a> {
    /// Begins the import into what is saved, which amounts to `current`.
    pub(super) fn new(
        command: &'a Import,
        inputs: &'a Inputs,
        library: &'a dyn Library,
        current: Compiled,
    ) -> Self {
        Self {
            command,
            dictionaries: &inputs.dictionaries,
            library,
            before: &inputs.saved,
            wrong: errors(&current.wrong),
            warnings: current.wrong.iter().map(|finding| finding.problem.to_string()).collect(),
            saved: inputs.saved.clone(),
            current,
            report: Report::default(),
        }
    }

    /// Places what can be.
    pub(super) fn all(&mut self, candidates: Vec<Candidate>) {
        let (empty, mut pending): (Vec<_>, Vec<_>) = candidates.into_iter().partition(Candidate::is_empty);
        self.report.empty(empty);
        loop {
            let is_known = |candidate: &Candidate| self.entry(&candidate.name).is_some();
            let (known, unknown): (Vec<_>, Vec<_>) = pending.into_iter().partition(is_known);
            pending = unknown;
            if known.is_empty() {
                break;
            }
            let is_slave = |candidate: &Candidate| {
                self.entry(&candidate.name).is_some_and(|entry| entry.master.is_some())
            };
            let (slaves, others): (Vec<_>, Vec<_>) = known.into_iter().partition(is_slave);
            self.group(others);
            self.group(slaves);
        }
        for candidate in pending {
            self.unknown(candidate);
        }
    }

    /// What is saved now, what became of each candidate, and the warnings that it brings.
    pub(super) fn done(self) -> (Saved, Report, Findings) {
        let mut report = self.report;
        report.note(&self.current.snapshot);
        let mut warnings = Findings::default();
        for finding in self.current.wrong {
            let is_new = !self.warnings.contains(&finding.problem.to_string());
            if finding.severity() == miette::Severity::Warning && is_new {
                warnings.push(finding);
            }
        }
        (self.saved, report, warnings)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.current.snapshot.entry(name)
    }

    /// Places the known variables `group`, of which none is the master of another.
    fn group(&mut self, group: Vec<Candidate>) {
        let mut fits = Vec::new();
        for candidate in group {
            let Some(entry) = self.current.snapshot.entry(&candidate.name) else { continue };
            let (value, left) = match candidate.fit(entry, &self.current, &self.saved) {
                Ok(fitted) => fitted,
                Err(reason) => {
                    self.report.refused(&candidate, Some(entry), &reason);
                    continue;
                }
            };
            self.report.left(&candidate, &left, entry);
            match self.before.get(&candidate.name) {
                // None of its items fits.
                _ if matches!(&value, SavedValue::Slave(items) if items.is_empty()) => {}
                Some(there) if says_the_same(there, &value) => self.report.unchanged(&candidate.name),
                Some(_) if !self.command.replace => {
                    self.report.refused(&candidate, Some(entry), &Reason::AlreadySet);
                }
                _ => fits.push(Fit { candidate, value }),
            }
        }
        self.settle(fits);
    }

    /// Places `fits`, again and again while that places another one.
    fn settle(&mut self, mut fits: Vec<Fit>) {
        loop {
            let count = fits.len();
            let refused = self.place(fits);
            if refused.len() == count {
                for (fit, reason) in refused {
                    let entry = self.current.snapshot.entry(&fit.candidate.name);
                    self.report.refused(&fit.candidate, entry, &reason);
                }
                return;
            }
            fits = refused.into_iter().map(|(fit, _)| fit).collect();
        }
    }

    /// Places those of `fits` that make nothing wrong; gives the others.
    fn place(&mut self, fits: Vec<Fit>) -> Vec<(Fit, Reason)> {
        if fits.is_empty() {
            return Vec::new();
        }
        match self.attempt(&fits) {
            Ok((saved, current)) => {
                (self.saved, self.current) = (saved, current);
                for fit in fits {
                    let entry = self.current.snapshot.entry(&fit.candidate.name);
                    self.report.placed(&fit, entry);
                }
                Vec::new()
            }
            Err(reason) if fits.len() == 1 => fits.into_iter().map(|fit| (fit, reason.clone())).collect(),
            Err(reason) => self.place_in_parts(fits, reason.phrase().english()),
        }
    }

    /// Places `fits`, which cannot all be placed: first those of which `messages` do not speak, then the others one by
    /// one; where they speak of none, in halves.
    fn place_in_parts(&mut self, mut fits: Vec<Fit>, messages: &str) -> Vec<(Fit, Reason)> {
        let is_named = |fit: &Fit| messages.contains(&format!("`{}`", fit.candidate.name));
        if !fits.iter().any(is_named) {
            let second = fits.split_off(fits.len() / 2);
            let mut refused = self.place(fits);
            refused.extend(self.place(second));
            return refused;
        }
        let (named, others): (Vec<_>, Vec<_>) = fits.into_iter().partition(is_named);
        let mut refused = self.place(others);
        for fit in named {
            refused.extend(self.place(vec![fit]));
        }
        refused
    }

    /// What becomes of all with `fits` placed; what is wrong then and was not before, if anything is.
    fn attempt(&self, fits: &[Fit]) -> Result<(Saved, Compiled), Reason> {
        let mut saved = self.saved.clone();
        for fit in fits {
            saved
                .set(&fit.candidate.name, fit.value.clone())
                .map_err(|error| Reason::Refused(said(&error)))?;
        }
        match compile(self.dictionaries, &saved, self.library) {
            Ok(compiled) => {
                let wrong = new(&self.wrong, errors(&compiled.wrong));
                if wrong.is_empty() { Ok((saved, compiled)) } else { Err(Reason::Refused(joined(&wrong))) }
            }
            Err(findings) => Err(Reason::Refused(joined(&errors(&findings)))),
        }
    }

    /// Keeps what no dictionary defines, if that was asked for.
    fn unknown(&mut self, candidate: Candidate) {
        let name = candidate.name.as_str();
        let value = candidate.kept();
        let reason = match self.before.get(name) {
            Some(there) if says_the_same(there, &value) => {
                return self.report.unchanged(name);
            }
            Some(_) if self.command.keep_unknown && !self.command.replace => Reason::AlreadySet,
            _ if self.command.keep_unknown => match self.saved.set(name, value.clone()) {
                Ok(()) => {
                    return self.report.placed(&Fit { candidate, value }, None);
                }
                Err(error) => Reason::Refused(said(&error)),
            },
            _ => {
                let known = self.current.snapshot.all().map(|(name, _)| name);
                Reason::Unknown { near: nearest(name, known).map(str::to_owned) }
            }
        };
        self.report.refused(&candidate, None, &reason);
    }
}
