//! `site`: which sites there are beside production, one more, or one less. `diff`: how one differs from production.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::apply::{empty, whether};
use super::{Session, Status, set};
use crate::apply::{self, Machine};
use crate::config_eol::{self, Saved};
use crate::phrase;
use crate::site::{MOST, SiteName, SiteProblem};

mod diff;
mod store;

pub(super) use diff::{Diff, Difference, differences, shown};
pub(super) use store::{Layer, Reader};

use store::{BASE, NUMBER, VALUES};

/// Show the sites beside production, or add or remove one
///
/// A site is a second configuration on this server, such as pre-production: it takes every value from production but for its own
/// (`galerne --site NAME set …`), and but for what two cannot share: names of containers, ports, folders, volumes and networks are
/// marked as the site's. Its applications answer at /APPLICATION-NAME. Removing one stops its containers; folders that they mounted stay.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne site add preprod")]
pub(super) struct Site {
    /// What is to be done
    #[arg(value_name = "ACTION", default_value = "list", hide_default_value = true)]
    action: Act,
    /// The site
    #[arg(value_name = "NAME")]
    name: Option<SiteName>,
    /// Remove without asking
    #[arg(short, long)]
    yes: bool,
    /// With --root: stop containers too, not only remove files
    #[arg(long, requires = "root")]
    engines: bool,
}

/// What is done to a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Act {
    /// The sites are shown.
    List,
    /// One is added.
    Add,
    /// One is removed.
    Remove,
}

impl Site {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let wants_one = self.action != Act::List;
        if session.options.site.is_some() || wants_one != self.name.is_some() {
            let says = phrase!("site-takes-name", "takes the name of a site as its last word, and no --site");
            let help = phrase!("site-example", "write it as in: galerne site add preprod");
            session.findings.add(SiteProblem::WrongSite { command: "site", says, help });
            return Status::Misused;
        }
        match (self.action, &self.name) {
            (Act::Add, Some(name)) => add(name, session),
            (Act::Remove, Some(name)) => self.remove(name, session),
            _ => list(session),
        }
    }

    /// Stops what is the site's, and takes its files away, its values last: until then it can be removed once more.
    fn remove(&self, name: &SiteName, session: &mut Session<'_>) -> Status {
        session.options.site = Some(name.clone());
        if !session.has_site() {
            return Status::Refused;
        }
        let machine = match (&session.options.root, self.engines) {
            (Some(root), false) => Machine::files_only(root),
            _ => Machine::new(session.options.root()),
        };
        let machine = machine.scoped(session.scope());
        if !self.yes && session.input.is_some() {
            let question = phrase!(
                "ask-remove-site",
                "Stop the applications of {name} and forget its values?",
                name = name
            );
            match whether(&question, session) {
                Ok(true) => {}
                Ok(false) => return Status::Done,
                Err(status) => return status,
            }
        }
        if let Err(status) = empty(&machine, session) {
            return status;
        }
        let lock = match set::lock(session) {
            Ok(lock) => lock,
            Err(error) => return session.refuse(error),
        };
        let folders = [machine.scope.folder().map(|path| session.options.rooted(&path.to_string_lossy()))];
        let folders = folders.into_iter().flatten().chain([session.options.site_folder(name)]);
        for folder in folders {
            if let Err(error) = apply::remove_folder(&folder) {
                let site = name.to_string();
                return session.refuse(SiteProblem::Unwritable {
                    site,
                    path: folder,
                    reason: error.to_string(),
                });
            }
        }
        drop(lock);
        let words = phrase!(
            "site-removed",
            "the site {name} is gone; folders that its applications mounted stay",
            name = name
        );
        if session.is_json() {
            let written = session.json_line(&json!({ "removed": name }));
            return session.end(written);
        }
        tell(session, &json!({ "removed": name }), &words)
    }
}

fn tell(session: &mut Session<'_>, json: &serde_json::Value, words: &crate::words::Phrase) -> Status {
    let written = if session.is_json() {
        session.json(json)
    } else if session.options.quiet {
        Ok(())
    } else {
        session.say(words)
    };
    session.end(written)
}

/// Adds a site without values of its own. Its number, by which it is there, is written last.
fn add(name: &SiteName, session: &mut Session<'_>) -> Status {
    let lock = match set::lock(session) {
        Ok(lock) => lock,
        Err(error) => return session.refuse(error),
    };
    let sites = session.sites();
    let path = |file| session.options.site_file(name, file);
    let is_whole = session.world.read(&path(NUMBER)).is_ok();
    if sites.contains(name) && is_whole {
        return session.refuse(SiteProblem::Exists { name: name.to_string() });
    }
    let number = |site: &SiteName| -> Option<u16> {
        let bytes = session.world.read(&session.options.site_file(site, NUMBER)).ok()?;
        std::str::from_utf8(&bytes).ok()?.trim_end().parse().ok()
    };
    let taken: Vec<u16> = sites.iter().filter_map(number).collect();
    let Some(number) = (1..=MOST).find(|number| !taken.contains(number)) else {
        return session.refuse(SiteProblem::TooMany { most: MOST });
    };
    if let Err(status) = is_free(name, session) {
        return status;
    }
    let path = |file| session.options.site_file(name, file);
    let nothing = Saved::empty().to_text();
    let files: [(PathBuf, String); 3] =
        [(path(VALUES), nothing.clone()), (path(BASE), nothing), (path(NUMBER), format!("{number}\n"))];
    for (file, text) in &files {
        if let Err(error) = config_eol::write(file, text, &lock) {
            return session.refuse(error);
        }
    }
    let words = phrase!(
        "site-added",
        "the site {name} is there: galerne --site {name} diff shows what it keeps apart, galerne --site {name} reconfigure starts it",
        name = name
    );
    tell(session, &json!({ "added": name, "number": number }), &words)
}

/// Refuses a name by which what production has would be the site's.
fn is_free(name: &SiteName, session: &mut Session<'_>) -> Result<(), Status> {
    let Some((_, compiled)) = session.compiled() else { return Err(Status::Refused) };
    for container in compiled.containers.iter().filter(|container| name.owns(container.name.as_str())) {
        let variable = format!("conteneur{}_name", container.key);
        session.findings.add(SiteProblem::Marked { variable, name: container.name.to_string() });
    }
    if session.findings.has_errors() { Err(Status::Refused) } else { Ok(()) }
}

fn list(session: &mut Session<'_>) -> Status {
    let sites = session.sites();
    let containers = |site: &SiteName, session: &mut Session<'_>| -> Vec<String> {
        session.options.site = Some(site.clone());
        let names = session.anew(|session| {
            let inputs = session.inputs()?;
            let compiled = session.compile_here(&inputs.dictionaries, &inputs.saved).ok()?;
            Some(compiled.containers.iter().map(|container| container.name.to_string()).collect::<Vec<_>>())
        });
        session.options.site = None;
        names.unwrap_or_default()
    };
    let rows: Vec<(SiteName, Vec<String>)> =
        sites.iter().map(|site| (site.clone(), containers(site, session))).collect();
    session.findings = crate::diagnostic::Findings::default();
    let written = if session.is_json() {
        let rows = rows.iter().map(|(site, containers)| json!({ "name": site, "containers": containers }));
        session.json(&json!({ "sites": rows.collect::<Vec<_>>() }))
    } else if rows.is_empty() {
        session.say(&phrase!("no-site", "there is no site beside production"))
    } else {
        rows.iter().try_for_each(|(site, containers)| {
            session.line(format!("{site}  {}", containers.join(", ")).trim_end())
        })
    };
    session.end(written)
}
