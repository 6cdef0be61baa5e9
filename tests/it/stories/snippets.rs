//! A few letters before the caret become the text they stand for.

use std::sync::Arc;

use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::snippets::Snippets;

use crate::harness::{Desk, Seat, Server};

/// A desk of somebody with these short texts.
fn desk_with(server: &Server, snippets: &str) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snippets.toml");
    std::fs::write(&file, snippets).unwrap();
    let snippets = Arc::new(Snippets::load(&file).unwrap());
    Seat { snippets, ..Seat::default() }.signed_in(server, "agent")
}

#[test]
fn a_trigger_becomes_its_text_and_tab_goes_through_the_slots() {
    let server = Server::start();
    let mut desk = desk_with(&server, "zx = \"来电人在{地点}看到{对象}，要求{诉求}。\"\n");
    desk.fill(FieldId::Detail, "人民路12号").fill(FieldId::Text, "昨晚zx").keys("alt-/");
    assert_eq!(desk.typed(), "昨晚来电人在人民路12号看到{对象}，要求{诉求}。");
    desk.type_text("占道").keys("tab").type_text("清理");
    assert_eq!(desk.typed(), "昨晚来电人在人民路12号看到占道，要求清理。");
    desk.keys("ctrl-z ctrl-z ctrl-z");
    assert_eq!(desk.typed(), "昨晚zx");
    desk.keys("alt-/ ctrl-s").assert_shows(&["处需要改正", "没有填"]);
}

#[test]
fn the_beginning_of_a_trigger_is_enough_and_several_are_offered() {
    let server = Server::start();
    let mut desk =
        desk_with(&server, "gxld = \"感谢来电\"\ngxjb = \"感谢举报\"\n\"谢谢\" = \"感谢您的理解\"\n");
    desk.fill(FieldId::Remark, "已告知谢").keys("alt-/");
    assert_eq!(desk.model().intake.current().form.remark.text(), "已告知感谢您的理解");
    desk.type_text("，gxl").keys("alt-/");
    assert_eq!(desk.model().intake.current().form.remark.text(), "已告知感谢您的理解，感谢来电");
    desk.keys("ctrl-u").type_text("gx").keys("alt-/").assert_shows(&[
        "短语",
        "gxjb  感谢举报",
        "gxld  感谢来电",
    ]);
    desk.type_text("ld").keys("enter");
    assert_eq!(desk.model().intake.current().form.remark.text(), "感谢来电");
    desk.keys("ctrl-u").type_text("qt").keys("alt-/").assert_shows(&["没有对应的短语或模板"]);
    assert_eq!(desk.model().intake.current().form.remark.text(), "qt");
}

#[test]
fn a_template_is_expanded_by_its_initials_where_it_belongs() {
    let server = Server::start();
    let mut desk = desk_with(&server, "");
    desk.fill(FieldId::Remark, "ldbl").keys("alt-/").assert_shows(&["没有对应的短语或模板"]);
    desk.fill(FieldId::Text, "ldbl").keys("alt-/");
    assert!(desk.typed().starts_with("来电人反映{地点}"), "{}", desk.typed());
    desk.keys("ctrl-z").field(FieldId::Matter).keys("alt-/").assert_shows(&["现在没有在录入文字"]);
}

#[test]
fn dialogs_and_the_search_expand_too() {
    let server = Server::start();
    server.file("阳光小区楼下夜间施工，噪声扰民，要求停止施工。");
    let mut desk = desk_with(&server, "zs = \"噪声扰民\"\ncb = \"来电人{时间}再次来电\"\n");
    desk.keys("f3").type_text("zs").keys("alt-/ enter");
    assert_eq!(desk.model().screen, Screen::Case);
    desk.keys("n").type_text("cb").keys("alt-/").type_text("今早").keys("ctrl-s");
    desk.assert_shows(&["来电人今早再次来电"]);
    desk.keys("alt-/").assert_shows(&["现在没有在录入文字"]);
}

#[test]
fn what_does_not_fit_stays_out_whole() {
    let server = Server::start();
    let mut desk = desk_with(
        &server,
        "c = \"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一\"\n",
    );
    desk.fill(FieldId::Occurred, "c").keys("alt-/").assert_shows(&["放不下：这里只能再输入 40 字"]);
    assert_eq!(desk.model().intake.current().form.occurred.text(), "c");
}
