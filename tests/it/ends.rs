//! The end of what another thread does until it is told.

use std::sync::atomic::{AtomicBool, Ordering};

/// Says that all is done when it goes, also where a test fails: else the other thread would never end.
pub(crate) struct Ends<'a>(pub(crate) &'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
