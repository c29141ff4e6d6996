//! `cluster status`: the nodes as they are, against how they are to stand.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::super::{Session, Status};
use super::observed;
use crate::nodes::{Availability, Node, NodeRole, Nodes};
use crate::phrase;
use crate::plan::{ClusterNode, ClusterState, NodeChange, node_changes};
use crate::words::{Phrase, Words};

/// Show the nodes of the swarm, and what differs from how they are to stand
///
/// Exits with 1 if a node is not up, has not joined yet, or stands otherwise than the configuration says; a node that the configuration does
/// not name is shown, and left alone.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne cluster status")]
pub(super) struct NodeStatus {}

/// One node, as it is and as it is to be.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct NodeRow {
    name: String,
    role: NodeRole,
    /// The swarm's word; `absent` of one that has not joined.
    state: String,
    availability: Availability,
    address: Option<String>,
    labels: BTreeMap<String, String>,
    /// Whether it is this server.
    here: bool,
    /// Whether it leads the managers.
    leads: bool,
    /// The copies of galerne's applications that it runs, by their application.
    copies: BTreeMap<String, usize>,
    /// Whether the configuration names it.
    configured: bool,
    /// What `reconfigure` would change.
    differs: Vec<NodeChange>,
}

impl NodeStatus {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let Some((_, compiled)) = session.compiled() else { return Status::Refused };
        if compiled.wrong.has_errors() {
            session.findings.append(compiled.wrong);
            return Status::Refused;
        }
        let nodes = Nodes::of(&compiled.snapshot);
        let state = match observed(session) {
            Ok(state) => state,
            Err(status) => return status,
        };
        let rows = rows(&nodes, &state);
        let written =
            if session.is_json() { session.json(&json!({ "nodes": rows })) } else { show(&rows, session) };
        let is_well = rows.iter().all(|row| row.state == "ready" && row.differs.is_empty());
        match session.end(written) {
            Status::Done if !is_well => Status::Refused,
            ended => ended,
        }
    }
}

/// The nodes of the configuration in its order, then the others.
fn rows(nodes: &Nodes, state: &ClusterState) -> Vec<NodeRow> {
    let configured = nodes.all.iter().map(|node| match state.node(node.name.as_str()) {
        Some(now) => row(now, state, Some(node)),
        None => absent(node),
    });
    let known = |now: &&ClusterNode| {
        let node = nodes.find(&now.name);
        node.is_none() || state.node(&now.name).is_some_and(|first| first.id != now.id)
    };
    let others = state.nodes.iter().filter(known).map(|now| row(now, state, None));
    configured.chain(others).collect()
}

fn row(now: &ClusterNode, state: &ClusterState, node: Option<&Node>) -> NodeRow {
    let mut copies = BTreeMap::new();
    for service in &state.services {
        let here = service.tasks.iter().filter(|task| task.runs && task.node.as_deref() == Some(&now.name));
        let count = if now.is_up() { here.count() } else { 0 };
        if count > 0 {
            copies.insert(service.container.to_string(), count);
        }
    }
    NodeRow {
        name: now.name.clone(),
        role: now.role,
        state: now.state.clone(),
        availability: now.availability,
        address: now.address.map(|address: IpAddr| address.to_string()),
        labels: now.labels.clone(),
        here: now.is_here,
        leads: now.leads,
        copies,
        configured: node.is_some(),
        differs: node.map(|node| node_changes(node, now)).unwrap_or_default(),
    }
}

fn absent(node: &Node) -> NodeRow {
    NodeRow {
        name: node.name.to_string(),
        role: node.role,
        state: "absent".to_owned(),
        availability: node.availability,
        address: node.address.as_ref().map(ToString::to_string),
        labels: node.labels.all().clone(),
        here: false,
        leads: false,
        copies: BTreeMap::new(),
        configured: true,
        differs: Vec::new(),
    }
}

fn show(rows: &[NodeRow], session: &mut Session<'_>) -> io::Result<()> {
    let words = session.words;
    let cells: Vec<[String; 7]> = rows.iter().map(|row| cells(row, words)).collect();
    let heads = heads().map(|head| words.phrase(&head));
    let width = |column: usize| {
        cells.iter().chain([&heads]).map(|row| row[column].chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |row: &[String; 7]| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    session.line(&line(&heads))?;
    for (row, cells) in rows.iter().zip(&cells) {
        session.line(&line(cells))?;
        for change in &row.differs {
            let step = words.phrase(&change.phrase(&row.name));
            session.line(&format!("  ! {step}"))?;
        }
    }
    if rows.iter().any(|row| !row.differs.is_empty()) {
        session.say(&phrase!("reconfigure-does", "galerne reconfigure does what is marked with !"))?;
    }
    Ok(())
}

fn heads() -> [Phrase; 7] {
    [
        phrase!("head-name", "NAME"),
        phrase!("head-role", "ROLE"),
        phrase!("head-state", "STATE"),
        phrase!("head-availability", "AVAILABILITY"),
        phrase!("head-address", "ADDRESS"),
        phrase!("head-labels", "LABELS"),
        phrase!("head-copies", "COPIES"),
    ]
}

fn cells(row: &NodeRow, words: &Words) -> [String; 7] {
    let leads = if row.leads { "*" } else { "" };
    let name = if row.configured { row.name.clone() } else { format!("({})", row.name) };
    let state = match row.state.as_str() {
        "ready" => words.phrase(&phrase!("node-ready", "ready")),
        "down" => words.phrase(&phrase!("node-down", "down")),
        "absent" => words.phrase(&phrase!("node-absent", "not joined")),
        other => other.to_owned(),
    };
    let labels: Vec<String> = row.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let copies: Vec<String> = row.copies.iter().map(|(name, count)| format!("{name} {count}")).collect();
    [
        name,
        format!("{}{leads}", row.role),
        state,
        row.availability.to_string(),
        row.address.clone().unwrap_or_default(),
        labels.join(" "),
        copies.join(", "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_have_not_joined_and_strangers_are_rows_too() {
        let node = |name: &str| Node {
            name: name.to_owned().try_into().unwrap(),
            address: None,
            role: NodeRole::Manager,
            availability: Availability::Active,
            labels: crate::nodes::Labels::default(),
        };
        let now = |name: &str| ClusterNode {
            name: name.to_owned(),
            id: name.to_owned(),
            state: "ready".to_owned(),
            ..ClusterNode::default()
        };
        let state = ClusterState { nodes: vec![now("c"), now("a")], ..ClusterState::default() };
        let nodes = Nodes { all: vec![node("b"), node("a")], ..Nodes::default() };
        let rows = rows(&nodes, &state);
        let told: Vec<_> =
            rows.iter().map(|row| (row.name.as_str(), row.state.as_str(), row.differs.len())).collect();
        assert_eq!(told, [("b", "absent", 0), ("a", "ready", 1), ("c", "ready", 0)]);
    }
}
