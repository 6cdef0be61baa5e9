//! One request and its answer: headers, limits, and what counts as an answer of ours.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, RETRY_AFTER};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{A_BYTE, ANSWER, Client, ClientError, error, heard};
use crate::wire::format::{EPOCH, PLACE};
use crate::wire::lenient;
use crate::wire::problem::Problem;

/// The longest answer that is read, in bytes: a city profile is a few hundred kilobytes.
const LIMIT: usize = 16 * 1024 * 1024;

/// An answer that is not an error.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) etag: Option<String>,
    /// The server's clock, to the second, where it tells it.
    pub(super) date: Option<Timestamp>,
    pub(super) body: Vec<u8>,
    /// It names its epoch, as only a server of this program does.
    named: bool,
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        lenient::read(&self.body).map_err(|error| {
            // Where it failed, never what stood there.
            tracing::warn!(line = error.line(), column = error.column(), "an answer cannot be read");
            if self.named {
                ClientError::NotUnderstood
            } else {
                // The program need not be brought up to date for what another service says.
                ClientError::NotOurServer { status: self.status.as_u16() }
            }
        })
    }
}

impl Client {
    /// A request to a route, with the token if there is one.
    pub(super) fn request(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        let request = self.http.request(method, self.url(segments)).header(PLACE, self.place());
        match self.authorization() {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, segments: &[&str]) -> Result<T, ClientError> {
        self.send(self.request(Method::GET, segments)).await?.json()
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        body: &(impl Serialize + Sync),
    ) -> Result<T, ClientError> {
        self.send(self.request(Method::POST, segments).json(body)).await?.json()
    }

    /// Sends a request and takes the whole answer.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, ClientError> {
        let sent = self.clock.now();
        let (http, request) = request.build_split();
        let mut request = request.map_err(|error| error::of_transport(&error.without_url()))?;
        let long = request.body().and_then(Body::as_bytes).map_or(0, <[u8]>::len);
        let longer = A_BYTE.saturating_mul(u32::try_from(long).unwrap_or(u32::MAX));
        *request.timeout_mut() = Some(ANSWER.saturating_add(longer));
        let response =
            http.execute(request).await.map_err(|error| error::of_transport(&error.without_url()))?;
        let status = response.status();
        let headers = response.headers().clone();
        if !is_ours(status, &headers) {
            return Err(stranger(status, &headers));
        }
        self.hear(&headers, sent);
        let body = read(response).await?;
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            let etag = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            let named = headers.contains_key(EPOCH);
            return Ok(Answer { status, etag, date: heard::date(&headers), body, named });
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => {
                Err(ClientError::Problem { problem: Box::new(problem), retry_after: retry_after(&headers) })
            }
            Err(_) if status.is_server_error() => Err(stranger(status, &headers)),
            // A problem this version has no word for.
            Err(_) => Err(ClientError::NotUnderstood),
        }
    }
}

/// The error for a live stream that did not begin.
pub(super) async fn refusal(response: Response) -> ClientError {
    let (status, headers) = (response.status(), response.headers().clone());
    if !is_ours(status, &headers) || status.is_success() {
        return stranger(status, &headers);
    }
    match read(response).await.map(|body| serde_json::from_slice::<Problem>(&body)) {
        Ok(Ok(problem)) => {
            ClientError::Problem { problem: Box::new(problem), retry_after: retry_after(&headers) }
        }
        Ok(Err(_)) => ClientError::NotUnderstood,
        Err(error) => error,
    }
}

/// Success is JSON or nothing at all, an error is a problem: a page of HTML is neither, whatever its status.
fn is_ours(status: StatusCode, headers: &HeaderMap) -> bool {
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return true;
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let wanted = if status.is_success() { "application/json" } else { "application/problem+json" };
    kind.eq_ignore_ascii_case(wanted)
}

/// The error for an answer that no server of this program gave.
fn stranger(status: StatusCode, headers: &HeaderMap) -> ClientError {
    let retry = matches!(status.as_u16(), 408 | 425 | 429 | 500..=599);
    let status = status.as_u16();
    if retry {
        ClientError::Unavailable { status, retry_after: retry_after(headers) }
    } else {
        ClientError::NotOurServer { status }
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, ClientError> {
    let announced =
        response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > LIMIT) {
        return Err(ClientError::NotUnderstood);
    }
    let mut body = Vec::with_capacity(announced.unwrap_or_default());
    while let Some(chunk) =
        response.chunk().await.map_err(|error| error::of_transport(&error.without_url()))?
    {
        if body.len() + chunk.len() > LIMIT {
            return Err(ClientError::NotUnderstood);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Seconds only: the date form needs a clock that agrees with the server's. An hour is the longest believed.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(3600)))
}
