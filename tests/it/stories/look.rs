//! How the desk looks: themes tried on and kept, borders, and what stands there when there are no colours.

use std::fs;

use huiyin::desk::KeptLook;
use huiyin::desk::screens::intake::FieldId;
use huiyin::theme::{Depth, Role, Theme};
use ratatui::style::Color;

use crate::harness::{Desk, Seat, Server};

/// What is behind the form.
fn ground(desk: &Desk) -> Color {
    desk.cell(0, 5).bg
}

fn ground_of(theme: &str) -> Color {
    Theme::built_in(theme, Depth::True).unwrap().style(Role::Text).bg.unwrap()
}

#[test]
fn a_theme_is_put_on_as_the_mark_moves_and_taken_back_by_esc() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    assert_eq!(ground(&desk), ground_of("dark"));
    desk.keys("alt-t").assert_shows(&["> 深色", "浅色", "色觉友好", "< 圆角 >", "待派单 办理中"]);
    desk.keys("down");
    assert_eq!(ground(&desk), ground_of("light"));
    desk.keys("right right").assert_shows(&["< ASCII >", "+- 换配色"]);
    desk.keys("esc").assert_shows(&["姓名"]).assert_hides("换配色");
    assert_eq!(ground(&desk), ground_of("dark"));
}

#[test]
fn a_theme_that_is_kept_is_there_at_the_next_start_and_the_draft_stays() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let seat = || Seat { folder: Some(folder.path().to_owned()), ..Seat::default() };
    let mut desk = seat().signed_in(&server, "agent");
    desk.fill(FieldId::Text, "路灯不亮")
        .keys("alt-t down left enter")
        .assert_shows(&["路灯不亮", "来电历史"]);
    assert_eq!(ground(&desk), ground_of("light"));
    let kept = KeptLook::read(folder.path());
    let look = desk.model().look.kept();
    assert_eq!(kept, look);
    assert_eq!((look.theme(), look.borders().unwrap().code()), (Some("light"), "ascii"));
}

#[test]
fn a_theme_file_is_read_anew_each_time_and_its_faults_are_told_with_the_line() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut desk =
        Seat { folder: Some(folder.path().to_owned()), ..Seat::default() }.signed_in(&server, "agent");
    let file = folder.path().join("themes/own.toml");
    fs::create_dir(folder.path().join("themes")).unwrap();
    fs::write(&file, "inherits = \"dark\"\n[palette]\nnight = \"#012345\"").unwrap();
    desk.keys("alt-t").keys("end").assert_shows(&["> own", "（自己的）"]);
    assert_eq!(ground(&desk), Color::Rgb(1, 0x23, 0x45));
    fs::write(&file, "inherits = \"dark\"\n[roles]\ntextt = {}").unwrap();
    desk.keys("alt-t").assert_shows(&["own.toml 第 3 行", "没有角色“textt”"]);
    desk.keys("enter").assert_shows(&["没有角色“textt”"]);
    fs::write(&file, "inherits = \"light\"\n[palette]\nash = \"#cccccc\"").unwrap();
    desk.keys("alt-t").assert_shows(&["看不清"]);
    assert_eq!(ground(&desk), ground_of("light"));
    desk.keys("esc");
    assert_eq!(ground(&desk), ground_of("dark"));
}

#[test]
fn a_terminal_without_colours_has_one_theme_and_says_why() {
    let server = Server::start();
    let mut desk = Seat { depth: Depth::None, ..Seat::default() }.signed_in(&server, "agent");
    desk.keys("alt-t").assert_shows(&["> 无色", "NO_COLOR"]).assert_hides("浅色");
    desk.keys("left").assert_shows(&["< ASCII >"]).keys("enter");
    assert!(!desk.coloured());
    assert_eq!(desk.model().look.kept().theme(), None);
}
