//! The live stream: `GET /v1/events`, server-sent events.
//!
//! Each message's `id` is its place in the stream; `Last-Event-ID` resumes behind it. The event `case`
//! carries a [`CaseChange`]; the event `reload` says that something was missed and lists must be read anew. The event
//! `presence` has no id, for it is not told again: it carries a [`PresenceChange`](super::presence::PresenceChange).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::account::AccountName;
use crate::domain::code::State;
use crate::domain::id::CaseId;

/// A case has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaseChange {
    /// Which case.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub case: CaseId,
    /// Its version now.
    pub version: u32,
    /// Its state now.
    pub state: State,
    /// What happened: `event.code` in the locales.
    pub event: String,
    /// Who did it.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub by: AccountName,
    /// When.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
