//! A plan, carried out.
//!
//! In: what is wanted, the machine, and who is told. Out: a [`Summary`], or [`ApplyFailed`] with all that went
//! wrong. The invariants: one run at a time; a container either ends as the new one, healthy, or as the old one;
//! files change all together and only if nginx accepts them; one container's failure stops no other; and a run
//! that is killed at any instant leaves what the next run puts right. It refuses to begin where nginx or a
//! needed engine is absent.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Findings;
use crate::engine::docker::Settings;
use crate::engine::{
    Cluster, Docker, Engine, EngineError, Kubernetes, LogRequest, Lxc, Qemu, Snap, Swarm, Vagrant,
    kubernetes, lxc, qemu, snap, vagrant,
};
use crate::plan::{Observed, Plan, ProxyState, Wanted, plan};
use crate::proxy::{Nginx, Proxy, ProxyError, Traefik};
use crate::render::Reader;
use crate::run_spec::{ContainerName, Technology};
use crate::service::{Services, of_this_machine};
use crate::site::Scope;

mod account;
mod balance;
mod chain;
mod copy;
mod error;
mod event;
mod files;
mod folder;
mod follow;
mod history;
mod hook;
mod lock;
mod log;
mod nodes;
mod observe;
mod place;
mod process;
mod rollout;
mod services;
pub mod progress;
mod state;
#[cfg(test)]
mod tests;
mod transaction;
mod validator;

pub use copy::{mark_instanciated, remove_folder, replace_files, write_file, write_files};
pub use error::ApplyError;
pub use event::{Effect, Event, Silent, Sink, Stage};
pub use follow::follow;
pub use history::{Reached, states};
pub use hook::{Hooks, Occasion};
pub use log::{Both, Log};

use chain::{Chain, Fetches, Work, clean, side_by_side, take_all_back};
use event::Reporter;
use hook::HookStage;
use lock::Lock;
use place::Root;
use transaction::{Left, recover};

/// The machine that is configured.
#[derive(Clone)]
pub struct Machine {
    /// What prefixes every path.
    pub root: PathBuf,
    /// The engines that may be asked; none of them: only files are written.
    pub engines: Vec<Arc<dyn Engine>>,
    /// The clusters that may be asked.
    pub clusters: Vec<Arc<dyn Cluster>>,
    /// The web server; without it, its files are written and nobody reads them.
    pub proxy: Option<Arc<dyn Proxy>>,
    /// Traefik, where it may be the front door in nginx's place.
    pub traefik: Option<Traefik>,
    /// The service manager; without it, services are left alone.
    pub services: Option<Arc<dyn Services>>,
    /// The scripts of packages; without them, none is run.
    pub hooks: Option<Hooks>,
    /// For which of the sites on it.
    pub scope: Scope,
}

impl Machine {
    /// This machine, as the environment describes it.
    pub fn new(root: &Path) -> Self {
        let root = absolute(root);
        let engine = |technology| -> Arc<dyn Engine> {
            Arc::new(Docker::new(Settings::from_environment(technology, &root)))
        };
        let mut engines = [Technology::Docker, Technology::Podman].map(engine).to_vec();
        engines.push(Arc::new(Lxc::new(lxc::Settings::from_environment(&root))));
        engines.push(Arc::new(Vagrant::new(vagrant::Settings::from_environment(&root))));
        engines.push(Arc::new(Qemu::new(qemu::Settings::from_environment(&root))));
        engines.push(Arc::new(Snap::new(snap::Settings::from_environment(&root))));
        let swarm = Swarm::new(Settings::from_environment(Technology::Swarm, &root));
        let kubernetes = Kubernetes::new(kubernetes::Settings::from_environment(&root));
        let (nginx, traefik) = (Nginx::new(&root), Traefik::new(&root));
        // Services are of the machine itself, whatever its files' root.
        let services = (root == Path::new("/")).then(|| of_this_machine().into());
        Self {
            root,
            engines,
            clusters: vec![Arc::new(swarm), Arc::new(kubernetes)],
            proxy: Some(Arc::new(nginx)),
            traefik: Some(traefik),
            services,
            hooks: None,
            scope: Scope::default(),
        }
    }

    /// The files under `root` alone: nothing is started.
    pub fn files_only(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            engines: Vec::new(),
            clusters: Vec::new(),
            proxy: None,
            traefik: None,
            services: None,
            hooks: None,
            scope: Scope::default(),
        }
    }

    /// The same, for one of the sites on it.
    #[must_use]
    pub fn scoped(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// The same, with EOLE's scripts around the stages of a run; under another root than `/` they would act on the wrong
    /// machine, and for another site than production they would act on production: none is run.
    #[must_use]
    pub fn with_hooks(mut self, occasion: Occasion) -> Self {
        let folder = PathBuf::from("/usr/share/eole");
        let is_productions = self.root == Path::new("/") && self.scope.site().is_none();
        self.hooks = (is_productions && self.proxy.is_some()).then_some(Hooks { folder, occasion });
        self
    }

    /// Whether a script would run.
    pub fn has_hooks(&self) -> bool {
        hook::any(self.hooks.as_ref())
    }

    /// The engine that holds the containers of a technology, if it may be asked.
    pub fn engine(&self, technology: Technology) -> Option<&Arc<dyn Engine>> {
        self.engines.iter().find(|engine| engine.technology() == technology.holder())
    }

    /// The cluster that holds the services of a technology, if it may be asked.
    pub fn cluster(&self, technology: Technology) -> Option<&Arc<dyn Cluster>> {
        self.clusters.iter().find(|cluster| cluster.technology() == technology.holder())
    }

    /// What the container `name` wrote; nothing if its engine may not be asked.
    pub fn logs<'a>(
        &'a self,
        technology: Technology,
        name: &'a ContainerName,
        request: LogRequest,
    ) -> Option<BoxStream<'a, Result<String, EngineError>>> {
        if let Some(cluster) = self.cluster(technology) {
            return Some(cluster.logs(name, request));
        }
        Some(self.engine(technology)?.logs(name, request))
    }
}

/// The one way to write a root: containers are known again by it.
fn absolute(root: &Path) -> PathBuf {
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    absolute.components().collect()
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The containers that were changed.
    pub changed: Vec<ContainerName>,
    /// Those that could not be, and are as they were.
    pub failed: Vec<ContainerName>,
    /// How many files changed.
    pub files: usize,
    /// Those of them that somebody had changed by hand: what they had written is kept as `.galerne-old`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edited: Vec<PathBuf>,
    /// How many effects there were, those that repaired and took back included.
    pub effects: u64,
    /// Whether an interrupted run was put right.
    pub repaired: bool,
}

impl Summary {
    /// Whether there was nothing to do.
    pub fn is_nothing(&self) -> bool {
        self.effects == 0
    }
}

/// A run that did not reach all that is wanted.
#[derive(Debug, Default)]
pub struct ApplyFailed {
    /// What went wrong.
    pub findings: Findings,
    /// What was done nevertheless.
    pub summary: Summary,
}

impl<E: Into<ApplyError>> From<E> for ApplyFailed {
    fn from(error: E) -> Self {
        let mut findings = Findings::default();
        findings.add(error.into());
        Self::from_findings(findings)
    }
}

impl ApplyFailed {
    fn from_findings(findings: Findings) -> Self {
        Self { findings, summary: Summary::default() }
    }
}

/// What is there, of all that `wanted` is about. Changes nothing.
///
/// # Errors
/// A needed engine does not answer, or files cannot be read.
pub async fn observe(machine: &Machine, wanted: &Wanted) -> Result<Observed, Findings> {
    let root = Root::open(&machine.root).map_err(|error| {
        let mut findings = Findings::default();
        findings.add(ApplyError::file(&machine.root, &error));
        findings
    })?;
    observe::observe(machine, &root, wanted).await
}

/// Makes `machine` what `wanted` says, telling `sink` of each effect.
///
/// # Errors
/// All that went wrong; what could be done was.
pub async fn reconfigure(
    machine: &Machine,
    wanted: &Wanted,
    sink: &dyn Sink,
) -> Result<Summary, ApplyFailed> {
    let mut run = Run::begin(machine, sink)?;
    run.prepare().await?;
    run.reach(wanted).await
}

/// A run under way: nobody else changes the machine.
pub struct Run<'a> {
    machine: &'a Machine,
    root: Root,
    reporter: Reporter<'a>,
    repaired: bool,
    /// What was wanted, with the commits that branches and tags were.
    pinned: OnceLock<Wanted>,
    _lock: Lock,
}

impl<'a> Run<'a> {
    /// Begins a run.
    ///
    /// # Errors
    /// Another one is under way, or the root cannot be opened.
    pub fn begin(machine: &'a Machine, sink: &'a dyn Sink) -> Result<Self, ApplyError> {
        let root = Root::open(&machine.root).map_err(|error| ApplyError::file(&machine.root, &error))?;
        let lock = Lock::take(&root)?;
        Ok(Self {
            machine,
            root,
            reporter: Reporter::new(sink),
            repaired: false,
            pinned: OnceLock::new(),
            _lock: lock,
        })
    }

    /// Puts right what an interrupted run left, and runs the scripts that come before all else: what is wanted is to be looked at
    /// after them.
    ///
    /// # Errors
    /// What went wrong; nothing new was done then, but by the scripts.
    pub async fn prepare(&mut self) -> Result<(), ApplyFailed> {
        self.repaired = repair(self.machine, &self.root, &self.reporter).await?;
        state::sweep(&self.root, &self.machine.scope)?;
        let hooks = self.machine.hooks.as_ref();
        if let Err(errors) = hook::check(hooks) {
            let mut findings = Findings::default();
            for error in errors {
                findings.add(error);
            }
            return Err(ApplyFailed::from_findings(findings));
        }
        self.reporter.stage(Stage::Prepare);
        hook::run_all(hooks, HookStage::PreTemplate, &self.reporter)?;
        Ok(())
    }

    /// Makes the machine what `wanted` says.
    ///
    /// # Errors
    /// All that went wrong; what could be done was.
    pub async fn reach(&self, wanted: &Wanted) -> Result<Summary, ApplyFailed> {
        let Self { machine, root, reporter, repaired, pinned, .. } = self;
        reporter.stage(Stage::Observe);
        let observed = observe::observe(machine, root, wanted).await.map_err(ApplyFailed::from_findings)?;
        check_proxy_is_there(wanted, &observed)?;
        // What is created is what is planned, were a branch to move meanwhile.
        let wanted = pinned.get_or_init(|| wanted.pinned(&observed));
        let plan = plan(wanted, &observed);
        reporter.tell(&Event::Planned { plan: plan.clone() });
        let fetches = Fetches::of(&plan);
        let work = Work { machine, root, wanted, reporter, fetches, kept: balance::Kept::default() };
        carry_out(&plan, &observed, *repaired, &work).await
    }

    /// Makes the node `name` of the cluster what `wanted` says, and nothing else; follows what runs there to where it goes.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn reach_node(&self, wanted: &Wanted, name: &str) -> Result<Summary, ApplyFailed> {
        let Self { machine, root, reporter, .. } = self;
        reporter.stage(Stage::Observe);
        let observed = observe::observe(machine, root, wanted).await.map_err(ApplyFailed::from_findings)?;
        let wanted = wanted.pinned(&observed);
        let plan = plan(&wanted, &observed).of_node(name);
        reporter.tell(&Event::Planned { plan: plan.clone() });
        let fetches = Fetches::of(&plan);
        let work = Work { machine, root, wanted: &wanted, reporter, fetches, kept: balance::Kept::default() };
        carry_out(&plan, &observed, self.repaired, &work).await
    }

    /// Keeps `wanted`, which was reached, with the text of the saved `values` that it is made of, to go back to it one day.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&self, wanted: &Wanted, values: &str) -> Result<(), ApplyError> {
        let scope = &self.machine.scope;
        let last = states(&self.machine.root, scope)?.into_iter().next();
        // The state is that of the commits that were built, whatever their branches become.
        history::keep(&self.root, scope, last.as_ref(), self.pinned.get().unwrap_or(wanted), values)
    }
}

/// Puts right what an interrupted run left of files; what it left of containers is in the next plan.
async fn repair(machine: &Machine, root: &Root, reporter: &Reporter<'_>) -> Result<bool, ApplyError> {
    reporter.stage(Stage::Repair);
    let transaction = match recover(root, reporter)? {
        Left::Nothing => return Ok(false),
        Left::Tidied => return Ok(true),
        Left::PutBack(transaction) => transaction,
    };
    if let Some(proxy) = &machine.proxy {
        // The interrupted run may have had nginx read its files. If nginx refuses now, it keeps what it has, and the
        // plan of this run has it check and read again.
        if proxy.state().await == ProxyState::Running && proxy.check().await.is_ok() {
            let _ = proxy.reload().await;
        }
    }
    if let Some(traefik) = &machine.traefik
        && is_traefiks(root)
        && traefik.state().await == ProxyState::Running
        && traefik.check().await.is_ok()
    {
        let _ = traefik.reload().await;
    }
    services::restart_again(transaction.services(), machine, reporter).await;
    transaction.remove_journal()?;
    Ok(true)
}

/// Whether Traefik has files of ours.
fn is_traefiks(root: &Root) -> bool {
    root.outside(Path::new(crate::traefik::STATIC)).is_file()
}

fn check_proxy_is_there(wanted: &Wanted, observed: &Observed) -> Result<(), ProxyError> {
    let is_wanted = wanted.files.files.iter().any(|file| file.reader == Reader::Nginx);
    if is_wanted && observed.proxy == ProxyState::Absent {
        return Err(ProxyError::Absent);
    }
    let is_wanted = wanted.files.files.iter().any(|file| file.reader == Reader::TraefikStart);
    if is_wanted && observed.traefik == ProxyState::Absent {
        return Err(ProxyError::TraefikAbsent);
    }
    Ok(())
}

async fn carry_out(
    plan: &Plan,
    observed: &Observed,
    repaired: bool,
    work: &Work<'_>,
) -> Result<Summary, ApplyFailed> {
    let mut summary = Summary { repaired, ..Summary::default() };
    nodes::change(plan, work).await.map_err(|error| {
        summary.effects = work.reporter.count();
        work.reporter.tell(&Event::Ended { summary: summary.clone() });
        ApplyFailed { summary: summary.clone(), ..ApplyFailed::from(error) }
    })?;
    let mut chains: Vec<Chain> = plan.containers.iter().map(Chain::new).collect();
    work.reporter.stage(Stage::Fetch);
    side_by_side(&mut chains, |change| &change.fetch, work).await;
    work.reporter.stage(Stage::Change);
    side_by_side(&mut chains, |change| &change.change, work).await;
    work.reporter.stage(Stage::Files);
    let written = files::change(plan, observed, &chains, work).await;
    let refused = match written {
        Ok(written) => {
            summary.files = written.count;
            summary.edited = written.edited;
            work.reporter.stage(Stage::Clean);
            clean(&mut chains, work).await;
            None
        }
        Err(error) => {
            take_all_back(&mut chains, work).await;
            Some(error)
        }
    };
    summarise(&mut summary, &chains, refused.is_some());
    summary.effects = work.reporter.count();
    work.reporter.tell(&Event::Ended { summary: summary.clone() });
    let mut findings = Findings::default();
    let errors = chains.into_iter().flat_map(|chain| chain.errors);
    let of_nodes = plan.nodes_refused.clone().map(ApplyError::from);
    of_nodes.into_iter().chain(errors).chain(refused).for_each(|error| findings.add(error));
    if findings.has_errors() {
        return Err(ApplyFailed { findings, summary });
    }
    Ok(summary)
}

fn summarise(summary: &mut Summary, chains: &[Chain<'_>], all_back: bool) {
    for chain in chains {
        let names = chain.change.containers.iter().cloned();
        if all_back || chain.has_failed() {
            summary.failed.extend(names);
        } else {
            summary.changed.extend(names);
        }
    }
}
