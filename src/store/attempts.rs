//! Failed sign-ins, kept here so that a restart does not forgive them.

use jiff::{SignedDuration, Timestamp};

use super::tx::statements;
use super::{StoreError, Tx};

statements! {
    /// Appends.
    RECORD = "INSERT INTO attempt (account, at) VALUES ($1, $2)";
    /// By `attempt_by_account`.
    SINCE = "SELECT at FROM attempt WHERE account = $1 AND at >= $2 ORDER BY at LIMIT 1000";
    /// By `attempt_by_account`.
    CLEAR = "DELETE FROM attempt WHERE account = $1";
    /// By `attempt_by_time`.
    FORGET = "DELETE FROM attempt WHERE at < $1";
}

/// Older failures play no part in any delay or lock.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Records a failure for a name, which need not exist, and forgets all that are older than a day.
pub fn record(tx: &mut dyn Tx, name: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(FORGET, &[at.checked_sub(KEPT).unwrap_or(Timestamp::MIN).into()])?;
    tx.exec(RECORD, &[name.into(), at.into()]).map(drop)
}

/// When sign-ins for a name failed since then, oldest first.
pub fn since(tx: &mut dyn Tx, name: &str, since: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
    tx.rows(SINCE, &[name.into(), since.into()])?.iter().map(|row| row.time(0)).collect()
}

/// Forgets the failures of a name: after a success, or by a lead.
pub fn clear(tx: &mut dyn Tx, name: &str) -> Result<(), StoreError> {
    tx.exec(CLEAR, &[name.into()]).map(drop)
}
