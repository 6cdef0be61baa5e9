//! The keys of the account that is unlocked, and its drafts as rows.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::password::unlock_second;
use super::seal::{RecordKey, Sealed, Wrapped, label};
use super::{DraftRecord, Drafts, JournalError};
use crate::domain::secret::Secret;

/// Whose drafts are open, and with which keys.
pub(super) struct Vault {
    owner: String,
    /// By the key's id, the one that seals new records last.
    keys: Vec<(i64, RecordKey)>,
}

impl Vault {
    /// Opens the keys of `owner` that the password unwraps; makes the first one where there is none.
    pub(super) fn unlock(db: &Connection, owner: String, password: &Secret) -> Result<Self, JournalError> {
        let rows = wrapped_keys(db, &owner)?;
        if rows.is_empty() {
            return Self::begin(db, owner, password);
        }
        let mut keys = Vec::new();
        let mut reason = JournalError::KeyDamaged;
        for (id, wrapped) in &rows {
            match wrapped.unwrap_by(password, &owner) {
                Ok(key) => keys.push((*id, key)),
                Err(other) => match unlock_second(db, &owner, *id, password)? {
                    Some(key) => keys.push((*id, key)),
                    None if matches!(other, JournalError::KeyDamaged) => {}
                    None => reason = other,
                },
            }
        }
        if keys.is_empty() { Err(reason) } else { Ok(Self { owner, keys }) }
    }

    /// Whether `password` opens the newest key of `owner`.
    pub(super) fn check(db: &Connection, owner: &str, password: &Secret) -> Result<(), JournalError> {
        let newest = wrapped_keys(db, owner)?.pop();
        let (_, wrapped) = newest.ok_or(JournalError::NotHereBefore)?;
        wrapped.unwrap_by(password, owner).map(drop)
    }

    /// Whose they are: the account and the realm.
    pub(super) fn owner(&self) -> &str {
        &self.owner
    }

    /// The key that seals new records.
    pub(super) fn newest_key(&self) -> Result<(i64, &RecordKey), JournalError> {
        self.keys.last().map(|(id, key)| (*id, key)).ok_or(JournalError::Locked)
    }

    /// The key of that id, if it is open.
    pub(super) fn key(&self, id: i64) -> Option<&RecordKey> {
        self.keys.iter().find(|(open, _)| *open == id).map(|(_, key)| key)
    }

    /// The ids of the keys that are open.
    pub(super) fn key_ids(&self) -> impl Iterator<Item = i64> {
        self.keys.iter().map(|(id, _)| *id)
    }

    /// The same vault with a new key, wrapped by the password, which seals from now on.
    pub(super) fn with_another_key(
        mut self,
        db: &Connection,
        password: &Secret,
    ) -> Result<Self, JournalError> {
        let another = Self::begin(db, self.owner.clone(), password)?;
        self.keys.extend(another.keys);
        Ok(self)
    }

    /// Makes a new key for `owner`.
    pub(super) fn begin(db: &Connection, owner: String, password: &Secret) -> Result<Self, JournalError> {
        let key = RecordKey::new()?;
        let wrapped = key.wrap(password, &owner)?;
        db.execute(
            "INSERT INTO key (owner, salt, memory, passes, nonce, wrapped, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                owner,
                wrapped.salt,
                wrapped.memory,
                wrapped.passes,
                wrapped.key.nonce,
                wrapped.key.bytes,
                wrapped.sum
            ],
        )?;
        Ok(Self { keys: vec![(db.last_insert_rowid(), key)], owner })
    }

    /// Writes a draft, unless a newer version of it is there.
    pub(super) fn save(&self, db: &Connection, draft: &DraftRecord) -> Result<(), JournalError> {
        let (key_id, key) = self.newest_key()?;
        let id = draft.id.to_string();
        let sealed = key.seal(draft.body.as_bytes(), &label("draft", &id, draft.version, &self.owner))?;
        let mut save = db.prepare_cached(
            "INSERT INTO draft (id, owner, key, version, updated_at, nonce, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET key = excluded.key, version = excluded.version,
                 updated_at = excluded.updated_at, nonce = excluded.nonce, sealed = excluded.sealed
             WHERE excluded.version >= draft.version AND excluded.owner = draft.owner",
        )?;
        let version = i64::try_from(draft.version).unwrap_or(i64::MAX);
        let at = draft.updated_at.as_millisecond();
        save.execute(params![id, self.owner, key_id, version, at, sealed.nonce, sealed.bytes])?;
        Ok(())
    }

    /// Every draft of the owner.
    pub(super) fn drafts(&self, db: &Connection) -> Result<Drafts, JournalError> {
        let mut rows = db.prepare_cached(
            "SELECT id, key, version, updated_at, nonce, sealed FROM draft WHERE owner = ?1 ORDER BY updated_at DESC",
        )?;
        let mut rows = rows.query([&self.owner])?;
        let mut drafts = Drafts::default();
        while let Some(row) = rows.next()? {
            let key_id: i64 = row.get(1)?;
            let Some(key) = self.key(key_id) else {
                drafts.sealed += 1;
                continue;
            };
            let (id, version, at): (String, i64, i64) = (row.get(0)?, row.get(2)?, row.get(3)?);
            let version = u64::try_from(version).unwrap_or_default();
            let sealed = Sealed { nonce: row.get(4)?, bytes: row.get(5)? };
            let body = key.open(&sealed, &label("draft", &id, version, &self.owner));
            let body = body.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
            match (id.parse(), Timestamp::from_millisecond(at), body) {
                (Ok(id), Ok(updated_at), Some(body)) => {
                    drafts.records.push(DraftRecord { id, version, updated_at, body });
                }
                _ => drafts.damaged += 1,
            }
        }
        Ok(drafts)
    }
}

pub(super) fn wrapped_keys(db: &Connection, owner: &str) -> Result<Vec<(i64, Wrapped)>, JournalError> {
    let mut rows = db.prepare(
        "SELECT id, salt, memory, passes, nonce, wrapped, sum FROM key WHERE owner = ?1 ORDER BY id",
    )?;
    let rows = rows.query_map([owner], |row| {
        let key = Sealed { nonce: row.get(4)?, bytes: row.get(5)? };
        let (salt, memory, passes, sum) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(6)?);
        Ok((row.get(0)?, Wrapped { salt, memory, passes, key, sum }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
