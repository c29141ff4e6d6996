//! `promote`: production's values made those of a site, without what is kept apart.

use clap::Args;
use serde_json::json;

use super::run::Run;
use super::{Reconfigure, ask};
use crate::command::load::Inputs;
use crate::command::set::{self, report_new};
use crate::command::site::{Difference, Layer, differences, shown};
use crate::command::{Session, Status};
use crate::config_eol::{self, Saved};
use crate::phrase;
use crate::site::{Promotion, Sides, SiteName, SiteProblem, promotion};

/// Give production the values of a site
///
/// Shows what differs, and saves it for production as one change: all of it or nothing. What is kept apart (names, ports, folders,
/// volumes, networks) stays so. It is refused where the site or what production would become is wrong, and where production was changed
/// since in the same variables. Then the site takes these values from production again. Once it is applied it is undone as every
/// change: galerne rollback.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne promote preprod --dry-run")]
pub(in crate::command) struct Promote {
    /// The site
    #[arg(value_name = "SITE")]
    from: SiteName,
    /// Promote only these variables, with those of their groups
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Take the site's values where production was changed meanwhile
    #[arg(long)]
    force: bool,
    /// Run `galerne reconfigure` afterwards
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    run: Run,
}

/// What a promotion is about.
struct Found {
    inputs: Inputs,
    promotion: Promotion,
    production: Saved,
    differences: Vec<Difference>,
}

impl Promote {
    /// Runs the command.
    pub(in crate::command) fn run(&self, session: &mut Session<'_>) -> Status {
        if session.options.site.is_some() {
            let says =
                phrase!("promote-takes-name", "takes the name of a site as its first word, and no --site");
            let help = phrase!("promote-example", "write it as in: galerne promote preprod");
            session.findings.add(SiteProblem::WrongSite { command: "promote", says, help });
            return Status::Misused;
        }
        match self.promote(session) {
            Ok(true) if self.apply => Reconfigure { run: self.run.clone() }.run(session),
            Ok(_) => Status::Done,
            Err(status) => status,
        }
    }

    /// Saves what is promoted, if it is agreed to. Says whether production is to be applied.
    fn promote(&self, session: &mut Session<'_>) -> Result<bool, Status> {
        let lock = set::lock(session).map_err(|error| session.refuse(error))?;
        let found = self.found(session)?;
        if found.promotion.is_empty() {
            let own = found.inputs.own.as_ref().ok_or(Status::Refused)?;
            if !self.run.only_shows() {
                let left = found.promotion.own(&own.own, &own.units);
                own.write(&left, &session.options, &lock).map_err(|error| session.refuse(error))?;
            }
            return self.say(&found, false, session);
        }
        if !session.is_json() && !session.options.quiet {
            let lines = shown(&self.from, &found.differences);
            let written = lines.iter().try_for_each(|line| session.say(line));
            written.map_err(|error| session.end(Err(error)))?;
        }
        let agreed = self.run.only_shows()
            || self.run.is_agreed()
            || session.input.is_none()
            || ask::whether(&phrase!("ask-do", "Do this?"), session)?;
        if self.run.only_shows() || !agreed {
            return if session.is_json() { self.say(&found, false, session) } else { Ok(false) };
        }
        let own = found.inputs.own.as_ref().ok_or(Status::Refused)?;
        let text = found.production.to_text();
        config_eol::write(&session.options.production(), &text, &lock)
            .map_err(|error| session.refuse(error))?;
        let left = found.promotion.own(&own.own, &own.units);
        own.write(&left, &session.options, &lock).map_err(|error| session.refuse(error))?;
        drop(lock);
        self.say(&found, true, session)?;
        Ok(true)
    }

    /// What is to be promoted.
    ///
    /// # Errors
    /// How the command ends, with findings: the site or production would be wrong, or something stands in the way.
    fn found(&self, session: &mut Session<'_>) -> Result<Found, Status> {
        session.options.site = Some(self.from.clone());
        let found = self.of_site(session);
        session.options.site = None;
        let (inputs, mut differences) = found?;
        let own = inputs.own.as_ref().ok_or(Status::Refused)?;
        let promotion = self.promotion(own);
        if !self.names.is_empty() {
            let is_chosen = |name: &str| promotion.changes.iter().any(|change| change.name == name);
            differences.retain(|difference| is_chosen(&difference.variable));
        }
        self.obstacles(own, &promotion, session)?;
        let production = promotion.production(&own.production).map_err(|error| session.refuse(error))?;
        judge(&inputs, &production, session)?;
        Ok(Found { inputs, promotion, production, differences })
    }

    /// The site, of which nothing may be wrong or missing.
    fn of_site(&self, session: &mut Session<'_>) -> Result<(Inputs, Vec<Difference>), Status> {
        let inputs = session.inputs().ok_or(Status::Refused)?;
        session.rendered_of(&inputs.dictionaries, &inputs.saved).ok_or(Status::Refused)?;
        let compiled = set::compiled(&inputs.dictionaries, &inputs.saved, session).ok_or(Status::Refused)?;
        let own = inputs.own.as_ref().ok_or(Status::Refused)?;
        let found = differences(own, &compiled.snapshot);
        for name in self.names.iter().filter(|name| compiled.snapshot.entry(name).is_none()) {
            session.findings.add(crate::command::get::unknown(name, &compiled.snapshot));
        }
        if session.findings.has_errors() { Err(Status::Refused) } else { Ok((inputs, found)) }
    }

    fn promotion(&self, own: &Layer) -> Promotion {
        let sides =
            Sides { production: &own.production, snapshot: &own.snapshot, own: &own.own, base: &own.base };
        let chosen = |name: &str| self.names.is_empty() || self.names.iter().any(|known| known == name);
        promotion(sides, &own.units, &own.keys, own.mark(), &chosen)
    }

    /// Refuses what somebody must decide first.
    fn obstacles(&self, own: &Layer, promotion: &Promotion, session: &mut Session<'_>) -> Result<(), Status> {
        let site = self.from.to_string();
        for name in promotion.conflicts.iter().filter(|_| !self.force) {
            session.findings.add(SiteProblem::Conflict { name: name.clone(), site: site.clone() });
        }
        for name in &promotion.needed {
            let (mark, step) = (self.from.mark(), own.mark().step());
            session.findings.add(SiteProblem::NoValue { name: name.clone(), mark, step });
        }
        if session.findings.has_errors() { Err(Status::Refused) } else { Ok(()) }
    }

    /// Says what was done.
    fn say(&self, found: &Found, is_saved: bool, session: &mut Session<'_>) -> Result<bool, Status> {
        let names: Vec<&str> = found.promotion.changes.iter().map(|change| change.name.as_str()).collect();
        let written = if session.is_json() {
            let result = json!({
                "site": self.from,
                "promoted": names,
                "saved": is_saved,
                "kept_apart": found.promotion.apart,
                "differences": found.differences,
            });
            if self.apply { session.json_line(&result) } else { session.json(&result) }
        } else if session.options.quiet {
            Ok(())
        } else if names.is_empty() {
            session.say(&phrase!("nothing-to-promote", "nothing to promote"))
        } else if self.apply {
            session.say(&phrase!("promoted", "saved for production: {count} values", count = names.len()))
        } else {
            session.say(&phrase!("saved-not-applied", "saved; galerne reconfigure applies it"))
        };
        match session.end(written) {
            Status::Done => Ok(is_saved),
            status => Err(status),
        }
    }
}

/// Refuses what production may not become: what is wrong in it already is for its own commands to say.
fn judge(inputs: &Inputs, production: &Saved, session: &mut Session<'_>) -> Result<(), Status> {
    let own = inputs.own.as_ref().ok_or(Status::Refused)?;
    let before = set::compiled(&inputs.dictionaries, &own.production, session).ok_or(Status::Refused)?;
    let after = set::compiled(&inputs.dictionaries, production, session).ok_or(Status::Refused)?;
    report_new(&before.wrong, after.wrong, session);
    report_new(&before.missing, after.missing, session);
    if session.findings.has_errors() { Err(Status::Refused) } else { Ok(()) }
}
