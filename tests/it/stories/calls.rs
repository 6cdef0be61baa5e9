//! Several calls at once: drafts as tabs, the call clock, hold and after-call work, and the receipt read to the caller.

use std::time::Duration;

use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::{FieldId, Safety};
use insta::assert_snapshot;

use crate::harness::{Desk, Seat, Server, order};

/// Fills what a case needs to be registered, without an outcome's department.
fn registered(desk: &mut Desk, text: &str) {
    desk.fill(FieldId::Text, text).field(FieldId::Outcome).keys("left");
}

#[test]
fn three_drafts_typed_in_turn_each_keep_caret_undo_pickers_and_panel() {
    let server = Server::start();
    server.file("路灯三天不亮了");
    let mut desk = Desk::open(&server, "agent");
    desk.assert_hides("[1").fill(FieldId::Number, "13900005678").until_shows("来电历史 1 件");
    desk.fill(FieldId::Text, "夜间施工").keys("left left").type_text("很").keys("f6");
    desk.keys("ctrl-n").assert_shows(&[" 1 夜间很施工 ", "[2 +空白]"]);
    desk.fill(FieldId::Lead, "csg").assert_shows(&["市城市管理局  "]);
    desk.keys("ctrl-n").fill(FieldId::Text, "第一行\n第二行").keys("up");
    desk.keys("alt-1").assert_shows(&["[1 夜间很施工", ">路灯三天不亮了"]);
    desk.keys("f6").type_text("吵").assert_shows(&["夜间很吵施工"]);
    desk.keys("ctrl-t").assert_shows(&["市城市管理局  "]).keys("enter").assert_shows(&["协办单位"]);
    assert_eq!(desk.model().intake.current().form.lead.chosen().map(ToString::to_string), Some("cgj".into()));
    desk.keys("ctrl-t").type_text("！").keys("ctrl-t").type_text("了");
    desk.assert_shows(&["夜间很吵了施工"]).keys("ctrl-z");
    assert_eq!(desk.typed(), "夜间施工");
    desk.keys("alt-3");
    assert_eq!(desk.typed(), "第一行！\n第二行");
    desk.keys("alt-9").assert_shows(&["没有这么多草稿"]);
    assert_eq!(desk.model().intake.place(), 3);
}

#[test]
fn a_draft_goes_to_the_server_while_the_next_is_typed() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    registered(&mut desk, "望湖路路灯三天不亮");
    // The answer comes while the second draft is typed: nothing of it falls into the receipt.
    desk.keys("ctrl-s ctrl-n 1 3 8");
    desk.assert_shows(&["工单已受理 261123 154203 0001", " 1 望湖路路灯三天不亮 #已受理 "]);
    desk.type_text("00").assert_hides("请告知来电人").assert_shows(&["来电号码 13800"]);
    desk.keys("alt-1").assert_shows(&["请告知来电人", "二六幺幺二三"]).keys("enter");
    assert_eq!((desk.model().intake.current().form.number.text(), desk.model().intake.count()), ("13800", 1));
    assert_eq!(server.only_case().text, "望湖路路灯三天不亮");
}

#[test]
fn the_receipt_of_a_case_that_waits_comes_when_its_draft_is_in_front_again() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    registered(&mut desk, "望湖路路灯三天不亮");
    server.go_dark();
    desk.keys("ctrl-s ctrl-n 1 3 8").until_shows("^待上传");
    assert_eq!(desk.model().intake.current().form.number.text(), "138");
    desk.keys("alt-1").assert_shows(&["工单已登记，待上传", "请告知来电人"]);
    // The second caller waits, so the desk goes on with them.
    desk.keys("enter");
    assert_eq!(desk.model().intake.current().form.number.text(), "138");
}

#[test]
fn the_clock_counts_talk_hold_and_what_comes_after() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("alt-h").assert_shows(&["现在没有通话"]).assert_hides("通话 00:00");
    registered(&mut desk, "望湖路路灯三天不亮");
    desk.assert_shows(&["*通话 00:00"]);
    server.later(Duration::from_secs(72));
    desk.settle().assert_shows(&["*通话 01:12"]).keys("alt-h").assert_shows(&["=保持 00:00"]);
    server.later(Duration::from_secs(20));
    desk.settle().assert_shows(&["=保持 00:20"]).keys("alt-h").assert_shows(&["*通话 01:12"]);
    // The caller is still there while the number is read to them.
    desk.keys("ctrl-s").assert_shows(&["请告知来电人", "*通话 01:12"]);
    server.later(Duration::from_secs(9));
    desk.settle().assert_shows(&["*通话 01:21"]).keys("enter").assert_shows(&["~话后 00:00"]);
    server.later(Duration::from_secs(31));
    desk.settle().assert_shows(&["~话后 00:31"]).type_text("1").assert_shows(&["*通话 00:00"]);
    desk.keys("alt-e").assert_shows(&["~话后 00:00"]).keys("alt-e").assert_hides("话后 0");
}

#[test]
fn talk_follows_the_typing_and_only_one_is_talked_on() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区噪声");
    server.later(Duration::from_mins(1));
    desk.keys("ctrl-n").assert_shows(&["*通话 01:00"]).type_text("138");
    desk.assert_shows(&[" 1 阳光小区噪声 =保持 ", "*通话 00:00"]);
    server.later(Duration::from_secs(30));
    // To look at the other draft moves nothing.
    desk.keys("alt-1").assert_shows(&["=保持 00:30", " 2 138 *通话"]);
    desk.type_text("，").assert_shows(&["*通话 01:00", " 2 138 =保持"]);
    // On hold by hand: typing goes on, the caller waits.
    desk.keys("alt-h").type_text("吵").assert_shows(&["=保持 00:30"]);
    // From an empty form the keys mean the caller put on hold last.
    desk.keys("ctrl-n")
        .assert_shows(&["=保持 00:30", "[3 +空白]"])
        .keys("alt-h")
        .assert_shows(&["*通话 01:00"]);
    desk.keys("alt-h")
        .keys("alt-2 alt-h")
        .assert_shows(&["*通话 00:30"])
        .keys("alt-e alt-1")
        .assert_shows(&["=保持 00:30"]);
}

#[test]
fn the_clock_and_the_order_of_the_calls_survive_a_killed_desk() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区噪声").keys("alt-h");
    server.later(Duration::from_secs(5));
    desk.keys("ctrl-n").fill(FieldId::Text, "望湖路路灯");
    server.later(Duration::from_secs(5));
    desk.keys("ctrl-n").fill(FieldId::Text, "医保卡").keys("alt-1").type_text("，");
    let written = |safety| matches!(safety, Safety::Written | Safety::Saved);
    desk.until("the word that all is written", |model| {
        model.intake.all().iter().all(|draft| written(draft.safety))
    });
    let left = desk.killed();
    server.later(Duration::from_mins(1));
    let folder = Some(left.path().to_owned());
    let mut desk = Seat { folder, seed: 3, ..Seat::default() }.signed_in(&server, "agent");
    desk.assert_shows(&["[1 阳光小区噪声，", " 2 望湖路路灯 =保持 ", " 3 医保卡 *通话"]);
    desk.assert_shows(&["=保持 01:10"]).keys("alt-3").assert_shows(&["*通话 01:00"]);
}

#[test]
fn nothing_wakes_the_desk_without_a_call_nor_two_hours_after_the_last_touch() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    assert_eq!(desk.wake_at(), None);
    desk.type_text("138").until_saved();
    for _ in 0..3 {
        let second = server.clock.now().checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
        assert_eq!(desk.wake_at(), Some(second));
        server.later(Duration::from_secs(1));
        desk.settle();
        assert!(desk.painted() <= 50, "a second costs {} bytes", desk.painted());
    }
    server.later(Duration::from_hours(2));
    desk.settle().assert_hides("*通话");
    assert_eq!(desk.wake_at(), None);
}

#[test]
fn the_clock_can_be_switched_off() {
    let server = Server::start();
    let mut desk = Seat { call_clock: false, ..Seat::default() }.signed_in(&server, "agent");
    desk.type_text("138").assert_hides("*通话");
    assert_eq!(desk.wake_at(), None);
    desk.keys("alt-h").assert_shows(&["通话计时已在设置中关闭"]);
}

#[test]
fn the_receipt_is_closed_on_purpose_copies_its_number_and_leads_to_its_case() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").fill(FieldId::Lead, "csglj").keys("tab ctrl-s");
    desk.assert_shows(&["您投诉的问题已转市城市管理局调查处理", "11月30日（周一）18点前"]);
    desk.type_text("多打的字 y").keys("space ctrl-s tab").assert_shows(&["请告知来电人"]);
    desk.keys("alt-c").assert_shows(&["已复制 261123 154203 0001"]);
    let number = server.only_case().row.number;
    let copied = desk.model().clipboard.as_ref().map(|text| text.expose().to_owned());
    assert_eq!(copied.as_deref(), Some(number.as_str()));
    desk.keys("f4").assert_shows(&["办理经过"]);
    assert_eq!(desk.model().screen, Screen::Case);
    desk.keys("esc");
    assert!(desk.model().intake.current().is_untouched());
}

#[test]
fn the_number_is_copied_from_wherever_it_is_meant() {
    let server = Server::start();
    let case = server.file_with("路灯三天不亮了", |case| {
        case.outcome = huiyin::wire::case::Outcome::Dispatch(order("cgj").into());
    });
    let mut desk = Desk::open(&server, "agent");
    let copies = |desk: &mut Desk, keys: &str| {
        desk.keys(keys).keys("alt-c").assert_shows(&["已复制"]);
        desk.model().clipboard.as_ref().map(|text| text.expose().to_owned())
    };
    desk.keys("alt-c").assert_shows(&["这里还没有工单编号"]);
    let number = Some(case.row.number.as_str().to_owned());
    assert_eq!(copies(&mut desk, "f3"), number);
    assert_eq!(copies(&mut desk, "tab enter"), number);
    desk.keys("f2").fill(FieldId::Number, "13900005678").until_shows("来电历史 1 件");
    let own = desk.model().intake.current().number.as_ref().map(|own| own.as_str().to_owned());
    assert_eq!(copies(&mut desk, ""), own);
    assert_eq!(copies(&mut desk, "f6"), number);
}

/// The first rows of the screen.
fn top(desk: &Desk) -> String {
    desk.screen().lines().take(4).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_receipt_and_the_tabs_in_two_sizes() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13900005678").fill(FieldId::Text, "望湖路路灯三天不亮，请尽快维修");
    desk.keys("ctrl-n").fill(FieldId::Number, "13800138000").until_saved();
    assert_snapshot!(top(&desk), @r"
     回音   [受理]   查询    我的工单     *通话 00:00  已连接  云汀市  agent 受理员
     1 望湖路路灯三天不亮，.. =保持 [2 138****8000 *通话]
    >来电号码 13800138000      姓名                      联系方式
     性别     < 未说明 >       渠道     < 电话 >         类型     < 投诉 >
    ");
    desk.resize(120, 36);
    assert_snapshot!(top(&desk), @r"
     回音   [受理]   查询    我的工单                                             *通话 00:00  已连接  云汀市  agent 受理员
     1 望湖路路灯三天不亮，.. =保持 [2 138****8000 *通话]
     来电人 ─────────────────────────────────────────────────────────────── ╭─ 来电与相似 ─────────────────────────────────╮
    >来电号码 13800138000               姓名                                │来电历史 0 件，未结 0                         │
    ");
    desk.keys("alt-1").fill(FieldId::Lead, "csglj").keys("tab ctrl-s").until_saved();
    assert_snapshot!(desk.screen(), @r"
     回音   [受理]   查询    我的工单                                             *通话 00:00  已连接  云汀市  agent 受理员
     来电人 ─────────────────────────────────────────────────────────────── ╭─ 来电与相似 ─────────────────────────────────╮
    >来电号码 13800138000               姓名                                │来电历史 0 件，未结 0                         │
     联系方式                           性别     < 未说明 >                 │                                              │
     来源与性质 ─────────────────────────────────────────────────────────── │相似工单：录入内容后显示                      │
     渠道     < 电话 >                  类型     < 投诉 >                   │                                              │
     紧急程度 < 一般 >                  保密     < 否 >                     │建议 Alt-J                                    │
     时间地点 ───────────────────────────────────────────────────────────── │                                              │
     事发地   汉字、全拼或首字母；空格列出                                  │知识 Alt-W 0 条                               │
     详细地址        ╭─ 工单已受理 261123 154203 0001 98 ─────────────────────────────────────────────────╮                │
     事发时间        │                                                                                    │                │
     诉求 ───────────│ ### ###  #   #  ### ###    #  ### # # ### ### ###   ### ### ###  #    ### ###      │                │
     诉求内容 何时、 │   # #   ##  ##    #   #   ##  #   # #   # # #   #   # # # # # # ##    # # # #      │                │
                     │ ### ###  #   #  ### ###    #  ### ### ### # # ###   # # # # # #  #    ### ###      │                │
                     │ #   # #  #   #  #     #    #    #   # #   # #   #   # # # # # #  #      # # #      │                │
                     │ ### ### ### ### ### ###   ### ###   # ### ### ###   ### ### ### ###   ### ###      │                │
                     │                                                                                    │                │
                     │      二六幺幺二三              幺五四二零三            零零零幺        九八        │                │
                     │                                                                                    │                │
                     │ 请告知来电人：                                                                     │                │
                     │ 您投诉的问题已转市城市管理局调查处理，11月30日（周一）18点前办结并答复您。         │                │
                     │ 查询进度请报以上工单编号。                                                         │                │
                     │                                                                                    │                │
                     │                                                                                    │                │
                     │                                                                                    │                │
     归类 ───────────│                                                                                    │                │
     事项     汉字、 ╰────────────────────────────────────────────────────────────────────────────────────╯                │
     标题                                                                   │                                              │
     旧工单                             标签                                │                                              │
     备注                                                                   │                                              │
     处理 ───────────────────────────────────────────────────────────────── │                                              │
     处理     < 派单 >                  主办单位 汉字、全拼或首字母         │                                              │
     协办单位 可选，可多个                                                  │                                              │
     转派意见                                                               │                                              │
     [ ]何地 [ ]何时 [x]何人 [ ]何事 [ ]何求                         已保存 ╰──────────────────────────────────────────────╯
    Enter 继续  Alt-C 复制编号  F4 看工单
    ");
}
