//! What the text suggests is taken by one stroke, and given back by another.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Server};

/// What is chosen: matter and lead department.
fn chosen(desk: &Desk) -> (Option<String>, Option<String>) {
    let form = &desk.model().intake.current().form;
    (form.matter.chosen().map(ToString::to_string), form.lead.chosen().map(ToString::to_string))
}

#[test]
fn one_stroke_fills_matter_and_department_and_another_empties_them() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("alt-j").assert_shows(&["还没有建议"]);
    desk.fill(FieldId::Text, "昨天起停水，水压也低，要求恢复").keys("alt-j");
    desk.assert_shows(&["云汀自来水集团"]);
    assert_eq!(chosen(&desk), (Some("010216".to_owned()), Some("zls".to_owned())));
    desk.keys("alt-j");
    assert_eq!(chosen(&desk), (None, None));
}

#[test]
fn in_a_picking_field_the_next_is_taken_and_then_none() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "小区门口垃圾没有清运，路灯也不亮").field(FieldId::Matter);
    let suggested = desk.model().intake.current().suggested.matters.clone();
    for suggestion in &suggested {
        desk.keys("alt-j");
        assert_eq!(chosen(&desk).0, Some(suggestion.code.to_string()));
    }
    desk.keys("alt-j");
    assert_eq!((suggested.len(), chosen(&desk)), (3, (None, None)));
}

#[test]
fn a_chosen_department_is_not_overwritten() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "昨天起停水，水压也低").fill(FieldId::Lead, "csglj").keys("tab alt-j");
    assert_eq!(chosen(&desk), (Some("010216".to_owned()), Some("cgj".to_owned())));
    desk.keys("alt-j").keys("shift-tab alt-j");
    assert_eq!(chosen(&desk).1.as_deref(), Some("zls"));
}

#[test]
fn the_text_is_read_after_the_frame_and_before_anything_else() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    // Nothing but these keys comes: what they say is on the screen all the same.
    desk.field(FieldId::Text).at_once("昨 天 起 停 水").assert_shows(&["[x]何时", "停水"]);
    let title = |desk: &Desk| desk.model().intake.current().form.title.text().to_owned();
    assert_eq!(title(&desk), "昨天起停水");
    // And in one batch the next key goes by all that stood before it.
    desk.at_once("， 水 压 也 低 ， 要 求 恢 复 alt-j");
    assert_eq!(chosen(&desk), (Some("010216".to_owned()), Some("zls".to_owned())));
    desk.at_once("！ ctrl-s").settle().assert_shows(&["工单已受理"]);
    let case = server.only_case();
    assert_eq!((&*case.text, &*case.row.title), ("昨天起停水，水压也低，要求恢复！", "昨天起停水，水压也低"));
}

#[test]
fn no_second_frame_is_drawn_where_the_text_says_nothing_new() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "昨天起停水，水压也低，要求恢复，我家住在南边");
    for key in ["的", "楼", "里"] {
        desk.at_once(key);
        assert!(desk.painted() > 0, "the last frame is not that of {key}");
    }
}
