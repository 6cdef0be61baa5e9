//! The desk line by line, as somebody works who hears it.

use crate::harness::{Home, Lines, PROGRAM_PASSWORD};
use crate::serving::Serving;

/// Fills the fields that a case needs, whichever way the form leads.
fn fill(desk: &mut Lines) {
    desk.hear("来电号码：未填").line("13900138000").hear("没有来电历史");
    desk.lines(&["/到 事发地", "byjd"]).hear("1. 北苑街道").line("1").hear("事发地：柳浦区北苑街道");
    desk.lines(&["/到 诉求内容", "望湖路路灯三天不亮", "夜间行走危险，要求尽快维修。", ""]);
    desk.hear("标题：望湖路路灯三天不亮");
    desk.lines(&["/到 事项", "ludeng"]).hear("1. ").line("1").hear("事项：");
    desk.lines(&["/主办单位", "市城市管理局"])
        .hear("1. 市城市管理局")
        .line("")
        .hear("主办单位：市城市管理局");
}

#[test]
fn a_case_is_filed_found_and_noted_without_a_screen() {
    let home = Home::with_boss();
    let mut desk = Lines::start(&home, true, &[]);
    desk.hear("账号：").line("boss").hear("密码：").line("not the word").hear("不对");
    desk.hear("密码：").line(PROGRAM_PASSWORD).hear("云汀市").hear("受理");
    fill(&mut desk);
    desk.line("/tj").hear("工单已受理").hear("请告知来电人：").hear("市城市管理局").hear("空行继续");
    desk.line("").hear("来电号码：未填");
    desk.line("/查询").hear("查询：").line("路灯").hear("共 1 件").hear("1. 待签收，");
    desk.line("1").hear("诉求内容：望湖路路灯三天不亮\n夜间行走危险").hear("派单，boss");
    desk.line("/备注").hear("备注内容").lines(&["来电人补充", "已持续三天", ""]).hear("/提交 提交");
    desk.line("/提交").hear("操作已完成").hear("备注，boss：来电人补充\n已持续三天");
    desk.quit();
    assert!(!desk.transcript().contains(PROGRAM_PASSWORD));
}

#[test]
fn a_caller_is_followed_up_and_heard_of_again_without_a_screen() {
    let home = Home::with_boss();
    let number = "13900138000";
    let answered = ["--number", number, "--answer", "今晚派人来修"];
    let case = ["case", "new", "--text", "桃花坞路路灯不亮，要求维修"];
    home.done(&[&case[..], &answered].concat());
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").line("/查询").hear("查询：").line("桃花坞").hear("共 1 件").line("1");
    desk.hear("当场答复，boss").line("/回访").hear("6. 不满意，未解决").line("6").hear("不满意，未解决");
    desk.lines(&["第二天又灭了", ""]).hear("/提交 提交").line("/提交").hear("操作已完成").hear("回访，boss");
    desk.line("/受理").hear("来电号码：未填").line(number).hear("来电历史 1 件");
    desk.hear("上次回访：不满意，未解决");
    desk.quit();
}

#[test]
fn a_case_is_changed_without_a_screen() {
    let home = Home::with_boss();
    home.done(&["case", "new", "--text", "桃花坞路垃圾无人清运，要求清运"]);
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填")
        .line("/查询")
        .hear("查询：")
        .line("桃花坞")
        .hear("共 1 件")
        .line("1")
        .hear("受理，boss");
    desk.line("/修改").hear("修改 ").hear("诉求内容：桃花坞路").line("/提交").hear("没有改动");
    desk.line("/反映对象").hear("反映对象：未填").line("城南环卫公司").line("/提交");
    desk.hear("操作已完成").hear("修改，boss：反映对象");
    desk.quit();
}

#[test]
fn a_search_is_kept_and_run_and_a_hot_topic_found_without_a_screen() {
    let home = Home::with_boss();
    for number in ["13800138000", "13800138001", "13800138002"] {
        let place = ["--place", "人民路街道", "--number", number];
        home.done(&[&["case", "new", "--text", "人民路整条街停水了，没有人通知"], &place[..]].concat());
    }
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").line("/查询").hear("查询：").line("停水").hear("共 3 件");
    desk.line("/常用查询").hear("还没有常用查询").line("水").line("/提交").hear("已留用：水");
    // They belong to the search, as on the screen.
    desk.line("/受理").hear("来电号码：").line("/常用查询").hear("“常用查询”在这里用不了");
    desk.line("/查询").hear("查询：停水").line("没有这样的").hear("没有找到");
    desk.line("/常用查询").hear("1. 水：停水").line("1").hear("共 3 件");
    desk.line("/热点").hear("1. 3 人 3 件 未结 3").line("1").hear("共 3 件").hear("查询：\"人民路街道\"");
    desk.quit();
}

#[test]
fn ones_own_password_is_changed_without_a_screen() {
    let home = Home::with_boss();
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").line("/改密码").hear("新密码 8 至 128 个字符").hear("现在的密码：");
    desk.line("not the word").hear("\n新密码：").line("Harbour-Kite-93-lamp").hear("再输一遍：");
    desk.line("Harbour-Kite-93-lamp").line("/提交").hear("现在的密码：不对").hear("现在的密码：");
    desk.line(PROGRAM_PASSWORD).line("/提交").hear("密码已修改").hear("来电号码：未填");
    desk.quit();
    for secret in [PROGRAM_PASSWORD, "Harbour-Kite"] {
        assert!(!desk.transcript().contains(secret));
    }
    assert_eq!(home.run(&["search", "x"]).status.code(), Some(1), "the old one opens no more");
}

#[test]
fn every_field_of_the_form_can_be_reached() {
    let home = Home::with_boss();
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").line("/各项").hear("22. ").hear("\n");
    let fields: Vec<_> = desk
        .transcript()
        .lines()
        .filter_map(|line| line.split_once(". ")?.1.split_once('：').map(|(name, _)| name.to_owned()))
        .collect();
    assert!(fields.len() > 20, "{fields:?}");
    for (at, field) in fields.iter().enumerate() {
        desk.line(&format!("/到 {}", at + 1)).hear(&format!("\n{field}："));
        desk.line(&format!("/{field}")).hear(&format!("\n{field}："));
    }
    desk.line("<").line("").hear(&format!("\n{}：", fields[fields.len() - 1]));
    desk.quit();
}

#[test]
fn what_is_wrong_is_told_field_by_field_and_nothing_is_done_by_halves() {
    let home = Home::with_boss();
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").line("12").line("/提交").hear("处需要改正").hear("来电号码：填写不正确");
    desk.hear("诉求内容：必填").line("-").hear("来电号码：未填");
    desk.line("/办结").hear("“办结”在这里用不了").line("/没有这样的").hear("没有这个命令");
    desk.line("/类型").hear("3 投诉").line("咨询").hear("类型：咨询");
    desk.line("/换配色")
        .hear("没有画面")
        .line("/丢弃草稿")
        .hear("（是/否）")
        .line("")
        .hear("请输入“是”或“否”");
    desk.line("/查询").hear("请先 /提交 或 /取消").line("否").line("/").hear("1. 提交").hear("丢弃草稿");
    desk.quit();
}

#[test]
fn a_killed_desk_keeps_what_was_said_and_tells_it_next_time() {
    let home = Home::with_boss();
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("来电号码：未填").lines(&["/诉求内容", "说到一半\u{1b}[2J的话", ""]).hear("标题：说到一半");
    desk.kill();
    let mut desk = Lines::start(&home, false, &[]);
    desk.hear("恢复了 1 份草稿").line("/各项").hear("诉求内容：说到一半[2J的话");
    desk.line("/诉求内容").hear("诉求内容：").lines(&["+还有一句", ""]).line("/各项");
    desk.hear("诉求内容：说到一半[2J的话还有一句");
    desk.hang_up().hear("草稿已保留");
    desk.ended();
}

#[test]
fn a_lost_server_is_said_once() {
    let (town, home) = (Home::with_boss(), Home::empty());
    let mut server = Serving::start(&town, &[]);
    let url = server.url.clone();
    let mut desk = Lines::start(&home, false, &["--server", &url]);
    desk.hear("来电号码：未填").lines(&["/诉求内容", "断线以前", ""]).hear("标题：断线以前");
    server.kill();
    desk.hear("离线（")
        .lines(&["/姓名", "测试员", "/状态"])
        .hear("离线（")
        .line("/各项")
        .hear("姓名：测试员");
    desk.quit();
    // Once by itself, and once when it was asked for.
    assert_eq!(desk.transcript().matches("离线（").count(), 2);
}

#[test]
fn it_speaks_english() {
    let home = Home::with_boss();
    home.done(&["case", "new", "--text", "桃花坞路垃圾无人清运，要求清运"]);
    let mut desk = Lines::start(&home, false, &["--language", "en"]);
    desk.hear("line by line").hear("Number: empty").line("/search").hear("Search: empty");
    desk.line("桃花坞").hear("1 found").hear("1. Registered, ").line("1").hear("Text: 桃花坞路");
    desk.line("/n").hear("The note:").lines(&["called again", "."]).hear("/send sends it");
    desk.line("/send").hear("Done; the case is now: Registered").hear("Noted, boss: called again");
    desk.line("/alt-l").hear("工单").hear("标题：").line("/quit").hear("退出工作台？").line("y");
    desk.ended();
}

#[test]
fn a_dumb_terminal_gets_it_by_itself_and_shows_no_password() {
    let home = Home::with_boss();
    let mut desk = home.desk_on("dumb");
    desk.until_shows("TERM=dumb").until_shows("账号：").type_text("boss\r").until_shows("密码：");
    desk.type_text(&format!("{PROGRAM_PASSWORD}\r")).until_shows("来电号码：未填");
    assert!(!desk.rows().concat().contains(PROGRAM_PASSWORD));
    desk.type_text("139\r").until_shows("姓名：未填").type_text("\x03").until_shows("再按一次 Ctrl-C");
    desk.type_text("\x03").until_shows("草稿已保留").ended();
}
