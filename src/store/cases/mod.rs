//! Cases: filed once (`filing.rs`), changed by acts (`acting.rs`), read here.
//!
//! The row is the projection of the events, written with them in one transaction, together with the search
//! terms and the audit entry.

mod acting;
pub(super) mod copying;
mod entry;
mod filing;
mod free;
mod leading;

use jiff::{SignedDuration, Timestamp};

pub use self::acting::{ActError, ActOrder, Acted, act, left_by};
pub use self::filing::{Filed, Filing, FilingError, FirstAct, file};
pub use self::leading::{attached_to, leader_of};
use super::search::IndexEntry;
use super::tx::{Row, document, statements};
use super::{Param, StoreError, Tx, feed};
use crate::domain::account::AccountName;
use crate::domain::case::Case;
use crate::domain::event::{CaseEvent, EventBody};
use crate::domain::follow_up::LastWord;
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::progress::Progress;

statements! {
    /// By the unique id.
    FIND = "SELECT document FROM case_file WHERE id = $1";
    /// By the unique number.
    FIND_BY_NUMBER = "SELECT document FROM case_file WHERE number = $1";
    /// By primary key.
    FIND_BY_KEY = "SELECT document, written FROM case_file WHERE key = $1";
    /// By primary key.
    ALL_AFTER = "SELECT key, document, written FROM case_file WHERE key > $1 ORDER BY key LIMIT 500";
    /// By the unique (`case_id`, seq).
    TIMELINE = "SELECT place, id, case_id, seq, at, actor, body FROM case_event WHERE case_id = $1 AND seq > $2
        ORDER BY seq";
    /// By `case_by_taker`, backwards.
    TAKEN = "SELECT document FROM case_file WHERE taken_by = $1 AND key >= $2 AND received_at <= $3
        ORDER BY key DESC LIMIT 100";
    /// By `case_open_by_taker`.
    OPEN = "SELECT document FROM case_file WHERE taken_by = $1 AND unfinished = 1 AND due_at IS NOT NULL
        ORDER BY due_at LIMIT 100";
    /// By `case_open_by_taker`: those that no department has come behind those that one has.
    OPEN_UNDATED = "SELECT document FROM case_file WHERE taken_by = $1 AND unfinished = 1 AND due_at IS NULL
        ORDER BY key LIMIT $2";
    /// By `case_returned_by_taker`.
    RETURNED = "SELECT document FROM case_file WHERE taken_by = $1 AND returned_at IS NOT NULL
        ORDER BY returned_at LIMIT 100";
    /// By `case_by_caller` and `case_by_contact`, then by primary key. A sum is no column: ordered by that, a planner would
    /// walk through all cases from the newest on.
    HISTORY = "SELECT document FROM case_file WHERE key IN (
            SELECT key FROM case_file WHERE caller_key IN ($1, $2)
            UNION SELECT key FROM case_file WHERE contact_key IN ($1, $2)
        ) ORDER BY key + 0 DESC LIMIT $3";
    /// By `case_by_caller` and `case_by_contact`.
    HISTORY_COUNT = "SELECT count(*), coalesce(sum(unfinished), 0) FROM case_file WHERE key IN (
            SELECT key FROM case_file WHERE caller_key IN ($1, $2)
            UNION SELECT key FROM case_file WHERE contact_key IN ($1, $2)
        )";
    /// Appends.
    INSERT_EVENT = "INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, content, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// The statements of all files of this aggregate.
#[cfg(test)]
pub(super) const ALL_STATEMENTS: &[&[&str]] =
    &[STATEMENTS, acting::STATEMENTS, copying::STATEMENTS, filing::STATEMENTS, free::STATEMENTS];

/// What one account has to do with; each list has at most 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Taken in the last 24 hours, newest first.
    pub taken: Vec<Case>,
    /// Taken and not finished, the nearest deadline first, those without one last.
    pub open: Vec<Case>,
    /// Taken and sent back by a department, the longest waiting first.
    pub returned: Vec<Case>,
}

/// What a number called about before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Newest first.
    pub cases: Vec<Case>,
    /// How many there are in all.
    pub total: u64,
    /// How many of them are not finished, by themselves or by the case that leads them.
    pub open: u64,
    /// What the caller said last when they were asked whether it was solved, among their hundred newest cases.
    pub last_word: Option<LastWord>,
}

/// The case with that id.
pub fn find(tx: &mut dyn Tx, id: CaseId) -> Result<Option<Case>, StoreError> {
    tx.row(FIND, &[(&id.to_string()).into()])?.map(|row| row.json(0)).transpose()
}

/// The case with that number.
pub fn find_by_number(tx: &mut dyn Tx, number: &CaseNumber) -> Result<Option<Case>, StoreError> {
    tx.row(FIND_BY_NUMBER, &[number.as_str().into()])?.map(|row| row.json(0)).transpose()
}

/// The case at a key of the search index, with what its later events added to the text.
pub(super) fn find_by_key(tx: &mut dyn Tx, key: i64) -> Result<Option<(Case, Vec<String>)>, StoreError> {
    let row = tx.row(FIND_BY_KEY, &[key.into()])?;
    row.map(|row| Ok((row.json(0)?, texts_of(row.text(1)?).map(str::to_owned).collect()))).transpose()
}

/// What the search index keeps of a case and of what its later events `written`.
pub(super) fn entry_of(tx: &mut dyn Tx, case: &Case, written: &str) -> Result<IndexEntry, StoreError> {
    entry::of(tx, case, written)
}

/// Puts every case into an index that is new and empty.
pub(super) fn index_all(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let mut after = i64::MIN;
    loop {
        let rows = tx.rows(ALL_AFTER, &[after.into()])?;
        for row in &rows {
            after = row.int(0)?;
            let terms = entry::of(tx, &row.json(1)?, row.text(2)?)?;
            tx.index(after, &terms)?;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

/// Every event of a case, oldest first; empty if there is no such case.
pub fn timeline(tx: &mut dyn Tx, id: CaseId) -> Result<Vec<CaseEvent>, StoreError> {
    events_after(tx, id, 0)
}

fn events_after(tx: &mut dyn Tx, id: CaseId, seq: u32) -> Result<Vec<CaseEvent>, StoreError> {
    tx.rows(TIMELINE, &[(&id.to_string()).into(), seq.into()])?.iter().map(feed::event).collect()
}

/// The work of an account, seen at `now`.
pub fn work(tx: &mut dyn Tx, account: &AccountName, now: Timestamp) -> Result<Work, StoreError> {
    let account = Param::from(account.as_str());
    let yesterday = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
    let taken = tx.rows(TAKEN, &[account, yesterday.into(), now.into()])?;
    let mut open = tx.rows(OPEN, &[account])?;
    let room = 100_u32.saturating_sub(u32::try_from(open.len()).unwrap_or(u32::MAX));
    open.extend(tx.rows(OPEN_UNDATED, &[account, room.into()])?);
    let returned = tx.rows(RETURNED, &[account])?;
    Ok(Work { taken: documents(&taken)?, open: documents(&open)?, returned: documents(&returned)? })
}

/// Among so many of a caller's newest cases, those merged into others are looked for, and what was said of them.
const NEWEST: u32 = 100;

/// The cases of a caller's or contact number, at most `limit` of them.
///
/// In a city of this area code one landline is written with it and without.
pub fn history(
    tx: &mut dyn Tx,
    number: &PhoneNumber,
    area_code: &str,
    limit: u32,
) -> Result<History, StoreError> {
    let other = number.otherwise(area_code);
    let (number, other) =
        (Param::from(number.as_str()), Param::from(other.as_deref().unwrap_or(number.as_str())));
    let cases = documents(&tx.rows(HISTORY, &[number, other, limit.into()])?)?;
    let counts = tx.row(HISTORY_COUNT, &[number, other])?.ok_or(StoreError::Damaged { what: "count" })?;
    let count = |column| counts.int(column).map(i64::unsigned_abs);
    let newest = documents(&tx.rows(HISTORY, &[number, other, NEWEST.into()])?)?;
    let led = open_leaders(tx, &newest)?;
    let last_word = LastWord::of(&newest);
    Ok(History { cases, total: count(0)?, open: count(1)? + led, last_word })
}

/// How many cases that are not finished lead the merged ones of these, without those of the same callers.
fn open_leaders(tx: &mut dyn Tx, cases: &[Case]) -> Result<u64, StoreError> {
    let mut leaders = std::collections::BTreeSet::new();
    for case in cases {
        if let Some(leader) = leader_of(tx, case)? {
            let same = leader.intake.caller.number == case.intake.caller.number;
            if !leader.state().is_finished() && !same {
                leaders.insert(leader.id);
            }
        }
    }
    Ok(leaders.len() as u64)
}

fn documents(rows: &[Row]) -> Result<Vec<Case>, StoreError> {
    rows.iter().map(|row| row.json(0)).collect()
}

/// The columns beside the document, read off a case.
struct Columns {
    id: String,
    version: u32,
    departments: String,
    returned_at: Option<Timestamp>,
    document: String,
}

impl Columns {
    fn of(case: &Case) -> Result<Self, StoreError> {
        let departments = case.progress.assignment().map_or_else(String::new, |assignment| {
            assignment
                .departments()
                .map(super::super::domain::code::DepartmentCode::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        });
        let returned_at = match &case.progress {
            Progress::Registered { returned: Some(returned) } => Some(returned.at),
            _ => None,
        };
        let document = document(case)?;
        Ok(Self { id: case.id.to_string(), version: case.version, departments, returned_at, document })
    }
}

fn insert_event(
    tx: &mut dyn Tx,
    event: &CaseEvent,
    case: &Case,
    content: Option<&[u8]>,
) -> Result<(), StoreError> {
    let (case_id, id, body) = (event.case_id.to_string(), event.id.to_string(), document(&event.body)?);
    let params = [
        (&case_id).into(),
        event.seq.into(),
        (&id).into(),
        event.at.into(),
        event.by.as_str().into(),
        event.body.code().into(),
        case.state().code().into(),
        content.into(),
        (&body).into(),
    ];
    tx.exec(INSERT_EVENT, &params).map(drop)
}

/// Separates the texts of several events in `written`; no text is made of it, and no phrase reaches across.
const BETWEEN: char = '\u{1e}';

/// What an event adds to the text that a case is found by.
fn text_of(body: &EventBody) -> String {
    let texts: Vec<&str> = match body {
        EventBody::Registered { .. }
        | EventBody::Amended { .. }
        | EventBody::Signed { .. }
        | EventBody::Confirmed
        | EventBody::Merged { .. }
        | EventBody::Attached { .. }
        | EventBody::Detached { .. } => Vec::new(),
        EventBody::Answered { answer: text }
        | EventBody::Noted { text }
        | EventBody::Reminded { text, .. }
        | EventBody::FollowedUp { text, .. }
        | EventBody::Returned { reason: text, .. }
        | EventBody::Closed { result: text }
        | EventBody::Reopened { reason: text }
        | EventBody::Unmerged { reason: text, .. }
        | EventBody::Voided { reason: text } => vec![text],
        EventBody::Dispatched { order, .. } => vec![&order.opinion],
        EventBody::Redispatched { order, reason, .. } | EventBody::Reworked { order, reason, .. } => {
            vec![reason, &order.opinion]
        }
        EventBody::Replied { reply, public_answer, .. } => vec![reply, public_answer],
    };
    texts
        .into_iter()
        .filter(|text| !text.is_empty())
        .flat_map(|text| [BETWEEN.to_string(), text.to_owned()])
        .collect()
}

/// The texts that were put together by [`text_of`].
fn texts_of(written: &str) -> impl Iterator<Item = &str> {
    written.split(BETWEEN).filter(|text| !text.is_empty())
}

/// The SHA-256 of a value's canonical JSON: keys sorted, no blanks.
fn fingerprint(value: &mut serde_json::Value) -> Result<[u8; 32], StoreError> {
    use sha2::Digest;
    value.sort_all_objects();
    Ok(sha2::Sha256::digest(document(value)?.as_bytes()).into())
}

fn json<T: serde::Serialize>(value: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|_| StoreError::Damaged { what: "document" })
}
