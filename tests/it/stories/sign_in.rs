//! Coming in: the first account, a wrong password, a session that ends in the middle of a call.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, SETUP, Seat, Server};

#[test]
fn a_wrong_password_is_told_and_the_right_one_opens() {
    let server = Server::start();
    let mut desk = Seat::default().open(&server);
    desk.assert_shows(&["登录", "账号", "密码"]);
    desk.sign_in("agent", "不是这个密码吧");
    desk.assert_shows(&["账号或密码不对"]).assert_hides("不是这个");
    desk.type_text(PASSWORD).keys("enter");
    desk.assert_shows(&["受理", "agent 受理员", "云汀市"]);
}

#[test]
fn an_empty_server_asks_for_the_first_account() {
    let server = Server::empty();
    let mut desk = Seat { setup: Some(SETUP), ..Seat::default() }.open(&server);
    desk.assert_shows(&["首次启动：设立第一个账号", "再输一遍"]);
    desk.type_text("林远").keys("tab").type_text(PASSWORD).keys("tab").type_text("另一个").keys("enter");
    desk.assert_shows(&["两次输入的密码不一样"]);
    desk.keys("ctrl-u").type_text(PASSWORD).keys("enter");
    desk.assert_shows(&["林远 管理员", "来电号码"]);
}
