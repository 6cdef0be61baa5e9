//! Opening the database: what it must be, and its schema. Of servers that start together one migrates, the others wait.

use super::address::Address;
use super::connection::Connection;
use super::months;
use crate::store::{Param, StoreError};

/// Numbered, and never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_cases.sql"),
    include_str!("migrations/0002_learned.sql"),
    include_str!("migrations/0003_undated.sql"),
    include_str!("migrations/0004_dropping.sql"),
    include_str!("migrations/0005_aside.sql"),
];
/// Whether this program was here.
const OURS: &str = "SELECT to_regclass('huiyin_schema') IS NOT NULL";
/// One row.
const VERSION: &str = "SELECT version FROM huiyin_schema";
/// `HYst`: who holds it migrates.
const LOCK: i64 = 0x4859_7374;
/// What others have put here is theirs; what an extension has put here is nobody's.
const FOREIGN: &str = "SELECT count(*) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";
/// After a dump was read into another cluster, its transactions count from the beginning: places go on behind the last.
const REBASE: &str = "UPDATE feed_base SET base = (SELECT max(place) FROM event_map) + 1
    WHERE feed_floor(pg_current_xact_id()) <= (SELECT coalesce(max(place), -1) FROM event_map)";

/// What a server that was killed left there. In another cluster the same number may be anybody's; and where one is under
/// way, the feed waits for it after all.
const FORGET_ASIDE: &str = "DELETE FROM feed_aside";

/// Brings the database to the newest schema, with the months that are needed now.
pub(super) fn prepare(address: &Address) -> Result<(), StoreError> {
    let mut connection = Connection::open(address, None)?;
    let encoding = connection.rows("SHOW server_encoding", &[])?;
    if encoding.first().map(|row| row.text(0)) != Some(Ok("UTF8")) {
        return Err(StoreError::Unreadable { path: address.shown() });
    }
    connection.batch("SET statement_timeout = 0; SET lock_timeout = 0", "migrating the schema")?;
    connection.batch("BEGIN", "migrating the schema")?;
    connection.query("SELECT pg_advisory_xact_lock($1)", &[Param::Int(LOCK)])?;
    let found = version(&mut connection, address)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { path: address.shown(), found, known });
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        connection.batch(step, "migrating the schema")?;
    }
    if found < known {
        connection.execute("UPDATE huiyin_schema SET version = $1", &[Param::Int(known)])?;
    }
    connection.execute(REBASE, &[])?;
    connection.execute(FORGET_ASIDE, &[])?;
    connection.batch("COMMIT", "migrating the schema")?;
    months::make_ahead(&mut connection)?;
    Ok(())
}

/// Which schema there is; `None` where nothing of this program is.
pub(super) fn look(address: &Address) -> Result<Option<i64>, StoreError> {
    let mut connection = Connection::open(address, None)?;
    let ours = connection.rows(OURS, &[])?;
    if ours.first().is_none_or(|row| row.int(0) != Ok(1)) {
        return Ok(None);
    }
    let rows = connection.rows(VERSION, &[])?;
    rows.first().map(|row| row.int(0)).transpose()
}

/// Refuses a database whose schema is not the newest known here. Changes nothing.
pub(super) fn require(address: &Address) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match look(address)? {
        Some(found) if found == known => Ok(()),
        Some(found) if found > known => Err(StoreError::Newer { path: address.shown(), found, known }),
        _ => Err(StoreError::Unreadable { path: address.shown() }),
    }
}

/// Which schema there is; 0 and the mark of this program in a database where nothing is.
fn version(connection: &mut Connection, address: &Address) -> Result<i64, StoreError> {
    let ours = connection.rows(OURS, &[])?;
    if ours.first().is_some_and(|row| row.int(0) == Ok(1)) {
        let rows = connection.rows(VERSION, &[])?;
        return rows.first().ok_or(StoreError::Unreadable { path: address.shown() })?.int(0);
    }
    let foreign = connection.rows(FOREIGN, &[])?;
    if foreign.first().is_none_or(|row| row.int(0) != Ok(0)) {
        return Err(StoreError::Unreadable { path: address.shown() });
    }
    let mark = "CREATE TABLE huiyin_schema (version BIGINT NOT NULL); INSERT INTO huiyin_schema VALUES (0)";
    connection.batch(mark, "migrating the schema")?;
    Ok(0)
}
