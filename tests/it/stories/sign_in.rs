//! Coming in: the first account, a wrong password, a session that ends in the middle of a call.

use std::time::Duration;

use huiyin::desk::Arrival;
use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use tokio::sync::oneshot;

use crate::harness::{Desk, Home, PASSWORD, SETUP, Seat, Server, order};

#[test]
fn a_wrong_password_is_told_and_the_right_one_opens() {
    let server = Server::start();
    let mut desk = Seat::default().open(&server);
    desk.assert_shows(&["登录", "账号", "密码"]);
    desk.sign_in("agent", "不是这个密码吧");
    desk.assert_shows(&["账号或密码不对"]).assert_hides("不是这个");
    desk.type_text(PASSWORD).keys("enter");
    desk.until_shows("已连接").assert_shows(&["受理", "agent 受理员", "云汀市"]);
}

#[test]
fn what_is_typed_before_the_server_is_there_is_kept_and_sent() {
    let server = Server::start();
    let (mut desk, arrive) = Seat::default().open_before(&server);
    desk.assert_shows(&["正在连接服务器", "账号", "密码"]);
    desk.sign_in("agent", PASSWORD);
    desk.assert_shows(&["正在连接服务器", "agent"]);
    arrive.send(Arrival { client: server.client(), setup_secret: None }).unwrap();
    desk.until_shows("agent 受理员");
}

/// A desk that signs `agent` in by itself once the server is there.
fn by_itself(server: &Server, password: &'static str) -> (Desk, oneshot::Sender<Arrival>) {
    Seat { by_itself: Some(("agent", password)), greets: true, ..Seat::default() }.open_before(server)
}

#[test]
fn what_is_typed_before_the_desk_has_signed_in_by_itself_is_typed_on_the_first_screen() {
    let server = Server::start();
    let (mut desk, arrive) = by_itself(&server, PASSWORD);
    desk.type_text("13900005678\n周小满\nbyjd\n").assert_shows(&["已键入 21 个字"]);
    // What works before anybody is signed in does not wait, and takes its own keys.
    desk.keys("f1").type_text("tuichu").assert_shows(&["问一次后退出"]).keys("esc f1 esc");
    desk.paste("阳光小区3栋").keys("enter").type_text("昨晚施工").assert_shows(&["已键入 32 个字"]);
    arrive.send(Arrival { client: server.client(), setup_secret: None }).unwrap();
    desk.until_shows("柳浦区北苑街道").settle().assert_shows(&["13900005678", "周小满", "阳光小区3栋"]);
    assert_eq!(desk.typed(), "昨晚施工");
    desk.type_text("扰民").until_saved();
    assert_eq!(desk.typed(), "昨晚施工扰民");
}

#[test]
fn what_is_typed_before_somebody_is_asked_is_in_no_field_and_said() {
    let server = Server::start();
    let (mut desk, arrive) = by_itself(&server, "不是这个密码吧");
    desk.type_text("13900005678").paste("周小满");
    arrive.send(Arrival { client: server.client(), setup_secret: None }).unwrap();
    desk.until_shows("账号或密码不对").assert_shows(&["有 14 个字没有录入"]);
    let asked = &desk.model().sign_in;
    assert!(asked.name.text().is_empty() && asked.password.is_empty());
}

#[test]
fn of_a_flood_before_the_desk_has_signed_in_the_rest_is_said() {
    let server = Server::start();
    let (mut desk, arrive) = by_itself(&server, PASSWORD);
    desk.keys(&"tab ".repeat(12)).paste(&"路".repeat(4_000)).paste(&"灯".repeat(100)).type_text("不亮");
    desk.assert_shows(&["已键入 4096 个字"]);
    arrive.send(Arrival { client: server.client(), setup_secret: None }).unwrap();
    desk.until_shows("有 18 个字没有录入");
    assert_eq!(desk.typed(), "路".repeat(4_000) + &"灯".repeat(84));
}

#[test]
fn why_nobody_came_in_is_said_in_the_language_that_is_switched_to() {
    let home = Home::with_boss();
    let mut desk = home.desk_of_nobody();
    desk.until_shows("请输入账号和密码").type_text("boss\r").type_text("not the word\r");
    desk.until_shows("账号或密码不对").type_text("\x1bl").until_shows("The name or the password is wrong");
    desk.type_text("\r").until_shows("Enter the password").type_text("\x1bl").until_shows("│ 请输入密码");
    desk.quit();
}

#[test]
fn a_server_that_does_not_come_ends_the_desk() {
    let (mut desk, arrive) = Seat::default().open_before(&Server::start());
    desk.type_text("agent");
    drop(arrive);
    desk.until("the end", |model| model.finished);
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

#[test]
fn who_may_not_make_the_first_account_is_only_asked_to_sign_in() {
    let server = Server::empty();
    let mut desk = Seat::default().open(&server);
    desk.assert_shows(&["请输入账号和密码"]).assert_hides("首次启动");
}

#[test]
fn an_expired_session_asks_over_the_screen_and_the_call_goes_on() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工");
    server.later(Duration::from_mins(31));
    desk.type_text("，很吵").until_shows("会话已过期：请再次输入密码");
    assert_eq!(desk.typed(), "阳光小区夜间施工，很吵");
    desk.type_text("错的").keys("enter").assert_shows(&["账号或密码不对"]);
    desk.keys("esc").assert_shows(&["会话已过期"]);
    desk.type_text(PASSWORD).keys("enter").until_shows("已连接").assert_hides("会话已过期");
    desk.type_text("，请处理").field(FieldId::Outcome).keys("left ctrl-s");
    desk.assert_shows(&["工单已受理"]);
    assert_eq!(server.only_case().text, "阳光小区夜间施工，很吵，请处理");
}

#[test]
fn who_takes_no_calls_starts_at_the_search() {
    let server = Server::start();
    let case = server.file("阳光小区夜间施工噪声很大");
    server.person("agent").act(&case, Act::Dispatch(order("cgj"))).unwrap();
    for name in ["cgj", "trainer", "auditor"] {
        let mut desk = Desk::open(&server, name);
        desk.assert_shows(&["共 1 件", "阳光小区夜间施工噪声很大"]);
        desk.keys("f2").assert_shows(&["您的岗位不能这样做"]).keys("f4").assert_shows(&["共 1 件"]);
    }
}
