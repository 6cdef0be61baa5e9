//! Sessions: a token known by its SHA-256 only, an end however busy, and an earlier one when idle.

use jiff::{SignedDuration, Timestamp};

use super::accounts::Account;
use super::tx::{Row, statements};
use super::{StoreError, Tx, accounts};
use crate::domain::account::AccountName;

statements! {
    /// Appends.
    START = "INSERT INTO session (token, id, account, created_at, used_at, expires_at)
        VALUES ($1, $2, $3, $4, $4, $5)";
    /// By primary key.
    FIND = "SELECT id, account, created_at, used_at, expires_at FROM session WHERE token = $1";
    /// By `session_by_account`.
    LIST = "SELECT id, account, created_at, used_at, expires_at FROM session
        WHERE account = $1 ORDER BY created_at, id";
    /// By primary key.
    TOUCH = "UPDATE session SET used_at = $1 WHERE token = $2 AND used_at < $1";
    /// By primary key.
    END = "DELETE FROM session WHERE token = $1";
    /// By the unique id.
    END_ONE = "DELETE FROM session WHERE account = $1 AND id = $2";
    /// By `session_by_account`.
    END_ALL = "DELETE FROM session WHERE account = $1";
    /// The whole table, which is small.
    END_EVERYONE = "DELETE FROM session";
    /// By `session_by_account`.
    END_OTHERS = "DELETE FROM session WHERE account = $1 AND token <> $2";
    /// The whole table, which is small.
    SWEEP = "DELETE FROM session WHERE expires_at <= $1 OR used_at <= $2";
}

/// The SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// A use is written down only when the last one is this old, so that reading does not become writing.
const TOUCH_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// By which its owner may name it.
    pub id: String,
    /// Whose.
    pub account: AccountName,
    /// Since when.
    pub created_at: Timestamp,
    /// The last use, to the minute.
    pub used_at: Timestamp,
    /// Its end, however busy.
    pub expires_at: Timestamp,
}

/// A session that stands, with its account.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The session.
    pub session: Session,
    /// The account as it is now.
    pub account: Account,
    /// Whether [`touch`] is due.
    pub touch_due: bool,
}

/// Starts a session; beyond `most` of one account, the oldest end.
pub fn start(tx: &mut dyn Tx, token: &TokenHash, session: &Session, most: usize) -> Result<(), StoreError> {
    let account = session.account.as_str();
    let standing = tx.rows(LIST, &[account.into()])?;
    for row in standing.iter().take((standing.len() + 1).saturating_sub(most)) {
        tx.exec(END_ONE, &[account.into(), row.text(0)?.into()])?;
    }
    let params = [
        token.as_slice().into(),
        (&session.id).into(),
        account.into(),
        session.created_at.into(),
        session.expires_at.into(),
    ];
    tx.exec(START, &params).map(drop)
}

/// The session of a token at `now`, if it stands: neither expired, nor idle for longer than `idle`, nor of a
/// disabled account.
pub fn find(
    tx: &mut dyn Tx,
    token: &TokenHash,
    now: Timestamp,
    idle: SignedDuration,
) -> Result<Option<Standing>, StoreError> {
    let Some(row) = tx.row(FIND, &[token.as_slice().into()])? else { return Ok(None) };
    let session = session(&row)?;
    let unused = now.duration_since(session.used_at);
    if session.expires_at <= now || unused >= idle {
        return Ok(None);
    }
    let account = accounts::find(tx, &session.account)?.filter(|account| !account.disabled);
    Ok(account.map(|account| Standing { session, account, touch_due: unused >= TOUCH_AFTER }))
}

/// The sessions of an account, oldest first, ended ones that were not swept yet among them.
pub fn list(tx: &mut dyn Tx, account: &AccountName) -> Result<Vec<Session>, StoreError> {
    tx.rows(LIST, &[account.as_str().into()])?.iter().map(session).collect()
}

/// Notes that a session is in use.
pub fn touch(tx: &mut dyn Tx, token: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(TOUCH, &[now.into(), token.as_slice().into()]).map(drop)
}

/// Ends the session of a token; false if there is none.
pub fn end(tx: &mut dyn Tx, token: &TokenHash) -> Result<bool, StoreError> {
    Ok(tx.exec(END, &[token.as_slice().into()])? == 1)
}

/// Ends every session of an account; answers how many.
pub fn end_all(tx: &mut dyn Tx, account: &AccountName) -> Result<u64, StoreError> {
    tx.exec(END_ALL, &[account.as_str().into()])
}

/// Ends every session there is.
pub(super) fn end_everyone(tx: &mut dyn Tx) -> Result<u64, StoreError> {
    tx.exec(END_EVERYONE, &[])
}

/// Ends every session of an account but that of `token`; answers how many.
pub fn end_others(tx: &mut dyn Tx, account: &AccountName, token: &TokenHash) -> Result<u64, StoreError> {
    tx.exec(END_OTHERS, &[account.as_str().into(), token.as_slice().into()])
}

/// Removes the sessions that have ended by themselves; answers how many.
pub fn sweep(tx: &mut dyn Tx, now: Timestamp, idle: SignedDuration) -> Result<u64, StoreError> {
    tx.exec(SWEEP, &[now.into(), now.checked_sub(idle).unwrap_or(Timestamp::MIN).into()])
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.text(0)?.to_owned(),
        account: row.parsed(1)?,
        created_at: row.time(2)?,
        used_at: row.time(3)?,
        expires_at: row.time(4)?,
    })
}
