//! The calls of the last day, of which hot topics are made.
//!
//! Bounded: the newest few thousand calls of the window. What was read stays with whoever asks, so that the next question
//! reads nothing where nothing has happened since, and else the keys and versions, and of the cases only what is new or
//! has changed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::tx::statements;
use super::{StoreError, Tx, cases, feed};
use crate::domain::topic::{Call, WINDOW};

/// The most calls that are looked at.
const MOST: u32 = 3000;

statements! {
    /// By primary key, backwards: keys are in the order of receipt.
    RECENT = "SELECT key, version FROM case_file WHERE key >= $1 ORDER BY key DESC LIMIT $2";
}

/// The calls of the window, as they were read last.
#[derive(Default)]
pub struct RecentCalls {
    /// By key: the version, and the call, if it is one.
    calls: BTreeMap<i64, (i64, Option<Call>)>,
    /// The last place of the feed when they were read.
    place: Option<i64>,
}

impl RecentCalls {
    /// Brings them up to `now`. Long work where little was read before: run it by `Store::read_slow`.
    pub fn read(&mut self, tx: &mut dyn Tx, now: Timestamp) -> Result<(), StoreError> {
        let since = now.as_millisecond().saturating_sub(WINDOW.as_millis().try_into().unwrap_or(i64::MAX));
        let place = feed::last(tx)?;
        if self.place == Some(place) {
            self.calls = self.calls.split_off(&since);
            return Ok(());
        }
        let rows = tx.rows(RECENT, &[since.into(), MOST.into()])?;
        self.place = None;
        let mut before = std::mem::take(&mut self.calls);
        for row in &rows {
            let (key, version) = (row.int(0)?, row.int(1)?);
            let known = before.remove(&key).filter(|(known, _)| *known == version);
            let call = match known {
                Some((_, call)) => call,
                None => cases::find_by_key(tx, key)?.and_then(|(case, _)| Call::of(&case)),
            };
            self.calls.insert(key, (version, call));
        }
        self.place = Some(place);
        Ok(())
    }

    /// The calls, the oldest first.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values().filter_map(|(_, call)| call.as_ref())
    }
}
