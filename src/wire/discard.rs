//! What somebody threw away at a desk after it had been submitted: `/v1/discards/{id}`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::id::CaseId;

/// `PUT /v1/discards/{id}`: says that what would have been done under this id, a case or an act on one, was thrown away.
/// Nothing of its content is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DiscardBody {
    /// The case that it was of.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub case: CaseId,
    /// When, by the clock of the desk.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
