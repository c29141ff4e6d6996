//! What is told while a plan is carried out: before and after each single effect.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use super::{ApplyError, Summary};
use crate::engine::Layer;
use crate::phrase;
use crate::plan::{Action, Plan, image};
use crate::run_spec::{ContainerName, Source};
use crate::words::Phrase;

/// The stages of a run, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// What an interrupted run left is put right.
    Repair,
    /// The scripts of packages that run before files are generated.
    Prepare,
    /// What is there is looked at.
    Observe,
    /// Nodes of the cluster are changed.
    Nodes,
    /// Images are fetched, while all that serves goes on serving.
    Fetch,
    /// Containers are changed.
    Change,
    /// Files are written, and nginx reads them.
    Files,
    /// What was replaced is removed.
    Clean,
}

/// One single effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// One of the plan's.
    Do(Action),
    /// One that takes back what was done.
    Undo(Action),
    /// The journal says which files are about to change.
    OpenJournal,
    /// The next content of a file is written beside it.
    Stage(PathBuf),
    /// A script of a package runs.
    Hook(PathBuf),
    /// A command judges the next content of a file.
    Validate(PathBuf),
    /// The content of a file is kept beside it.
    Keep(PathBuf),
    /// A file is put back as it was.
    PutBack(PathBuf),
    /// The journal says that the files have changed.
    CloseJournal,
    /// What was kept or staged beside a file is removed.
    Forget(PathBuf),
    /// The journal is removed.
    RemoveJournal,
}

impl Effect {
    /// Whether it only makes sure that the others can be taken back.
    pub fn is_bookkeeping(&self) -> bool {
        match self {
            Self::Do(_) | Self::Undo(_) | Self::PutBack(_) | Self::Hook(_) => false,
            Self::OpenJournal
            | Self::Stage(_)
            | Self::Validate(_)
            | Self::Keep(_)
            | Self::CloseJournal
            | Self::Forget(_)
            | Self::RemoveJournal => true,
        }
    }
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A stage begins.
    Stage {
        /// Which.
        stage: Stage,
    },
    /// The plan is made.
    Planned {
        /// The plan.
        plan: Plan,
    },
    /// An effect is about to happen.
    Started {
        /// Its number in this run, from 1.
        sequence: u64,
        /// What it is.
        effect: Effect,
    },
    /// An effect has happened.
    Finished {
        /// Its number.
        sequence: u64,
        /// What it was.
        effect: Effect,
    },
    /// An effect has not happened.
    Failed {
        /// Its number.
        sequence: u64,
        /// What it was.
        effect: Effect,
        /// The code of the error.
        code: String,
        /// The error.
        message: String,
    },
    /// A layer of an image was fetched further.
    Progress {
        /// The image with its tag.
        image: String,
        /// The layer.
        layer: Layer,
    },
    /// A service on a cluster is on its way.
    Rollout {
        /// Which.
        container: ContainerName,
        /// How far it is.
        #[serde(with = "crate::words::english")]
        words: Phrase,
    },
    /// The run has ended.
    Ended {
        /// What it did.
        summary: Summary,
    },
}

/// Who is told.
pub trait Sink: Send + Sync {
    /// Takes an event. It may be called from several containers' chains in turn.
    fn event(&self, event: &Event);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Sink for Silent {
    fn event(&self, _event: &Event) {}
}

/// Numbers the effects of a run and tells of them.
pub(super) struct Reporter<'a> {
    sink: &'a dyn Sink,
    last: AtomicU64,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, last: AtomicU64::new(0) }
    }

    pub(super) fn tell(&self, event: &Event) {
        self.sink.event(event);
    }

    pub(super) fn stage(&self, stage: Stage) {
        self.tell(&Event::Stage { stage });
    }

    pub(super) fn progress(&self, source: &Source, layer: Layer) {
        self.tell(&Event::Progress { image: image(source), layer });
    }

    /// How many effects there were.
    pub(super) fn count(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Tells of an effect that happens at once.
    pub(super) fn effect<T>(
        &self,
        effect: Effect,
        act: impl FnOnce() -> Result<T, ApplyError>,
    ) -> Result<T, ApplyError> {
        let sequence = self.start(&effect);
        self.end(sequence, effect, act())
    }

    /// Tells of an effect that takes its time.
    pub(super) async fn effect_of<T>(
        &self,
        effect: Effect,
        act: impl Future<Output = Result<T, ApplyError>>,
    ) -> Result<T, ApplyError> {
        let sequence = self.start(&effect);
        self.end(sequence, effect, act.await)
    }

    fn start(&self, effect: &Effect) -> u64 {
        let sequence = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.tell(&Event::Started { sequence, effect: effect.clone() });
        sequence
    }

    fn end<T>(&self, sequence: u64, effect: Effect, result: Result<T, ApplyError>) -> Result<T, ApplyError> {
        self.tell(&match &result {
            Ok(_) => Event::Finished { sequence, effect },
            Err(error) => Event::Failed {
                sequence,
                effect,
                code: error.code().map(|code| code.to_string()).unwrap_or_default(),
                message: error.to_string(),
            },
        });
        result
    }
}

impl Effect {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        let shown = |path: &PathBuf| path.display().to_string();
        match self {
            Self::Do(action) => action.phrase(),
            Self::Undo(action) => phrase!("effect-undo", "take back: {action}", action = action.phrase()),
            Self::OpenJournal => phrase!("effect-open-journal", "open the journal"),
            Self::Stage(path) => phrase!("effect-stage", "prepare {path}", path = shown(path)),
            Self::Hook(path) => phrase!("effect-hook", "run {path}", path = shown(path)),
            Self::Validate(path) => {
                phrase!("effect-validate", "have the new {path} checked", path = shown(path))
            }
            Self::Keep(path) => phrase!("effect-keep", "keep {path} as it is", path = shown(path)),
            Self::PutBack(path) => phrase!("effect-put-back", "put {path} back", path = shown(path)),
            Self::CloseJournal => phrase!("effect-close-journal", "close the journal"),
            Self::Forget(path) => phrase!("effect-forget", "forget what {path} was", path = shown(path)),
            Self::RemoveJournal => phrase!("effect-remove-journal", "remove the journal"),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}
