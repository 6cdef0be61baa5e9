//! Help that teaches: the first keys for who is new here, and the tour through one case.

use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::tour::STEPS;

use crate::harness::{Desk, Seat, Server};

fn newcomer(server: &Server, folder: &std::path::Path) -> Desk {
    Seat { folder: Some(folder.to_owned()), greets: true, ..Seat::default() }.signed_in(server, "agent")
}

#[test]
fn the_first_keys_are_shown_once_and_again_when_asked_for() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let mut desk = newcomer(&server, folder.path());
    desk.assert_shows(&["先认三个键", "F1", "Ctrl-P", "Ctrl-S", "Alt-J"])
        .keys("enter")
        .assert_hides("先认三个键");
    drop(desk);
    let mut desk = newcomer(&server, folder.path());
    desk.assert_hides("先认三个键")
        .keys("ctrl-p")
        .type_text("sgj")
        .keys("enter")
        .assert_shows(&["先认三个键"]);
}

#[test]
fn whoever_types_at_once_loses_nothing_to_the_first_keys() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let mut desk = newcomer(&server, folder.path());
    desk.assert_shows(&["先认三个键"]).type_text("138").assert_hides("先认三个键").assert_shows(&["138"]);
    drop(desk);
    let folder = tempfile::tempdir().unwrap();
    let mut desk = newcomer(&server, folder.path());
    desk.paste("13900005678").assert_hides("先认三个键").assert_shows(&["13900005678"]);
    drop(desk);
    let folder = tempfile::tempdir().unwrap();
    let mut desk = newcomer(&server, folder.path());
    desk.keys("f3").assert_hides("先认三个键").assert_shows(&["查询"]);
}

#[test]
fn the_tour_leads_from_the_call_to_the_reminder() {
    let server = Server::start();
    server.file("楼下饭店油烟天天往上冲，窗户不敢开");
    let mut desk = Seat { tour: true, ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["导览 1/14", "139 0000 5678", "F12 跳过"]).type_text("1390000");
    // Whoever is still typing is not hurried on.
    desk.assert_shows(&["导览 1/14"]).type_text("5678").keys("enter");
    desk.assert_shows(&["导览 2/14", "周小满"]).type_text("周小满").keys("enter");
    desk.assert_shows(&["导览 3/14"]).type_text("byj").keys("enter");
    desk.assert_shows(&["导览 4/14"]).type_text("桂花苑17号楼2单元").keys("enter");
    desk.assert_shows(&["导览 5/14"]).type_text("楼下饭店油烟天天往上冲，请查处").keys("tab");
    desk.assert_shows(&["导览 6/14"]).keys("f6").assert_shows(&["导览 7/14"]).keys("f6 alt-j");
    desk.assert_shows(&["导览 8/14"])
        .keys("enter enter")
        .assert_shows(&["导览 9/14"])
        .field(FieldId::Opinion)
        .keys("f7")
        .assert_shows(&["导览 9/14"]);
    desk.keys("enter").assert_shows(&["导览 10/14"]).keys("ctrl-s");
    desk.assert_shows(&["导览 11/14", "请告知来电人"]).keys("enter");
    desk.assert_shows(&["导览 12/14"])
        .keys("f3")
        .type_text("5678")
        .assert_shows(&["导览 13/14"])
        .keys("enter");
    desk.assert_shows(&["导览 14/14"]).keys("f8").type_text("今晚还在冒烟").keys("ctrl-s");
    desk.assert_shows(&["导览 14/14", "走完了：用时 00:00，按键"]).keys("f12").assert_hides("导览");
}

#[test]
fn every_step_can_be_skipped_and_gone_back_to() {
    let server = Server::start();
    let mut desk = Seat { tour: true, ..Seat::default() }.signed_in(&server, "agent");
    let back = |desk: &mut Desk| _ = desk.keys("ctrl-p").type_text("导览上一步").keys("enter");
    // The receipt that never came needs no closing.
    for n in (1..=STEPS.len()).filter(|n| *n != 11) {
        desk.assert_shows(&[&format!("导览 {n}/14")]).keys("f12");
    }
    desk.assert_shows(&["走完了"]);
    for _ in STEPS {
        back(&mut desk);
    }
    desk.assert_shows(&["导览 1/14"]);
    back(&mut desk);
    desk.assert_shows(&["这已是第一步"]);
}

#[test]
fn a_case_filed_ahead_of_the_tour_is_taken_as_it_is() {
    let server = Server::start();
    let mut desk = Seat { tour: true, ..Seat::default() }.signed_in(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left ctrl-s");
    desk.assert_shows(&["请告知来电人", "导览 11/14"]).keys("enter").assert_shows(&["导览 12/14"]);
}
