//! Drafts and outbox: what is typed, what waits, what went wrong and what went, in one list.

use huiyin::desk::model::Screen;
use huiyin::desk::screens::drafts::Subject;
use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::id::CaseId;

use crate::harness::{Desk, Server, order};

/// Types a case that is only to be registered.
fn typed(desk: &mut Desk, text: &str) -> CaseId {
    desk.fill(FieldId::Text, text).field(FieldId::Outcome).keys("left");
    desk.model().intake.current().id.unwrap()
}

/// Files another case of somebody else under the id of one that waits, as a program gone wrong might.
fn usurp(server: &Server, id: CaseId, text: &str) {
    server.file_under("agent2", id, text);
}

/// A desk with a case that is not its own, a draft, one that waits and one that has gone, in this order on the list.
fn busy(server: &Server) -> Desk {
    let mut desk = Desk::open(server, "agent");
    typed(&mut desk, "阳光小区夜间施工");
    desk.keys("ctrl-s").keys("enter");
    let id = typed(&mut desk, "望湖路路灯三天不亮");
    server.go_dark();
    desk.keys("ctrl-s").until_shows("待上传").keys("enter");
    usurp(server, id, "别的内容");
    server.come_back();
    desk.until("the conflict", |model| model.outlook.aside == 1).heed();
    server.go_dark();
    desk.keys("ctrl-n");
    typed(&mut desk, "井盖破损有人摔伤");
    desk.keys("ctrl-s").until_shows("待上传").keys("enter ctrl-n");
    desk.fill(FieldId::Text, "暖气一直不热");
    desk.keys("alt-d").until("the list", |model| model.drafts.ledger.is_some());
    desk
}

#[test]
fn everything_that_is_no_case_yet_is_in_one_list_and_what_needs_a_person_comes_first() {
    let server = Server::start();
    let mut desk = busy(&server);
    desk.assert_shows(&["需处理 1  草稿 1  待上传 1  近七天已上传 1"]);
    desk.assert_shows(&[
        "! 需处理",
        "- 草稿",
        "^ 待上传",
        "# 已上传",
        "望湖路路灯",
        "暖气一直不热",
        "井盖破损",
    ]);
    let rows = ["望湖路路灯", "暖气一直", "井盖破损", "阳光小区"].map(|text| desk.find(text).1);
    assert!(rows.is_sorted(), "{rows:?}:\n{}", desk.screen());
    // Why, in words, of what is selected.
    desk.assert_shows(&["! 没有找到"]);
}

#[test]
fn each_row_opens_where_something_can_be_done_about_it() {
    let server = Server::start();
    let mut desk = busy(&server);
    desk.keys("enter");
    assert_eq!((desk.model().screen, desk.typed()), (Screen::Intake, "望湖路路灯三天不亮"));
    desk.keys("alt-d down enter");
    assert_eq!((desk.model().screen, desk.typed()), (Screen::Intake, "暖气一直不热"));
    // What waits is looked at as the case it will be, though no server answers.
    desk.keys("alt-d down enter").until_shows("井盖破损有人摔伤").assert_shows(&["本机内容 · 待上传"]);
    assert_eq!(desk.model().screen, Screen::Case);
    desk.keys("esc end enter").until_shows("阳光小区夜间施工").assert_shows(&["本机内容，可能已有变化"]);
}

#[test]
fn only_what_does_not_go_by_itself_is_thrown_away_and_only_after_asking() {
    let server = Server::start();
    let mut desk = busy(&server);
    desk.keys("end up delete").assert_shows(&["正在等待上传，会自动上传"]);
    desk.keys("home delete").assert_shows(&["丢弃这一条"]).keys("esc").assert_shows(&["需处理 1"]);
    let Some(Subject::Item(discarded)) = desk.model().drafts.selected() else { panic!("{}", desk.screen()) };
    desk.keys("delete enter").assert_shows(&["需处理 0  草稿 1"]);
    desk.keys("delete enter").assert_shows(&["需处理 0  草稿 0  待上传 1"]).assert_hides("暖气一直不热");
    desk.keys("f5").assert_shows(&["需处理 0  草稿 0  待上传 1  近七天已上传 1"]);
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0);
    // The list follows by itself.
    desk.until_shows("待上传 0  近七天已上传 2");
    // The one that had been submitted is on record, and the draft is nobody's business.
    let recorded = desk.until_told(|| server.discarded());
    assert_eq!(recorded, [("agent".to_owned(), discarded.to_string())]);
    let mut texts: Vec<_> = server.found("").into_iter().map(|found| found.text).collect();
    texts.sort();
    assert_eq!(texts, ["井盖破损有人摔伤", "别的内容", "阳光小区夜间施工"]);
}

#[test]
fn an_act_that_came_too_late_is_kept_and_sent_once_more_when_it_fits_again() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "lead");
    desk.keys("f3").until_shows("望湖路路灯").keys("enter").until_shows("办理经过");
    server.go_dark();
    desk.keys("c").type_text("已电话答复来电人").keys("ctrl-s").assert_shows(&["已排队"]);
    server.person("lead").act(&case, Act::Dispatch(order("cgj"))).unwrap();
    server.come_back();
    desk.until("the refusal", |model| model.outlook.aside == 1).heed();
    desk.keys("alt-d").until_shows("[办结] 已电话答复来电人").assert_shows(&["! 有冲突"]);
    let Some(Subject::Item(id)) = desk.model().drafts.selected() else { panic!("{}", desk.screen()) };
    desk.keys("f8").until("an answer", |model| model.outlook.aside == 1).heed();
    assert_eq!(desk.model().drafts.selected(), Some(Subject::Item(id)));
    desk.keys("enter").until_shows("办理经过").keys("alt-d delete y").assert_shows(&["需处理 0"]);
}
