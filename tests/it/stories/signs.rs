//! What the header says at all times, and a search while nobody answers.

use std::time::Duration;

use huiyin::clock::Clock;
use huiyin::desk::model::{Connection, Screen};
use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::screens::search;

use crate::harness::{Desk, Seat, Server};

/// A case that is only registered, submitted.
fn submitted(desk: &mut Desk, text: &str) {
    desk.fill(FieldId::Text, text).field(FieldId::Outcome).keys("left");
    desk.keys("ctrl-s").keys("enter");
}

#[test]
fn how_long_nobody_has_answered_is_counted_by_the_minute_and_only_then() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    assert_eq!(desk.wake_at(), None);
    server.go_dark();
    desk.until("the word that the server is gone", |model| {
        matches!(model.connection, Connection::Offline(_))
    });
    desk.assert_shows(&["离线（15:42 起）"]);
    for minutes in 1..4 {
        server.later(Duration::from_mins(1));
        desk.settle();
        let said = format!("离线（15:42 起，{minutes} 分钟前有联系）");
        desk.assert_shows(&[&said]);
    }
    let wakes = desk.wake_at().unwrap();
    assert!(wakes > server.clock.now() && wakes <= server.clock.now() + Duration::from_mins(1));
    server.come_back();
    desk.until_shows("已连接");
    assert_eq!(desk.wake_at(), None);
}

#[test]
fn f25_a_clock_that_is_days_off_is_said_and_a_case_is_filed_all_the_same() {
    let server = Server::start();
    for (hours, said) in [(72, "本机时钟快 3 天"), (-5, "本机时钟慢 5 小时")] {
        let now = server.clock.now() + jiff::SignedDuration::from_hours(hours);
        let seed = u8::try_from(hours.abs()).unwrap();
        let seat = Seat { clock: Some(Clock::manual(now)), seed, ..Seat::default() };
        let mut desk = seat.signed_in(&server, "agent");
        desk.until_shows(said);
        desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left ctrl-s");
        desk.assert_shows(&["工单已受理"]).keys("enter");
    }
    assert_eq!(server.found("").len(), 2);
    let mut desk = Desk::open(&server, "lead");
    desk.assert_hides("本机时钟");
}

#[test]
fn without_the_server_a_search_finds_what_this_person_has_here_and_says_so() {
    let server = Server::start();
    server.file("望湖路路灯是别人报的");
    let mut desk = Desk::open(&server, "agent");
    submitted(&mut desk, "望湖路路灯三天不亮");
    server.go_dark();
    submitted(&mut desk, "望湖路井盖破损");
    desk.fill(FieldId::Text, "望湖路暖气不热").until_saved();
    desk.keys("f3").until_shows("离线：只查了本人在本机的工单和草稿");
    desk.type_text("望湖路").assert_shows(&[
        "[待上传]望湖路井盖破损",
        "[草稿]望湖路暖气不热",
        "望湖路路灯三天不亮",
    ]);
    desk.assert_hides("别人报的");
    desk.keys("ctrl-a")
        .type_text("路灯 -井盖 状态:待派单")
        .assert_shows(&["路灯三天不亮"])
        .assert_hides("[待上传]");
    desk.keys("ctrl-a").type_text("鳄鱼").assert_shows(&["没有找到"]);
    let number = desk.model().intake.current().number.clone().unwrap();
    desk.keys("ctrl-a").type_text(number.as_str()).assert_shows(&["[草稿]望湖路暖气不热"]);
    desk.keys("enter");
    assert_eq!((desk.model().screen, desk.typed()), (Screen::Intake, "望湖路暖气不热"));
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0).until_shows("已连接");
    desk.keys("f3").keys("ctrl-a").type_text("望湖路").until_shows("别人报的");
    assert!(!search::status(desk.model()).contains("离线"));
}
