//! `follow`: the web server is told of the copies that a cluster moved by itself.

use clap::Args;
use serde_json::json;

use super::{Session, Status};
use crate::apply::{self, Machine};
use crate::phrase;

/// Tell the web server of the copies that a cluster moved by itself
///
/// A node was drained, or lost: the copies of an application are elsewhere. Only addresses change, and no configuration is read. While
/// a run of `reconfigure` is under way, which does this too, nothing is done. The unit galerne-follow.timer calls it every fifteen seconds.
#[derive(Debug, Args)]
#[command(after_help = "Example: galerne follow")]
pub(super) struct Follow {}

impl Follow {
    /// Runs the command.
    pub(super) fn run(session: &mut Session<'_>) -> Status {
        let machine = Machine::new(session.options.root());
        let followed = match session.wait(apply::follow(&machine)) {
            Some(Ok(followed)) => followed,
            Some(Err(findings)) => {
                session.findings.append(findings);
                return Status::ApplyFailed;
            }
            None => return Status::ApplyFailed,
        };
        let written = if session.is_json() {
            session.json(&json!({ "followed": followed }))
        } else if followed.is_empty() {
            session.say(&phrase!("nothing-to-do", "nothing to do"))
        } else {
            followed.iter().try_for_each(|name| {
                session.say(&phrase!(
                    "followed",
                    "requests go to the copies of {container} where they are now",
                    container = name
                ))
            })
        };
        session.end(written)
    }
}
