//! Station leases: the four digits by which a desk makes case numbers of its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::id::DeskId;
use crate::domain::number::StationCode;

/// `POST /v1/stations`: asks for a station, or for the same one again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StationRequest {
    /// The installation of the desk.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub desk: DeskId,
    /// The station it has by its own memory: a server that was put back from a backup may know nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub had: Option<StationCode>,
}

/// The lease: nobody else has this code until it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StationLease {
    /// Four digits.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub station: StationCode,
    /// When it ends if it is not asked for again.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub leased_until: Timestamp,
}
