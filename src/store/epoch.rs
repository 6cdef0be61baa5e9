//! The epoch of this store, and what changes with it.

use super::tx::statements;
use super::{StoreError, Tx, stations};
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
