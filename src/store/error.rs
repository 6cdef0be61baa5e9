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

/// Why a host of a database cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nobody knows its name.
    #[error("its name is not known")]
    Unknown,
    /// There is no way to it.
    #[error("there is no way to it")]
    NoWay,
    /// Nobody listens there.
    #[error("nobody listens there")]
    Refused,
    /// It did not answer in time.
    #[error("it does not answer")]
    Silent,
    /// The connection broke.
    #[error("the connection broke")]
    Broke,
    /// It starts or stops.
    #[error("it is starting or stopping")]
    NotReady,
    /// It has no connection to spare.
    #[error("it has no connection to spare")]
    Full,
    /// It is a copy, which takes no writes.
    #[error("it takes no writes")]
    Standby,
    /// The user or the password is wrong there, or may not come from here.
    #[error("it does not let this user in")]
    Denied,
    /// It has no database of that name.
    #[error("it has no such database")]
    NoDatabase,
    /// It is not who it should be; nothing was said to it.
    #[error("it is not believed: {0}")]
    Distrusted(Distrust),
    /// Anything else, by its SQLSTATE.
    #[error("it fails with code {0}")]
    Other(String),
}

impl Trouble {
    /// By which its sentence is found.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NoWay => "no_way",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Broke => "broke",
            Self::NotReady => "not_ready",
            Self::Full => "full",
            Self::Standby => "standby",
            Self::Denied => "denied",
            Self::NoDatabase => "no_database",
            Self::Distrusted(Distrust::NoTls) => "no_tls",
            Self::Distrusted(Distrust::Authority) => "untrusted",
            Self::Distrusted(Distrust::Name) => "other_name",
            Self::Distrusted(Distrust::Time) => "expired",
            Self::Other(_) => "other",
        }
    }
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
    /// None of the hosts of the database can be used.
    #[error("{path} cannot be used: {}", each(hosts), path = path.display())]
    Unserved {
        /// Which database.
        path: PathBuf,
        /// Each host that was tried, in that order, with the reason.
        hosts: Vec<(String, Trouble)>,
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

/// Each host with its reason.
fn each(hosts: &[(String, Trouble)]) -> String {
    hosts.iter().map(|(host, why)| format!("{host}: {why}")).collect::<Vec<_>>().join("; ")
}
