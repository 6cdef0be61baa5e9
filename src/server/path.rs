//! The id in a path: one canonical form, or 400.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::problem::Failure;
use crate::domain::id::CaseId;

/// The `{id}` of a case route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CasePath(pub(crate) CaseId);

impl<S: Send + Sync> FromRequestParts<S> for CasePath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Failure::malformed())?;
        id.parse().map(Self).map_err(|_| Failure::malformed())
    }
}
