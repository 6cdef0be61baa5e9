//! Station leases: which desk issues numbers under which four digits.
//!
//! Codes 1 to 8999 are for desks; the server keeps the rest for cases that come without a number. A lapsed code
//! is given to another desk only when no fresh one is left: a desk that was away may still hold numbers of it.
//! After a backup was put back, desks hold codes that this store knows nothing of: those that may have been given are
//! skipped, and a desk that names the one it had gets it again.

use jiff::Timestamp;

use super::tx::{Row, statements};
use super::{StoreError, Tx};
use crate::domain::account::AccountName;
use crate::domain::id::DeskId;
use crate::domain::number::StationCode;

statements! {
    /// By the unique desk.
    OF_DESK = "SELECT code, desk, leased_until, account FROM station WHERE desk = $1";
    /// By primary key.
    OF_CODE = "SELECT code, desk, leased_until, account FROM station WHERE code = $1";
    /// By primary key.
    HIGHEST = "SELECT coalesce(max(code), 0) FROM station";
    /// By `station_by_lease`.
    LAPSED = "SELECT code, desk, leased_until, account FROM station WHERE leased_until <= $1 ORDER BY leased_until LIMIT 1";
    /// By primary key.
    SKIPPED = "SELECT value FROM meta WHERE name = 'stations_skipped'";
    /// By primary key.
    SKIP = "UPDATE meta SET value = $1 WHERE name = 'stations_skipped'";
    /// By primary key.
    GIVE = "INSERT INTO station (code, desk, account, leased_until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (code) DO UPDATE SET desk = $2, account = $3, leased_until = $4";
}

/// The highest code that a desk may have.
pub const DESKS_MOST: u16 = 8999;

/// As many desks may have come between a backup and its being put back.
const NEW_SINCE_BACKUP: i64 = 500;

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The code.
    pub station: StationCode,
    /// Who has it.
    pub desk: DeskId,
    /// Until when.
    pub leased_until: Timestamp,
    /// In whose name.
    pub account: AccountName,
}

/// Leases a station to a desk until `until`: the one it has or had, else the one it says it `had` if nobody has that,
/// else a fresh one, else the one that lapsed longest before `now`; `None` when every code is taken.
pub fn lease(
    tx: &mut dyn Tx,
    desk: DeskId,
    had: Option<StationCode>,
    account: &AccountName,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Lease>, StoreError> {
    let name = desk.to_string();
    let known = tx.row(OF_DESK, &[(&name).into()])?.map(|row| row.int(0)).transpose()?;
    let highest = highest(tx)?;
    // One beyond all that were ever given is nobody's memory.
    let had = match had.filter(|had| i64::from(had.get()) <= highest) {
        Some(had) if find(tx, had)?.is_none() => Some(i64::from(had.get())),
        _ => None,
    };
    let code = match known.or(had) {
        Some(code) => code,
        None if highest < i64::from(DESKS_MOST) => highest + 1,
        None => match tx.row(LAPSED, &[now.into()])? {
            Some(row) => row.int(0)?,
            None => return Ok(None),
        },
    };
    tx.exec(GIVE, &[code.into(), (&name).into(), account.as_str().into(), until.into()])?;
    Ok(Some(Lease { station: station(code)?, desk, leased_until: until, account: account.clone() }))
}

/// Whether nobody has this station here, and somebody may have been leased it since the backup that was put back.
pub fn may_be_forgotten(tx: &mut dyn Tx, station: StationCode) -> Result<bool, StoreError> {
    let skipped: i64 = tx.row(SKIPPED, &[])?.map_or(Ok(0), |row| row.parsed(0))?;
    Ok(i64::from(station.get()) <= skipped && find(tx, station)?.is_none())
}

/// Gives none of the codes that may have been given since a backup.
pub(super) fn skip(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let to = (highest(tx)? + NEW_SINCE_BACKUP).min(i64::from(DESKS_MOST));
    tx.exec(SKIP, &[(&to.to_string()).into()]).map(drop)
}

/// The highest code that was given or skipped; 0 before the first.
fn highest(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let given = tx.row(HIGHEST, &[])?.map_or(Ok(0), |row| row.int(0))?;
    let skipped = tx.row(SKIPPED, &[])?.map_or(Ok(0), |row| row.parsed(0))?;
    Ok(given.max(skipped))
}

/// The lease of a station, lapsed or not.
pub fn find(tx: &mut dyn Tx, station: StationCode) -> Result<Option<Lease>, StoreError> {
    tx.row(OF_CODE, &[i64::from(station.get()).into()])?.as_ref().map(read).transpose()
}

/// The lease of a desk, lapsed or not.
pub fn of_desk(tx: &mut dyn Tx, desk: DeskId) -> Result<Option<Lease>, StoreError> {
    tx.row(OF_DESK, &[(&desk.to_string()).into()])?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Lease, StoreError> {
    Ok(Lease {
        station: station(row.int(0)?)?,
        desk: row.parsed(1)?,
        leased_until: row.time(2)?,
        account: row.parsed(3)?,
    })
}

fn station(code: i64) -> Result<StationCode, StoreError> {
    let code = u16::try_from(code).map_err(|_| StoreError::Damaged { what: "code" })?;
    StationCode::try_from(code).map_err(|_| StoreError::Damaged { what: "code" })
}
