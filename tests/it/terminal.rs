//! The real program in a pseudo-terminal: what only a terminal can show.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open};

use crate::harness::{Home, PATIENCE, PROGRAM_PASSWORD, Pty};

/// From the first field of the intake form to the text.
pub(crate) const TO_THE_TEXT: &str = "\t\t\t\t\t\t\t\t\t\t\t\t";
const CTRL_S: &str = "\x13";

#[test]
fn one_command_on_an_empty_home_and_again() {
    let home = Home::empty();
    let mut desk = home.desk_of_nobody();
    desk.until_shows("首次启动：设立第一个账号").type_text("林远\t").type_text(PROGRAM_PASSWORD);
    desk.type_text("\t")
        .type_text(PROGRAM_PASSWORD)
        .type_text("\r")
        .until_shows("已连接")
        .until_shows("云汀市");
    desk.type_text(TO_THE_TEXT).type_text("望湖路路灯三天不亮，请尽快维修").until_shows("已保存");
    desk.function_key(8)
        .function_key(8)
        .until_shows("< 待派单 >")
        .type_text(CTRL_S)
        .until_shows("工单已受理");
    desk.type_text("\r").until_gone("工单已受理").quit();

    let mut desk = home.desk_of_nobody();
    desk.until_shows("请输入账号和密码").type_text("林远\t").type_text(PROGRAM_PASSWORD).type_text("\r");
    desk.until_shows("云汀市").function_key(3).type_text("路灯").until_shows("共 1 件");
    desk.until_shows("望湖路路灯三天不亮").quit();
}

/// A table to import and a text of one of its rows: real messages where they are, invented ones elsewhere.
fn messages(home: &Home) -> (PathBuf, String) {
    if let Some(folder) = std::env::var_os("HUIYIN_TEST_DATA") {
        let folder = PathBuf::from(folder);
        let mut rows = csv::Reader::from_path(folder.join("messages.csv")).unwrap();
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let texts = rows.records().map(|row| plain(&row.unwrap()[3]));
        let text =
            texts.filter(|text| text.chars().all(|c| c > '\u{2e7f}')).find(|text| text.chars().count() > 40);
        return (folder.join("messages.xlsx"), text.unwrap().chars().take(60).collect());
    }
    let file = home.path().join("messages.csv");
    let mut table = "留言主题,留言时间,留言详情\n".to_owned();
    let roads = ["望湖路", "桃花坞路", "文庙街", "五里亭路"];
    for (n, road) in roads.iter().cycle().take(40).enumerate() {
        let _ = writeln!(
            table,
            "{road}工地夜间施工,2026-10-{:02} 22:10:00,{road}{n}号工地每天施工到凌晨，噪声扰民，请处理",
            n % 28 + 1
        );
    }
    fs::write(&file, table).unwrap();
    (file, "望湖路工地每天施工到凌晨，噪声扰民，请处理".to_owned())
}

#[test]
fn a_case_is_typed_beside_its_like_filed_found_dispatched_and_seen_elsewhere() {
    let home = Home::with_boss();
    let (file, text) = messages(&home);
    home.done(&["import", file.to_str().unwrap(), "--json"]);
    let mut desk = home.desk(&[]);
    desk.until_shows("云汀市").type_text(TO_THE_TEXT).type_text(&text);
    desk.type_text("唢呐扰民").until_shows("相似 ").function_key(6).until_shows("内容相近").type_text("\x1b");
    desk.function_key(8)
        .function_key(8)
        .until_shows("< 待派单 >")
        .type_text(CTRL_S)
        .until_shows("工单已受理");
    desk.type_text("\r").function_key(3).type_text("唢呐").until_shows("共 1 件").until_shows("待派单");

    let elsewhere = Home::empty();
    let address = home.server_address();
    let mut other = elsewhere.desk(&["--server", &address]);
    other
        .until_shows("已连接")
        .function_key(3)
        .type_text("唢呐")
        .until_shows("共 1 件")
        .until_shows("待派单");

    desk.type_text("\r").until_shows("d 派单  n 备注").function_key(6).until_shows("派出后办理时限");
    desk.type_text("csglj")
        .until_shows("市城市管理局")
        .type_text("\t")
        .type_text(CTRL_S)
        .until_shows("待签收");
    other.until_shows("待签收");
    other.quit();
    desk.quit();
}

#[test]
fn why_a_server_cannot_start_is_told_in_plain_text() {
    let home = Home::with_boss();
    fs::write(home.path().join("data").join("huiyin.db"), "this is no database ".repeat(500)).unwrap();
    let mut desk = home.desk(&[]);
    desk.until_shows("huiyin: ").ended();
}

#[test]
fn a_signal_ends_it_with_the_terminal_restored_and_the_draft_safe() {
    let home = Home::with_boss();
    for (signal, text) in [(Signal::TERM, "路灯不亮"), (Signal::HUP, "水管漏水"), (Signal::INT, "电梯停运")]
    {
        let mut desk = home.desk(&[]);
        desk.until_shows("已连接")
            .until_shows("云汀市")
            .type_text("\x0e")
            .type_text(TO_THE_TEXT)
            .type_text(text);
        desk.until_shows(text).signal(signal);
        desk.ended();
    }
    let mut desk = home.desk(&[]);
    desk.until_shows("恢复了 3 份草稿").quit();
}

#[test]
fn what_is_copied_reaches_the_clipboard_of_the_terminal() {
    let home = Home::with_boss();
    let mut desk = home.desk(&[]);
    desk.until_shows("云汀市").type_text(TO_THE_TEXT).type_text("路灯不亮").type_text("\x01\x03");
    desk.until_shows("已复制 4 字").until_copied("6Lev54Gv5LiN5Lqu").quit();
}

#[test]
fn the_mouse_is_asked_for_unless_it_is_switched_off() {
    let home = Home::with_boss();
    home.desk(&[]).until_shows("云汀市").until_mouse(true).quit();
    let folder = home.path().join("config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "mouse = false\n").unwrap();
    let mut desk = home.desk(&[]);
    desk.until_shows("云汀市").until_mouse(false);
    desk.type_text("\x1bx").until_shows("鼠标已启用").until_mouse(true);
    desk.type_text("\x1bx").until_shows("鼠标已停用").until_mouse(false).quit();
}

#[test]
fn a_long_paste_arrives_whole() {
    let home = Home::with_boss();
    let mut desk = home.desk(&[]);
    desk.until_shows("云汀市").type_text(TO_THE_TEXT);
    let text: String =
        (0..3000).map(|n| if n % 50 == 49 { '\n' } else { char::from_u32(0x4e00 + n).unwrap() }).collect();
    desk.paste(&text).until_shows("已保存");
    assert_eq!(filed_text(&home, &mut desk), text.trim());
    desk.quit();
}

/// Files the case being typed, the only one there is, and gives its text as the server has it.
pub(crate) fn filed_text(home: &Home, desk: &mut Pty) -> String {
    desk.function_key(8)
        .function_key(8)
        .until_shows("< 待派单 >")
        .type_text(CTRL_S)
        .until_shows("工单已受理");
    desk.type_text("\r").until_gone("工单已受理");
    let hit: serde_json::Value =
        serde_json::from_str(home.done(&["search", "", "--json", "--limit", "1"]).trim()).unwrap();
    let shown = home.done(&["case", "show", hit["number"].as_str().unwrap(), "--json"]);
    let case: serde_json::Value = serde_json::from_str(&shown).unwrap();
    case["case"]["text"].as_str().unwrap().to_owned()
}

/// The terminal of [`a_terminal_that_goes_away_ends_it_and_loses_nothing`], in a process that can be killed.
#[test]
#[ignore = "started by another test, to be killed"]
fn holder() {
    let Some(home) = std::env::var_os("HUIYIN_TEST_HOLD") else { return };
    let mut desk = Home::at(&PathBuf::from(home)).desk(&[]);
    desk.until_shows("已连接")
        .until_shows("云汀市")
        .type_text(TO_THE_TEXT)
        .type_text("窗口被关掉")
        .until_shows("窗口被关掉");
    eprintln!("holding {}", desk.pid().as_raw_nonzero());
    desk.until_shows("什么也不会来");
}

#[test]
fn a_terminal_that_goes_away_ends_it_and_loses_nothing() {
    let home = Home::with_boss();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "terminal::holder", "--ignored", "--nocapture"])
        .env("HUIYIN_TEST_HOLD", home.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = std::io::BufRead::lines(std::io::BufReader::new(holder.stderr.take().unwrap()));
    let pid =
        said.map_while(Result::ok).find_map(|line| line.strip_prefix("holding ")?.parse().ok()).unwrap();
    let desk = pidfd_open(Pid::from_raw(pid).unwrap(), PidfdFlags::empty()).unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    let mut gone = [PollFd::new(&desk, PollFlags::IN)];
    poll(&mut gone, Some(&PATIENCE.try_into().unwrap())).unwrap();
    assert!(gone[0].revents().contains(PollFlags::IN), "the desk goes on without a terminal");
    let mut desk = home.desk(&[]);
    desk.until_shows("恢复了 1 份草稿").until_shows("窗口被关掉").quit();
}

/// Digits blotted out: numbers and times differ from one start to the next.
fn blotted(rows: &[String]) -> String {
    rows.join("\n").replace(|c: char| c.is_ascii_digit(), "#")
}

/// Types into the form, finds a case, looks at the help and what it covered. Each screen is waited for as it was
/// `seen` by another desk, or where nobody saw it, for all of its words at once (the last of them in its last row); then
/// it is kept.
fn walk(desk: &mut Pty, seen: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut keep = |desk: &mut Pty, words: &[&str]| {
        let shows = |rows: &[String], words: &str| rows.iter().any(|row| row.contains(words));
        desk.until_rows(|rows| words.iter().all(|words| shows(rows, words)), &words.join(", "));
        if let Some(seen) = seen.get(kept.len()) {
            desk.until_rows(|rows| blotted(rows) == *seen, seen);
        }
        kept.push(blotted(&desk.rows()));
    };
    desk.until_shows("已连接").until_shows("云汀市").type_text(TO_THE_TEXT);
    desk.type_text("望湖路路灯三天不亮，夜间行走危险，要求尽快维修。");
    keep(desk, &["已保存", "没有相似工单", "Alt-J 城市公共设施", "路灯不亮、井盖", "F1 帮助"]);
    desk.function_key(3).type_text("桃花坞");
    keep(desk, &["共 1 件", "诉求内容", "F1 帮助"]);
    desk.function_key(1);
    keep(desk, &["各处", "Esc 关闭"]);
    // What lies under the help comes back whole.
    desk.type_text("\x1b").until_gone("各处");
    keep(desk, &["共 1 件", "F1 帮助"]);
    desk.quit();
    kept
}

#[test]
fn multiplexers_show_the_same_screens() {
    let home = || {
        let home = Home::with_boss();
        home.done(&["case", "new", "--text", "桃花坞路垃圾无人清运，要求清运"]);
        home
    };
    let expected = walk(&mut home().desk(&[]), &[]);
    for multiplexer in ["tmux", "screen"] {
        let home = home();
        match home.desk_under(multiplexer) {
            Some(mut desk) => assert_eq!(walk(&mut desk, &expected), expected, "{multiplexer}"),
            None => println!("skipped: {multiplexer} is not installed"),
        }
    }
}
