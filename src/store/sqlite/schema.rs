//! Opening the file: what it must be, its schema, and the settings of a connection.
//!
//! The header is read before `SQLite` sees the file, so that a newer one or a foreign one stays as it was.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::failed;
use super::tx::SqliteTx;
use crate::store::StoreError;

/// Numbered, and never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_cases.sql"),
    include_str!("migrations/0002_epoch_and_presence.sql"),
    include_str!("migrations/0003_search.sql"),
    include_str!("migrations/0004_learned.sql"),
];
/// The step that makes the search index as it is now; what was filed before is put into it anew.
pub(in crate::store) const SEARCH_SINCE: i64 = 3;
/// `HYst`: marks the file as a store of this program.
const APPLICATION_ID: u32 = 0x4859_7374;
/// How long a connection waits for another process.
pub(super) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Opens the connection that writes, on a file that exists afterwards with the newest schema.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    inspect(path)?;
    let unreadable = |_| StoreError::Unreadable { path: path.to_owned() };
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(unreadable)?;
    connection.busy_timeout(PATIENCE).map_err(unreadable)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 10000;",
        )
        .map_err(unreadable)?;
    connection.set_prepared_statement_cache_capacity(128);
    migrate(&connection, path)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let doing = "opening a reader";
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(failed(doing))?;
    connection.busy_timeout(PATIENCE).map_err(failed(doing))?;
    // Opened for writing because reading a WAL needs the shared memory file; the pragma is what forbids changes.
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;")
        .map_err(failed(doing))?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Opens a store that must be there, of this version or an older one, to be read as it is.
pub(super) fn open_existing(path: &Path) -> Result<Connection, StoreError> {
    let missing = |error: std::io::Error| StoreError::Open { path: path.to_owned(), kind: error.kind() };
    if path.metadata().map_err(missing)?.len() == 0 {
        return Err(StoreError::Unreadable { path: path.to_owned() });
    }
    inspect(path)?;
    let connection = open_reader(path)?;
    // A connection that may change nothing may not write a copy either.
    connection.execute_batch("PRAGMA query_only = OFF").map_err(failed("opening a reader"))?;
    Ok(connection)
}

/// Looks at the header of an existing file, or makes an empty one that only its owner can read.
fn inspect(path: &Path) -> Result<(), StoreError> {
    let open = |error: std::io::Error| StoreError::Open { path: path.to_owned(), kind: error.kind() };
    let mut header = [0_u8; 100];
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            return options.open(path).map(drop).map_err(open);
        }
        Err(error) => return Err(open(error)),
    };
    if file.metadata().map_err(open)?.len() == 0 {
        return Ok(());
    }
    let field = |header: &[u8; 100], at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let whole = file.read_exact(&mut header).is_ok();
    let ours = field(&header, 68) == APPLICATION_ID;
    // A crash between the first page and the first migration leaves a file without any mark yet.
    let blank = field(&header, 68) == 0 && field(&header, 60) == 0;
    if !whole || !header.starts_with(b"SQLite format 3\0") || !(ours || blank) {
        return Err(StoreError::Unreadable { path: path.to_owned() });
    }
    refuse_newer(path, i64::from(field(&header, 60)))
}

fn refuse_newer(path: &Path, found: i64) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known { Err(StoreError::Newer { path: path.to_owned(), found, known }) } else { Ok(()) }
}

fn migrate(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let unreadable = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            StoreError::Unreadable { path: path.to_owned() }
        }
        _ => failed("migrating the schema")(error),
    };
    // Taken before the version is read: two processes that open a new file must not both migrate it.
    connection.execute_batch("BEGIN IMMEDIATE").map_err(unreadable)?;
    let version: i64 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(unreadable)?;
    refuse_newer(path, version)?;
    for (index, step) in MIGRATIONS.iter().enumerate().skip(usize::try_from(version).unwrap_or(0)) {
        connection.execute_batch(step).map_err(unreadable)?;
        connection
            .pragma_update(None, "user_version", i64::try_from(index).unwrap_or(i64::MAX) + 1)
            .map_err(unreadable)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(unreadable)?;
    }
    if (1..SEARCH_SINCE).contains(&version) {
        crate::store::cases::index_all(&mut SqliteTx::new(connection))?;
    }
    connection.execute_batch("COMMIT").map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_the_first_schema_gets_an_epoch_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute("INSERT INTO attempt (account, at) VALUES ('xiaolin', 1)", []).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        drop(old);
        let epoch = |path: &Path| {
            let store = open_writer(path).unwrap();
            let kept: i64 = store.query_row("SELECT count(*) FROM attempt", [], |row| row.get(0)).unwrap();
            assert_eq!(kept, 1);
            let sql = "SELECT value FROM meta WHERE name = 'epoch'";
            store.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()
        };
        let first = epoch(&path);
        assert!(first.parse::<crate::domain::epoch::Epoch>().is_ok(), "{first}");
        assert_eq!(epoch(&path), first);
        assert_ne!(epoch_of_another(&folder.path().join("other.db")), first);
    }

    fn epoch_of_another(path: &Path) -> String {
        let sql = "SELECT value FROM meta WHERE name = 'epoch'";
        open_writer(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}
