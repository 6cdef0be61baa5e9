//! What terminals do to programs, and what holds against it.
//!
//! | the trap | the test |
//! |---|---|
//! | a popup over Chinese loses its border (T1) | `desk::widgets::odd_columns::every_widget_stands_whole_in_a_popup_on_a_wall_of_wide_characters` |
//! | `NO_COLOR` takes the selection away (T2) | [`without_colours_the_selection_is_seen`] |
//! | lines break where Chinese does not (T3) | `desk::text::tests::rows_break_as_chinese_print_does` |
//! | what does not fit is cut in silence (T4) | every picture: `gallery::cuts`; `desk::widgets::cut::tests::the_mark_stands_where_the_last_piece_is_cut`, `desk::text::tests::truncation_never_splits_a_wide_character`, `guard::what_only_one_file_may_do_is_done_there` |
//! | the input method follows the real cursor (T5) | every frame of every story: `harness::desk`, `harness::screen` |
//! | two databases in one program (T6), OpenSSL for one of them (T9) | [`one_database_and_no_openssl`] |
//! | two-character words are not found (T7) | `store::conformance::searching::every_part_of_every_text_is_found_and_nothing_else`, `stories::search::a_two_character_word_is_found_marked_previewed_and_opened` |
//! | ambiguous characters are two columns wide (T8) | `stories::wide::every_screen_stands_aligned`, `stories::wide::the_caret_counts_them_as_two_columns` |
//! | a text that is missing is told by its key (T10) | `i18n::guard::every_key_that_is_used_exists_in_both_languages`, `i18n::guard::every_key_is_used` |
//! | a panic leaves modes behind (T11) | [`a_panic_gives_the_terminal_back`] |
//! | a frame by a timer (5.1) | `stories::calls::nothing_wakes_the_desk_without_a_call_nor_two_hours_after_the_last_touch`, `desk::run::tests::all_that_is_ready_is_handled_and_drawn_once` |
//! | every row of a long list is built (5.2) | `desk::widgets::list::tests::only_rows_in_sight_are_built` |
//! | a default feature is lost (5.2) | [`the_layout_is_cached`] |
//! | many writes a frame (5.3), a cursor move for every Chinese character (5.4) | `desk::backend::tests::a_frame_is_one_write_and_chinese_needs_no_cursor_moves` |
//! | a long paste stalls (5.6) | `terminal::a_long_paste_arrives_whole`, `desk::input::tests::a_long_paste_in_many_reads_is_one` |
//! | a paste's end is lost (5.6) | `desk::input::tests::a_paste_whose_end_never_comes_is_given_back` |
//! | the network tears a key apart (5.6) | `desk::input::tests::an_arrow_key_torn_apart_never_becomes_letters`, [`keys_torn_into_bytes_are_the_same_keys`] |
//! | the terminal goes away (5.6) | `terminal::a_terminal_that_goes_away_ends_it_and_loses_nothing` |
//! | answers of the terminal are typed into the text | `desk::input::sequence::tests::answers_and_noise_are_skipped_whole`, `desk::probe::tests::answers_are_read_whatever_comes_before_them` |
//! | a multiplexer stands between | `terminal::multiplexers_show_the_same_screens` |
//! | the shell wants the terminal for a while | [`the_shell_has_the_terminal_for_a_while`] |
//! | the window changes its size without end | [`a_storm_of_sizes_loses_no_character`] |
//! | the window is too small | `stories::safety::a_window_that_is_too_small_takes_what_is_typed_and_no_command` |
//! | the locale or the terminal speaks another encoding | [`another_encoding_is_told_and_never_guessed`] |
//! | no colours, few of them, no round corners | [`without_colours_the_selection_is_seen`], [`a_console_gets_plain_borders_and_sixteen_colours`], `gallery::told_apart::what_a_colour_says_is_said_without_it` |
//! | the terminal cannot move its cursor | `linear::a_dumb_terminal_gets_it_by_itself_and_shows_no_password` |
//!
//! The numbers are those of the notes that taught them. [`every_trap_has_a_test`] looks whether the tests are there.

use std::path::Path;

use huiyin::desk::mailbox::Mailbox;
use huiyin::desk::terminal::{Guard, Options};
use huiyin::theme::Depth;
use vt100::{Color, MouseProtocolMode};

use crate::harness::{Desk, Home, Pty, Server};
use crate::terminal::{TO_THE_TEXT, filed_text};

/// The tests that the table above names.
fn named() -> Vec<&'static str> {
    let table = include_str!("traps.rs").lines().take_while(|line| line.starts_with("//!"));
    let cells = table.filter_map(|line| line.strip_prefix("//! | ")?.split(" | ").nth(1));
    let quoted = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    quoted.filter(|name| *name != "NO_COLOR").collect()
}

#[test]
fn every_trap_has_a_test() {
    let top_level = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing: Vec<_> = named()
        .into_iter()
        .filter(|name| {
            let (room, tested) = name.rsplit_once("::").unwrap_or(("traps", name));
            let room = room.trim_end_matches("::tests").replace("::", "/");
            let places = ["src", "tests/it"].iter().flat_map(|top| {
                [format!("{room}.rs"), format!("{room}/mod.rs")].map(|file| top_level.join(top).join(file))
            });
            let mut found = places.filter_map(|file| std::fs::read_to_string(file).ok());
            // A name may also be that of a module, which looks at every frame.
            let module = ["src", "tests/it"]
                .iter()
                .any(|top| top_level.join(top).join(name.replace("::", "/")).with_extension("rs").is_file());
            !module && !found.any(|source| source.contains(&format!("fn {tested}(")))
        })
        .collect();
    assert!(named().len() > 25 && missing.is_empty(), "there is no {missing:?}");
}

#[test]
fn one_database_and_no_openssl() {
    let lock = include_str!("../../Cargo.lock");
    for name in ["sqlx-sqlite", "openssl-sys", "openssl-src", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{name}\"")), "{name} has come in");
    }
    assert_eq!(lock.matches("name = \"libsqlite3-sys\"").count(), 1);
}

#[test]
fn the_layout_is_cached() {
    let manifest = include_str!("../../Cargo.toml");
    let ratatui = manifest.lines().find(|line| line.starts_with("ratatui =")).unwrap();
    assert!(
        !ratatui.contains("default-features = false") || ratatui.contains("\"layout-cache\""),
        "{ratatui}"
    );
}

/// Every cell of the screen with something in it.
fn cells(desk: &Pty) -> Vec<vt100::Cell> {
    desk.look(|screen| {
        let (rows, columns) = screen.size();
        let all = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (y, x)));
        all.filter_map(|(y, x)| screen.cell(y, x).cloned()).collect()
    })
}

#[test]
fn without_colours_the_selection_is_seen() {
    let home = Home::with_boss();
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "vt220")] {
        let mut desk = home.desk_with(name, value);
        desk.until_shows("云汀市").type_text("\x10").until_shows("命令");
        let cells = cells(&desk);
        let colourless = |cell: &vt100::Cell| [cell.fgcolor(), cell.bgcolor()] == [Color::Default; 2];
        assert!(cells.iter().all(colourless), "{name}={value} has colours");
        assert!(cells.iter().any(vt100::Cell::inverse), "{name}={value} shows no selection");
        desk.type_text("\x1b").until_gone("命令").quit();
    }
}

#[test]
fn a_console_gets_plain_borders_and_sixteen_colours() {
    let home = Home::with_boss();
    let mut desk = home.desk_with("TERM", "linux");
    desk.until_shows("云汀市").type_text("\x10").until_shows("┌").until_shows("└");
    let few = |colour| matches!(colour, Color::Default | Color::Idx(0..=15));
    assert!(cells(&desk).iter().all(|cell| few(cell.fgcolor()) && few(cell.bgcolor())));
    desk.type_text("\x1b").until_gone("┌").quit();
}

/// Takes the terminal it is started on, and panics at the first key.
#[test]
#[ignore = "started by another test, in a terminal"]
fn panicker() {
    if std::env::var_os("HUIYIN_TEST_PANIC").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let options = Options { mouse: true, title: "回音".to_owned(), depth: Depth::True };
    let (_guard, _painter, mut ear) =
        Guard::open(&options, &Mailbox::<()>::default(), runtime.handle()).unwrap();
    assert!(ear.hear(None).is_empty(), "张三 13900005678");
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap().display().to_string();
    let words = [&program, "--exact", "traps::panicker", "--ignored", "--nocapture"].map(ToString::to_string);
    let mut desk = Pty::of(&words, &[("HUIYIN_TEST_PANIC", "1".to_owned())], folder.path());
    desk.until("every mode set", |screen| {
        screen.alternate_screen()
            && screen.bracketed_paste()
            && screen.mouse_protocol_mode() != MouseProtocolMode::None
    });
    desk.type_text("x").ended();
    let left = desk.rows().join("\n");
    // What was typed may stand in the message, so that is not told.
    assert!(
        left.contains("huiyin: panicked at tests/it/traps.rs") && !left.contains("13900005678"),
        "{left}"
    );
}

#[test]
fn the_shell_has_the_terminal_for_a_while() {
    let home = Home::with_boss();
    let mut environment = home.environment();
    environment.extend([("PS1", "$ ".to_owned()), ("PATH", std::env::var("PATH").unwrap())]);
    let mut shell = Pty::of(&["/bin/sh".to_owned(), "-i".to_owned()], &environment, home.path());
    let command = format!("{} --home {}", env!("CARGO_BIN_EXE_huiyin"), home.path().display());
    shell.until_shows("$ ").type_text(&format!("{command}\r")).until_shows("云汀市");
    shell.type_text(TO_THE_TEXT).type_text("望湖路路灯不亮").until_shows("已保存").type_text("\x1bz");
    shell.until("the terminal given back", |screen| {
        !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
    });
    shell.until("the prompt", |screen| screen.contents().trim_end().ends_with("\n$"));
    shell.type_text("echo $((40 + 2))\r").until_shows("42");
    shell.enlarge(120, 36).resize(120, 36).type_text("fg\r").until_shows("望湖路路灯不亮");
    shell.until("a frame of the new size", |screen| {
        screen.alternate_screen() && screen.rows(0, 120).nth(35).is_some_and(|row| row.contains("F1 帮助"))
    });
    shell.type_text("，请维修").until_shows("望湖路路灯不亮，请维修");
    shell.type_text("\x11").until_shows("退出工作台？").type_text("\r");
    shell.until("the prompt", |screen| screen.contents().trim_end().ends_with("\n$"));
    shell.type_text("exit\r").ended();
}

#[test]
fn a_storm_of_sizes_loses_no_character() {
    let home = Home::with_boss();
    let mut desk = home.desk(&[]);
    // What comes in a window too small is typed, not a step to another field.
    desk.until_shows("云汀市").type_text(TO_THE_TEXT).until_shows(">诉求内容").enlarge(300, 100);
    let text: String = (0..200).filter_map(|n| char::from_u32(0x4e00 + n)).collect();
    for (n, c) in (0_u16..).zip(text.chars()) {
        desk.resize(1 + n * 37 % 300, 1 + n * 23 % 100).type_text(&c.to_string());
    }
    desk.resize(60, 20).until_shows("80").enlarge(120, 36).resize(120, 36).until_shows("已保存");
    desk.until("the last frame", |screen| {
        screen.rows(0, 120).nth(35).is_some_and(|row| row.contains("F1 帮助"))
    });
    assert_eq!(filed_text(&home, &mut desk), text);
    desk.quit();
}

#[test]
fn another_encoding_is_told_and_never_guessed() {
    let home = Home::with_boss();
    let mut desk = home.desk_with("LANG", "zh_CN.GBK");
    desk.until_shows("语言环境的编码是 GBK").until_shows("云汀市").type_text(TO_THE_TEXT);
    desk.type_text("路")
        .type_bytes(b"\xb5\xc6")
        .until_shows("没有收到")
        .type_text("灯不亮")
        .until_shows("路灯不亮");
    desk.quit();
    let mut desk = home.desk_with("LANG", "C");
    desk.until_shows("路灯不亮").type_text("，请维修").until_shows("，请维修").quit();
}

#[test]
fn keys_torn_into_bytes_are_the_same_keys() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "lead");
    desk.pour("\x1bOR桃花\x1b[D\x1b[D坞\x1b[1;5F路\x1b[200~灯\x1b[201~\x1b[15~".as_bytes(), 1);
    assert_eq!(desk.model().search.query.text(), "坞桃花路灯");
}
