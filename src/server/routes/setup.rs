//! The first account of an empty server.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};

use super::accounts::prepare;
use crate::server::app::Shared;
use crate::server::json::Json;
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::server::token;
use crate::store::accounts;
use crate::wire::account::{Account, NewAccount, Setup};
use crate::wire::problem::ProblemCode;

/// Carries the secret that whoever started the server was shown.
const HUIYIN_SETUP: HeaderName = HeaderName::from_static("huiyin-setup");

/// Whether anybody has an account yet.
#[utoipa::path(get, path = "/v1/setup", tag = "accounts", responses((status = 200, body = Setup)))]
pub(crate) async fn show(State(app): State<Shared>) -> Result<Json<Setup>, Failure> {
    Ok(Json(Setup { needs_first_account: !app.store.read(|tx| accounts::any(tx)).await? }))
}

/// Makes the first account, by the setup secret and only while there is none.
#[utoipa::path(post, path = "/v1/accounts/first", tag = "accounts", request_body = NewAccount,
    params(("Huiyin-Setup" = String, Header, description = "The secret shown when the server was started")),
    responses((status = 201, body = Account)))]
pub(crate) async fn first_account(
    State(app): State<Shared>,
    headers: HeaderMap,
    request: axum::Extension<RequestId>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Account>), Failure> {
    let not_allowed = Failure::new(ProblemCode::NotAllowed);
    let given = headers.get(HUIYIN_SETUP).and_then(|word| word.to_str().ok());
    if !app.setup_secret.as_ref().is_some_and(|secret| given.is_some_and(|word| token::same(secret, word))) {
        return Err(not_allowed);
    }
    if app.store.read(|tx| accounts::any(tx)).await? {
        return Err(not_allowed);
    }
    let prepared = prepare(&app, new).await?;
    let account = app
        .store
        .write(move |tx| {
            // Asked again where nobody can come in between.
            if accounts::any(tx)? {
                return Err(not_allowed.clone());
            }
            prepared.create(tx, None, &request.0.0)?.ok_or(Failure::new(ProblemCode::Conflict))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(account)))
}
