//! The values of a site where they are kept: beside those of production, in a folder of the site's name.
//!
//! `config.eol` has the site's own values, `base.eol` what production had when they became so, `number` by how much its ports are
//! higher. All of it is for root alone, and written under the lock of production's values.

use std::path::PathBuf;

use crate::command::{Options, Session};
use crate::compile::{Compiled, compile};
use crate::config_eol::{self, ConfigError, Lock, Saved};
use crate::diagnostic::{Findings, meant};
use crate::dictionary::Dictionary;
use crate::evaluation::Snapshot;
use crate::function::Library;
use crate::phrase;
use crate::site::{
    Heritage, Keys, MOST, Mark, Neighbour, Scope, SiteName, SiteProblem, Units, base_of, clashes, own_of,
};
use crate::source::{Sources, World};
use crate::words::Phrase;

/// The file of a site's own values.
pub(in crate::command) const VALUES: &str = "config.eol";

/// The file with what production had.
pub(in crate::command) const BASE: &str = "base.eol";

/// The file with the number of a site.
pub(in crate::command) const NUMBER: &str = "number";

/// A site: its own values, and all that is needed to know what it takes from production.
pub(in crate::command) struct Layer {
    pub(in crate::command) site: SiteName,
    pub(in crate::command) number: u16,
    /// The saved values of production.
    pub(in crate::command) production: Saved,
    /// What they amount to.
    pub(in crate::command) snapshot: Snapshot,
    pub(in crate::command) heritage: Heritage,
    pub(in crate::command) own: Saved,
    pub(in crate::command) base: Saved,
    pub(in crate::command) units: Units,
    pub(in crate::command) keys: Keys,
}

impl Layer {
    /// How what is the site's is told.
    pub(in crate::command) fn mark(&self) -> Mark<'_> {
        Mark { site: &self.site, number: self.number }
    }

    /// The values that the site has.
    pub(in crate::command) fn values(&self) -> Result<Saved, ConfigError> {
        self.heritage.with(&self.own, &self.units)
    }

    /// Saves what makes `after` of what the site takes from production. Gives the text of its own values.
    pub(in crate::command) fn save(
        &self,
        after: &Saved,
        options: &Options,
        lock: &Lock,
    ) -> Result<String, ConfigError> {
        let next = own_of(&self.own, &self.heritage, after, &self.units)?;
        self.write(&next, options, lock)
    }

    /// Saves `next` as the site's own values. What production had goes first: a run that is killed in between leaves there more than
    /// is needed, and nothing wrong.
    pub(in crate::command) fn write(
        &self,
        next: &Saved,
        options: &Options,
        lock: &Lock,
    ) -> Result<String, ConfigError> {
        let text = next.to_text();
        let base = base_of(&self.base, &self.own, next, &self.production, &self.units)?;
        config_eol::write(&options.site_file(&self.site, BASE), &base.to_text(), lock)?;
        config_eol::write(&options.site_file(&self.site, VALUES), &text, lock)?;
        Ok(text)
    }
}

/// What reads the configurations of a server.
pub(in crate::command) struct Reader<'a> {
    pub(in crate::command) world: &'a dyn World,
    pub(in crate::command) options: &'a Options,
    pub(in crate::command) library: &'a dyn Library,
    pub(in crate::command) dictionaries: &'a [Dictionary],
}

impl Reader<'_> {
    /// The site `name`; none, with findings, if it cannot be read.
    pub(in crate::command) fn site(
        &self,
        name: &SiteName,
        sources: &mut Sources,
        findings: &mut Findings,
    ) -> Option<Layer> {
        let mut load = |path: PathBuf| config_eol::load(self.world, &path, sources, findings);
        let production = load(self.options.production())?;
        let own = load(self.options.site_file(name, VALUES))?;
        let base = load(self.options.site_file(name, BASE))?;
        let number = self.number(name).map_err(|problem| findings.add(*problem)).ok()?;
        let compiled = compile(self.dictionaries, &production, self.library);
        let snapshot = compiled.map_err(|found| findings.append(found)).ok()?.snapshot;
        let mark = Mark { site: name, number };
        let heritage =
            Heritage::of(&production, &snapshot, mark).map_err(|error| findings.add(error)).ok()?;
        let (units, keys) = self.units(&heritage, &own, &snapshot);
        Some(Layer { site: name.clone(), number, production, snapshot, heritage, own, base, units, keys })
    }

    /// What belongs together, and what is kept apart: of production, and of what only the site has.
    fn units(&self, heritage: &Heritage, own: &Saved, production: &Snapshot) -> (Units, Keys) {
        let units = Units::of(&[production]);
        if own.names().all(|name| production.entry(name).is_some()) {
            return (units, Keys::of(&[production]));
        }
        let compiled = heritage.with(own, &units).ok();
        let compiled = compiled.and_then(|saved| compile(self.dictionaries, &saved, self.library).ok());
        match compiled {
            Some(compiled) => {
                let both = [production, &compiled.snapshot];
                (Units::of(&both), Keys::of(&both))
            }
            None => (units, Keys::of(&[production])),
        }
    }

    fn number(&self, name: &SiteName) -> Result<u16, Box<SiteProblem>> {
        let path = self.options.site_file(name, NUMBER);
        let failed = |reason: Phrase| {
            Box::new(SiteProblem::Unreadable { site: name.to_string(), path: path.clone(), reason })
        };
        let bytes = self.world.read(&path).map_err(|error| failed((&error).into()))?;
        let number = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim_end().parse().ok());
        let number = number.filter(|number| (1..=MOST).contains(number));
        number
            .ok_or_else(|| failed(phrase!("site-no-index", "it is no number from 1 to {most}", most = MOST)))
    }

    /// The containers of the other sites; of one that is wrong, nothing: that is for its own commands to say.
    fn neighbours(&self, scope: &Scope, all: &[SiteName]) -> Vec<Neighbour> {
        let others = all.iter().filter(|site| Some(*site) != scope.site()).map(Some);
        let production = scope.site().is_some().then_some(None);
        let containers = |site: Option<&SiteName>| {
            let (mut sources, mut findings) = (Sources::default(), Findings::default());
            let saved = match site {
                Some(site) => self.site(site, &mut sources, &mut findings)?.values().ok()?,
                None => {
                    config_eol::load(self.world, &self.options.production(), &mut sources, &mut findings)?
                }
            };
            Some(compile(self.dictionaries, &saved, self.library).ok()?.containers)
        };
        let neighbour =
            |site: Option<&SiteName>| Some(Neighbour { site: site.cloned(), containers: containers(site)? });
        production.into_iter().chain(others).filter_map(neighbour).collect()
    }
}

impl Session<'_> {
    /// The sites that there are, beside production.
    pub(in crate::command) fn sites(&self) -> Vec<SiteName> {
        sites(self.world, &self.options)
    }

    /// For which site the command is.
    pub(in crate::command) fn scope(&self) -> Scope {
        Scope::new(self.options.site.clone(), self.sites())
    }

    /// Whether there is the site that the command is for; else a finding.
    pub(in crate::command) fn has_site(&mut self) -> bool {
        let Some(site) = &self.options.site else { return true };
        let sites = self.sites();
        if sites.contains(site) {
            return true;
        }
        let names = sites.iter().map(SiteName::as_str);
        let help = meant(site.as_str(), names)
            .unwrap_or_else(|| phrase!("add-site", "make it with: galerne site add {name}", name = site));
        self.findings.add(SiteProblem::Unknown { name: site.to_string(), help });
        false
    }

    /// What the dictionaries and saved values of a site amount to, and what it has that is another site's.
    pub(in crate::command) fn compile_here(
        &self,
        dictionaries: &[Dictionary],
        saved: &Saved,
    ) -> Result<Compiled, Findings> {
        let library = self.library();
        let mut compiled = compile(dictionaries, saved, &library)?;
        let (sites, scope) = (self.sites(), self.scope());
        if !sites.is_empty() {
            let (world, options) = (self.world, &self.options);
            let reader = Reader { world, options, library: &library, dictionaries };
            let neighbours = reader.neighbours(&scope, &sites);
            let real = |path: &std::path::Path| {
                let rooted = options.rooted(&path.to_string_lossy());
                // What is not there yet may be below a link that is.
                let there = rooted.ancestors().find_map(|above| Some((above, world.real(above).ok()?)));
                match there {
                    Some((above, real)) => real.join(rooted.strip_prefix(above).unwrap_or(&rooted)),
                    None => rooted,
                }
            };
            compiled.wrong.append(clashes(&scope, &compiled.containers, &neighbours, &real));
        }
        Ok(compiled)
    }
}

/// The sites that there are, in the order of their names: folders beside the saved values of production.
pub(in crate::command) fn sites(world: &dyn World, options: &Options) -> Vec<SiteName> {
    let folders = world.folders(&options.sites_folder()).unwrap_or_default();
    let name = |folder: &PathBuf| folder.file_name()?.to_str()?.parse().ok();
    folders.iter().filter_map(name).collect()
}
