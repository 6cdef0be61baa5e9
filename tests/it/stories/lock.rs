//! A desk that nobody touches is covered; what is typed then reaches no case.

use std::time::Duration;

use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, Seat, Server};

/// A desk that locks after five minutes, with a draft and a case that waits offline.
fn left_alone(server: &Server) -> Desk {
    let mut desk = Seat { lock: 5, call_clock: false, ..Seat::default() }.signed_in(server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").until_saved();
    server.later(Duration::from_secs(299));
    desk.settle().assert_shows(&["望湖路路灯"]);
    assert_eq!(desk.wake_at(), Some(server.clock.now() + Duration::from_secs(1)), "one wake-up, at the time");
    server.later(Duration::from_secs(1));
    desk.settle().assert_shows(&["已锁屏"]).assert_hides("望湖路").assert_hides("受理");
    assert_eq!(desk.wake_at(), None, "nothing ticks");
    desk
}

#[test]
fn what_is_typed_pasted_or_clicked_on_a_locked_desk_goes_nowhere() {
    let server = Server::start();
    let mut desk = left_alone(&server);
    desk.keys("tab tab 误 触 ctrl-n f3 alt-delete y ctrl-s ctrl-q f1").paste("粘贴的文字").click("已锁屏");
    assert_eq!((desk.typed(), desk.model().screen), ("望湖路路灯三天不亮", Screen::Intake));
    assert!(desk.model().overlay.is_none() && desk.model().intake.count() == 1);
    desk.keys("ctrl-a delete").type_text(PASSWORD).keys("enter");
    desk.until_shows("望湖路路灯").assert_shows(&["已保存"]);
    assert!(!desk.model().lock.is_locked);
    desk.type_text("，");
    assert_eq!(desk.typed(), "望湖路路灯三天不亮，");
}

#[test]
fn the_password_opens_it_without_the_server_and_wrong_ones_cost_time() {
    let server = Server::start();
    let mut desk = left_alone(&server);
    server.go_dark();
    for _ in 0..2 {
        desk.type_text("不对的密码").keys("enter").assert_shows(&["密码不对"]);
    }
    desk.type_text("不对的密码").keys("enter").assert_shows(&["请 5 秒后再试"]);
    desk.type_text(PASSWORD).keys("enter").assert_shows(&["请 5 秒后再试"]);
    server.later(Duration::from_secs(6));
    desk.type_text(PASSWORD).keys("enter").until_shows("望湖路路灯");
    assert_eq!(desk.typed(), "望湖路路灯三天不亮");
}

#[test]
fn somebody_else_signs_in_on_a_locked_desk_and_sees_nothing_of_the_one_before() {
    let server = Server::start();
    let mut desk = left_alone(&server);
    desk.keys("tab ctrl-a").type_text("agent2").keys("tab").type_text(PASSWORD).keys("enter");
    desk.until_shows("agent2").assert_hides("望湖路");
    assert_eq!((desk.typed(), desk.model().intake.count()), ("", 1));
    desk.keys("alt-q").assert_shows(&["已锁屏"]);
    desk.keys("tab ctrl-a").type_text("agent").keys("tab").type_text(PASSWORD).keys("enter");
    desk.until_shows("望湖路路灯");
}

#[test]
fn sending_goes_on_under_the_lock() {
    let server = Server::start();
    let mut desk = Seat { lock: 5, ..Seat::default() }.signed_in(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left");
    server.go_dark();
    desk.keys("ctrl-s").until_shows("待上传").keys("enter alt-q").assert_shows(&["已锁屏", "待上传 1"]);
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    desk.assert_shows(&["已锁屏"]);
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
}
