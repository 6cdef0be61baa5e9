//! The only reader of time. Everything else is handed a [`Clock`] or an instant.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where the time comes from: the system, or a hand that a test turns.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

/// How long this machine has been up, its sleep counted: a clock that nobody sets. Linux tells it, others may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uptime {
    /// Another one after each start of the machine.
    pub boot: u64,
    /// Since then.
    pub seconds: u64,
}

impl Uptime {
    /// The seconds from `earlier` to this; none if the machine was started anew in between.
    pub fn since(self, earlier: Self) -> Option<u64> {
        (self.boot == earlier.boot).then(|| self.seconds.saturating_sub(earlier.seconds))
    }

    /// What it was `seconds` before; not before the start.
    #[must_use]
    pub fn before(self, seconds: u64) -> Self {
        Self { seconds: self.seconds.saturating_sub(seconds), ..self }
    }

    fn of_this_machine() -> Option<Self> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let boot = boot.trim().get(..8).and_then(|digits| u64::from_str_radix(digits, 16).ok())?;
        let up = fs::read_to_string("/proc/uptime").ok()?;
        let seconds = up.split('.').next()?.parse().ok()?;
        Some(Self { boot, seconds })
    }
}

impl Clock {
    /// A clock that stands still at `start` until [`Clock::advance`] moves it.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.as_millisecond()))))
    }

    /// The time, in whole milliseconds: no store or wire keeps more.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place")]
            Source::System => {
                let now = Timestamp::now();
                Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
            }
            Source::Manual(at) => {
                Timestamp::from_millisecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// How long the machine has been up, where that is told.
    pub fn uptime(&self) -> Option<Uptime> {
        match &self.0 {
            Source::System => Uptime::of_this_machine(),
            Source::Manual(at) => {
                let seconds = u64::try_from(at.load(Ordering::SeqCst) / 1000).ok()?;
                Some(Uptime { boot: 1, seconds })
            }
        }
    }

    /// Moves a manual clock; the system's clock is nobody's to move.
    pub fn advance(&self, by: std::time::Duration) {
        if let Source::Manual(at) = &self.0 {
            at.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}
