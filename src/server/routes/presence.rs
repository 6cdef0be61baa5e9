//! Who has a case before them: said by desks, told to the others.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::cases::seen;
use crate::domain::account::AccountName;
use crate::domain::id::CaseId;
use crate::server::app::{App, Shared};
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::path::CasePath;
use crate::server::presence::Seen;
use crate::server::problem::Failure;
use crate::store::presence::{Said, Someone};
use crate::store::{StoreError, Tx, cases, presence};
use crate::wire::presence::{PresenceBody, PresenceView};

/// Who does not say it again within this time is there no more. Desks say it every 20 seconds.
const HOLDS: SignedDuration = SignedDuration::from_secs(60);

/// Says that one has the case before one, for a minute, and tells who else has. The others hear of it by the live
/// stream.
#[utoipa::path(put, path = "/v1/cases/{id}/presence", tag = "cases", params(("id" = String, Path, format = Uuid)),
    request_body = PresenceBody, responses((status = 200, body = PresenceView)))]
pub(crate) async fn say(
    State(app): State<Shared>,
    signed: Signed,
    CasePath(id): CasePath,
    Json(PresenceBody { doing }): Json<PresenceBody>,
) -> Result<Json<PresenceView>, Failure> {
    let now = app.clock.now();
    let until = now.checked_add(HOLDS).unwrap_or(Timestamp::MAX);
    let name = signed.actor.name.clone();
    let someone = Someone { case: id, account: name.clone(), doing };
    let server = app.name.clone();
    let told = app.store.write_passing(move |tx| {
        let case = seen(cases::find(tx, id)?, &signed)?;
        let said = presence::say(tx, &someone, now, until)?;
        let here = Seen::of(tx, &case, now, Some(someone.account.clone()))?;
        let changes = changes(tx, id, said, now)?;
        changes.announce(tx, &here, &server)?;
        Ok::<_, Failure>((here, changes))
    });
    let (here, changes) = told.await?;
    let present = here.others(&name);
    tell(&app, changes, here);
    Ok(Json(PresenceView { present }))
}

/// Says that one has the case before one no more.
#[utoipa::path(delete, path = "/v1/cases/{id}/presence", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 204)))]
pub(crate) async fn leave(
    State(app): State<Shared>,
    signed: Signed,
    CasePath(id): CasePath,
) -> Result<StatusCode, Failure> {
    let now = app.clock.now();
    let server = app.name.clone();
    let told = app.store.write_passing(move |tx| {
        let name: AccountName = signed.actor.name.clone();
        let case = seen(cases::find(tx, id)?, &signed)?;
        let said = presence::leave(tx, id, &name, now)?;
        let here = Seen::of(tx, &case, now, Some(name))?;
        let changes = changes(tx, id, said, now)?;
        changes.announce(tx, &here, &server)?;
        Ok::<_, Failure>((here, changes))
    });
    let (here, changes) = told.await?;
    tell(&app, changes, here);
    Ok(StatusCode::NO_CONTENT)
}

/// What others are told: whether this case changed, and the cases that somebody has silently left.
struct Changes {
    here: bool,
    elsewhere: Vec<Seen>,
}

impl Changes {
    /// Says it to the other servers.
    fn announce(&self, tx: &mut dyn Tx, here: &Seen, server: &str) -> Result<(), StoreError> {
        self.elsewhere.iter().chain(self.here.then_some(here)).try_for_each(|one| one.announce(tx, server))
    }
}

fn changes(tx: &mut dyn Tx, id: CaseId, said: Said, now: Timestamp) -> Result<Changes, StoreError> {
    let Said { changed, ended } = said;
    let here = changed || ended.contains(&id);
    let mut elsewhere = Vec::new();
    for other in ended.into_iter().filter(|other| *other != id) {
        if let Some(case) = cases::find(tx, other)? {
            elsewhere.push(Seen::of(tx, &case, now, None)?);
        }
    }
    Ok(Changes { here, elsewhere })
}

fn tell(app: &App, changes: Changes, here: Seen) {
    changes.elsewhere.into_iter().chain(changes.here.then_some(here)).for_each(|one| app.hub.tell(one));
}
