//! The demo image of `fixtures/demo`, in the variations that a reconfiguration has to cope with.

/// How a demo container behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demo {
    /// Serves its page at once.
    Serves,
    /// Ends at once, with an error.
    EndsAtOnce,
    /// Runs and never listens.
    NeverListens,
    /// Listens after so many seconds.
    ServesAfter(u32),
}

impl Demo {
    /// The word for it that `fixtures/demo/start` knows.
    pub(super) fn behaviour(self) -> String {
        match self {
            Self::Serves => "serve".to_owned(),
            Self::EndsAtOnce => "exit".to_owned(),
            Self::NeverListens => "deaf".to_owned(),
            Self::ServesAfter(seconds) => format!("slow:{seconds}"),
        }
    }
}
