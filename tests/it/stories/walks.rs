//! Walks through what a walk of the screens passes by: signing in, choosing a ready text, choosing a theme. Keys only,
//! in Chinese, with what people and programs type wrong on the way.

use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, PASSWORD, Seat, Server};

/// What nobody should type there.
const WRONG: &str = "\u{202e}反\u{1b}[2J'; drop table\u{200b}；１２３";

#[test]
fn signing_in() {
    let server = Server::start();
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut desk = Seat { size, ..Seat::default() }.open(&server);
        desk.assert_shows(&["登录", "账号", "密码"]).keys("enter enter").assert_shows(&["账号为 1 至 64 个"]);
        desk.paste(WRONG).keys("tab").type_text("错").keys("enter").assert_shows(&["账号为 1 至 64 个"]);
        desk.keys("ctrl-a delete")
            .type_text("agent")
            .keys("tab ctrl-a delete enter")
            .assert_shows(&["请输入密码"]);
        // Keys of the desk are none here; nothing leads past the door.
        desk.keys("f2 f3 f4 ctrl-p ctrl-n alt-1 f7 pageup pagedown home end esc");
        assert!(desk.model().screen == Screen::SignIn && desk.model().overlay.is_none());
        desk.paste(&"长".repeat(5_000))
            .assert_shows(&["粘贴内容超出上限"])
            .keys("ctrl-u")
            .type_text("不是这个密码吧");
        desk.keys("enter").assert_shows(&["账号或密码不对"]).assert_hides("不是这个");
        desk.keys("f1").assert_shows(&["此处可用的按键"]).keys("f1 ctrl-q").assert_shows(&["退出工作台？"]);
        desk.keys("n shift-tab ctrl-a delete").type_text("没有这个人").keys("tab").type_text(PASSWORD);
        desk.keys("enter").assert_shows(&["账号或密码不对"]);
        desk.keys("shift-tab ctrl-a delete")
            .type_text("agent")
            .keys("down")
            .type_text(PASSWORD)
            .keys("enter");
        desk.until_shows("agent 受理员");
    }
}

#[test]
fn choosing_a_ready_text() {
    let server = Server::start();
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut desk = Seat { size, ..Seat::default() }.signed_in(&server, "agent");
        desk.field(FieldId::Number).keys("f7").assert_shows(&["请先到该项"]);
        desk.fill(FieldId::Text, "请").keys("f7").assert_shows(&["诉求内容", "汉字、全拼、首字母或编码"]);
        desk.type_text(WRONG).assert_shows(&["没有匹配的项"]).keys("enter");
        assert_eq!((desk.typed(), desk.model().overlay.is_none()), ("请", true), "nothing was taken");
        desk.keys("f7").paste(&"噪".repeat(500)).assert_shows(&["粘贴内容超出上限"]);
        desk.keys("ctrl-a delete up up pageup end home f2 f3 ctrl-n");
        assert!(desk.model().overlay.is_some() && desk.model().intake.count() == 1, "it has all keys");
        desk.keys("esc");
        assert_eq!(desk.typed(), "请");
        desk.keys("f7 pagedown down").keys("tab");
        assert!(desk.typed().chars().count() > 4, "a template is in: {}", desk.typed());
        desk.keys("ctrl-z");
        assert_eq!(desk.typed(), "请");
    }
}

#[test]
fn choosing_a_theme() {
    let server = Server::start();
    for size in [(80, 24), (120, 36), (200, 60)] {
        let mut desk: Desk = Seat { size, ..Seat::default() }.signed_in(&server, "agent");
        desk.fill(FieldId::Text, "昨晚阳光小区施工");
        let worn = |desk: &Desk| (desk.model().look.theme().name().to_owned(), desk.model().look.borders());
        let before = worn(&desk);
        desk.keys("alt-t").assert_shows(&["─ 换配色 ─", "> 深色", "无色", "< 圆角 >", "Enter 用它"]);
        desk.paste(WRONG).type_text("q／ｑ：１昨晚").keys("f2 f3 f9 ctrl-s ctrl-n alt-1");
        assert!(
            worn(&desk) == before && desk.model().overlay.is_some() && desk.model().screen == Screen::Intake
        );
        desk.keys("down down right").assert_shows(&["> 高对比"]).keys("esc");
        assert_eq!(worn(&desk), before, "as it was");
        desk.keys("alt-t end up pageup home pagedown end")
            .assert_shows(&["> 无色"])
            .keys("tab shift-tab enter");
        assert_eq!((worn(&desk).0.as_str(), worn(&desk).1), ("mono", before.1));
        assert_eq!(desk.typed(), "昨晚阳光小区施工");
    }
}
