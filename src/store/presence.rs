//! Who has a case before them now. Rows pass: each ends by itself a minute after it was said last, and none is worth a
//! sync of its own (`Store::write_passing`). They stand in the store because several servers share one.
//!
//! One row a person and case: who has a case before them at two desks and leaves one is seen again when the other desk
//! says so next.

use jiff::Timestamp;

use super::tx::{Row, statements};
use super::{StoreError, Tx};
use crate::domain::account::AccountName;
use crate::domain::id::CaseId;
use crate::domain::presence::Doing;

statements! {
    /// By primary key.
    SAY = "INSERT INTO presence (case_id, account, doing, until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (case_id, account) DO UPDATE SET doing = $3, until = $4";
    /// By primary key.
    LEAVE = "DELETE FROM presence WHERE case_id = $1 AND account = $2";
    /// By primary key.
    OF_CASE = "SELECT case_id, account, doing FROM presence WHERE case_id = $1 AND until > $2 ORDER BY account";
    /// The whole table, which has a row a desk at the most.
    ALL = "SELECT case_id, account, doing FROM presence WHERE until > $1 ORDER BY case_id, account";
    /// By `presence_by_end`.
    ENDED = "SELECT DISTINCT case_id FROM presence WHERE until <= $1 ORDER BY case_id";
    /// By `presence_by_end`.
    SWEEP = "DELETE FROM presence WHERE until <= $1";
    /// The whole table.
    CLEAR = "DELETE FROM presence";
}

/// Somebody who has a case before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Someone {
    /// Which case.
    pub case: CaseId,
    /// Who.
    pub account: AccountName,
    /// What they do with it.
    pub doing: Doing,
}

/// What came of saying that one is there, or no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether anybody else sees a difference.
    pub changed: bool,
    /// Cases that somebody was before who has not said so for too long.
    pub ended: Vec<CaseId>,
}

/// Says until when somebody has a case before them, and sweeps what ended before `now`.
pub fn say(tx: &mut dyn Tx, someone: &Someone, now: Timestamp, until: Timestamp) -> Result<Said, StoreError> {
    let ended = sweep(tx, now)?;
    let Someone { case, account, doing } = someone;
    let changed = !of_case(tx, *case, now)?.contains(someone);
    let id = case.to_string();
    tx.exec(SAY, &[(&id).into(), account.as_str().into(), doing.code().into(), until.into()])?;
    Ok(Said { changed, ended })
}

/// Says that somebody has a case before them no more, and sweeps what ended before `now`.
pub fn leave(
    tx: &mut dyn Tx,
    case: CaseId,
    account: &AccountName,
    now: Timestamp,
) -> Result<Said, StoreError> {
    let ended = sweep(tx, now)?;
    let changed = tx.exec(LEAVE, &[(&case.to_string()).into(), account.as_str().into()])? > 0;
    Ok(Said { changed, ended })
}

/// Who has a case before them at `now`, by name.
pub fn of_case(tx: &mut dyn Tx, case: CaseId, now: Timestamp) -> Result<Vec<Someone>, StoreError> {
    tx.rows(OF_CASE, &[(&case.to_string()).into(), now.into()])?.iter().map(someone).collect()
}

/// Everybody who has any case before them at `now`.
pub fn all(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<Someone>, StoreError> {
    tx.rows(ALL, &[now.into()])?.iter().map(someone).collect()
}

/// Forgets everybody.
pub(super) fn clear(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.exec(CLEAR, &[]).map(drop)
}

fn sweep(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<CaseId>, StoreError> {
    let ended =
        tx.rows(ENDED, &[now.into()])?.iter().map(|row| row.parsed(0)).collect::<Result<Vec<_>, _>>()?;
    if !ended.is_empty() {
        tx.exec(SWEEP, &[now.into()])?;
    }
    Ok(ended)
}

fn someone(row: &Row) -> Result<Someone, StoreError> {
    Ok(Someone { case: row.parsed(0)?, account: row.parsed(1)?, doing: row.parsed(2)? })
}
