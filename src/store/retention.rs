//! What a month of intake holds, and why one is not let go.

use jiff::Timestamp;

use super::StoreError;

/// A month of intake, for whoever is about to let it go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its cases were received from then on,
    pub from: Timestamp,
    /// and before then.
    pub until: Timestamp,
    /// How many they are.
    pub cases: u64,
    /// How many events they have.
    pub events: u64,
}

/// Why a month stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    /// There is none of that name.
    #[error("there is no such month")]
    Unknown,
    /// It is this month or the one before, or is still to come.
    #[error("the month is too recent")]
    Recent,
    /// There is work left in it.
    #[error("{0} cases of the month are unfinished")]
    Unfinished(u64),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
