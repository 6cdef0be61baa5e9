//! For those who watch the server: without sign-in and without detail.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::server::app::Shared;
use crate::server::json::Json;
use crate::server::metrics;
use crate::server::openapi;
use crate::server::problem::Failure;
use crate::store::accounts;
use crate::wire::problem::ProblemCode;

/// Which program this is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Version {
    /// `huiyin`.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// The process lives.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 204)))]
pub(crate) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// It can answer: the store reads, and nobody asked it to stop.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 204)))]
pub(crate) async fn ready(State(app): State<Shared>) -> Result<StatusCode, Failure> {
    if *app.stopping.borrow() {
        return Err(Failure::later(ProblemCode::Busy, 5));
    }
    app.store.read(|tx| accounts::any(tx)).await.map_err(|error| {
        tracing::warn!("not ready: {error}");
        Failure::later(ProblemCode::Busy, 5)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counters, as Prometheus text.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(app): State<Shared>) -> Response {
    let text =
        app.metrics.text(app.store.queued(), app.store.shed()) + &metrics::targets(&app.store.targets());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Which program, and which version of it.
#[utoipa::path(get, path = "/version", tag = "health", responses((status = 200, body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "health",
    responses((status = 200, body = Object, content_type = "application/json")))]
pub(crate) async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], openapi::openapi_json()).into_response()
}
