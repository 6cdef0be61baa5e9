//! The real desk breaks with somebody's draft in hand: what is left on the terminal and in the log, and how a draft on
//! which it breaks at every start does not keep the person from working.

use std::fs;

use huiyin::clock::Clock;
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::journal::outbox::{Item, Standing};
use huiyin::wire::case::NewCase;

use crate::harness::{Home, PROGRAM_PASSWORD, Pty};
use crate::served::new_case;
use crate::terminal::TO_THE_TEXT;

const TEXT: &str = "望湖路张三家门口路灯不亮";
/// Where the program has words on which a build for tests breaks: the text goes into the panic's message as well.
const BREAK_ON: &str = "HUIYIN_BREAK_ON";

fn with_a_draft() -> Home {
    let home = Home::with_boss();
    let mut desk = home.desk(&[]);
    desk.until_shows("云汀市").type_text(TO_THE_TEXT).type_text(TEXT).until_shows("已保存").quit();
    home
}

/// Starts the desk, which breaks on the draft, and looks at what it leaves.
fn breaks(home: &Home) {
    let mut desk = home.desk_with(BREAK_ON, "张三");
    assert_ne!(desk.ended(), 0);
    let left = desk.rows().join("\n");
    assert!(left.contains("huiyin: panicked at src/desk/in_hand.rs") && !left.contains("张三"), "{left}");
    let logs = fs::read_dir(home.path().join("state")).unwrap().map(|entry| entry.unwrap().path());
    let logs: Vec<_> = logs.filter_map(|log| fs::read_to_string(log).ok()).collect();
    assert!(logs.iter().any(|log| log.contains("broke on a draft")), "{logs:?}");
    assert!(!logs.iter().any(|log| log.contains("张三")));
}

/// The desk on which the draft stands aside, with the list of drafts in front.
fn aside(home: &Home) -> Pty {
    let mut desk = home.desk_with(BREAK_ON, "张三");
    desk.until_shows("有 1 份草稿使程序出错").type_text("\x1bd").until_shows("已停用");
    desk.until_shows("不再自动打开");
    desk
}

#[test]
fn f16_a_desk_that_breaks_leaves_the_terminal_and_nothing_of_the_caller_and_the_draft_is_there() {
    let home = with_a_draft();
    breaks(&home);
    let mut desk = home.desk(&[]);
    desk.until_shows(TEXT).quit();
}

#[test]
fn f36_a_draft_that_broke_the_desk_twice_is_kept_copied_tried_again_and_thrown_away_by_a_person() {
    let home = with_a_draft();
    breaks(&home);
    breaks(&home);
    // The person works on, and has what was typed to paste elsewhere.
    let mut desk = aside(&home);
    desk.type_text("\x03").until_shows("已复制").quit();
    // A person may try it, and it counts again.
    let mut desk = aside(&home);
    desk.type_text("\r");
    assert_ne!(desk.ended(), 0);
    // Where the program does not break on it any more, it is a draft as ever.
    let mut desk = home.desk_with("HUIYIN_LANGUAGE", "zh-CN");
    desk.until_shows("有 1 份草稿使程序出错").type_text("\x1bd").until_shows("已停用").type_text("\r");
    desk.until_shows(TEXT).type_text("，请维修").until_shows("已保存").quit();
    let mut desk = home.desk(&[]);
    desk.until_shows("路灯不亮，请维修").quit();
    // Typed on it begins anew, and then a person throws it away.
    breaks(&home);
    breaks(&home);
    let mut desk = aside(&home);
    desk.type_text("\x1b[3;3~").until_shows("丢弃").type_text("\r").until_gone("已停用").quit();
    let mut desk = home.desk_with(BREAK_ON, "张三");
    desk.until_shows("云汀市").quit();
}

/// The journal of the home, of which no desk runs.
fn journal(home: &Home) -> Journal {
    let journal = Journal::open(&home.path().join("state"), "embedded", &Clock::default(), |_| {}).unwrap();
    journal.unlock(&"boss".parse().unwrap(), &Secret::new(PROGRAM_PASSWORD.to_owned())).unwrap();
    journal
}

/// Has the draft been submitted, and refused by the server.
fn is_refused(home: &Home) {
    let journal = journal(home);
    let draft = journal.drafts().unwrap().records.pop().unwrap();
    let case: NewCase = serde_json::from_value(new_case(TEXT)).unwrap();
    let item = Item::filing(draft.id, &case, draft.body, &Clock::default()).unwrap();
    journal.put(journal.submit(item).unwrap().stand(Standing::Refused));
    journal.flush().unwrap();
}

#[test]
fn f36_a_refused_case_that_broke_the_desk_twice_is_kept_tried_again_and_thrown_away_by_a_person() {
    let home = with_a_draft();
    is_refused(&home);
    breaks(&home);
    breaks(&home);
    let listed = |home: &Home, name, value| {
        let mut desk = home.desk_with(name, value);
        desk.until_shows("有 1 份草稿使程序出错").type_text("\x1bd").until_shows("需修改");
        desk
    };
    // The person works on, and has what was typed to paste elsewhere.
    let mut desk = listed(&home, BREAK_ON, "张三");
    desk.type_text("\x03").until_shows("已复制").quit();
    // Where the program does not break on it any more, it is corrected as ever.
    let mut desk = listed(&home, "HUIYIN_LANGUAGE", "zh-CN");
    desk.type_text("\r").until_shows(TEXT).quit();
    let mut desk = listed(&home, BREAK_ON, "张三");
    desk.type_text("\x1b[3;3~").until_shows("丢弃").type_text("\r").until_gone("需修改").quit();
    assert_eq!(journal(&home).outbox().unwrap().items, []);
    let mut desk = home.desk_with(BREAK_ON, "张三");
    desk.until_shows("云汀市").quit();
}
