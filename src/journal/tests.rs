//! Stories of the journal, on real files.

use std::fs;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn clock() -> Clock {
    Clock::manual("2026-11-23T07:42:03Z".parse().unwrap())
}

pub(super) fn open(dir: &Path) -> (Journal, Receiver<News>) {
    open_at(dir, &clock())
}

pub(super) fn open_at(dir: &Path, clock: &Clock) -> (Journal, Receiver<News>) {
    let (tell, news) = mpsc::channel();
    let journal = Journal::open(dir, "embedded", clock, move |item| drop(tell.send(item))).unwrap();
    (journal, news)
}

pub(super) fn li() -> AccountName {
    "li".parse().unwrap()
}

pub(super) fn password(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(super) fn draft(n: u8, version: u64, body: &str) -> DraftRecord {
    let updated_at = "2026-11-23T07:42:03Z".parse().unwrap();
    DraftRecord { id: CaseId::new(1_795_424_523_000, [n; 10]), version, updated_at, body: body.to_owned() }
}

#[test]
fn a_draft_is_there_after_a_restart_and_sealed_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, news) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    journal.save_draft(draft(1, 1, "canary-旧"));
    journal.save_draft(draft(1, 2, "canary-新"));
    let written = std::iter::from_fn(|| news.recv_timeout(PATIENCE).ok());
    let durable =
        written.filter_map(|item| if let News::Durable(drafts) = item { Some(drafts) } else { None });
    assert_eq!(durable.flatten().next(), Some((draft(1, 2, "").id, 2)));
    let desk = journal.desk().unwrap();
    drop(journal);

    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "{:?} is open to others", entry.file_name());
        }
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"));
    }
    let (journal, _) = open(dir.path());
    assert_eq!(journal.desk().unwrap(), desk);
    assert!(matches!(journal.drafts(), Err(JournalError::Locked)));
    assert!(matches!(journal.unlock(&li(), &password("处处闻啼鸟")), Err(JournalError::WrongPassword)));
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    let kept = journal.drafts().unwrap();
    assert_eq!((kept.records, kept.damaged, kept.sealed), (vec![draft(1, 2, "canary-新")], 0, 0));
    journal.delete_draft(draft(1, 2, "").id);
    assert_eq!(journal.drafts().unwrap(), Drafts::default());
}

#[test]
fn a_new_key_stands_beside_the_one_whose_password_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("second password")).unwrap();
    journal.save_draft(draft(1, 1, "a"));
    journal.begin_anew(&li(), &password("third password")).unwrap();
    journal.save_draft(draft(2, 1, "b"));
    let drafts = journal.drafts().unwrap();
    assert_eq!((drafts.records.len(), drafts.sealed), (1, 1));
}

#[test]
fn one_desk_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    let second = Journal::open(dir.path(), "embedded", &clock(), |_| {});
    assert!(matches!(second, Err(JournalError::InUse)));
    drop(journal);
    Journal::open(dir.path(), "embedded", &clock(), |_| {}).unwrap();
}

#[test]
fn a_file_of_a_newer_version_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let file = dir.path().join("drafts.db");
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.pragma_update(None, "journal_mode", "delete").unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = fs::read(&file).unwrap();
    let (journal, news) = open(dir.path());
    assert_eq!(news.recv_timeout(PATIENCE), Ok(News::NotOpened));
    assert!(matches!(journal.failure(), Some(JournalError::TooNew { found: 99, known: 4 })));
    assert!(matches!(journal.drafts(), Err(JournalError::Stopped)));
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_damaged_file_is_set_aside_whole() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("drafts.db");
    fs::write(&file, b"this is no database, and it is long enough to be looked at ".repeat(100)).unwrap();
    let (journal, _) = open(dir.path());
    let aside = journal.set_aside().unwrap().unwrap();
    assert!(aside.path.exists() && aside.salvaged == 0);
    assert!(aside.path.to_string_lossy().contains(".quarantine-"));
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    journal.flush().unwrap();
}

#[test]
fn without_a_disk_nothing_is_called_written_and_what_lies_there_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    journal.save_draft(draft(1, 1, "a"));
    let desk = journal.desk().unwrap();
    drop(journal);
    let before = fs::read(dir.path().join("drafts.db")).unwrap();
    // A folder in the place of the lock: nobody can open it for writing.
    fs::remove_file(dir.path().join("desk.lock")).unwrap();
    fs::create_dir(dir.path().join("desk.lock")).unwrap();
    let refused = Journal::open(dir.path(), "embedded", &clock(), |_| {});
    assert!(matches!(refused, Err(JournalError::Disk(_))));
    let (tell, news) = mpsc::channel();
    let tell = move |item| drop(tell.send(item));
    let journal = Journal::open_or_ask(dir.path(), "embedded", &clock(), tell).unwrap();
    assert_eq!(news.recv_timeout(PATIENCE), Ok(News::NoDisk));
    journal.go_on_in_memory();
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    journal.save_draft(draft(2, 1, "b"));
    journal.flush().unwrap();
    assert_eq!(journal.drafts().unwrap().records.len(), 2);
    assert_ne!(journal.desk().unwrap(), desk, "it gives no number that the other desk may give");
    drop(journal);
    assert!(news.iter().all(|told| told == News::NotWritten("in_memory")));
    assert_eq!(fs::read(dir.path().join("drafts.db")).unwrap(), before);
}

#[test]
fn a_person_who_does_not_go_on_without_a_disk_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("desk.lock")).unwrap();
    let journal = Journal::open_or_ask(dir.path(), "embedded", &clock(), |_| {}).unwrap();
    journal.give_up();
    assert!(matches!(journal.drafts(), Err(JournalError::Stopped)));
    assert!(matches!(journal.failure(), Some(JournalError::Disk(_))));
}

#[test]
fn the_log_stays_short_though_nobody_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    let body = "夜间施工噪声扰民".repeat(16_000);
    let log = dir.path().join("drafts.db-wal");
    let mut longest = 0;
    for version in 1..=100 {
        journal.save_draft(draft(1, version, &body));
        journal.flush().unwrap();
        longest = longest.max(fs::metadata(&log).unwrap().len());
    }
    // Forty megabytes were written, and there was no rest in which to empty it.
    assert!(longest < 20 << 20, "{longest}");
}

#[test]
fn a_changed_record_is_noticed_and_harms_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    journal.save_draft(draft(1, 1, "a"));
    journal.save_draft(draft(2, 1, "b"));
    drop(journal);
    let db = rusqlite::Connection::open(dir.path().join("drafts.db")).unwrap();
    let first = draft(1, 1, "").id.to_string();
    db.execute("UPDATE draft SET version = 7 WHERE id = ?1", [first]).unwrap();
    drop(db);
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    let drafts = journal.drafts().unwrap();
    assert_eq!((drafts.records, drafts.damaged), (vec![draft(2, 1, "b")], 1));
}

#[test]
fn a_station_never_uses_a_second_twice() {
    let dir = tempfile::tempdir().unwrap();
    let now: Timestamp = "2026-11-23T07:42:03Z".parse().unwrap();
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    let lease = StationLease {
        station: 42_u16.try_into().unwrap(),
        leased_until: "2026-11-24T00:00:00Z".parse().unwrap(),
    };
    let (journal, _) = open(dir.path());
    assert_eq!(journal.issue_number(now, &zone).unwrap(), None);
    journal.keep_lease(&lease).unwrap();
    let first = journal.issue_number(now, &zone).unwrap().unwrap();
    assert!(first.as_str().starts_with("2611231542030042"));
    drop(journal);
    let (journal, _) = open(dir.path());
    journal.keep_lease(&lease).unwrap();
    let second = journal.issue_number(now, &zone).unwrap().unwrap();
    assert!(second.as_str().starts_with("2611231542040042"));
    assert_eq!(journal.lease("2026-11-25T00:00:00Z".parse().unwrap()).unwrap().map(|l| l.station), None);
}

#[test]
fn whatever_is_flipped_in_the_file_nothing_false_is_read_and_the_rest_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
    let drafts: Vec<_> = (1..=20).map(|n| draft(n, 1, &"夜间施工噪声扰民".repeat(40))).collect();
    drafts.iter().for_each(|draft| journal.save_draft(draft.clone()));
    drop(journal);
    let whole = fs::read(dir.path().join("drafts.db")).unwrap();
    let (mut came_back, mut tries) = (0, 0);
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = whole.clone();
        for byte in bytes.iter_mut().skip(at).take(16) {
            *byte ^= 0x5a;
        }
        fs::write(dir.path().join("drafts.db"), &bytes).unwrap();
        let (journal, _) = open(dir.path());
        match journal.unlock(&li(), &password("春眠不觉晓")) {
            Ok(()) => {}
            // The key, or the number of the format: said, and nothing is thrown away.
            Err(JournalError::KeyDamaged | JournalError::Stopped) => continue,
            Err(other) => panic!("at {at}: {other}"),
        }
        let found = journal.drafts().unwrap();
        assert!(
            found.records.iter().all(|record| drafts.contains(record)),
            "at {at} something false is read"
        );
        if let Some(aside) = journal.set_aside().unwrap() {
            let kept = fs::read(aside.path).unwrap();
            assert_eq!(kept, bytes, "at {at} what was set aside is another file");
        }
        tries += 1;
        came_back += found.records.len();
    }
    assert!(tries > 25 && came_back > tries * 15, "{came_back} of {} drafts came back", tries * 20);
}
