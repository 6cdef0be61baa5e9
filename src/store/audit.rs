//! The audit trail: who did or saw what, appended in the transaction of the act, and refused any change.
//!
//! No value of a caller stands in it: an entry names the case, not the person.

use jiff::Timestamp;

use super::tx::{Param, Row, statements};
use super::{StoreError, Tx};
use crate::domain::account::AccountName;

statements! {
    /// Appends.
    APPEND = "INSERT INTO audit (at, actor, action, subject, request, detail) VALUES ($1, $2, $3, $4, $5, $6)";
    /// By primary key, backwards.
    PAGE = "SELECT place, at, actor, action, subject, request, detail FROM audit
        WHERE place < $1 ORDER BY place DESC LIMIT $2";
    /// By `audit_by_subject`.
    OF_SUBJECT = "SELECT place, at, actor, action, subject, request, detail FROM audit
        WHERE subject = $1 AND subject <> '' AND place < $2 ORDER BY place DESC LIMIT $3";
    /// By `audit_by_subject`.
    THE_SAME = "SELECT place FROM audit
        WHERE subject = $1 AND subject <> '' AND action = $2 AND detail = $3 AND actor = $4 LIMIT 1";
    /// By `audit_by_actor`.
    OF_ACTOR = "SELECT place, at, actor, action, subject, request, detail FROM audit
        WHERE actor = $1 AND place < $2 ORDER BY place DESC LIMIT $3";
}

/// One entry to be written.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; nobody for what happens before a sign-in.
    pub actor: Option<&'a AccountName>,
    /// What: a stable word such as `case.file` or `session.refuse`.
    pub action: &'a str,
    /// The id of the case, the name of the account or the like; may be empty.
    pub subject: &'a str,
    /// The id of the request; may be empty.
    pub request: &'a str,
    /// More about it, without personal data; may be empty.
    pub detail: &'a str,
}

/// One entry as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1, 2, 3 …
    pub place: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<AccountName>,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// In which request.
    pub request: String,
    /// More about it.
    pub detail: String,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    /// All.
    Everything,
    /// Those done to one case, account or the like.
    Subject(&'a str),
    /// Those done by one account.
    Actor(&'a AccountName),
}

/// Appends an entry.
pub fn append(tx: &mut dyn Tx, entry: &Entry<'_>) -> Result<(), StoreError> {
    let actor = Param::from(entry.actor.map(AccountName::as_str));
    let params = [
        entry.at.into(),
        actor,
        entry.action.into(),
        entry.subject.into(),
        entry.request.into(),
        entry.detail.into(),
    ];
    tx.exec(APPEND, &params).map(drop)
}

/// Appends an entry of somebody's, unless the same of theirs is there already, at whatever time.
pub fn append_once(tx: &mut dyn Tx, entry: &Entry<'_>) -> Result<(), StoreError> {
    let actor = Param::from(entry.actor.map(AccountName::as_str));
    let same = [entry.subject.into(), entry.action.into(), entry.detail.into(), actor];
    if tx.rows(THE_SAME, &same)?.is_empty() { append(tx, entry) } else { Ok(()) }
}

/// The newest entries before place `before` (absent: the newest of all), newest first.
pub fn page(
    tx: &mut dyn Tx,
    about: About<'_>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Recorded>, StoreError> {
    let before = Param::Int(before.unwrap_or(i64::MAX));
    let rows = match about {
        About::Everything => tx.rows(PAGE, &[before, limit.into()])?,
        About::Subject(subject) => tx.rows(OF_SUBJECT, &[subject.into(), before, limit.into()])?,
        About::Actor(actor) => tx.rows(OF_ACTOR, &[actor.as_str().into(), before, limit.into()])?,
    };
    rows.iter().map(recorded).collect()
}

fn recorded(row: &Row) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        place: row.int(0)?,
        at: row.time(1)?,
        actor: row
            .opt_text(2)?
            .map(str::parse)
            .transpose()
            .map_err(|_| StoreError::Damaged { what: "name" })?,
        action: row.text(3)?.to_owned(),
        subject: row.text(4)?.to_owned(),
        request: row.text(5)?.to_owned(),
        detail: row.text(6)?.to_owned(),
    })
}
