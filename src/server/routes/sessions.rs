//! Signing in and out.
//!
//! An attempt is counted before the password is looked at and forgiven when it is right, so that many at once are
//! counted too. After ten failures in a quarter of an hour the account waits half a minute between attempts: enough
//! against guessing, too little to lock anybody out of a shift. A name that is nobody's is treated no differently.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::domain::account::AccountName;
use crate::domain::normalise::normalise;
use crate::server::app::{App, Shared};
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::password::{Password, Verdict};
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::server::routes::accounts::view;
use crate::server::token::{fingerprint, random_secret};
use crate::store::{accounts, attempts, audit, sessions};
use crate::wire::account::{Account, Session, SignIn};
use crate::wire::problem::ProblemCode;

/// Signs in. 401 for a wrong name or password, 429 for too many of them.
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", request_body = SignIn,
    responses((status = 201, body = Session)))]
pub(crate) async fn create(
    State(app): State<Shared>,
    request: axum::Extension<RequestId>,
    Json(SignIn { name, password }): Json<SignIn>,
) -> Result<(StatusCode, Json<Session>), Failure> {
    let password = Password::typed(password).map_err(|fault| Failure::fields(vec![fault]))?;
    let wrong = Failure::new(ProblemCode::WrongPassword);
    let account_name: Option<AccountName> = name.parse().ok();
    let counted: String = account_name
        .as_ref()
        .map_or_else(|| normalise(&name), ToString::to_string)
        .chars()
        .take(64)
        .collect();

    let turn = app.passwords.turn().await?;
    count_attempt(&app, counted.clone()).await?;
    let account = match &account_name {
        Some(name) => {
            let name = name.clone();
            let found = app.store.read(move |tx| accounts::find(tx, &name)).await?;
            found.filter(|account| !account.disabled)
        }
        None => None,
    };
    let stored = account.as_ref().map(|account| account.password.clone());
    let verdict = app.passwords.verify(turn, password, stored).await?;
    let (Some(account), Verdict::Right { stronger }) = (account, verdict) else {
        refuse(&app, account_name, request.0.0).await?;
        return Err(wrong);
    };

    let now = app.clock.now();
    let (token, id) =
        (random_secret().map_err(Failure::internal)?, random_secret().map_err(Failure::internal)?);
    let print = fingerprint(token.expose()).ok_or_else(|| Failure::internal(anyhow::anyhow!("no token")))?;
    let expires_at = now.checked_add(span(app.sessions.absolute)).unwrap_or(Timestamp::MAX);
    let session = sessions::Session {
        // A name of its own, by which it can be listed and ended without the token.
        id: id.expose()[..16].to_owned(),
        account: account.name.clone(),
        created_at: now,
        used_at: now,
        expires_at,
    };
    let (idle, most, known) =
        (span(app.sessions.idle), app.sessions.per_account as usize, account.password.clone());
    let account = app
        .store
        .write(move |tx| {
            // Between the look at the password and now it may have been changed, or the account disabled.
            let standing = accounts::find(tx, &session.account)?;
            let account =
                standing.filter(|a| !a.disabled && a.password == known).ok_or_else(|| wrong.clone())?;
            if let Some(stronger) = &stronger {
                accounts::rehash(tx, &session.account, stronger.clone())?;
            }
            attempts::clear(tx, &counted)?;
            sessions::sweep(tx, now, idle)?;
            sessions::start(tx, &print, &session, most)?;
            let entry = audit::Entry {
                at: now,
                actor: Some(&session.account),
                action: "session.start",
                subject: session.account.as_str(),
                request: &request.0.0,
                detail: "",
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(view(&account))
        })
        .await?;
    let idle_seconds = u32::try_from(app.sessions.idle.as_secs()).unwrap_or(u32::MAX);
    let session = Session { token: token.expose().to_owned(), account, expires_at, idle_seconds };
    Ok((StatusCode::CREATED, Json(session)))
}

/// Counts an attempt as failed until it is known to be right; 429 when there have been too many.
pub(super) async fn count_attempt(app: &App, name: String) -> Result<(), Failure> {
    let rules = app.sessions.clone();
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let from = now.checked_sub(span(rules.failure_window)).unwrap_or(Timestamp::MIN);
            let failed = attempts::since(tx, &name, from)?;
            let until = failed.last().and_then(|last| last.checked_add(span(rules.failure_wait)).ok());
            if failed.len() >= rules.failures as usize
                && let Some(until) = until
                && now < until
            {
                let left = u64::try_from(until.duration_since(now).as_millis()).unwrap_or_default();
                return Err(Failure::later(ProblemCode::TooMany, left.div_ceil(1000)));
            }
            attempts::record(tx, &name, now)?;
            Ok(())
        })
        .await
}

/// Records a refused sign-in. What was typed as a name and is none may be a password, so it is not kept.
async fn refuse(app: &App, name: Option<AccountName>, request: String) -> Result<(), Failure> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let known = match &name {
                Some(name) => accounts::find(tx, name)?.is_some(),
                None => false,
            };
            let entry = audit::Entry {
                at: now,
                actor: None,
                action: "session.refuse",
                subject: name.as_ref().filter(|_| known).map_or("", |name| name.as_str()),
                request: &request,
                detail: "",
            };
            audit::append(tx, &entry)?;
            Ok(())
        })
        .await
}

/// Whose session this is, while it holds.
#[utoipa::path(get, path = "/v1/sessions/current", tag = "sessions", responses((status = 200, body = Account)))]
pub(crate) async fn show(signed: Signed) -> Json<Account> {
    let actor = signed.actor;
    Json(Account { name: actor.name, role: actor.role, departments: actor.departments, disabled: false })
}

/// Signs out.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions", responses((status = 204)))]
pub(crate) async fn end(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
) -> Result<StatusCode, Failure> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            sessions::end(tx, &signed.session)?;
            let entry = audit::Entry {
                at: now,
                actor: Some(&signed.actor.name),
                action: "session.end",
                subject: signed.actor.name.as_str(),
                request: &request.0.0,
                detail: "",
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn span(duration: std::time::Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
