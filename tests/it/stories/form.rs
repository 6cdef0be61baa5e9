//! The form itself: what is picked goes along, and what is wrong stays told until it is put right.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Server};

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
