//! Who is part of the swarm, and as what: making one, joining it, and how its nodes stand.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use bollard::errors::Error;
use bollard::models::{
    LocalNodeState, Node, NodeSpec, NodeSpecAvailabilityEnum, NodeSpecRoleEnum, NodeState, Reachability,
    SwarmInfo, SwarmInitRequest, SwarmJoinRequest,
};
use bollard::query_parameters::UpdateNodeOptions;
use tokio::net::lookup_host;
use tokio::time::{Instant, sleep};

use super::{Asked, PAUSE, Swarm, observe, swarm_sentence};
use crate::engine::EngineError;
use crate::nodes::{Address, Availability, NodeRole};
use crate::phrase;
use crate::plan::NodeChange;
use crate::run_spec::Secret;

/// The label in which galerne notes which of a node's labels it set.
pub(super) const MADE: &str = "org.galerne.labels";
/// The port on which managers answer.
const PORT: u16 = 2377;
/// How long a new manager may take to answer.
const SETTLING: Duration = Duration::from_secs(30);
/// How often a change is asked for again that another one was faster than.
const TRIES: usize = 20;

/// The labels of a node that galerne set.
pub(super) fn made(labels: &BTreeMap<String, String>) -> BTreeSet<String> {
    let noted = labels.get(MADE).map(String::as_str).unwrap_or_default();
    noted.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

/// Where the engine listens for other nodes that reach it at `address`.
fn listening(address: Option<IpAddr>) -> String {
    match address {
        Some(IpAddr::V6(_)) => format!("[::]:{PORT}"),
        _ => format!("0.0.0.0:{PORT}"),
    }
}

/// Where others reach this node: the engine takes no name for that. A name of this machine may lead to itself (`127.0.1.1` in Debian's
/// `/etc/hosts`), where nobody else reaches it.
async fn reached(address: &Address) -> Result<IpAddr, EngineError> {
    if let Ok(ip) = address.as_str().parse() {
        return Ok(ip);
    }
    let found = lookup_host((address.as_str(), PORT)).await;
    let all: Vec<IpAddr> = found.into_iter().flatten().map(|found| found.ip()).collect();
    let outer = |ip: &&IpAddr| !ip.is_loopback() && !ip.is_unspecified();
    let first = all.iter().filter(outer).find(|ip| ip.is_ipv4()).or_else(|| all.iter().find(outer));
    first.copied().ok_or_else(|| EngineError::Refused {
        engine: "Docker",
        what: phrase!("to-be-reached", "be reached at {address}", address = address),
        cause: phrase!(
            "refuses-name-here",
            "on this server that name leads to no address at which others reach it: give the address in its place"
        ),
    })
}

/// An address with the port on which managers answer.
fn with_port(address: &Address) -> String {
    match address.as_str() {
        text if text.contains(':') => format!("[{text}]:{PORT}"),
        text => format!("{text}:{PORT}"),
    }
}

impl Swarm {
    /// The swarm's own name for this node.
    pub(super) async fn own_id(&self) -> Result<Option<String>, EngineError> {
        Ok(self.membership().await?.node_id.filter(|id| !id.is_empty()))
    }

    async fn membership(&self) -> Result<SwarmInfo, EngineError> {
        let info = self.docker.client().await?.info().await;
        Ok(info.map_err(|error| self.failed(&error, Asked::Connection))?.swarm.unwrap_or_default())
    }

    /// Makes a swarm whose only node, a manager, is this one, which the others reach at `address`. Gives whether it was made: one that
    /// this node manages already stays.
    ///
    /// # Errors
    /// This node is a worker of a swarm, or the engine refuses the address.
    pub async fn init(&self, address: &Address) -> Result<bool, EngineError> {
        match self.check_manages().await {
            Ok(()) => return Ok(false),
            Err(EngineError::NoSwarm) => {}
            Err(error) => return Err(error),
        }
        let own = reached(address).await?;
        let request = SwarmInitRequest {
            listen_addr: Some(listening(Some(own))),
            advertise_addr: Some(own.to_string()),
            ..SwarmInitRequest::default()
        };
        let made = self.docker.client().await?.init_swarm(request).await;
        let what = || Asked::Container("make a swarm at", address.as_str());
        made.map(|_| true).map_err(|error| self.failed(&error, what()))
    }

    /// What lets another machine become a worker.
    ///
    /// # Errors
    /// This engine manages no swarm.
    pub async fn worker_token(&self) -> Result<Secret, EngineError> {
        self.check_manages().await?;
        let swarm = self.docker.client().await?.inspect_swarm().await;
        let swarm = swarm.map_err(|error| self.failed(&error, Asked::Connection))?;
        let token = swarm.join_tokens.and_then(|tokens| tokens.worker).unwrap_or_default();
        Ok(Secret::new(token))
    }

    /// Refuses what is part of a swarm already.
    ///
    /// # Errors
    /// It is.
    pub async fn check_is_free(&self) -> Result<(), EngineError> {
        match self.membership().await?.local_node_state {
            None | Some(LocalNodeState::EMPTY | LocalNodeState::INACTIVE) => Ok(()),
            _ => Err(EngineError::AlreadyInASwarm),
        }
    }

    /// Has this node become a part of the swarm that answers at `manager`, as what `token` allows; others reach it at `address`, or where
    /// the engine thinks.
    ///
    /// # Errors
    /// It is part of a swarm, the manager does not answer, or it does not take the token.
    pub async fn join(
        &self,
        manager: &Address,
        token: &Secret,
        address: Option<&Address>,
    ) -> Result<(), EngineError> {
        self.check_is_free().await?;
        let own = match address {
            Some(address) => Some(reached(address).await?),
            None => None,
        };
        let request = SwarmJoinRequest {
            listen_addr: Some(listening(own)),
            advertise_addr: own.map(|own| own.to_string()),
            remote_addrs: Some(vec![with_port(manager)]),
            join_token: Some(token.reveal().to_owned()),
            ..SwarmJoinRequest::default()
        };
        let joined = self.docker.client().await?.join_swarm(request).await;
        joined.map_err(|error| {
            let said = join_sentence(&error, manager, token);
            said.unwrap_or_else(|| {
                self.failed(&error, Asked::Container("join the swarm at", manager.as_str()))
            })
        })
    }
}

/// The sentence for what an engine answers that joins.
fn join_sentence(error: &Error, manager: &Address, token: &Secret) -> Option<EngineError> {
    let Error::DockerResponseServerError { message, .. } = error else { return None };
    let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if has(&["already part of a swarm"]) {
        return Some(EngineError::AlreadyInASwarm);
    }
    // A token names the certificate of its swarm, too.
    if has(&["invalid join token", "A valid join token", "CA does not match fingerprint", "remote CA"]) {
        return Some(EngineError::WrongToken { manager: manager.to_string() });
    }
    if let Some(error) = swarm_sentence(error).filter(|_| !has(&["Unavailable", "imeout", "deadline"])) {
        return Some(error);
    }
    let away = ["Unavailable", "imeout", "refused", "no route", "unreachable", "no such host", "deadline"];
    let cause = message.replace(token.reveal(), "…");
    has(&away).then(|| EngineError::ManagerUnreachable { manager: manager.to_string(), cause })
}

/// Changes the node that is called `name`; of several of that name, one that is up.
pub(super) async fn change(swarm: &Swarm, name: &str, change: &NodeChange) -> Result<(), EngineError> {
    let mut tries = 0;
    loop {
        let node = find(swarm, name).await?;
        let id = node.id.clone().unwrap_or_default();
        let index = node.version.as_ref().and_then(|version| version.index).unwrap_or_default();
        let options = UpdateNodeOptions { version: i64::try_from(index).unwrap_or(i64::MAX) };
        let spec = changed(node.spec.unwrap_or_default(), change);
        match swarm.docker.client().await?.update_node(&id, spec, options).await {
            Ok(()) => return settle(swarm, name, change).await,
            Err(error) if tries < TRIES && error.to_string().contains("out of sequence") => {
                tries += 1;
                sleep(PAUSE).await;
            }
            Err(error) => return Err(swarm.failed(&error, Asked::Container("change the node", name))),
        }
    }
}

/// Waits until a new manager answers: before that the swarm counts on one who is not there.
async fn settle(swarm: &Swarm, name: &str, change: &NodeChange) -> Result<(), EngineError> {
    let deadline = Instant::now() + SETTLING;
    while *change == NodeChange::Role(NodeRole::Manager) && Instant::now() < deadline {
        let status = find(swarm, name).await?.manager_status;
        if status.and_then(|status| status.reachability) == Some(Reachability::REACHABLE) {
            break;
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

async fn find(swarm: &Swarm, name: &str) -> Result<Node, EngineError> {
    pick(observe::nodes(swarm).await?.into_values().collect(), name)
}

/// The node `name`; of several, as a machine that left and came back leaves, one that is up.
fn pick(nodes: Vec<Node>, name: &str) -> Result<Node, EngineError> {
    let named: Vec<Node> = nodes.into_iter().filter(|node| observe::name_of(node) == name).collect();
    let is_up = |node: &&Node| node.status.as_ref().and_then(|status| status.state) == Some(NodeState::READY);
    let node = named.iter().find(is_up).or_else(|| named.first()).cloned();
    node.ok_or_else(|| EngineError::NodeAbsent { node: name.to_owned() })
}

/// What is asked of a node, with one change.
fn changed(mut spec: NodeSpec, change: &NodeChange) -> NodeSpec {
    match change {
        NodeChange::Role(NodeRole::Manager) => spec.role = Some(NodeSpecRoleEnum::MANAGER),
        NodeChange::Role(NodeRole::Worker) => spec.role = Some(NodeSpecRoleEnum::WORKER),
        NodeChange::Availability(availability) => {
            spec.availability = Some(match availability {
                Availability::Active => NodeSpecAvailabilityEnum::ACTIVE,
                Availability::Pause => NodeSpecAvailabilityEnum::PAUSE,
                Availability::Drain => NodeSpecAvailabilityEnum::DRAIN,
            });
        }
        NodeChange::Labels { set, gone } => {
            let mut labels: BTreeMap<String, String> = spec.labels.unwrap_or_default().into_iter().collect();
            let mut made = made(&labels);
            made.extend(set.keys().cloned());
            made.retain(|key| !gone.contains(key));
            labels.extend(set.clone());
            labels.retain(|key, _| !gone.contains(key) && key != MADE);
            if !made.is_empty() {
                labels.insert(MADE.to_owned(), made.into_iter().collect::<Vec<_>>().join(","));
            }
            spec.labels = Some(labels.into_iter().collect());
        }
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(labels: &[(&str, &str)]) -> NodeSpec {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        NodeSpec { labels: Some(labels.collect()), ..NodeSpec::default() }
    }

    #[test]
    fn a_node_remembers_which_labels_galerne_set() {
        let change = |set: &[(&str, &str)], gone: &[&str]| NodeChange::Labels {
            set: set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            gone: gone.iter().map(|key| (*key).to_owned()).collect(),
        };
        let one = changed(labelled(&[("rack", "3")]), &change(&[("ssd", "true"), ("zone", "a")], &[]));
        assert_eq!(one.labels.as_ref().unwrap()[MADE], "ssd,zone");
        let two = changed(one, &change(&[], &["ssd", "zone"]));
        let left: Vec<String> = two.labels.unwrap().into_keys().collect();
        assert_eq!(left, ["rack"]);
    }

    #[test]
    fn of_two_nodes_of_one_name_the_one_that_is_up_is_changed() {
        let node = |id: &str, state: &str| -> Node {
            let node =
                serde_json::json!({"ID": id, "Description": {"Hostname": "a"}, "Status": {"State": state}});
            serde_json::from_value(node).unwrap()
        };
        let all = vec![node("1", "down"), node("2", "ready")];
        assert_eq!(pick(all.clone(), "a").unwrap().id.as_deref(), Some("2"));
        assert_eq!(pick(all, "b"), Err(EngineError::NodeAbsent { node: "b".to_owned() }));
    }

    #[test]
    fn what_a_manager_answers_has_a_sentence_and_no_token() {
        let manager: Address = "192.0.2.1".to_owned().try_into().unwrap();
        let token = Secret::new("SWMTKN-1-secret");
        let said = |message: &str| {
            let error = Error::DockerResponseServerError { status_code: 503, message: message.to_owned() };
            join_sentence(&error, &manager, &token).map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(said("This node is already part of a swarm. Use x").contains("part of a swarm already"));
        assert!(said("invalid join token").contains("does not take"));
        assert!(said("rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster").contains("does not take"));
        assert!(said("remote CA does not match fingerprint. Expected: ab").contains("does not take"));
        let late =
            Error::DockerResponseServerError { status_code: 503, message: "Timeout was reached".to_owned() };
        let late = join_sentence(&late, &manager, &token);
        assert!(matches!(late, Some(EngineError::ManagerUnreachable { .. })), "{late:?}");
        let away = said("rpc error: code = Unavailable desc = connection error: SWMTKN-1-secret refused");
        assert!(away.contains("no manager") && !away.contains("secret"), "{away}");
        assert!(said("Timeout was reached before node joined.").contains("no manager"));
        assert!(
            said("rpc error: code = Unknown desc = The swarm does not have a leader.").contains("quorum")
        );
        assert_eq!(said("else"), "");
    }

    #[tokio::test]
    async fn a_name_is_an_address_that_others_reach() {
        let reached = async |text: &str| super::reached(&text.to_owned().try_into().unwrap()).await;
        let own = reached("192.0.2.1").await.unwrap();
        assert_eq!((own.to_string().as_str(), listening(Some(own)).as_str()), ("192.0.2.1", "0.0.0.0:2377"));
        assert_eq!(listening(Some(reached("2001:db8::1").await.unwrap())), "[::]:2377");
        let said = reached("localhost").await.unwrap_err().to_string();
        assert!(said.contains("be reached at localhost") && said.contains("give the address"), "{said}");
    }

    #[test]
    fn an_address_of_either_kind_gets_a_port() {
        let address = |text: &str| with_port(&text.to_owned().try_into().unwrap());
        assert_eq!(address("192.0.2.1"), "192.0.2.1:2377");
        assert_eq!(address("2001:db8::1"), "[2001:db8::1]:2377");
        assert_eq!(address("srv1.example.org"), "srv1.example.org:2377");
    }
}
