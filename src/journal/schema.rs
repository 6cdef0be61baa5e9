//! The tables of the journal, by numbered steps that are never edited once released.

use rusqlite::Connection;

/// The newest format this program knows: `PRAGMA user_version`.
pub(super) const KNOWN: i64 = 4;

pub(super) const STEPS: &[&str] = &[
    "
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- One row a key; `sum` tells a damaged row from a wrong password.
    CREATE TABLE key (
        id INTEGER PRIMARY KEY, owner TEXT NOT NULL, salt BLOB NOT NULL, memory INTEGER NOT NULL,
        passes INTEGER NOT NULL, nonce BLOB NOT NULL, wrapped BLOB NOT NULL, sum BLOB NOT NULL
    ) STRICT;
    CREATE TABLE draft (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, key INTEGER NOT NULL, version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE station (
        realm TEXT PRIMARY KEY, code INTEGER NOT NULL, leased_until INTEGER NOT NULL, last TEXT
    ) STRICT, WITHOUT ROWID;
    -- Written in the commit that makes everything before it durable.
    CREATE TABLE beat (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL) STRICT;
    INSERT INTO beat VALUES (1, 0);
",
    "
    -- The same key wrapped by a password that may hold from now on: `password.rs`.
    CREATE TABLE second_wrap (
        id INTEGER PRIMARY KEY, key INTEGER NOT NULL, salt BLOB NOT NULL, memory INTEGER NOT NULL,
        passes INTEGER NOT NULL, nonce BLOB NOT NULL, wrapped BLOB NOT NULL, sum BLOB NOT NULL
    ) STRICT;
",
    "
    -- What was submitted, in the order of submission; `place` is never used twice.
    CREATE TABLE outbox (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, key INTEGER NOT NULL,
        case_id TEXT NOT NULL, is_act INTEGER NOT NULL, standing TEXT NOT NULL, version INTEGER NOT NULL,
        submitted_at INTEGER NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outbox_owner ON outbox (owner, place);
    -- Who has signed in here, sealed: their account as the server told it last.
    CREATE TABLE person (
        owner TEXT PRIMARY KEY, key INTEGER NOT NULL, signed_in_at INTEGER NOT NULL, wrong INTEGER NOT NULL DEFAULT 0,
        wrong_at INTEGER NOT NULL DEFAULT 0, nonce BLOB NOT NULL, sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    -- What a person keeps for themselves, sealed: one text under a name, such as the saved searches.
    CREATE TABLE own (
        owner TEXT NOT NULL, name TEXT NOT NULL, key INTEGER NOT NULL, version INTEGER NOT NULL,
        nonce BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (owner, name)
    ) STRICT, WITHOUT ROWID;
",
];

/// Brings the tables up to [`KNOWN`], each step in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let have = format(connection)?;
    for (step, version) in STEPS.iter().zip(1_i64..).filter(|(_, version)| *version > have) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The format of a file.
pub(super) fn format(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}
