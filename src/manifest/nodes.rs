//! Which nodes take copies: conditions, spreading, how many of them one node has.

use serde_json::{Value, json};

use super::App;
use crate::run_spec::{Mode, NodeCondition, node_label};

/// What names a node.
const HOST: &str = "kubernetes.io/hostname";

impl App<'_> {
    /// What a pod says of nodes.
    pub(super) fn placement(&self, pod: &mut Value) {
        let mut affinity = json!({});
        let conditions: Vec<Value> = self
            .cluster
            .constraints
            .iter()
            .filter_map(|text| NodeCondition::parse(text))
            .map(|condition| match condition.values.as_slice() {
                [] => json!({"key": condition.label, "operator": condition.operator}),
                values => json!({"key": condition.label, "operator": condition.operator, "values": values}),
            })
            .collect();
        if !conditions.is_empty() {
            affinity["nodeAffinity"] = json!({
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [{"matchExpressions": conditions}],
                },
            });
        }
        let spreads = self.cluster.mode != Mode::Global;
        if spreads && self.cluster.most_per_node.is_some() {
            affinity["podAntiAffinity"] = json!({
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"labelSelector": {"matchLabels": self.selector()}, "topologyKey": HOST},
                ],
            });
        }
        if affinity.as_object().is_some_and(|affinity| !affinity.is_empty()) {
            pod["affinity"] = affinity;
        }
        // For one copy too: more of them are no other release.
        if spreads {
            pod["topologySpreadConstraints"] = json!(self.spread());
        }
    }

    /// Over the values of the property that is named, then over nodes, as far as that can be.
    fn spread(&self) -> Vec<Value> {
        let named = self.cluster.spread.as_deref().and_then(node_label);
        let named = named.filter(|label| label != HOST);
        let labels = named.into_iter().chain([HOST.to_owned()]);
        let constraint = |label: String| {
            json!({
                "maxSkew": 1,
                "topologyKey": label,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": self.selector()},
            })
        };
        labels.map(constraint).collect()
    }
}
