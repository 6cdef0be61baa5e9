//! Cases: filed, read, and the caller revealed.

use axum::extract::{Path, State};
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::domain::case::Case;
use crate::domain::number::CaseNumber;
use crate::server::app::{App, Shared};
use crate::server::auth::Signed;
use crate::server::filing::Sent;
use crate::server::format::Format;
use crate::server::json::Json;
use crate::server::leading;
use crate::server::path::CasePath;
use crate::server::presence::Seen;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::{StoreError, audit, cases};
use crate::wire::case::{CallerBody, CaseView, EventView, NewCase, SentCase, Timeline};
use crate::wire::presence::Present;

/// Files a case. The same body again is answered with the same case: 201 the first time, 200 ever after. 409 for other
/// content under the same id, 404 where the id is somebody else's.
#[utoipa::path(put, path = "/v1/cases/{id}", tag = "cases", params(("id" = String, Path, format = Uuid), Format),
    request_body = SentCase,
    responses((status = 201, body = CaseView), (status = 200, body = CaseView, description = "It was filed before")))]
pub(crate) async fn file(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    format: Format,
    CasePath(id): CasePath,
    Json(case): Json<SentCase>,
) -> Result<Response, Failure> {
    let now = app.clock.now();
    let SentCase { number, received_at, intake, outcome, sent } = case;
    let case = NewCase { number, received_at, intake, outcome };
    let sent = Sent::from_desk(&app, id, case, format.sent(sent)?, now);
    let (rules, viewer) = (Shared::clone(&app), signed.clone());
    let filed = app
        .store
        .write_own(move |tx| sent.clone().file(tx, &rules, &signed.actor, now, &request.0.0))
        .await?;
    let location = format!("/v1/cases/{id}");
    let status = if filed.created { StatusCode::CREATED } else { StatusCode::OK };
    // Nobody had it before them until now.
    Ok((status, [(LOCATION, location)], answer(&app, &filed.case, &viewer, Vec::new()).await?)
        .into_response())
}

/// One case. To a department's handler, only where it has a task.
#[utoipa::path(get, path = "/v1/cases/{id}", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CaseView)))]
pub(crate) async fn show(
    State(app): State<Shared>,
    signed: Signed,
    CasePath(id): CasePath,
) -> Result<Response, Failure> {
    let case = seen(app.store.read(move |tx| cases::find(tx, id)).await?, &signed)?;
    let others = others(&app, &case, &signed).await?;
    answer(&app, &case, &signed, others).await
}

/// One case by its number, however it is grouped.
#[utoipa::path(get, path = "/v1/cases/by-number/{number}", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = CaseView)))]
pub(crate) async fn show_by_number(
    State(app): State<Shared>,
    signed: Signed,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let number: CaseNumber = number.parse().map_err(|_| Failure::malformed())?;
    let case = seen(app.store.read(move |tx| cases::find_by_number(tx, &number)).await?, &signed)?;
    let others = others(&app, &case, &signed).await?;
    answer(&app, &case, &signed, others).await
}

/// What happened to a case, oldest first.
#[utoipa::path(get, path = "/v1/cases/{id}/events", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Timeline)))]
pub(crate) async fn timeline(
    State(app): State<Shared>,
    signed: Signed,
    CasePath(id): CasePath,
) -> Result<Json<Timeline>, Failure> {
    let events = app.store.read(move |tx| {
        seen(cases::find(tx, id)?, &signed)?;
        Ok::<_, Failure>(cases::timeline(tx, id)?)
    });
    let events = events.await?;
    Ok(Json(Timeline { events: events.iter().map(EventView::from).collect() }))
}

/// Who called, in full. Each look is recorded in the same transaction: what cannot be recorded is not shown.
#[utoipa::path(post, path = "/v1/cases/{id}/caller", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CallerBody)))]
pub(crate) async fn reveal(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    CasePath(id): CasePath,
) -> Result<Json<CallerBody>, Failure> {
    let at = app.clock.now();
    let caller = app
        .store
        .write_own(move |tx| {
            let case = seen(cases::find(tx, id)?, &signed)?;
            let entry = audit::Entry {
                at,
                actor: Some(&signed.actor.name),
                action: "caller.reveal",
                subject: &id.to_string(),
                request: &request.0.0,
                detail: "",
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(case.intake.caller)
        })
        .await?;
    Ok(Json(caller.into()))
}

/// The case, if there is one and it is any business of this person; otherwise there is none.
pub(super) fn seen(case: Option<Case>, signed: &Signed) -> Result<Case, Failure> {
    case.filter(|case| signed.sees(case)).ok_or(Failure::not_found())
}

/// Who else has the case before them.
pub(super) async fn others(app: &App, case: &Case, signed: &Signed) -> Result<Vec<Present>, StoreError> {
    let (now, case) = (app.clock.now(), case.clone());
    let seen = app.store.read(move |tx| Seen::of(tx, &case, now, None)).await?;
    Ok(seen.others(&signed.actor.name))
}

/// The case as this person may see it, with its tag.
pub(super) async fn answer(
    app: &App,
    case: &Case,
    signed: &Signed,
    present: Vec<Present>,
) -> Result<Response, Failure> {
    let tag = HeaderValue::try_from(format!("\"{}\"", case.version)).ok();
    let mut view = leading::view(app, case, signed).await?;
    view.row.present = present;
    let mut response = axum::Json(view).into_response();
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}
