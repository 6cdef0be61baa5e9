//! Every error of the API: what a handler returns instead of an answer, and the `application/problem+json` it becomes.
//!
//! A [`Failure`] has two faces. The code and the fields go to the wire; the cause goes to the log under the request
//! id and nowhere else. The body is written by the outermost layer (`request.rs`), which alone knows that id.
//!
//! What is refused before there is a request (bytes that are no HTTP, a head beyond the parser's buffer) is refused by
//! hyper: a bare status and the end of the connection, without a problem, since nobody can be told a request's id.

use std::sync::Arc;

use axum::http::header::{CONNECTION, CONTENT_TYPE, ETAG, RETRY_AFTER, UPGRADE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::domain::check::{Fault, FaultCode, Faults};
use crate::domain::progress::{Refusal, Rule};
use crate::store::StoreError;
use crate::store::cases::{ActError, FilingError};
use crate::wire::problem::{FieldProblem, Problem, ProblemCode};

/// Why a request is not answered as it asked.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    code: ProblemCode,
    refusal: Option<Refusal>,
    version: Option<u32>,
    changed: Vec<String>,
    errors: Vec<FieldProblem>,
    retry_after: Option<u64>,
    closes: bool,
    cause: Option<Arc<anyhow::Error>>,
}

impl Failure {
    /// A problem that its code says all about.
    pub(crate) const fn new(code: ProblemCode) -> Self {
        Self {
            code,
            refusal: None,
            version: None,
            changed: Vec::new(),
            errors: Vec::new(),
            retry_after: None,
            closes: false,
            cause: None,
        }
    }

    /// 404, also where the mere existence is none of the asker's business.
    pub(crate) const fn not_found() -> Self {
        Self::new(ProblemCode::NotFound)
    }

    /// 400.
    pub(crate) const fn malformed() -> Self {
        Self::new(ProblemCode::Malformed)
    }

    /// 422 for one field.
    pub(crate) fn field(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self::fields(vec![Fault::new(pointer, code)])
    }

    /// 422 for the fields that are wrong.
    pub(crate) fn fields(faults: Vec<Fault>) -> Self {
        let field = |fault: Fault| FieldProblem {
            pointer: fault.pointer,
            code: fault.code.code().to_owned(),
            limit: fault.limit,
        };
        Self { errors: faults.into_iter().map(field).collect(), ..Self::new(ProblemCode::Invalid) }
    }

    /// 422 if anything is wrong.
    pub(crate) fn unless_sound(faults: Faults) -> Result<(), Self> {
        let faults = faults.into_vec();
        if faults.is_empty() { Ok(()) } else { Err(Self::fields(faults)) }
    }

    /// 412 with the version that counts and what has changed since the one that was given.
    pub(crate) fn stale(version: u32, changed: Vec<String>) -> Self {
        Self { version: Some(version), changed, ..Self::new(ProblemCode::Stale) }
    }

    /// 409 with the version that stands.
    pub(crate) fn conflict(version: u32) -> Self {
        Self { version: Some(version), ..Self::new(ProblemCode::Conflict) }
    }

    /// 503 or 429, to be tried again after so many seconds.
    pub(crate) fn later(code: ProblemCode, seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..Self::new(code) }
    }

    /// 500; the cause is logged and not shown.
    pub(crate) fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self { cause: Some(Arc::new(cause.into())), ..Self::new(ProblemCode::Internal) }
    }

    /// The connection ends with the answer, because what else comes on it cannot be trusted to be a request.
    pub(crate) const fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What is behind it, for the log.
    pub(crate) const fn cause(&self) -> Option<&Arc<anyhow::Error>> {
        self.cause.as_ref()
    }

    /// The body that tells it.
    pub(crate) fn problem(&self, request_id: &str) -> Problem {
        let code = self.code.code();
        Problem {
            kind: format!("https://huiyin.invalid/problems/{code}"),
            title: code.replace('_', " "),
            status: self.code.status(),
            code: self.code,
            request_id: request_id.to_owned(),
            rule: self.refusal.as_ref().map(|refusal| refusal.rule.code().to_owned()),
            state: self.refusal.as_ref().map(|refusal| refusal.state.code().to_owned()),
            version: self.version,
            changed: self.changed.clone(),
            errors: self.errors.clone(),
        }
    }

    /// The whole answer.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.problem(request_id)).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(version) = self.version
            && let Ok(etag) = HeaderValue::try_from(format!("\"{version}\""))
        {
            headers.insert(ETAG, etag);
        }
        if self.status() == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110 asks for both; what is to be upgraded to is not a protocol but a program.
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(UPGRADE, HeaderValue::from_static("huiyin-format/2"));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.closes {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The failure that stands for an error answer of the libraries below us, which knows only its status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::new(match status {
            StatusCode::NOT_FOUND => ProblemCode::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
            StatusCode::URI_TOO_LONG => ProblemCode::UriTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::NotJson,
            StatusCode::REQUEST_TIMEOUT => ProblemCode::TooSlow,
            status if status.is_client_error() => ProblemCode::Malformed,
            _ => ProblemCode::Internal,
        })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let seconds = match error {
            StoreError::Busy | StoreError::TimedOut | StoreError::Unavailable | StoreError::Unanswered => 2,
            StoreError::Closed => 5,
            StoreError::DiskFull => 30,
            other => return Self::internal(other),
        };
        Self { cause: Some(Arc::new(error.into())), ..Self::later(ProblemCode::Busy, seconds) }
    }
}

impl From<FilingError> for Failure {
    fn from(error: FilingError) -> Self {
        match error {
            FilingError::Conflict { version } => Self::conflict(version),
            FilingError::NotFound => Self::not_found(),
            FilingError::NumberTaken => Self::new(ProblemCode::NumberTaken),
            FilingError::Refused(refusal) => refusal.into(),
            FilingError::Store(error) => error.into(),
        }
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::not_found(),
            ActError::Stale { version, changed } => Self::stale(version, changed),
            ActError::Refused(refusal) if refusal.rule == Rule::NotYourRole => {
                Self::new(ProblemCode::NotAllowed)
            }
            ActError::Refused(refusal) => refusal.into(),
            ActError::Conflict { version } => Self::conflict(version),
            ActError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::new(ProblemCode::Refused) }
    }
}

/// The status now, the body later: see the module's words.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_and_every_status_a_code() {
        for code in ProblemCode::ALL {
            let failure = Failure::new(*code);
            assert_eq!(failure.status().as_u16(), code.status());
            assert!(failure.problem("r").kind.ends_with(code.code()));
        }
        for status in (400..600).filter_map(|status| StatusCode::from_u16(status).ok()) {
            let told = Failure::of_status(status).status();
            assert_eq!(told.is_client_error(), status.is_client_error(), "{status}");
        }
    }

    #[test]
    fn a_cause_is_not_told() {
        let failure = Failure::internal(anyhow::anyhow!("secret table missing"));
        let problem = serde_json::to_string(&failure.problem("r1")).unwrap();
        assert!(!problem.contains("secret"), "{problem}");
        assert!(problem.contains(r#""request_id":"r1""#), "{problem}");
    }
}
