//! The outermost layer: what holds for every request, whatever its route.
//!
//! It names the request, refuses heads that two readers could read differently, bounds the time, turns every error
//! into a problem, keeps answers out of caches, and counts. The log gets the route's template and the status, never
//! the path: a path may hold what somebody searched for.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONNECTION, DATE, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::app::Shared;
use super::limits::Limits;
use super::place::{self, HUIYIN_PLACE};
use super::problem::Failure;
use super::token::hex;
use crate::wire::problem::ProblemCode;

/// The name of a request, in the log and in every problem.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const HUIYIN_EPOCH: HeaderName = HeaderName::from_static(crate::wire::format::EPOCH);
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// See the module's words.
pub(crate) async fn every(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let began = tokio::time::Instant::now();
    let id = request_id(request.headers());
    let trace = trace_id(request.headers()).unwrap_or_default();
    let method = bounded(request.method());
    let tells_place = place::is_told(request.method(), &route(&request));
    let route = route(&request);
    let versioned = request.uri().path().starts_with("/v1/");
    let chunked = request.headers().contains_key(TRANSFER_ENCODING);
    request.extensions_mut().insert(RequestId(id.clone()));

    let mut response = if let Err(failure) = check_head(&request, &app.limits) {
        failure.into_response()
    } else {
        let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(app.limits.answer, answer).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => Failure::internal(anyhow::anyhow!("a handler panicked")).into_response(),
            Err(_) => Failure::later(ProblemCode::Busy, 5).into_response(),
        }
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        let failure = response.extensions_mut().remove::<Failure>();
        let failure = failure.unwrap_or_else(|| Failure::of_status(response.status()));
        if let Some(cause) = failure.cause() {
            tracing::error!(request = id, trace, route = &*route, "{cause:#}");
        }
        response = failure.render(&id);
    }

    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id.as_str()) {
        headers.insert(X_REQUEST_ID, id);
    }
    // What desks compare their clocks with, and by what they notice that the store was put back from a backup.
    if let Ok(date) = HeaderValue::try_from(date(app.clock.now())) {
        headers.insert(DATE, date);
    }
    headers.insert(HUIYIN_EPOCH, app.epoch.clone());
    if let Some(place) = app.store.reached().filter(|_| tells_place) {
        headers.insert(HUIYIN_PLACE, HeaderValue::from(place));
    }
    if versioned {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if *app.stopping.borrow() {
        // Before this connection is closed, so that nobody asks on it in that moment.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if chunked {
        // hyper lets the chunks win over a length and hides it; a proxy that read the length saw another end of this
        // request than we did. So nothing more is read from here.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let (took, status) = (began.elapsed(), response.status().as_u16());
    app.metrics.answered(&route, method, status, took);
    tracing::info!(request = id, trace, method, route = &*route, status, ms = took.as_millis(), "answered");
    response
}

/// A time as HTTP writes it, to the second.
fn date(at: jiff::Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The asker's own name for it, where it is a plain one, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |id: &&str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let given = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).filter(plain);
    given.map_or_else(
        || {
            let mut bytes = [0_u8; 8];
            // Only a name: without randomness the requests are still served.
            let _ = getrandom::fill(&mut bytes);
            hex(&bytes)
        },
        str::to_owned,
    )
}

/// The trace this request belongs to (W3C `traceparent`, version 00).
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let mut parts = headers.get(TRACEPARENT)?.to_str().ok()?.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hexadecimal =
        trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (version.len() == 2 && hexadecimal).then(|| trace.to_owned())
}

fn route(request: &Request) -> Cow<'static, str> {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or(Cow::Borrowed("none"), |path| Cow::Owned(path.as_str().to_owned()))
}

/// Methods are anybody's words; labels are not.
fn bounded(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "PUT" => "PUT",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// What hyper leaves to us: one `Host`, and caps that answer in our own words.
fn check_head(request: &Request, limits: &Limits) -> Result<(), Failure> {
    let headers = request.headers();
    let hosts = headers.get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Err(Failure::malformed().closing());
    }
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.uri_bytes {
        return Err(Failure::new(ProblemCode::UriTooLong).closing());
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if bytes > limits.header_bytes {
        return Err(Failure::new(ProblemCode::HeadersTooLarge).closing());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_a_plain_name_only() {
        let named = |name: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(name.as_bytes()).unwrap());
            request_id(&headers)
        };
        assert_eq!(named("desk-7.a_B"), "desk-7.a_B");
        for strange in ["", "a b", "a\"}", "名", &"x".repeat(65)] {
            let given = named(strange);
            assert!(given != strange && given.len() == 16, "{strange}: {given}");
        }
    }

    #[test]
    fn only_a_whole_traceparent_is_followed() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRACEPARENT, value.parse().unwrap());
            trace_id(&headers)
        };
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of(&format!("00-{trace}-00f067aa0ba902b7-01")).as_deref(), Some(trace));
        for not in ["", "00", "00-xyz-1-01", &format!("00-{}-1-01", trace.to_uppercase())] {
            assert_eq!(of(not), None, "{not}");
        }
    }
}
