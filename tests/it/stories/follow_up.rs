//! 回访: what a caller said when they were asked is on the case, and in sight when they call again.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::code::State;
use huiyin::domain::follow_up::{FollowUp, Satisfaction};
use huiyin::wire::case::CaseView;

use crate::harness::{Desk, Seat, Server, order};

const CALLER: &str = "13800138000";

/// A case of that caller about a street lamp, as far as 市城市管理局 has replied to it.
fn replied(server: &Server) -> CaseView {
    let case = server
        .file_with("望湖路路灯三天不亮", |case| case.intake.caller.number = CALLER.parse().ok());
    let case = server.person("agent").act(&case, Act::Dispatch(order("cgj"))).unwrap();
    let handler = server.person("cgj");
    let department = || "cgj".parse().unwrap();
    let case = handler.act(&case, Act::Sign { department: department() }).unwrap();
    let (reply, public_answer) = ("已修".to_owned(), "已修好".to_owned());
    handler.act(&case, Act::Reply { department: department(), reply, public_answer }).unwrap()
}

#[test]
fn what_the_caller_says_is_on_the_case_and_in_sight_at_their_next_call() {
    let server = Server::start();
    replied(&server);
    let mut desk = Seat { size: (80, 40), ..Seat::default() }.signed_in(&server, "agent");
    desk.keys("f3").keys("enter").assert_shows(&["办理经过"]);
    desk.keys("p").assert_shows(&["1 满意，已解决", "6 不满意，未解决", "7 未联系上"]);
    desk.keys("6").assert_shows(&["不满意，未解决", "来电人怎么说"]);
    desk.type_text("第二天又灭了").keys("ctrl-s").assert_shows(&[
        "操作已完成",
        "不满意，未解决",
        "第二天又灭了",
    ]);
    let case = server.only_case();
    assert_eq!((case.row.state, server.found("是:不满意").len()), (State::Replied, 1));
    assert_eq!(case.row.followed_up.unwrap().satisfaction, Some(Satisfaction::Dissatisfied));

    desk.keys("c").type_text("已告知").keys("ctrl-s").assert_shows(&["已办结"]);
    desk.keys("f2").fill(FieldId::Number, "+86 138-0013-8000").until_shows("未结 0，上次：不满意");
    desk.keys("f6").assert_shows(&["已办结 不满意，未解决"]);
}

#[test]
fn nobody_is_asked_before_they_were_answered_and_nobody_at_the_phone_undoes_nothing() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").keys("enter").keys("alt-p").assert_shows(&["还没有答复来电人"]);
    let agent = server.person("agent");
    let case = agent.act(&case, Act::Answer { answer: "今晚修".to_owned() }).unwrap();
    let said = FollowUp::Reached { solved: true, satisfaction: Satisfaction::MostlySatisfied };
    let told = |outcome, text: &str| Act::FollowUp { outcome, text: text.to_owned() };
    let case = agent.act(&case, told(said, "")).unwrap();
    let case = agent.act(&case, told(FollowUp::NotReached, "关机")).unwrap();
    assert_eq!(case.row.followed_up.unwrap().satisfaction, Some(Satisfaction::MostlySatisfied));
    desk.until_shows("未联系上").assert_shows(&["关机", "基本满意，已解决"]);
}

#[test]
fn asked_offline_it_waits_and_is_written_down_once() {
    let server = Server::start();
    replied(&server);
    let mut desk = Seat { size: (80, 40), ..Seat::default() }.signed_in(&server, "agent");
    desk.keys("f3").keys("enter").assert_shows(&["办理经过"]);
    server.go_dark();
    desk.keys("p").type_text("jbmy").assert_shows(&["基本满意，已解决"]).keys("enter").keys("ctrl-s");
    desk.assert_shows(&["待上传"]);
    server.come_back();
    desk.until("the outbox to be empty", |model| {
        model.outlook.waiting == 0 && model.outlook.last_contact.is_some()
    });
    let told = server.person("agent").timeline(&server.only_case());
    let asked: Vec<_> = told.iter().filter(|event| event.event == "followed_up").collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].outcome.unwrap().satisfaction, Some(Satisfaction::MostlySatisfied));
}
