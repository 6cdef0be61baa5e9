//! 并单, 拆单 and 催办 at intake: what is the same event is one case, every caller stays, and nothing typed is lost.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::code::State;
use huiyin::wire::case::CaseView;

use crate::harness::{Desk, Seat, Server};

const EARLIER: &str = "阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工";

/// A desk with a call of somebody else about the same site.
fn typed(server: &Server) -> Desk {
    let mut desk = Desk::open(server, "agent");
    desk.fill(FieldId::Number, "13800138000").fill(FieldId::Detail, "阳光小区3栋");
    desk.fill(FieldId::Text, "阳光小区3栋楼下工地夜间施工，噪声扰民").until_shows("相似工单 1 件");
    desk
}

fn earlier(server: &Server) -> CaseView {
    server.file_with(EARLIER, |case| "阳光小区3栋".clone_into(&mut case.intake.place.detail))
}

fn in_state(server: &Server, state: State) -> CaseView {
    let mut found = server.found(&format!("state:{state}"));
    assert_eq!(found.len(), 1, "{state}");
    found.remove(0)
}

#[test]
fn one_key_files_the_call_and_merges_it_and_the_case_screen_undoes_it() {
    let server = Server::start();
    let leader = earlier(&server);
    let number = leader.row.number.grouped();
    let mut desk = typed(&server);
    desk.field(FieldId::Opinion).type_text("夜间去看");
    // What will happen is said before, and nothing has happened yet.
    desk.keys("alt-b").assert_shows(&["同一件事？", &number, "261123 154203 0001"]);
    assert_eq!(server.found("").len(), 1);
    desk.keys("esc").keys("f6 b").assert_shows(&["同一件事？"]).keys("enter");
    desk.until_shows("已并入").assert_shows(&["261123 154203 0001", &number, "您的诉求已登记并一并办理"]);
    let merged = in_state(&server, State::Merged);
    assert_eq!(merged.row.leader.as_ref().unwrap().number, leader.row.number);
    assert_eq!(merged.caller.as_ref().unwrap().number.as_deref(), Some("138****8000"));
    let told = server.person("agent").timeline(&merged);
    assert_eq!(told.iter().map(|event| &*event.event).collect::<Vec<_>>(), ["registered", "noted", "merged"]);
    assert_eq!(told[1].text, "夜间去看");

    desk.keys("f4").assert_shows(&["主单", "并单"]);
    desk.keys("b").assert_shows(&["拆单理由"]).type_text("两个工地").keys("ctrl-s").assert_shows(&["已拆单"]);
    assert!(server.found("state:merged").is_empty());
    assert_eq!(server.found("13800138000").len(), 1);
}

#[test]
fn taken_offline_it_is_merged_behind_its_filing_also_by_the_next_desk() {
    let server = Server::start();
    earlier(&server);
    let mut desk = typed(&server);
    server.go_dark();
    desk.keys("alt-b enter").assert_shows(&["待上传", "随后并入"]);
    let left = desk.killed();
    server.come_back();
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.until("the outbox to be empty", |model| {
        model.outlook.waiting == 0 && model.outlook.last_contact.is_some()
    });
    assert_eq!(in_state(&server, State::Merged).text, "阳光小区3栋楼下工地夜间施工，噪声扰民");
}

#[test]
fn where_the_leader_was_closed_meanwhile_the_call_stands_by_itself_and_that_is_said() {
    let server = Server::start();
    let leader = earlier(&server);
    let mut desk = typed(&server);
    server.go_dark();
    desk.keys("alt-b enter").assert_shows(&["随后并入"]);
    // The others' line is not cut.
    server.person("lead").act(&leader, Act::Close { result: "已停工".to_owned() }).unwrap();
    server.come_back();
    desk.until_shows("未能并入").heed();
    let alone = server.found("13800138000");
    assert_eq!((alone.len(), alone[0].row.state), (1, State::Registered));
}

#[test]
fn the_same_caller_again_is_a_reminder_with_all_that_was_typed() {
    let server = Server::start();
    let own = earlier(&server);
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13900005678").until_shows("来电历史 1 件，未结 1");
    desk.fill(FieldId::Target, "三建工地").fill(FieldId::Text, "又施工了，什么时候有人管");
    desk.keys("f6 b").assert_shows(&["替其催办", &own.row.number.grouped()]).keys("enter");
    desk.until_shows("已催办");
    let case = server.only_case();
    assert_eq!((case.row.id, case.reminders), (own.row.id, 1));
    let said = server.person("agent").timeline(&case).pop().unwrap();
    assert_eq!(
        (said.event.as_str(), said.text.as_str()),
        ("reminded", "又施工了，什么时候有人管\n反映对象：三建工地")
    );
    desk.keys("f2").assert_hides("又施工了");
}

#[test]
fn a_reminder_that_is_refused_is_the_draft_again_and_may_be_filed() {
    let server = Server::start();
    let own = earlier(&server);
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13900005678").until_shows("来电历史 1 件，未结 1");
    desk.fill(FieldId::Text, "又施工了，什么时候有人管");
    server.go_dark();
    desk.keys("f6 b enter").assert_hides("又施工了");
    server.person("lead").act(&own, Act::Close { result: "已停工".to_owned() }).unwrap();
    server.come_back();
    desk.until("the draft is back", |model| model.intake.all().iter().any(|draft| draft.not_sent)).heed();
    desk.keys("alt-1")
        .assert_shows(&["又施工了"])
        .field(FieldId::Outcome)
        .keys("left ctrl-s")
        .assert_shows(&["工单已受理"]);
    assert_eq!(server.found("又施工了").len(), 1);
    desk.until("nothing is left aside", |model| model.outlook.aside == 0);
}

#[test]
fn the_desk_of_the_leader_hears_of_the_other_caller_and_whom_to_call_back() {
    let server = Server::start();
    let leader = earlier(&server);
    let mut there = Seat { seed: 2, size: (100, 40), ..Seat::default() }.signed_in(&server, "lead");
    there.keys("f3").keys("enter").assert_shows(&["办理经过"]);
    let mut here = typed(&server);
    let own = here.model().intake.current().number.clone().unwrap();
    here.keys("alt-b enter").until_shows("已并入");
    there.until_shows("并入来电").assert_shows(&["138****8000", &own.grouped()]);
    there.keys("c").assert_shows(&["另有 1 位来电人并在本单"]).type_text("已停工").keys("ctrl-s");
    there.until_shows("请逐一回访来电人");
    let closed = in_state(&server, State::Closed);
    assert_eq!((closed.row.id, closed.attached_cases.len()), (leader.row.id, 1));
}
