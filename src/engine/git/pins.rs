//! Which commits branches and tags are, asked of their repositories once in a while.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Keeping, repository};
use crate::run_spec::Source;

/// How long an answer is good for: who watches must not ask a repository every two seconds.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// The last answers.
#[derive(Debug, Default)]
pub(in crate::engine) struct Pins {
    known: Mutex<BTreeMap<Source, (Instant, Source)>>,
}

impl Pins {
    /// `source` with the commit that it stands for; as it is where that cannot be known now: fetching it says why.
    pub(in crate::engine) async fn of(&self, source: &Source, keeping: &Keeping) -> Source {
        if source.git.is_none() {
            return source.clone();
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(source).cloned();
        if let Some((_, pinned)) = known.filter(|(since, _)| since.elapsed() < GOOD_FOR) {
            return pinned;
        }
        let pinned = repository::pinned(source, keeping).await.unwrap_or_else(|_| source.clone());
        let answer = (Instant::now(), pinned.clone());
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone(), answer);
        pinned
    }
}
