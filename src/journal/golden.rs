//! Journals of every format that was ever released, made by this program when it was the newest, and opened by it still.
//!
//! They lie in `tests/golden/`. `cargo test --lib golden -- --ignored` makes one for a new format; an older one is
//! never made again. The people in them are invented.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::outbox::Standing;
use super::password::Step;
use super::tests::{draft, open, password};
use super::vault::Vault;
use super::*;
use crate::domain::act::Act;
use crate::domain::code::Role;
use crate::domain::id::EventId;
use crate::domain::number::StationCode;
use crate::wire::case::NewCase;

const REALM: &str = "embedded";
const LOST: &str = "the first password, which is lost";
const HELD: &str = "the second password";
const NEXT: &str = "the third password, on its way";
const OWN: &str = "what a person keeps";
const STANDINGS: [Standing; 5] =
    [Standing::Waiting, Standing::Refused, Standing::Parked, Standing::Conflict, Standing::Accepted];

fn lin() -> AccountName {
    "lin".parse().unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T07:42:03Z".parse().unwrap()
}

fn account() -> Account {
    Account { name: lin(), role: Role::Agent, departments: Vec::new(), disabled: false }
}

fn lease() -> StationLease {
    let leased_until = "2026-12-23T00:00:00Z".parse().unwrap();
    StationLease { station: StationCode::try_from(42).unwrap(), leased_until }
}

fn files() -> BTreeMap<i64, PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    (1..=schema::KNOWN).map(|format| (format, folder.join(format!("journal-{format}.db")))).collect()
}

/// A case filed at this desk, and its item as it stands.
pub(super) fn filing(n: u8, standing: Standing) -> Item {
    let case: NewCase = serde_json::from_value(serde_json::json!({
        "received_at": "2026-11-23T15:42:03+08:00",
        "intake": {
            "channel": "phone", "kind": "complaint", "title": "路灯不亮", "text": format!("望湖路{n}号路灯不亮"),
            "urgency": "ordinary", "caller": {"name": "周小满", "number": "13800138000"},
            "place": {"detail": "望湖路"},
        },
        "outcome": "register",
    }))
    .unwrap();
    let id = CaseId::new(1_795_424_523_000, [n; 10]);
    Item::filing(id, &case, format!("draft {n}"), &Clock::manual(now())).unwrap().stand(standing)
}

/// What the desk of format 1 and 2 kept: its schema, its keys, a draft.
fn older(path: &Path, format: i64) {
    let db = Connection::open(path).unwrap();
    for step in &schema::STEPS[..usize::try_from(format).unwrap()] {
        db.execute_batch(step).unwrap();
    }
    db.pragma_update(None, "user_version", format).unwrap();
    let owner = format!("{} {REALM}", lin());
    let vault = Vault::begin(&db, owner.clone(), &password(HELD)).unwrap();
    vault.save(&db, &draft(2, 7, "夜间施工")).unwrap();
    if format > 1 {
        password::wrap(&db, &owner, &password(HELD), &password(NEXT)).unwrap();
    }
}

fn newest(folder: &Path) {
    let (journal, _) = open(folder);
    journal.unlock(&lin(), &password(LOST)).unwrap();
    journal.save_draft(draft(1, 3, "打不开了"));
    journal.begin_anew(&lin(), &password(HELD)).unwrap();
    journal.save_draft(draft(2, 7, "夜间施工"));
    for (n, standing) in (10..).zip(STANDINGS) {
        journal.submit(filing(n, standing)).unwrap();
    }
    let act = Item::act(
        filing(14, Standing::Accepted).case,
        EventId::new(1, [9; 10]),
        Act::Remind { by_caller: true, text: "再次来电".to_owned() },
        Some(3),
        &Clock::manual(now()),
    );
    journal.submit(act.unwrap()).unwrap();
    journal.keep_person(&account(), now()).unwrap();
    journal.keep_own("searches", Secret::new(OWN.to_owned())).recv().unwrap().unwrap();
    journal.keep_lease(&lease()).unwrap();
    journal.issue_number(now(), &TimeZone::fixed(jiff::tz::offset(8))).unwrap().unwrap();
    let (old, new) = (password(HELD), password(NEXT));
    let wrap = |answer| Request::Password(Step::Wrap { account: lin(), old, new, answer });
    journal.ask(wrap).unwrap().unwrap();
    journal.flush().unwrap();
}

#[test]
#[ignore = "makes the file of a new format"]
fn make() {
    for (format, file) in files().into_iter().filter(|(_, file)| !file.exists()) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("drafts.db");
        match format {
            1 | 2 => older(&made, format),
            _ => newest(folder.path()),
        }
        fs::copy(made, file).unwrap();
    }
}

#[test]
fn a_journal_of_every_format_opens_with_all_that_is_in_it() {
    for (format, file) in files() {
        for by in [HELD, NEXT].into_iter().take(if format > 1 { 2 } else { 1 }) {
            let folder = tempfile::tempdir().unwrap();
            fs::copy(&file, folder.path().join("drafts.db")).unwrap();
            let (journal, _) = open(folder.path());
            journal.unlock(&lin(), &password(by)).unwrap();
            assert_eq!(journal.set_aside().unwrap(), None);
            let drafts = journal.drafts().unwrap();
            assert_eq!((drafts.records, drafts.damaged), (vec![draft(2, 7, "夜间施工")], 0), "{format}");
            let copy = folder.path().join(format!("drafts.db.format-{format}"));
            assert_eq!(copy.exists(), format < schema::KNOWN);
            if format < schema::KNOWN {
                let copy = Connection::open(copy).unwrap();
                assert_eq!(schema::format(&copy).unwrap(), format);
                let drafts: i64 = copy.query_row("SELECT count(*) FROM draft", [], |row| row.get(0)).unwrap();
                assert_eq!(drafts, if format < 3 { 1 } else { 2 });
            }
            if format < 3 {
                continue;
            }
            assert_eq!(drafts.sealed, 1);
            let outbox = journal.outbox().unwrap();
            assert_eq!((outbox.damaged, outbox.sealed), (0, 0));
            let (act, filed) = outbox.items.split_last().unwrap();
            let expected: Vec<_> = (10..).zip(STANDINGS).map(|(n, standing)| filing(n, standing)).collect();
            // Where it stands in the line, and when that was by a machine that has gone off since, are the file's own.
            let without_place = |item: &Item| {
                let parcel = outbox::Parcel { heard: None, ..item.parcel.clone() };
                Item { place: 0, parcel, ..item.clone() }
            };
            let expected: Vec<_> = expected.iter().map(without_place).collect();
            assert_eq!(filed.iter().map(without_place).collect::<Vec<_>>(), expected);
            assert!(filed.iter().all(|item| item.case_filed().is_some()));
            assert_eq!((act.case, act.parcel.seen), (filed[4].case, Some(3)));
            let (who, at) = journal.unlock_offline(&lin(), &password(by), now()).unwrap();
            assert_eq!((who, at), (account(), now()));
            let kept = journal.lease(now()).unwrap().unwrap();
            assert_eq!((kept.station, kept.leased_until), (lease().station, lease().leased_until));
            let own = journal.own("searches").unwrap();
            assert_eq!(own.as_deref(), (format > 3).then_some(OWN));
            // The second that was given out is not given out again.
            let next = journal.issue_number(now(), &TimeZone::fixed(jiff::tz::offset(8))).unwrap().unwrap();
            assert!(next.as_str().starts_with("2611231542040042"), "{}", next.as_str());
        }
    }
}

/// A step that was released is never edited: what it made lies on desks.
#[test]
fn a_released_step_stands_as_it_was() {
    let sums: Vec<_> = schema::STEPS.iter().map(|step| cache::sum(step.as_bytes())[..8].to_owned()).collect();
    assert_eq!(sums[..4], ["8a581193", "8a37c49a", "cd6f8505", "071169d0"]);
}

#[test]
fn a_copy_is_kept_for_a_week() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(&files()[&1], folder.path().join("drafts.db")).unwrap();
    let copy = folder.path().join("drafts.db.format-1");
    let at = |days: i64| Clock::manual(Clock::default().now() + jiff::SignedDuration::from_hours(24 * days));
    for (days, is_there) in [(0, true), (6, true), (8, false)] {
        drop(Journal::open(folder.path(), REALM, &at(days), |_| {}).unwrap());
        assert_eq!(copy.exists(), is_there, "{days}");
    }
}
