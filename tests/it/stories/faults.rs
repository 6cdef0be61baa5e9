//! Rows F1 to F11 of the fault table: what the person sees while the line is at fault, and that everything submitted is
//! there once, with no key pressed, when it is whole again.

use huiyin::client::Client;
use huiyin::desk::Arrival;
use huiyin::desk::model::Connection;
use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Line, PASSWORD, RUNTIME, Seat, Server};
use crate::tls::serve_self_signed;

const TEXT: &str = "望湖路路灯三天不亮";

fn typed(desk: &mut Desk, text: &str) {
    desk.fill(FieldId::Text, text).field(FieldId::Outcome).keys("left");
}

fn at_work() -> (Server, Desk) {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    typed(&mut desk, TEXT);
    (server, desk)
}

/// The line is whole again, and nobody presses a key.
fn drains(server: &Server, desk: &mut Desk) {
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0 && model.outlook.aside == 0);
    assert_eq!(server.only_case().text, TEXT);
}

#[test]
fn f2_an_answer_that_breaks_anywhere_leaves_one_case() {
    for n in [0, 1, 16, 200, 700] {
        let (server, mut desk) = at_work();
        server.line(Line::AnswersBreak(n));
        desk.keys("ctrl-s").until_shows("待上传");
        drains(&server, &mut desk);
    }
}

#[test]
fn f2_a_request_that_breaks_anywhere_leaves_one_case() {
    for n in [0, 1, 100, 400] {
        let (server, mut desk) = at_work();
        server.line(Line::RequestsBreak(n));
        desk.keys("ctrl-s").until_shows("待上传");
        drains(&server, &mut desk);
    }
}

#[test]
fn f3_what_arrives_twice_is_done_once() {
    let (server, mut desk) = at_work();
    server.line(Line::Twice);
    desk.keys("ctrl-s").until("the outbox to be empty", |model| model.outlook.waiting == 0);
    drains(&server, &mut desk);
    assert_eq!((server.only_case().row.version, server.meddled()), (1, 1));
}

#[test]
fn f3_what_arrives_in_another_order_is_all_there() {
    let (server, mut desk) = at_work();
    server.go_dark();
    desk.keys("ctrl-s").keys("enter");
    typed(&mut desk, "阳光小区夜间施工");
    desk.keys("ctrl-s").keys("enter").assert_shows(&["待上传 2"]);
    server.line(Line::Swapped);
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    assert_eq!((server.found("").len(), server.meddled()), (2, 1));
}

#[test]
fn f4_a_line_that_swallows_everything_is_offline_before_the_answer_is_given_up() {
    let (server, mut desk) = at_work();
    server.line(Line::HalfOpen);
    desk.at_once("ctrl-s").until("the word that nobody answers", |model| {
        matches!(model.connection, Connection::Offline(_)) && model.outlook.silent_since.is_some()
    });
    desk.until_shows("离线").until_shows("待上传");
    drains(&server, &mut desk);
}

#[test]
fn f5_a_line_of_two_hundred_bytes_a_second_carries_a_case() {
    let (server, mut desk) = at_work();
    server.line(Line::Slow(200));
    desk.at_once("ctrl-s").until("the case to be on its way", |model| model.outlook.waiting == 1);
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    assert_eq!(server.only_case().text, TEXT);
}

/// A desk that was here before and whose server is at `address` now works on, and says why there is no answer; at the
/// right address everything drains.
fn astray(address: &str, why: &str) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let seat = |seed| Seat { folder: Some(folder.path().to_owned()), seed, ..Seat::default() };
    drop(seat(1).signed_in(&server, "agent"));
    let (mut desk, arrive) = seat(2).open_before(&server);
    arrive.send(Arrival { client: Client::new(address, None).unwrap(), setup_secret: None }).unwrap();
    desk.until("the sign-in", |model| !model.sign_in.waiting).sign_in("agent", PASSWORD);
    desk.until_shows("离线登录").until_shows(why);
    typed(&mut desk, TEXT);
    desk.keys("ctrl-s").until_shows("待上传").assert_shows(&[why]);
    let left = desk.killed();
    let folder = Some(left.path().to_owned());
    drains(&server, &mut Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent"));
}

#[test]
fn f7_a_name_that_leads_nowhere_is_said() {
    // A label of 64 letters can be in no register, and nobody is asked for it.
    astray(&format!("http://{}.invalid", "x".repeat(64)), "查不到服务器地址");
}

#[test]
fn t15_a_certificate_that_nobody_stands_for_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let running = RUNTIME.block_on(serve_self_signed(folder.path()));
    astray(&format!("https://{}", running.local_addr()), "服务器证书不可信");
}

#[test]
fn f8_the_sign_in_page_of_a_network_is_no_success() {
    let (server, mut desk) = at_work();
    server.line(Line::Page);
    desk.keys("ctrl-s").until_shows("待上传");
    desk.keys("enter").until_shows("应答的不是回音服务器");
    assert!(server.found("").is_empty());
    drains(&server, &mut desk);
}

#[test]
fn f8_another_service_is_no_success_and_no_reason_to_stop() {
    let (server, mut desk) = at_work();
    server.line(Line::Stranger);
    desk.keys("ctrl-s").until_shows("待上传");
    desk.keys("enter").until_shows("应答的不是回音服务器");
    assert_eq!(desk.model().outlook.halt, None);
    drains(&server, &mut desk);
}

#[test]
fn f8_a_server_of_another_version_stops_the_sending_until_it_is_another() {
    let (server, mut desk) = at_work();
    server.line(Line::TooFarApart);
    desk.keys("ctrl-s").until_shows("!请升级程序").heed();
    desk.keys("enter");
    typed(&mut desk, "阳光小区夜间施工");
    desk.keys("ctrl-s").keys("enter").until_shows("待上传 2").heed();
    assert!(server.found("").is_empty());
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0 && model.outlook.halt.is_none());
    assert_eq!(server.found("").len(), 2);
}

#[test]
fn f9_a_server_without_room_says_when_it_is_asked_again() {
    let (server, mut desk) = at_work();
    server.line(Line::Busy(3));
    desk.keys("ctrl-s").until_shows("待上传");
    desk.keys("enter").until_shows("服务器忙，15:42 后再试");
    drains(&server, &mut desk);
}

#[test]
fn f11_a_session_that_ends_in_mid_queue_asks_for_the_password_and_loses_nothing() {
    let (server, mut desk) = at_work();
    server.go_dark();
    desk.keys("ctrl-s").keys("enter");
    desk.fill(FieldId::Text, "正在记录的下一件").until_saved();
    server.revoke("agent");
    server.come_back();
    desk.until_shows("密码").heed();
    assert_eq!(desk.typed(), "正在记录的下一件");
    desk.type_text(PASSWORD).keys("enter");
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0 && model.outlook.halt.is_none());
    assert_eq!((server.only_case().text.as_str(), desk.typed()), (TEXT, "正在记录的下一件"));
}
