//! Who has signed in at this desk, so that they can do so again while the server cannot be reached.
//!
//! The account is kept as the server told it last, sealed by the key that the password unwraps: who opens it has given
//! the right password. It is good for three days; ten wrong passwords close it for a quarter of an hour.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::JournalError;
use super::seal::{Sealed, label};
use super::vault::Vault;
use crate::domain::secret::Secret;
use crate::wire::account::Account;

/// An account may have been closed since: longer than this it is not believed without the server.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(72);
/// So many wrong passwords in a row, and no other is tried for [`REST`].
const TRIES: i64 = 10;
const REST: SignedDuration = SignedDuration::from_mins(15);

/// Keeps the account of the person who has the vault open, as of `now`.
pub(super) fn keep(
    db: &Connection,
    vault: &Vault,
    account: &Account,
    now: Timestamp,
) -> Result<(), JournalError> {
    let (key_id, key) = vault.newest_key()?;
    let at = now.as_millisecond();
    let plain = serde_json::to_vec(account).map_err(|_| JournalError::NoKey)?;
    let version = u64::try_from(at).unwrap_or_default();
    let sealed = key.seal(&plain, &label("person", "", version, vault.owner()))?;
    db.execute(
        "INSERT INTO person (owner, key, signed_in_at, nonce, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (owner) DO UPDATE SET key = excluded.key, signed_in_at = excluded.signed_in_at,
             nonce = excluded.nonce, sealed = excluded.sealed, wrong = 0",
        params![vault.owner(), key_id, at, sealed.nonce, sealed.bytes],
    )?;
    Ok(())
}

/// Opens the vault of `owner` without the server; gives the account and when the server knew it last.
pub(super) fn open(
    db: &Connection,
    owner: String,
    password: &Secret,
    now: Timestamp,
) -> Result<(Vault, Account, Timestamp), JournalError> {
    let row = db
        .query_row(
            "SELECT key, signed_in_at, wrong, wrong_at, nonce, sealed FROM person WHERE owner = ?1",
            [&owner],
            |row| {
                let sealed = Sealed { nonce: row.get(4)?, bytes: row.get(5)? };
                let (key, at): (i64, i64) = (row.get(0)?, row.get(1)?);
                Ok((key, at, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?, sealed))
            },
        )
        .optional()?;
    let Some((key_id, at, wrong, wrong_at, sealed)) = row else { return Err(JournalError::NotHereBefore) };
    let at_ms = at;
    let at = Timestamp::from_millisecond(at).map_err(|_| JournalError::KeyDamaged)?;
    let since_wrong = now.as_millisecond().saturating_sub(wrong_at);
    // A clock that was set back opens nothing.
    if wrong >= TRIES && i128::from(since_wrong) < REST.as_millis() {
        return Err(JournalError::TooManyTries);
    }
    if now.duration_since(at) > GOOD_FOR {
        return Err(JournalError::TooLongAgo);
    }
    let vault = match Vault::unlock(db, owner.clone(), password) {
        Ok(vault) => vault,
        Err(JournalError::WrongPassword) => {
            let wrong = if wrong >= TRIES { 1 } else { wrong + 1 };
            db.execute(
                "UPDATE person SET wrong = ?2, wrong_at = ?3 WHERE owner = ?1",
                params![owner, wrong, now.as_millisecond()],
            )?;
            return Err(JournalError::WrongPassword);
        }
        Err(other) => return Err(other),
    };
    let version = u64::try_from(at_ms).unwrap_or_default();
    let plain = vault.key(key_id).and_then(|key| key.open(&sealed, &label("person", "", version, &owner)));
    let account = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    let account = account.ok_or(JournalError::KeyDamaged)?;
    db.execute("UPDATE person SET wrong = 0 WHERE owner = ?1", [&owner])?;
    Ok((vault, account, at))
}
