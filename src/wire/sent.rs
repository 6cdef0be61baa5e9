//! What a desk knew of the time when it sent a case or an act.
//!
//! It is no part of what is sent: the same case sent again a day later, after a restart, carries other values and is the
//! same case.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::domain::id::DeskId;
use crate::domain::receipt::DeskClock;

/// `sent` of a filing or an act. Everything in it may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SentBody {
    /// The installation of the desk: its station stands for it whoever is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Uuid))]
    pub desk: Option<DeskId>,
    /// By how many milliseconds the server's clock was ahead of the desk's, as the desk saw it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset_ms: Option<i64>,
    /// How many seconds ago the caller was heard or the act was asked for, by a clock that nobody sets; absent once
    /// the machine was started anew since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
}

impl SentBody {
    /// Its two readings of the desk's clocks.
    pub fn clock(&self) -> DeskClock {
        let seconds = |age| SignedDuration::from_secs(i64::try_from(age).unwrap_or(i64::MAX));
        DeskClock {
            behind: self.clock_offset_ms.map(SignedDuration::from_millis),
            age: self.age_seconds.map(seconds),
        }
    }
}
