//! 我的工单: what I took, what is open, what came back.

use huiyin::domain::act::Act;
use huiyin::wire::case::Outcome;

use crate::harness::{Desk, Server, order};

#[test]
fn what_was_taken_is_open_until_it_is_done_and_what_comes_back_is_shown() {
    let server = Server::start();
    let to_cgj =
        |case: &mut huiyin::wire::case::NewCase| case.outcome = Outcome::Dispatch(order("cgj").into());
    let noise = server.file_with("阳光小区夜间施工噪声很大", to_cgj);
    server.file_with("望湖路垃圾三天没有清运", to_cgj);
    server.file_with("医保卡丢了去哪里补办", |case| {
        case.outcome = Outcome::Answer("到便民中心".to_owned());
    });
    let mut desk = Desk::open(&server, "agent2");
    desk.keys("f4").assert_shows(&["1 今日受理 3", "2 未办结 2", "3 被退回 0"]).assert_hides("医保卡");
    desk.keys("1").assert_shows(&["医保卡丢了去哪里补办", "阳光小区夜间施工噪声很大"]);
    desk.keys("3").assert_shows(&["这里没有工单"]);
    let handler = server.person("cgj");
    let department = || "cgj".parse().unwrap();
    let reason = "噪声由生态环境部门管".to_owned();
    handler.act(&noise, Act::Return { department: department(), reason }).unwrap();
    desk.until_shows("3 被退回 1").assert_shows(&["阳光小区夜间施工噪声很大", "退单1次"]);
    desk.keys("enter").assert_shows(&["噪声由生态环境部门管", "待派单"]);
}

#[test]
fn the_number_of_the_selected_row_is_copied() {
    let server = Server::start();
    server.file("望湖路垃圾三天没有清运");
    let newer = server.file("阳光小区夜间施工噪声很大");
    let mut desk = Desk::open(&server, "agent2");
    desk.keys("f4 1").assert_shows(&["阳光小区夜间施工噪声很大"]).keys("alt-c").assert_shows(&["已复制"]);
    let selected = desk.model().work.selected().unwrap().number.clone();
    let copied = || desk.model().clipboard.as_ref().map(|text| text.expose().to_owned());
    assert_eq!(copied().as_deref(), Some(selected.as_str()));
    assert_eq!(selected, newer.row.number);
}
