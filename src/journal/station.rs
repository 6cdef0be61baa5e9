//! The station of this desk: its lease, and the last second it gave a number for.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};

use super::JournalError;
use crate::domain::number::{CaseNumber, NumberIssuer, StationCode};
use crate::wire::station::StationLease;

/// The lease in `realm`, if it holds at `now`.
pub(super) fn lease(
    db: &Connection,
    realm: &str,
    now: Timestamp,
) -> Result<Option<StationLease>, JournalError> {
    let row: Option<(u16, i64)> = db
        .query_row("SELECT code, leased_until FROM station WHERE realm = ?1", [realm], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(row.and_then(|(code, until)| {
        let station = StationCode::try_from(code).ok()?;
        let leased_until = Timestamp::from_millisecond(until).ok()?;
        (now < leased_until).then_some(StationLease { station, leased_until })
    }))
}

/// Keeps a lease. Another station than before starts afresh; the same one goes on after its last second.
pub(super) fn keep(db: &Connection, realm: &str, lease: &StationLease) -> Result<(), JournalError> {
    db.execute(
        "INSERT INTO station (realm, code, leased_until) VALUES (?1, ?2, ?3)
         ON CONFLICT (realm) DO UPDATE SET leased_until = excluded.leased_until,
             last = CASE WHEN code = excluded.code THEN last END, code = excluded.code",
        params![realm, lease.station.get(), lease.leased_until.as_millisecond()],
    )?;
    Ok(())
}

/// Takes the next number; the caller makes it durable before it is told to anybody.
pub(super) fn issue(
    db: &Connection,
    realm: &str,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<CaseNumber>, JournalError> {
    let Some(lease) = lease(db, realm, now)? else { return Ok(None) };
    let last: Option<String> =
        db.query_row("SELECT last FROM station WHERE realm = ?1", [realm], |row| row.get(0))?;
    let last: Option<DateTime> = last.and_then(|last| last.parse().ok());
    let mut issuer = NumberIssuer::new(lease.station, last);
    let number = issuer.next(zone.to_datetime(now));
    let last = issuer.last().map(|last| last.to_string());
    db.execute("UPDATE station SET last = ?2 WHERE realm = ?1", params![realm, last])?;
    Ok(Some(number))
}
