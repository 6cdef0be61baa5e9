//! 受理: what a call-taker types, sees beside it, and sends.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::code::{Kind, State};
use huiyin::wire::case::Outcome;

use crate::harness::{Desk, Server, order};

#[test]
fn a_complaint_is_typed_and_its_number_is_shown_grouped() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13800138000").fill(FieldId::Name, "周小满");
    desk.fill(FieldId::Text, "阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
    desk.fill(FieldId::Lead, "csglj").keys("tab ctrl-s");
    desk.assert_shows(&["工单已受理", "261123 154203 0001", "您投诉的问题已转市城市管理局调查处理"]);
    let case = server.only_case();
    desk.assert_shows(&[&case.row.number.grouped()]);
    assert_eq!(case.text, "阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
    assert_eq!((case.row.state, case.row.taken_by.as_str()), (State::Dispatched, "agent"));
    desk.keys("enter").assert_hides("工单已受理").assert_hides("阳光小区");
}

#[test]
fn enter_never_submits() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "第一行\n第二行");
    for field in FieldId::ALL {
        if desk.model().intake.current().form.fields().any(|there| there == *field) {
            desk.field(*field).keys("enter enter");
        }
    }
    assert!(server.found("").is_empty());
    assert_eq!(desk.typed().trim_end(), "第一行\n第二行");
}

#[test]
fn a_question_answered_on_the_spot_is_closed_at_once() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.field(FieldId::Kind).keys("left left");
    desk.assert_shows(&["< 咨询 >"]);
    desk.fill(FieldId::Text, "医保卡丢了去哪里补办");
    desk.keys("f8").assert_shows(&["< 当场答复 >", "告诉来电人的内容"]);
    desk.keys("ctrl-s").assert_shows(&["有 1 处需要改正", "!答复内容"]);
    desk.type_text("带身份证到任一街道便民服务中心，当天办好。").keys("ctrl-s");
    desk.assert_shows(&["您咨询的问题已当场答复，工单已办结。"]);
    let case = server.only_case();
    assert_eq!((case.row.state, case.row.kind), (State::Answered, Kind::Consult));
    assert_eq!(case.result, "带身份证到任一街道便民服务中心，当天办好。");
}

#[test]
fn the_five_elements_fill_while_typing() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.assert_shows(&["[ ]何地 [ ]何时 [ ]何人 [ ]何事 [ ]何求"]);
    desk.fill(FieldId::Number, "13800138000");
    desk.assert_shows(&["[ ]何地 [ ]何时 [x]何人 [ ]何事 [ ]何求"]);
    desk.fill(FieldId::Text, "昨晚十点半还在施工").assert_shows(&["[ ]何地 [x]何时 [x]何人 [x]何事 [ ]何求"]);
    desk.type_text("，阳光小区3栋").assert_shows(&["[x]何地 [x]何时 [x]何人 [x]何事 [ ]何求"]);
    desk.type_text("，要求停工").assert_shows(&["[x]何地 [x]何时 [x]何人 [x]何事 [x]何求"]);
}

#[test]
fn what_the_caller_told_before_appears_as_the_number_is_typed_in_any_form() {
    let server = Server::start();
    server.file("路灯三天不亮了");
    for form in ["13900005678", "139 0000 5678", "+86 139-0000-5678", "１３９００００５６７８"] {
        let mut desk = Desk::open(&server, "agent");
        desk.fill(FieldId::Number, form).until_shows("来电历史 1 件，未结 1");
        desk.assert_shows(&["路灯三天不亮了"]).keys("f6").assert_shows(&["刚刚 待派单"]).keys("f6");
        desk.keys("backspace").assert_hides("路灯三天不亮了");
    }
}

#[test]
fn what_was_promised_and_what_is_secret_stands_beside_a_landline_in_any_form() {
    let server = Server::start();
    server.file_with("路灯三天不亮，要求尽快修复", |case| {
        case.intake.caller.number = "0900-2345678".parse().ok();
        case.intake.confidential = true;
        case.outcome = Outcome::Dispatch(order("cgj").into());
    });
    for form in ["2345678", "0900 234 5678", "+86 900 2345678", "（０９００）２３４５６７８"] {
        let mut desk = Desk::open(&server, "agent");
        desk.fill(FieldId::Number, form).until_shows("来电历史 1 件，未结 1");
        desk.resize(120, 36).assert_shows(&["刚刚 待签收 [保密] 时限"]);
    }
}

#[test]
fn like_cases_appear_while_typing_and_say_why() {
    let server = Server::start();
    server.file_with(
        "阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工",
        |case| {
            "阳光小区3栋".clone_into(&mut case.intake.place.detail);
        },
    );
    server.file("望江街道垃圾三天没有清运，气味很大");
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Detail, "阳光小区3栋").fill(FieldId::Text, "阳光小区3栋楼下工地夜间施工，噪声扰民");
    desk.until_shows("相似工单 1 件").assert_hides("垃圾");
    desk.resize(120, 36).assert_shows(&["待派单 内容相近、同一地点、刚刚"]).resize(80, 24);
    let before = desk.typed().to_owned();
    desk.keys("f6 enter").assert_shows(&["办理经过", "周**"]);
    desk.keys("esc esc").assert_shows(&["相似工单 1 件"]);
    assert_eq!(desk.typed(), before);
}

#[test]
fn what_is_missing_is_marked_and_nothing_is_sent() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("ctrl-s").assert_shows(&["还没有录入内容"]);
    desk.fill(FieldId::Number, "12").fill(FieldId::Occurred, "13-45 99:00").keys("ctrl-s");
    desk.assert_shows(&["处需要改正", "!来电号码", "!事发时间", "!诉求内容 必填", "!主办单位"]);
    assert!(server.found("").is_empty());
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Number);
}
