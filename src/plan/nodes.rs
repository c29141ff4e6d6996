//! The steps that make the nodes of a cluster stand as the configuration says.
//!
//! Only nodes that the configuration names are touched, and of their labels only those that galerne set. Who becomes a manager does so first,
//! and who ceases to be one last, so that there is never one less than before or after.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Action, ClusterNode, ClusterState, Conflict, Observed, Step, Wanted};
use crate::nodes::{Availability, Node, NodeRole};
use crate::phrase;
use crate::run_spec::Technology;
use crate::words::Phrase;

/// A change of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeChange {
    /// Whether it manages.
    Role(NodeRole),
    /// Whether it takes work.
    Availability(Availability),
    /// Its labels.
    Labels {
        /// Those that are set.
        set: BTreeMap<String, String>,
        /// Those that are taken away.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        gone: BTreeSet<String>,
    },
}

/// What becomes of nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NodeSteps {
    pub(super) steps: Vec<Step>,
    pub(super) refused: Option<Conflict>,
}

/// The steps for all nodes that are wanted and there.
pub(super) fn changes(wanted: &Wanted, observed: &Observed) -> NodeSteps {
    let Some(state) = observed.clusters.get(&Technology::Swarm) else { return NodeSteps::default() };
    let known = wanted.nodes.iter().filter_map(|node| Some((node, state.node(node.name.as_str())?)));
    let known: Vec<(&Node, &ClusterNode)> = known.collect();
    let own = known.iter().find(|(node, now)| now.is_here && node.role == NodeRole::Worker);
    if let Some((node, _)) = own {
        let refused = Some(Conflict::OwnDemotion { container: node.name.to_string() });
        return NodeSteps { refused, ..NodeSteps::default() };
    }
    let mut steps: Vec<(u8, Step)> = known.into_iter().flat_map(|(node, now)| of_node(node, now)).collect();
    steps.sort_by_key(|(order, _)| *order);
    NodeSteps { steps: steps.into_iter().map(|(_, step)| step).collect(), refused: None }
}

/// Whether steps for nodes may have copies go elsewhere.
pub(super) fn moves_copies(wanted: &Wanted, observed: &Observed) -> bool {
    changes(wanted, observed).steps.iter().any(|step| match &step.action {
        Action::ChangeNode { change, .. } => change.moves_copies(),
        _ => false,
    })
}

/// What differs between a node as it is to be and as it is.
pub fn node_changes(node: &Node, now: &ClusterNode) -> Vec<NodeChange> {
    let mut changes = Vec::new();
    if node.role != now.role {
        changes.push(NodeChange::Role(node.role));
    }
    let wanted = node.labels.all();
    let set: BTreeMap<String, String> = wanted
        .iter()
        .filter(|(key, value)| now.labels.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let is_gone = |key: &&String| !wanted.contains_key(*key) && now.labels.contains_key(*key);
    let gone: BTreeSet<String> = now.made.iter().filter(is_gone).cloned().collect();
    if !set.is_empty() || !gone.is_empty() {
        changes.push(NodeChange::Labels { set, gone });
    }
    if node.availability != now.availability {
        changes.push(NodeChange::Availability(node.availability));
    }
    changes
}

/// The steps for one node, each with its place among those of all.
fn of_node(node: &Node, now: &ClusterNode) -> Vec<(u8, Step)> {
    let step = |change: NodeChange| {
        let order = match &change {
            NodeChange::Role(NodeRole::Manager) => 0,
            NodeChange::Labels { .. } => 1,
            NodeChange::Availability(Availability::Active) => 2,
            NodeChange::Availability(_) => 3,
            NodeChange::Role(NodeRole::Worker) => 4,
        };
        let reason = change.reason(now);
        (order, Step::new(Action::ChangeNode { node: node.name.to_string(), change }, reason))
    };
    node_changes(node, now).into_iter().map(step).collect()
}

impl NodeChange {
    /// What is done to `node`, in words.
    pub fn phrase(&self, node: &str) -> Phrase {
        match self {
            Self::Role(NodeRole::Manager) => {
                phrase!("step-node-manager", "make {node} a manager of the swarm", node = node)
            }
            Self::Role(NodeRole::Worker) => {
                phrase!("step-node-worker", "make {node} a worker of the swarm", node = node)
            }
            Self::Availability(Availability::Active) => {
                phrase!("step-node-active", "have {node} take work", node = node)
            }
            Self::Availability(Availability::Pause) => {
                phrase!("step-node-pause", "have {node} take no new work", node = node)
            }
            Self::Availability(Availability::Drain) => {
                phrase!("step-node-drain", "drain {node}", node = node)
            }
            Self::Labels { .. } => {
                phrase!("step-node-label", "label {node}: {labels}", node = node, labels = self.labels())
            }
        }
    }

    /// Labels as `galerne cluster label` takes them.
    fn labels(&self) -> String {
        let Self::Labels { set, gone } = self else { return String::new() };
        let set = set.iter().map(|(key, value)| format!("{key}={value}"));
        set.chain(gone.iter().map(|key| format!("{key}-"))).collect::<Vec<_>>().join(" ")
    }

    fn reason(&self, now: &ClusterNode) -> Phrase {
        match self {
            Self::Role(_) => phrase!("because-node-was", "it is {now}", now = now.role.word()),
            Self::Availability(_) => {
                phrase!("because-node-was", "it is {now}", now = now.availability.word())
            }
            Self::Labels { .. } => phrase!("because-node-labels", "its labels are others"),
        }
    }

    /// Whether copies may go elsewhere.
    pub(super) fn moves_copies(&self) -> bool {
        !matches!(self, Self::Role(_) | Self::Availability(Availability::Active | Availability::Pause))
    }
}

impl ClusterState {
    /// The node `name`; of several, as a machine that left and came back leaves, one that is up.
    pub fn node(&self, name: &str) -> Option<&ClusterNode> {
        let named = || self.nodes.iter().filter(|node| node.name == name);
        named().find(|node| node.is_up()).or_else(|| named().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::plan;

    fn now(name: &str, role: NodeRole) -> ClusterNode {
        ClusterNode { name: name.to_owned(), role, state: "ready".to_owned(), ..ClusterNode::default() }
    }

    fn node(name: &str, role: NodeRole) -> Node {
        Node {
            name: name.to_owned().try_into().unwrap(),
            address: None,
            role,
            availability: Availability::Active,
            labels: crate::nodes::Labels::default(),
        }
    }

    fn told(wanted: Vec<Node>, nodes: Vec<ClusterNode>) -> String {
        let wanted = Wanted { nodes: wanted, ..Wanted::default() };
        let state = ClusterState { nodes, ..ClusterState::default() };
        let observed = Observed { clusters: [(Technology::Swarm, state)].into(), ..Observed::default() };
        plan(&wanted, &observed).to_string()
    }

    #[test]
    fn a_node_that_stands_as_it_should_is_left_alone_and_so_is_a_stranger() {
        let nodes = vec![now("a", NodeRole::Manager), now("b", NodeRole::Worker)];
        assert_eq!(told(vec![node("a", NodeRole::Manager)], nodes), "nothing to do\n");
        assert_eq!(told(vec![node("c", NodeRole::Manager)], vec![]), "nothing to do\n");
    }

    #[test]
    fn managers_come_before_others_and_go_after_them() {
        let nodes =
            vec![now("a", NodeRole::Manager), now("b", NodeRole::Worker), now("c", NodeRole::Manager)];
        let mut drained = node("b", NodeRole::Manager);
        drained.availability = Availability::Drain;
        let wanted = vec![node("c", NodeRole::Worker), node("a", NodeRole::Manager), drained];
        assert_eq!(
            told(wanted, nodes),
            "  1. make b a manager of the swarm (it is worker)\n  2. drain b (it is active)\n  3. make c a worker of the swarm (it is manager)\n"
        );
    }

    #[test]
    fn only_labels_that_galerne_set_are_taken_away() {
        let mut one = now("a", NodeRole::Manager);
        one.labels =
            [("rack", "3"), ("ssd", "false"), ("old", "1")].map(|(k, v)| (k.into(), v.into())).into();
        one.made = ["old".to_owned(), "lost".to_owned()].into();
        let mut wanted = node("a", NodeRole::Manager);
        wanted.labels = crate::nodes::Labels::read("ssd=true").unwrap();
        assert_eq!(told(vec![wanted], vec![one]), "  1. label a: ssd=true old- (its labels are others)\n");
    }

    #[test]
    fn this_server_does_not_give_its_own_role_away() {
        let here = ClusterNode { is_here: true, ..now("a", NodeRole::Manager) };
        let others = vec![here, now("b", NodeRole::Worker)];
        let said = told(vec![node("a", NodeRole::Worker), node("b", NodeRole::Manager)], others);
        assert!(said.contains("`a` is this server") && !said.contains("1."), "{said}");
    }

    #[test]
    fn of_two_nodes_of_one_name_the_one_that_is_up_counts() {
        let mut gone = now("a", NodeRole::Worker);
        gone.state = "down".to_owned();
        let state =
            ClusterState { nodes: vec![gone, now("a", NodeRole::Manager)], ..ClusterState::default() };
        assert_eq!(state.node("a").map(|node| node.role), Some(NodeRole::Manager));
    }
}
