//! What a person keeps for themselves beside drafts, one text under a name, sealed as drafts are: saved searches.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::JournalError;
use super::seal::{Sealed, label};
use super::vault::Vault;

/// Keeps `text` under `name`, in the place of what stood there.
pub(super) fn keep(db: &Connection, vault: &Vault, name: &str, text: &str) -> Result<(), JournalError> {
    let (key_id, key) = vault.newest_key()?;
    let before: Option<i64> = db
        .query_row("SELECT version FROM own WHERE owner = ?1 AND name = ?2", [vault.owner(), name], |row| {
            row.get(0)
        })
        .optional()?;
    let version = before.unwrap_or_default().saturating_add(1);
    let named = label("own", name, u64::try_from(version).unwrap_or_default(), vault.owner());
    let sealed = key.seal(text.as_bytes(), &named)?;
    db.execute(
        "INSERT INTO own (owner, name, key, version, nonce, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (owner, name) DO UPDATE SET key = excluded.key, version = excluded.version,
             nonce = excluded.nonce, sealed = excluded.sealed",
        params![vault.owner(), name, key_id, version, sealed.nonce, sealed.bytes],
    )?;
    Ok(())
}

/// What stands under `name`; none where nothing does, or it does not open.
pub(super) fn read(db: &Connection, vault: &Vault, name: &str) -> Result<Option<String>, JournalError> {
    let row = db
        .query_row(
            "SELECT key, version, nonce, sealed FROM own WHERE owner = ?1 AND name = ?2",
            [vault.owner(), name],
            |row| {
                let sealed = Sealed { nonce: row.get(2)?, bytes: row.get(3)? };
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, sealed))
            },
        )
        .optional()?;
    let Some((key, version, sealed)) = row else { return Ok(None) };
    let named = label("own", name, u64::try_from(version).unwrap_or_default(), vault.owner());
    let plain = vault.key(key).and_then(|key| key.open(&sealed, &named));
    Ok(plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok()))
}
