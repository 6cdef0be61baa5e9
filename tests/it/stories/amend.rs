//! 修改: a filed case is changed in the form, and what others changed meanwhile is neither lost nor overwritten.

use huiyin::desk::model::Screen as Front;
use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::domain::amendment::Amendment;
use huiyin::domain::code::Urgency;
use huiyin::wire::case::CaseView;

use crate::harness::{Desk, Seat, Server, order};

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

/// Both desks change the text of one case; the other one was first.
fn clash(server: &Server) -> Desk {
    server.file("望湖路路灯三天不亮");
    let (mut here, mut there) = (amending(server, "agent", 1), amending(server, "lead", 2));
    put(&mut there, FieldId::Text, "望湖路路灯五天不亮");
    put(&mut there, FieldId::Target, "市政养护公司");
    there.keys("ctrl-s").assert_shows(&["操作已完成"]);
    put(&mut here, FieldId::Text, "望湖路路灯四天不亮");
    put(&mut here, FieldId::Remark, "夜间行走危险");
    here.keys("ctrl-s").until_shows("他人也改了");
    here
}

#[test]
fn the_same_field_asks_whose_text_stands_and_sends_nothing_before() {
    let server = Server::start();
    let mut desk = clash(&server);
    desk.assert_shows(&[
        "诉求内容",
        "用我的",
        "望湖路路灯四天不亮",
        "望湖路路灯五天不亮",
        "他人还改了 反映对象",
    ]);
    assert_eq!(server.only_case().row.version, 2, "nothing was sent");
    desk.keys("ctrl-s").assert_shows(&["已合并：他人同时修改了 反映对象"]).until_shows("夜间行走危险");
    let now = server.only_case();
    assert_eq!((now.row.version, now.text.as_str()), (3, "望湖路路灯四天不亮"));
    assert_eq!((now.target.as_str(), now.remark.as_str()), ("市政养护公司", "夜间行走危险"));
}

#[test]
fn whoever_lets_the_others_text_stand_sends_only_the_rest() {
    let server = Server::start();
    let mut desk = clash(&server);
    desk.keys("right").assert_shows(&["用对方的"]).keys("ctrl-s").until_shows("夜间行走危险");
    let now = server.only_case();
    assert_eq!((now.text.as_str(), now.remark.as_str()), ("望湖路路灯五天不亮", "夜间行走危险"));
    assert_eq!(desk.model().outlook.aside, 0);
}

#[test]
fn an_undecided_clash_is_there_again_after_a_kill() {
    let server = Server::start();
    let mut desk = clash(&server);
    desk.keys("esc").assert_shows(&["望湖路路灯四天不亮", "!"]);
    let left = desk.killed();
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["恢复了 1 份草稿", "望湖路路灯四天不亮"]);
    desk.keys("ctrl-s").until_shows("他人也改了").assert_shows(&["望湖路路灯五天不亮"]);
    desk.keys("ctrl-s").until_shows("夜间行走危险");
    assert_eq!(server.only_case().text, "望湖路路灯四天不亮");
    desk.until("nothing aside", |model| model.outlook.aside == 0);
}

#[test]
fn a_case_closed_under_the_hands_keeps_the_text_and_takes_it_as_a_note() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    put(&mut desk, FieldId::Remark, "来电人补充：还有两盏");
    server.person("lead").act(&case, Act::Close { result: "已修复".to_owned() }).unwrap();
    desk.keys("ctrl-s").until_shows("已办结，你的修改已保留为草稿");
    desk.assert_shows(&["备注：来电人补充：还有两盏", "改记为备注", "重启"]);
    desk.keys("esc").assert_shows(&["来电人补充：还有两盏"]).keys("ctrl-s").until_shows("改记为备注");
    desk.keys("enter").until_shows("（修改没有办成）备注：来电人补充：还有两盏");
    assert_eq!(desk.model().intake.count(), 1, "it is no draft any more");
    assert_eq!(server.only_case().row.version, 3);
    desk.until("nothing aside", |model| model.outlook.aside == 0);
}

#[test]
fn a_case_that_is_opened_again_takes_the_change_that_was_kept() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    put(&mut desk, FieldId::Target, "市政养护公司");
    server.person("lead").act(&case, Act::Close { result: "已修复".to_owned() }).unwrap();
    desk.keys("ctrl-s")
        .until_shows("已办结，你的修改已保留为草稿")
        .keys("down enter")
        .until_shows("办理经过");
    desk.keys("o").type_text("来电人称没有修好").keys("ctrl-s").until_shows("工单状态：待派单");
    desk.keys("alt-1 ctrl-s").until_shows("市政养护公司");
    desk.until("the change", |model| model.outlook.aside == 0 && model.outlook.waiting == 0);
    assert_eq!(server.only_case().target, "市政养护公司");
}

#[test]
fn a_case_given_to_another_department_meanwhile_is_told_before_it_is_changed() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = amending(&server, "agent", 1);
    put(&mut desk, FieldId::Target, "市政养护公司");
    server.person("lead").act(&case, Act::Dispatch(order("cgj"))).unwrap();
    desk.keys("ctrl-s").until_shows("状态由待派单变为待签收");
    assert_eq!(server.only_case().row.version, 2);
    desk.keys("ctrl-s").until_shows("操作已完成");
    assert_eq!(server.only_case().target, "市政养护公司");
}

#[test]
fn a_draft_that_was_filed_before_becomes_a_change_to_that_case() {
    let server = Server::start();
    let mut desk = Seat { size: (120, 40), ..Seat::default() }.signed_in(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left");
    let id = desk.model().intake.current().id.unwrap();
    server.file_under("agent", id, "望湖路路灯三天不亮");
    let filed = server.only_case();
    put(&mut desk, FieldId::Text, "望湖路路灯三天不亮，夜间行走危险");
    desk.keys("ctrl-s").until_shows(&format!("此前已受理，编号 {}", filed.row.number.grouped()));
    desk.assert_shows(&["修改 261123 ", "夜间行走危险"]);
    assert_eq!(server.only_case().row.version, 1, "nobody has asked for a change yet");
    desk.keys("ctrl-s").until_shows("操作已完成");
    let now = server.only_case();
    assert_eq!((now.row.id, now.text.as_str()), (id, "望湖路路灯三天不亮，夜间行走危险"));
    desk.until("nothing aside", |model| model.outlook.aside == 0);
}

#[test]
fn an_act_refused_after_its_dialog_was_left_keeps_its_words() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let mut desk = opened(&server, "agent", 1);
    server.go_dark();
    desk.keys("d").type_text("csglj").keys("tab tab").type_text("请今晚到场").keys("ctrl-s");
    desk.assert_shows(&["已排队"]);
    server.person("lead").act(&case, Act::Close { result: "已修复".to_owned() }).unwrap();
    server.come_back();
    desk.until_shows("派单没有办成").heed().keys("i").assert_shows(&["请今晚到场", "市城市管理局"]);
    desk.keys("esc f3").until_shows("已办结").keys("enter").until_shows("派单没有办成");
    desk.keys("i enter").until_shows("（派单没有办成）");
    desk.until("nothing aside", |model| model.outlook.aside == 0).assert_hides("派单没有办成：");
    assert_eq!(server.only_case().row.version, 3);
}

#[test]
fn eight_people_change_one_case_at_once_and_all_of_it_is_there() {
    let server = Server::start();
    let case = server.file("望湖路路灯三天不亮");
    let people = ["agent", "agent2", "lead", "admin", "agent", "agent2", "lead", "admin"];
    let fields_of = [
        FieldId::Text,
        FieldId::Title,
        FieldId::Target,
        FieldId::Remark,
        FieldId::Tags,
        FieldId::Detail,
        FieldId::Occurred,
        FieldId::Earlier,
    ];
    let words = [
        "望湖路路灯五天不亮",
        "路灯不亮",
        "市政养护公司",
        "夜间行走危险",
        "路灯",
        "望湖路12号",
        "2026-11-21 19:30",
        &case.row.number.grouped(),
    ];
    let mut desks: Vec<_> = (1..).zip(people).map(|(seed, name)| amending(&server, name, seed)).collect();
    for ((desk, field), words) in desks.iter_mut().zip(fields_of).zip(words) {
        put(desk, field, words);
    }
    for desk in &mut desks {
        desk.at_once("ctrl-s");
    }
    for desk in &mut desks {
        desk.until("its own case", |model| model.screen == Front::Case).heed();
    }
    let now = server.only_case();
    assert_eq!((now.text.as_str(), now.row.title.as_str()), (words[0], words[1]));
    assert_eq!(
        (now.target.as_str(), now.remark.as_str(), now.place_detail.as_str()),
        (words[2], words[3], words[5])
    );
    assert_eq!(
        (now.tags.concat(), now.occurred_at.is_some(), now.earlier_case),
        ("路灯".to_owned(), true, Some(case.row.number.clone()))
    );
    let events = server.person("agent").timeline(&case);
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert!(events[1..].iter().all(|event| event.fields.len() == 1), "each names what it changed");
}
