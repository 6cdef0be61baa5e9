//! The mouse: everything that it does is done by keys as well, and it can be switched off.

use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::screens::overlay::Overlay;
use huiyin::desk::screens::work::WorkTab;
use huiyin::domain::code::{State, Urgency};

use crate::harness::{Desk, Seat, Server};

#[test]
fn a_case_is_filed_by_clicks() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        let server = Server::start();
        let mut desk = Seat { size, ..Seat::default() }.signed_in(&server, "agent");
        desk.click("诉求内容").type_text("阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
        desk.click("紧急程度").click_beside("紧急程度", 10);
        desk.click("主办单位").type_text("csglj").click("> 市城市管理局");
        desk.click("Ctrl-S 提交").assert_shows(&["工单已受理", "您投诉的问题已转市城市管理局调查处理"]);
        let case = server.only_case();
        assert_eq!(case.row.state, State::Dispatched);
        assert_ne!(case.row.urgency, Urgency::Ordinary);
        desk.click("Enter 继续").assert_hides("工单已受理");
    }
}

#[test]
fn the_caret_goes_where_the_click_is_and_a_drag_selects() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").keys("ctrl-home");
    desk.click("三天").type_text("已").assert_shows(&["望湖路路灯已三天不亮"]);
    desk.click("路灯").drag("已三天").type_text("水管").assert_shows(&["望湖路水管已三天不亮"]);
    // The right half of a character is that character.
    desk.fill(FieldId::Detail, "望湖路12号")
        .click_beside("12号", 3)
        .type_text("弄")
        .assert_shows(&["望湖路12弄号"]);
    desk.click_beside("望湖路12弄号", 1).type_text("南").assert_shows(&["南望湖路12弄号"]);
    // What is dragged beyond the field ends with it.
    desk.click("湖路12弄号").drag("事发时间").type_text("江").assert_shows(&["南望江"]);
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Detail);
}

#[test]
fn a_field_that_picks_opens_its_list_and_a_candidate_is_taken() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.click_beside("主办单位", 10);
    let (marked, n) = desk.model().intake.current().form.listed().unwrap();
    assert!(marked == 0 && n > 8, "{n} departments");
    // In its list the wheel goes on, and what is clicked beside it closes nothing.
    desk.wheel("市交通运输局", true);
    assert_eq!(desk.model().intake.current().form.listed(), Some((3, n)));
    desk.click("市交通运输局").assert_shows(&["主办单位 市交通运输局"]);
    assert!(desk.model().intake.current().form.lead.chosen().is_some());
    assert_ne!(desk.model().intake.current().form.focus, FieldId::Lead);
}

#[test]
fn the_wheel_moves_the_selection_and_a_second_click_opens() {
    let server = Server::start();
    for n in 0..6 {
        server.file(&format!("望湖路{n}号路灯不亮"));
    }
    for size in [(80, 24), (120, 36)] {
        let mut desk = Seat { size, ..Seat::default() }.signed_in(&server, "agent");
        desk.click("查询");
        assert_eq!(desk.model().screen, Screen::Search);
        desk.wheel("望湖路4号", true);
        assert_eq!(desk.model().search.list.selected(), 3);
        desk.wheel("望湖路4号", false);
        assert_eq!(desk.model().search.list.selected(), 0);
        desk.click("待派单        望湖路1号");
        assert_eq!((desk.model().screen, desk.model().search.list.selected()), (Screen::Search, 4));
        desk.click("待派单        望湖路1号").assert_shows(&["办理经过"]);
        assert_eq!(desk.model().screen, Screen::Case);
    }
}

#[test]
fn the_wheel_goes_through_all_that_is_found_and_stops_at_its_end() {
    let server = Server::start();
    for n in 0..70 {
        server.file(&format!("文庙街{n}号水管漏水"));
    }
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3");
    assert_eq!(desk.model().search.hits.len(), 50);
    for _ in 0..30 {
        desk.wheel("号水管漏水", true);
    }
    assert_eq!((desk.model().search.hits.len(), desk.model().search.list.selected()), (70, 69));
}

#[test]
fn the_right_button_opens_the_menu_of_the_thing() {
    let server = Server::start();
    server.file("望湖路路灯不亮");
    server.file("文庙街水管漏水");
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").click_right("望湖路路灯").assert_shows(&["> 打开", "打开选中的工单"]);
    assert_eq!(desk.model().search.list.selected(), 1);
    // Beside the menu nothing is reached.
    desk.click("我的工单");
    assert!(matches!(desk.model().overlay, Some(Overlay::Menu(_))));
    desk.click("> 打开").assert_shows(&["办理经过", "望湖路路灯不亮"]);
    desk.click("受理").click_right("标签").assert_shows(&["─ 标签 ─", "> 撤销"]);
}

#[test]
fn tabs_are_clicked() {
    let server = Server::start();
    server.file("望湖路路灯不亮");
    let mut desk = Desk::open(&server, "agent2");
    desk.fill(FieldId::Text, "第一件").keys("ctrl-n").fill(FieldId::Text, "第二件");
    desk.click("1 第一件");
    assert_eq!(desk.typed(), "第一件");
    desk.click("我的工单").click("今日受理");
    assert_eq!(desk.model().work.tab, WorkTab::Taken);
}

#[test]
fn dialogs_have_a_caret_a_list_and_keys_to_click() {
    let server = Server::start();
    server.file("望湖路路灯不亮");
    let mut desk = Desk::open(&server, "agent");
    desk.click("查询").click("望湖路路灯不亮").click("n 备注").type_text("再次来电");
    desk.click("次来电").type_text("三").click("Ctrl-S 提交").assert_shows(&["再三次来电"]);
    desk.keys("d").click("转派意见").click_beside("转派意见", 10).type_text("请查实");
    desk.click_beside("主办单位", 10).type_text("csglj").click("> 市城市管理局");
    desk.click("查实").type_text("尽快").keys("ctrl-s").assert_shows(&["请尽快查实", "待签收"]);
    desk.keys("ctrl-p").type_text("zti").click_beside("zti", 1).type_text("hu").assert_shows(&["zhuti"]);
}

#[test]
fn the_first_keys_are_in_nobodys_way() {
    let server = Server::start();
    for (text, focus) in [("事发时间", FieldId::Occurred), ("按 Enter 关闭", FieldId::Number)] {
        let mut desk = Seat { greets: true, ..Seat::default() }.signed_in(&server, "agent");
        assert!(matches!(desk.model().overlay, Some(Overlay::FirstKeys)));
        desk.click(text);
        assert!(desk.model().overlay.is_none());
        assert_eq!(desk.model().intake.current().form.focus, focus);
    }
}

#[test]
fn nothing_is_clicked_that_is_not_there() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯不亮");
    let before = desk.screen();
    let hostile: &[&[u8]] = &[
        b"\x1b[<0;60000;60000M",
        b"\x1b[<0;0;0M",
        b"\x1b[<0;99999999999999999999;1M",
        b"\x1b[<65;1;1M\x1b[<64;1;1m",
        b"\x1b[<-1;-1;-1M",
        b"\x1b[<0;;M",
        b"\x1b[<32;65535;65535M\x1b[<35;9;9M\x1b[<0;9;9m",
    ];
    for report in hostile {
        for piece in [1, 64] {
            desk.pour(report, piece);
            assert_eq!(desk.screen(), before, "{}", String::from_utf8_lossy(report));
        }
    }
    // A window that is too small shows nothing to click, and a click meant for the frame before it finds nothing.
    desk.resize(60, 20).pour(b"\x1b[<0;5;3M\x1b[<0;5;20M", 64);
    assert_eq!(desk.resize(80, 24).screen(), before);
}

#[test]
fn switched_off_it_does_nothing() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("alt-x").assert_shows(&["鼠标已停用"]).click("标签").click("查询").wheel("标签", true);
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Number);
    assert_eq!(desk.model().screen, Screen::Intake);
    desk.keys("ctrl-p").type_text("mouse").keys("enter").assert_shows(&["鼠标已启用"]).click("标签");
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Tags);
}
