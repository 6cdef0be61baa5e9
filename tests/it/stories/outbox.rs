//! What is submitted reaches the server once, by itself, whatever happens to the line or to the desk meanwhile.

use huiyin::desk::model::Connection;
use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, Seat, Server};

/// Types a case that is only to be registered.
fn typed(desk: &mut Desk, text: &str) {
    desk.fill(FieldId::Text, text).field(FieldId::Outcome).keys("left");
}

#[test]
fn a_case_taken_offline_has_its_number_and_goes_by_itself() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    typed(&mut desk, "望湖路路灯三天不亮");
    server.go_dark();
    desk.keys("ctrl-s").assert_shows(&["待上传", "261123 154203", "恢复联网后自动上传", "离线"]);
    // The next caller is there.
    desk.keys("enter").assert_hides("望湖路路灯三天不亮");
    typed(&mut desk, "阳光小区夜间施工");
    desk.keys("ctrl-s enter").assert_shows(&["待上传 2"]);
    assert!(server.found("").is_empty());
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0).until_shows("已连接");
    let mut texts: Vec<_> = server.found("").into_iter().map(|found| found.text).collect();
    texts.sort();
    assert_eq!(texts, ["望湖路路灯三天不亮", "阳光小区夜间施工"]);
}

#[test]
fn a_case_whose_answer_is_lost_is_one_case_with_the_number_that_was_told() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    typed(&mut desk, "望湖路路灯三天不亮");
    let told = desk.model().intake.current().number.clone().unwrap();
    server.lose_answers();
    desk.keys("ctrl-s").assert_shows(&["待上传", &told.grouped()]);
    let filed = server.only_case();
    server.come_back();
    desk.keys("enter").until("the outbox to be empty", |model| model.outlook.waiting == 0);
    assert_eq!((server.only_case().row.id, server.only_case().row.number), (filed.row.id, told));
}

#[test]
fn what_waits_when_the_desk_is_killed_goes_when_it_is_back() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    typed(&mut desk, "望湖路路灯三天不亮");
    server.go_dark();
    desk.keys("ctrl-s").assert_shows(&["待上传"]);
    let left = desk.killed();
    server.come_back();
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.until("the outbox to be empty", |model| {
        model.outlook.waiting == 0 && model.outlook.last_contact.is_some()
    });
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
    assert_eq!(desk.model().intake.count(), 1, "it is no draft any more");
}

#[test]
fn somebody_who_was_here_before_signs_in_without_the_server_and_goes_on() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let seat = |seed| Seat { folder: Some(folder.path().to_owned()), seed, ..Seat::default() };
    drop(seat(1).signed_in(&server, "agent"));
    server.go_dark();
    let mut desk = seat(2).open(&server);
    desk.sign_in("agent", "不对的密码八位");
    desk.assert_shows(&["旧密码加密"]);
    desk.type_text(PASSWORD).keys("enter").assert_shows(&["离线登录"]);
    typed(&mut desk, "望湖路路灯三天不亮");
    desk.keys("ctrl-s").assert_shows(&["待上传", "261123 1542"]).keys("enter");
    server.come_back();
    desk.until("the session", |model| !model.alone && model.connection == Connection::Online);
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
}

#[test]
fn nobody_signs_in_without_the_server_who_was_never_here() {
    let server = Server::start();
    server.go_dark();
    let mut desk = Seat::default().open(&server);
    desk.sign_in("agent", PASSWORD);
    desk.assert_shows(&["连不上服务器"]);
    assert!(desk.model().session.is_none());
}

#[test]
fn a_note_written_offline_follows_its_case() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").until_shows("望湖路路灯").keys("enter").until_shows("办理经过");
    server.lose_answers();
    desk.keys("f7").type_text("已电话核实").keys("ctrl-s").assert_shows(&["已排队"]);
    desk.keys("f7").type_text("来电人再次来电").keys("ctrl-s").assert_shows(&["待上传 2"]);
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    desk.until_shows("已电话核实").until_shows("来电人再次来电");
    let versions: Vec<_> =
        server.found("").into_iter().map(|found| (found.row.id, found.row.version)).collect();
    assert_eq!(versions, [(case.row.id, 3)]);
}

#[test]
fn a_server_put_back_from_a_backup_gets_again_what_it_lost() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    let mut told = None;
    let server = server.forgetting(|server| {
        typed(&mut desk, "望湖路路灯三天不亮");
        desk.keys("ctrl-s").assert_shows(&["工单已受理"]).keys("enter");
        told = Some(server.only_case().row);
    });
    assert!(server.found("").is_empty());
    // The case is sent again by whoever took it, as soon as there is a session.
    desk.until_shows("会话已过期").type_text(PASSWORD).keys("enter");
    desk.until("the case to be there again", |_| !server.found("").is_empty());
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    let (case, told) = (server.only_case().row, told.unwrap());
    assert_eq!((case.id, case.number), (told.id, told.number));
}
