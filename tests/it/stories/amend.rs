//! 修改: a filed case is changed in the form, and what others changed meanwhile is neither lost nor overwritten.

use huiyin::desk::model::Screen as Front;
use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::amendment::Amendment;
use huiyin::domain::code::Urgency;
use huiyin::wire::case::CaseView;

use crate::harness::{Desk, Seat, Server};

/// A desk of `name` with the only case open.
fn opened(server: &Server, name: &str, seed: u8) -> Desk {
    let mut desk = Seat { size: (80, 40), seed, ..Seat::default() }.signed_in(server, name);
    desk.keys("f3").until_shows("共 1 件").keys("enter").until_shows("办理经过");
    desk
}

/// The same with the case in the form.
fn amending(server: &Server, name: &str, seed: u8) -> Desk {
    let mut desk = opened(server, name, seed);
    desk.keys("g").assert_shows(&["修改 261123 "]);
    desk
}

/// Puts `text` in the place of what stands in a field.
fn put(desk: &mut Desk, field: FieldId, text: &str) {
    desk.field(field).keys("ctrl-a").type_text(text);
}

fn changes(change: impl FnOnce(&mut Amendment)) -> Act {
    let mut changes = Amendment::default();
    change(&mut changes);
    Act::Amend(Box::new(changes))
}

/// The fields that each event of the only case named.
fn fields(server: &Server, case: &CaseView) -> Vec<Vec<String>> {
    let events = server.person("agent").timeline(case);
    events.into_iter().map(|event| event.fields).collect()
}

#[test]
fn only_what_is_changed_is_sent() {
    let server = Server::start();
    let case = server.file_with("望湖路路灯三天不亮", |case| {
        // What a form cannot show is not changed by showing it.
        case.intake.text = " 望湖路路灯三天不亮 \n".to_owned();
        case.intake.occurred_at = Some("2026-11-21T19:30:27+08:00".parse().unwrap());
        case.intake.tags = vec!["路灯".to_owned(), "夜间".to_owned()];
    });
    let mut desk = amending(&server, "agent", 1);
    desk.assert_shows(&["望湖路路灯三天不亮", "2026-11-21 19:30", "路灯 夜间"]).assert_hides("主办单位");
    put(&mut desk, FieldId::Target, "市政养护公司");
    desk.keys("ctrl-s").assert_shows(&["操作已完成", "反映对象", "市政养护公司"]);
    assert_eq!(desk.model().screen, Front::Case);
    assert_eq!(desk.model().intake.count(), 1, "it is no draft any more");
    assert_eq!(fields(&server, &case), [vec![], vec!["target".to_owned()]]);
    let now = server.only_case();
    assert_eq!(
        (now.row.version, now.target, now.occurred_at),
        (2, "市政养护公司".to_owned(), case.occurred_at)
    );
}

#[test]
fn what_is_not_changed_is_not_sent() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    desk.keys("ctrl-s").assert_shows(&["没有改动"]);
    put(&mut desk, FieldId::Text, "望湖路路灯三天不亮");
    desk.keys("ctrl-s").assert_shows(&["没有改动"]).keys("f8").assert_shows(&["请在工单页办理"]);
    assert_eq!(server.only_case().row.version, 1);
}

#[test]
fn a_case_that_was_only_looked_at_leaves_no_draft() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    desk.keys("esc").assert_shows(&["办理经过"]);
    assert_eq!(desk.model().intake.count(), 1);
    desk.keys("g");
    put(&mut desk, FieldId::Target, "市政养护公司");
    desk.keys("esc").assert_shows(&["办理经过"]).keys("g").assert_shows(&["市政养护公司"]);
    assert_eq!(desk.model().intake.count(), 1, "the same draft");
}

#[test]
fn different_fields_of_two_people_are_both_kept_and_named() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let (mut here, mut there) = (amending(&server, "agent", 1), amending(&server, "lead", 2));
    put(&mut there, FieldId::Text, "望湖路路灯五天不亮");
    there.keys("ctrl-s").assert_shows(&["操作已完成", "望湖路路灯五天不亮"]);
    put(&mut here, FieldId::Target, "市政养护公司");
    here.keys("ctrl-s").assert_shows(&["已合并：他人同时修改了 诉求内容"]);
    here.until_shows("市政养护公司").assert_shows(&["望湖路路灯五天不亮"]);
    assert_eq!(fields(&server, &case)[1..], [vec!["text".to_owned()], vec!["target".to_owned()]]);
}

#[test]
fn a_killed_desk_goes_on_with_what_it_saw() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    put(&mut desk, FieldId::Target, "市政养护公司");
    desk.until_saved();
    let left = desk.killed();
    server.person("lead").act(&case, changes(|to| to.urgency = Some(Urgency::Urgent))).unwrap();
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["恢复了 1 份草稿", "修改 261123 ", "市政养护公司"]);
    desk.keys("ctrl-s").assert_shows(&["已合并：他人同时修改了 紧急程度"]);
    assert_eq!(fields(&server, &case)[1..], [vec!["urgency".to_owned()], vec!["target".to_owned()]]);
}

#[test]
fn what_is_masked_is_never_written_back() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    desk.assert_hides("来电号码");
    desk.keys("esc u").assert_shows(&["139 0000 5678"]).keys("g").assert_shows(&["139 0000 5678", "周小满"]);
    put(&mut desk, FieldId::Contact, "13700001111");
    desk.keys("ctrl-s").assert_shows(&["操作已完成", "139****5678"]).assert_hides("139 0000 5678");
    desk.keys("u").assert_shows(&["139 0000 5678", "137 0000 1111", "周小满"]);
}

#[test]
fn a_change_made_offline_waits_and_goes_by_itself() {
    let server = Server::start();
    server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    put(&mut desk, FieldId::Target, "市政养护公司");
    server.go_dark();
    desk.keys("ctrl-s").assert_shows(&["已排队", "待上传 1"]);
    server.come_back();
    desk.until("the outbox to be empty", |model| model.outlook.waiting == 0).until_shows("市政养护公司");
    assert_eq!(server.only_case().target, "市政养护公司");
}
