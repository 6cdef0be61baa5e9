//! What every answer tells beside what was asked: the epoch of the store, and the server's clock.

use std::sync::{Mutex, PoisonError};

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

use super::Client;
use crate::domain::epoch::Epoch;
use crate::wire::format;

/// `Date` tells whole seconds: what it leaves out is half a second in the middle.
const HALF_A_SECOND: SignedDuration = SignedDuration::from_millis(500);

/// The last word on each; shared by all clones of a client.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Told>);

#[derive(Debug, Clone, Copy, Default)]
struct Told {
    epoch: Option<Epoch>,
    behind: Option<SignedDuration>,
    place: i64,
}

impl Client {
    /// The epoch of the store, by the last answer. Another one than before means that the store was put back from a
    /// backup, and what was accepted since then has to be sent again.
    pub fn epoch(&self) -> Option<Epoch> {
        self.told().epoch
    }

    /// By how much the server's clock is ahead of this machine's, by the last answer; right to about half a second and
    /// half the time that the answer took.
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        self.told().behind
    }

    /// The greatest place in the feed that was heard of; lists that are asked for with it miss nothing this client knows.
    pub(super) fn place(&self) -> i64 {
        self.told().place
    }

    /// Takes in the place of a change that the live stream told.
    pub(super) fn hear_change(&self, place: &str) {
        if let Ok(place) = place.parse::<i64>() {
            let mut told = self.heard.0.lock().unwrap_or_else(PoisonError::into_inner);
            told.place = told.place.max(place.saturating_add(1));
        }
    }

    fn told(&self) -> Told {
        *self.heard.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in the head of an answer of ours to a request that was sent at `sent`.
    pub(super) fn hear(&self, headers: &HeaderMap, sent: Timestamp) {
        let arrived = self.clock.now();
        let epoch = headers.get(format::EPOCH).and_then(|epoch| epoch.to_str().ok()?.parse().ok());
        let behind = date(headers).map(|date| {
            let middle = arrived.duration_since(sent) / 2;
            date.duration_since(arrived).saturating_add(middle).saturating_add(HALF_A_SECOND)
        });
        let place = headers.get(format::PLACE).and_then(|place| place.to_str().ok()?.parse().ok());
        let mut told = self.heard.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.place = told.place.max(place.unwrap_or_default());
        told.epoch = epoch.or(told.epoch);
        told.behind = behind.or(told.behind);
    }
}

/// The server's clock, to the second, where it tells it.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(DATE)?.to_str().ok()?;
    Some(rfc2822::parse(date).ok()?.timestamp())
}
