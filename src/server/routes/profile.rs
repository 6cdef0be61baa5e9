//! The city profile, made into JSON once and known by its tag.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::profile::Profile;
use crate::server::app::Shared;
use crate::wire::profile::{CalendarBody, ProfileBody};

/// The city's departments, matters, divisions, deadlines, calendar, templates and knowledge base.
#[utoipa::path(get, path = "/v1/profile", tag = "profile",
    params(("If-None-Match" = Option<String>, Header, description = "The tag of the profile already known")),
    responses((status = 200, body = ProfileBody), (status = 304, description = "The one already known still holds")))]
pub(crate) async fn show(State(app): State<Shared>, headers: HeaderMap) -> Response {
    let tag = format!("\"{}\"", app.profile.etag());
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let known = known
        .flat_map(|tags| tags.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim() == tag);
    let caching = [(ETAG, tag), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, "application/json")], app.profile_body.clone()).into_response()
}

/// The profile as it is served.
pub(crate) fn body(profile: &Profile) -> serde_json::Result<Bytes> {
    let body = ProfileBody {
        city: profile.city().clone(),
        channels: profile.channels().to_vec(),
        kinds: profile.kinds().to_vec(),
        departments: profile.departments().to_vec(),
        matters: profile.matters().to_vec(),
        divisions: profile.divisions().to_vec(),
        templates: profile.templates().to_vec(),
        knowledge: profile.knowledge().to_vec(),
        deadlines: profile.deadlines().clone(),
        calendar: CalendarBody::from(profile.calendar()),
    };
    serde_json::to_vec(&body).map(Bytes::from)
}
