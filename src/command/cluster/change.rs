//! `cluster drain` and `cluster label`: a node changed in the saved values and in the swarm alike.

use std::collections::BTreeMap;

use clap::Args;

use super::super::load::Goal;
use super::super::set::{self, Assignment};
use super::super::{CommandError, Session, Status, apply};
use super::observed;
use crate::apply::Machine;
use crate::diagnostic::meant;
use crate::nodes::{
    ADDRESS, AVAILABILITY, Address, Availability, LABELS, Labels, NAME, Node, NodeName, ROLE, is_label_name,
};
use crate::phrase;
use crate::plan::{Action, ClusterNode, ClusterState, Plan, Step, node_changes};

/// Have what a node runs go to the others, and give it nothing new
///
/// It is saved in `cluster_noeud_disponibilite` and done at once; a node that the configuration does not name yet is written into it as it stands.
/// nginx learns where the copies went.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne cluster drain srv2")]
pub(super) struct Drain {
    /// The node
    #[arg(value_name = "NODE")]
    node: String,
    /// Have it take work again
    #[arg(long)]
    undo: bool,
    /// Show the steps, and take none
    #[arg(long = "dry-run")]
    preview: bool,
}

/// Give a node labels, or take them away
///
/// They are saved in `cluster_noeud_etiquettes` and set at once; a node that the configuration does not name yet is written into it as it stands.
/// `conteneurX_contrainte` and `conteneurX_repartition` choose nodes by them: node.labels.ssd == true.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne cluster label srv2 ssd=true region-")]
pub(super) struct Label {
    /// The node
    #[arg(value_name = "NODE")]
    node: String,
    /// What to set, or KEY- to take one away
    #[arg(value_name = "KEY=VALUE", required = true)]
    labels: Vec<String>,
    /// Show the steps, and take none
    #[arg(long = "dry-run")]
    preview: bool,
}

impl Drain {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let availability = if self.undo { Availability::Active } else { Availability::Drain };
        change(&self.node, self.preview, |node| node.availability = availability, session)
    }
}

impl Label {
    /// Runs the command.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Status {
        let mut gone = Vec::new();
        let mut set = Labels::default();
        for text in &self.labels {
            let name = text.strip_suffix('-').filter(|name| is_label_name(name));
            match (name, Labels::read(text)) {
                (Some(name), _) => gone.push(name.to_owned()),
                (None, Ok(label)) if !label.is_empty() => set = set.changed(&label, &[]),
                _ => session.findings.add(CommandError::NoLabel { text: text.clone() }),
            }
        }
        if session.findings.has_errors() {
            return Status::Misused;
        }
        change(&self.node, self.preview, |node| node.labels = node.labels.changed(&set, &gone), session)
    }
}

/// Changes the node `name` as `edit` says: in the saved values, then in the swarm.
fn change(name: &str, preview: bool, edit: impl Fn(&mut Node), session: &mut Session<'_>) -> Status {
    let Some(goal) = session.goal() else { return Status::Refused };
    let state = match observed(session) {
        Ok(state) => state,
        Err(status) => return status,
    };
    let before = goal.wanted.nodes.clone();
    let mut after = known(&before, &state, name);
    let Some(node) = after.iter_mut().find(|node| node.name.as_str() == name) else {
        let names = before.iter().map(|node| node.name.as_str());
        let names: Vec<&str> = names.chain(state.nodes.iter().map(|node| node.name.as_str())).collect();
        let help = meant(name, names)
            .unwrap_or_else(|| phrase!("list-nodes", "list them with: galerne cluster status"));
        return session.refuse(CommandError::UnknownNode { name: name.to_owned(), help });
    };
    edit(node);
    let node = node.clone();
    if preview {
        return apply::show_plan(&steps(&node, &state), session);
    }
    let assignments = assignments(&before, &after);
    let saved = match set::save(|_, _| Some(assignments), session) {
        Ok(saved) => saved,
        Err(status) => return status,
    };
    let mut goal = goal;
    goal.wanted.nodes = after;
    reach(&goal, &node, saved, &state, session)
}

fn reach(goal: &Goal, node: &Node, saved: bool, state: &ClusterState, session: &mut Session<'_>) -> Status {
    let name = node.name.as_str();
    let is_there = state.node(name).is_some();
    let only_files = session.options.root.is_some();
    if is_there && !only_files {
        let machine = Machine::new(session.options.root()).scoped(session.scope());
        match apply::reach_node(&machine, goal, name, session) {
            Ok(summary) if !summary.is_nothing() || session.is_json() => return session.end(Ok(())),
            Ok(_) => {}
            Err(status) => return status,
        }
    }
    let said = match (saved, is_there) {
        (true, false) => {
            phrase!("saved-node-absent", "saved; {name} is not part of the swarm yet", name = name)
        }
        (true, true) if only_files => phrase!("saved-not-applied", "saved; galerne reconfigure applies it"),
        (true, true) => phrase!("saved-and-so", "saved; the swarm has it so already"),
        (false, _) => phrase!("nothing-to-do", "nothing to do"),
    };
    let written = match (session.is_json(), session.options.quiet) {
        (true, _) => session.json(&serde_json::json!({ "saved": saved, "joined": is_there })),
        (false, true) => Ok(()),
        (false, false) => session.say(&said),
    };
    session.end(written)
}

/// The nodes of the configuration, and the node `name` of the swarm as it stands if they lack it. Where nobody is configured, all
/// nodes of the swarm are: one alone would be a cluster without a manager.
fn known(nodes: &[Node], state: &ClusterState, name: &str) -> Vec<Node> {
    let lacks = |now: &&ClusterNode| !nodes.iter().any(|node| node.name.as_str() == now.name);
    let is_known = nodes.iter().any(|node| node.name.as_str() == name) || state.node(name).is_none();
    let mut more: Vec<&ClusterNode> = state.nodes.iter().filter(lacks).collect();
    more.retain(|now| !is_known && (nodes.is_empty() || now.name == name));
    more.retain(|now| state.node(&now.name).is_some_and(|first| first.id == now.id));
    more.sort_by(|one, other| one.name.cmp(&other.name));
    nodes.iter().cloned().chain(more.into_iter().filter_map(as_it_stands)).collect()
}

fn as_it_stands(now: &ClusterNode) -> Option<Node> {
    Some(Node {
        name: NodeName::try_from(now.name.clone()).ok()?,
        address: now.address.and_then(|address| Address::try_from(address.to_string()).ok()),
        role: now.role,
        availability: now.availability,
        labels: made(now),
    })
}

/// The labels of a node that galerne set; what others set stays theirs.
fn made(now: &ClusterNode) -> Labels {
    let made = now.labels.iter().filter(|(key, _)| now.made.contains(*key));
    let made: BTreeMap<String, String> = made.map(|(key, value)| (key.clone(), value.clone())).collect();
    Labels::try_from(made).unwrap_or_default()
}

/// What makes the values that say `before` say `after`, which has the same nodes and perhaps more.
fn assignments(before: &[Node], after: &[Node]) -> Vec<Assignment> {
    let mut all = Vec::new();
    for (index, node) in after.iter().enumerate() {
        let old = before.get(index);
        let item = |name: &str, value: String| Assignment::Item { name: name.to_owned(), index, value };
        if old.is_none() {
            all.push(Assignment::More { name: NAME.to_owned(), value: node.name.to_string() });
            all.extend(node.address.as_ref().map(|address| item(ADDRESS, address.to_string())));
        }
        if old.is_none_or(|old| old.role != node.role) {
            all.push(item(ROLE, node.role.to_string()));
        }
        if old.map_or(!node.labels.is_empty(), |old| old.labels != node.labels) {
            all.push(item(LABELS, node.labels.to_string()));
        }
        if old.is_none_or(|old| old.availability != node.availability) {
            all.push(item(AVAILABILITY, node.availability.to_string()));
        }
    }
    all
}

/// The steps for one node alone.
fn steps(node: &Node, state: &ClusterState) -> Plan {
    let changes = state.node(node.name.as_str()).map(|now| node_changes(node, now)).unwrap_or_default();
    let step = |change| {
        let reason = phrase!("because-asked", "it is asked for");
        Step::new(Action::ChangeNode { node: node.name.to_string(), change }, reason)
    };
    Plan { nodes: changes.into_iter().map(step).collect(), ..Plan::default() }
}
