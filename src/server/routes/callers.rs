//! What a number called about before.

use axum::extract::State;

use crate::domain::check::FaultCode;
use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::leading::Leaders;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::{audit, cases};
use crate::wire::search::{CallerHistory, HistoryRequest};

/// Cases shown where no limit is given.
const USUAL: u32 = 20;
/// The most cases of a page, here and in search.
pub(super) const PAGE_MOST: u32 = 100;

/// The cases in which a number called or was left to call back, newest first. Each look is recorded, without the
/// number, in the same transaction.
#[utoipa::path(post, path = "/v1/callers/history", tag = "callers", request_body = HistoryRequest,
    responses((status = 200, body = CallerHistory)))]
pub(crate) async fn history(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    Json(HistoryRequest { number, limit }): Json<HistoryRequest>,
) -> Result<Json<CallerHistory>, Failure> {
    let limit = page_limit(limit)?;
    let at = app.clock.now();
    let area_code = app.profile.city().area_code.clone();
    let history = app
        .store
        .write_own(move |tx| {
            let history = cases::history(tx, &number, &area_code, limit)?;
            let entry = audit::Entry {
                at,
                actor: Some(&signed.actor.name),
                action: "caller.history",
                subject: "",
                request: &request.0.0,
                detail: &history.total.to_string(),
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(history)
        })
        .await?;
    let leaders = Leaders::of(&app, &history.cases).await?;
    let cases = history.cases.iter().map(|case| leaders.mark(case.into())).collect();
    let last_word = history.last_word.map(Into::into);
    Ok(Json(CallerHistory { cases, total: history.total, open: history.open, last_word }))
}

/// 1 to 100, 20 where nothing is said.
pub(super) fn page_limit(limit: Option<u32>) -> Result<u32, Failure> {
    let limit = limit.unwrap_or(USUAL);
    if (1..=PAGE_MOST).contains(&limit) {
        Ok(limit)
    } else {
        Err(Failure::field("/limit", FaultCode::InvalidValue))
    }
}
