//! What a failure of the database asks for: the same again, another connection, or an answer. Its text is dropped, for it
//! may quote what a person typed.

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// Why a statement or a commit failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Somebody else was there at the same time: the same transaction may go well the next time.
    Collision,
    /// A name is taken, perhaps since this transaction began.
    Taken,
    /// There is no partition for this key yet.
    NoMonth(i64),
    /// The server is gone, going, or no longer the one that writes.
    Gone,
    /// It has no connection to spare.
    Full,
    /// It took too long, or was told to stop.
    Stopped,
    /// The disk of the server is full.
    DiskFull,
    /// A rule of the schema.
    Rule,
    /// Anything else.
    Other {
        /// The SQLSTATE.
        code: String,
        /// What was being done.
        doing: &'static str,
    },
}

impl Fault {
    /// What an error of the client says.
    pub(super) fn of(error: &Error, doing: &'static str) -> Self {
        let Some(told) = error.as_db_error() else {
            // Without a word from the server: the connection broke.
            let broke = error.is_closed()
                || std::error::Error::source(error)
                    .is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
            return if broke { Self::Gone } else { Self::Other { code: "client".to_owned(), doing } };
        };
        let code = told.code();
        match code.code() {
            "HY001" => told.detail().and_then(|key| key.parse().ok()).map_or(Self::Rule, Self::NoMonth),
            // A server that starts, stops, was promoted or demoted.
            "25006" | "53400" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" => Self::Gone,
            "53300" => Self::Full,
            "40001" | "40P01" | "55P03" => Self::Collision,
            "53100" => Self::DiskFull,
            "57014" => Self::Stopped,
            class if class.starts_with("08") => Self::Gone,
            _ if *code == SqlState::UNIQUE_VIOLATION => Self::Taken,
            class if class.starts_with("23") => Self::Rule,
            other => Self::Other { code: other.to_owned(), doing },
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            // A name that is taken again and again is one that many want at once.
            Fault::Collision | Fault::Taken | Fault::Full => Self::Busy,
            Fault::Rule | Fault::NoMonth(_) => Self::Constraint,
            // Which host, and why, is told where it is opened (`unserved.rs`) and in the log.
            Fault::Gone => Self::Unavailable,
            Fault::Stopped => Self::TimedOut,
            Fault::DiskFull => Self::DiskFull,
            Fault::Other { code, doing } => Self::Engine { code, doing },
        }
    }
}
