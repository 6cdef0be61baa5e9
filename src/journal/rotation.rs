//! The key that seals records is made anew every thirty days, and what is there is sealed anew with it: what somebody has
//! seen of an old key opens nothing that is written later.
//!
//! It happens while the person signs in, for the new key must be wrapped by the password, and in the transaction of
//! that: after a power cut it has happened or it has not. A record that does not open keeps its key.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::JournalError;
use super::seal::{Sealed, label};
use super::vault::Vault;
use crate::domain::secret::Secret;

/// How long a key seals new records.
const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The tables with sealed records: their name, and the columns of a record's id and version in its label.
const SEALED: [(&str, &str, &str); 4] = [
    ("draft", "id", "version"),
    ("outbox", "id", "version"),
    ("person", "''", "signed_in_at"),
    ("own", "name", "version"),
];

/// Opens the vault of `owner`, with a new key where the newest is too old at `now`.
pub(super) fn unlock(
    db: &Connection,
    owner: String,
    password: &Secret,
    now: Timestamp,
) -> Result<Vault, JournalError> {
    rotate_if_due(db, Vault::unlock(db, owner, password)?, password, now)
}

/// Goes over to a new key if the newest one of the vault is too old at `now`; gives the vault as it is then.
fn rotate_if_due(
    db: &Connection,
    vault: Vault,
    password: &Secret,
    now: Timestamp,
) -> Result<Vault, JournalError> {
    let (newest, _) = vault.newest_key()?;
    match made_at(db, newest)? {
        Some(made) if now.duration_since(made) >= LIFE => {}
        Some(_) => return Ok(vault),
        // A key from before keys were dated: its life begins now.
        None => {
            date(db, newest, now)?;
            return Ok(vault);
        }
    }
    let vault = vault.with_another_key(db, password)?;
    let (newest, _) = vault.newest_key()?;
    date(db, newest, now)?;
    for (table, id, version) in SEALED {
        seal_anew(db, &vault, table, id, version)?;
    }
    let old: Vec<i64> = vault.key_ids().filter(|id| *id != newest).collect();
    for key in old {
        forget_unless_used(db, key)?;
    }
    Ok(vault)
}

fn seal_anew(
    db: &Connection,
    vault: &Vault,
    table: &str,
    id: &str,
    version: &str,
) -> Result<(), JournalError> {
    let (newest, key) = vault.newest_key()?;
    // `person` has no row id of its own, so each row is found by what is in it.
    let select = format!("SELECT {id}, {version}, key, nonce, sealed FROM {table} WHERE owner = ?1");
    let update = format!(
        "UPDATE {table} SET key = ?1, nonce = ?2, sealed = ?3 WHERE owner = ?4 AND {version} = ?5 AND nonce = ?6"
    );
    let mut rows = db.prepare(&select)?;
    let mut rows = rows.query([vault.owner()])?;
    let mut anew = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, version, by): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let sealed = Sealed { nonce: row.get(3)?, bytes: row.get(4)? };
        let name = label(table, &id, u64::try_from(version).unwrap_or_default(), vault.owner());
        if let Some(plain) = vault.key(by).and_then(|old| old.open(&sealed, &name)) {
            anew.push((version, sealed.nonce, key.seal(&plain, &name)?));
        }
    }
    let mut update = db.prepare(&update)?;
    for (version, nonce, sealed) in anew {
        update.execute(params![newest, sealed.nonce, sealed.bytes, vault.owner(), version, nonce])?;
    }
    Ok(())
}

fn forget_unless_used(db: &Connection, key: i64) -> Result<(), JournalError> {
    for (table, ..) in SEALED {
        let used = format!("SELECT 1 FROM {table} WHERE key = ?1 LIMIT 1");
        if db.query_row(&used, [key], |_| Ok(())).optional()?.is_some() {
            return Ok(());
        }
    }
    db.execute("DELETE FROM second_wrap WHERE key = ?1", [key])?;
    db.execute("DELETE FROM key WHERE id = ?1", [key])?;
    db.execute("DELETE FROM meta WHERE name = ?1", [name(key)])?;
    Ok(())
}

fn made_at(db: &Connection, key: i64) -> Result<Option<Timestamp>, JournalError> {
    let made: Option<String> =
        db.query_row("SELECT value FROM meta WHERE name = ?1", [name(key)], |row| row.get(0)).optional()?;
    Ok(made.and_then(|made| made.parse().ok()))
}

fn date(db: &Connection, key: i64, now: Timestamp) -> Result<(), JournalError> {
    db.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name(key), now.to_string()],
    )?;
    Ok(())
}

/// Under which name the day of a key is kept.
fn name(key: i64) -> String {
    format!("key {key} made")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::journal::tests::{clock, draft, li, open_at, password};

    fn keys(dir: &std::path::Path) -> Vec<Vec<u8>> {
        let db = Connection::open(dir.join("drafts.db")).unwrap();
        let mut rows = db.prepare("SELECT wrapped FROM key ORDER BY id").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn after_thirty_days_everything_is_sealed_with_another_key() {
        let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
        let with = password("春眠不觉晓");
        let visit = |days: u64| {
            clock.advance(Duration::from_hours(24 * days));
            let (journal, _) = open_at(dir.path(), &clock);
            journal.unlock(&li(), &with).unwrap();
            journal.save_draft(draft(1, 1, "夜间施工"));
            assert_eq!(journal.drafts().unwrap().records, [draft(1, 1, "夜间施工")]);
            if days == 0 {
                journal.keep_own("searches", password("停水")).recv().unwrap().unwrap();
            }
            assert_eq!(journal.own("searches").unwrap().as_deref(), Some("停水"));
            drop(journal);
            keys(dir.path())
        };
        let first = visit(0);
        assert_eq!((visit(29), first.len()), (first.clone(), 1));
        let second = visit(1);
        assert!(second.len() == 1 && second != first, "one key, and another one");
        assert_eq!(visit(29), second);
    }

    #[test]
    fn a_record_that_does_not_open_keeps_its_key() {
        let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
        let (journal, _) = open_at(dir.path(), &clock);
        journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
        journal.save_draft(draft(1, 1, "a"));
        journal.save_draft(draft(2, 1, "b"));
        drop(journal);
        let db = Connection::open(dir.path().join("drafts.db")).unwrap();
        let id = draft(2, 1, "").id.to_string();
        db.execute("UPDATE draft SET sealed = zeroblob(40) WHERE id = ?1", [id]).unwrap();
        drop(db);
        clock.advance(Duration::from_hours(24 * 31));
        let (journal, _) = open_at(dir.path(), &clock);
        journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
        let drafts = journal.drafts().unwrap();
        assert_eq!((drafts.records.len(), drafts.damaged, drafts.sealed), (1, 1, 0));
        drop(journal);
        assert_eq!(keys(dir.path()).len(), 2);
    }
}
