//! What is mine.

use axum::extract::State;

use crate::domain::case::Case;
use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::leading::Leaders;
use crate::server::place::Place;
use crate::server::presence::Others;
use crate::server::problem::Failure;
use crate::store::cases;
use crate::wire::case::CaseRow;
use crate::wire::search::Work;

/// What the asker took: in the last day, not finished, and come back.
#[utoipa::path(get, path = "/v1/work", tag = "cases",
    params(Place),
    responses((status = 200, body = Work)))]
pub(crate) async fn show(
    State(app): State<Shared>,
    signed: Signed,
    Place(seen): Place,
) -> Result<Json<Work>, Failure> {
    let as_of = app.clock.now();
    let others = Others::than(&app, &signed).await?;
    let name = signed.actor.name;
    let work = app.store.read_list(seen, move |tx| cases::work(tx, &name, as_of)).await?;
    // Only what was taken lately may be merged: the others are not finished.
    let leaders = Leaders::of(&app, &work.taken).await?;
    let row = |case: &Case| leaders.mark(others.mark(CaseRow::from(case)));
    let rows = |cases: &[Case]| cases.iter().map(row).collect();
    Ok(Json(Work { taken: rows(&work.taken), open: rows(&work.open), returned: rows(&work.returned), as_of }))
}
