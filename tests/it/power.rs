//! The power goes: a file system of its own is shut down without a flush, and mounted again. What was called durable is
//! there. The control is a database that does not wait for the disk: it must lose, or nothing was tested.
//!
//! It takes root, loop devices, `mkfs.ext4` and `xfs_io` (xfsprogs); where they are not to be had, the tests say so.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;

use huiyin::clock::Clock;
use huiyin::domain::code::Role;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::outbox::Item;
use huiyin::journal::{DraftRecord, Journal, News};
use huiyin::store::{Store, accounts};

use crate::harness::{PATIENCE, RUNTIME};
use crate::served::new_case;

/// A file system in a file, on a folder of its own.
struct Disk {
    folder: tempfile::TempDir,
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{program}: {}", said.trim())) }
}

impl Disk {
    /// One that is mounted; says why there is none.
    fn new() -> Result<Self, String> {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        File::create(disk.image()).and_then(|file| file.set_len(48 << 20)).unwrap();
        fs::create_dir(disk.path()).unwrap();
        let image = disk.image().display().to_string();
        run("xfs_io", &["-V"])?;
        run("mkfs.ext4", &["-q", "-F", &image])?;
        disk.mount()?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn mount(&self) -> Result<(), String> {
        let (image, path) = (self.image().display().to_string(), self.path().display().to_string());
        run("mount", &["-o", "loop", &image, &path])
    }

    /// Nothing reaches it from here on, not even what was written and not synced.
    fn cut(&self) {
        run("xfs_io", &["-x", "-c", "shutdown", self.path().to_str().unwrap()]).unwrap();
    }

    /// The power is back; nobody may have a file open.
    fn again(&self) {
        run("umount", &[self.path().to_str().unwrap()]).unwrap();
        self.mount().unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = run("umount", &["-l", self.path().to_str().unwrap()]);
    }
}

fn id(n: u8) -> CaseId {
    CaseId::new(1_795_424_523_000, [n; 10])
}

fn opened(folder: &Path) -> (Journal, mpsc::Receiver<News>) {
    let (tell, news) = mpsc::channel();
    let journal =
        Journal::open(folder, "embedded", &Clock::default(), move |told| drop(tell.send(told))).unwrap();
    journal.unlock(&"lin".parse().unwrap(), &Secret::new("the second password".to_owned())).unwrap();
    (journal, news)
}

#[test]
fn what_was_called_saved_or_submitted_outlives_a_power_cut() {
    let disk = match Disk::new() {
        Ok(disk) => disk,
        Err(why) => return println!("skipped: {why}"),
    };
    for round in 1..=3 {
        let (journal, news) = opened(&disk.path());
        let draft = |n: u8, version| {
            let body = format!("第 {n} 份，第 {version} 版");
            DraftRecord { id: id(n), version, updated_at: Clock::default().now(), body }
        };
        for version in 1..=20 {
            journal.save_draft(draft(round, version));
        }
        // The deadline makes it durable, and nothing else.
        let told = std::iter::from_fn(|| news.recv_timeout(PATIENCE).ok());
        let mut durable =
            told.filter_map(|told| if let News::Durable(drafts) = told { Some(drafts) } else { None });
        let saved = durable.find_map(|drafts| drafts.get(&id(round)).copied()).unwrap();
        let case = serde_json::from_value(new_case("望湖路路灯不亮")).unwrap();
        let item = Item::filing(id(100 + round), &case, String::new(), &Clock::default()).unwrap();
        journal.submit(item).unwrap();
        disk.cut();
        drop(journal);
        disk.again();
        let (journal, _news) = opened(&disk.path());
        assert_eq!(journal.set_aside().unwrap(), None);
        let (drafts, outbox) = (journal.drafts().unwrap(), journal.outbox().unwrap());
        let kept = drafts.records.iter().find(|kept| kept.id == id(round)).unwrap();
        assert!(kept.version >= saved && kept.body == draft(round, kept.version).body);
        assert_eq!((drafts.records.len(), outbox.items.len()), (usize::from(round), usize::from(round)));
    }
}

#[test]
fn what_the_server_confirmed_outlives_a_power_cut() {
    let disk = match Disk::new() {
        Ok(disk) => disk,
        Err(why) => return println!("skipped: {why}"),
    };
    let file = disk.path().join("huiyin.db");
    let name = |n: u8| format!("agent{n}").parse().unwrap();
    for round in 1..=3 {
        let store = Store::sqlite(&file).unwrap();
        let made = store.write(move |tx| {
            let now = Clock::default().now();
            accounts::create(tx, &name(round), Role::Agent, &[], "no password", now)
        });
        assert!(RUNTIME.block_on(made).unwrap());
        disk.cut();
        drop(store);
        disk.again();
    }
    let store = Store::sqlite(&file).unwrap();
    for n in 1..=3 {
        let there = store.read_here(|tx| accounts::find(tx, &name(n))).unwrap();
        assert!(there.is_some(), "account {n} is gone");
    }
}

#[test]
fn a_database_that_does_not_wait_for_the_disk_loses() {
    let disk = match Disk::new() {
        Ok(disk) => disk,
        Err(why) => return println!("skipped: {why}"),
    };
    let insert = |synchronous: &str| {
        let db = rusqlite::Connection::open(disk.path().join(synchronous)).unwrap();
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        db.pragma_update(None, "synchronous", "full").unwrap();
        db.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        db.pragma_update(None, "synchronous", synchronous).unwrap();
        for n in 0..50 {
            db.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        db
    };
    let open = (insert("normal"), insert("full"));
    disk.cut();
    drop(open);
    disk.again();
    let kept = |synchronous: &str| -> i64 {
        let db = rusqlite::Connection::open(disk.path().join(synchronous)).unwrap();
        db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
    };
    // The last full commit of the second makes nothing of the first durable.
    assert_eq!((kept("normal"), kept("full")), (0, 50));
}
