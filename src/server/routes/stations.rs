//! Station leases: four digits of its own for each desk.

use axum::extract::State;
use jiff::SignedDuration;

use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::problem::Failure;
use crate::store::stations;
use crate::wire::problem::ProblemCode;
use crate::wire::station::{StationLease, StationRequest};

/// A desk that is cut off goes on giving numbers for a month.
const LEASE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Leases a station to a desk, or the same one again, in the name of who asks.
#[utoipa::path(post, path = "/v1/stations", tag = "stations", request_body = StationRequest,
    responses((status = 200, body = StationLease)))]
pub(crate) async fn lease(
    State(app): State<Shared>,
    signed: Signed,
    Json(StationRequest { desk, had }): Json<StationRequest>,
) -> Result<Json<StationLease>, Failure> {
    let now = app.clock.now();
    let until = now.checked_add(LEASE).map_err(Failure::internal)?;
    let lease = app
        .store
        .write(move |tx| Ok::<_, Failure>(stations::lease(tx, desk, had, &signed.actor.name, now, until)?))
        .await?
        .ok_or(Failure::later(ProblemCode::Busy, 3600))?;
    Ok(Json(StationLease { station: lease.station, leased_until: lease.leased_until }))
}
