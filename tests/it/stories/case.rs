//! 工单: what is done with a case, and what its state does not allow.

use huiyin::domain::act::Act;
use huiyin::domain::code::State;
use huiyin::wire::case::CaseView;

use crate::harness::{Desk, Seat, Server, order};

/// A desk of `name` with the only case open.
fn opened(server: &Server, name: &str) -> Desk {
    let mut desk = Seat { size: (80, 40), ..Seat::default() }.signed_in(server, name);
    desk.keys("f3").keys("enter").assert_shows(&["办理经过"]);
    desk
}

/// The same after it was dispatched to 市城市管理局.
fn dispatched(server: &Server, name: &str) -> (Desk, CaseView) {
    let case = server.file("阳光小区夜间施工噪声很大");
    let case = server.person("agent").act(&case, Act::Dispatch(order("cgj"))).unwrap();
    (opened(server, name), case)
}

#[test]
fn a_case_is_dispatched_with_the_deadline_in_sight() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    let mut desk = opened(&server, "agent");
    desk.keys("f6").assert_shows(&["主办单位", "协办单位", "转派意见", "派出后办理时限：2026-"]);
    desk.keys("ctrl-s").assert_shows(&["必填"]);
    desk.type_text("csglj").assert_shows(&["市城市管理局"]).keys("tab");
    desk.type_text("sthj").keys("tab tab").type_text("请夜间到场核实").keys("ctrl-s");
    desk.assert_shows(&["操作已完成，工单状态：待签收"]);
    desk.assert_shows(&["市城市管理局 (待签收)", "市生态环境局 (待签收)", "请夜间到场核实"]);
    let case = server.only_case();
    let assignment = case.assignment.unwrap();
    assert_eq!(assignment.lead.department.as_str(), "cgj");
    assert_eq!(assignment.assisting[0].department.as_str(), "sthj");
    assert_eq!((assignment.opinion.as_str(), case.row.state), ("请夜间到场核实", State::Dispatched));
}

#[test]
fn it_is_redispatched_with_a_reason() {
    let server = Server::start();
    let (mut desk, _) = dispatched(&server, "agent");
    desk.keys("d").assert_shows(&["改派", "理由"]);
    desk.type_text("sthjj").keys("tab tab tab").type_text("噪声由生态环境部门管").keys("ctrl-s");
    desk.assert_shows(&["操作已完成", "市生态环境局 (待签收)", "噪声由生态环境部门管"]);
    assert_eq!(server.only_case().assignment.unwrap().lead.department.as_str(), "sthj");
}

#[test]
fn notes_and_reminders_are_written_down() {
    let server = Server::start();
    let (mut desk, _) = dispatched(&server, "agent");
    desk.keys("n").type_text("来电人补充：昨晚又施工").keys("ctrl-s");
    desk.assert_shows(&["操作已完成", "来电人补充：昨晚又施工"]);
    desk.keys("r").type_text("来电人催问").keys("ctrl-s").assert_shows(&["催办 1 次", "来电人催问"]);
    assert_eq!(server.only_case().reminders, 1);
}

#[test]
fn it_is_closed_opened_again_and_voided() {
    let server = Server::start();
    let (mut desk, _) = dispatched(&server, "lead");
    desk.keys("c").type_text("已停止夜间施工").keys("ctrl-s").assert_shows(&["工单状态：已办结"]);
    desk.keys("o").type_text("来电人称又在施工").keys("ctrl-s").assert_shows(&["工单状态：待派单"]);
    desk.keys("v").keys("ctrl-s").assert_shows(&["必填"]);
    desk.type_text("重复受理").keys("ctrl-s").assert_shows(&["工单状态：已作废", "重复受理"]);
    assert_eq!(server.only_case().row.state, State::Voided);
}

#[test]
fn what_the_state_or_the_role_does_not_allow_is_refused_with_the_reason() {
    let server = Server::start();
    let (mut desk, case) = dispatched(&server, "agent");
    desk.keys("a").assert_shows(&["只有待派单的工单可以"]);
    desk.keys("o").assert_shows(&["工单还没有结束"]);
    desk.keys("v").assert_shows(&["您的岗位不能这样做"]);
    desk.keys("f1")
        .assert_shows(&["现在不能：只有待派单的工单可以", "现在不能：您的岗位不能这样做"])
        .keys("esc");
    server.person("lead").act(&case, Act::Close { result: "已处理".to_owned() }).unwrap();
    desk.until_shows("已办结");
    desk.keys("r").assert_shows(&["工单已结束"]);
    desk.keys("f6").assert_shows(&["只有待派单的工单可以"]);
    assert_eq!(server.only_case().row.version, 3);
}

#[test]
fn who_called_is_masked_until_it_is_asked_for_on_the_record() {
    let server = Server::start();
    server.file("路灯三天不亮了");
    let mut desk = opened(&server, "agent");
    desk.assert_shows(&["139****5678"]).assert_hides("139 0000 5678");
    desk.keys("u").assert_shows(&["本次查看已记录", "139 0000 5678"]);
}

#[test]
fn one_escape_does_not_throw_a_typed_note_away() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").until_shows("望湖路路灯").keys("enter").until_shows("办理经过");
    desk.keys("f7").type_text("已电话核实").keys("esc").assert_shows(&["再按一次 Esc", "已电话核实"]);
    desk.type_text("，待回电").keys("esc").assert_shows(&["再按一次 Esc", "已电话核实，待回电"]);
    desk.keys("esc").assert_hides("已电话核实");
}

#[test]
fn marks_alone_are_said_not_to_be_searched() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("%_").until_shows("只有标点");
}
