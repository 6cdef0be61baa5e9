//! What can go wrong below the aggregates. No variant carries a stored value: the words are fit for a log.

use std::path::PathBuf;

/// Why a database on another machine is told nothing, not even a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// It offers no TLS.
    #[error("it offers no TLS")]
    NoTls,
    /// No authority that is believed stands for its certificate.
    #[error("its certificate is not trusted")]
    Authority,
    /// Its certificate is another host's.
    #[error("its certificate is not for this name")]
    Name,
    /// Its certificate does not hold today.
    #[error("its certificate has expired, or does not hold yet")]
    Time,
}

/// A failure of the store itself, not of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too many commands are waiting.
    #[error("too many commands are waiting")]
    Busy,
    /// The reading took longer than it may.
    #[error("the reading took too long")]
    TimedOut,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// A command panicked; it was undone.
    #[error("a command panicked and was undone")]
    Panicked,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The database cannot be reached now; nothing was changed.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The database did not say whether it has written: it may have.
    #[error("the database did not answer a commit")]
    Unanswered,
    /// The address of a database is wrong. It is not told, for it may hold a password.
    #[error("the address of the database is wrong: {what}")]
    Address {
        /// What of it.
        what: &'static str,
    },
    /// The database is not who it should be; nothing was said to it.
    #[error("{path} is not believed: {why}", path = path.display())]
    Distrusted {
        /// Which database.
        path: PathBuf,
        /// Why.
        why: Distrust,
    },
    /// The file was written by a newer version of the program; it has not been touched.
    #[error("{path} is of schema {found}, newer than {known}, the newest this program knows", path = path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest known here.
        known: i64,
    },
    /// The file is not a store of ours, or it is damaged; it has not been touched.
    #[error("{path} is damaged, or it is no store of this program", path = path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
    },
    /// A file or folder cannot be opened or made.
    #[error("cannot open {path}: {kind}", path = path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        kind: std::io::ErrorKind,
    },
    /// A rule of the schema refused the statement.
    #[error("a rule of the schema refused a statement")]
    Constraint,
    /// A stored value is not what the program expects there.
    #[error("a stored {what} cannot be read")]
    Damaged {
        /// Which kind of value.
        what: &'static str,
    },
    /// Anything else the engine says, by its code.
    #[error("the engine failed with code {code} while {doing}")]
    Engine {
        /// The engine's own code: the extended one of `SQLite`, the SQLSTATE of PostgreSQL.
        code: String,
        /// What was being done.
        doing: &'static str,
    },
}
