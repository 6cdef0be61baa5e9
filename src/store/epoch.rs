//! The epoch of this store, and what changes with it.

use jiff::Timestamp;

use super::tx::statements;
use super::{StoreError, Tx, audit, presence, sessions, stations};
use crate::domain::epoch::Epoch;

statements! {
    /// By primary key.
    CURRENT = "SELECT value FROM meta WHERE name = 'epoch'";
    /// By primary key.
    BEGIN = "UPDATE meta SET value = $1 WHERE name = 'epoch'";
}

/// The epoch that the store is in.
pub fn current(tx: &mut dyn Tx) -> Result<Epoch, StoreError> {
    tx.row(CURRENT, &[])?.ok_or(StoreError::Damaged { what: "epoch" })?.parsed(0)
}

/// Takes over the epoch of another store, of which this one is to be the same.
pub(super) fn adopt(tx: &mut dyn Tx, epoch: Epoch) -> Result<(), StoreError> {
    tx.exec(BEGIN, &[(&epoch.to_string()).into()]).map(drop)
}

/// Begins another epoch, in a store that was put back from a backup. Stations that may have been leased since are
/// skipped, so that no two desks come to have the same.
pub fn begin(tx: &mut dyn Tx, epoch: Epoch) -> Result<(), StoreError> {
    tx.exec(BEGIN, &[(&epoch.to_string()).into()])?;
    stations::skip(tx)
}

/// The same for a store that was found put back at `at`: all sessions end, for some of those it knows were ended since.
pub(super) fn was_put_back(tx: &mut dyn Tx, epoch: Epoch, at: Timestamp) -> Result<(), StoreError> {
    begin(tx, epoch)?;
    sessions::end_everyone(tx)?;
    presence::clear(tx)?;
    let detail = epoch.to_string();
    let (action, request) = ("store.restore", "cli");
    audit::append(tx, &audit::Entry { at, actor: None, action, subject: "", request, detail: &detail })
}
