//! Two desks on one server: what one does the other sees, without asking.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Seat, Server};

fn another(server: &Server, name: &str) -> Desk {
    Seat { seed: 2, ..Seat::default() }.signed_in(server, name)
}

#[test]
fn a_change_on_one_desk_is_seen_on_the_other_both_ways() {
    let server = Server::start();
    server.file("阳光小区夜间施工噪声很大");
    let (mut here, mut there) = (Desk::open(&server, "agent"), another(&server, "lead"));
    here.keys("f3").keys("enter").assert_shows(&["待派单"]);
    there.keys("f3").keys("enter").assert_shows(&["待派单"]);
    here.keys("d").type_text("csglj").keys("tab ctrl-s").assert_shows(&["操作已完成"]);
    there.until_shows("待签收").until_shows("市城市管理局");
    there.keys("f7").type_text("值班长已阅").keys("ctrl-s").assert_shows(&["操作已完成"]);
    here.until("the note", |model| model.open_case().is_some_and(|file| file.case.row.version == 3));
    here.keys("end").assert_shows(&["值班长已阅"]);
}

#[test]
fn a_case_filed_on_one_desk_appears_in_the_list_of_the_other() {
    let server = Server::start();
    let (mut here, mut there) = (Desk::open(&server, "agent"), another(&server, "agent2"));
    there.keys("f3").type_text("路灯").assert_shows(&["没有找到"]);
    here.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left ctrl-s");
    here.assert_shows(&["工单已受理"]);
    there.until_shows("共 1 件").assert_shows(&["望湖路路灯三天不亮"]);
}
