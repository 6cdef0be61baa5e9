//! Stories of opening, closing and reading, for the engine that is a file.

use std::path::Path;

use super::searching::plan;
use super::*;
use crate::domain::epoch::Epoch;
use crate::store::cases::find;
use crate::store::search::page;
use crate::store::sqlite::SEARCH_SINCE;
use crate::store::{StoreError, Tx, accounts, audit, epoch, sessions};

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
        store.write(move |tx| file(tx, filing.clone(), rules())).await.unwrap();
        store.close().await;
        assert_eq!(store.write(|_| Ok::<_, StoreError>(())).await, Err(StoreError::Closed));
        assert_eq!(store.read_here(|_| Ok::<_, StoreError>(())), Err(StoreError::Closed));
    });
    id
}

#[test]
fn what_was_filed_is_there_after_closing_and_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.db");
    let id = filed_at(&path);
    assert!(!folder.path().join("cases.db-wal").exists(), "closing leaves one tidy file");
    assert!(Store::sqlite(&path).unwrap().read_here(|tx| find(tx, id)).unwrap().is_some());
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
fn what_was_filed_with_another_index_is_found_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.db");
    let store = Store::sqlite(&path).unwrap();
    let found = |store: &Store| -> Vec<String> {
        let hits = store.read_here(|tx| page(tx, &plan("噪声扰民"))).unwrap().hits;
        hits.into_iter().map(|hit| hit.case.intake.text).collect()
    };
    block_on(async {
        for n in 0..30 {
            // Some at the same time, and all within a few seconds.
            let received_at = minute(0) + jiff::SignedDuration::from_millis(n / 3 * 700);
            let filing = Filing { received_at, ..filing(&format!("第{n}件噪声扰民")) };
            store.write(move |tx| file(tx, filing.clone(), rules())).await.unwrap();
        }
        store.close().await;
    });
    let mut expected = found(&Store::sqlite(&path).unwrap());
    assert_eq!(expected.len(), 30);
    // As the file was before: a key is a millisecond, and the index had words with their places.
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "UPDATE case_file SET key = -(received_at + substr(document, instr(document, '第') + 1, 2) % 3);
         UPDATE case_file SET key = -key;
         DROP TABLE case_search;
         DROP TABLE learned;
         CREATE VIRTUAL TABLE case_search USING fts5(
           body, caller, filters, content = '', contentless_delete = 1, tokenize = 'ascii');",
    )
    .unwrap();
    file.pragma_update(None, "user_version", SEARCH_SINCE - 1).unwrap();
    drop(file);
    let store = Store::sqlite(&path).unwrap();
    let mut again = found(&store);
    assert_eq!(again[..3], ["第29件噪声扰民", "第28件噪声扰民", "第27件噪声扰民"]);
    again.sort_unstable();
    expected.sort_unstable();
    assert_eq!(again, expected);
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
    assert_eq!(refused(&newer), StoreError::Newer { path: path.clone(), found: 200, known: 4 });
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

#[test]
fn what_may_pass_is_not_synced_and_what_lasts_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::sqlite(&folder.path().join("cases.db")).unwrap();
    let level = |tx: &mut dyn Tx| tx.rows("PRAGMA synchronous", &[])?[0].int(0);
    block_on(async {
        let (normal, full) = (Ok::<_, StoreError>(1), Ok(2));
        for _ in 0..3 {
            assert_eq!(store.write(level).await, full);
            assert_eq!(store.write_passing(level).await, normal);
        }
        // Many at once: one that lasts is never committed without a sync, whatever came before it.
        let tasks: Vec<_> = (0..200)
            .map(|n| {
                let store = store.clone();
                let lasts = n % 3 == 0;
                tokio::spawn(async move {
                    let said =
                        if lasts { store.write(level).await } else { store.write_passing(level).await };
                    (lasts, said)
                })
            })
            .collect();
        for task in tasks {
            let (lasts, said) = task.await.unwrap();
            assert!(if lasts { said == full } else { said == full || said == normal }, "{lasts} {said:?}");
        }
        store.close().await;
    });
}

/// A store with an account, its session and a case in it.
async fn stocked(path: &Path) -> (Store, CaseId) {
    let store = Store::sqlite(path).unwrap();
    let session = sessions::Session {
        id: "s".to_owned(),
        account: "xiaolin".parse().unwrap(),
        created_at: minute(0),
        used_at: minute(0),
        expires_at: minute(60),
    };
    let first = filing("备份前的工单");
    let id = first.id;
    let stock = store.write(move |tx| {
        accounts::create(tx, &session.account, Role::Agent, &[], "x", minute(0))?;
        sessions::start(tx, &[1; 32], &session, 5)?;
        file(tx, first.clone(), rules())
    });
    stock.await.unwrap();
    (store, id)
}

#[test]
fn a_copy_of_a_served_store_is_put_back_in_another_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("cases.db"), folder.path().join("copy.db"));
    let (before, after) = (Epoch::new([1; 16]), Epoch::new([2; 16]));
    let (first, later) = block_on(async {
        let (store, first) = stocked(&path).await;
        store.write(move |tx| epoch::begin(tx, before)).await.unwrap();
        let copied = Store::back_up(&path, &copy).unwrap();
        assert_eq!((copied.cases, copied.epoch), (1, before));
        let there = StoreError::Open { path: copy.clone(), kind: std::io::ErrorKind::AlreadyExists };
        assert_eq!(Store::back_up(&path, &copy), Err(there));
        let later = filing("备份后的工单");
        let id = later.id;
        store.write(move |tx| file(tx, later.clone(), rules())).await.unwrap();
        store.close().await;
        (first, id)
    });
    let (copied, kept) = Store::put_back(&copy, &path, after, minute(9)).unwrap();
    assert_eq!((copied.cases, copied.epoch), (1, after));

    let store = Store::sqlite(&path).unwrap();
    let has = |store: &Store, id| store.read_here(|tx| find(tx, id)).unwrap().is_some();
    assert!(has(&store, first) && !has(&store, later));
    assert_eq!(store.read_here(epoch::current), Ok(after));
    let idle = jiff::SignedDuration::from_hours(1);
    assert!(store.read_here(|tx| sessions::find(tx, &[1; 32], minute(1), idle)).unwrap().is_none());
    let entries = store.read_here(|tx| audit::page(tx, audit::About::Everything, None, 1)).unwrap();
    assert_eq!((entries[0].action.as_str(), &*entries[0].detail), ("store.restore", &*after.to_string()));
    // What stood there before is whole beside it, and nothing else is left.
    let kept = kept.unwrap();
    assert!(has(&Store::sqlite(&kept).unwrap(), later));
    drop(store);
    let mut left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    let mut names = ["cases.db", kept.file_name().unwrap().to_str().unwrap(), "copy.db"];
    names.sort_unstable();
    assert_eq!(left, names);
    #[cfg(unix)]
    for file in [&path, &copy] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_copy_is_put_nowhere_and_a_damaged_store_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("cases.db"), folder.path().join("copy.db"));
    block_on(async { stocked(&path).await.0.close().await });
    Store::back_up(&path, &copy).unwrap();
    let whole = std::fs::read(&copy).unwrap();
    let standing = std::fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    let at = damaged.len() / 2;
    damaged[at..at + 4096].fill(0xa5);
    for bad in [&damaged[..], b"no store", b""] {
        std::fs::write(&copy, bad).unwrap();
        let unreadable = StoreError::Unreadable { path: copy.clone() };
        assert_eq!(Store::put_back(&copy, &path, Epoch::new([3; 16]), minute(0)).err(), Some(unreadable));
        assert_eq!(std::fs::read(&path).unwrap(), standing);
    }
    std::fs::write(&copy, &whole).unwrap();
    std::fs::write(&path, &damaged).unwrap();
    assert!(Store::back_up(&path, &folder.path().join("bad.db")).is_err());
    let (copied, kept) = Store::put_back(&copy, &path, Epoch::new([3; 16]), minute(0)).unwrap();
    assert_eq!((copied.cases, std::fs::read(kept.unwrap()).unwrap()), (1, damaged.clone()));
    // Twice in a second: both are kept.
    let again = Store::put_back(&copy, &path, Epoch::new([3; 16]), minute(0)).unwrap().1.unwrap();
    assert!(again.exists() && std::fs::read(again).unwrap() != damaged);
    // Where nothing stands it is simply put.
    let nowhere = folder.path().join("new.db");
    assert_eq!(Store::put_back(&copy, &nowhere, Epoch::new([4; 16]), minute(0)).unwrap().1, None);
    assert!(nowhere.exists());
}
