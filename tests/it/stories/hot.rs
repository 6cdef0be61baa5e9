//! Hot topics: what several callers told of one place, for the lead and beside the form.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Server};

/// One case of a street without water, told by the `n`-th caller.
fn no_water(server: &Server, n: u32, text: &str) {
    server.file_with(text, |case| {
        case.intake.caller.number = format!("1380013800{n}").parse().ok();
        case.intake.place.division = "990102001".parse().ok();
    });
}

#[test]
fn a_lead_sees_what_several_callers_told_of_one_place_and_finds_their_cases() {
    let server = Server::start();
    server.file("路灯三天不亮了");
    for n in 0..2 {
        no_water(&server, n, "人民路整条街停水了，没有人通知");
    }
    let mut desk = Desk::open(&server, "lead");
    desk.keys("alt-f").assert_shows(&["一天之内没有热点"]);
    // The third caller makes it one, and the list hears of it by itself.
    no_water(&server, 2, "停水了没有人通知，人民路整条街都没水");
    desk.until_shows("3 人 3 件 未结 3").assert_shows(&["人民路街道", "停水"]).assert_hides("路灯");
    no_water(&server, 2, "人民路整条街停水了，怎么还没有人通知");
    desk.until_shows("3 人 4 件 未结 4");
    desk.keys("enter").assert_shows(&["地点:人民路街道 自:", "共 4 件"]).assert_hides("路灯");
}

#[test]
fn the_call_taker_is_told_beside_the_form_that_others_called_about_it() {
    let server = Server::start();
    for n in 0..3 {
        no_water(&server, n, "人民路整条街停水了，没有人通知");
    }
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Division, "rmljd").fill(FieldId::Text, "我们这条街停水了，没有人通知");
    desk.until_shows("3 人来电 未结 3").assert_shows(&["热点"]);
    desk.keys("ctrl-n").fill(FieldId::Text, "我们这条街停水了，没有人通知").until_shows("相似工单 3 件");
    desk.assert_hides("热点");
}
