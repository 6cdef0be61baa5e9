//! Many cases in one request, each filed or refused by itself.

use axum::extract::State;

use crate::domain::check::{Fault, FaultCode};
use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::filing::Sent;
use crate::server::format::Format;
use crate::server::json::{BATCH_LIMIT, Json};
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::wire::case::{Batch, BatchResult, BatchResults};

/// The most cases of a batch.
const MOST: usize = 200;

/// Files up to 200 cases that are brought in from elsewhere, 1 MiB in all, and tells of each what became of it. Each is
/// as idempotent as by itself. Their times are believed, however long ago.
#[utoipa::path(post, path = "/v1/cases/batch", tag = "cases", request_body = Batch,
    params(Format),
    responses((status = 200, body = BatchResults)))]
pub(crate) async fn file(
    State(app): State<Shared>,
    signed: Signed,
    _: Format,
    request: axum::Extension<RequestId>,
    Json(Batch { cases }): Json<Batch, BATCH_LIMIT>,
) -> Result<Json<BatchResults>, Failure> {
    if cases.len() > MOST {
        let limit = Some(MOST as u64);
        return Err(Failure::fields(vec![Fault {
            pointer: "/cases".to_owned(),
            code: FaultCode::TooMany,
            limit,
        }]));
    }
    let now = app.clock.now();
    let request_id = request.0.0;
    // All are in the writer's queue at once, so that they share its next transaction; a refused one undoes itself.
    let filings: Vec<_> = cases
        .into_iter()
        .map(|item| {
            let sent = Sent::brought_in(&app, item.id, item.case, now);
            let (rules, actor, request) = (Shared::clone(&app), signed.actor.clone(), request_id.clone());
            let filed = app.store.write_own(move |tx| sent.clone().file(tx, &rules, &actor, now, &request));
            let request = &request_id;
            async move {
                match filed.await {
                    Ok(filed) => BatchResult {
                        id: item.id,
                        status: if filed.created { 201 } else { 200 },
                        number: Some(filed.case.number),
                        problem: None,
                    },
                    Err(failure) => {
                        let problem = failure.problem(request);
                        BatchResult {
                            id: item.id,
                            status: problem.status,
                            number: None,
                            problem: Some(problem),
                        }
                    }
                }
            }
        })
        .collect();
    Ok(Json(BatchResults { results: futures_util::future::join_all(filings).await }))
}
