//! The time that a thread has been on a processor: what it takes of a machine that others use too.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// A beginning.
pub(crate) struct OnProcessor(Duration);

impl OnProcessor {
    /// From now on.
    pub(crate) fn begin() -> Self {
        Self(now())
    }

    /// How long this thread has run since.
    pub(crate) fn elapsed(&self) -> Duration {
        now().saturating_sub(self.0)
    }
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
