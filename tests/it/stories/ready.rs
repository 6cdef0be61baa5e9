//! What fills a form in few keys: ready texts with slots, one's own use, moments as they are said.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Seat, Server};

#[test]
fn a_template_is_put_in_and_tab_goes_through_its_slots() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f7").assert_shows(&["模板用于诉求内容"]);
    desk.fill(FieldId::Detail, "人民路12号").field(FieldId::Text).keys("f7").type_text("ldbl");
    desk.assert_shows(&["内容模板", "路灯不亮"]).keys("enter");
    assert!(desk.typed().starts_with("来电人反映人民路12号至{终点}路段有{数量}盏"), "{}", desk.typed());
    desk.type_text("钟楼").keys("tab").type_text("三").keys("ctrl-s");
    desk.assert_shows(&["处需要改正", "没有填"]);
    desk.field(FieldId::Text).type_text("昨晚");
    assert!(
        desk.typed().starts_with("来电人反映人民路12号至钟楼路段有三盏路灯自昨晚起不亮"),
        "{}",
        desk.typed()
    );
    desk.keys("tab");
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Matter);
    desk.keys("shift-tab ctrl-z ctrl-z").assert_shows(&["{开始时间}"]);
}

#[test]
fn a_template_that_the_text_speaks_for_comes_first() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "举报，请保密").field(FieldId::Opinion).keys("f7 enter");
    assert!(desk.model().intake.current().form.opinion.text().starts_with("来电人要求保密"));
}

#[test]
fn what_a_person_uses_comes_first_for_that_person_and_after_a_restart() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    let first = |desk: &mut Desk, text: &str| {
        desk.fill(FieldId::Text, text).fill(FieldId::Lead, "jd").keys("enter");
        desk.model().intake.current().form.lead.chosen().unwrap().to_string()
    };
    let usual = first(&mut desk, "路灯不亮");
    desk.field(FieldId::Lead).keys("backspace").type_text("jd").keys("down down enter");
    let chosen = desk.model().intake.current().form.lead.chosen().unwrap().to_string();
    assert_ne!(chosen, usual);
    desk.keys("ctrl-s").assert_shows(&["工单已受理"]).keys("enter");
    assert_eq!(first(&mut desk, "树倒了"), chosen);
    desk.field(FieldId::Lead).keys("backspace down enter");
    assert_eq!(desk.model().intake.current().form.lead.chosen().unwrap().to_string(), chosen);
    let left = desk.killed();
    let seat = |folder: &std::path::Path| Seat { folder: Some(folder.to_owned()), ..Seat::default() };
    let mut other = seat(left.path()).signed_in(&server, "agent2");
    assert_eq!(first(&mut other, "井盖丢了"), usual);
    drop(other);
    let mut again = seat(left.path()).signed_in(&server, "agent");
    again.keys("ctrl-n");
    assert_eq!(first(&mut again, "井盖丢了"), chosen);
}

#[test]
fn a_moment_is_understood_while_it_is_typed() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Occurred, "昨天下午三点").assert_shows(&["时间理解为：2026-11-22 15:00 周日"]);
    desk.keys("ctrl-u").type_text("昨天三点").assert_shows(&["分不清上午还是下午"]);
    desk.fill(FieldId::Text, "路灯不亮").keys("ctrl-s").assert_shows(&["有 2 处需要改正", "!事发时间"]);
}

#[test]
fn district_and_street_are_found_as_one_word_and_enter_leads_to_the_door() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Division, "whqxjk").keys("enter");
    let form = &desk.model().intake.current().form;
    assert_eq!(form.division.chosen().unwrap().as_str(), "990102004");
    assert_eq!(form.focus, FieldId::Detail);
}

#[test]
fn enter_takes_what_is_proposed_and_tab_goes_by() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "昨天起停水，水压也低").keys("tab");
    desk.assert_shows(&["建议：自来水供应"]).keys("tab");
    assert!(desk.model().intake.current().form.matter.chosen().is_none());
    desk.keys("shift-tab enter").assert_shows(&["建议：云汀自"]);
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Lead);
    desk.keys("enter");
    assert_eq!(desk.model().intake.current().form.lead.chosen().unwrap().as_str(), "zls");
}

#[test]
fn a_tag_that_was_used_is_picked_again() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "路灯不亮")
        .fill(FieldId::Tags, "夜间出行")
        .fill(FieldId::Lead, "csglj")
        .keys("enter");
    desk.keys("ctrl-s").assert_shows(&["工单已受理"]).keys("enter");
    desk.fill(FieldId::Tags, "学校").keys("f7").type_text("yjcx").keys("enter");
    assert_eq!(desk.model().intake.current().form.tags.text(), "学校 夜间出行");
}
