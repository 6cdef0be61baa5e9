//! The form itself: what is picked goes along, and what is wrong stays told until it is put right.

use std::time::Duration;

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, Seat, Server};

#[test]
fn an_assisting_department_goes_along_though_its_field_was_not_left() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区楼下夜间施工，噪声扰民，要求停止施工。");
    desk.fill(FieldId::Lead, "csglj").keys("tab").type_text("不是单位");
    desk.keys("ctrl-s").assert_shows(&["有 1 处需要改正", "!协办单位", "没有这一项，请从列表中选"]);
    desk.keys("ctrl-u").type_text("sswj").keys("enter ctrl-s").assert_shows(&["工单已受理"]);
    let assignment = server.only_case().assignment.unwrap();
    assert_eq!(assignment.assisting.len(), 1);
}

#[test]
fn a_mark_stays_until_its_field_is_changed() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Contact, "010-8888").fill(FieldId::Text, "阳光小区楼下夜间施工，要求停止。");
    desk.fill(FieldId::Lead, "csglj").keys("tab ctrl-s");
    desk.assert_shows(&["有 1 处需要改正", "!联系方式", "联系方式：填写不正确  与来电号码相同可不填"]);
    desk.keys("tab shift-tab").assert_shows(&["!联系方式"]);
    desk.keys("ctrl-u").assert_hides("!联系方式");
}

#[test]
fn a_restored_draft_has_its_history_and_like_cases_beside_it() {
    let server = Server::start();
    server.file("阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区3栋楼下夜间施工，噪声扰民。").until_saved();
    let left = desk.killed();
    let mut desk =
        Seat { folder: Some(left.path().to_owned()), ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["恢复了 1 份草稿", "相似工单 1 件"]);
    desk.keys("ctrl-n").assert_hides("相似工单 1 件");
    desk.keys("ctrl-n ctrl-n").assert_hides("相似工单 1 件");
}

#[test]
fn yesterday_is_the_day_before_the_call() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Occurred, "昨天 22:10").fill(FieldId::Text, "阳光小区楼下夜间施工，要求停止。");
    desk.field(FieldId::Outcome).keys("left");
    server.later(Duration::from_hours(20));
    desk.keys("ctrl-s").assert_shows(&["密码"]);
    desk.type_text(PASSWORD).keys("enter").keys("ctrl-s").assert_shows(&["工单已受理"]);
    let at: jiff::Timestamp = "2026-11-22T22:10:00+08:00".parse().unwrap();
    assert_eq!(server.only_case().occurred_at, Some(at));
}

#[test]
fn a_list_that_was_left_for_a_case_is_read_anew_on_the_way_back() {
    let server = Server::start();
    server.file("阳光小区楼下夜间施工，噪声扰民，要求停止施工。");
    let mut desk = Desk::open(&server, "lead");
    desk.keys("f3").type_text("噪声扰民").assert_shows(&["待派单"]);
    desk.keys("enter").keys("v").type_text("重复录入").keys("ctrl-s").assert_shows(&["已作废"]);
    desk.keys("esc").assert_shows(&["查询", "> 已作废"]);
}

#[test]
fn the_focus_is_never_on_a_field_that_the_outcome_does_not_ask_for() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "路灯不亮").keys("f8").assert_shows(&["当场答复", "答复内容"]);
    desk.keys("f8").assert_shows(&["< 待派单 >"]);
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Outcome);
    desk.keys("f8").assert_shows(&["< 派单 >", "主办单位"]);
}

#[test]
fn the_kind_is_turned_from_within_the_text() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "请问医保卡").assert_shows(&["< 投诉 >"]).keys("alt-k");
    desk.assert_hides("< 投诉 >").type_text("丢了怎么补");
    let form = &desk.model().intake.current().form;
    let kind = form.kind;
    assert!(form.kind_chosen && kind != huiyin::domain::code::Kind::Complaint);
    // What a person chose is not proposed away.
    desk.keys("f8 alt-k");
    let form = &desk.model().intake.current().form;
    assert!(form.kind_chosen && form.kind != kind && form.focus != FieldId::Kind);
}
