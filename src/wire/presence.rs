//! Who has a case before them now: `/v1/cases/{id}/presence`, and the event `presence` of the live stream.

use serde::{Deserialize, Serialize};

use crate::domain::account::AccountName;
use crate::domain::id::CaseId;
use crate::domain::presence::Doing;

/// Somebody who has a case before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Present {
    /// Who.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub name: AccountName,
    /// What they do.
    pub doing: Doing,
}

/// `PUT /v1/cases/{id}/presence`: says that one has it before one. To be said again within a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PresenceBody {
    /// What one does with it.
    pub doing: Doing,
}

/// The answer: who else has it before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PresenceView {
    /// By name, without the asker.
    pub present: Vec<Present>,
}

/// Who has a case before them has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PresenceChange {
    /// Which case.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub case: CaseId,
    /// By name, without the one who is told.
    pub present: Vec<Present>,
}
