//! Who asks: from `Authorization: Bearer …` to a [`Signed`] person, and whether the route is open to them.
//!
//! A route names what it needs where it is registered (`router.rs`); there is no route without. The session is looked
//! up at each request, so that ending one holds from the next request on, on every server of the same store.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

use super::app::{App, Shared};
use super::problem::Failure;
use super::token::{Fingerprint, fingerprint};
use crate::domain::account::{Actor, Permission};
use crate::domain::case::Case;
use crate::domain::progress::Assignment;
use crate::store::accounts::Account;
use crate::store::{StoreError, sessions};
use crate::wire::problem::ProblemCode;

/// What a route asks of those who come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: health, and signing in itself.
    Open,
    /// One of these permissions.
    AnyOf(&'static [Permission]),
}

/// A person with a session that holds.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// Who it is, and what they may do.
    pub(crate) actor: Actor,
    /// The session.
    pub(crate) session: Fingerprint,
}

impl Signed {
    /// 403 unless this person has `permission`.
    pub(crate) fn needs(&self, permission: Permission) -> Result<(), Failure> {
        if self.actor.may(permission) { Ok(()) } else { Err(Failure::new(ProblemCode::NotAllowed)) }
    }

    /// The case, if it is any business of this person: of a department's handlers, only where it has a task.
    pub(crate) fn sees(&self, case: &Case) -> bool {
        let mut own = case.progress.assignment().into_iter().flat_map(Assignment::departments);
        self.actor.may(Permission::ReadCases) || own.any(|code| self.actor.departments.contains(code))
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get().cloned().ok_or(Failure::new(ProblemCode::SignInNeeded))
    }
}

/// Stands before every route that is not open to all.
pub(crate) async fn guard(
    State((app, needed)): State<(Shared, &'static [Permission])>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let token = bearer(request.headers()).ok_or(Failure::new(ProblemCode::SignInNeeded))?;
    let signed = app.session(&token).await?;
    if !needed.iter().any(|permission| signed.actor.may(*permission)) {
        tracing::warn!(account = signed.actor.name.as_str(), "not allowed");
        return Err(Failure::new(ProblemCode::NotAllowed));
    }
    request.extensions_mut().insert(signed);
    Ok(next.run(request).await)
}

impl App {
    /// The person whose session this is; 401 when it is none, or has ended.
    pub(crate) async fn session(&self, token: &Fingerprint) -> Result<Signed, Failure> {
        let standing = self.standing(token, self.clock.now()).await?;
        let standing = standing.ok_or(Failure::new(ProblemCode::SignInNeeded))?;
        if standing.touch_due {
            let (token, now) = (*token, self.clock.now());
            // Not worth failing the request: the session ends a little earlier, at worst.
            let _: Result<(), StoreError> =
                self.store.write_own(move |tx| sessions::touch(tx, &token, now)).await;
        }
        Ok(Signed { actor: actor(&standing.account), session: *token })
    }

    /// Whether the session holds, without counting as a use of it.
    pub(crate) async fn holds(&self, token: &Fingerprint) -> bool {
        matches!(self.standing(token, self.clock.now()).await, Ok(Some(_)))
    }

    async fn standing(
        &self,
        token: &Fingerprint,
        now: Timestamp,
    ) -> Result<Option<sessions::Standing>, StoreError> {
        let idle = SignedDuration::try_from(self.sessions.idle).unwrap_or(SignedDuration::MAX);
        let token = *token;
        self.store.read(move |tx| sessions::find(tx, &token, now, idle)).await
    }
}

/// The person an account stands for.
pub(crate) fn actor(account: &Account) -> Actor {
    Actor { name: account.name.clone(), role: account.role, departments: account.departments.clone() }
}

/// The token of the one `Authorization` header, if it can be a token.
fn bearer(headers: &HeaderMap) -> Option<Fingerprint> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (Some(given), None) = (given.next(), given.next()) else { return None };
    let (scheme, token) = given.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { fingerprint(token.trim()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::token::random_secret;

    #[test]
    fn only_one_well_formed_header_is_a_token() {
        let token = random_secret().unwrap();
        let of = |lines: &[String]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(AUTHORIZATION, line.parse().unwrap());
            }
            bearer(&headers).is_some()
        };
        let right = format!("Bearer {}", token.expose());
        assert!(of(std::slice::from_ref(&right)));
        assert!(of(&[right.replace("Bearer", "bearer")]));
        assert!(!of(&[right.clone(), right.clone()]));
        assert!(!of(&[right.replace("Bearer", "Basic")]));
        assert!(!of(&[token.expose().to_owned()]));
        assert!(!of(&["Bearer ".to_owned() + &"a".repeat(65_000)]));
        assert!(!of(&[]));
    }
}
