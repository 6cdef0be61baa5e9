//! What can go wrong between here and the server, sorted by what to do next.

use std::error::Error;
use std::time::Duration;

use super::address::NotLoopback;
use crate::wire::problem::{Problem, ProblemCode};

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The name of the host leads nowhere.
    NoSuchHost,
    /// Nobody took the connection.
    NotConnected,
    /// It took too long.
    TooSlow,
    /// The connection broke before the answer was whole.
    Cut,
}

/// Why a request did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is no `https://host` or `http://localhost`.
    #[error("this is not the address of a server")]
    BadAddress,
    /// Plain HTTP to another machine; nothing was sent.
    #[error("plain http is spoken to this machine only; use https")]
    Insecure,
    /// The file of the certificate authority has no certificate.
    #[error("the file of the certificate authority has no certificate in it")]
    BadAuthority,
    /// The server's certificate does not stand for it; nothing was sent.
    #[error("the server's certificate cannot be trusted")]
    Untrusted,
    /// No answer came; whether the request was carried out is unknown.
    #[error("the server does not answer")]
    Offline(NoAnswer),
    /// Something between here and the server, or the server itself, is out of order for now.
    #[error("the server is not available (HTTP {status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// When to come back, if it was said.
        retry_after: Option<Duration>,
    },
    /// Something answers, but it is not a server of this program: a sign-in page of a network, perhaps.
    #[error("what answers there is not a Huiyin server (HTTP {status})")]
    NotOurServer {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is longer than any the program knows, or cannot be read by this version of it.
    #[error("the server's answer is not understood; this program may be too old for it")]
    NotUnderstood,
    /// The server says no, and why.
    #[error("{}", .problem.code)]
    Problem {
        /// Its reason.
        problem: Box<Problem>,
        /// When to come back, if it was said.
        retry_after: Option<Duration>,
    },
}

/// What to do after a failure with something that must get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Try again, with growing random waits.
    Retry,
    /// Try again, not before this.
    RetryAfter(Duration),
    /// Keep everything and ask for the password.
    SignIn,
    /// Keep it and show it to somebody who may decide.
    Park,
    /// Somebody else was first: show both.
    Conflict,
    /// Keep it, show which field is wrong, let it be changed.
    Rejected,
    /// Stop sending until the program is brought up to date.
    Update,
}

impl NextStep {
    /// Whether a person has to decide.
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::Park | Self::Conflict | Self::Rejected)
    }
}

impl ClientError {
    /// The key of its sentence, such as `offline`; a problem's is its own code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::Insecure => "insecure",
            Self::BadAuthority => "bad_authority",
            Self::Untrusted => "untrusted",
            Self::Offline(_) => "offline",
            Self::Unavailable { .. } => "unavailable",
            Self::NotOurServer { .. } => "not_our_server",
            Self::NotUnderstood => "not_understood",
            Self::Problem { problem, .. } => problem.code.code(),
        }
    }

    /// The problem the server named, if it named one.
    pub fn problem(&self) -> Option<&Problem> {
        if let Self::Problem { problem, .. } = self { Some(problem) } else { None }
    }

    /// Whether the server named this problem.
    pub fn is(&self, code: ProblemCode) -> bool {
        self.problem().is_some_and(|problem| problem.code == code)
    }

    /// Whether the desk should count itself as cut off: the server was not spoken to.
    pub fn is_offline(&self) -> bool {
        matches!(
            self,
            Self::Offline(_) | Self::Unavailable { .. } | Self::NotOurServer { .. } | Self::Untrusted
        )
    }

    /// What to do next.
    pub fn next_step(&self) -> NextStep {
        let again = |after: &Option<Duration>| after.map_or(NextStep::Retry, NextStep::RetryAfter);
        match self {
            Self::Offline(_) | Self::NotOurServer { .. } | Self::Untrusted => NextStep::Retry,
            Self::Unavailable { retry_after, .. } => again(retry_after),
            Self::BadAddress | Self::Insecure | Self::BadAuthority => NextStep::Park,
            Self::NotUnderstood => NextStep::Update,
            Self::Problem { problem, retry_after } => match problem.status {
                401 => NextStep::SignIn,
                409 | 412 => NextStep::Conflict,
                400 | 413 | 415 | 422 => NextStep::Rejected,
                426 => NextStep::Update,
                408 | 425 | 429 | 500..=599 => again(retry_after),
                _ => NextStep::Park,
            },
        }
    }
}

/// Sorts what the transport reports.
pub(super) fn of_transport(error: &reqwest::Error) -> ClientError {
    if caused_by::<NotLoopback>(error) {
        return ClientError::Insecure;
    }
    if caused_by::<rustls::Error>(error) {
        return ClientError::Untrusted;
    }
    ClientError::Offline(if error.is_timeout() {
        NoAnswer::TooSlow
    } else if error.is_dns() {
        NoAnswer::NoSuchHost
    } else if error.is_connect() {
        NoAnswer::NotConnected
    } else {
        NoAnswer::Cut
    })
}

/// Whether a `T` is behind this error. An I/O error leaves what it was made from out of its chain of sources, and
/// TLS arrives as one within another (`tests/it/tls.rs`).
fn caused_by<T: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<T>()
        || within.is_some_and(|cause| caused_by::<T>(cause))
        || error.source().is_some_and(caused_by::<T>)
}
