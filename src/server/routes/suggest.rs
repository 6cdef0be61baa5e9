//! What a text is probably about: matters and departments, and why.

use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::check::{Faults, TEXT_LIMIT, TITLE_LIMIT};
use crate::server::app::Shared;
use crate::server::json::Json;
use crate::server::problem::Failure;
use crate::wire::suggest::{SuggestRequest, Suggestions};

/// The matters and departments that what has been typed speaks for, at most three of each, the likeliest first, with the
/// words that decided.
#[utoipa::path(post, path = "/v1/suggest", tag = "cases", request_body = SuggestRequest,
    responses((status = 200, body = Suggestions)))]
pub(crate) async fn ask(
    State(app): State<Shared>,
    Json(request): Json<SuggestRequest>,
) -> Result<Json<Suggestions>, Failure> {
    let SuggestRequest { title, text, matter } = request;
    let mut faults = Faults::under("");
    faults.text("/title", &title, TITLE_LIMIT);
    faults.text("/text", &text, TEXT_LIMIT);
    Failure::unless_sound(faults)?;
    let (suggested, lessons) = app.suggest(&format!("{title}\n{text}"), matter.as_ref());
    Ok(Json(Suggestions::new(suggested, lessons)))
}

/// Learns everything anew from the first case on. What is known serves until that is done.
#[utoipa::path(post, path = "/v1/suggest/rebuild", tag = "cases", responses((status = 204)))]
pub(crate) async fn rebuild(State(app): State<Shared>) -> Result<StatusCode, Failure> {
    app.learn_anew().await?;
    Ok(StatusCode::NO_CONTENT)
}
