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
