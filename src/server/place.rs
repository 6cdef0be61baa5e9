//! `Huiyin-Place`: up to where an asker has seen the feed, so that a copy of the store may serve lists and nobody misses
//! what they wrote themselves.
//!
//! An answer to a change tells a place that lies behind it, whichever server gave it; whoever sends the greatest it has
//! heard with its requests finds all that it knows of. Whoever sends none, or what is no place, is answered from where
//! everything is written.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, Method};

use crate::wire::format::PLACE;

/// The header.
pub(crate) const HUIYIN_PLACE: HeaderName = HeaderName::from_static(PLACE);

/// What is asked by POST and changes nothing that a list shows.
const ASKED: &[&str] = &["/v1/cases/search", "/v1/cases/like", "/v1/suggest", "/v1/callers/history"];

/// Whether an answer of this route tells a place.
pub(crate) fn is_told(method: &Method, route: &str) -> bool {
    method != Method::GET && method != Method::HEAD && !ASKED.contains(&route)
}

/// Up to where an asker has seen the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::IntoParams)]
#[into_params(names("Huiyin-Place"), parameter_in = Header)]
pub(crate) struct Place(
    /// The greatest place heard. Without one, no copy answers.
    pub(crate) Option<i64>,
);

impl<S: Sync> FromRequestParts<S> for Place {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let told = parts.headers.get(HUIYIN_PLACE).and_then(|place| place.to_str().ok()?.parse().ok());
        Ok(Self(told.filter(|place| *place >= 0)))
    }
}
