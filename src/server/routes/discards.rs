//! What was submitted at a desk and thrown away there before the server had it.

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::path::CasePath;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::audit;
use crate::wire::discard::DiscardBody;

/// Records in the audit trail of the case that somebody threw away what they had submitted: the filing itself, or an act
/// with this id. The same again is recorded once.
#[utoipa::path(put, path = "/v1/discards/{id}", tag = "cases", params(("id" = String, Path, format = Uuid)),
    request_body = DiscardBody, responses((status = 204)))]
pub(crate) async fn record(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    CasePath(id): CasePath,
    Json(DiscardBody { case, at }): Json<DiscardBody>,
) -> Result<StatusCode, Failure> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let entry = audit::Entry {
                at: now,
                actor: Some(&signed.actor.name),
                action: "outbox.discard",
                subject: &case.to_string(),
                request: &request.0.0,
                detail: &format!("{id} at {at}"),
            };
            audit::append_once(tx, &entry).map_err(Failure::from)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
