//! What most commands begin with: dictionaries, saved values, and what they amount to.

use std::future::Future;
use std::mem::ManuallyDrop;

use super::site::{Layer, Reader};
use super::{CommandError, Session};
use crate::compile::{self, Compiled};
use crate::config_eol::{self, Saved};
use crate::credentials::{self, Ground};
use crate::diagnostic::Findings;
use crate::dictionary::{self, Dictionary};
use crate::distribution::Distribution;
use crate::evaluation::Evaluated;
use crate::function::{Functions, Library as _, Machine, SiteFunctions};
use crate::plan::Wanted;
use crate::render::{self, Rendered};
use crate::schema::{self, Schema};
use crate::site::SiteName;
use crate::source::Sources;
use crate::template::Templates;

/// What a run is to reach.
pub(super) struct Goal {
    /// What is wanted.
    pub(super) wanted: Wanted,
    /// The text of the saved values of which it is made.
    pub(super) values: String,
}

/// The inputs of a configuration.
pub(super) struct Inputs {
    pub(super) dictionaries: Vec<Dictionary>,
    /// The values, as they are; of a site, with what it takes from production.
    pub(super) saved: Saved,
    /// What is the site's own, of another one than production.
    pub(super) own: Option<Box<Layer>>,
}

impl Inputs {
    /// The text of the file of the saved values.
    pub(super) fn text(&self) -> String {
        self.own.as_ref().map_or_else(|| self.saved.to_text(), |own| own.own.to_text())
    }
}

impl Session<'_> {
    /// Reads dictionaries and saved values; none, with findings, if one of them is not readable as such.
    pub(super) fn inputs(&mut self) -> Option<Inputs> {
        let places = self.options.places();
        let mut dictionaries = dictionary::load(&places, self.world, &mut self.sources, &mut self.findings);
        self.translate(&mut dictionaries);
        let (saved, own) = if let Some(site) = self.options.site.clone() {
            self.site_values(&site, &dictionaries)?
        } else {
            let config = self.options.config();
            (config_eol::load(self.world, &config, &mut self.sources, &mut self.findings), None)
        };
        if self.findings.has_errors() {
            return None;
        }
        Some(Inputs { dictionaries, saved: saved?, own })
    }

    /// The values of a site, and those of its own; none, with findings, if there is no such site or it cannot be read.
    fn site_values(
        &mut self,
        site: &SiteName,
        dictionaries: &[Dictionary],
    ) -> Option<(Option<Saved>, Option<Box<Layer>>)> {
        if self.findings.has_errors() || !self.has_site() {
            return None;
        }
        let library = self.library();
        let reader = Reader { world: self.world, options: &self.options, library: &library, dictionaries };
        let own = reader.site(site, &mut self.sources, &mut self.findings)?;
        let values = own.values().map_err(|error| self.findings.add(error)).ok()?;
        Some((Some(values), Some(Box::new(own))))
    }

    /// Puts what dictionaries say to people into the user's language; what programs read stays as it is written.
    pub(super) fn translate(&self, dictionaries: &mut [Dictionary]) {
        if !self.is_json() {
            schema::translate(dictionaries, self.words.language().tag());
        }
    }

    /// The functions that dictionaries can call on this machine.
    pub(super) fn library(&self) -> Functions {
        let folder = self.options.rooted("/usr/share/eole/creole/funcs");
        Functions::new(Box::new(Machine::new(self.options.root())), SiteFunctions::of(&folder))
    }

    /// Reads and evaluates; none, with findings, if the dictionaries cannot be linked. What is wrong with the values
    /// stays in the result, for the command to judge.
    pub(super) fn evaluated(&mut self) -> Option<Evaluated> {
        self.linked().map(|(_, evaluated)| evaluated)
    }

    /// The same, with the schema.
    pub(super) fn linked(&mut self) -> Option<(Schema, Evaluated)> {
        let Inputs { dictionaries, saved, .. } = self.inputs()?;
        // Freed with the program, which ends with its command: one by one takes longer than reading them.
        let saved = ManuallyDrop::new(saved);
        match compile::evaluated(dictionaries, &saved, &self.library()) {
            Ok(both) => Some(both),
            Err(findings) => {
                self.findings.append(findings);
                None
            }
        }
    }

    /// Reads and compiles; none, with findings, if the dictionaries cannot be linked. What is wrong with the values
    /// stays in the result, for the command to judge.
    pub(super) fn compiled(&mut self) -> Option<(Inputs, Compiled)> {
        let inputs = self.inputs()?;
        match self.compile_here(&inputs.dictionaries, &inputs.saved) {
            Ok(compiled) => Some((inputs, compiled)),
            Err(findings) => {
                self.findings.append(findings);
                None
            }
        }
    }

    /// Runs every pure stage; none, with findings, if anything is wrong or missing, or cannot be applied.
    pub(super) fn rendered(&mut self) -> Option<Rendered> {
        self.rendered_values().map(|(rendered, _)| rendered)
    }

    fn rendered_values(&mut self) -> Option<(Rendered, String)> {
        let inputs = self.inputs()?;
        let rendered = self.rendered_of(&inputs.dictionaries, &inputs.saved)?;
        Some((rendered, inputs.text()))
    }

    /// What dictionaries and saved values amount to; none, with findings, if anything is wrong or missing, or cannot be applied.
    pub(super) fn rendered_of(&mut self, dictionaries: &[Dictionary], saved: &Saved) -> Option<Rendered> {
        let places = self.options.template_places();
        let templates = Templates::load(self.world, &places, &mut self.sources, &mut self.findings);
        let compiled = self.compile_here(dictionaries, saved);
        let compiled = compiled.map_err(|findings| self.findings.append(findings)).ok()?;
        if self.findings.has_errors() || compiled.wrong.has_errors() || compiled.missing.has_errors() {
            self.findings.append(compiled.findings());
            return None;
        }
        let distribution = self.distribution(&compiled, None);
        match compiled.render(&templates, &distribution) {
            Ok(mut rendered) => {
                self.findings.append(compiled.findings());
                self.scope().keep_own(&mut rendered);
                Some(rendered)
            }
            Err(findings) => {
                self.findings.append(compiled.findings());
                self.findings.append(findings);
                None
            }
        }
    }

    /// The templates of the files that the dictionaries name, and perhaps one more.
    pub(super) fn distribution(&mut self, compiled: &Compiled, more: Option<&str>) -> Distribution<'_> {
        let mut names = render::templates(compiled.schema.system(), &compiled.snapshot);
        names.extend(more.filter(|name| !name.contains('/')).map(str::to_owned));
        let instanciated = self.library().is_instanciated();
        let mut distribution = Distribution::new(self.world, self.options.root(), instanciated);
        let places = self.options.distribution_places();
        distribution.read(&places, &names, &mut self.sources, &mut self.findings);
        distribution
    }

    /// What the configuration asks of the machine; none, with findings, if anything is wrong or missing.
    pub(super) fn wanted(&mut self) -> Option<Wanted> {
        self.goal().map(|goal| goal.wanted)
    }

    /// The same, with the saved values of which it is made.
    pub(super) fn goal(&mut self) -> Option<Goal> {
        let (rendered, values) = self.rendered_values()?;
        let mut files = rendered.files;
        let ground = Ground { world: self.world, root: self.options.root() };
        let mut found = Findings::default();
        credentials::complete(&rendered.needed, &ground, &mut files, &mut found);
        let is_whole = !found.has_errors();
        self.findings.append(found);
        let wanted = Wanted {
            containers: rendered.specs,
            nodes: rendered.nodes,
            files,
            services: rendered.services,
            balances: rendered.balances,
        };
        is_whole.then_some(Goal { wanted, values })
    }

    /// Does once more what was done before, without saying twice what was found.
    pub(super) fn anew<T>(&mut self, what: impl FnOnce(&mut Self) -> T) -> T {
        self.sources = Sources::default();
        self.findings = Findings::default();
        what(self)
    }

    /// Waits for what engines and the web server do.
    pub(super) fn wait<T>(&mut self, what: impl Future<Output = T>) -> Option<T> {
        if self.runtime.is_none() {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => self.runtime = Some(runtime),
                Err(error) => self.findings.add(CommandError::NoRuntime { reason: error.to_string() }),
            }
        }
        self.runtime.as_ref().map(|runtime| runtime.block_on(what))
    }
}
