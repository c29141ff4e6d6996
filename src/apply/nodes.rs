//! Carrying out what changes the nodes of a cluster, one after the other.

use super::ApplyError;
use super::chain::Work;
use super::event::{Effect, Stage};
use crate::plan::{Action, Plan};
use crate::run_spec::Technology;

/// Does the steps for nodes; the first that fails ends the run, as what is deployed next may count on it.
pub(super) async fn change(plan: &Plan, work: &Work<'_>) -> Result<(), ApplyError> {
    let Some(cluster) = work.machine.cluster(Technology::Swarm).filter(|_| !plan.nodes.is_empty()) else {
        return Ok(());
    };
    work.reporter.stage(Stage::Nodes);
    for step in &plan.nodes {
        let Action::ChangeNode { node, change } = &step.action else { continue };
        let done = async { Ok(cluster.change_node(node, change).await?) };
        work.reporter.effect_of(Effect::Do(step.action.clone()), done).await?;
    }
    Ok(())
}
