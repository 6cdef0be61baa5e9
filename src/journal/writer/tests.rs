//! The writer, step by step and on this thread, while its syncer is in the middle of a sync or fails at one.

use std::fs::File;
use std::sync::mpsc;

use tempfile::TempDir;

use super::super::golden::filing;
use super::super::open;
use super::super::outbox::{Item, Standing};
use super::super::tests::{clock, draft, li, password};
use super::*;
use crate::domain::number::CaseNumber;
use crate::journal::{DraftRecord, NotKept};
use crate::wire::station::StationLease;

struct Desk {
    writer: Writer,
    told: Receiver<News>,
    folder: TempDir,
}

impl Desk {
    /// One that is unlocked and durable.
    fn new() -> Self {
        let mut desk = Self::open(tempfile::tempdir().unwrap());
        desk.flushes();
        desk.told.try_iter().for_each(drop);
        desk
    }

    /// One that is unlocked.
    fn open(folder: TempDir) -> Self {
        let opened = open::open(folder.path(), &clock()).unwrap();
        let ((tell, told), (requests, _)) = (mpsc::channel(), mpsc::channel());
        let news = Box::new(move |item| drop(tell.send(item)));
        let writer = Writer::new(opened, "embedded".to_owned(), clock(), news, requests);
        let mut desk = Self { writer, told, folder };
        let (answer, unlocked) = mpsc::channel();
        desk.writer.take(Request::Unlock { account: li(), password: password("春眠不觉晓"), answer });
        unlocked.recv().unwrap().unwrap();
        desk
    }

    fn flushes(&mut self) {
        let (answer, flushed) = mpsc::channel();
        self.writer.take(Request::Flush(answer));
        self.writer.do_what_is_due();
        self.writer.await_sync();
        flushed.recv().unwrap().unwrap();
    }

    fn writes(&mut self, draft: DraftRecord) {
        self.writer.take(Request::Save(draft));
        self.writer.write();
    }

    /// Submits a case; the answer, once there is one.
    fn submits(&mut self, item: Item) -> Receiver<Result<Vec<Item>, NotKept>> {
        let (answer, kept) = mpsc::channel();
        self.writer.take(Request::Submit(vec![item], answer));
        kept
    }

    /// Asks for the number of a case; the answer, once there is one.
    fn asks_for_a_number(&mut self) -> Receiver<Result<Option<CaseNumber>, JournalError>> {
        let (answer, issued) = mpsc::channel();
        let (now, zone) = (clock().now(), jiff::tz::TimeZone::UTC);
        self.writer.take(Request::IssueNumber { now, zone, answer });
        issued
    }

    /// The drafts told as durable since it was asked last, in the order of telling.
    fn durable(&self) -> Vec<(CaseId, u64)> {
        let told = self.told.try_iter();
        told.filter_map(|told| if let News::Durable(drafts) = told { Some(drafts) } else { None })
            .flatten()
            .collect()
    }

    /// From here on every sync of the log fails, as the system does not sync this.
    fn break_the_log(&mut self) {
        self.writer.syncer.sync_instead(File::open("/dev/null").unwrap());
    }

    /// The drafts that a process killed now leaves, as they would be read.
    fn left(&self) -> Vec<DraftRecord> {
        self.left_of_all().0
    }

    /// The same, and how many items of the outbox.
    fn left_of_all(&self) -> (Vec<DraftRecord>, usize) {
        let copy = tempfile::tempdir().unwrap();
        for name in ["drafts.db", "drafts.db-wal"] {
            std::fs::copy(self.folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let (journal, _) = super::super::tests::open(copy.path());
        journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
        (journal.drafts().unwrap().records, journal.outbox().unwrap().items.len())
    }
}

#[test]
fn the_log_is_synced_here_once_sqlite_has_made_a_commit_durable_by_itself_before_anything_is_typed() {
    let desk = Desk::new();
    let Desk { writer, folder, .. } = desk;
    assert!(writer.syncer.is_ready());
    drop(writer);
    // To unlock it again changes nothing, so nothing is synced by that.
    let mut desk = Desk::open(folder);
    assert!(!desk.writer.syncer.is_ready(), "the log may have no name in its folder yet");
    desk.writer.do_what_is_due();
    assert!(desk.writer.syncer.is_ready());
}

#[test]
fn what_waits_for_the_disk_holds_up_nothing_that_is_typed() {
    let mut desk = Desk::new();
    let leased_until = "2026-11-24T00:00:00Z".parse().unwrap();
    let lease = StationLease { station: 42_u16.try_into().unwrap(), leased_until };
    let (answer, leased) = mpsc::channel();
    desk.writer.take(Request::KeepLease { lease, answer });
    let issued = desk.asks_for_a_number();
    desk.writes(draft(1, 1, "路"));
    let kept = desk.submits(filing(1, Standing::Waiting));
    desk.writer.do_what_is_due();
    assert!(desk.writer.syncer.is_under_way());
    desk.writes(draft(2, 1, "夜"));
    assert_eq!(desk.left_of_all(), (vec![draft(2, 1, "夜")], 1), "a kill takes what waits for the disk");
    let late = desk.submits(filing(2, Standing::Waiting));
    assert!(leased.try_recv().is_err() && issued.try_recv().is_err() && kept.try_recv().is_err());
    desk.writer.await_sync();
    leased.try_recv().unwrap().unwrap();
    assert!(issued.try_recv().unwrap().unwrap().is_some());
    let places = |kept: &Receiver<Result<Vec<Item>, NotKept>>| kept.try_recv().unwrap().unwrap()[0].place;
    assert_eq!(places(&kept), 1);
    assert!(late.try_recv().is_err(), "it was written after the sync began");
    desk.writer.do_what_is_due();
    desk.writer.await_sync();
    assert_eq!(places(&late), 2);
    assert_eq!(desk.left_of_all(), (Vec::new(), 2));
}

#[test]
fn a_submission_whose_sync_fails_is_not_called_kept_and_is_written_again() {
    let mut desk = Desk::new();
    desk.break_the_log();
    desk.writes(draft(1, 1, "路"));
    let kept = desk.submits(filing(1, Standing::Waiting));
    let issued = desk.asks_for_a_number();
    desk.writer.do_what_is_due();
    // What of it reached the disk nobody knows: here, none.
    desk.writer.db.execute("DELETE FROM outbox", []).unwrap();
    desk.writer.await_sync();
    let NotKept { items, error } = kept.try_recv().unwrap().unwrap_err();
    assert!(matches!(error, JournalError::Disk(_)), "{error}");
    assert_eq!((items.len(), items[0].place), (1, 1));
    assert!(issued.try_recv().unwrap().is_err(), "a number that may be given twice");
    desk.writer.write();
    assert_eq!(desk.left_of_all(), (Vec::new(), 1));
    assert_eq!(desk.writer.outbox().unwrap().items, items);
}

#[test]
fn while_the_disk_refuses_a_draft_what_it_takes_is_made_durable_for_those_who_wait() {
    let mut desk = Desk::new();
    let refuse = "CREATE TRIGGER broken BEFORE INSERT ON draft BEGIN SELECT RAISE(ABORT, 'disk'); END";
    desk.writer.db.execute(refuse, []).unwrap();
    desk.writes(draft(2, 1, "夜"));
    let kept = desk.submits(filing(1, Standing::Waiting));
    desk.writer.do_what_is_due();
    desk.writer.await_sync();
    assert_eq!(kept.try_recv().unwrap().unwrap().len(), 1);
    assert!(desk.writer.retry_at.is_some());
}

#[test]
fn what_is_hastened_is_durable_before_its_deadline_and_nothing_is_synced_for_nothing() {
    let mut desk = Desk::new();
    desk.writer.take(Request::Hasten);
    assert_eq!(desk.writer.wakes_at(), None);
    desk.writer.take(Request::Save(draft(1, 1, "a")));
    desk.writer.take(Request::Hasten);
    desk.writer.do_what_is_due();
    assert!(desk.writer.syncer.is_under_way());
    desk.writer.await_sync();
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 1)]);
}

#[test]
fn a_change_made_while_a_sync_is_under_way_is_not_made_durable_by_it() {
    let mut desk = Desk::new();
    desk.writes(draft(1, 1, "a"));
    desk.writer.begin_sync();
    desk.writes(draft(1, 2, "ab"));
    desk.writes(draft(2, 1, "c"));
    assert_eq!(desk.left(), [draft(1, 2, "ab"), draft(2, 1, "c")], "a kill takes what waits for the disk");
    desk.writer.await_sync();
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 1)]);
    assert!(desk.writer.durable_by.is_some());
    desk.writer.begin_sync();
    desk.writer.await_sync();
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 2), (draft(2, 1, "").id, 1)]);
    assert_eq!((desk.writer.wakes_at(), desk.writer.syncer.is_under_way()), (None, false), "it has no rest");
}

#[test]
fn after_a_failed_sync_all_since_the_last_success_is_written_again_and_the_log_begins_anew() {
    let mut desk = Desk::new();
    desk.break_the_log();
    desk.writes(draft(1, 1, "a"));
    desk.writes(draft(2, 1, "b"));
    desk.writer.begin_sync();
    desk.writes(draft(1, 2, "ab"));
    // What of it reached the disk nobody knows: here, none.
    desk.writer.db.execute("DELETE FROM draft", []).unwrap();
    desk.writer.await_sync();
    assert_eq!(desk.durable(), []);
    assert!(desk.writer.distrusted && desk.writer.retry_at.is_some() && !desk.writer.syncer.is_ready());
    desk.writer.write();
    assert_eq!(desk.left(), [draft(1, 2, "ab"), draft(2, 1, "b")]);
    desk.writer.make_durable();
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 2), (draft(2, 1, "").id, 1)]);
    assert!(desk.writer.syncer.is_ready(), "SQLite's own commit has succeeded");
}

#[test]
fn who_waits_for_the_disk_hears_first_how_the_sync_under_way_ends() {
    let mut desk = Desk::new();
    desk.break_the_log();
    desk.writes(draft(1, 1, "a"));
    let ((first, at_once), (second, later)) = (mpsc::channel(), mpsc::channel());
    desk.writer.take(Request::Flush(first));
    desk.writer.begin_sync();
    // Too late for the sync under way.
    desk.writer.take(Request::Flush(second));
    desk.writer.take(Request::Lock);
    assert!(at_once.recv().unwrap().is_err());
    assert!(later.recv().unwrap().is_err());
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 1)], "it was locked before it was kept");
    assert_eq!(desk.left(), [draft(1, 1, "a")]);
}

#[test]
fn while_the_disk_refuses_a_change_nothing_is_told_as_durable() {
    let mut desk = Desk::new();
    desk.writes(draft(1, 1, "a"));
    desk.writer.begin_sync();
    let refuse = "CREATE TRIGGER broken BEFORE INSERT ON draft BEGIN SELECT RAISE(ABORT, 'disk'); END";
    desk.writer.db.execute(refuse, []).unwrap();
    desk.writes(draft(2, 1, "b"));
    desk.writer.await_sync();
    assert_eq!(desk.durable(), []);
    let retries_at = desk.writer.retry_at;
    desk.writer.take(Request::Hasten);
    assert_eq!(desk.writer.retry_at, retries_at, "the disk was asked again though its time had not come");
    desk.writer.db.execute("DROP TRIGGER broken", []).unwrap();
    desk.writer.write();
    desk.writer.begin_sync();
    desk.writer.await_sync();
    assert_eq!(desk.durable(), [(draft(1, 1, "").id, 1), (draft(2, 1, "").id, 1)]);
}

#[test]
fn a_long_log_is_emptied_at_a_rest_and_not_before() {
    let mut desk = Desk::new();
    let log = open::log_of(&desk.writer.path);
    let length = || std::fs::metadata(&log).unwrap().len();
    let body = "夜间施工噪声扰民".repeat(16_000);
    (1..=12).for_each(|version| desk.writes(draft(1, version, &body)));
    desk.flushes();
    assert_eq!(desk.writer.wakes_at(), desk.writer.empties_at);
    desk.writer.do_what_is_due();
    assert!(length() > 4 << 20, "somebody types");
    let rested = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
    (desk.writer.written_at, desk.writer.empties_at) = (rested, Some(rested));
    desk.writer.do_what_is_due();
    assert!(length() < 1 << 20, "{}", length());
    assert_eq!((desk.writer.wakes_at(), desk.left()), (None, vec![draft(1, 12, &body)]));
}
