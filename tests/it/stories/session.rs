//! A session that ends while something is typed: the dialog lies over it, and it comes back as it was.

use std::time::Duration;

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, Server};

const DAYS: Duration = Duration::from_hours(48);

#[test]
fn a_note_half_typed_outlives_the_session() {
    let server = Server::start();
    let case = server.file("阳光小区楼下夜间施工，噪声扰民，要求停止施工。");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("噪声扰民").keys("enter").keys("n").type_text("来电人又打来，语气很急");
    server.later(DAYS);
    desk.keys("ctrl-s").assert_shows(&["密码"]);
    desk.type_text(PASSWORD).keys("enter").assert_shows(&["来电人又打来，语气很急"]);
    desk.keys("ctrl-s").assert_shows(&["来电人又打来，语气很急"]);
    assert_eq!(server.only_case().row.version, case.row.version + 1);
}

#[test]
fn another_person_sees_nothing_of_the_one_before() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "只给我自己看的草稿内容").until_saved();
    server.later(DAYS);
    desk.keys("f4").assert_shows(&["密码"]);
    desk.keys("up ctrl-u").type_text("lead").keys("tab").type_text(PASSWORD).keys("enter");
    desk.assert_shows(&["lead 值班长", "来电号码"]).assert_hides("只给我自己看");
}
