//! Copying a whole store into another, of the same engine or not.
//!
//! The feed leads: a page of events at a time is brought over with the cases that it speaks of, in one transaction that
//! also notes how far it came. So it takes no more memory however large the store is, may be broken off anywhere, and
//! run again brings over only what has come since. The target must be empty or this source's own earlier copy that
//! nobody has used meanwhile. Sessions come along, so that nobody has to sign in again; failed sign-ins and presence,
//! which pass, do not, nor does what was learned, which is made anew from the events.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::cases::copying::{self, Page};
use super::tx::{Param, Row, Value, document, statements};
use super::{Store, StoreError, Tx, accounts, epoch, sessions};
use crate::domain::epoch::Epoch;

pub use super::cases::copying::Sum;

statements! {
    /// By primary key.
    MARK = "SELECT value FROM meta WHERE name = 'migrated'";
    /// By primary key.
    SET_MARK = "INSERT INTO meta (name, value) VALUES ('migrated', $1)
        ON CONFLICT (name) DO UPDATE SET value = $1";
    /// By primary key.
    SKIPPED = "SELECT value FROM meta WHERE name = 'stations_skipped'";
    /// By primary key.
    SET_SKIPPED = "UPDATE meta SET value = $1 WHERE name = 'stations_skipped'";
    /// By primary key.
    EVENTS_LEFT = "SELECT count(*) FROM case_event WHERE place > $1";
    /// By primary key.
    AUDIT_LEFT = "SELECT count(*) FROM audit WHERE place > $1";
    /// By primary key.
    ACCOUNTS = "SELECT name, role, departments, disabled, password, created_at FROM account ORDER BY name";
    /// By primary key.
    PUT_ACCOUNT = "INSERT INTO account (name, role, departments, disabled, password, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (name) DO UPDATE SET role = $2, departments = $3, disabled = $4, password = $5";
    /// The whole table, which is small.
    SESSIONS = "SELECT token, id, account, created_at, used_at, expires_at FROM session ORDER BY token";
    /// Appends.
    PUT_SESSION = "INSERT INTO session (token, id, account, created_at, used_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// The whole table, which has 8,999 rows at the most.
    STATIONS = "SELECT code, desk, account, leased_until FROM station ORDER BY code";
    /// The whole table.
    CLEAR_STATIONS = "DELETE FROM station";
    /// Appends.
    PUT_STATION = "INSERT INTO station (code, desk, account, leased_until) VALUES ($1, $2, $3, $4)";
    /// By primary key.
    AUDIT = "SELECT place, at, actor, action, subject, request, detail FROM audit
        WHERE place > $1 ORDER BY place LIMIT 500";
    /// By primary key, backwards.
    LAST_AUDIT = "SELECT place FROM audit ORDER BY place DESC LIMIT 1";
    /// Appends; the place is this store's own.
    PUT_AUDIT = "INSERT INTO audit (at, actor, action, subject, request, detail) VALUES ($1, $2, $3, $4, $5, $6)";
}

/// How long the last events of a source are waited for, until they are settled; and between two looks.
const UNSETTLED: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);

/// Why a store is not copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrateError {
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is something in the target that did not come from this source, or it has been used since.
    #[error("the target has data of its own")]
    Occupied,
    /// What is in the target is not what is in the source.
    #[error("the {what} of source and target differ")]
    Differs {
        /// `cases`, `events`, `audit`, `accounts` or `stations`.
        what: &'static str,
    },
}

/// How far a copy has come, as the target keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// Of the source.
    epoch: Epoch,
    /// The last event and audit entry that were brought over: their places in the source …
    events: i64,
    audit: i64,
    /// … and in the target, where there is nothing behind them unless it is used.
    events_here: i64,
    audit_here: i64,
}

/// What both stores came to in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Cases.
    pub cases: Sum,
    /// Events.
    pub events: Sum,
    /// Entries of the audit trail.
    pub audit: Sum,
    /// Accounts.
    pub accounts: Sum,
    /// Station leases.
    pub stations: Sum,
}

/// A copy under way.
pub struct Migration {
    from: Store,
    to: Store,
    mark: Mark,
    again: bool,
}

impl Migration {
    /// Looks at the target, and begins or goes on.
    pub async fn begin(from: Store, to: Store) -> Result<Self, MigrateError> {
        let epoch = from.read(|tx| epoch::current(tx)).await?;
        let look = |tx: &mut dyn Tx| {
            let kept = tx.row(MARK, &[])?.map(|row| row.json::<Mark>(0)).transpose()?;
            Ok::<_, StoreError>((kept, Here::of(tx)?))
        };
        let (kept, here) = to.read(look).await?;
        let fits = match kept {
            Some(mark) => mark.epoch == epoch && here.is_as_left(&mark),
            None => here == Here::default(),
        };
        if !fits {
            return Err(MigrateError::Occupied);
        }
        let new = Mark { epoch, events: 0, audit: 0, events_here: 0, audit_here: 0 };
        // Written before anything else, so that what comes into the target from here on is known for ours.
        let mark = kept.unwrap_or(new);
        to.write(move |tx| set(tx, mark)).await?;
        Ok(Self { from, to, mark, again: kept.is_some() })
    }

    /// Whether it goes on where it was broken off, or brings up to date what was finished before.
    pub const fn goes_on(&self) -> bool {
        self.again
    }

    /// How many events and audit entries are left to bring; `None` where counting them takes too long to be worth it.
    pub async fn left(&self) -> Result<Option<u64>, MigrateError> {
        let Mark { events, audit, .. } = self.mark;
        let count = move |tx: &mut dyn Tx| {
            let mut left = 0;
            for (sql, behind) in [(EVENTS_LEFT, events), (AUDIT_LEFT, audit)] {
                left += tx.row(sql, &[behind.into()])?.map_or(Ok(0), |row| row.int(0))?;
            }
            Ok(left.unsigned_abs())
        };
        match self.from.read_slow(count).await {
            Ok(left) => Ok(Some(left)),
            Err(StoreError::TimedOut) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Brings over the next page of events; answers how many, or `None` when there are no more.
    pub async fn events(&mut self) -> Result<Option<u64>, MigrateError> {
        let after = self.mark.events;
        let until = Instant::now() + UNSETTLED;
        let page = loop {
            let read =
                move |tx: &mut dyn Tx| Ok::<_, StoreError>((Page::read(tx, after)?, copying::last(tx)?));
            match self.from.read(read).await? {
                (Some(page), _) => break page,
                // Somebody still writes in the same cluster, and where that will stand is not known yet.
                (None, last) if last > after && Instant::now() < until => tokio::time::sleep(LOOK).await,
                (None, _) => return Ok(None),
            }
        };
        let (count, mark) = (page.len(), Mark { events: page.last()?, ..self.mark });
        self.mark = self
            .to
            .write(move |tx| {
                page.write(tx)?;
                let events_here = copying::last(tx)?;
                set(tx, Mark { events_here, ..mark })
            })
            .await?;
        Ok(Some(count))
    }

    /// Brings over the next page of the audit trail; answers how many entries, or `None` when there are no more.
    pub async fn audit(&mut self) -> Result<Option<u64>, MigrateError> {
        let after = self.mark.audit;
        let rows = self.from.read(move |tx| tx.rows(AUDIT, &[after.into()])).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let (count, mark) = (rows.len() as u64, Mark { audit: last.int(0)?, ..self.mark });
        self.mark = self
            .to
            .write(move |tx| {
                rows.iter().try_for_each(|row| put(tx, PUT_AUDIT, &row.values()[1..]))?;
                let audit_here = last_audit(tx)?;
                set(tx, Mark { audit_here, ..mark })
            })
            .await?;
        Ok(Some(count))
    }

    /// Brings over what is small: accounts, sessions, stations, and what the store knows of itself.
    pub async fn rest(&mut self) -> Result<(), MigrateError> {
        let read = |tx: &mut dyn Tx| {
            let skipped = tx.row(SKIPPED, &[])?.ok_or(StoreError::Damaged { what: "stations" })?;
            let tables = [ACCOUNTS, SESSIONS, STATIONS].map(|sql| tx.rows(sql, &[]));
            let [accounts, sessions, stations] = tables;
            Ok::<_, StoreError>((skipped, accounts?, sessions?, stations?))
        };
        let rest = self.from.read(read).await?;
        let epoch = self.mark.epoch;
        let write = move |tx: &mut dyn Tx| {
            let (skipped, accounts, sessions, stations) = &rest;
            let all = |tx: &mut dyn Tx, sql, rows: &[Row]| {
                rows.iter().try_for_each(|row| put(tx, sql, row.values()))
            };
            sessions::end_everyone(tx)?;
            all(tx, PUT_ACCOUNT, accounts)?;
            all(tx, PUT_SESSION, sessions)?;
            tx.exec(CLEAR_STATIONS, &[])?;
            all(tx, PUT_STATION, stations)?;
            put(tx, SET_SKIPPED, skipped.values())?;
            // Desks need not notice: whatever they know of the source is true of the target.
            epoch::adopt(tx, epoch)
        };
        Ok(self.to.write(write).await?)
    }

    /// Reads both stores whole, and says what they come to. `seen` is told how many rows were read. It takes its time:
    /// not on a thread of a runtime.
    pub fn check(&self, mut seen: impl FnMut(u64)) -> Result<Totals, MigrateError> {
        let (from, to) = (totals(&self.from, &mut seen)?, totals(&self.to, &mut seen)?);
        for (what, same) in [
            ("cases", from.cases == to.cases),
            ("events", from.events == to.events),
            ("audit", from.audit == to.audit),
            ("accounts", from.accounts == to.accounts),
            ("stations", from.stations == to.stations),
        ] {
            if !same {
                return Err(MigrateError::Differs { what });
            }
        }
        Ok(from)
    }
}

/// What is in a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Here {
    events: i64,
    audit: i64,
    accounts: bool,
}

impl Here {
    fn of(tx: &mut dyn Tx) -> Result<Self, StoreError> {
        Ok(Self { events: copying::last(tx)?, audit: last_audit(tx)?, accounts: accounts::any(tx)? })
    }

    fn is_as_left(&self, mark: &Mark) -> bool {
        (self.events, self.audit) == (mark.events_here, mark.audit_here)
    }
}

fn set(tx: &mut dyn Tx, mark: Mark) -> Result<Mark, StoreError> {
    tx.exec(SET_MARK, &[(&document(&mark)?).into()])?;
    Ok(mark)
}

fn put(tx: &mut dyn Tx, sql: &'static str, values: &[Value]) -> Result<(), StoreError> {
    let params: Vec<Param<'_>> = values.iter().map(Param::from).collect();
    tx.exec(sql, &params).map(drop)
}

fn last_audit(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    tx.row(LAST_AUDIT, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Takes in the next page behind a place or key; the last of it, or `None` at the end.
type TakeIn = fn(&mut dyn Tx, i64, &mut Sum) -> Result<Option<i64>, StoreError>;

fn totals(store: &Store, seen: &mut impl FnMut(u64)) -> Result<Totals, StoreError> {
    let mut paged = |next: TakeIn| {
        let (mut sum, mut after) = (Sum::default(), i64::MIN);
        loop {
            let before = sum.count;
            match store.read_here(|tx| next(tx, after, &mut sum))? {
                Some(last) => after = last,
                None => return Ok::<_, StoreError>(sum),
            }
            seen(sum.count - before);
        }
    };
    let (cases, events) = (paged(copying::sum_cases)?, paged(copying::sum_events)?);
    let audit = paged(sum_audit)?;
    let whole = |sql| {
        let rows = store.read_here(|tx| tx.rows(sql, &[]))?;
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum.add(row.values()));
        Ok::<_, StoreError>(sum)
    };
    Ok(Totals { cases, events, audit, accounts: whole(ACCOUNTS)?, stations: whole(STATIONS)? })
}

fn sum_audit(tx: &mut dyn Tx, after: i64, sum: &mut Sum) -> Result<Option<i64>, StoreError> {
    let rows = tx.rows(AUDIT, &[after.into()])?;
    rows.iter().for_each(|row| sum.add(&row.values()[1..]));
    rows.last().map(|row| row.int(0)).transpose()
}
