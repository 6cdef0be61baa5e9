//! One's own password: changed at the desk, refused at its field, and never at the price of a draft.

use std::sync::Arc;

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::{DraftRecord, Journal, NotChanged, change_password};

use crate::harness::{Desk, PASSWORD, RUNTIME, Seat, Server};

const NEW: &str = "渡口的第七盏灯-92";

/// Opens the dialog by its name.
fn ask(desk: &mut Desk) -> &mut Desk {
    desk.keys("ctrl-p").type_text("gmm").keys("enter").assert_shows(&["─ 改密码 ─", "现在的密码", "再输一遍"])
}

/// Types the three passwords.
fn fill<'a>(desk: &'a mut Desk, old: &str, new: &str, again: &str) -> &'a mut Desk {
    desk.keys("ctrl-a delete").type_text(old).keys("tab ctrl-a delete").type_text(new);
    desk.keys("enter ctrl-a delete").type_text(again)
}

/// Opens the desk that was left, with a password.
fn come_back(server: &Server, left: &std::path::Path, password: &str) -> Desk {
    let mut desk = Seat { folder: Some(left.to_owned()), ..Seat::default() }.open(server);
    desk.sign_in("agent", password);
    desk
}

#[test]
fn it_is_changed_and_the_drafts_open_with_the_new_one() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").until_saved();
    fill(ask(&mut desk), PASSWORD, NEW, NEW).assert_hides(NEW).assert_hides(PASSWORD);
    // Enter goes round and sends nothing.
    desk.keys("enter enter enter").assert_shows(&["─ 改密码 ─"]).keys("ctrl-s");
    desk.assert_shows(&["密码已修改"]).assert_hides("─ 改密码 ─");
    desk.field(FieldId::Text).type_text("，很吵").until_saved();
    let left = desk.killed();
    let mut desk = come_back(&server, left.path(), PASSWORD);
    desk.assert_shows(&["账号或密码不对"]).type_text(NEW).keys("enter").until_shows("恢复了 1 份草稿");
    assert_eq!(desk.typed(), "阳光小区夜间施工，很吵");
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_nothing_is_changed() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").until_saved();
    ask(&mut desk).keys("ctrl-s").assert_shows(&["现在的密码：必填"]);
    fill(&mut desk, PASSWORD, PASSWORD, PASSWORD).keys("f9").assert_shows(&["新密码：与现在的密码一样"]);
    desk.keys("shift-tab");
    for (old, new, again, told) in [
        (PASSWORD, NEW, "另一个", "再输一遍：两次输入的密码不一样"),
        (PASSWORD, "短", "短", "新密码：太短"),
        (PASSWORD, "password1234", "password1234", "新密码：太常见"),
        ("不是这个密码吧", NEW, NEW, "现在的密码：不对"),
    ] {
        desk.keys("esc");
        fill(ask(&mut desk), old, new, again).keys("ctrl-s").assert_shows(&[told]);
    }
    desk.keys("esc").assert_hides("─ 改密码 ─");
    let left = desk.killed();
    come_back(&server, left.path(), PASSWORD).until_shows("恢复了 1 份草稿");
}

#[test]
fn without_a_server_it_is_not_begun() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    server.go_dark();
    desk.until_shows("离线").keys("ctrl-p").type_text("gmm").assert_shows(&["(要先连上服务器)"]);
    desk.keys("enter").assert_shows(&["[x] 要先连上服务器"]).assert_hides("─ 改密码 ─");
}

#[test]
fn killed_while_nobody_knows_the_drafts_open_with_the_one_that_holds() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").until_saved();
    ask(&mut desk);
    server.lose_answers();
    fill(&mut desk, PASSWORD, NEW, NEW).keys("ctrl-s").until_shows("新旧密码都可能有效");
    let left = desk.killed();
    server.come_back();
    let mut desk = come_back(&server, left.path(), NEW);
    desk.until_shows("恢复了 1 份草稿");
    assert_eq!(desk.typed(), "阳光小区夜间施工");
}

#[test]
fn killed_before_the_server_was_asked_the_old_one_opens() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").until_saved();
    ask(&mut desk);
    // A line that goes nowhere while the request is under way is all the same as a kill.
    server.go_dark();
    fill(&mut desk, PASSWORD, NEW, NEW).keys("ctrl-s").until_shows("新旧密码都可能有效");
    let left = desk.killed();
    server.come_back();
    come_back(&server, left.path(), PASSWORD).until_shows("恢复了 1 份草稿");
}

#[test]
fn a_lost_answer_is_asked_for_at_the_door() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(folder.path(), "stories", &server.clock, |_| {}).unwrap());
    let [old, new] = [PASSWORD, NEW].map(|text| Secret::new(text.to_owned()));
    let name = "agent".parse().unwrap();
    let client = server.client();
    let session = RUNTIME.block_on(client.sign_in(&name, &old)).unwrap();
    // A connection of its own, for the one before is cut off with the line.
    let client = server.client().with_token(Secret::new(session.token));
    journal.unlock(&name, &old).unwrap();
    let updated_at = server.clock.now();
    let (id, body) = (CaseId::new(1_795_424_523_000, [1; 10]), "{}".to_owned());
    journal.save_draft(DraftRecord { id, version: 1, updated_at, body });
    let change = |from: &Secret, to: &Secret| {
        RUNTIME.block_on(change_password(&client, Some(&journal), &name, from, to))
    };
    assert!(matches!(change(&new, &old), Err(NotChanged::Refused(_))));
    server.lose_answer();
    change(&old, &new).unwrap();
    assert!(journal.unlock(&name, &old).is_err(), "the key is wrapped by the new one only");
    journal.unlock(&name, &new).unwrap();
    assert_eq!(journal.drafts().unwrap().records.len(), 1);
}
