//! Search: newest first, a page at a time.

use axum::extract::State;

use super::callers::page_limit;
use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::excerpt::excerpt;
use crate::server::finding::Sought;
use crate::server::json::Json;
use crate::server::leading::Leaders;
use crate::server::place::Place;
use crate::server::presence::Others;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::{audit, search};
use crate::wire::case::CaseRow;
use crate::wire::search::{CaseHit, SearchOrder, SearchPage, SearchRequest, Total};

/// Finds cases by the query language of the desk, the newest first, or the most relevant of the newest 500, which have no
/// further pages. A department's handlers find the cases it has. A
/// search for a caller's number is recorded, without the number.
#[utoipa::path(post, path = "/v1/cases/search", tag = "cases", request_body = SearchRequest,
    params(Place),
    responses((status = 200, body = SearchPage)))]
pub(crate) async fn page(
    State(app): State<Shared>,
    signed: Signed,
    Place(seen): Place,
    request: axum::Extension<RequestId>,
    Json(SearchRequest { query, limit, cursor, order }): Json<SearchRequest>,
) -> Result<Json<SearchPage>, Failure> {
    let at = app.clock.now();
    let order = order.unwrap_or(SearchOrder::Newest);
    let mut sought = Sought::read(&query, &signed, &app.profile, at, order, page_limit(limit)?)?;
    if let Some(cursor) = cursor {
        sought.go_on(&cursor)?;
    }
    let others = Others::than(&app, &signed).await?;
    let plan = sought.plan.clone();
    let found = app.store.read_list(seen, move |tx| search::page(tx, &plan)).await?;
    if sought.asks_who_called {
        let count = found.hits.len().to_string();
        let record = move |tx: &mut dyn crate::store::Tx| {
            let entry = audit::Entry {
                at,
                actor: Some(&signed.actor.name),
                action: "caller.search",
                subject: "",
                request: &request.0.0,
                detail: &count,
            };
            audit::append(tx, &entry)
        };
        app.store.write_own(record).await?;
    }
    let leaders = Leaders::of(&app, found.hits.iter().map(|hit| &hit.case)).await?;
    let hit = |hit: &search::Hit| {
        let intake = &hit.case.intake;
        let own = [&intake.text, &intake.title, &intake.place.detail, &intake.target, &intake.remark];
        let texts = own.into_iter().chain(&hit.written).map(String::as_str);
        let row = leaders.mark(others.mark(CaseRow::from(&hit.case)));
        CaseHit { row, excerpt: excerpt(texts, &sought.plan.query) }
    };
    let cases = found.hits.iter().map(hit).collect();
    let next = found.next.map(|position| sought.cursor(position));
    let total = found.count.map(|count| Total { count: count.counted, exact: count.exact });
    Ok(Json(SearchPage { cases, next, total, literal: sought.literal }))
}
