//! Stories of opening, closing and reading, for the engine that is a file.

use std::path::Path;

use super::*;
use crate::store::cases::find;
use crate::store::{StoreError, Tx};

/// A statement that nothing but an interruption ends.
const ENDLESS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i > $1";

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn filed_at(path: &Path) -> CaseId {
    let store = Store::sqlite(path).unwrap();
    let filing = filing("开门第一件");
    let id = filing.id;
    block_on(async {
        store.write(move |tx| file(tx, filing, rules())).await.unwrap();
        store.close().await;
        assert_eq!(store.write(|_| Ok::<_, StoreError>(())).await, Err(StoreError::Closed));
        assert_eq!(store.read(|_| Ok::<_, StoreError>(())), Err(StoreError::Closed));
    });
    id
}

#[test]
fn what_was_filed_is_there_after_closing_and_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.db");
    let id = filed_at(&path);
    assert!(!folder.path().join("cases.db-wal").exists(), "closing leaves one tidy file");
    assert!(Store::sqlite(&path).unwrap().read(|tx| find(tx, id)).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.db");
    let store = Store::sqlite(&path).unwrap();
    block_on(store.write(|tx| file(tx, filing("私密"), rules()))).unwrap();
    for name in ["cases.db", "cases.db-wal", "cases.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_newer_a_foreign_and_a_damaged_file_are_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.db");
    filed_at(&path);
    let good = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let error = Store::sqlite(&path).err().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{error}");
        assert!(!folder.path().join("cases.db-wal").exists());
        error
    };
    let mut newer = good.clone();
    newer[63] = 200;
    assert_eq!(refused(&newer), StoreError::Newer { path: path.clone(), found: 200, known: 2 });
    let mut foreign = good.clone();
    foreign[68] = 1;
    let unreadable = StoreError::Unreadable { path: path.clone() };
    assert_eq!(refused(&foreign), unreadable);
    assert_eq!(refused(b"no database at all"), unreadable);
    assert_eq!(refused(&[7; 4096]), unreadable);
    let nowhere = folder.path().join("no/such/folder.db");
    assert!(matches!(Store::sqlite(&nowhere).err(), Some(StoreError::Open { .. })));
}

#[test]
fn a_slow_reading_ends_and_the_next_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::sqlite(&folder.path().join("cases.db")).unwrap();
    block_on(async {
        let ended = store.read_slow(|tx: &mut dyn Tx| tx.rows(ENDLESS, &[0_i64.into()]).map(drop)).await;
        assert_eq!(ended, Err(StoreError::TimedOut));
        let next = store.read_slow(|tx: &mut dyn Tx| tx.rows("SELECT $1", &[5_i64.into()])?[0].int(0)).await;
        assert_eq!(next, Ok(5));
    });
}
