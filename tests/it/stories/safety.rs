//! Nothing typed is lost: not by the network, a killed desk, a paste that is too long or a window that is too small.

use std::time::Duration;

use huiyin::desk::screens::intake::{FieldId, Safety};
use huiyin::theme::Depth;
use ratatui::style::{Color, Modifier};

use crate::harness::{Desk, Seat, Server};

#[test]
fn typing_goes_on_while_the_server_is_gone() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工");
    server.go_dark();
    desk.type_text("，噪声很大").until_shows("离线（15:42 起）");
    assert_eq!(desk.typed(), "阳光小区夜间施工，噪声很大");
    desk.until_saved();
    server.come_back();
    desk.until_shows("已连接").field(FieldId::Outcome).keys("left ctrl-s").assert_shows(&["工单已受理"]);
    assert_eq!(server.only_case().text, "阳光小区夜间施工，噪声很大");
}

#[test]
fn a_killed_desks_draft_comes_back_with_its_caret() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13800138000")
        .fill(FieldId::Text, "夜间施工")
        .keys("left left")
        .type_text("很");
    let written = |safety| matches!(safety, Safety::Written | Safety::Saved);
    desk.until("the word that it is written", |model| written(model.intake.current().safety));
    let left = desk.killed();
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["恢复了 1 份草稿", "13800138000", "夜间很施工"]);
    desk.type_text("吵").assert_shows(&["夜间很吵施工"]);
    desk.field(FieldId::Outcome).keys("left ctrl-s").assert_shows(&["工单已受理"]);
    assert_eq!(server.only_case().text, "夜间很吵施工");
}

#[test]
fn a_paste_is_kept_to_the_limit_and_the_rest_is_refused_in_sight() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.field(FieldId::Text).paste(&"字".repeat(25_000));
    desk.assert_shows(&["粘贴内容超出上限，有 5000 个字没有录入"]);
    assert_eq!(desk.typed().chars().count(), 20_000);
    desk.type_text("多").assert_shows(&["已到字数上限"]);
    desk.field(FieldId::Outcome).keys("left ctrl-s").assert_shows(&["工单已受理"]);
    assert_eq!(server.only_case().text.chars().count(), 20_000);
}

#[test]
fn near_its_limit_a_text_counts_its_characters() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Title, &"路".repeat(107)).assert_hides("107/120");
    desk.type_text("灯").assert_shows(&["108/120"]).keys("tab").assert_hides("108/120");
    desk.field(FieldId::Text).paste(&"字".repeat(19_799)).assert_hides("/20000");
    desk.type_text("多").assert_shows(&["19800/20000"]).keys("backspace").assert_hides("/20000");
    desk.field(FieldId::Remark).paste(&"字".repeat(600)).assert_shows(&["粘贴内容超出上限", "500/500"]);
    desk.keys("f1").type_text(&"字".repeat(58)).assert_shows(&["58/60"]);
}

#[test]
fn a_window_that_is_too_small_says_so_and_keeps_the_draft() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工");
    for (columns, rows) in [(79, 24), (80, 23), (40, 10), (1, 1)] {
        desk.resize(columns, rows);
        if columns >= 40 {
            desk.assert_shows(&["窗口太小：需要 80×24"]);
        }
        desk.assert_hides("阳光小区");
    }
    desk.resize(80, 24).assert_shows(&["阳光小区夜间施工"]);
    desk.resize(200, 60).assert_shows(&["阳光小区夜间施工"]);
}

/// Below the smallest size what is typed goes on into the draft: an input method may be in the middle of a sentence
/// when a window is dragged small. Nothing else is done there.
#[test]
fn a_window_that_is_too_small_takes_what_is_typed_and_no_command() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").resize(60, 20);
    desk.assert_shows(&["输入的文字照常录入原处；命令要等窗口放大。", "Ctrl-Q 退出"]);
    desk.type_text("，噪声。")
        .keys("backspace ctrl-s alt-delete f3 f8 tab up alt-l esc f1")
        .paste("扰民\n请处理");
    desk.resize(80, 24).assert_shows(&["阳光小区夜间施工，噪声扰民", "请处理", "保密"]);
    desk.field(FieldId::Kind).resize(79, 24).keys("space right down enter").type_text("好");
    desk.resize(80, 24).assert_shows(&["< 投诉 >"]);
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Kind);
    desk.keys("f4").resize(80, 23).assert_shows(&["按键不起作用"]).keys("enter f2 /");
    desk.resize(80, 24).assert_shows(&["今日受理"]).resize(30, 9).keys("q").assert_shows(&["退出工作台？"]);
    desk.keys("esc").assert_shows(&["窗口太小"]).keys("ctrl-q enter");
    assert!(desk.model().finished);
}

#[test]
fn without_colours_the_selection_still_stands_out() {
    let server = Server::start();
    server.file("路灯三天不亮了");
    server.file("望湖路垃圾三天没有清运");
    let mut desk = Seat { depth: Depth::None, ..Seat::default() }.signed_in(&server, "agent");
    desk.keys("f3").keys("tab");
    let (x, y) = desk.find("望湖路");
    assert!(desk.cell(x, y).modifier.contains(Modifier::REVERSED));
    let (x, y) = desk.find("路灯三天");
    assert!(!desk.cell(x, y).modifier.contains(Modifier::REVERSED));
    assert_eq!((desk.cell(x, y).fg, desk.cell(x, y).bg), (Color::Reset, Color::Reset));
    desk.keys("enter f2 f4 f1");
    assert!(!desk.coloured());
}

#[test]
fn a_burst_of_keys_is_on_the_disk_within_fifty_milliseconds() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.field(FieldId::Text).keys("夜").until_saved();
    for c in "间施工噪声扰民请处理尽快".chars() {
        server.later(Duration::from_millis(10));
        desk.at_once(&c.to_string());
    }
    // Writing it is the rest.
    server.later(Duration::from_millis(40));
    desk.at_once("");
    // Only the question for like cases is still put off.
    let soon = server.clock.now() + jiff::SignedDuration::from_millis(100);
    assert!(desk.model().intake.due_at().is_some_and(|at| at >= soon), "the end waits to be handed over");
    let written = |safety| matches!(safety, Safety::Written | Safety::Saved);
    desk.until("the word that it is written", |model| written(model.intake.current().safety));
    let left = desk.killed();
    let folder = Some(left.path().to_owned());
    Seat { folder, seed: 3, ..Seat::default() }
        .signed_in(&server, "agent")
        .assert_shows(&["夜间施工噪声扰民请处理尽快"]);
}
