//! 查询: finding, looking, opening.

use huiyin::theme::Role;

use crate::harness::{Desk, Line, Server};

#[test]
fn a_two_character_word_is_found_marked_previewed_and_opened() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    server.file("路灯三天不亮了");
    server.file("楼上装修一到夜里噪声很吵");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").assert_shows(&["共 3 件"]);
    desk.type_text("噪声").assert_shows(&["共 2 件", "楼上装修一到夜里噪声很吵"]).assert_hides("路灯");
    // The row below the selected one: there the mark's colour shows, in the selected one its modifiers.
    let marked = desk.model().look.style(Role::Match);
    let (x, y) = desk.find("噪声很大");
    for column in [x, x + 2] {
        assert_eq!(Some(desk.cell(column, y).fg), marked.fg);
        assert!(desk.cell(column, y - 1).modifier.contains(marked.add_modifier));
    }
    assert_ne!(Some(desk.cell(x + 4, y).fg), marked.fg);
    desk.keys("down").assert_shows(&["诉求内容", "周**  139****5678"]);
    desk.keys("enter").assert_shows(&["办理经过", "阳光小区夜间施工噪声很大", "待派单"]);
    desk.keys("esc").assert_shows(&["共 2 件"]);
}

#[test]
fn none_found_is_said_and_a_number_is_found_as_it_is_read_out() {
    let server = Server::start();
    let case = server.file("路灯三天不亮了");
    let mut desk = Desk::open(&server, "lead");
    desk.keys("f3").type_text("噪声").assert_shows(&["没有找到"]);
    for query in [case.row.number.grouped(), case.row.number.as_str().to_owned(), "5678".to_owned()] {
        desk.keys("ctrl-u").type_text(&query).assert_shows(&["共 1 件", "路灯三天不亮了"]);
    }
    desk.keys("ctrl-u").paste("状态:待派单 -噪声").assert_shows(&["共 1 件"]);
    desk.keys("ctrl-u").paste("状态:已办结").assert_shows(&["没有找到"]);
}

#[test]
fn the_most_relevant_come_first_when_asked_and_the_order_is_told() {
    let server = Server::start();
    server.file("楼上装修一到夜里噪声很吵，噪声不断");
    server.file("路灯三天不亮，附近还有点别的事，前面说了许多许多许多，最后才提到旁边工地的那些噪声");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("噪声").assert_shows(&["共 2 件"]);
    assert!(desk.model().search.hits[0].row.title.starts_with("路灯"));
    desk.keys("alt-r").assert_shows(&["共 2 件  按相关度"]);
    assert!(desk.model().search.hits[0].row.title.starts_with("楼上"));
    desk.keys("alt-r").assert_shows(&["共 2 件"]).assert_hides("按相关度");
    assert!(desk.model().search.hits[0].row.title.starts_with("路灯"));
}

#[test]
fn the_list_goes_on_by_the_keyboard_to_the_first_case_ever_filed() {
    let server = Server::start();
    for n in 0..70 {
        server.file(&format!("第{n}号路灯不亮"));
    }
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("路灯").assert_shows(&["超过 50 件", "第69号路灯不亮"]);
    // To the end of what is there, where the next page comes, and to the end of that.
    desk.keys("tab end").assert_shows(&["第20号路灯不亮"]).keys("end").assert_shows(&["第0号路灯不亮"]);
    assert_eq!(desk.model().search.hits.len(), 70);
    assert!(desk.model().search.next.is_none());
}

#[test]
fn a_search_that_takes_long_holds_up_none_that_was_asked_later() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    server.file("路灯三天不亮了");
    server.line(Line::SearchesSwapped);
    let mut desk = Desk::open(&server, "agent");
    // The line holds the search for all cases until the next is through, and then lets its answer go as well.
    desk.at_once("f3").until_told(|| vec![(); usize::from(server.holds_back())]);
    desk.type_text("噪声").assert_shows(&["共 1 件", "阳光小区"]).assert_hides("路灯");
    assert_eq!(server.meddled(), 1);
}

#[test]
fn enter_never_opens_what_answers_another_query() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("噪声").assert_shows(&["共 1 件", "阳光小区"]).keys("ctrl-u");
    // Typed in one breath: no answer can have come between the word and Enter.
    desk.type_text("路灯\n").assert_shows(&["办理经过", "望湖路路灯三天不亮"]).assert_hides("阳光小区");
}

#[test]
fn filters_are_completed_by_their_initials_and_a_fault_is_told_where_it_stands() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3")
        .type_text("噪声 zt")
        .assert_shows(&["Tab 状态:"])
        .keys("tab")
        .assert_shows(&["噪声 状态:", "待派单"]);
    desk.type_text("dpd").assert_shows(&["Tab 待派单"]).keys("tab").assert_shows(&["状态:待派单", "共 1 件"]);
    desk.type_text("dept:csgl").keys("tab").type_text("自:zuo").keys("tab").assert_shows(&["自:昨天"]);
    assert!(desk.model().search.query.text().ends_with("自:昨天 "), "{}", desk.model().search.query.text());
    // Nothing to complete: Tab goes to the list, as it does elsewhere.
    desk.keys("ctrl-u").type_text("自:明后天").assert_shows(&["“自:明后天”不是日期"]);
    let wrong = desk.model().look.style(Role::Error).fg;
    let (x, y) = desk.find("自:明后天");
    assert_eq!([0, 2, 3].map(|column| Some(desk.cell(x + column, y).fg)), [wrong; 3]);
    desk.keys("ctrl-u").type_text("状态:没有这种 ").assert_shows(&["不是可选的值"]);
    desk.keys("ctrl-u").type_text("噪声").keys("tab");
    assert!(!desk.model().search.in_query);
}

#[test]
fn a_case_filed_meanwhile_does_not_throw_the_reader_back_to_the_first_page() {
    let server = Server::start();
    for n in 0..70 {
        server.file(&format!("第{n}号路灯不亮"));
    }
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("路灯").assert_shows(&["超过 50 件"]);
    desk.keys("tab end").assert_shows(&["第20号路灯不亮"]).keys("end").assert_shows(&["第0号路灯不亮"]);
    server.file("又一处路灯不亮");
    desk.until("the new case", |model| model.search.hits.len() == 71);
    let search = &desk.model().search;
    assert_eq!(search.selected().map(|row| row.title.as_str()), Some("第0号路灯不亮"));
    assert!(search.hits[0].row.title.starts_with("又一处") && search.next.is_none());
}

#[test]
fn a_search_is_kept_under_a_name_run_by_a_digit_and_forgotten() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3 alt-s")
        .assert_shows(&["还没有常用查询"])
        .keys("ctrl-s")
        .assert_shows(&["没有可留用的查询"])
        .heed();
    desk.type_text("噪声 状态:待派单")
        .keys("alt-s")
        .type_text("夜间")
        .keys("ctrl-s")
        .assert_shows(&["已留用：夜间"]);
    desk.keys("ctrl-u").type_text("路灯").keys("alt-s ctrl-s").assert_shows(&["已留用：路灯"]);
    desk.keys("ctrl-u").assert_shows(&["共 2 件"]).keys("alt-s").assert_shows(&["夜间  噪声 状态:待派单"]);
    // The one kept last is the first; the second is run by its digit, wherever one has been.
    desk.type_text("2").assert_shows(&["共 1 件", "阳光小区"]).assert_hides("望湖路");
    desk.keys("f2 f3 alt-s").type_text("ld").keys("enter").assert_shows(&["共 1 件", "望湖路"]);
    desk.keys("alt-delete").assert_shows(&["已删除常用查询：路灯"]);
    assert_eq!(desk.model().saved.all().len(), 1);
    desk.keys("alt-delete").assert_shows(&["不在常用查询里"]).heed();
}

#[test]
fn a_place_is_found_by_what_callers_call_it() {
    let server = Server::start();
    server.file_with("广场舞音乐太吵", |case| case.intake.place.division = "990102002".parse().ok());
    server.file("望湖路路灯三天不亮");
    let mut desk = Desk::open(&server, "agent");
    for query in ["地点:钟楼广场", "地点:钟楼", "place:市中心", "place:990102"] {
        desk.keys("f3 ctrl-u").type_text(query).assert_shows(&["共 1 件", "广场舞音乐太吵"]);
    }
    // The picker knows it as well, by the initials of the other name.
    desk.keys("ctrl-u").type_text("地点:zlgc").assert_shows(&["Tab 钟楼街道"]);
}
