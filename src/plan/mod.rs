//! What is wanted against what is: the steps that lead from one to the other.
//!
//! In: [`Wanted`] (run specs and files) and [`Observed`] (containers, files, the web server). Out: a [`Plan`], whose
//! steps each have a reason and what takes them back; or none, when there is nothing to do. The invariants: it is
//! pure; at each instant of its execution either the old container or the new one can be brought back from what
//! the engine holds; a container that galerne did not make is in no step; no value of an environment is in it.

use std::path::Path;

mod balance;
mod cluster;
mod conflict;
mod containers;
mod files;
mod lives;
mod nodes;
mod observed;
mod services;
mod status;
mod step;
#[cfg(test)]
mod tests;
mod wanted;

pub use balance::{SERVERS, balance, balance_path, balance_paths};
pub use conflict::Conflict;
pub use nodes::{NodeChange, node_changes};
pub use observed::{
    Accounts, ClusterNode, ClusterState, EngineState, Foreign, HostPort, Observed, ObservedContainer,
    ObservedService, ObservedTask, OnDisk, ProxyState, Recorded, Role, ServiceState, State,
};
pub use status::{CopyRow, Standing, StatusRow, status};
pub use step::{Action, ContainerChange, Plan, Step, image};
pub use wanted::{Wanted, digest, hexadecimal, release, sha256};

/// The link by which Debian enables the site that nginx is delivered with.
pub const STOCK_SITE: &str = "/etc/nginx/sites-enabled/default";

/// The steps that lead from `observed` to `wanted`.
pub fn plan(wanted: &Wanted, observed: &Observed) -> Plan {
    let wanted = &wanted.pinned(observed);
    let files = files::changes(wanted, observed);
    let proxy = files::proxy(wanted, observed, &files);
    let containers = containers::changes(wanted, observed, &files);
    let services = services::changes(wanted, observed, &files);
    let nodes::NodeSteps { steps: nodes, refused: nodes_refused } = nodes::changes(wanted, observed);
    Plan { nodes, nodes_refused, containers, files, proxy, services }
}

/// Whether somebody else wrote what stands at `path` after it was last generated.
pub fn is_edited(path: &Path, observed: &Observed) -> bool {
    files::is_edited(path, observed)
}

/// Which files are noted as generated once `wanted` is reached.
pub fn record(wanted: &Wanted) -> Vec<Recorded> {
    files::record(wanted)
}
