//! The epoch of a realm's server, as it was known last.

use rusqlite::{Connection, OptionalExtension as _};

use super::JournalError;
use crate::domain::epoch::Epoch;

/// None where none was ever heard of.
pub(super) fn read(db: &Connection, realm: &str) -> Result<Option<Epoch>, JournalError> {
    let kept: Option<String> =
        db.query_row("SELECT value FROM meta WHERE name = ?1", [name(realm)], |row| row.get(0)).optional()?;
    Ok(kept.and_then(|epoch| epoch.parse().ok()))
}

pub(super) fn keep(db: &Connection, realm: &str, epoch: Epoch) -> Result<(), JournalError> {
    let kept = "INSERT INTO meta (name, value) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    db.execute(kept, [name(realm), epoch.to_string()])?;
    Ok(())
}

fn name(realm: &str) -> String {
    format!("epoch {realm}")
}
