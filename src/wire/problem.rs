//! Errors as the API tells them: RFC 9457 `application/problem+json` with a stable code.
//!
//! The desk translates the code; `title` and `detail` are for people who read the API itself.

use serde::{Deserialize, Serialize};

use crate::domain::code::code_enum;

code_enum! {
    /// What went wrong; `problem.code` is its sentence in the locales.
    ProblemCode = "problem" {
        /// 400: the request is not what HTTP or JSON allow.
        Malformed = "malformed",
        /// 400: the cursor is none that this server made for this list.
        BadCursor = "bad_cursor",
        /// 401: no session, or it has ended.
        SignInNeeded = "sign_in_needed",
        /// 401: the name or the password is wrong.
        WrongPassword = "wrong_password",
        /// 403: the role does not allow it.
        NotAllowed = "not_allowed",
        /// 404: there is none, or not for this person.
        NotFound = "not_found",
        /// 405.
        MethodNotAllowed = "method_not_allowed",
        /// 409: the id or the number stands for something else already.
        Conflict = "conflict",
        /// 409: the case number is taken; the desk takes the next.
        NumberTaken = "number_taken",
        /// 409: the state of the case does not allow the act.
        Refused = "refused",
        /// 412: the case has changed since it was read.
        Stale = "stale",
        /// 413.
        TooLarge = "too_large",
        /// 414.
        UriTooLong = "uri_too_long",
        /// 431: too many or too long headers.
        HeadersTooLarge = "headers_too_large",
        /// 415: JSON is taken, and nothing else.
        NotJson = "not_json",
        /// 422: a field is wrong; see `errors`.
        Invalid = "invalid",
        /// 426: this program and the server are too far apart to understand each other.
        UpdateNeeded = "update_needed",
        /// 428: `If-Match` is missing.
        VersionNeeded = "version_needed",
        /// 429: too many attempts.
        TooMany = "too_many",
        /// 500: our fault; the cause is in the log.
        Internal = "internal",
        /// 503: busy; try again later.
        Busy = "busy",
        /// 408: the body took too long.
        TooSlow = "too_slow",
    }
}

impl ProblemCode {
    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::BadCursor => 400,
            Self::SignInNeeded | Self::WrongPassword => 401,
            Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::Conflict | Self::NumberTaken | Self::Refused => 409,
            Self::Stale => 412,
            Self::TooLarge => 413,
            Self::UriTooLong => 414,
            Self::NotJson => 415,
            Self::Invalid => 422,
            Self::UpdateNeeded => 426,
            Self::VersionNeeded => 428,
            Self::HeadersTooLarge => 431,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Which: a JSON pointer into the body, such as `/caller/number`.
    pub pointer: String,
    /// Why: `fault.code` is its sentence in the locales.
    pub code: String,
    /// The limit that was passed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// The body of every answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `https://huiyin.invalid/problems/CODE`: an identifier, not an address.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: ProblemCode,
    /// The request it answers, to be named when asking for help.
    pub request_id: String,
    /// The rule that refused an act (`rule.code`), with `state` beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The state of the case when the act was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The current version of the case when the one given is stale, or when the id stands for something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The fields that changed since the version given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}
