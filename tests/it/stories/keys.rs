//! Keys: what is typed never acts, Enter never files, what a person wants otherwise holds, and every way to an action.

use std::fs;
use std::mem::discriminant;
use std::sync::Arc;

use huiyin::desk::keymap::Keymap;
use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::screens::overlay::Overlay;

use crate::harness::{Desk, Home, Seat, Server};

/// All that an input method or a bare keyboard may send into a text: every printable character of ASCII, their
/// full-width twins, Chinese and its marks. A composition under way sends nothing at all.
fn burst() -> String {
    let ascii: String = (' '..='~').collect();
    let wide: String = ('！'..='～').collect();
    format!("{ascii}{wide}　、。《》【】￥昨晚工地施工")
}

/// Types the burst and fails if anything but the text has changed.
fn types_only(desk: &mut Desk, at: &str) {
    let front = |desk: &Desk| {
        let model = desk.model();
        (model.screen, model.overlay.as_ref().map(discriminant), model.intake.count(), model.behind.clone())
    };
    let before = front(desk);
    // A few at a time, for no field takes them all.
    for some in burst().chars().collect::<Vec<_>>().chunks(8) {
        desk.keys("ctrl-a backspace").type_text(&String::from_iter(some));
    }
    assert_eq!(front(desk), before, "{at}");
}

#[test]
fn what_is_typed_never_acts() {
    let server = Server::start();
    let case = server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let mut desk = Seat { size: (120, 36), ..Seat::default() }.signed_in(&server, "lead");
    desk.keys("f2");
    desk.field(FieldId::Outcome).keys("right");
    for field in FieldId::ALL {
        if desk.model().intake.current().form.fields().any(|shown| shown == *field) {
            desk.field(*field);
            types_only(&mut desk, field.code());
        }
    }
    desk.keys("f3");
    types_only(&mut desk, "search");
    desk.keys("ctrl-a backspace").type_text("路灯").keys("enter");
    assert_eq!(desk.model().open_case().unwrap().case.row.id, case.row.id);
    for (open, fields) in [("f7", 1), ("f6", 3), ("ctrl-p", 1), ("f1", 1)] {
        desk.keys(open);
        for field in 0..fields {
            types_only(&mut desk, &format!("{open} {field}"));
            desk.keys(if open == "f6" { "ctrl-a backspace tab" } else { "ctrl-a backspace" });
        }
        while desk.model().overlay.is_some() {
            desk.keys("esc");
        }
    }
}

#[test]
fn enter_never_files_from_a_text() {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let mut desk = Seat { size: (120, 36), ..Seat::default() }.signed_in(&server, "lead");
    desk.keys("f2").fill(FieldId::Text, "阳光小区楼下夜间施工，要求停止。").fill(FieldId::Lead, "csglj");
    for field in FieldId::ALL {
        if desk.model().intake.current().form.fields().any(|shown| shown == *field) {
            desk.field(*field).keys("enter");
            let draft = desk.model().intake.current();
            assert!(!draft.is_untouched() && !draft.sending && desk.model().overlay.is_none(), "{field:?}");
        }
    }
    desk.keys("f3").type_text("路灯").keys("enter");
    desk.keys("f7").type_text("已联系").keys("enter enter");
    assert!(matches!(&desk.model().overlay, Some(Overlay::Prompt(prompt)) if !prompt.sending));
    desk.keys("esc esc f6")
        .type_text("csglj")
        .keys("enter enter")
        .type_text("请办")
        .keys("enter enter enter");
    assert!(matches!(&desk.model().overlay, Some(Overlay::Dispatch(dialog)) if !dialog.sending));
    desk.keys("esc esc");
    assert_eq!(server.only_case().row.version, 1);
}

#[test]
fn full_width_characters_act_as_their_twins() {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let mut desk = Desk::open(&server, "agent2");
    desk.keys("f4").type_text("１").assert_shows(&["1 今日受理 1"]);
    desk.type_text("／").type_text("路灯").keys("enter");
    assert_eq!(desk.model().screen, Screen::Case);
    desk.type_text("ｎ").assert_shows(&["备注内容："]).keys("esc");
    desk.type_text("N").assert_shows(&["备注内容："]).keys("esc");
    desk.type_text("？").assert_shows(&["此处可用的按键"]).keys("esc");
    desk.type_text("：").assert_shows(&["汉字、拼音、首字母或英文"]).keys("esc");
    desk.type_text("ｑ").assert_shows(&["退出工作台？"]).type_text("ｎ").assert_hides("退出工作台？");
}

#[test]
fn an_action_is_found_by_characters_pinyin_initials_and_english() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    for typed in ["新草", "xincaogao", "xcg", "new dr", "nd"] {
        desk.keys("ctrl-p").type_text(typed).assert_shows(&["> 新草稿"]).keys("esc");
    }
    desk.keys("ctrl-p").type_text("paidan").assert_shows(&[
        "> 派单",
        "(先打开一件工单)",
        "现在不能：先打开一件工单",
    ]);
    desk.keys("esc ctrl-p").type_text("鳄鱼").assert_shows(&["没有匹配的项", "(Enter 执行)"]).keys("esc");
    desk.keys("ctrl-p").type_text("tjiao").assert_shows(&["> 提交", "Ctrl-S", "(还没有录入内容)"]);
    desk.keys("enter").assert_shows(&["> 提交", "[x] 还没有录入内容"]);
    desk.keys("esc ctrl-p").type_text("wdgd").keys("esc");
    desk.keys("ctrl-p").type_text("chaxun").keys("enter");
    assert_eq!(desk.model().screen, Screen::Search);
    desk.keys("ctrl-p").assert_shows(&["> 查询"]);
}

#[test]
fn the_menu_says_what_can_be_done_with_the_thing_selected() {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let mut desk = Desk::open(&server, "agent2");
    desk.fill(FieldId::Detail, "望湖路").keys("f10").assert_shows(&[
        "─ 详细地址 ─",
        "> 撤销",
        "Ctrl-Z",
        "提交",
    ]);
    desk.keys("enter").assert_hides("望湖路");
    desk.keys("f4").keys("alt-m").assert_shows(&["> 打开", "打开选中的工单"]).keys("enter");
    assert_eq!(desk.model().screen, Screen::Case);
    desk.keys("f10").assert_shows(&["> 派单", "F6", "(工单还没有结束)"]);
}

#[test]
fn the_help_tells_keys_reasons_and_what_is_looked_for() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f1").assert_shows(&["Ctrl-S F9", "检查并提交正在录入的工单", "现在不能：还没有录入内容"]);
    desk.type_text("tuichu").assert_shows(&["Ctrl-Q q", "问一次后退出"]).assert_hides("Ctrl-S F9").keys("f1");
    desk.assert_hides("Ctrl-Q q");
    desk.keys("ctrl-q f1")
        .assert_shows(&["对话框", "对提问答“是”"])
        .keys("esc")
        .assert_shows(&["退出工作台？"]);
}

#[test]
fn keys_of_ones_own_hold_everywhere_and_are_shown() {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.toml");
    let own = "[desk]\nnote = [\"f11\", \"j\"]\n[dialog]\nsend = [\"f12\"]\n[text]\nundo = [\"alt-y\"]\n";
    fs::write(&file, own).unwrap();
    let keys = Arc::new(Keymap::load(&file).unwrap());
    let mut desk = Seat { keys, ..Seat::default() }.signed_in(&server, "agent2");
    desk.keys("f3").type_text("路灯").keys("ctrl-z").assert_shows(&["查询   路灯"]);
    desk.keys("alt-y").assert_hides("查询   路灯").type_text("路灯").keys("enter").assert_shows(&["j 备注"]);
    desk.keys("f7").assert_hides("备注内容：").keys("f11").assert_shows(&["备注内容：", "F12 提交"]);
    desk.type_text("已联系").keys("ctrl-s").assert_shows(&["备注内容："]);
    desk.keys("f12").assert_shows(&["操作已完成"]);
}

/// Keys as a file with this in it says.
fn own(text: &str) -> Arc<Keymap> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.toml");
    fs::write(&file, text).unwrap();
    Arc::new(Keymap::load(&file).unwrap())
}

#[test]
fn what_picks_has_keys_of_ones_own() {
    let server = Server::start();
    let keys = own("[form]\ntake = [\"f11\"]\nlist_all = [\"alt-s\"]\ngo_on = [\"enter\", \"alt-g\"]\n");
    let mut desk = Seat { keys, size: (120, 36), ..Seat::default() }.signed_in(&server, "agent");
    desk.fill(FieldId::Lead, "csglj").assert_shows(&["> 市城市管理局"]).keys("f11");
    let lead = |desk: &Desk| desk.model().intake.current().form.lead.chosen().is_some();
    assert!(lead(&desk) && desk.model().intake.current().form.focus == FieldId::Lead);
    // Enter takes nothing any more, but goes on, and sends nothing.
    desk.keys("backspace").type_text("csglj").keys("enter");
    assert!(!lead(&desk) && desk.model().intake.current().form.focus != FieldId::Lead);
    desk.field(FieldId::Lead).keys("ctrl-u alt-s f11");
    assert!(lead(&desk));
    desk.field(FieldId::Text)
        .type_text("路灯不亮")
        .keys("f7")
        .assert_shows(&["汉字、全拼、首字母或编码", "F11 采用"]);
    desk.keys("f11").assert_hides("汉字、全拼、首字母或编码");
    desk.field(FieldId::Number).keys("alt-g");
    assert_eq!(desk.model().intake.current().form.focus, FieldId::Name);
    assert!(!desk.model().intake.current().sending);
}

#[test]
fn choosing_a_theme_has_keys_of_ones_own() {
    let server = Server::start();
    let keys = own(
        "[dialog]\naccept = [\"f11\"]\ncancel = [\"f12\"]\nnext_borders = [\"b\"]\n[text]\ndown = [\"down\", \"alt-y\"]\n",
    );
    let mut desk = Seat { keys, ..Seat::default() }.signed_in(&server, "agent");
    let theme = |desk: &Desk| desk.model().look.theme().name().to_owned();
    let before = theme(&desk);
    desk.keys("alt-t").assert_shows(&["F11 用它", "b 换边框", "F12 还原"]).keys("alt-y enter esc right");
    let tried = theme(&desk);
    assert!(tried != before && desk.model().overlay.is_some());
    let borders = desk.model().look.borders();
    desk.type_text("ｂ");
    assert_ne!(desk.model().look.borders(), borders);
    desk.keys("f12");
    assert_eq!((theme(&desk), desk.model().look.borders()), (before, borders));
    desk.keys("alt-t alt-y f11");
    assert!(theme(&desk) == tried && desk.model().overlay.is_none());
}

#[test]
fn signing_in_goes_by_keys_of_ones_own() {
    let server = Server::start();
    let keys = own("[form]\ngo_on = [\"f11\"]\nnext_field = [\"alt-n\"]\n");
    let mut desk = Seat { keys, ..Seat::default() }.open(&server);
    desk.type_text("agent").keys("tab enter alt-n").type_text(crate::harness::PASSWORD).keys("enter");
    assert_eq!(desk.model().screen, Screen::SignIn);
    desk.keys("f11").until_shows("agent 受理员");
}

#[test]
fn a_file_that_is_wrong_is_told_with_its_lines() {
    let home = Home::empty();
    let folder = home.path().join("config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("keys.toml"), "[desk]\nsubmit = [\"s\"]\nnote = [\"f2\"]\n").unwrap();
    let output = home.run(&["keys"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for line in
        ["keys.toml:2: desk.submit: s 是文字", "keys.toml:3: desk.note: F2 已经是 desk.go_intake 的键"]
    {
        assert!(said.contains(line), "no `{line}` in {said}");
    }
    fs::write(folder.join("keys.toml"), "[desk]\nsubmit = [\"f9\"]\n").unwrap();
    let keys: serde_json::Value = serde_json::from_str(&home.done(&["keys", "--json"])).unwrap();
    let submit = keys.as_array().unwrap().iter().find(|row| row["name"] == "submit").unwrap();
    assert_eq!(
        (&submit["keys"], &submit["default_keys"]),
        (&serde_json::json!(["F9"]), &serde_json::json!(["Ctrl-S", "F9"]))
    );
}
