//! Following what clusters do by themselves: copies that they moved are told to the web server, and nothing else is changed.
//!
//! In: the machine. Out: the applications whose copies were elsewhere. It needs no configuration: what is written anew is the list of
//! addresses in what the web server reads already. While a run changes the machine, that one does it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use super::chain::{Fetches, Work};
use super::event::{Reporter, Silent};
use super::lock::Lock;
use super::place::Root;
use super::{ApplyError, Machine, balance, state};
use crate::diagnostic::Findings;
use crate::engine::cluster::Sought;
use crate::plan::{Plan, Wanted};
use crate::run_spec::{ContainerName, RunSpec};

/// Has the web server hand requests to the copies where they are now. Gives the applications of which it did not know it.
///
/// # Errors
/// A cluster does not answer, or the web server refuses: then it goes on with the addresses that it has.
pub async fn follow(machine: &Machine) -> Result<Vec<ContainerName>, Findings> {
    let mut findings = Findings::default();
    let begun = Root::open(&machine.root)
        .map_err(|error| ApplyError::file(&machine.root, &error))
        .and_then(|root| Ok((balance::observed(&root)?, root)));
    let (known, root) = match begun {
        Ok((known, _)) if known.is_empty() => return Ok(Vec::new()),
        Ok(begun) => begun,
        Err(error) => return Err(one(error)),
    };
    let _lock = match Lock::take(&root) {
        Ok(lock) => lock,
        Err(ApplyError::Locked { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(one(error)),
    };
    let ran = state::recorded(&root, &machine.scope).map(|recorded| state::ran(&root, &recorded));
    let copies = copies(machine, &known, &ran.map_err(one)?).await.map_err(one)?;
    let (wanted, reporter) = (Wanted::default(), Reporter::new(&Silent));
    let fetches = Fetches::of(&Plan::default());
    let kept = balance::Kept::default();
    let work = Work { machine, root: &root, wanted: &wanted, reporter: &reporter, fetches, kept };
    let mut followed = Vec::new();
    for (container, digest) in &known {
        let Some(copies) = copies.get(container) else { continue };
        match balance::brought(container, digest, copies, &work).await {
            Ok(true) => followed.push(container.clone()),
            Ok(false) => {}
            Err(error) => findings.add(error),
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(followed) }
}

/// Where the copies are that run, of the applications that the web server hands out. What no cluster holds is left as it is, and so is what
/// has no copy: the web server may as well try those that it knows.
async fn copies(
    machine: &Machine,
    known: &BTreeMap<ContainerName, String>,
    ran: &[RunSpec],
) -> Result<BTreeMap<ContainerName, BTreeSet<SocketAddr>>, ApplyError> {
    let (mut copies, mut silent) = (BTreeMap::new(), None);
    for cluster in &machine.clusters {
        match cluster.observe(Sought { wanted: ran, before: &[] }).await {
            Ok(state) => copies.extend(
                state
                    .services
                    .iter()
                    .filter(|service| known.contains_key(&service.container))
                    .map(|service| (service.container.clone(), service.addresses()))
                    .filter(|(_, copies)| !copies.is_empty()),
            ),
            Err(error) => silent = silent.or(Some(error)),
        }
    }
    match silent {
        Some(error) if copies.is_empty() => Err(error.into()),
        _ => Ok(copies),
    }
}

fn one(error: ApplyError) -> Findings {
    let mut findings = Findings::default();
    findings.add(error);
    findings
}
