//! A disk that takes nothing, or gives back what nobody understands: the person is told the truth, and goes on.

use std::fs;
use std::path::Path;

use huiyin::clock::Clock;
use huiyin::desk::screens::intake::{FieldId, Safety};
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::{DraftRecord, Journal};
use rusqlite::Connection;

use crate::harness::{Desk, PASSWORD, Seat, Server};

/// From now on the journal in `folder` takes no item, or takes them again.
fn break_outbox(folder: &Path, broken: bool) {
    let db = Connection::open(folder.join("drafts.db")).unwrap();
    let change = if broken {
        "CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk'); END"
    } else {
        "DROP TRIGGER broken"
    };
    db.execute(change, []).unwrap();
}

#[test]
fn f17_a_receipt_never_calls_kept_what_is_in_memory_only() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let seat = Seat { folder: Some(folder.path().to_owned()), ..Seat::default() };
    let mut desk = seat.signed_in(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left").until_saved();
    server.go_dark();
    break_outbox(folder.path(), true);
    desk.keys("ctrl-s").until_shows("此单只在内存里").heed().assert_shows(&["不要退出"]);
    desk.assert_hides("自动上传").assert_hides("工单已登记");
    break_outbox(folder.path(), false);
    desk.until_shows("恢复联网后自动上传").assert_shows(&["工单已登记，待上传"]);
    server.come_back();
    desk.keys("enter").until("the outbox to be empty", |model| model.outlook.waiting == 0);
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
}

#[test]
fn f18_where_nothing_can_be_written_it_is_asked_and_then_nothing_is_called_saved() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("drafts.db")).unwrap();
    let seat = Seat { folder: Some(folder.path().to_owned()), ..Seat::default() };
    let mut desk = seat.open(&server);
    desk.until_shows("不落盘继续吗？").keys("y").until_shows("!未写入磁盘!").heed();
    desk.sign_in("agent", PASSWORD);
    desk.until_shows("已连接").fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left");
    desk.until("the word that it is not written", |model| {
        model.intake.current().safety == Safety::Failed && model.intake.current().number.is_some()
    });
    desk.keys("ctrl-s").until_shows("工单已受理").heed().keys("enter").assert_shows(&["!未写入磁盘!"]);
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
}

#[test]
fn f18_whoever_does_not_go_on_without_a_disk_leaves() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("drafts.db")).unwrap();
    let seat = Seat { folder: Some(folder.path().to_owned()), ..Seat::default() };
    let mut desk = seat.open(&server);
    desk.until_shows("不落盘继续吗？").keys("x 1 tab").assert_shows(&["不落盘继续吗？"]);
    desk.keys("esc");
    assert!(desk.is_over());
}

#[test]
fn f36_a_record_that_nobody_understands_is_opened_as_far_as_it_can_be_read() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), "stories", &Clock::default(), |_| {}).unwrap();
    journal.unlock(&"agent".parse().unwrap(), &Secret::new(PASSWORD.to_owned())).unwrap();
    let updated_at = server.clock.now();
    for (n, body) in [(1, r#"{"text":"望湖路路灯三天不亮","channel":"hologram"}"#), (2, "阳光小区夜间施工")]
    {
        let id = CaseId::new(1_795_424_523_000, [n; 10]);
        journal.save_draft(DraftRecord { id, version: 1, updated_at, body: body.to_owned() });
    }
    drop(journal);
    let seat = Seat { folder: Some(folder.path().to_owned()), ..Seat::default() };
    let mut desk: Desk = seat.signed_in(&server, "agent");
    desk.assert_shows(&["有 2 份草稿读不全"]);
    let mut texts: Vec<_> = desk.model().intake.all().iter().map(|draft| draft.form.text.text()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["望湖路路灯三天不亮", "阳光小区夜间施工"]);
}
