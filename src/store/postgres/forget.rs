//! Letting a month of intake go, for good.
//!
//! What takes long goes first, while everybody works: the rows of the two maps. Only then is everybody locked out of the
//! tables that have partitions, for as long as it takes to look once more and to drop three of them. The feed does not
//! wait for it: it is told that no event comes of this transaction.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::connection::Connection;
use super::fault::Fault;
use super::tx::PostgresTx;
use crate::store::audit::{self, Entry};
use crate::store::retention::{Held, KeptError};
use crate::store::{Param, StoreError};

/// By name.
const FIND: &str = "SELECT starts, ends FROM case_month WHERE name = $1";
/// By primary key.
const CASES: &str = "SELECT count(*) FROM case_map WHERE key >= $1 AND key < $2";
/// By the keys of `event_map`.
const EVENTS: &str = "SELECT count(*) FROM event_map WHERE key >= $1 AND key < $2";
/// By primary key.
const FORGET_MONTH: &str = "DELETE FROM case_month WHERE starts = $1";
/// By the keys of `event_map`.
const FORGET_EVENTS: &str = "DELETE FROM event_map WHERE key >= $1 AND key < $2";
/// By primary key.
const FORGET_CASES: &str = "DELETE FROM case_map WHERE key >= $1 AND key < $2";
/// The number of this transaction.
const NUMBER: &str = "SELECT pg_current_xact_id()::text";
/// The feed need not wait for it. Said on another connection, for it counts once it is committed.
const ASIDE: &str = "INSERT INTO feed_aside (xid) VALUES ($1::text::xid8)";
/// By primary key.
const FORGET_ASIDE: &str = "DELETE FROM feed_aside WHERE xid = pg_current_xact_id()";
/// What dropping a partition locks, in one go and not in the middle of it. Whoever waits holds up all that come behind,
/// so each try is short.
const LOCK: &str = "SAVEPOINT locking; SET LOCAL lock_timeout = 300;
    LOCK TABLE ONLY case_row, ONLY event_row, ONLY case_terms IN ACCESS EXCLUSIVE MODE";
/// Lets those who came behind go first.
const LET_GO: &str = "ROLLBACK TO locking";
/// What follows waits for rows as everybody does.
const LOCKED: &str = "SET LOCAL lock_timeout = 5000";

/// Every statement that is the same for all months.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[FIND, CASES, EVENTS, FORGET_MONTH, FORGET_EVENTS, FORGET_CASES, NUMBER, ASIDE, FORGET_ASIDE];

/// How often it is tried to be alone, and the pause between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(300);

/// A month that may go, if nothing in it is unfinished.
struct Old {
    starts: i64,
    ends: i64,
    /// Six digits, so that it may stand in a statement.
    name: String,
}

impl From<Fault> for KeptError {
    fn from(fault: Fault) -> Self {
        Self::Store(fault.into())
    }
}

/// What there is of a month that may be let go at `at`.
pub(super) fn look(connection: &mut Connection, name: &str, at: Timestamp) -> Result<Held, KeptError> {
    let old = find(connection, name, at)?;
    refuse_unfinished(connection, &old)?;
    held(connection, &old)
}

/// Lets it go, and records that. `beside` is another connection to the same database.
pub(super) fn forget(
    connection: &mut Connection,
    beside: &mut Connection,
    name: &str,
    at: Timestamp,
) -> Result<Held, KeptError> {
    connection.batch("BEGIN ISOLATION LEVEL READ COMMITTED", "beginning")?;
    match within(connection, beside, name, at) {
        Ok(held) => match connection.batch("COMMIT", "committing") {
            Ok(()) => Ok(held),
            // It may have been done before the answer was lost.
            Err(Fault::Gone | Fault::Stopped) => Err(StoreError::Unanswered.into()),
            Err(fault) => Err(fault.into()),
        },
        Err(why) => {
            // A connection that is gone undoes it as well.
            let _ = connection.batch("ROLLBACK", "undoing");
            Err(why)
        }
    }
}

fn within(
    connection: &mut Connection,
    beside: &mut Connection,
    name: &str,
    at: Timestamp,
) -> Result<Held, KeptError> {
    let old = find(connection, name, at)?;
    refuse_unfinished(connection, &old)?;
    let held = held(connection, &old)?;
    let rows = connection.rows(NUMBER, &[])?;
    let number = rows.first().ok_or(StoreError::Damaged { what: "number of a transaction" })?.text(0)?;
    beside.execute(ASIDE, &[Param::Text(number)])?;
    // First of all, for events of a month that is there cannot be deleted; of two who let it go, the second waits here.
    // The lock of `make_month` is not taken: servers that start ask for that, and must not wait.
    if connection.execute(FORGET_MONTH, &[Param::Int(old.starts)])? == 0 {
        return Err(KeptError::Unknown);
    }
    forget_rows(connection, &old)?;
    lock(connection)?;
    // What was filed, reopened or noted meanwhile.
    refuse_unfinished(connection, &old)?;
    forget_rows(connection, &old)?;
    let drop = format!("DROP TABLE case_row_{0}, event_row_{0}, case_terms_{0}", old.name);
    connection.batch(&drop, "dropping a month")?;
    let detail = format!("{} cases, {} events", held.cases, held.events);
    let entry =
        Entry { at, actor: None, action: "month.drop", subject: &old.name, request: "cli", detail: &detail };
    audit::append(&mut PostgresTx::new(connection, None), &entry)?;
    connection.execute(FORGET_ASIDE, &[])?;
    Ok(held)
}

fn find(connection: &mut Connection, name: &str, at: Timestamp) -> Result<Old, KeptError> {
    let rows = connection.rows(FIND, &[Param::Text(name)])?;
    let row = rows.first().ok_or(KeptError::Unknown)?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(StoreError::Damaged { what: "name of a month" }.into());
    }
    let old = Old { starts: row.int(0)?, ends: row.int(1)?, name: name.to_owned() };
    if old.starts >= before_last(at) { Err(KeptError::Recent) } else { Ok(old) }
}

/// When the month before that of `at` began: from there on, months stay.
fn before_last(at: Timestamp) -> i64 {
    let this = at.to_zoned_datetime(TimeZone::UTC).date().first_of_month();
    // A clock at the beginning of time lets nothing go.
    let began = this.checked_sub(1.month()).and_then(|before| before.to_zoned_datetime(TimeZone::UTC));
    began.map_or(i64::MIN, |began| began.timestamp().as_millisecond())
}

fn refuse_unfinished(connection: &mut Connection, old: &Old) -> Result<(), KeptError> {
    // By `case_open_by_taker` of that partition.
    let sql = format!("SELECT count(*) FROM case_row_{} WHERE unfinished = 1", old.name);
    match count(connection, &sql, &[])? {
        0 => Ok(()),
        unfinished => Err(KeptError::Unfinished(unfinished)),
    }
}

fn held(connection: &mut Connection, old: &Old) -> Result<Held, KeptError> {
    let moment = |ms| {
        Timestamp::from_millisecond(ms)
            .map_err(|_| KeptError::from(StoreError::Damaged { what: "time of a month" }))
    };
    let range = [Param::Int(old.starts), Param::Int(old.ends)];
    Ok(Held {
        from: moment(old.starts)?,
        until: moment(old.ends)?,
        cases: count(connection, CASES, &range)?,
        events: count(connection, EVENTS, &range)?,
    })
}

fn forget_rows(connection: &mut Connection, old: &Old) -> Result<(), Fault> {
    let range = [Param::Int(old.starts), Param::Int(old.ends)];
    connection.execute(FORGET_EVENTS, &range)?;
    connection.execute(FORGET_CASES, &range).map(drop)
}

/// Locks everybody out, as soon as nobody is in the middle of something.
fn lock(connection: &mut Connection) -> Result<(), Fault> {
    for _ in 1..TRIES {
        match connection.batch(LOCK, "locking the months") {
            Err(Fault::Collision) => connection.batch(LET_GO, "letting others go first")?,
            Ok(()) => return connection.batch(LOCKED, "locking the months"),
            Err(fault) => return Err(fault),
        }
        std::thread::park_timeout(PAUSE);
    }
    Err(Fault::Collision)
}

fn count(connection: &mut Connection, sql: &str, params: &[Param<'_>]) -> Result<u64, KeptError> {
    let rows = connection.rows(sql, params)?;
    let row = rows.first().ok_or(StoreError::Damaged { what: "count" })?;
    Ok(row.int(0)?.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_month_and_the_one_before_stay() {
        for (at, before) in [
            ("2026-11-30T23:59:59Z", "2026-10-01T00:00:00Z"),
            ("2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            ("2027-01-01T00:00:00+08:00", "2026-11-01T00:00:00Z"),
            ("2026-03-31T12:00:00Z", "2026-02-01T00:00:00Z"),
        ] {
            let before: Timestamp = before.parse().unwrap();
            assert_eq!(before_last(at.parse().unwrap()), before.as_millisecond(), "{at}");
        }
    }
}
