//! Looking at the machine: engines, files, the web server. Nothing is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::place::{Missing, Root};
use super::state::{is_absent, ran, recorded};
use super::{ApplyError, Machine, account, balance};
use crate::diagnostic::Findings;
use crate::engine::cluster::Sought;
use crate::engine::{Engine, EngineError};
use crate::plan::{
    Accounts, ClusterState, EngineState, Foreign, Observed, OnDisk, ProxyState, Recorded, STOCK_SITE,
    ServiceState, Wanted,
};
use crate::proxy::stock_default_site;
use crate::render::{Reader, ServiceName};
use crate::run_spec::{RunSpec, Source, Technology};
use crate::service::ServiceError;
use crate::site::Scope;

/// Looks at all that `wanted` is about.
pub(super) async fn observe(machine: &Machine, root: &Root, wanted: &Wanted) -> Result<Observed, Findings> {
    let mut findings = Findings::default();
    let recorded = recorded(root, &machine.scope).unwrap_or_else(|error| {
        findings.add(error);
        Vec::new()
    });
    let engines = engines(machine, wanted, &recorded, &mut findings).await;
    let clusters = clusters(machine, root, wanted, &recorded, &mut findings).await;
    let mut balances = balance::observed(root).unwrap_or_else(|error| {
        findings.add(error);
        BTreeMap::new()
    });
    balances.retain(|name, _| machine.scope.has(name.as_str()));
    let files = files(root, wanted, &recorded).unwrap_or_else(|error| {
        findings.add(error);
        BTreeMap::new()
    });
    let services = services(machine, wanted, &mut findings).await;
    let accounts = accounts(root, wanted, &mut findings);
    missing_folders(root, wanted, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let traefik = traefik(machine, wanted, &recorded).await;
    Ok(Observed {
        engines,
        clusters,
        balances,
        files,
        accounts,
        folders: folders(root, wanted),
        recorded,
        services,
        proxy: match &machine.proxy {
            Some(proxy) => proxy.state().await,
            None => ProxyState::NotAsked,
        },
        traefik,
        stock_site: machine.scope.site().is_none() && has_stock_site(root),
    })
}

/// What Traefik does, if it is to read files or did.
async fn traefik(machine: &Machine, wanted: &Wanted, recorded: &[Recorded]) -> ProxyState {
    let reads = |reader| matches!(reader, Reader::Traefik | Reader::TraefikStart);
    let is_wanted = wanted.files.files.iter().any(|file| reads(file.reader));
    let was = recorded.iter().any(|file| file.traefik);
    match &machine.traefik {
        Some(traefik) if is_wanted || was => traefik.state().await,
        _ => ProxyState::NotAsked,
    }
}

/// What the wanted services do; says which of those that are to run do not exist.
async fn services(
    machine: &Machine,
    wanted: &Wanted,
    findings: &mut Findings,
) -> BTreeMap<ServiceName, ServiceState> {
    let mut states = BTreeMap::new();
    let Some(manager) = &machine.services else { return states };
    for service in &wanted.services {
        match manager.state(&service.name).await {
            Some(state) => drop(states.insert(service.name.clone(), state)),
            None if service.active => findings.add(ServiceError::Unknown { name: service.name.clone() }),
            None => {}
        }
    }
    states
}

async fn engines(
    machine: &Machine,
    wanted: &Wanted,
    recorded: &[Recorded],
    findings: &mut Findings,
) -> BTreeMap<Technology, EngineState> {
    let mut states = BTreeMap::new();
    for engine in &machine.engines {
        match look(engine.as_ref(), wanted).await {
            Ok(state) => {
                states.insert(engine.technology(), of_site(state, &machine.scope));
            }
            // An engine that is not there matters only if something is, or was, to run on it.
            Err(error) if is_needed(engine.technology(), wanted, recorded) => findings.add(error),
            Err(_) => {}
        }
    }
    states
}

/// What an engine holds, where the containers of other sites are as good as somebody else's.
fn of_site(mut state: EngineState, scope: &Scope) -> EngineState {
    let (ours, theirs): (Vec<_>, Vec<_>) =
        state.containers.into_iter().partition(|found| scope.has(found.container.as_str()));
    state.containers = ours;
    state.foreign.extend(theirs.into_iter().map(|found| {
        let ports = if found.state.is_up() { found.ports } else { Vec::new() };
        Foreign { name: found.role.of(&found.container), ports }
    }));
    state
}

/// The same of a cluster.
fn services_of(mut state: ClusterState, scope: &Scope) -> ClusterState {
    let (ours, theirs): (Vec<_>, Vec<_>) =
        state.services.into_iter().partition(|found| scope.has(found.container.as_str()));
    state.services = ours;
    let foreign =
        theirs.into_iter().map(|found| Foreign { name: found.container.to_string(), ports: found.ports });
    state.foreign.extend(foreign);
    state
}

async fn look(engine: &dyn Engine, wanted: &Wanted) -> Result<EngineState, ApplyError> {
    let sources: BTreeSet<Source> = wanted
        .containers
        .iter()
        .filter(|spec| spec.engine.holder() == engine.technology())
        .map(|spec| spec.source.clone())
        .collect();
    let sources: Vec<Source> = sources.into_iter().collect();
    Ok(engine.observe(&sources).await?)
}

async fn clusters(
    machine: &Machine,
    root: &Root,
    wanted: &Wanted,
    recorded: &[Recorded],
    findings: &mut Findings,
) -> BTreeMap<Technology, ClusterState> {
    let mut states = BTreeMap::new();
    let before = ran(root, recorded);
    for cluster in &machine.clusters {
        let technology = cluster.technology();
        let is_needed = is_needed(technology, wanted, recorded);
        // Another server's cluster may be far: it is asked only if something is to run there, or did.
        if technology == Technology::Kubernetes && !is_needed {
            continue;
        }
        let mine = |spec: &&RunSpec| spec.engine == technology;
        let specs: Vec<RunSpec> = wanted.containers.iter().filter(mine).cloned().collect();
        match cluster.observe(Sought { wanted: &specs, before: &before }).await {
            Ok(state) => drop(states.insert(technology, services_of(state, &machine.scope))),
            Err(error) if is_needed || keeps_nodes(&error, technology, wanted) => {
                findings.add(ApplyError::from(error));
            }
            Err(_) => {}
        }
    }
    states
}

/// Whether the nodes that are wanted cannot be brought to how they are to stand. Where there is no swarm yet, they wait for one.
fn keeps_nodes(error: &EngineError, technology: Technology, wanted: &Wanted) -> bool {
    technology == Technology::Swarm
        && !wanted.nodes.is_empty()
        && matches!(error, EngineError::NotAManager | EngineError::NoQuorum)
}

fn is_needed(technology: Technology, wanted: &Wanted, recorded: &[Recorded]) -> bool {
    let held =
        |file: &Recorded| file.container.is_some() && file.engine.unwrap_or(Technology::Docker) == technology;
    wanted.containers.iter().any(|spec| spec.engine.holder() == technology) || recorded.iter().any(held)
}

fn files(
    root: &Root,
    wanted: &Wanted,
    recorded: &[Recorded],
) -> Result<BTreeMap<PathBuf, OnDisk>, ApplyError> {
    let paths = wanted.files.files.iter().map(|file| &file.path).chain(&wanted.files.removed);
    let paths: BTreeSet<&PathBuf> = paths.chain(recorded.iter().map(|file| &file.path)).collect();
    let mut found = BTreeMap::new();
    for path in paths {
        if let Some(on_disk) = on_disk(root, path)? {
            found.insert(path.clone(), on_disk);
        }
    }
    Ok(found)
}

/// The numbers of the users and groups that the files are to belong to; says who does not exist.
fn accounts(root: &Root, wanted: &Wanted, findings: &mut Findings) -> Accounts {
    let mut accounts = Accounts::default();
    for file in &wanted.files.files {
        let path = &file.path;
        for (kind, name, known) in [
            ("user", &file.owner.user, &mut accounts.users),
            ("group", &file.owner.group, &mut accounts.groups),
        ] {
            let Some(name) = name.as_ref().filter(|name| !known.contains_key(*name)) else { continue };
            match account::number(root, kind, name) {
                Some(number) => drop(known.insert(name.clone(), number)),
                None => {
                    findings.add(ApplyError::UnknownAccount { path: path.clone(), kind, name: name.clone() });
                }
            }
        }
    }
    accounts
}

/// Says which files have no folder, and are not to have one made.
fn missing_folders(root: &Root, wanted: &Wanted, findings: &mut Findings) {
    for file in wanted.files.files.iter().filter(|file| !file.makes_folder) {
        let is_missing = |error: std::io::Error| is_absent(&error);
        if root.parent(&file.path, Missing::Fails).is_err_and(is_missing) {
            findings.add(ApplyError::NoFolder { path: file.path.clone() });
        }
    }
}

fn on_disk(root: &Root, path: &Path) -> Result<Option<OnDisk>, ApplyError> {
    let failed = |error: &std::io::Error| ApplyError::file(path, error);
    match root.parent(path, Missing::Fails) {
        Ok((folder, name)) => folder.look(name).map_err(|error| failed(&error)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

fn folders(root: &Root, wanted: &Wanted) -> BTreeSet<PathBuf> {
    wanted
        .containers
        .iter()
        .flat_map(|spec| &spec.mounts)
        .map(|mount| mount.host.clone())
        .filter(|host| is_there(root, host))
        .collect()
}

/// A mounted file is as good as a folder. What cannot be looked at is left to the step that makes it, whose error
/// says why.
fn is_there(root: &Root, host: &Path) -> bool {
    root.folder(host, Missing::Fails).is_ok()
        || matches!(on_disk(root, host), Ok(Some(OnDisk::File { .. } | OnDisk::Other)))
}

/// Whether the site that nginx is delivered with is enabled and as it was delivered: one that somebody changed is
/// theirs, and stays.
fn has_stock_site(root: &Root) -> bool {
    let stock = Path::new("/etc/nginx/sites-available/default");
    let leads_to = |to: &Path| to == stock || to == Path::new("../sites-available/default");
    let enabled = matches!(on_disk(root, Path::new(STOCK_SITE)), Ok(Some(OnDisk::Link(to))) if leads_to(&to));
    let text = || root.parent(stock, Missing::Fails).and_then(|(folder, name)| folder.read(name));
    enabled && text().ok().flatten().is_some_and(|bytes| stock_default_site(&String::from_utf8_lossy(&bytes)))
}
